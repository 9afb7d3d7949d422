-- What the ways in came to need.

-- Who makes channels: members, or only those who keep order. A place of the version before goes on as it was.
ALTER TABLE place ADD COLUMN channel_makers TEXT NOT NULL DEFAULT 'member'
    CHECK (channel_makers IN ('member', 'moderator'));
-- The guest who waits at the door to come back under the name that they have.
ALTER TABLE waiting ADD COLUMN returns INTEGER REFERENCES users (id);
