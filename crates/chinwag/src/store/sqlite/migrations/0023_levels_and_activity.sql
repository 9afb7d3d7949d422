-- How much of each channel its members want to be told of, and what concerns people.

-- What the member chose; NULL as long as they chose nothing.
ALTER TABLE members ADD COLUMN level TEXT CHECK (level IN ('all', 'mentions', 'nothing'));
