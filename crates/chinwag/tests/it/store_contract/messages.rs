//! Posting, deleting, and reading what is there.

use std::sync::Arc;

use chinwag::model::events::Event;
use chinwag::model::ids::{ChannelId, Number, Revision, UploadId};
use chinwag::model::messages::{Message, PageAt};
use chinwag::model::permissions::Denial;
use chinwag::model::text::MessageText;
use chinwag::store::{DeleteOutcome, Error, PostOutcome};

use super::world::{Backend, NOW, World, message};

pub async fn the_same_key_answers_the_first_message(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let mut new = message(tea, ada, "hello");
    let PostOutcome::Posted(first) = world.store.post_message(new.clone()).await.unwrap() else {
        panic!("not posted");
    };
    world.say(tea, ada, "between").await;
    world.heard();
    new.at = NOW.plus_ms(1_000);
    let again = world.store.post_message(new.clone()).await.unwrap();
    assert_eq!(again, PostOutcome::Replayed(first.clone()));

    let (tombstone, _) = world.delete(&first).await;
    world.heard();
    new.text = MessageText::parse("whatever", false).unwrap();
    let late = world.store.post_message(new).await.unwrap();
    assert_eq!(late, PostOutcome::Replayed(tombstone));
    assert_eq!(world.heard(), []);
    assert_eq!(world.everything(tea).await.len(), 2);
}

pub async fn a_key_serves_one_text_in_one_channel(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let (tea, milk) = (world.channel("tea", ada).await, world.channel("milk", ada).await);
    let new = message(tea, ada, "hello");
    world.store.post_message(new.clone()).await.unwrap();
    world.heard();

    let mut other_text = new.clone();
    other_text.text = MessageText::parse("hello!", false).unwrap();
    let mut other_channel = new.clone();
    other_channel.channel = milk;
    let mut other_files = new.clone();
    other_files.attachments = vec![UploadId([9; 16])];
    for other in [other_text, other_channel, other_files] {
        assert_eq!(world.store.post_message(other).await.unwrap(), PostOutcome::KeyReused);
    }
    assert_eq!(world.heard(), []);

    let mut other_author = new;
    other_author.author = bob;
    let posted = world.store.post_message(other_author).await.unwrap();
    assert!(matches!(posted, PostOutcome::Posted(_)), "a key is the author's own");
}

pub async fn a_refused_post_takes_no_number(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let nowhere = world.store.post_message(message(ChannelId(99), ada, "x")).await;
    assert!(matches!(nowhere, Err(Error::Denied(Denial::NotFound))));
    let mut with_file = message(tea, ada, "x");
    with_file.attachments = vec![UploadId([9; 16])];
    let refused = world.store.post_message(with_file).await.unwrap();
    assert_eq!(refused, PostOutcome::NoUpload(UploadId([9; 16])));
    let posted = world.say(tea, ada, "first").await;
    assert_eq!((posted.number, posted.revision), (Number(1), Revision(1)));
}

pub async fn posting_joins(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.say(tea, ada, "one").await;
    world.heard();
    let posted = world.say(tea, bob, "two").await;
    let mut heard = world.heard();
    assert!(matches!(heard.remove(0), Event::LineWritten(line) if line.number == Number(2)));
    assert!(
        matches!(&heard[0], Event::MemberJoined { user, member_count: 2, .. } if user.id == bob)
    );
    let view = world.store.channel(tea, bob).await.unwrap().unwrap();
    let joined = Event::MembershipChanged { user: bob, view: view.clone() };
    assert_eq!(heard[1..], [joined, Event::MessagePosted(posted)]);
    let membership = view.membership.unwrap();
    assert_eq!((membership.read.number, membership.unread), (Number(3), 0));
}

pub async fn deleting_leaves_a_tombstone(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    let first = world.say(tea, ada, "secret").await;
    world.say(tea, ada, "stays").await;
    world.heard();
    let delete = |number, by| world.store.delete_message(tea, number, by, NOW.plus_ms(7));
    assert_eq!(delete(first.number, bob).await.unwrap(), DeleteOutcome::NotAuthor);
    assert_eq!(delete(Number(3), ada).await.unwrap(), DeleteOutcome::NotFound);
    assert_eq!(world.heard(), []);

    let tombstone = Message {
        revision: Revision(3),
        text: String::new(),
        deleted_at: Some(NOW.plus_ms(7)),
        ..first.clone()
    };
    let deleted = delete(first.number, ada).await.unwrap();
    assert_eq!(deleted, DeleteOutcome::Deleted(tombstone.clone(), Vec::new()));
    let [Event::MessageDeleted { message, last_message, head: None }] = &world.heard()[..] else {
        panic!("one event");
    };
    assert_eq!(message, &tombstone);
    assert_eq!(last_message.as_ref().map(|last| last.number), Some(Number(2)), "what stays");
    let again = delete(first.number, ada).await.unwrap();
    assert_eq!(again, DeleteOutcome::AlreadyDeleted(tombstone.clone()));
    assert_eq!(world.heard(), []);
    assert_eq!(world.everything(tea).await[0], tombstone);
}

pub async fn pages_meet_at_their_edges(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let look = async |at, limit| {
        let page = world.store.messages(tea, ada, at, limit).await.unwrap().unwrap();
        let numbers: Vec<_> = page.messages.iter().map(|message| message.number.0).collect();
        (numbers, page.has_older, page.has_newer)
    };
    for at in [PageAt::Newest, PageAt::Before(Number(5)), PageAt::After(Number(0))] {
        assert_eq!(look(at, 10).await, (vec![], false, false), "an empty channel");
    }
    for _ in 0..10 {
        world.say(tea, ada, "x").await;
    }
    let (before, after) = (|n| PageAt::Before(Number(n)), |n| PageAt::After(Number(n)));
    for (at, limit, seen) in [
        (PageAt::Newest, 3, (vec![8, 9, 10], true, false)),
        (PageAt::Newest, 10, ((1..=10).collect(), false, false)),
        (PageAt::Newest, 11, ((1..=10).collect(), false, false)),
        (before(8), 3, (vec![5, 6, 7], true, true)),
        (before(2), 3, (vec![1], false, true)),
        (before(1), 3, (vec![], false, true)),
        (before(99), 2, (vec![9, 10], true, false)),
        (before(i64::MIN), 2, (vec![], false, true)),
        (after(0), 2, (vec![1, 2], false, true)),
        (after(8), 2, (vec![9, 10], true, false)),
        (after(10), 2, (vec![], true, false)),
        (after(i64::MAX), 2, (vec![], true, false)),
        (after(-7), 1, (vec![1], false, true)),
        (PageAt::Newest, 0, (vec![10], true, false)),
    ] {
        assert_eq!(look(at, limit).await, seen, "{at:?}, {limit}");
    }
    let page = world.store.messages(tea, ada, before(5), 2).await.unwrap().unwrap();
    assert_eq!((page.revision, page.last_number), (Revision(10), Number(10)));
    assert_eq!(world.store.messages(ChannelId(99), ada, PageAt::Newest, 1).await.unwrap(), None);
}

pub async fn ten_thousand_rows_page_like_one_list(backend: &dyn Backend) {
    const ROWS: i64 = 10_000;
    let world = Arc::new(World::open(backend));
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let writers: Vec<_> = (0..100)
        .map(|_| {
            let world = Arc::clone(&world);
            tokio::spawn(async move {
                for _ in 0..ROWS / 100 {
                    world.say(tea, ada, "row").await;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let up = world.everything(tea).await;
    let mut down = Vec::new();
    let mut at = PageAt::Newest;
    loop {
        let page = world.store.messages(tea, ada, at, 97).await.unwrap().unwrap();
        at = PageAt::Before(page.messages[0].number);
        down.extend(page.messages.into_iter().rev());
        if !page.has_older {
            break;
        }
    }
    down.reverse();
    assert_eq!(up, down);
    assert!(up.iter().map(|message| message.number.0).eq(1..=ROWS));
}

pub async fn changes_hold_each_row_once_in_its_present_form(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let mut said = Vec::new();
    for _ in 0..6 {
        said.push(world.say(tea, ada, "x").await);
    }
    world.delete(&said[1]).await;
    world.delete(&said[4]).await;
    let look = async |since, limit| {
        let changes = world.store.changes(tea, ada, Revision(since), limit).await.unwrap().unwrap();
        assert_eq!(changes.revision, Revision(8));
        assert_eq!(changes.view, world.store.channel(tea, ada).await.unwrap().unwrap());
        let last = changes.messages.last().map_or(Revision(8), |row| row.revision);
        assert_eq!(changes.reached, if changes.complete { Revision(8) } else { last });
        let rows: Vec<_> =
            changes.messages.iter().map(|row| (row.number.0, row.revision.0)).collect();
        (rows, changes.complete)
    };
    let all = vec![(1, 1), (3, 3), (4, 4), (6, 6), (2, 7), (5, 8)];
    assert_eq!(look(0, 500).await, (all.clone(), true));
    assert_eq!(look(-5, 6).await, (all.clone(), true));
    assert_eq!(look(0, 5).await, (all[..5].to_vec(), false));
    assert_eq!(look(4, 500).await, (all[3..].to_vec(), true));
    assert_eq!(look(7, 500).await, (all[5..].to_vec(), true));
    assert_eq!(look(8, 500).await, (vec![], true));
    assert_eq!(look(99, 500).await, (vec![], true));
    assert_eq!(world.store.changes(ChannelId(99), ada, Revision(0), 5).await.unwrap(), None);
}

pub async fn digests_are_equal_when_the_rows_are(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let (tea, milk) = (world.channel("tea", ada).await, world.channel("milk", ada).await);
    let digest =
        async |channel, last| world.store.digest(channel, ada, last).await.unwrap().unwrap().digest;
    // SHA-256 of nothing, and of "1:1\n2:2\n".
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(digest(tea, 100).await, nothing);
    for channel in [tea, tea, milk, milk] {
        world.say(channel, ada, "x").await;
    }
    assert_eq!(
        digest(tea, 100).await,
        "3429318705e58034e57acd8cfe5d09ec0e3226a7f9fecc27e5d29301e4d71928"
    );
    assert_eq!(digest(tea, 100).await, digest(milk, 100).await);
    assert_ne!(digest(tea, 1).await, digest(tea, 2).await);
    let newest = world.everything(milk).await.remove(1);
    world.delete(&newest).await;
    assert_ne!(digest(tea, 100).await, digest(milk, 100).await);
    let told = world.store.digest(milk, ada, 100).await.unwrap().unwrap();
    assert_eq!((told.channel, told.revision), (milk, Revision(3)));
    assert_eq!(world.store.digest(ChannelId(99), ada, 1).await.unwrap(), None);
}
