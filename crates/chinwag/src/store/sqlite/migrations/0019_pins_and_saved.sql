-- Messages that are pinned in their channel, and those that people saved for themselves.

-- Whether the message is pinned: most are not, and then nothing is looked up.
ALTER TABLE messages ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1));
-- Whether only those who run the channel pin in it.
ALTER TABLE channels ADD COLUMN hosts_pin INTEGER NOT NULL DEFAULT 0 CHECK (hosts_pin IN (0, 1));

CREATE TABLE pins (
    channel_id INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    by         INTEGER NOT NULL REFERENCES users (id),
    at         INTEGER NOT NULL,
    PRIMARY KEY (channel_id, number),
    FOREIGN KEY (channel_id, number) REFERENCES messages (channel_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE saved (
    user_id      INTEGER NOT NULL REFERENCES users (id),
    channel_id   INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    -- The person's own revision with which they saved it: the order of their list.
    turn         INTEGER NOT NULL,
    -- The person's own revision of the newest change of this row.
    own_revision INTEGER NOT NULL,
    -- Whether it is saved still. A row that is not says so to whoever asks what changed.
    kept         INTEGER NOT NULL CHECK (kept IN (0, 1)),
    at           INTEGER NOT NULL,
    note         TEXT    NOT NULL,
    PRIMARY KEY (user_id, channel_id, number),
    FOREIGN KEY (channel_id, number) REFERENCES messages (channel_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX saved_by_turn ON saved (user_id, turn) WHERE kept = 1;
CREATE INDEX saved_changed ON saved (user_id, own_revision);
-- For what goes when a message is removed.
CREATE INDEX saved_of_message ON saved (channel_id, number);
