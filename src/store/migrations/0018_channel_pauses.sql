-- Until when a channel is left alone that said it is sent too much: a restart must not send into its penalty.

CREATE TABLE channel_pause (
    channel TEXT PRIMARY KEY,
    until   TEXT NOT NULL
);
