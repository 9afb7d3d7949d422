-- The place as a whole, and the ways into it.

-- What the place is called; NULL as long as nobody said, and then it is the setting of the server.
ALTER TABLE place ADD COLUMN name TEXT;
-- One line about it.
ALTER TABLE place ADD COLUMN about TEXT NOT NULL DEFAULT '';
-- How somebody new comes in. A place of the version before is open, as it was.
ALTER TABLE place ADD COLUMN way_in TEXT NOT NULL DEFAULT 'open'
    CHECK (way_in IN ('open', 'invite', 'approval', 'closed'));
-- Whether somebody new needs a password.
ALTER TABLE place ADD COLUMN needs_password INTEGER NOT NULL DEFAULT 0
    CHECK (needs_password IN (0, 1));

-- Addresses that let people in. The code is kept as it is, because whoever made an invite shows it
-- again; it is looked up by its hash.
CREATE TABLE invites (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    code          TEXT    NOT NULL,
    hash          BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    label         TEXT    NOT NULL,
    made_by       INTEGER NOT NULL REFERENCES users (id),
    made_at       INTEGER NOT NULL,
    role          TEXT    NOT NULL CHECK (role IN ('guest', 'member')),
    -- Whether people come in at once, or wait for a moderator or a host, or find it closed.
    door          TEXT    NOT NULL CHECK (door IN ('open', 'approval', 'closed')),
    expires_at    INTEGER,
    max_uses      INTEGER,
    uses          INTEGER NOT NULL DEFAULT 0,
    -- For how long its guests stay, and until when at most.
    visit_ms      INTEGER,
    visit_ends_at INTEGER,
    ended_at      INTEGER
) STRICT;

-- Into which channels an invite leads.
CREATE TABLE invite_channels (
    invite_id  INTEGER NOT NULL REFERENCES invites (id) ON DELETE CASCADE,
    channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    PRIMARY KEY (invite_id, channel_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX invite_channels_by_channel ON invite_channels (channel_id);

-- Who came by which invite.
CREATE TABLE came_by (
    invite_id INTEGER NOT NULL REFERENCES invites (id) ON DELETE CASCADE,
    user_id   INTEGER NOT NULL REFERENCES users (id),
    at        INTEGER NOT NULL,
    PRIMARY KEY (invite_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX came_by_person ON came_by (user_id);

-- Names at the door. The browser that asked holds a secret. Once somebody is let in, `user_id` says who
-- they are, and the row goes when the browser comes for its session.
CREATE TABLE waiting (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    secret        BLOB    NOT NULL UNIQUE CHECK (length(secret) = 32),
    name          TEXT    NOT NULL,
    name_key      TEXT    NOT NULL,
    -- The address that the browser came from, as limits count it.
    block         TEXT    NOT NULL,
    says          TEXT    NOT NULL,
    password_hash TEXT,
    invite_id     INTEGER REFERENCES invites (id),
    asked_at      INTEGER NOT NULL,
    refused_at    INTEGER,
    refused_by    INTEGER REFERENCES users (id),
    user_id       INTEGER REFERENCES users (id),
    ends_at       INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX waiting_by_name ON waiting (name_key) WHERE refused_at IS NULL;
CREATE INDEX waiting_by_block ON waiting (block) WHERE refused_at IS NULL AND user_id IS NULL;
CREATE INDEX waiting_by_end ON waiting (ends_at);
CREATE INDEX waiting_by_invite ON waiting (invite_id) WHERE invite_id IS NOT NULL;

-- Addresses that sign one person in, once.
CREATE TABLE sign_in_links (
    hash    BLOB    PRIMARY KEY CHECK (length(hash) = 32),
    user_id INTEGER NOT NULL REFERENCES users (id),
    -- Who made it; nobody stands for the operator.
    made_by INTEGER REFERENCES users (id),
    ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_links_of_person ON sign_in_links (user_id);
CREATE INDEX sign_in_links_by_end ON sign_in_links (ends_at);
