-- Readings: looks at some pages between two scans. What they find lives on in the table `finding`.

CREATE TABLE reading (
    id       INTEGER PRIMARY KEY,
    site     TEXT NOT NULL,
    started  TEXT NOT NULL,
    ended    TEXT NOT NULL,
    coverage TEXT NOT NULL,
    opened   INTEGER NOT NULL,
    fixed    INTEGER NOT NULL
);

CREATE INDEX reading_by_site ON reading (site, id);

-- A turn may be brought about by a reading, too.
CREATE TABLE life_anew (
    id          INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL REFERENCES finding (fingerprint),
    at          TEXT NOT NULL,
    before      TEXT,
    after       TEXT NOT NULL,
    scan        INTEGER REFERENCES scan (id),
    reading     INTEGER REFERENCES reading (id),
    actor       TEXT,
    reason      TEXT NOT NULL,
    until       TEXT,
    CHECK (scan IS NULL OR reading IS NULL),
    CHECK ((scan IS NULL AND reading IS NULL) <> (actor IS NULL))
);

INSERT INTO life_anew (id, fingerprint, at, before, after, scan, actor, reason, until)
    SELECT id, fingerprint, at, before, after, scan, actor, reason, until FROM life;

DROP TABLE life;

ALTER TABLE life_anew RENAME TO life;

CREATE INDEX life_by_finding ON life (fingerprint, id);
