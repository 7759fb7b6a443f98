-- The hosts of others that a site links to, as the last scan that met them saw them, and who vouches for which. Dates stand
-- as YYYY-MM-DD; `body` is JSON: pages, words of links, why it stands so, what it showed.

CREATE TABLE external_host (
    site       TEXT NOT NULL,
    host       TEXT NOT NULL,
    class      TEXT NOT NULL,
    state      TEXT NOT NULL,
    since      TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen  TEXT NOT NULL,
    body       TEXT NOT NULL,
    PRIMARY KEY (site, host)
);

-- Never changed, never deleted: the last one on a host holds.
CREATE TABLE host_approval (
    id     INTEGER PRIMARY KEY,
    site   TEXT NOT NULL,
    host   TEXT NOT NULL,
    at     TEXT NOT NULL,
    author TEXT NOT NULL,
    note   TEXT NOT NULL
);

CREATE INDEX host_approval_by_site ON host_approval (site, id);
