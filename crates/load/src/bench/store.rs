//! The store by itself, without a server around it: durable inserts, and the read behind
//! every entering of a channel.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use chinwag::model::channels::ChannelView;
use chinwag::model::ids::{ChannelId, MessageKey, SecretHash, UserId};
use chinwag::model::messages::PageAt;
use chinwag::model::names::{ChannelName, DisplayName};
use chinwag::model::text::{MessageText, Topic};
use chinwag::model::time::Timestamp;
use chinwag::store::sqlite::{SqliteConfig, SqliteStore};
use chinwag::store::{NewMessage, NewSession, PostOutcome, Store};

use super::Bench;
use super::budgets::Samples;
use crate::ledger::histogram;

/// Writers that each wait for their message to be on disk.
const IN_FLIGHT: u64 = 50;
/// Writers while the big store is filled.
const FILLING: u64 = 1000;
/// Channels that share the messages.
const CHANNELS: i64 = 50;
/// Messages in the big store.
const MESSAGES: u64 = 1_000_000;
/// Reads of the newest 100.
const READS: u64 = 2000;
/// A moment; the store does not look at the clock.
const AT: Timestamp = Timestamp(1_767_225_600_000);

/// An open store with one author in all channels.
#[derive(Clone)]
struct Filled {
    store: Arc<SqliteStore>,
    author: UserId,
    channels: Arc<[ChannelId]>,
    /// The number of the next message.
    next: Arc<AtomicU64>,
}

/// Measures inserts in every repetition, and reads in the first: filling takes the longest.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_time()
        .build()
        .context("cannot start the runtime")?;
    bench.cores.place_generator(false)?;
    let folder = bench.folder.join(format!("chinwag-bench-{}-store", std::process::id()));
    let done = runtime.block_on(measure_in(bench, samples, &folder));
    // What was measured counts whether or not the folder can be removed.
    let _ = fs::remove_dir_all(&folder);
    done
}

async fn measure_in(bench: &Bench, samples: &mut Samples, folder: &Path) -> Result<()> {
    let filled = open(folder).await?;
    let length = bench.seconds(4);
    let started = Instant::now();
    post(&filled, IN_FLIGHT, move |_| started.elapsed() < length).await?;
    let took = started.elapsed();
    // Each writer took one number more, to find that the time was over.
    let kept = filled.next.load(Ordering::Relaxed) - IN_FLIGHT;
    samples.add("store.inserts", kept as f64 / took.as_secs_f64());
    if !samples.has("store.newest") {
        post(&filled, FILLING, |number| number < MESSAGES).await?;
        samples.add("store.newest", newest(&filled).await?);
    }
    filled.store.close().await;
    Ok(())
}

async fn open(folder: &Path) -> Result<Filled> {
    let config = SqliteConfig { data: folder.to_owned(), ..SqliteConfig::default() };
    let store = Arc::new(SqliteStore::open(config, Arc::new(|_| {}))?);
    let session = NewSession {
        token: SecretHash([1; 32]),
        device: SecretHash([2; 32]),
        at: AT,
        expires_at: AT.plus_ms(1),
        user_agent: "bench".to_owned(),
        address: "127.0.0.1".to_owned(),
    };
    let name = DisplayName::parse("bench").ok().context("a plain name was refused")?;
    let (account, _) = store.take_name(name, session).await?;
    let mut channels = Vec::new();
    for number in 0..CHANNELS {
        let name = ChannelName::parse(&format!("bench {number}"))
            .ok()
            .context("a plain name was refused")?;
        let topic = Topic::parse("").ok().context("an empty topic was refused")?;
        let ChannelView { channel, .. } =
            store.create_channel(name, topic, account.user.id, AT).await?;
        channels.push(channel.id);
    }
    let next = Arc::new(AtomicU64::new(0));
    Ok(Filled { store, author: account.user.id, channels: channels.into(), next })
}

/// Posts with `width` writers, as long as `goes_on` says so of the next message's number.
async fn post(
    filled: &Filled,
    width: u64,
    goes_on: impl Fn(u64) -> bool + Copy + Send + 'static,
) -> Result<()> {
    let mut writers = Vec::new();
    for _ in 0..width {
        let filled = filled.clone();
        writers.push(tokio::spawn(async move {
            loop {
                let number = filled.next.fetch_add(1, Ordering::Relaxed);
                if !goes_on(number) {
                    return Ok(());
                }
                let channel = filled.channels[(number % filled.channels.len() as u64) as usize];
                let message = message(channel, filled.author, number)?;
                match filled.store.post_message(message).await? {
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

fn message(channel: ChannelId, author: UserId, number: u64) -> Result<NewMessage> {
    let text = format!("message number {number}, of about the length that people write to others");
    Ok(NewMessage {
        channel,
        author,
        key: key(number),
        text: MessageText::parse(&text, false).ok().context("a plain text was refused")?,
        attachments: Vec::new(),
        at: AT,
    })
}

/// A key as scattered as those that browsers draw, because an index feels the difference:
/// two rounds of `SplitMix64`, which gives every number another.
fn key(number: u64) -> MessageKey {
    let scatter = |number: u64| {
        let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let halves = (u128::from(scatter(number)) << 64) | u128::from(scatter(!number));
    MessageKey(halves.to_be_bytes())
}

/// The median of reading the newest 100 of one channel after the other, in milliseconds.
async fn newest(filled: &Filled) -> Result<f64> {
    let mut took_us = histogram();
    for number in 0..READS {
        let channel = filled.channels[(number % filled.channels.len() as u64) as usize];
        let started = Instant::now();
        let page = filled.store.messages(channel, PageAt::Newest, 100).await?;
        let took = started.elapsed();
        if page.is_none_or(|page| page.messages.len() != 100) {
            bail!("a channel does not hold 100 messages");
        }
        took_us.saturating_record(took.as_micros() as u64);
    }
    eprintln!("newest 100: p99 {} us", took_us.value_at_quantile(0.99));
    Ok(took_us.value_at_quantile(0.5) as f64 / 1e3)
}
