-- An exclusion that turns out wrong is taken back by somebody for a reason, once; it stays on record.

CREATE TABLE withdrawal (
    exclusion INTEGER PRIMARY KEY REFERENCES exclusion (id),
    at        TEXT NOT NULL,
    author    TEXT NOT NULL,
    reason    TEXT NOT NULL
);
