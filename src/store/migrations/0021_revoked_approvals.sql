-- What people say of a host stays a log in which the last word holds: that it is approved, to the end of a day
-- (YYYY-MM-DD) or for good, or that this is taken back. What stands here already are approvals for good.

ALTER TABLE host_approval ADD COLUMN is_revoked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE host_approval ADD COLUMN until      TEXT;
