//! Measures the store by itself: durable posts per second, and reads of the newest hundred messages.
//!
//! `cargo run --release -p chinwag --example store_bench [-- FOLDER [MESSAGES]]`. The folder should be on
//! the disk that is measured. It is made, and removed at the end.

use std::error::Error;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, UNIX_EPOCH};

use chinwag::model::channels::ChannelState;
use chinwag::model::ids::{ChannelId, MessageKey, Revision, SecretHash, UserId};
use chinwag::model::messages::PageAt;
use chinwag::model::names::{ChannelName, DisplayName};
use chinwag::model::text::{MessageText, Topic};
use chinwag::model::time::Timestamp;
use chinwag::store::sqlite::{SqliteConfig, SqliteStore};
use chinwag::store::{
    Channels, Messages, NewChannel, NewMessage, NewSession, PostOutcome, Store, Users,
};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const NOW: Timestamp = Timestamp(1_700_000_000_000);
const PEOPLE: u64 = 50;
const CHANNELS: usize = 50;
static COUNTER: AtomicU64 = AtomicU64::new(0);
const RUN: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().map_or_else(|| PathBuf::from("store-bench"), PathBuf::from);
    let messages = arguments.next().map_or(Ok(1_000_000), |text| text.parse())?;
    let stage = Stage::set(&folder).await?;
    for keys in [Keys::InTime, Keys::Random] {
        for (in_flight, channels) in [(1, 1), (50, 1), (50, CHANNELS), (500, CHANNELS)] {
            stage.posts(in_flight, channels, keys).await?;
        }
    }
    stage.fill(messages).await?;
    stage.posts(50, CHANNELS, Keys::InTime).await?;
    stage.posts(50, CHANNELS, Keys::Random).await?;
    stage.reads().await?;
    stage.store.close().await;
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

/// How the clients make their keys.
#[derive(Debug, Clone, Copy)]
enum Keys {
    /// They begin with the time, as in a UUID of version 7.
    InTime,
    /// They are random bits, as in a UUID of version 4.
    Random,
}

struct Stage {
    store: Arc<SqliteStore>,
    people: Vec<UserId>,
    channels: Vec<ChannelId>,
}

impl Stage {
    async fn set(folder: &Path) -> Outcome<Self> {
        let config = SqliteConfig { data: folder.to_owned(), ..SqliteConfig::default() };
        let store = Arc::new(SqliteStore::open(config, Arc::new(drop))?);
        let (mut people, mut channels) = (Vec::new(), Vec::new());
        for person in 0..PEOPLE {
            let name = DisplayName::parse(&format!("person {person}"));
            let name = name.map_err(|problem| format!("{problem:?}"))?;
            people.push(store.take_name(name, session(person)).await?.0.user.id);
        }
        for channel in 0..CHANNELS {
            let name = ChannelName::parse(&format!("channel {channel}"));
            let name = name.map_err(|problem| format!("{problem:?}"))?;
            let topic = Topic::parse("").map_err(|problem| format!("{problem:?}"))?;
            let (by, state, at) = (people[0], ChannelState::default(), NOW);
            let new = NewChannel { id: None, name, topic, state, by, people: Vec::new(), at };
            channels.push(store.create_channel(new).await?.channel.id);
        }
        Ok(Self { store, people, channels })
    }

    /// Posts for some seconds. Each producer waits until its post is on disk before it sends the next.
    async fn posts(&self, in_flight: usize, channels: usize, keys: Keys) -> Outcome<()> {
        let (began, cpu_before) = (Instant::now(), cpu_ms());
        let mut producers = Vec::new();
        for producer in 0..in_flight {
            let store = Arc::clone(&self.store);
            let channel = self.channels[producer % channels];
            let author = self.people[producer % self.people.len()];
            producers.push(tokio::spawn(async move {
                let mut waits = Vec::new();
                while began.elapsed() < RUN {
                    let asked = Instant::now();
                    post(&*store, channel, author, keys).await?;
                    waits.push(asked.elapsed());
                }
                Outcome::Ok(waits)
            }));
        }
        let mut waits = Vec::new();
        for producer in producers {
            waits.extend(producer.await??);
        }
        let per_second = waits.len() as f64 / began.elapsed().as_secs_f64();
        let cpu_us = (cpu_ms() - cpu_before) * 1_000 / waits.len() as u64;
        println!(
            "posts, {in_flight:>3} in flight, {channels:>2} channels, keys {keys:?}: \
             {per_second:>6.0}/s, {cpu_us:>3} µs of CPU each  {}",
            spread(&mut waits)
        );
        Ok(())
    }

    /// Posts so many messages, spread over the channels.
    async fn fill(&self, messages: usize) -> Outcome<()> {
        const PRODUCERS: usize = 500;
        let began = Instant::now();
        let mut producers = Vec::new();
        for producer in 0..PRODUCERS {
            let store = Arc::clone(&self.store);
            let (channels, people) = (self.channels.clone(), self.people.clone());
            producers.push(tokio::spawn(async move {
                for turn in 0..messages / PRODUCERS {
                    let channel = channels[(producer + turn) % channels.len()];
                    post(&*store, channel, people[producer % people.len()], Keys::InTime).await?;
                }
                Outcome::Ok(())
            }));
        }
        for producer in producers {
            producer.await??;
        }
        println!("{messages} more in {:.1} s", began.elapsed().as_secs_f64());
        Ok(())
    }

    async fn reads(&self) -> Outcome<()> {
        const READS: usize = 5_000;
        let (mut newest, mut older, mut changed, mut lists) = (vec![], vec![], vec![], vec![]);
        let cpu_before = cpu_ms();
        for read in 0..READS {
            let channel = self.channels[read % self.channels.len()];
            self.store.messages(channel, self.people[0], PageAt::Newest, 100).await?;
        }
        let cpu_us = (cpu_ms() - cpu_before) * 1_000 / READS as u64;
        println!("newest 100:          {cpu_us} µs of CPU each");
        for read in 0..READS {
            let channel = self.channels[read % self.channels.len()];
            let asked = Instant::now();
            let page = self.store.messages(channel, self.people[0], PageAt::Newest, 100).await?;
            newest.push(asked.elapsed());
            let page = page.ok_or("a channel is missing")?;
            let middle = chinwag::model::ids::Number(page.last_number.0 / 2);
            let asked = Instant::now();
            self.store.messages(channel, self.people[0], PageAt::Before(middle), 100).await?;
            older.push(asked.elapsed());
            let asked = Instant::now();
            let since = Revision(page.revision.0 - 100);
            self.store.changes(channel, self.people[0], since, 500).await?;
            changed.push(asked.elapsed());
        }
        for _ in 0..200 {
            let asked = Instant::now();
            self.store.channels(self.people[0]).await?;
            lists.push(asked.elapsed());
        }
        println!("newest 100:          {}", spread(&mut newest));
        println!("100 in the middle:   {}", spread(&mut older));
        println!("100 changes:         {}", spread(&mut changed));
        println!("list of {CHANNELS} channels: {}", spread(&mut lists));
        Ok(())
    }
}

async fn post(store: &dyn Store, channel: ChannelId, author: UserId, keys: Keys) -> Outcome<()> {
    let text = MessageText::parse(&"a message of two hundred bytes ".repeat(6), false);
    let text = text.map_err(|problem| format!("{problem:?}"))?;
    let key = key(keys);
    let new = NewMessage {
        channel,
        author,
        key,
        text,
        mentions: Vec::new(),
        quote: None,
        forward: None,
        reply: None,
        attachments: Vec::new(),
        at: NOW,
    };
    match store.post_message(new).await? {
        PostOutcome::Posted(_) => Ok(()),
        other => Err(format!("not posted: {other:?}").into()),
    }
}

fn key(keys: Keys) -> MessageKey {
    let half = || RandomState::new().hash_one(COUNTER.fetch_add(1, Ordering::Relaxed));
    let random = u128::from(half()) << 64 | u128::from(half());
    let bits = match keys {
        Keys::Random => random,
        Keys::InTime => {
            let since = UNIX_EPOCH.elapsed().unwrap_or_default();
            since.as_millis() << 80 | random >> 48
        }
    };
    MessageKey(bits.to_be_bytes())
}

fn session(person: u64) -> NewSession {
    let mut token = [0; 32];
    token[..8].copy_from_slice(&person.to_be_bytes());
    NewSession {
        token: SecretHash(token),
        device: Some(SecretHash(token)),
        at: NOW,
        expires_at: NOW.plus_ms(1),
        user_agent: String::new(),
        address: String::new(),
    }
}

/// The processor time of this process in milliseconds; 0 if the system does not tell.
fn cpu_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2);
    // Linux counts in hundredths of a second.
    ticks.filter_map(|part| part.parse::<u64>().ok()).sum::<u64>() * 10
}

fn spread(waits: &mut [Duration]) -> String {
    waits.sort_unstable();
    let at = |part: f64| waits[((waits.len() - 1) as f64 * part) as usize].as_micros();
    format!("p50 {:>5} µs, p99 {:>6} µs, max {:>6} µs", at(0.5), at(0.99), at(1.0))
}
