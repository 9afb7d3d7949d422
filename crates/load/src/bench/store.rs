//! The store alone, without a server around it: durable inserts, with many in flight and with one.
//!
//! Keys follow the time, like those of the web app and of the server (UUID version 7). Clients may also
//! make random keys; then each insert touches a different page of the index.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use chinwag::model::ids::{ChannelId, MessageKey, UserId};
use chinwag::model::text::MessageText;
use chinwag::store::sqlite::SqliteStore;
use chinwag::store::{Messages, NewMessage, PostOutcome, Store};

use super::budgets::Samples;
use super::filling::{self, AT, Folder, Plan};
use super::setting::Bench;
use crate::chance::scatter;

/// Writers that each wait for their message to be on disk.
const IN_FLIGHT: u64 = 50;
/// Channels that share the messages. They are empty at first.
const PLAN: Plan = Plan { messages: 0, channels: 50, memberships: 50, text_bytes: 80 };

/// An open store with one author in all channels.
#[derive(Clone)]
struct Open {
    store: Arc<SqliteStore>,
    author: UserId,
    channels: Arc<[ChannelId]>,
    /// The number of the next message.
    next: Arc<AtomicU64>,
    /// The key of the message with that number.
    key: fn(u64) -> MessageKey,
}

/// Measures all rows. With one insert in flight each message is a transaction of its own; the gain of
/// grouping is counted from that.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    bench.cores.place_generator(false)?;
    let folder = Folder::new(bench, "store")?;
    filling::runtime()?.block_on(async {
        let store = filling::open(folder.path())?;
        let filling::People { author, channels } = filling::people(&store, &PLAN).await?;
        let open = Open { store, author, channels, next: Arc::default(), key: timely };
        samples.add("store.single", rate(&open, 1, bench.seconds(3)).await?);
        samples.add("store.inserts", rate(&open, IN_FLIGHT, bench.seconds(4)).await?);
        let open = Open { key: scattered, ..open };
        samples.add("store.random", rate(&open, IN_FLIGHT, bench.seconds(4)).await?);
        open.store.close().await;
        Ok(())
    })
}

/// How many messages `width` writers get onto the disk per second.
async fn rate(open: &Open, width: u64, length: Duration) -> Result<f64> {
    let before = open.next.load(Ordering::Relaxed);
    let started = Instant::now();
    post(open, width, move || started.elapsed() < length).await?;
    let took = started.elapsed();
    // Each writer took one number more before it found that the time was over.
    let kept = open.next.load(Ordering::Relaxed) - before - width;
    Ok(kept as f64 / took.as_secs_f64())
}

/// Posts with `width` writers, as long as `goes_on` is true.
async fn post(
    open: &Open,
    width: u64,
    goes_on: impl Fn() -> bool + Copy + Send + 'static,
) -> Result<()> {
    let mut writers = Vec::new();
    for _ in 0..width {
        let open = open.clone();
        writers.push(tokio::spawn(async move {
            loop {
                let number = open.next.fetch_add(1, Ordering::Relaxed);
                if !goes_on() {
                    return Ok(());
                }
                let channel = open.channels[(number % open.channels.len() as u64) as usize];
                let message = message(channel, open.author, number, (open.key)(number))?;
                match open.store.post_message(message).await? {
                    PostOutcome::Posted(_) => {}
                    other => bail!("message {number} was not kept: {other:?}"),
                }
            }
        }));
    }
    for writer in writers {
        writer.await.context("a writer panicked")??;
    }
    Ok(())
}

fn message(channel: ChannelId, author: UserId, number: u64, key: MessageKey) -> Result<NewMessage> {
    let text = format!("message number {number}, of about the length that people write to others");
    Ok(NewMessage {
        channel,
        author,
        key,
        text: MessageText::parse(&text, false).ok().context("a plain text was refused")?,
        mentions: Vec::new(),
        quote: None,
        forward: None,
        reply: None,
        attachments: Vec::new(),
        at: AT,
    })
}

/// A key that begins with the time. About 30 messages share a millisecond.
fn timely(number: u64) -> MessageKey {
    let halves = (u128::from(number / 30) << 80) | u128::from(scatter(number));
    MessageKey(halves.to_be_bytes())
}

/// A key without order.
fn scattered(number: u64) -> MessageKey {
    let halves = (u128::from(scatter(number)) << 64) | u128::from(scatter(!number));
    MessageKey(halves.to_be_bytes())
}
