-- Who sees to a finding, until when, and what was done about it.

ALTER TABLE finding ADD COLUMN assignee TEXT;
ALTER TABLE finding ADD COLUMN due TEXT;
-- When somebody last said that it is mended. It is believed once a scan no longer sees it.
ALTER TABLE finding ADD COLUMN mended TEXT;
-- What is searched for words, in lower case. A finding of before has its whole body here until it is seen again.
ALTER TABLE finding ADD COLUMN words TEXT NOT NULL DEFAULT '';
UPDATE finding SET words = lower(body);

-- The order of the list, with everything it is filtered by: a page of it is found without reading one body.
CREATE INDEX finding_in_order ON finding
    (severity DESC, confidence DESC, check_id, first_seen, id, state, site, assignee, due, mended, last_seen);

-- Numbers of findings are read from the index alone.
DROP INDEX finding_by_site;
CREATE INDEX finding_by_site ON finding (site, state, severity, check_id);

-- One line for everything that a person did about a finding besides ruling on it. Never changed, never deleted.
CREATE TABLE effort (
    id          INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL REFERENCES finding (fingerprint),
    at          TEXT NOT NULL,
    actor       TEXT NOT NULL,
    work        TEXT NOT NULL
);

CREATE INDEX effort_by_finding ON effort (fingerprint, id);
CREATE INDEX life_by_time ON life (at);
