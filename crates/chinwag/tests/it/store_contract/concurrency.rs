//! Many commands at once: their order and completeness. Closing a store and opening it again.

use std::collections::HashSet;
use std::sync::Arc;

use chinwag::model::events::Event;
use chinwag::model::ids::{ChannelId, UserId};
use chinwag::model::messages::Message;
use chinwag::store::{Error, PostOutcome};

use super::world::{Backend, World, message};

const WRITERS: usize = 50;
const EACH: usize = 20;

/// Fifty people post in four channels, send half of their messages again, and delete every third.
async fn chatter(world: &Arc<World>) -> Vec<ChannelId> {
    let ada = world.person("Ada").await;
    let mut channels = Vec::new();
    for name in ["tea", "milk", "jam", "toast"] {
        channels.push(world.channel(name, ada).await);
    }
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let author = world.person(&format!("writer {writer}")).await;
        let (world, channels) = (Arc::clone(world), channels.clone());
        writers.push(tokio::spawn(async move {
            for turn in 0..EACH {
                speak(&world, channels[(writer + turn) % channels.len()], author, turn).await;
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    channels
}

async fn speak(world: &World, channel: ChannelId, author: UserId, turn: usize) {
    let new = message(channel, author, &format!("turn {turn}"));
    let PostOutcome::Posted(posted) = world.store.post_message(new.clone()).await.unwrap() else {
        panic!("not posted");
    };
    assert!(world.has_heard(&posted), "answered before the hook heard of it");
    if turn.is_multiple_of(2) {
        let again = world.store.post_message(new).await.unwrap();
        assert!(matches!(again, PostOutcome::Replayed(_)));
    }
    if turn.is_multiple_of(3) {
        let (tombstone, _) = world.delete(&posted).await;
        assert!(world.has_heard(&tombstone), "answered before the hook heard of it");
    }
}

pub async fn numbers_and_revisions_have_no_holes(backend: &dyn Backend) {
    let world = Arc::new(World::open(backend));
    let channels = chatter(&world).await;
    let mut rows = 0;
    for channel in channels {
        let all = world.everything(channel).await;
        assert!(all.iter().map(|message| message.number.0).eq(1..=all.len() as i64));
        let gone = |message: &&Message| message.deleted_at.is_some() && message.line.is_none();
        let deleted = all.iter().filter(gone).count();
        let revisions: HashSet<_> = all.iter().map(|message| message.revision.0).collect();
        assert_eq!(revisions.len(), all.len(), "a revision belongs to one row");
        let head = world.store.channel(channel, UserId(1)).await.unwrap().unwrap().channel;
        // A line that went on has only the last of its revisions.
        assert!(head.revision.0 as usize >= all.len() + deleted);
        assert_eq!(head.last_number.0 as usize, all.len());
        assert_eq!(revisions.iter().max(), Some(&head.revision.0));
        rows += all.iter().filter(|message| message.line.is_none()).count();
    }
    assert_eq!(rows, WRITERS * EACH);
}

pub async fn every_change_is_heard_once_before_its_answer(backend: &dyn Backend) {
    let world = Arc::new(World::open(backend));
    let channels = chatter(&world).await;
    let heard = world.heard();
    for channel in channels {
        let order = heard.iter().filter_map(|event| match event {
            Event::MessagePosted(message)
            | Event::LineWritten(message)
            | Event::MessageDeleted { message, .. }
                if message.channel == channel =>
            {
                Some(message.revision.0)
            }
            _ => None,
        });
        let head = world.store.channel(channel, UserId(1)).await.unwrap().unwrap().channel.revision;
        assert!(order.eq(1..=head.0), "the hook's order is the order of the revisions");
    }
}

pub async fn a_caller_who_gives_up_loses_no_event(backend: &dyn Backend) {
    let world = Arc::new(World::open(backend));
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    world.heard();
    for _ in 0..40 {
        let asking = Arc::clone(&world);
        let post = tokio::spawn(async move {
            asking.store.post_message(message(tea, ada, "never mind")).await
        });
        tokio::task::yield_now().await;
        post.abort();
        let _given_up = post.await;
    }
    // Commands run in the order in which they were sent, so all earlier ones have run after this one.
    world.say(tea, ada, "last").await;
    let heard = world.heard();
    let stored = world.everything(tea).await;
    let told: Vec<_> = heard
        .into_iter()
        .filter_map(|event| match event {
            Event::MessagePosted(message) => Some(message),
            // Ada's own mark moves with each message.
            Event::ReadMoved { .. } => None,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, stored);
}

pub async fn a_closed_store_says_so(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    // Commands that are queued are still answered.
    let last = tokio::spawn({
        let store = Arc::clone(&world.store);
        async move { store.post_message(message(tea, ada, "last")).await }
    });
    world.store.close().await;
    assert!(matches!(last.await.unwrap(), Ok(PostOutcome::Posted(_)) | Err(Error::Closed)));
    world.store.close().await;
    assert!(matches!(world.store.heads(ada).await, Err(Error::Closed)));
    let late = world.store.post_message(message(tea, ada, "late")).await;
    assert!(matches!(late, Err(Error::Closed)));
}

pub async fn a_restart_keeps_everything(backend: &dyn Backend) {
    let world = Arc::new(World::open(backend));
    let channels = chatter(&world).await;
    let mut before = Vec::new();
    for &channel in &channels {
        before.push(world.everything(channel).await);
    }
    let new = message(channels[0], UserId(1), "kept");
    let PostOutcome::Posted(first) = world.store.post_message(new.clone()).await.unwrap() else {
        panic!("not posted");
    };
    before[0].push(first.clone());
    world.store.close().await;
    drop(world);

    let world = World::open(backend);
    for (&channel, before) in channels.iter().zip(&before) {
        assert_eq!(&world.everything(channel).await, before);
    }
    let again = world.store.post_message(new).await.unwrap();
    assert_eq!(again, PostOutcome::Replayed(first));
    let next = world.say(channels[0], UserId(1), "next").await;
    assert_eq!(next.number.0 as usize, before[0].len() + 1);
}
