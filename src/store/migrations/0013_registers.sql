-- Registers that people handed in. Never changed: of a site and a kind the last one is in force.
CREATE TABLE register (
    id     INTEGER PRIMARY KEY,
    site   TEXT NOT NULL,
    kind   TEXT NOT NULL,
    at     TEXT NOT NULL,
    author TEXT NOT NULL,
    file   TEXT NOT NULL,
    body   TEXT NOT NULL
);

CREATE INDEX register_by_site ON register (site, kind);
