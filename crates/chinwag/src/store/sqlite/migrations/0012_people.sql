-- What people say of themselves, and how they look.

ALTER TABLE users ADD COLUMN about TEXT NOT NULL DEFAULT '';
-- The name of a time zone, such as Europe/Vienna; empty if it is not told.
ALTER TABLE users ADD COLUMN zone TEXT NOT NULL DEFAULT '';
-- What the person is up to. There is no status if both are empty.
ALTER TABLE users ADD COLUMN status_emoji TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN status_text TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN status_until INTEGER;
CREATE INDEX users_by_end_of_status ON users (status_until) WHERE status_until IS NOT NULL;
-- Who deactivated the account.
ALTER TABLE users ADD COLUMN deactivated_by INTEGER REFERENCES users (id);
-- The id of the person's picture.
ALTER TABLE users ADD COLUMN picture BLOB;

-- Pictures of people: squares in a few sizes, encoded anew by us. They are small, so they are kept
-- here: a backup has them, and they go in the transaction that replaces them.
CREATE TABLE pictures (
    id    BLOB    NOT NULL CHECK (length(id) = 16),
    side  INTEGER NOT NULL,
    bytes BLOB    NOT NULL,
    PRIMARY KEY (id, side)
) STRICT, WITHOUT ROWID;

-- Whom people do not want to read: muted for themselves, or blocked, which also ends direct messages
-- between the two. Nobody else is told.
CREATE TABLE set_aside (
    user_id INTEGER NOT NULL REFERENCES users (id),
    whom    INTEGER NOT NULL REFERENCES users (id),
    kind    TEXT    NOT NULL CHECK (kind IN ('mute', 'block')),
    PRIMARY KEY (user_id, whom)
) STRICT, WITHOUT ROWID;
