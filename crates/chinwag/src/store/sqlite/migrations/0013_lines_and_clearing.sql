-- Lines that say what happened in a channel, and clearing a channel.

-- A line is a row of `messages` that is deleted from the start, so that nothing counts it; its text says
-- what happened (rows/lines.rs). The text of every other deleted message is empty.

-- The newest row that is no message: a tombstone or a line. Above it nothing has to be left out of what is
-- unread.
ALTER TABLE channels ADD COLUMN last_quiet INTEGER NOT NULL DEFAULT 0;
UPDATE channels SET last_quiet = coalesce(
    (SELECT max(number) FROM messages INDEXED BY messages_deleted
     WHERE channel_id = channels.id AND deleted_at IS NOT NULL), 0);

-- Rows up to this number are not kept any more: the channel was cleared. They are not read from then on,
-- and are removed in batches.
ALTER TABLE channels ADD COLUMN floor INTEGER NOT NULL DEFAULT 0;
-- Up to which number rows are to be removed; nothing for a channel that goes as a whole.
ALTER TABLE deletions ADD COLUMN through INTEGER;

-- The keys of messages that were cleared, so that none is posted a second time. A digest of key and author
-- tells nothing of who wrote when.
CREATE TABLE spent_keys (
    digest BLOB    PRIMARY KEY CHECK (length(digest) = 32),
    number INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
