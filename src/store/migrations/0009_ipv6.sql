-- IPv6 support: one row for each assessment, with all that was measured as JSON.
CREATE TABLE ipv6_assessment (
    site TEXT NOT NULL,
    started TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (site, started)
);
