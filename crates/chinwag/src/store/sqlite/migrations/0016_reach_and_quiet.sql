-- How far a bot token reaches, as its maker chose; and statuses with which people want no notifications.

ALTER TABLE tokens ADD COLUMN reads_only INTEGER NOT NULL DEFAULT 0 CHECK (reads_only IN (0, 1));
-- Whether it knows only the channels in token_channels. If those are all deleted, it knows none.
ALTER TABLE tokens ADD COLUMN narrow INTEGER NOT NULL DEFAULT 0 CHECK (narrow IN (0, 1));

CREATE TABLE token_channels (
    token_id   INTEGER NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    PRIMARY KEY (token_id, channel_id)
) STRICT, WITHOUT ROWID;
-- For what goes when a channel is deleted.
CREATE INDEX token_channels_by_channel ON token_channels (channel_id);

-- Whether the person wants no notifications as long as their status lasts. Then it has an end.
ALTER TABLE users ADD COLUMN status_quiet INTEGER NOT NULL DEFAULT 0 CHECK (status_quiet IN (0, 1));
