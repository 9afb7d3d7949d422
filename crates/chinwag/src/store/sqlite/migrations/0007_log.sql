-- What was done by those who keep order, and by whom: rows are only added, and kept for a year.
CREATE TABLE log (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    -- Who did it; nobody stands for the operator's commands on the data folder.
    by         INTEGER REFERENCES users (id),
    -- The address that it came from; empty for the operator.
    address    TEXT    NOT NULL,
    act        TEXT    NOT NULL,
    whom       INTEGER REFERENCES users (id),
    -- The channel outlives none of its entries, so this is no reference.
    channel_id INTEGER,
    number     INTEGER,
    -- What else there is to say, such as a reason, a role or a name.
    detail     TEXT    NOT NULL
) STRICT;
CREATE INDEX log_by_time ON log (at);
-- Which channels that are gone were public in the end.
CREATE INDEX log_of_deletions ON log (channel_id) WHERE act = 'delete_channel';
CREATE INDEX log_of_person ON log (whom, id) WHERE whom IS NOT NULL;
CREATE INDEX log_by_person ON log (by, id) WHERE by IS NOT NULL;
