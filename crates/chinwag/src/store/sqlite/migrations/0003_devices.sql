-- Devices can be listed and forgotten, and a session knows its own. Names that look alike are found.

-- Browsers that may come back under a name without its password. They outlive their sessions.
-- AUTOINCREMENT: the id of a device that was forgotten is never given to another.
ALTER TABLE devices RENAME TO devices_before;
CREATE TABLE devices (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    device     BLOB    NOT NULL CHECK (length(device) = 32),
    user_id    INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    user_agent TEXT    NOT NULL,
    address    TEXT    NOT NULL,
    UNIQUE (device, user_id)
) STRICT;
CREATE INDEX devices_of_user ON devices (user_id);
-- Nothing was kept of them but whose they are.
INSERT INTO devices (device, user_id, created_at, seen_at, user_agent, address)
SELECT before.device, before.user_id, u.created_at,
       max(u.created_at,
           coalesce((SELECT max(s.seen_at) FROM sessions s WHERE s.user_id = u.id), 0)),
       '', ''
FROM devices_before before JOIN users u ON u.id = before.user_id;
DROP TABLE devices_before;

-- The device is unknown for a session from before this table until it is used again. A session on a
-- computer of others has none.
ALTER TABLE sessions ADD COLUMN device_id INTEGER REFERENCES devices (id) ON DELETE SET NULL;
ALTER TABLE sessions ADD COLUMN shared INTEGER NOT NULL DEFAULT 0 CHECK (shared IN (0, 1));
CREATE INDEX sessions_of_device ON sessions (device_id) WHERE device_id IS NOT NULL;

-- How a name looks (model/look_alikes.rs). Not unique: names from before stay as they are.
ALTER TABLE users ADD COLUMN look_drawn TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN look_folded TEXT NOT NULL DEFAULT '';
UPDATE users SET look_drawn = look_drawn(name), look_folded = look_folded(name);
CREATE INDEX users_by_look_drawn ON users (look_drawn);
CREATE INDEX users_by_look_folded ON users (look_folded);
ALTER TABLE channels ADD COLUMN look_drawn TEXT NOT NULL DEFAULT '';
ALTER TABLE channels ADD COLUMN look_folded TEXT NOT NULL DEFAULT '';
UPDATE channels SET look_drawn = look_drawn(name), look_folded = look_folded(name);
CREATE INDEX channels_by_look_drawn ON channels (look_drawn);
CREATE INDEX channels_by_look_folded ON channels (look_folded);
