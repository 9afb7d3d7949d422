-- Changing messages, and reactions to them. Both are changes of the message: they take the channel's next
-- revision, as a deletion does.

-- How often the author changed it, and when last.
ALTER TABLE messages ADD COLUMN edits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN edited_at INTEGER;
-- SHA-256 of what was posted first, once it was edited: whoever sends it again under its key gets the
-- message. Wiped with the deletion.
ALTER TABLE messages ADD COLUMN first_digest BLOB CHECK (length(first_digest) = 32);
-- How many kinds of reactions it has: most messages have none, and then nothing is looked up.
ALTER TABLE messages ADD COLUMN reactions INTEGER NOT NULL DEFAULT 0;

-- Earlier texts of messages: the newest 20 of each. `edit` is how often it was edited when it had the text.
CREATE TABLE versions (
    channel_id INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    edit       INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    text       TEXT    NOT NULL,
    PRIMARY KEY (channel_id, number, edit),
    FOREIGN KEY (channel_id, number) REFERENCES messages (channel_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- The kinds of reactions to a message, in the order in which they came (`place`). A kind that nobody has
-- any more is gone.
CREATE TABLE reaction_kinds (
    channel_id INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    place      INTEGER NOT NULL,
    emoji      TEXT    NOT NULL,
    count      INTEGER NOT NULL CHECK (count > 0),
    PRIMARY KEY (channel_id, number, place),
    FOREIGN KEY (channel_id, number) REFERENCES messages (channel_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE reactions (
    channel_id INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    place      INTEGER NOT NULL,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    -- The channel's revision with which it came.
    revision   INTEGER NOT NULL,
    PRIMARY KEY (channel_id, number, place, user_id),
    FOREIGN KEY (channel_id, number, place) REFERENCES reaction_kinds (channel_id, number, place)
        ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- How long authors change their messages.
ALTER TABLE place ADD COLUMN editing TEXT NOT NULL DEFAULT 'always'
    CHECK (editing IN ('always', 'day', 'hour', 'quarter', 'never'));
