//! What SQL has written into a data folder: states that take too long to reach, those that versions
//! before left, and those that the check has to find.

use std::fs;
use std::sync::Arc;

use chinwag::model::channels::{MAX_MEMBERSHIPS, MarkKind};
use chinwag::model::ids::{Number, UserId};
use chinwag::store::sqlite::Finding;
use chinwag::store::{Constraint, Error, Members, NewSession, PostOutcome, Store};

use super::sqlite::{Folder, reopen};
use super::world::{NOW, World, message, session};

/// Runs SQL on the closed database. The sums are made again when it is opened.
fn rewrite(folder: &Folder, sql: &str) {
    let db = rusqlite::Connection::open(folder.database()).unwrap();
    db.execute_batch(&format!("BEGIN; {sql} DELETE FROM sums; COMMIT;")).unwrap();
    db.close().unwrap();
}

/// Far above a mark a person's own messages are counted from what was counted before.
#[tokio::test]
async fn a_mark_that_moves_far_below_the_newest_message_counts_by_what_it_passes() {
    let folder = Folder::new();
    let world = World::open(&folder);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    world.store.close().await;
    drop(world);
    // Bob wrote all of it, but every 250th message.
    rewrite(
        &folder,
        "DELETE FROM messages;
         UPDATE channels SET last_quiet = 0;
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000)
         INSERT INTO messages (channel_id, number, revision, posted_revision, author_id, key,
                               created_at, attachments, text)
         SELECT 1, i, i, i, 1 + (i % 250 <> 0), randomblob(16), 0, 0, 'x' FROM n;
         UPDATE channels SET last_number = 25000, last_in_run = 25000, revision = 25000;
         UPDATE members SET own_above = 24900, read_number = 0 WHERE user_id = 2;
         UPDATE members SET own_above = 100 WHERE user_id = 1;",
    );
    let store = Arc::new(reopen(&folder).unwrap());
    // The last move is too far, and ends too far below: 100 numbers above it count as unread.
    for (number, unread) in [(5_000, 80), (1_000, 96), (14_900, 140), (24_000, 4)] {
        let marked = store.mark_read(tea, bob, Number(number), MarkKind::Mark).await.unwrap();
        assert_eq!(marked.unwrap().unread, unread, "marked at {number}");
        assert_eq!(store.check().await.unwrap().findings, []);
    }
    store.close().await;
}

#[tokio::test]
async fn nobody_is_in_more_channels_than_one_person_may_and_what_was_posted_is_known() {
    let folder = Folder::new();
    let world = World::open(&folder);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let (tea, milk) = (world.channel("tea", ada).await, world.channel("milk", ada).await);
    let new = message(tea, bob, "hi");
    let PostOutcome::Posted(said) = world.store.post_message(new.clone()).await.unwrap() else {
        panic!("not posted");
    };
    world.store.leave(tea, bob, NOW).await.unwrap();
    world.store.close().await;
    drop(world);
    let most = MAX_MEMBERSHIPS - 1;
    rewrite(
        &folder,
        &format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {most})
             INSERT INTO channels (name, name_key, topic, created_at, created_by, member_count)
             SELECT 'c' || i, 'c' || i, '', 0, 1, 1 FROM n;
             INSERT INTO members (channel_id, user_id, joined_at)
             SELECT id, 2, 0 FROM channels WHERE name LIKE 'c%';"
        ),
    );
    let world = World::open(&folder);
    assert!(world.store.join(milk, bob, NOW).await.is_ok(), "the last one");
    let refused = world.store.join(tea, bob, NOW).await;
    assert!(matches!(refused, Err(Error::Conflict(Constraint::Memberships))), "{refused:?}");
    let again = world.store.post_message(new).await.unwrap();
    assert_eq!(again, PostOutcome::Replayed(said));
    let refused = world.store.post_message(message(tea, bob, "one more")).await;
    assert!(matches!(refused, Err(Error::Conflict(Constraint::Memberships))), "{refused:?}");
    world.store.close().await;
}

/// Sessions of a version that did not know their devices.
#[tokio::test]
async fn a_session_of_before_is_on_a_device_of_its_own_person_when_that_is_seen() {
    let folder = Folder::new();
    let world = World::open(&folder);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let signs_in = async |user| {
        let new = session();
        let device = new.device.unwrap();
        (world.sign_in(user, new).await, device)
    };
    let ((first, used), (second, lost)) = (signs_in(ada).await, signs_in(ada).await);
    let (_, of_bob) = signs_in(bob).await;
    world.store.close().await;
    drop(world);
    rewrite(&folder, "UPDATE sessions SET device_id = NULL;");
    let world = World::open(&folder);
    let store = &world.store;
    for (device, found) in [(of_bob, None), (used, first.device), (lost, first.device)] {
        let touched = store.touch_session(first.id, NOW, NOW, String::new(), Some(device));
        touched.await.unwrap();
        let sessions = store.sessions_of(ada, NOW).await.unwrap();
        let touched = sessions.iter().find(|one| one.id == first.id).unwrap();
        assert_eq!(touched.device, found);
    }
    let holds = async |device, user| store.device_holds(device, user).await.unwrap();
    let shared = NewSession { device: None, ..session() };
    let shared = world.sign_in(ada, shared).await;
    store.end_session(ada, shared.id, true).await.unwrap();
    assert!(holds(lost, ada).await, "a computer of others is none of hers");
    store.end_session(ada, second.id, true).await.unwrap();
    assert!(!holds(lost, ada).await, "it may be the one that is logged out");
    assert!(holds(used, ada).await && holds(of_bob, bob).await);
    store.close().await;
}

#[tokio::test]
async fn the_check_names_what_does_not_fit_about_threads() {
    let folder = Folder::new();
    let world = World::open(&folder);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    let root = world.say(tea, ada, "who comes?").await;
    world.reply(&root, bob, "me", false).await;
    let no = world.reply(&root, bob, "or not", false).await;
    world.reply(&root, ada, "good", true).await;
    world.delete(&no).await;
    world.store.close().await;
    drop(world);
    let sound = fs::read(folder.database()).unwrap();
    let store = reopen(&folder).unwrap();
    assert_eq!(store.check().await.unwrap().findings, []);
    store.close().await;
    // Rows: the root, a line as Bob comes in, his replies, and Ada's, which is in the run too.
    for (damage, finding) in [
        ("UPDATE messages SET gap = 1 WHERE number = 5;", Finding::Run(tea)),
        ("UPDATE messages SET off_count = 0 WHERE number = 4;", Finding::Run(tea)),
        ("UPDATE channels SET off_count = 1;", Finding::Run(tea)),
        ("UPDATE channels SET last_in_run = 2;", Finding::Run(tea)),
        ("UPDATE members SET read_off = 5 WHERE user_id = 1;", Finding::Run(tea)),
        ("UPDATE threads SET replies = 3;", Finding::Threads(tea)),
        ("UPDATE threads SET last_number = 4;", Finding::Threads(tea)),
        ("UPDATE messages SET thread = 0;", Finding::Threads(tea)),
        ("DELETE FROM threads;", Finding::Threads(tea)),
        ("UPDATE messages SET root = 5 WHERE number = 3;", Finding::Threads(tea)),
        (
            "UPDATE follows SET own_revision = 99;",
            Finding::Streams("somebody's own stream stands before one of its changes"),
        ),
    ] {
        fs::write(folder.database(), &sound).unwrap();
        rewrite(&folder, damage);
        let store = reopen(&folder).unwrap();
        assert_eq!(store.check().await.unwrap().findings, [finding], "{damage}");
        store.close().await;
    }
}

#[tokio::test]
async fn the_check_names_each_thing_that_does_not_fit() {
    let folder = Folder::new();
    let world = World::open(&folder);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    world.store.leave(tea, bob, NOW).await.unwrap();
    world.say(tea, ada, "one").await;
    let two = world.say(tea, ada, "two").await;
    world.reword(&two, "2").await;
    world.react(&two, ada, "👍", true).await;
    let three = world.say(tea, ada, "three").await;
    world.delete(&three).await;
    let mut four = message(tea, ada, "@Bob four");
    four.mentions = world.store.called(ada, "@Bob four").await.unwrap();
    world.store.post_message(four).await.unwrap();
    world.store.pin(tea, two.number, ada, true, NOW).await.unwrap();
    world.upload(ada, "a.png").await;
    world.store.close().await;
    drop(world);
    let sound = fs::read(folder.database()).unwrap();
    let own = || Finding::Streams("somebody's own stream stands before one of its changes");
    let place = || Finding::Streams("the place's stream stands before one of its changes");
    for (damage, finding) in [
        ("UPDATE users SET account_revision = 99 WHERE id = 2;", own()),
        ("UPDATE members SET own_revision = 99;", own()),
        ("UPDATE members SET read_step = 99;", own()),
        ("UPDATE departures SET own_revision = 99;", own()),
        ("UPDATE users SET place_revision = 99 WHERE id = 2;", place()),
        ("UPDATE channels SET place_revision = 99;", place()),
        ("UPDATE channels SET revision = 99;", Finding::Revisions(tea)),
        ("UPDATE messages SET posted_revision = 1;", Finding::Revisions(tea)),
        ("UPDATE messages SET posted_revision = 9 WHERE number = 2;", Finding::Revisions(tea)),
        ("UPDATE channels SET last_quiet = 0;", Finding::Quiet(tea)),
        ("UPDATE channels SET floor = 1;", Finding::Numbers(tea)),
        ("UPDATE messages SET attachments = 1 WHERE number = 2;", Finding::Attachments(tea)),
        ("UPDATE messages SET reactions = 1 WHERE number = 4;", Finding::Reactions(tea)),
        ("UPDATE messages SET reactions = 2 WHERE number = 3;", Finding::Reactions(tea)),
        ("UPDATE reaction_kinds SET count = 2;", Finding::Reactions(tea)),
        ("DELETE FROM reactions;", Finding::Reactions(tea)),
        ("DELETE FROM reaction_kinds;", Finding::Reactions(tea)),
        ("INSERT INTO reactions VALUES (1, 3, 1, 2, 1);", Finding::Reactions(tea)),
        ("UPDATE messages SET quote = 2 WHERE number = 2;", Finding::Quotes(tea)),
        ("UPDATE messages SET quote = -1 WHERE number = 2;", Finding::Quotes(tea)),
        ("UPDATE messages SET quote = 1 WHERE number = 4;", Finding::Quotes(tea)),
        ("UPDATE messages SET forwarded = 1 WHERE number = 2;", Finding::Forwards(tea)),
        ("INSERT INTO forwards VALUES (1, 2, 1, 0, 'x', 1, 3);", Finding::Forwards(tea)),
        ("UPDATE versions SET edit = 1;", Finding::Versions(tea)),
        ("INSERT INTO versions VALUES (1, 4, 0, 0, 'back');", Finding::Versions(tea)),
        (
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
             INSERT INTO versions SELECT 1, 3, i, 0, '' FROM n;
             UPDATE messages SET edits = 21 WHERE number = 3;",
            Finding::Versions(tea),
        ),
        ("UPDATE messages SET mentions = 2 WHERE number = 5;", Finding::Mentions(tea)),
        ("UPDATE messages SET mentions = 1 WHERE number = 3;", Finding::Mentions(tea)),
        ("UPDATE channels SET last_mention = 4;", Finding::Mentions(tea)),
        ("UPDATE messages SET pinned = 0;", Finding::Pins(tea)),
        ("UPDATE messages SET pinned = 1 WHERE number = 2;", Finding::Pins(tea)),
        ("DELETE FROM pins;", Finding::Pins(tea)),
        ("UPDATE activity SET number = 2;", Finding::Activity(tea)),
        ("UPDATE activity SET user_id = 1;", Finding::Activity(tea)),
        ("UPDATE activity SET kind = 2;", Finding::Activity(tea)),
        (
            "UPDATE place SET last_turn = 0;",
            Finding::Streams("the newest turn of what concerns people is not noted"),
        ),
        ("UPDATE channels SET member_count = 5;", Finding::Members(tea)),
        ("UPDATE members SET own_above = 5;", Finding::OwnAbove(tea)),
        ("UPDATE members SET read_number = 0;", Finding::OwnAbove(tea)),
        ("UPDATE stored SET bytes = bytes + 1 WHERE owner = 0;", Finding::Stored(UserId(0))),
        ("UPDATE stored SET bytes = bytes + 1 WHERE owner = 1;", Finding::Stored(ada)),
        ("INSERT INTO stored (owner, bytes) VALUES (2, 5);", Finding::Stored(bob)),
    ] {
        fs::write(folder.database(), &sound).unwrap();
        rewrite(&folder, damage);
        let store = reopen(&folder).unwrap();
        assert_eq!(store.check().await.unwrap().findings, [finding], "{damage}");
        store.close().await;
    }
}
