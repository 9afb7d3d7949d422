-- Finding messages by their words.

-- The words of messages, as `model::search` cuts them: of their texts, of the names of their files, and tags for
-- what filters ask for. It holds no texts. Whatever is taken out of it is named once more, so that it is gone from
-- the file at once (`secure-delete`).
CREATE VIRTUAL TABLE search_index USING fts5(body, names, tags, content = '', columnsize = 0, tokenize = 'ascii');
INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', 1);

-- The messages that the index has. The id begins with the time of the message, so that its order is theirs.
CREATE TABLE search_rows (
    id         INTEGER PRIMARY KEY,
    channel_id INTEGER NOT NULL,
    number     INTEGER NOT NULL
) STRICT;

-- How far channels are indexed: the messages above `low` up to `high` are. Newer ones are added behind the commit,
-- older ones little by little. A channel without a row has nothing in the index, and nothing older to add.
CREATE TABLE search_marks (
    channel_id INTEGER PRIMARY KEY,
    low        INTEGER NOT NULL,
    high       INTEGER NOT NULL
) STRICT;
CREATE INDEX search_marks_unfinished ON search_marks (channel_id) WHERE low > 0;

-- The version of the words that the index holds; another one makes it anew.
ALTER TABLE place ADD COLUMN search_version INTEGER NOT NULL DEFAULT 0;
