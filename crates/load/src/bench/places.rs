//! The list of one's own places, read by somebody who is in a fifth of a large place: the store alone.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use chinwag::model::channels::ChannelState;
use chinwag::model::direct::People;
use chinwag::model::directory::{DirectoryOrder, DirectoryQuery, MAX_LISTED};
use chinwag::model::ids::{ChannelId, MessageKey, SecretHash, UserId};
use chinwag::model::names::{ChannelName, DisplayName};
use chinwag::model::text::{MessageText, Topic};
use chinwag::store::sqlite::SqliteStore;
use chinwag::store::{
    Channels, DirectConversations, Directory, Messages, NewChannel, NewDirect, NewMessage,
    NewSession, Store, Streams, Users,
};

use super::budgets::Samples;
use super::filling::{self, AT, Folder};
use super::setting::Bench;
use crate::ledger::histogram;

/// Public channels of the place.
const CHANNELS: usize = 5_000;
/// The reader is in every so many-th of them.
const EVERY: usize = 5;
/// Direct conversations of the reader, each with another person.
const CONVERSATIONS: usize = 300;
/// Messages by others in each place that the reader is in; none of them is read.
const MESSAGES: usize = 5;
/// Commands in flight while the place is filled.
const WIDTH: usize = 64;
/// Ids of direct conversations are above those of channels.
const FIRST_DIRECT: i64 = 1 << 40;
const READS: usize = 200;

/// Measures the list of the reader's own places, and pages of the directory.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    bench.cores.place_generator(false)?;
    let folder = Folder::new(bench, "places")?;
    filling::runtime()?.block_on(async {
        let store = filling::open(folder.path())?;
        let reader = fill(&store).await?;
        samples.add("places.list", list(&store, reader).await?);
        samples.add("places.directory", directory(&store, reader, "").await?);
        samples.add("places.find", directory(&store, reader, "49").await?);
        store.close().await;
        Ok(())
    })
}

/// The median of reading what the app starts from, in ms.
async fn list(store: &SqliteStore, reader: UserId) -> Result<f64> {
    let mut took_us = histogram();
    for _ in 0..READS {
        let started = Instant::now();
        let overview = store.overview(reader, ChannelId(0)).await?.context("the reader is gone")?;
        took_us.saturating_record(started.elapsed().as_micros() as u64);
        let unread = overview.channels.iter().filter_map(|view| view.membership);
        let unread: i64 = unread.map(|membership| membership.unread).sum();
        let places = CHANNELS / EVERY + CONVERSATIONS;
        ensure!(overview.channels.len() == places, "{} places", overview.channels.len());
        ensure!(unread as usize == places * MESSAGES, "{unread} unread");
    }
    Ok(took_us.value_at_quantile(0.5) as f64 / 1e3)
}

/// The median of reading a page of the directory, in ms.
async fn directory(store: &SqliteStore, reader: UserId, letters: &str) -> Result<f64> {
    let mut took_us = histogram();
    for _ in 0..READS {
        let query = DirectoryQuery {
            letters: letters.to_owned(),
            order: DirectoryOrder::Name,
            after: None,
            limit: MAX_LISTED,
        };
        let started = Instant::now();
        let page = store.directory(reader, query).await?;
        took_us.saturating_record(started.elapsed().as_micros() as u64);
        ensure!(page.channels.len() == MAX_LISTED, "{} channels", page.channels.len());
    }
    Ok(took_us.value_at_quantile(0.5) as f64 / 1e3)
}

/// Makes the place. Returns the reader.
async fn fill(store: &Arc<SqliteStore>) -> Result<UserId> {
    let started = Instant::now();
    // Nobody is in so many places: the makers share them.
    let (makers, reader) =
        ([person(store, 0).await?, person(store, 1).await?], person(store, 2).await?);
    in_parallel(CHANNELS, |number| {
        let (store, maker) = (Arc::clone(store), makers[number % makers.len()]);
        async move {
            let name = ChannelName::parse(&format!("channel {number}"));
            let new = NewChannel {
                id: None,
                name: name.ok().context("a plain name was refused")?,
                topic: Topic::parse("What people talk about")
                    .ok()
                    .context("a topic was refused")?,
                state: ChannelState::default(),
                by: maker,
                people: if number % EVERY == 0 { vec![reader] } else { Vec::new() },
                at: AT,
            };
            let channel = store.create_channel(new).await?.channel.id;
            if number % EVERY == 0 { talk(&store, channel, maker).await } else { Ok(()) }
        }
    })
    .await?;
    in_parallel(CONVERSATIONS, |number| {
        let store = Arc::clone(store);
        async move {
            let other = person(&store, number + 3).await?;
            let people = People::of(other, &[reader]).context("two people were refused")?;
            let id = ChannelId(FIRST_DIRECT + number as i64);
            store.open_direct(NewDirect { id, by: other, people, at: AT }).await?;
            talk(&store, id, other).await
        }
    })
    .await?;
    eprintln!("a place of {CHANNELS} channels made in {:.1} s", started.elapsed().as_secs_f64());
    Ok(reader)
}

/// Runs `count` pieces of work, some at a time.
async fn in_parallel<F>(count: usize, work: impl Fn(usize) -> F) -> Result<()>
where
    F: Future<Output = Result<()>> + Send + 'static,
{
    for first in (0..count).step_by(WIDTH) {
        let batch = (first..count.min(first + WIDTH)).map(|number| tokio::spawn(work(number)));
        for piece in batch.collect::<Vec<_>>() {
            piece.await.context("a piece of work panicked")??;
        }
    }
    Ok(())
}

async fn person(store: &SqliteStore, number: usize) -> Result<UserId> {
    let mut token = [0; 32];
    token[..8].copy_from_slice(&number.to_be_bytes());
    let session = NewSession {
        token: SecretHash(token),
        device: None,
        at: AT,
        expires_at: AT.plus_ms(1),
        user_agent: "bench".to_owned(),
        address: "127.0.0.1".to_owned(),
    };
    let name = DisplayName::parse(&format!("person {number}"));
    let name = name.ok().context("a plain name was refused")?;
    Ok(store.take_name(name, session).await?.0.user.id)
}

/// Says a few things in a place.
async fn talk(store: &SqliteStore, channel: ChannelId, author: UserId) -> Result<()> {
    for number in 0..MESSAGES {
        let key = (u128::from(channel.0.unsigned_abs()) << 64) | number as u128;
        let text = MessageText::parse("of about the length that people write to others", false);
        let message = NewMessage {
            channel,
            author,
            key: MessageKey(key.to_be_bytes()),
            text: text.ok().context("a plain text was refused")?,
            mentions: Vec::new(),
            quote: None,
            forward: None,
            reply: None,
            attachments: Vec::new(),
            at: AT,
        };
        store.post_message(message).await?;
    }
    Ok(())
}
