//! Reading from small and from large stores. It must hardly cost more in the large ones.
//!
//! All stores are made first and then read in turn, so that a moment in which the machine is slow
//! affects all of them.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, bail, ensure};
use chinwag::model::ids::{ChannelId, Number, Revision};
use chinwag::model::messages::PageAt;
use chinwag::store::sqlite::SqliteStore;
use chinwag::store::{Channels, DeleteOutcome, Messages, Store};

use super::budgets::Samples;
use super::filling::{self, AT, Folder, People, Plan};
use super::setting::Bench;
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
/// Every kind of read is done in so many rounds; each round reads from every store.
const ROUNDS: u64 = 20;
/// Reads of each store in a round, except those of the list.
const READS: u64 = 100;
/// Reads of the list in a round.
const LISTS: u64 = 10;
/// The most changes that are asked for.
const LIMIT: usize = 500;

/// What is read.
#[derive(Clone, Copy)]
enum Kind {
    Newest,
    Before,
    /// What is loaded when somebody opens a message by its address.
    Middle,
    Changes,
    List,
}

const KINDS: [Kind; 5] = [Kind::Newest, Kind::Before, Kind::Middle, Kind::Changes, Kind::List];

/// A size of store, and its rows in the order of [`KINDS`].
struct Size {
    messages: u64,
    rows: [&'static str; 5],
}

const SIZES: [Size; 3] = [
    Size {
        messages: 10_000,
        rows: ["newest.10k", "before.10k", "middle.10k", "changes.10k", "list.10k"],
    },
    Size {
        messages: 1_000_000,
        rows: ["newest.1m", "before.1m", "middle.1m", "changes.1m", "list.1m"],
    },
    Size {
        messages: 10_000_000,
        rows: ["newest.10m", "before.10m", "middle.10m", "changes.10m", "list.10m"],
    },
];

/// Measures all sizes; the quick bench leaves the largest out.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    bench.cores.place_generator(false)?;
    let count = if bench.is_quick { SIZES.len() - 1 } else { SIZES.len() };
    let sizes = &SIZES[..count];
    let folders = sizes
        .iter()
        .map(|size| Folder::new(bench, &format!("reading-{}", size.messages)))
        .collect::<Result<Vec<_>>>()?;
    let people = sizes
        .iter()
        .zip(&folders)
        .map(|(size, folder)| fill(size, folder))
        .collect::<Result<Vec<_>>>()?;
    filling::runtime()?.block_on(async {
        let mut stores = Vec::new();
        for ((size, folder), people) in sizes.iter().zip(&folders).zip(people) {
            stores.push(Filled::open(size, folder, people).await?);
        }
        for (row, kind) in KINDS.into_iter().enumerate() {
            let figures = medians(&stores, kind).await?;
            for (size, figure) in sizes.iter().zip(figures) {
                samples.add(size.rows[row], figure);
            }
        }
        for filled in stores {
            filled.store.close().await;
        }
        Ok::<_, anyhow::Error>(())
    })?;
    if count == SIZES.len() {
        add_growth(samples);
    }
    Ok(())
}

fn fill(size: &Size, folder: &Folder) -> Result<People> {
    let started = Instant::now();
    let plan =
        Plan { messages: size.messages, channels: CHANNELS, memberships: LISTED, text_bytes: 80 };
    let people = filling::fill(folder.path(), &plan)?;
    let took = started.elapsed().as_secs_f64();
    eprintln!("{} messages filled in {took:.1} s", size.messages);
    Ok(people)
}

/// Adds the worst growth of the five kinds of reads. The growth from the smallest store says less
/// about the depth of the tree than about where rows are: in a channel of 200 messages the 20 deleted
/// ones share seven pages; in a large channel each is on a page of its own, however large it grows.
fn add_growth(samples: &mut Samples) {
    let [small, middle, large] = &SIZES;
    let most = |samples: &Samples, from: &Size| {
        let growth = from.rows.into_iter().zip(large.rows).filter_map(|(from, large)| {
            Some(samples.last(large)? / samples.last(from)?.max(f64::EPSILON))
        });
        growth.fold(0.0, f64::max)
    };
    let (ten, thousand) = (most(samples, middle), most(samples, small));
    samples.add("reading.growth", ten);
    samples.add("reading.growth.small", thousand);
}

/// The median of one kind of read in each store, in milliseconds.
async fn medians(stores: &[Filled], kind: Kind) -> Result<Vec<f64>> {
    let mut took_us = vec![histogram(); stores.len()];
    let reads = if matches!(kind, Kind::List) { LISTS } else { READS };
    for round in 0..ROUNDS {
        for (filled, took_us) in stores.iter().zip(&mut took_us) {
            for read in 0..reads {
                let started = Instant::now();
                let count = filled.read(kind, round * reads + read).await?;
                took_us.saturating_record(started.elapsed().as_micros() as u64);
                let wanted = wanted(kind);
                ensure!(count == wanted, "a read answered {count} rows instead of {wanted}");
            }
        }
    }
    Ok(took_us.iter().map(|took_us| took_us.value_at_quantile(0.5) as f64 / 1e3).collect())
}

/// How many rows a read answers.
fn wanted(kind: Kind) -> usize {
    match kind {
        Kind::Newest | Kind::Before | Kind::Middle => PAGE,
        Kind::Changes => (NEW + DELETED) as usize,
        Kind::List => LISTED as usize,
    }
}

/// An open store with messages in it.
struct Filled {
    store: Arc<SqliteStore>,
    people: People,
    /// The newest number in each channel.
    last: i64,
}

impl Filled {
    async fn open(size: &Size, folder: &Folder, people: People) -> Result<Self> {
        let store = filling::open(folder.path())?;
        let filled = Self { store, people, last: (size.messages / CHANNELS) as i64 };
        filled.delete().await?;
        Ok(filled)
    }

    /// Deletes messages that are far apart in every channel.
    async fn delete(&self) -> Result<()> {
        for channel in self.people.channels.iter() {
            for place in 0..DELETED {
                let number = Number(1 + place * (self.last - NEW) / DELETED);
                let author = self.people.author;
                let outcome = self.store.delete_message(*channel, number, author, AT).await?;
                if !matches!(outcome, DeleteOutcome::Deleted(..)) {
                    bail!("a message could not be deleted: {outcome:?}");
                }
            }
        }
        Ok(())
    }

    /// Reads once; each `turn` takes the next channel. Returns how many rows there were.
    async fn read(&self, kind: Kind, turn: u64) -> Result<usize> {
        let channel = self.people.channels[(turn % CHANNELS) as usize];
        match kind {
            Kind::Newest => self.page(channel, PageAt::Newest).await,
            Kind::Before => {
                let room = self.last as u64 - PAGE as u64;
                let number = Number((PAGE as u64 + 1 + scatter(turn) % room) as i64);
                self.page(channel, PageAt::Before(number)).await
            }
            Kind::Middle => {
                // Half a page before it, as the app asks.
                let middle = Number(self.last / 2 - PAGE as i64 / 2 + (scatter(turn) % 50) as i64);
                self.page(channel, PageAt::After(middle)).await
            }
            Kind::Changes => {
                let since = Revision(self.last - NEW);
                let changes = self.store.changes(channel, self.people.author, since, LIMIT).await?;
                Ok(changes.map_or(0, |changes| changes.messages.len()))
            }
            Kind::List => Ok(self.store.channels(self.people.author).await?.len()),
        }
    }

    async fn page(&self, channel: ChannelId, at: PageAt) -> Result<usize> {
        let page = self.store.messages(channel, self.people.author, at, PAGE).await?;
        Ok(page.map_or(0, |page| page.messages.len()))
    }
}
