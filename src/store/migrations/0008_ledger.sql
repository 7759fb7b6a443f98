-- How the targets of sites stood, when the daemon lived, what people say about time and faults.

-- Rows of the next tables repeat them by the ten thousand, so they go by number there.
CREATE TABLE target (
    id   INTEGER PRIMARY KEY,
    site TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (site, name)
);

-- Half-open intervals of a state; `ended` is NULL while one lasts, `earliest` the last sign of the state before it.
CREATE TABLE ledger (
    id        INTEGER PRIMARY KEY,
    target    INTEGER NOT NULL REFERENCES target (id),
    cause     TEXT NOT NULL,
    state     TEXT NOT NULL,
    earliest  TEXT NOT NULL,
    began     TEXT NOT NULL,
    last_sign TEXT NOT NULL,
    ended     TEXT
);

CREATE UNIQUE INDEX ledger_open ON ledger (target, cause) WHERE ended IS NULL;
CREATE INDEX ledger_by_end ON ledger (target, ended);

-- Probes by the hour since 1970: single ones are not kept. Three small numbers beside the key.
CREATE TABLE visit_hour (
    target   INTEGER NOT NULL REFERENCES target (id),
    hour     INTEGER NOT NULL,
    visits   INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    PRIMARY KEY (target, hour)
) WITHOUT ROWID;

-- One row for each stretch in which the daemon gave signs of life.
CREATE TABLE alive (
    id        INTEGER PRIMARY KEY,
    began     TEXT NOT NULL,
    last_sign TEXT NOT NULL
);

CREATE TABLE clock_step (
    id     INTEGER PRIMARY KEY,
    at     TEXT NOT NULL,
    millis INTEGER NOT NULL
);

-- Never changed, never deleted: a step that was entered wrong is entered again.
CREATE TABLE ticket (
    id        INTEGER PRIMARY KEY,
    site      TEXT NOT NULL,
    category  TEXT NOT NULL,
    system    TEXT NOT NULL,
    what      TEXT NOT NULL,
    opened    TEXT NOT NULL,
    opened_by TEXT NOT NULL
);

CREATE INDEX ticket_by_site ON ticket (site, opened);

CREATE TABLE ticket_step (
    id      INTEGER PRIMARY KEY,
    ticket  INTEGER NOT NULL REFERENCES ticket (id),
    kind    TEXT NOT NULL,
    at      TEXT NOT NULL,
    person  TEXT NOT NULL,
    note    TEXT NOT NULL,
    entered TEXT NOT NULL
);

CREATE INDEX ticket_step_by_ticket ON ticket_step (ticket, id);

-- Never changed, never deleted, as it is part of every report that it changed the figures of.
CREATE TABLE exclusion (
    id          INTEGER PRIMARY KEY,
    site        TEXT NOT NULL,
    began       TEXT NOT NULL,
    ended       TEXT NOT NULL,
    kind        TEXT NOT NULL,
    reason      TEXT NOT NULL,
    author      TEXT NOT NULL,
    approved_by TEXT,
    at          TEXT NOT NULL
);

CREATE INDEX exclusion_by_site ON exclusion (site, began);
