-- Visits of home pages over either family, every few minutes: what stability over a day is judged by. Older ones are
-- removed when new ones come; assessments carry what they took from them.
CREATE TABLE ipv6_visit (
    site TEXT NOT NULL,
    at TEXT NOT NULL,
    body TEXT NOT NULL
);

CREATE INDEX ipv6_visit_by_time ON ipv6_visit (site, at);
