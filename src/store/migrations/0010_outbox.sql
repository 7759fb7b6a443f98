-- Who is to be told what. A letter waits until its channel has confirmed it; `body` is the notice as JSON, without
-- secrets or signatures. `entry` is the channel it started at, `ladder` (JSON) the rungs above the one it stands on.

CREATE TABLE letter (
    id           INTEGER PRIMARY KEY,
    notice       TEXT NOT NULL,
    recipient    TEXT NOT NULL,
    entry        TEXT NOT NULL,
    channel      TEXT NOT NULL,
    ladder       TEXT NOT NULL,
    order_key    TEXT NOT NULL,
    urgency      INTEGER NOT NULL,
    body         TEXT NOT NULL,
    queued       TEXT NOT NULL,
    due          TEXT NOT NULL,
    leased_until TEXT,
    attempts     INTEGER NOT NULL,
    form         TEXT NOT NULL CHECK (form IN ('full', 'bare')),
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'confirmed', 'refused')),
    closed       TEXT,
    UNIQUE (notice, recipient, entry),
    CHECK ((state = 'waiting') = (closed IS NULL))
);

CREATE INDEX letter_waiting ON letter (channel, urgency, id) WHERE state = 'waiting';
CREATE INDEX letter_thread ON letter (order_key, recipient, channel, id) WHERE state = 'waiting';

-- One line for each letter in each message, written before the message is sent and completed afterwards.
CREATE TABLE delivery (
    message   INTEGER NOT NULL,
    letter    INTEGER NOT NULL REFERENCES letter (id),
    channel   TEXT NOT NULL,
    recipient TEXT NOT NULL,
    started   TEXT NOT NULL,
    ended     TEXT,
    verdict   TEXT,
    detail    TEXT,
    PRIMARY KEY (message, letter)
);

CREATE INDEX delivery_by_letter ON delivery (letter, message);
CREATE INDEX delivery_by_channel ON delivery (channel, started);

-- Channels that take nothing.
CREATE TABLE broken_channel (
    channel TEXT PRIMARY KEY,
    since   TEXT NOT NULL,
    retry   TEXT NOT NULL,
    why     TEXT NOT NULL
);
