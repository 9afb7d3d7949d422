//! Reading from small and from large stores: it must hardly cost more in the large ones.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};
use chinwag::model::ids::{ChannelId, Number, Revision};
use chinwag::model::messages::PageAt;
use chinwag::store::sqlite::SqliteStore;
use chinwag::store::{DeleteOutcome, Store};

use super::Bench;
use super::budgets::Samples;
use super::filling::{self, AT, Folder, People, Plan};
use crate::chance::scatter;
use crate::ledger::histogram;

/// Messages on a page.
const PAGE: usize = 100;
/// New messages among the changes.
const NEW: i64 = 50;
/// Older messages that were deleted since.
const DELETED: i64 = 20;
/// Channels of the person whose list is read.
const LISTED: u64 = 1000;
/// Channels that share the messages.
const CHANNELS: u64 = 50;
/// Reads of each kind; of the long list fewer.
const READS: u64 = 2000;
/// Reads of the list.
const LISTS: u64 = 200;

/// The rows of one size of store.
struct Size {
    messages: u64,
    newest: &'static str,
    before: &'static str,
    changes: &'static str,
    list: &'static str,
}

#[rustfmt::skip]
const SIZES: [Size; 3] = [
    Size { messages: 10_000, newest: "newest.10k", before: "before.10k", changes: "changes.10k", list: "list.10k" },
    Size { messages: 1_000_000, newest: "newest.1m", before: "before.1m", changes: "changes.1m", list: "list.1m" },
    Size { messages: 10_000_000, newest: "newest.10m", before: "before.10m", changes: "changes.10m", list: "list.10m" },
];

/// Measures all sizes; the quick bench leaves the largest out.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    bench.cores.place_generator(false)?;
    let count = if bench.is_quick { SIZES.len() - 1 } else { SIZES.len() };
    for size in SIZES.iter().take(count) {
        let folder = Folder::new(bench, "reading")?;
        let started = Instant::now();
        let plan = Plan {
            messages: size.messages,
            channels: CHANNELS,
            memberships: LISTED,
            text_bytes: 80,
        };
        let people = filling::fill(folder.path(), &plan)?;
        let took = started.elapsed().as_secs_f64();
        eprintln!("{} messages filled in {took:.1} s", size.messages);
        filling::runtime()?.block_on(read(samples, size, folder.path(), &people))?;
    }
    if count == SIZES.len() {
        add_growth(samples);
    }
    Ok(())
}

/// The worst of the four. From the smallest on it says less of the tree's depth than of where rows
/// lie: in a channel of 200 messages the 20 that were deleted share seven pages, in a large one each
/// is on a page of its own, and there it stays.
fn add_growth(samples: &mut Samples) {
    let [small, middle, large] = &SIZES;
    let rows = |size: &Size| [size.newest, size.before, size.changes, size.list];
    let most = |samples: &Samples, from: &Size| {
        let growth = rows(from).into_iter().zip(rows(large)).filter_map(|(from, large)| {
            Some(samples.last(large)? / samples.last(from)?.max(f64::EPSILON))
        });
        growth.fold(0.0, f64::max)
    };
    let (ten, thousand) = (most(samples, middle), most(samples, small));
    samples.add("reading.growth", ten);
    samples.add("reading.growth.small", thousand);
}

async fn read(samples: &mut Samples, size: &Size, folder: &Path, people: &People) -> Result<()> {
    let store = filling::open(folder)?;
    let last = (size.messages / CHANNELS) as i64;
    delete(&store, people, last).await?;
    let channel = |turn: u64| people.channels[(turn % CHANNELS) as usize];
    let mut timer = Timer { store: &store, channel: &channel };
    samples.add(size.newest, timer.page(|_| PageAt::Newest).await?);
    let anywhere = |turn: u64| {
        let room = last as u64 - PAGE as u64;
        PageAt::Before(Number((PAGE as u64 + 1 + scatter(turn) % room) as i64))
    };
    samples.add(size.before, timer.page(anywhere).await?);
    samples.add(size.changes, timer.changes(Revision(last - NEW)).await?);
    samples.add(size.list, list(&store, people).await?);
    store.close().await;
    Ok(())
}

/// In every channel, messages far apart.
async fn delete(store: &SqliteStore, people: &People, last: i64) -> Result<()> {
    for channel in people.channels.iter() {
        for place in 0..DELETED {
            let number = Number(1 + place * (last - NEW) / DELETED);
            let outcome = store.delete_message(*channel, number, people.author, AT).await?;
            if !matches!(outcome, DeleteOutcome::Deleted(..)) {
                bail!("a message could not be deleted: {outcome:?}");
            }
        }
    }
    Ok(())
}

/// Reads one channel after the other and takes the time.
struct Timer<'a> {
    store: &'a SqliteStore,
    channel: &'a dyn Fn(u64) -> ChannelId,
}

impl Timer<'_> {
    /// The median of reading a page, in milliseconds.
    async fn page(&mut self, at: impl Fn(u64) -> PageAt) -> Result<f64> {
        let mut took_us = histogram();
        for turn in 0..READS {
            let started = Instant::now();
            let page = self.store.messages((self.channel)(turn), at(turn), PAGE).await?;
            took_us.saturating_record(started.elapsed().as_micros() as u64);
            if page.is_none_or(|page| page.messages.len() != PAGE) {
                bail!("a page did not hold {PAGE} messages");
            }
        }
        Ok(median_ms(&took_us))
    }

    /// The median of reading what changed since a revision, in milliseconds.
    async fn changes(&mut self, since: Revision) -> Result<f64> {
        const LIMIT: usize = 500;
        let mut took_us = histogram();
        for turn in 0..READS {
            let started = Instant::now();
            let changes = self.store.changes((self.channel)(turn), since, LIMIT).await?;
            took_us.saturating_record(started.elapsed().as_micros() as u64);
            let count = changes.map_or(0, |changes| changes.messages.len());
            if count != (NEW + DELETED) as usize {
                bail!("{count} changes instead of {}", NEW + DELETED);
            }
        }
        Ok(median_ms(&took_us))
    }
}

/// The median of reading the list of channels, in milliseconds.
async fn list(store: &SqliteStore, people: &People) -> Result<f64> {
    let mut took_us = histogram();
    for _ in 0..LISTS {
        let started = Instant::now();
        let channels = store.channels(people.author).await?;
        took_us.saturating_record(started.elapsed().as_micros() as u64);
        if channels.len() as u64 != LISTED {
            bail!("{} channels instead of {LISTED}", channels.len());
        }
    }
    Ok(median_ms(&took_us))
}

fn median_ms(took_us: &hdrhistogram::Histogram<u64>) -> f64 {
    took_us.value_at_quantile(0.5) as f64 / 1e3
}
