-- Roles of people, kinds of channels, and who may do what in a channel.

-- The role in the whole place. A folder of the version before has members only, and no owner.
ALTER TABLE users ADD COLUMN role TEXT NOT NULL DEFAULT 'member'
    CHECK (role IN ('guest', 'member', 'moderator', 'owner'));
-- Since when the account is deactivated.
ALTER TABLE users ADD COLUMN deactivated_at INTEGER;
-- Until when the person may not write anywhere.
ALTER TABLE users ADD COLUMN muted_until INTEGER;
-- When the visit of a guest ends.
ALTER TABLE users ADD COLUMN visit_ends_at INTEGER;
CREATE INDEX users_by_end_of_visit ON users (visit_ends_at) WHERE visit_ends_at IS NOT NULL;
CREATE INDEX users_in_charge ON users (role) WHERE role IN ('moderator', 'owner');

-- A public channel has its name for itself. The name of any other is nobody else's business: two of
-- them may have the same, and `name_key` holds a space and the id instead, which no name begins with.
ALTER TABLE channels ADD COLUMN kind TEXT NOT NULL DEFAULT 'public'
    CHECK (kind IN ('public', 'private', 'direct'));
-- Who writes: everybody in the channel, or its hosts.
ALTER TABLE channels ADD COLUMN posting TEXT NOT NULL DEFAULT 'everybody'
    CHECK (posting IN ('everybody', 'hosts'));
ALTER TABLE channels ADD COLUMN locked_at INTEGER;
ALTER TABLE channels ADD COLUMN locked_by INTEGER REFERENCES users (id);
ALTER TABLE channels ADD COLUMN archived_at INTEGER;
ALTER TABLE channels ADD COLUMN archived_by INTEGER REFERENCES users (id);
-- Everybody but the hosts is muted: since when, and by whom.
ALTER TABLE channels ADD COLUMN muted_at INTEGER;
ALTER TABLE channels ADD COLUMN muted_by INTEGER REFERENCES users (id);
-- How many seconds everybody but the hosts waits between two messages; 0 for no wait.
ALTER TABLE channels ADD COLUMN slow_s INTEGER NOT NULL DEFAULT 0 CHECK (slow_s >= 0);
-- Newcomers are put into it.
ALTER TABLE channels ADD COLUMN newcomers INTEGER NOT NULL DEFAULT 0 CHECK (newcomers IN (0, 1));
CREATE INDEX channels_public ON channels (id) WHERE kind = 'public';

-- A host of the channel.
ALTER TABLE members ADD COLUMN host INTEGER NOT NULL DEFAULT 0 CHECK (host IN (0, 1));
-- Until when the member may not write in the channel.
ALTER TABLE members ADD COLUMN muted_until INTEGER;
-- When the member wrote last in a channel with slow mode.
ALTER TABLE members ADD COLUMN wrote_at INTEGER;
-- A direct conversation that the member does not want to see until somebody writes in it.
ALTER TABLE members ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1));

-- The maker of a channel who is still in it is its host; else whoever is in it for the longest time.
UPDATE members SET host = 1
WHERE user_id = coalesce(
    (SELECT c.created_by FROM channels c JOIN members m
     ON m.channel_id = c.id AND m.user_id = c.created_by WHERE c.id = members.channel_id),
    (SELECT o.user_id FROM members o WHERE o.channel_id = members.channel_id
     ORDER BY o.joined_at, o.user_id LIMIT 1));

-- Who may not come back into a channel.
CREATE TABLE kept_out (
    channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    at         INTEGER NOT NULL,
    by         INTEGER NOT NULL REFERENCES users (id),
    PRIMARY KEY (channel_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_out_by_user ON kept_out (user_id);

-- Public channels go on counting their ids. Ids of others are random and far above.
ALTER TABLE place ADD COLUMN last_public_channel INTEGER NOT NULL DEFAULT 0;
UPDATE place SET last_public_channel =
    coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'channels'), 0);

-- Channels that the directory does not list any more, so that this can be told to whoever asks what
-- changed since.
CREATE TABLE delisted (
    channel_id     INTEGER PRIMARY KEY,
    place_revision INTEGER NOT NULL
) STRICT;
CREATE INDEX delisted_by_revision ON delisted (place_revision);

-- A departure outlives its channel.
ALTER TABLE departures RENAME TO departures_before;
CREATE TABLE departures (
    user_id      INTEGER NOT NULL REFERENCES users (id),
    channel_id   INTEGER NOT NULL,
    own_revision INTEGER NOT NULL,
    PRIMARY KEY (user_id, channel_id)
) STRICT, WITHOUT ROWID;
INSERT INTO departures SELECT user_id, channel_id, own_revision FROM departures_before;
DROP TABLE departures_before;
