-- Mentions: whom messages call, and where in their texts.

-- How many mentions a message has: most have none, and then nothing is looked up.
ALTER TABLE messages ADD COLUMN mentions INTEGER NOT NULL DEFAULT 0;
-- The newest message that has any. Above it there is nothing to count.
ALTER TABLE channels ADD COLUMN last_mention INTEGER NOT NULL DEFAULT 0;

CREATE TABLE mentions (
    channel_id INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    -- Where the `@` stands, and how long it is with the name: UTF-16 code units.
    start      INTEGER NOT NULL,
    length     INTEGER NOT NULL,
    -- Whom it means; 0 for everybody in the channel.
    user_id    INTEGER NOT NULL,
    author_id  INTEGER NOT NULL,
    PRIMARY KEY (channel_id, number, start),
    FOREIGN KEY (channel_id, number) REFERENCES messages (channel_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_of ON mentions (user_id, channel_id, number, author_id);

-- Who calls everybody in a channel: its members, or its hosts.
ALTER TABLE place ADD COLUMN callers TEXT NOT NULL DEFAULT 'members'
    CHECK (callers IN ('members', 'hosts'));
