-- What was seen when: the first sighting of each article, the last one of each list. Pages and titles stand as 64-bit
-- hashes, dates as YYYY-MM-DD. Rows of `sighting` are never changed: a date that was forged stays forged.

CREATE TABLE sighting (
    site       TEXT NOT NULL,
    page       BIGINT NOT NULL,
    title      BIGINT NOT NULL,
    shown      TEXT,
    first_seen TEXT NOT NULL,
    absent     TEXT,
    PRIMARY KEY (site, page)
);

CREATE TABLE list_sighting (
    site  TEXT NOT NULL,
    page  BIGINT NOT NULL,
    seen  TEXT NOT NULL,
    reach TEXT NOT NULL,
    PRIMARY KEY (site, page)
);
