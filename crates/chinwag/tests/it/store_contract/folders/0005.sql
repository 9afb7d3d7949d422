-- The rows of a folder as a server of version 5 left it, before there were roles and kinds of channels: three people, of whom
-- one has a password and one another name than at first; two channels, one of which was left; a deleted message.
PRAGMA foreign_keys = OFF;
UPDATE place SET revision = 7;
INSERT INTO instance (id, epoch) VALUES ('00000000000000000000000000000005', '50000000000000000000000000000000');
INSERT INTO users (id, name, name_key, created_at, password_hash, last_channel, language, theme, enter_sends, own_revision,
                   account_revision, place_revision, look_drawn, look_folded) VALUES
  (1, 'Ada', 'ada', 1000,
   '$argon2id$v=19$m=19456,t=2,p=1$af9xxQ9OwZH83g+SCIpiMg$+t+n7j681kA97QIKKVyzowaIf0AUNGqDaZkHu99yR/o',
   1, 'en', 'dark', 1, 5, 3, 1, 'ada', 'ada'),
  (2, 'Bob', 'bob', 2000, NULL, 2, 'auto', 'auto', 0, 6, 2, 2, 'bob', 'bob'),
  (3, 'Cleopatra', 'cleopatra', 3000, NULL, NULL, 'zh', 'light', 0, 4, 4, 7, 'cleopatra', 'cleopatra');
INSERT INTO old_names (id, user_id, name_key, look_drawn, look_folded, ends_at) VALUES
  (1, 3, 'cleo', 'cleo', 'cleo', 4102444800000);
INSERT INTO devices (id, device, user_id, created_at, seen_at, user_agent, address) VALUES
  (1, X'0101010101010101010101010101010101010101010101010101010101010101', 1, 1000, 5000, 'Firefox', '192.0.2.7'),
  (2, X'0202020202020202020202020202020202020202020202020202020202020202', 2, 2000, 2000, '', '');
INSERT INTO sessions (id, user_id, token, created_at, seen_at, expires_at, user_agent, address, device_id, shared) VALUES
  (1, 1, X'0909090909090909090909090909090909090909090909090909090909090909', 1000, 5000, 4102444800000, 'Firefox',
   '192.0.2.7', 1, 0),
  (2, 3, X'0808080808080808080808080808080808080808080808080808080808080808', 3000, 3000, 4102444800000, 'curl',
   '192.0.2.8', NULL, 1);
INSERT INTO tokens (id, user_id, name, token, created_at, used_at) VALUES
  (1, 2, 'kettle', X'0707070707070707070707070707070707070707070707070707070707070707', 2500, NULL);
INSERT INTO channels (id, name, name_key, topic, created_at, created_by, member_count, revision, last_number, facts_revision,
                      place_revision, look_drawn, look_folded) VALUES
  (1, 'tea', 'tea', 'green', 4000, 1, 2, 5, 3, 5, 5, 'tea', 'tea'),
  (2, 'kitchen', 'kitchen', '', 4500, 2, 1, 0, 0, 0, 6, 'kitchen', 'kitchen');
INSERT INTO members (channel_id, user_id, joined_at, read_number, own_revision, read_step, own_above) VALUES
  (1, 1, 4000, 0, 4, 4, 1),
  (1, 2, 4100, 2, 5, 5, 0),
  (2, 3, 4600, 0, 2, 2, 0);
INSERT INTO departures (user_id, channel_id, own_revision) VALUES (2, 2, 6);
INSERT INTO messages (channel_id, number, revision, posted_revision, author_id, key, created_at, deleted_at, attachments,
                      text) VALUES
  (1, 1, 1, 1, 1, X'000102030405060708090A0B0C0D0E0F', 5000, NULL, 0, 'the kettle is on'),
  (1, 2, 2, 2, 2, X'101112131415161718191A1B1C1D1E1F', 5100, NULL, 0, '水开了'),
  (1, 3, 4, 3, 1, X'202122232425262728292A2B2C2D2E2F', 5200, 5300, 0, '');
INSERT INTO sums VALUES ('', 0, 0, 5);
