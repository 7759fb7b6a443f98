-- Scans, findings and the life of each finding.
--
-- But for the numbering of rows only what SQLite and PostgreSQL understand alike. Times are text, UTC with nine decimals, so that they sort as
-- text; structures that nobody filters by are JSON in a text column.

CREATE TABLE scan (
    id            INTEGER PRIMARY KEY,
    site          TEXT NOT NULL,
    home          TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('running', 'finished', 'abandoned')),
    started       TEXT NOT NULL,
    ended         TEXT,
    coverage      TEXT,
    score         TEXT,
    CHECK ((state = 'running') = (ended IS NULL)),
    CHECK (state <> 'finished' OR (coverage IS NOT NULL AND score IS NOT NULL))
);

CREATE INDEX scan_by_site ON scan (site, id);

-- A site is scanned by one scan at a time; a second one could not tell what the first has fixed.
CREATE UNIQUE INDEX scan_running ON scan (site) WHERE state = 'running';

CREATE TABLE finding (
    id          INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL UNIQUE,
    site        TEXT NOT NULL,
    page_key    TEXT NOT NULL,
    check_id    TEXT NOT NULL,
    severity    INTEGER NOT NULL,
    confidence  INTEGER NOT NULL,
    state       TEXT NOT NULL,
    since       TEXT NOT NULL,
    until       TEXT,
    first_seen  TEXT NOT NULL,
    last_seen   TEXT NOT NULL,
    body        TEXT NOT NULL,
    CHECK ((state = 'dismissed') = (until IS NOT NULL))
);

CREATE INDEX finding_by_site ON finding (site, state, severity);

-- One line for each turn in the life of a finding, by a scan or by a person. Never changed, never deleted.
CREATE TABLE life (
    id          INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL REFERENCES finding (fingerprint),
    at          TEXT NOT NULL,
    before      TEXT,
    after       TEXT NOT NULL,
    scan        INTEGER REFERENCES scan (id),
    actor       TEXT,
    reason      TEXT NOT NULL,
    until       TEXT,
    CHECK ((scan IS NULL) <> (actor IS NULL))
);

CREATE INDEX life_by_finding ON life (fingerprint, id);
