-- What those who run channels do.

-- Names that a public channel had before: each leads to it until somebody takes the name.
CREATE TABLE old_channel_names (
    id         INTEGER PRIMARY KEY,
    channel_id INTEGER NOT NULL REFERENCES channels (id),
    name_key   TEXT    NOT NULL UNIQUE
) STRICT;
CREATE INDEX old_channel_names_of_channel ON old_channel_names (channel_id, id);

-- A mute outlives a departure, so that nobody ends theirs by leaving and coming back.
ALTER TABLE departures ADD COLUMN muted_until INTEGER;

-- Channels that were deleted and whose rows are still being removed. Nobody is in them.
CREATE TABLE deletions (
    channel_id INTEGER PRIMARY KEY REFERENCES channels (id)
) STRICT;

CREATE INDEX channels_for_newcomers ON channels (id) WHERE newcomers = 1;
