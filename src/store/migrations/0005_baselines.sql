-- What key pages look like: the last good portraits of each, and the one that waits for a person. `body` is JSON,
-- compressed by zstd. The first scan proposes; whoever approves is named, and what follows by itself inherits the name.

CREATE TABLE baseline (
    id          INTEGER PRIMARY KEY,
    site        TEXT NOT NULL,
    page        TEXT NOT NULL,
    address     TEXT NOT NULL,
    standing    TEXT NOT NULL,
    approved_by TEXT,
    approved_at TEXT,
    seen        TEXT NOT NULL,
    version     INTEGER NOT NULL,
    body        BLOB NOT NULL
);

CREATE INDEX baseline_by_page ON baseline (site, page, id);
