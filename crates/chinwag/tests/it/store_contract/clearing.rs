//! Clearing a channel: what was cleared is gone for everybody at once, and its rows soon.

use chinwag::model::channels::MarkKind;
use chinwag::model::events::Event;
use chinwag::model::ids::{ChannelId, Number, Revision, UserId};
use chinwag::model::lines::LineKind;
use chinwag::model::log::Act;
use chinwag::model::messages::PageAt;
use chinwag::model::order::Reason;
use chinwag::model::permissions::Denial;
use chinwag::store::{DeleteOutcome, Error, Grounds, LogFilter, PostOutcome};

use super::world::{Backend, NOW, World, doer, message, topic};

/// What is read of a channel in every way that there is.
async fn read(world: &World, channel: ChannelId, viewer: UserId) -> Vec<i64> {
    let store = &world.store;
    let page = store.messages(channel, viewer, PageAt::Newest, 100).await.unwrap().unwrap();
    let numbers: Vec<i64> = page.messages.iter().map(|row| row.number.0).collect();
    let from_first = world.everything_as(channel, viewer).await;
    assert!(from_first.iter().map(|row| row.number.0).eq(numbers.iter().copied()));
    let changes = store.changes(channel, viewer, Revision(0), 500).await.unwrap().unwrap();
    let mut changed: Vec<i64> = changes.messages.iter().map(|row| row.number.0).collect();
    changed.sort_unstable();
    assert_eq!(changed, numbers);
    assert!(!page.has_older && !page.has_newer);
    numbers
}

pub async fn what_was_cleared_is_gone_at_once_and_its_rows_soon(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    for _ in 0..600 {
        world.say(tea, ada, "old").await;
    }
    let file = world.upload(ada, "old.png").await;
    let mut with_file = message(tea, ada, "secret");
    with_file.attachments = vec![file];
    let PostOutcome::Posted(last) = world.store.post_message(with_file).await.unwrap() else {
        panic!("not posted");
    };
    let grounds = || Grounds { reason: Reason::Spam, note: String::new() };
    world.store.report_message(doer(bob), tea, last.number, grounds()).await.unwrap();
    let meanwhile = world.say(tea, bob, "meanwhile").await;
    let denied = world.store.clear_channel(tea, doer(bob), last.number).await;
    assert!(matches!(denied, Err(Error::Denied(Denial::Forbidden))));
    world.heard();
    let cleared = world.store.clear_channel(tea, doer(ada), last.number).await.unwrap();
    assert_eq!(cleared.floor, last.number);
    assert_eq!(cleared.last_message.as_ref().unwrap().number, meanwhile.number);
    let heard = world.heard();
    let [
        Event::ReportsChanged { open: 0 },
        Event::ChannelChanged { channel, .. },
        Event::LineWritten(line),
    ] = &heard[..]
    else {
        panic!("{heard:?}");
    };
    assert_eq!((channel, line.line.as_ref().unwrap().kind), (&cleared, LineKind::Cleared));
    assert_eq!(line.revision.0, cleared.revision.0 + 1);

    // The same before and after the rows are removed, some at a time.
    let (mut freed, mut sweeps) = (Vec::new(), 0);
    loop {
        assert_eq!(read(&world, tea, bob).await, [meanwhile.number.0, line.number.0]);
        let upload = world.store.readable_upload(file, ada).await.unwrap();
        assert_eq!(upload, None, "its file is for nobody, also not for whoever sent it");
        let gone = world.store.delete_message(tea, last.number, ada, NOW).await.unwrap();
        assert_eq!(gone, DeleteOutcome::NotFound);
        let gone = world.store.remove_message(doer(ada), tea, last.number, grounds()).await;
        assert_eq!(gone.unwrap(), DeleteOutcome::NotFound);
        let Some(files) = world.store.sweep_deleted_channels().await.unwrap() else { break };
        freed.extend(files);
        sweeps += 1;
    }
    assert_eq!((freed, sweeps), (vec![file], 2));
    // Numbers are not given again.
    assert_eq!(world.say(tea, bob, "new").await.number.0, line.number.0 + 1);
    // Once is enough, and less than that is nothing.
    world.heard();
    let again = world.store.clear_channel(tea, doer(ada), Number(5)).await.unwrap();
    assert_eq!((again.floor, world.heard()), (last.number, Vec::new()));
    backend.make_owner(ada);
    let filter = LogFilter { act: Some(Act::ClearChannel), ..LogFilter::default() };
    let log = world.store.log(ada, filter).await.unwrap().entries;
    assert_eq!((log.len(), log[0].number, log[0].by), (1, Some(last.number), Some(ada)));
    assert!(world.store.reported_messages(ada).await.unwrap().is_empty(), "no copy is left");
}

pub async fn a_key_of_what_was_cleared_stays_used(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let new = message(tea, ada, "once");
    let PostOutcome::Posted(first) = world.store.post_message(new.clone()).await.unwrap() else {
        panic!("not posted");
    };
    world.store.clear_channel(tea, doer(ada), first.number).await.unwrap();
    let rows = world.everything(tea).await;
    for _ in 0..2 {
        let again = world.store.post_message(new.clone()).await.unwrap();
        let PostOutcome::Replayed(told) = again else { panic!("{again:?}") };
        assert_eq!((told.number, told.text.as_str()), (first.number, ""));
        assert!(told.deleted_at.is_some());
        assert_eq!(world.everything(tea).await, rows, "nothing is posted");
        while world.store.sweep_deleted_channels().await.unwrap().is_some() {}
    }
}

pub async fn clearing_leaves_the_counts_of_unread_messages_right(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    for _ in 0..3 {
        world.say(tea, ada, "unread").await;
    }
    world.say(tea, bob, "over what he has not read").await;
    let gone = world.say(tea, ada, "deleted").await;
    world.delete(&gone).await;
    let unread = async || {
        let view = world.store.channel(tea, bob).await.unwrap().unwrap();
        view.membership.unwrap().unread
    };
    assert_eq!(unread().await, 3);
    let kept = world.say(tea, ada, "kept").await;
    world.say(tea, bob, "his own").await;
    world.store.clear_channel(tea, doer(ada), Number(kept.number.0 - 1)).await.unwrap();
    for _ in 0..2 {
        assert_eq!(unread().await, 1, "what is left by others");
        while world.store.sweep_deleted_channels().await.unwrap().is_some() {}
    }
    let mark = async |number| {
        let told = world.store.mark_read(tea, bob, Number(number), MarkKind::Mark).await;
        told.unwrap().unwrap()
    };
    let below = mark(0).await;
    assert_eq!((below.read.number.0, below.unread), (kept.number.0 - 1, 1), "not below the floor");
    assert_eq!(mark(kept.number.0).await.unread, 0);
    // All of it, and his own with it.
    let last = world.store.channel(tea, bob).await.unwrap().unwrap().channel.last_number;
    mark(0).await;
    world.store.clear_channel(tea, doer(ada), last).await.unwrap();
    assert_eq!(unread().await, 0);
    world.say(tea, ada, "new").await;
    assert_eq!(unread().await, 1);
    world.set_topic(tea, ada, topic("new")).await.unwrap();
    assert_eq!(unread().await, 1);
}
