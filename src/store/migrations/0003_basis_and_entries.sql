-- What the score of a scan was computed from, so that it can be computed again; what people say about indicators.

-- One row for each finished scan. `body` is JSON, compressed by zstd: the findings of one scan repeat each other's words.
CREATE TABLE basis (
    scan    INTEGER PRIMARY KEY REFERENCES scan (id),
    version INTEGER NOT NULL,
    body    BLOB NOT NULL
);

-- Never changed, never deleted: taking an entry back is an entry of its own.
CREATE TABLE entry (
    id     INTEGER PRIMARY KEY,
    site   TEXT NOT NULL,
    at     TEXT NOT NULL,
    author TEXT NOT NULL,
    note   TEXT NOT NULL,
    deed   TEXT NOT NULL
);

CREATE INDEX entry_by_site ON entry (site, id);
