-- Messages that were removed by those who keep order, and messages that people reported.

-- Why a message was removed. The message itself is a tombstone.
CREATE TABLE removals (
    channel_id INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    reason     TEXT    NOT NULL,
    note       TEXT    NOT NULL,
    by         INTEGER NOT NULL REFERENCES users (id),
    at         INTEGER NOT NULL,
    PRIMARY KEY (channel_id, number),
    FOREIGN KEY (channel_id, number) REFERENCES messages (channel_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- A report goes when the channel goes, so its message is no reference: it outlives the text.
CREATE TABLE message_reports (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    author     INTEGER NOT NULL REFERENCES users (id),
    by         INTEGER NOT NULL REFERENCES users (id),
    at         INTEGER NOT NULL,
    reason     TEXT    NOT NULL,
    note       TEXT    NOT NULL,
    -- What was reported, as long as the report is open.
    text       TEXT    NOT NULL,
    closed_at  INTEGER,
    closed_by  INTEGER REFERENCES users (id),
    outcome    TEXT
) STRICT;
-- Somebody reports a message once at a time.
CREATE UNIQUE INDEX message_reports_open ON message_reports (channel_id, number, by)
    WHERE closed_at IS NULL;
CREATE INDEX message_reports_by_person ON message_reports (by) WHERE closed_at IS NULL;
