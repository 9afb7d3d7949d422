-- Quotes: the number of the message of the same channel that a message quotes; 0 for none.
ALTER TABLE messages ADD COLUMN quote INTEGER NOT NULL DEFAULT 0;

-- Forwards: what a message carries of another one, which may be gone by now.
ALTER TABLE messages ADD COLUMN forwarded INTEGER NOT NULL DEFAULT 0 CHECK (forwarded IN (0, 1));

CREATE TABLE forwards (
    channel_id   INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    -- Who wrote what is carried, when, and what.
    author_id    INTEGER NOT NULL REFERENCES users (id),
    at           INTEGER NOT NULL,
    text         TEXT    NOT NULL,
    -- Which message that was. It is told to nobody: the same message that is posted again is known by it.
    from_channel INTEGER NOT NULL,
    from_number  INTEGER NOT NULL,
    PRIMARY KEY (channel_id, number),
    FOREIGN KEY (channel_id, number) REFERENCES messages (channel_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
