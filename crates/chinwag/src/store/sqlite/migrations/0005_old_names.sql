-- Names that somebody gave up lately: until `ends_at` nobody else takes them, or a name that looks like
-- one of them. The id tells the order in which a person gave them up. A name that is held has no row.
CREATE TABLE old_names (
    id          INTEGER PRIMARY KEY,
    user_id     INTEGER NOT NULL REFERENCES users (id),
    name_key    TEXT    NOT NULL UNIQUE,
    look_drawn  TEXT    NOT NULL,
    look_folded TEXT    NOT NULL,
    ends_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX old_names_of_user ON old_names (user_id, id);
CREATE INDEX old_names_by_end ON old_names (ends_at);
CREATE INDEX old_names_by_look_drawn ON old_names (look_drawn);
CREATE INDEX old_names_by_look_folded ON old_names (look_folded);
