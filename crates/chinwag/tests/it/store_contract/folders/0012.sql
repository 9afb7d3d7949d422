-- The rows of a folder as a server of version 12 left it: a place with an owner, a moderator, a guest, somebody
-- deactivated and somebody at the door; public, private, archived and direct channels; removals, reports, the log.
-- It was read out of the database of a real server, which is why it has the sums.
PRAGMA foreign_keys = OFF;
DELETE FROM place;
DELETE FROM stored;
INSERT INTO users (id, name, name_key, created_at, password_hash, last_channel, language, theme, enter_sends, own_revision, account_revision, place_revision, look_drawn, look_folded, role, deactivated_at, muted_until, visit_ends_at, about, zone, status_emoji, status_text, status_until, deactivated_by, picture) VALUES
  (1, 'Ada', 'ada', 1795763596845, '$argon2id$v=19$m=19456,t=2,p=1$af9xxQ9OwZH83g+SCIpiMg$+t+n7j681kA97QIKKVyzowaIf0AUNGqDaZkHu99yR/o', 1, 'auto', 'auto', 0, 4, 3, 1, 'ada', 'ada', 'owner', NULL, NULL, NULL, '', '', '', '', NULL, NULL, NULL),
  (2, 'Bob', 'bob', 1795763597126, NULL, NULL, 'auto', 'auto', 0, 11, 10, 12, 'bob', 'bob', 'member', NULL, NULL, NULL, 'pours', 'Asia/Shanghai', '🍵', 'pouring', NULL, NULL, NULL),
  (3, 'Cleopatra', 'cleopatra', 1795763597153, NULL, NULL, 'auto', 'auto', 0, 9, 9, 13, 'cleopatra', 'cleopatra', 'member', NULL, NULL, NULL, '', '', '', '', NULL, NULL, NULL),
  (4, 'Dee', 'dee', 1795763597167, NULL, NULL, 'auto', 'auto', 0, 4, 4, 14, 'dee', 'dee', 'member', 1795763597770, NULL, NULL, '', '', '', '', NULL, 1, NULL),
  (5, 'Gus', 'gus', 1795763597182, NULL, NULL, 'auto', 'auto', 0, 3, 3, 6, 'gus', 'gus', 'guest', NULL, NULL, NULL, '', '', '', '', NULL, NULL, NULL),
  (6, 'Mo', 'mo', 1795763597191, '$argon2id$v=19$m=19456,t=2,p=1$b0kpuEkrt0z7C5JB9DMwRQ$GMphjwyu/xPlR41BwKbn5IVNzIuVDqApMGx3765fRK4', NULL, 'auto', 'auto', 0, 3, 3, 7, 'rno', 'rno', 'moderator', NULL, NULL, NULL, '', '', '', '', NULL, NULL, NULL);
INSERT INTO sessions (id, user_id, token, created_at, seen_at, expires_at, user_agent, address, device_id, shared) VALUES
  (1, 1, X'01166F7270C03F003BD24F565A5F8441E6EC8B6EE4BCF7AFAB742FD6D986C995', 1795763596845, 1795763596845, 1803539596845, 'Python-urllib/3.11', '127.0.0.1', 1, 0),
  (2, 2, X'491DA40231CF2786DB49548CCCAA47A55C3DD02D6B84A78629A6069C4C31355D', 1795763597126, 1795763597126, 1803539597126, 'Python-urllib/3.11', '127.0.0.1', 2, 0),
  (3, 3, X'6F121E1506E67102C99669A1A4374A943CB1850FAEA57B9331389F5E7C89DA3D', 1795763597153, 1795763597153, 1803539597153, 'Python-urllib/3.11', '127.0.0.1', 3, 0),
  (5, 5, X'35866351CC5704CC80836B45B8E21D4F198C5BFFCFF5226738C6F1E7EBBF99DB', 1795763597182, 1795763597182, 1803539597182, 'Python-urllib/3.11', '127.0.0.1', 5, 0),
  (6, 6, X'A7C5DED1CCD89A6A4AD349E13B1FB893C602F81CE86666B4C37D852B6A2DAD5D', 1795763597191, 1795763597191, 1803539597191, 'Python-urllib/3.11', '127.0.0.1', 6, 0);
INSERT INTO tokens (id, user_id, name, token, created_at, used_at) VALUES
  (1, 2, 'kettle', X'90887AFB90D1108E6B6CB8CC3FD34BBEF96FE51FB69735CCA0FF3C346A1574AE', 1795763597708, NULL);
INSERT INTO channels (id, name, name_key, topic, created_at, created_by, member_count, revision, last_number, facts_revision, place_revision, look_drawn, look_folded, kind, posting, locked_at, locked_by, archived_at, archived_by, muted_at, muted_by, slow_s, newcomers) VALUES
  (1, 'general', 'general', '', 1795763596845, 1, 6, 0, 0, 0, 2, 'general', 'general', 'public', 'everybody', NULL, NULL, NULL, NULL, NULL, NULL, 0, 1),
  (2, 'tea room', 'tea room', 'green', 1795763597270, 2, 3, 8, 5, 8, 9, 'tea roorn', 'tea roorn', 'public', 'everybody', NULL, NULL, NULL, NULL, NULL, NULL, 10, 0),
  (3, 'old', 'old', '', 1795763597691, 3, 1, 1, 0, 1, 11, 'old', 'old', 'public', 'everybody', NULL, NULL, 1795763597694, 3, NULL, NULL, 0, 0),
  (4, 'gone', ' 4', '', 1795763597793, 2, 1, 1, 0, 1, 15, '', '', 'private', 'everybody', NULL, NULL, NULL, NULL, NULL, NULL, 0, 0),
  (3507400667543980, '', ' 3507400667543980', '', 1795763597697, 2, 2, 1, 1, 0, 0, '', '', 'direct', 'everybody', NULL, NULL, NULL, NULL, NULL, NULL, 0, 0),
  (3510210765042002, 'secret', ' 3510210765042002', '', 1795763597685, 2, 3, 1, 1, 0, 0, '', '', 'private', 'everybody', NULL, NULL, NULL, NULL, NULL, NULL, 0, 0);
INSERT INTO members (channel_id, user_id, joined_at, read_number, own_revision, read_step, own_above, host, muted_until, wrote_at, hidden) VALUES
  (1, 1, 1795763596845, 0, 2, 2, 0, 1, NULL, NULL, 0),
  (1, 2, 1795763597126, 0, 1, 1, 0, 0, NULL, NULL, 0),
  (1, 3, 1795763597153, 0, 1, 1, 0, 0, NULL, NULL, 0),
  (1, 4, 1795763597167, 0, 1, 1, 0, 0, NULL, NULL, 0),
  (1, 5, 1795763597182, 0, 1, 1, 0, 0, NULL, NULL, 0),
  (1, 6, 1795763597191, 0, 1, 1, 0, 0, NULL, NULL, 0),
  (2, 1, 1795763597334, 0, 4, 4, 0, 0, NULL, NULL, 0),
  (2, 2, 1795763597270, 3, 5, 5, 0, 1, NULL, NULL, 0),
  (2, 3, 1795763597290, 0, 3, 2, 0, 0, 253402300799999, NULL, 0),
  (3, 3, 1795763597691, 0, 5, 5, 0, 1, NULL, NULL, 0),
  (4, 2, 1795763597793, 0, 11, 11, 0, 1, NULL, NULL, 0),
  (3507400667543980, 2, 1795763597697, 1, 9, 9, 0, 0, NULL, NULL, 0),
  (3507400667543980, 3, 1795763597699, 0, 7, 6, 0, 0, NULL, NULL, 1),
  (3510210765042002, 2, 1795763597685, 1, 7, 7, 0, 1, NULL, NULL, 0),
  (3510210765042002, 3, 1795763597685, 0, 4, 4, 0, 0, NULL, NULL, 0),
  (3510210765042002, 5, 1795763597685, 0, 2, 2, 0, 0, NULL, NULL, 0);
INSERT INTO messages (channel_id, number, revision, posted_revision, author_id, key, created_at, deleted_at, attachments, text) VALUES
  (2, 1, 1, 1, 2, X'01A21BD9F0437B62BBCB8C2B572E2F30', 1795763597379, NULL, 0, 'cup 0'),
  (2, 2, 2, 2, 2, X'01A21BD9F08575779E1AC9146FC3862C', 1795763597445, NULL, 0, 'cup 1'),
  (2, 3, 3, 3, 2, X'01A21BD9F0A67B9BB1B39FB0240D4483', 1795763597478, NULL, 0, 'cup 2'),
  (2, 4, 7, 4, 3, X'01A21BD9F0B47EDB970CEFB6FF4DAA97', 1795763597492, 1795763597586, 0, ''),
  (2, 5, 6, 5, 3, X'01A21BD9F0C574CE8EFEC6C444E99C4E', 1795763597509, 1795763597566, 0, ''),
  (3507400667543980, 1, 1, 1, 2, X'01A21BD9F1837DE0973758D4DAC49466', 1795763597699, NULL, 0, 'just us'),
  (3510210765042002, 1, 1, 1, 2, X'01A21BD9F1797863AEFB18B8DFE506EB', 1795763597689, NULL, 0, 'among us');
INSERT INTO instance (id, epoch) VALUES
  ('d48e5134374422677e81bbae12517c4b', '83b39b88ffbb83a9a53b42c8158a0460');
INSERT INTO place (revision, last_public_channel, name, about, way_in, needs_password) VALUES
  (16, 4, 'Tea house', '', 'approval', 0);
INSERT INTO devices (id, device, user_id, created_at, seen_at, user_agent, address) VALUES
  (1, X'B02DE7B68EE8B1BF797CBA606FE592083CE1470BCE91DE2ED7ECFFD84233C070', 1, 1795763596845, 1795763596845, 'Python-urllib/3.11', '127.0.0.1'),
  (2, X'C386DF732A7705B914ADFDDD664F9E04D1660282E757266FDD4B7F7BC2F35CB0', 2, 1795763597126, 1795763597126, 'Python-urllib/3.11', '127.0.0.1'),
  (3, X'03D1EEC0E43EDD71085A83DBD4DC7C640F02EC817AAAC64E59FDE62FB0B79641', 3, 1795763597153, 1795763597153, 'Python-urllib/3.11', '127.0.0.1'),
  (4, X'4144A1B97B02BCFAD0222E68212BC88B0E33B81C2DFE0E3AE3E4369595D99B17', 4, 1795763597167, 1795763597167, 'Python-urllib/3.11', '127.0.0.1'),
  (5, X'2E54F7CD594F4F7EFA49818E3C0E1D8D9897F418A2E31F356769E984BA97AF13', 5, 1795763597182, 1795763597182, 'Python-urllib/3.11', '127.0.0.1'),
  (6, X'D2D860083F583E39A519EE2A21064E09D61902D63880B7896FA8E3FBED4079E5', 6, 1795763597191, 1795763597191, 'Python-urllib/3.11', '127.0.0.1');
INSERT INTO sums (name, owner, run, sum) VALUES
  ('', 0, 0, 12),
  ('channels', 0, 0, 12541360072),
  ('delisted', 0, 0, 2057671449),
  ('departures', 0, 0, 861595847),
  ('devices', 0, 0, 9807360342),
  ('direct_people', 0, 0, 3545488160),
  ('directs', 0, 0, 2181353792),
  ('instance', 0, 0, 1407205487),
  ('invite_channels', 0, 0, 437092282),
  ('invites', 0, 0, 4218059153),
  ('kept_out', 0, 0, 2020298426),
  ('log', 0, 0, 24048495391),
  ('members', 0, 0, 42437695764),
  ('message_reports', 0, 0, 3337767296),
  ('messages', 2, 0, 9720717024),
  ('messages', 3507400667543980, 0, 2164119340),
  ('messages', 3510210765042002, 0, 4264058000),
  ('old_channel_names', 0, 0, 3682412753),
  ('old_names', 0, 0, 3171526246),
  ('place', 0, 0, 2035296332),
  ('removals', 0, 0, 2278447354),
  ('sessions', 0, 0, 6921580402),
  ('set_aside', 0, 0, 2949613375),
  ('stored', 0, 0, 4255377609),
  ('tokens', 0, 0, 2795062719),
  ('users', 0, 0, 17017519823),
  ('waiting', 0, 0, 3882437993);
INSERT INTO stored (owner, bytes) VALUES
  (0, 0);
INSERT INTO old_names (id, user_id, name_key, look_drawn, look_folded, ends_at) VALUES
  (1, 3, 'cleo', 'cleo', 'cleo', 1798355597705);
INSERT INTO kept_out (channel_id, user_id, at, by) VALUES
  (2, 4, 1795763597632, 2);
INSERT INTO delisted (channel_id, place_revision) VALUES
  (4, 16);
INSERT INTO departures (user_id, channel_id, own_revision, muted_until) VALUES
  (4, 2, 3, NULL);
INSERT INTO log (id, at, by, address, act, whom, channel_id, number, detail) VALUES
  (1, 1795763596845, 1, '127.0.0.1', 'become_owner', 1, NULL, NULL, ''),
  (2, 1795763597586, 2, '127.0.0.1', 'remove_message', 3, 2, 4, 'spam'),
  (3, 1795763597632, 2, '127.0.0.1', 'keep_out', 4, 2, NULL, ''),
  (4, 1795763597663, 2, '127.0.0.1', 'mute_in_channel', 3, 2, NULL, '253402300799999'),
  (5, 1795763597673, 2, '127.0.0.1', 'change_channel', NULL, 2, NULL, 'name: tea room'),
  (6, 1795763597673, 2, '127.0.0.1', 'change_channel', NULL, 2, NULL, 'slow: 10 s'),
  (7, 1795763597694, 3, '127.0.0.1', 'change_channel', NULL, 3, NULL, 'archived: true'),
  (8, 1795763597710, 1, '127.0.0.1', 'set_role', 5, NULL, NULL, 'guest'),
  (9, 1795763597747, 1, '127.0.0.1', 'set_role', 6, NULL, NULL, 'moderator'),
  (10, 1795763597758, 1, '127.0.0.1', 'make_invite', NULL, 2, NULL, ''),
  (11, 1795763597770, 1, '127.0.0.1', 'deactivate', 4, NULL, NULL, ''),
  (12, 1795763597782, 1, '127.0.0.1', 'set_place', NULL, NULL, NULL, 'Tea house · approval'),
  (13, 1795763597798, 2, '127.0.0.1', 'change_channel', NULL, 4, NULL, 'kind: private');
INSERT INTO removals (channel_id, number, reason, note, by, at) VALUES
  (2, 4, 'spam', '', 2, 1795763597586);
INSERT INTO message_reports (id, channel_id, number, author, by, at, reason, note, text, closed_at, closed_by, outcome) VALUES
  (1, 2, 2, 2, 4, 1795763597596, 'other', 'hm', 'cup 1', NULL, NULL, NULL);
INSERT INTO old_channel_names (id, channel_id, name_key) VALUES
  (1, 2, 'tea');
INSERT INTO invites (id, code, hash, label, made_by, made_at, role, door, expires_at, max_uses, uses, visit_ms, visit_ends_at, ended_at) VALUES
  (1, 'VfVYRhebwE93CW5vzUMAaQ', X'D1D07A1AD82EF11D47B247846914762FE184274520BAA8147BC739E6291A5DAC', '', 1, 1795763597758, 'guest', 'open', 1796368397758, NULL, 0, NULL, NULL, NULL);
INSERT INTO invite_channels (invite_id, channel_id) VALUES
  (1, 2);
INSERT INTO waiting (id, secret, name, name_key, block, says, password_hash, invite_id, asked_at, refused_at, refused_by, user_id, ends_at) VALUES
  (1, X'9E0A33443237769B8AEA3D65C1B84154976AD9E26798DF7586CEF743BC13E505', 'Wendy', 'wendy', '127.0.0.1', '', NULL, NULL, 1795763597789, NULL, NULL, NULL, 1795849997789);
INSERT INTO directs (channel_id, people) VALUES
  (3507400667543980, '2,3');
INSERT INTO direct_people (channel_id, user_id) VALUES
  (3507400667543980, 2),
  (3507400667543980, 3);
INSERT INTO set_aside (user_id, whom, kind) VALUES
  (3, 4, 'block');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence (name, seq) VALUES
  ('devices', 6),
  ('sessions', 6),
  ('log', 13),
  ('channels', 3510210765042002),
  ('message_reports', 1),
  ('tokens', 1),
  ('invites', 1),
  ('waiting', 1);
