-- Incidents and what happened to them, silences, what the watchdogs remember, and when jobs ran.

-- What is wrong stands in `trouble` (JSON); the columns are what is asked for.
CREATE TABLE incident (
    id           INTEGER PRIMARY KEY,
    subject      TEXT NOT NULL,
    cause        TEXT NOT NULL,
    site         TEXT,
    severity     INTEGER NOT NULL,
    opened       TEXT NOT NULL,
    closed       TEXT,
    trouble      TEXT NOT NULL,
    acknowledged TEXT,
    told         TEXT NOT NULL
);

-- At most one is open of a subject.
CREATE UNIQUE INDEX incident_open ON incident (subject) WHERE closed IS NULL;
CREATE INDEX incident_by_site ON incident (site, opened);

-- Never changed, never deleted.
CREATE TABLE happening (
    id       INTEGER PRIMARY KEY,
    incident INTEGER NOT NULL REFERENCES incident (id),
    at       TEXT NOT NULL,
    what     TEXT NOT NULL,
    actor    TEXT NOT NULL,
    text     TEXT NOT NULL
);

CREATE INDEX happening_by_incident ON happening (incident, id);

CREATE TABLE silence (
    id      INTEGER PRIMARY KEY,
    site    TEXT,
    subject TEXT,
    began   TEXT NOT NULL,
    until   TEXT NOT NULL,
    author  TEXT NOT NULL,
    reason  TEXT NOT NULL
);

CREATE TABLE watchdog (
    target TEXT PRIMARY KEY,
    memory TEXT NOT NULL
);

CREATE TABLE job (
    site        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    known_since TEXT NOT NULL,
    last        TEXT,
    PRIMARY KEY (site, kind)
);
