-- How much of each channel its members want to be told of, and what concerns people.

-- What the member chose: 0 nothing, 1 mentions, 2 everything. NULL as long as they chose none.
ALTER TABLE members ADD COLUMN level INTEGER CHECK (level IN (0, 1, 2));

-- The newest turn in `activity`. None is given twice.
ALTER TABLE place ADD COLUMN last_turn INTEGER NOT NULL DEFAULT 0;
-- Up to which turn the person has seen all of their activity, and their own revision of the newest change of
-- what they have seen.
ALTER TABLE users ADD COLUMN activity_seen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN activity_revision INTEGER NOT NULL DEFAULT 0;

-- What concerns people: messages that call them, and reactions to what they wrote. One row for each message,
-- person and kind.
CREATE TABLE activity (
    -- Whom it concerns; 0 for everybody in the channel.
    user_id    INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    -- 1 for a message that calls them, 2 for reactions.
    kind       INTEGER NOT NULL,
    -- Where it stands: later ones stand higher.
    turn       INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    -- Who wrote the message, or reacted last.
    by         INTEGER NOT NULL REFERENCES users (id),
    -- Whether reading the channel leaves it new: it came below the person's mark, or they are not in there.
    late       INTEGER NOT NULL CHECK (late IN (0, 1)),
    -- Whether the person has seen this one.
    seen       INTEGER NOT NULL CHECK (seen IN (0, 1)),
    PRIMARY KEY (user_id, channel_id, number, kind),
    FOREIGN KEY (channel_id, number) REFERENCES messages (channel_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX activity_by_turn ON activity (user_id, turn);
-- For what goes when a message is removed or changed.
CREATE INDEX activity_of_message ON activity (channel_id, number);

-- Who was called before.
INSERT INTO activity (user_id, channel_id, number, kind, turn, at, by, late, seen)
SELECT called.user_id, called.channel_id, called.number, 1,
       row_number() OVER (ORDER BY m.created_at, m.channel_id, m.number, called.user_id),
       m.created_at, m.author_id, 0, 0
FROM (SELECT DISTINCT user_id, channel_id, number FROM mentions WHERE user_id <> author_id) called
JOIN messages m ON m.channel_id = called.channel_id AND m.number = called.number;
UPDATE place SET last_turn = (SELECT coalesce(max(turn), 0) FROM activity);

-- Replies concern those who follow the thread. The newest one that is in the thread alone: its turn, its number,
-- when it was posted and by whom; 0 for none. So a reply writes no row for each of them.
ALTER TABLE threads ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE threads ADD COLUMN told_number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE threads ADD COLUMN told_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE threads ADD COLUMN told_by INTEGER NOT NULL DEFAULT 0;
