-- Removing what a person wrote: of the last day, or everything with their data.

-- Since when the person's data is removed. Their account is deactivated and does not come back.
ALTER TABLE users ADD COLUMN data_removed_at INTEGER;

-- People of whom messages are still being removed, in batches that go on after a crash.
CREATE TABLE wipings (
    user_id    INTEGER PRIMARY KEY REFERENCES users (id),
    -- What was written from `since` to `until` goes; everything of a person whose data is removed.
    since      INTEGER NOT NULL,
    until      INTEGER NOT NULL,
    -- Who had it removed.
    by         INTEGER NOT NULL REFERENCES users (id),
    -- How far it is done: all channels before this one, and in this one all messages up to the number.
    channel_id INTEGER NOT NULL DEFAULT 0,
    number     INTEGER NOT NULL DEFAULT 0
) STRICT;
