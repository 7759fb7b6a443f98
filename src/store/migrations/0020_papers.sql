-- Documents that were made. `thing` tells those of one site, kind and period apart: the first interval of a fault, else
-- empty. `files` is JSON: path below the folder of reports, length, SHA-256.
CREATE TABLE paper (
    id       INTEGER PRIMARY KEY,
    site     TEXT NOT NULL,
    kind     TEXT NOT NULL,
    period   TEXT NOT NULL,
    thing    TEXT NOT NULL,
    incident INTEGER REFERENCES incident (id),
    made     TEXT NOT NULL,
    files    TEXT NOT NULL,
    UNIQUE (site, kind, period, thing)
);

CREATE INDEX paper_by_site ON paper (site, kind, id);

-- Documents that were handed in. Never deleted: what was entered wrong is withdrawn.
CREATE TABLE hand_in (
    id               INTEGER PRIMARY KEY,
    site             TEXT NOT NULL,
    kind             TEXT NOT NULL,
    period           TEXT NOT NULL,
    thing            TEXT NOT NULL,
    at               TEXT NOT NULL,
    by_whom          TEXT NOT NULL,
    to_whom          TEXT NOT NULL,
    sha256           TEXT,
    note             TEXT NOT NULL,
    entered          TEXT NOT NULL,
    entered_by       TEXT NOT NULL,
    withdrawn        TEXT,
    withdrawn_by     TEXT,
    withdrawn_reason TEXT,
    CHECK ((withdrawn IS NULL) = (withdrawn_by IS NULL)),
    CHECK ((withdrawn IS NULL) = (withdrawn_reason IS NULL))
);

CREATE INDEX hand_in_by_site ON hand_in (site, id);
