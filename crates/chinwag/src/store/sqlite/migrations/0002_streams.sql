-- Revisions for everything that people hold copies of, and one id for an installation.

-- The one row is written by the program right after this file, with random bits of the system.
CREATE TABLE instance (
    id    TEXT NOT NULL CHECK (length(id) = 32),
    epoch TEXT NOT NULL CHECK (length(epoch) = 32)
) STRICT;

-- The stream of the place: people, and the directory of public channels.
CREATE TABLE place (
    revision INTEGER NOT NULL
) STRICT;
INSERT INTO place (revision) VALUES (0);

-- A person's own stream: memberships, read marks, settings, last channel.
ALTER TABLE users ADD COLUMN own_revision INTEGER NOT NULL DEFAULT 0;
-- The own revision with which the account itself (settings, password, last channel) changed last.
ALTER TABLE users ADD COLUMN account_revision INTEGER NOT NULL DEFAULT 0;
-- The place's revision with which what others see of the person changed last.
ALTER TABLE users ADD COLUMN place_revision INTEGER NOT NULL DEFAULT 0;
CREATE INDEX users_changed ON users (place_revision);

-- The channel's revision with which its own facts (name, topic) changed last.
ALTER TABLE channels ADD COLUMN facts_revision INTEGER NOT NULL DEFAULT 0;
-- The place's revision with which its entry in the directory changed last.
ALTER TABLE channels ADD COLUMN place_revision INTEGER NOT NULL DEFAULT 0;
CREATE INDEX channels_changed ON channels (place_revision);

-- The own revision of the member with which this row changed last.
ALTER TABLE members ADD COLUMN own_revision INTEGER NOT NULL DEFAULT 0;
-- The own revision with which the read mark moved last: of two marks the later step wins.
ALTER TABLE members ADD COLUMN read_step INTEGER NOT NULL DEFAULT 0;
-- How many of the member's own messages that are not deleted stand above the mark. They are not
-- unread, and with this number nobody has to look for them. Posting moved the mark until now, so
-- there are none.
ALTER TABLE members ADD COLUMN own_above INTEGER NOT NULL DEFAULT 0;

-- Who left a channel, so that "left" can be told to whoever asks what changed since. At most one
-- row for a person and a channel; joining again removes it.
CREATE TABLE departures (
    user_id      INTEGER NOT NULL REFERENCES users (id),
    channel_id   INTEGER NOT NULL REFERENCES channels (id),
    own_revision INTEGER NOT NULL,
    PRIMARY KEY (user_id, channel_id)
) STRICT, WITHOUT ROWID;

-- One revision may change several rows.
DROP INDEX messages_changed;
CREATE INDEX messages_changed ON messages (channel_id, revision)
    WHERE revision > posted_revision;
-- Tombstones above a read mark are taken from what is unread. Messages that stand cost nothing here.
CREATE INDEX messages_deleted ON messages (channel_id, number) WHERE deleted_at IS NOT NULL;
