-- Threads: messages that answer another one. A reply has a number and a revision of its channel as every
-- message has, but it is not in the channel's run, which is what a reader of the channel sees, unless its
-- author sent it there too.

-- The number of the message that begins the thread of a reply.
ALTER TABLE messages ADD COLUMN root INTEGER;
-- Whether it is off the run: in its thread only.
ALTER TABLE messages ADD COLUMN off_run INTEGER NOT NULL DEFAULT 0 CHECK (off_run IN (0, 1));
-- How many rows that are off the run stand right before this row of the run.
ALTER TABLE messages ADD COLUMN gap INTEGER NOT NULL DEFAULT 0;
-- How many rows of the channel up to this one are off the run, whether or not they are still there.
ALTER TABLE messages ADD COLUMN off_count INTEGER NOT NULL DEFAULT 0;
-- Whether it begins a thread: most do not, and then nothing is looked up.
ALTER TABLE messages ADD COLUMN thread INTEGER NOT NULL DEFAULT 0 CHECK (thread IN (0, 1));

-- The newest row of the run.
ALTER TABLE channels ADD COLUMN last_in_run INTEGER NOT NULL DEFAULT 0;
UPDATE channels SET last_in_run = last_number;
-- How many rows are off the run, up to the newest number and up to the floor.
ALTER TABLE channels ADD COLUMN off_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE channels ADD COLUMN floor_off INTEGER NOT NULL DEFAULT 0;
-- Who may answer in threads of a channel where only hosts write: 1 for everybody who is in it.
ALTER TABLE channels ADD COLUMN threads_open INTEGER NOT NULL DEFAULT 0
    CHECK (threads_open IN (0, 1));
-- How many rows are off the run up to the read mark.
ALTER TABLE members ADD COLUMN read_off INTEGER NOT NULL DEFAULT 0;

-- Rows of the run behind a wide gap: whoever reads the run jumps over the gap.
CREATE INDEX messages_behind_gaps ON messages (channel_id, number) WHERE gap > 50;
-- The replies of a thread. Whether one counts as unread is answered by the index alone.
CREATE INDEX messages_of_thread ON messages (channel_id, root, number, off_run, author_id, deleted_at)
    WHERE root IS NOT NULL;
-- Tombstones that are off the run are not subtracted from what is unread in the run.
DROP INDEX messages_deleted;
CREATE INDEX messages_deleted ON messages (channel_id, number)
    WHERE deleted_at IS NOT NULL AND off_run = 0;

-- What stands under the message that begins a thread.
CREATE TABLE threads (
    channel_id  INTEGER NOT NULL,
    root        INTEGER NOT NULL,
    -- How many replies are not deleted.
    replies     INTEGER NOT NULL,
    -- The newest reply that is not deleted; the root itself when there is none.
    last_number INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    -- Who wrote in it last, at most four: their ids with commas between, the latest first.
    faces       TEXT    NOT NULL,
    PRIMARY KEY (channel_id, root),
    FOREIGN KEY (channel_id, root) REFERENCES messages (channel_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- How people stand to threads: whether they follow, and how far they have read. In their own streams.
CREATE TABLE follows (
    user_id      INTEGER NOT NULL REFERENCES users (id),
    channel_id   INTEGER NOT NULL,
    root         INTEGER NOT NULL,
    -- 0: they chose not to.
    following    INTEGER NOT NULL CHECK (following IN (0, 1)),
    read_number  INTEGER NOT NULL,
    read_step    INTEGER NOT NULL,
    own_revision INTEGER NOT NULL,
    PRIMARY KEY (user_id, channel_id, root),
    FOREIGN KEY (channel_id, root) REFERENCES messages (channel_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX follows_of_thread ON follows (channel_id, root, user_id) WHERE following = 1;
CREATE INDEX follows_changed ON follows (user_id, own_revision);

-- The message that begins the thread of the reply that mentions, unless the reply is in the run too.
ALTER TABLE mentions ADD COLUMN root INTEGER;
DROP INDEX mentions_of;
CREATE INDEX mentions_of ON mentions (user_id, channel_id, number, author_id) WHERE root IS NULL;
CREATE INDEX mentions_in_threads ON mentions (user_id, channel_id, root, number, author_id)
    WHERE root IS NOT NULL;
