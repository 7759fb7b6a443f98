-- Re-checks: looks at the hosts of others that a site links to, without a crawl. What they see of them is kept in the
-- table `external_host`, what they find lives on in the table `finding`.

CREATE TABLE recheck (
    id      INTEGER PRIMARY KEY,
    site    TEXT NOT NULL,
    started TEXT NOT NULL,
    ended   TEXT NOT NULL,
    hosts   INTEGER NOT NULL,
    opened  INTEGER NOT NULL,
    fixed   INTEGER NOT NULL
);

-- A turn may be brought about by a re-check, too.
CREATE TABLE life_anew (
    id          INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL REFERENCES finding (fingerprint),
    at          TEXT NOT NULL,
    before      TEXT,
    after       TEXT NOT NULL,
    scan        INTEGER REFERENCES scan (id),
    reading     INTEGER REFERENCES reading (id),
    recheck     INTEGER REFERENCES recheck (id),
    actor       TEXT,
    reason      TEXT NOT NULL,
    until       TEXT,
    CHECK ((scan IS NOT NULL) + (reading IS NOT NULL) + (recheck IS NOT NULL) + (actor IS NOT NULL) = 1)
);

INSERT INTO life_anew (id, fingerprint, at, before, after, scan, reading, actor, reason, until)
    SELECT id, fingerprint, at, before, after, scan, reading, actor, reason, until FROM life;

DROP TABLE life;

ALTER TABLE life_anew RENAME TO life;

CREATE INDEX life_by_finding ON life (fingerprint, id);
CREATE INDEX life_by_reading ON life (reading) WHERE reading IS NOT NULL;
