-- Direct conversations: channels of the kind `direct`, whose people never change.

-- The same people find their conversation again by `people`: their ids in ascending order, with commas.
CREATE TABLE directs (
    channel_id INTEGER PRIMARY KEY REFERENCES channels (id) ON DELETE CASCADE,
    people     TEXT NOT NULL UNIQUE
) STRICT;

-- Whose conversation it is. Those who have not opened it become members with the first message.
CREATE TABLE direct_people (
    channel_id INTEGER NOT NULL REFERENCES directs (channel_id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    PRIMARY KEY (channel_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX direct_people_by_user ON direct_people (user_id);
