-- Who can log in, who is logged in, the tokens of programs, and who did what.

CREATE TABLE account (
    id           INTEGER PRIMARY KEY,
    login        TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    role         TEXT NOT NULL,
    sites        TEXT NOT NULL,
    password     TEXT NOT NULL,
    totp         TEXT,
    totp_step    INTEGER,
    must_change  INTEGER NOT NULL,
    is_closed    INTEGER NOT NULL,
    failures     INTEGER NOT NULL,
    locked_until TEXT,
    created      TEXT NOT NULL
);

-- Only the hash of a token is kept: whoever reads the record cannot log in with it.
CREATE TABLE session (
    hash      TEXT PRIMARY KEY,
    account   INTEGER NOT NULL REFERENCES account (id),
    form      TEXT NOT NULL,
    begun     TEXT NOT NULL,
    last_used TEXT NOT NULL,
    until     TEXT NOT NULL
);

CREATE TABLE api_token (
    id        INTEGER PRIMARY KEY,
    hash      TEXT NOT NULL UNIQUE,
    name      TEXT NOT NULL,
    role      TEXT NOT NULL,
    sites     TEXT NOT NULL,
    made_by   TEXT NOT NULL,
    created   TEXT NOT NULL,
    until     TEXT NOT NULL,
    last_used TEXT,
    revoked   TEXT
);

-- Never changed, never deleted.
CREATE TABLE audit (
    id      INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    actor   TEXT NOT NULL,
    address TEXT NOT NULL,
    what    TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail  TEXT NOT NULL
);

CREATE INDEX audit_by_time ON audit (at);
