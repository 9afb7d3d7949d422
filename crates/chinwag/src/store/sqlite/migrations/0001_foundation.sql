-- People, sessions, channels, messages and files.

CREATE TABLE users (
    id            INTEGER PRIMARY KEY,
    name          TEXT    NOT NULL,
    name_key      TEXT    NOT NULL UNIQUE,
    created_at    INTEGER NOT NULL,
    password_hash TEXT,
    last_channel  INTEGER REFERENCES channels (id),
    language      TEXT    NOT NULL CHECK (language IN ('auto', 'en', 'zh')),
    theme         TEXT    NOT NULL CHECK (theme IN ('auto', 'light', 'dark')),
    enter_sends   INTEGER NOT NULL CHECK (enter_sends IN (0, 1))
) STRICT;

-- Browsers that took a name or signed in under it. They outlive their sessions.
CREATE TABLE devices (
    device  BLOB    NOT NULL CHECK (length(device) = 32),
    user_id INTEGER NOT NULL REFERENCES users (id),
    PRIMARY KEY (device, user_id)
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: the id of a session that has ended is never given to another.
CREATE TABLE sessions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    token      BLOB    NOT NULL UNIQUE CHECK (length(token) = 32),
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    user_agent TEXT    NOT NULL,
    address    TEXT    NOT NULL
) STRICT;
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE tokens (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    name       TEXT    NOT NULL,
    token      BLOB    NOT NULL UNIQUE CHECK (length(token) = 32),
    created_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;
CREATE INDEX tokens_of_user ON tokens (user_id);

-- `revision`, `last_number` and `member_count` are kept here so that a post touches one row and a
-- list of channels counts nothing.
CREATE TABLE channels (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT    NOT NULL,
    name_key     TEXT    NOT NULL UNIQUE,
    topic        TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    created_by   INTEGER NOT NULL REFERENCES users (id),
    member_count INTEGER NOT NULL DEFAULT 0 CHECK (member_count >= 0),
    revision     INTEGER NOT NULL DEFAULT 0,
    last_number  INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE members (
    channel_id  INTEGER NOT NULL REFERENCES channels (id),
    user_id     INTEGER NOT NULL REFERENCES users (id),
    joined_at   INTEGER NOT NULL,
    read_number INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (channel_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_user ON members (user_id);

-- Clustered by channel and number: the newest hundred are one short range. The text is the last
-- column, so that a long one spills into overflow pages without dragging the others along.
CREATE TABLE messages (
    channel_id      INTEGER NOT NULL REFERENCES channels (id),
    number          INTEGER NOT NULL,
    revision        INTEGER NOT NULL,
    -- The revision that the message was posted with; it grows with the number.
    posted_revision INTEGER NOT NULL,
    author_id       INTEGER NOT NULL REFERENCES users (id),
    key             BLOB    NOT NULL CHECK (length(key) = 16),
    created_at      INTEGER NOT NULL,
    deleted_at      INTEGER,
    attachments     INTEGER NOT NULL DEFAULT 0,
    text            TEXT    NOT NULL,
    PRIMARY KEY (channel_id, number)
) STRICT, WITHOUT ROWID;
-- Promise 2: a key is used once by its author, for ever. The key stands first: keys that begin with
-- the time (UUID version 7) are then all written at the end of the index, whoever makes them.
CREATE UNIQUE INDEX messages_by_key ON messages (key, author_id);
-- Promise 3: what changed since a revision is the rows posted since, a range of numbers, and the
-- older ones changed since, a range of this. Rows that never changed cost nothing here.
CREATE UNIQUE INDEX messages_changed ON messages (channel_id, revision)
    WHERE revision > posted_revision;

CREATE TABLE uploads (
    id             BLOB    PRIMARY KEY CHECK (length(id) = 16),
    owner          INTEGER NOT NULL REFERENCES users (id),
    created_at     INTEGER NOT NULL,
    name           TEXT    NOT NULL,
    size_bytes     INTEGER NOT NULL,
    media_type     TEXT    NOT NULL,
    width          INTEGER,
    height         INTEGER,
    thumbnail      INTEGER NOT NULL CHECK (thumbnail IN (0, 1)),
    sha256         BLOB    NOT NULL CHECK (length(sha256) = 32),
    channel_id     INTEGER,
    message_number INTEGER,
    position       INTEGER,
    FOREIGN KEY (channel_id, message_number) REFERENCES messages (channel_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX uploads_of_message ON uploads (channel_id, message_number, position)
    WHERE channel_id IS NOT NULL;
CREATE INDEX uploads_unused ON uploads (created_at) WHERE channel_id IS NULL;
