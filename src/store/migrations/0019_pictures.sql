-- Pictures of findings: what stands where, and when it was taken. The pictures themselves are evidence, by their hash.
CREATE TABLE picture (
    finding TEXT NOT NULL,
    taken TEXT NOT NULL,
    site TEXT NOT NULL,
    image TEXT NOT NULL,
    original TEXT NOT NULL,
    sight TEXT NOT NULL,
    PRIMARY KEY (finding, taken)
);

CREATE INDEX picture_by_site ON picture (site, finding, taken);
