//! Threads, by the store alone: a long one in a large channel, what a reply costs against a message, and the list
//! of the threads that somebody follows.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use chinwag::model::ids::{ChannelId, MessageKey, Number, UserId};
use chinwag::model::messages::PageAt;
use chinwag::model::text::MessageText;
use chinwag::model::thread_pages::ThreadsPart;
use chinwag::model::threads::{MAX_FOLLOWS, Reply};
use chinwag::store::sqlite::SqliteStore;
use chinwag::store::{Messages, NewMessage, PostOutcome, Store, Threads};

use super::budgets::{Samples, median};
use super::filling::{self, AT, Folder, Plan};
use super::setting::Bench;

/// One channel with as many messages.
const PLAN: Plan = Plan { messages: 1_000_000, channels: 1, memberships: 1, text_bytes: 80 };
/// Replies in the thread.
const REPLIES: i64 = 100_000;
/// As many as the app shows at once.
const PAGE: usize = 100;
/// How often everything is read.
const READS: usize = 200;
/// Writers that each wait for their message to be on disk.
const IN_FLIGHT: u64 = 50;
/// How often replies and messages are measured in turn: a shared disk changes within seconds.
const TURNS: usize = 5;

/// An open store with one author and their channel.
#[derive(Clone)]
struct Open {
    store: Arc<SqliteStore>,
    author: UserId,
    channel: ChannelId,
}

/// Measures all rows.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    bench.cores.place_generator(false)?;
    let folder = Folder::new(bench, "threads")?;
    let people = filling::fill(folder.path(), &PLAN)?;
    let channel = *people.channels.first().context("no channel")?;
    let runtime = filling::runtime()?;
    let open = || {
        anyhow::Ok(Open { store: filling::open(folder.path())?, author: people.author, channel })
    };
    runtime.block_on(async {
        let plain = open()?;
        samples.add("threads.plain", plain.newest().await?);
        plain.store.close().await;
        Ok::<_, anyhow::Error>(())
    })?;
    let root = Number(filling::add_thread(folder.path(), &people, REPLIES)?);
    runtime.block_on(async {
        let open = open()?;
        samples.add("threads.newest", open.newest().await?);
        samples.add("threads.page", open.thread(root).await?);
        samples.add("threads.reply", open.reply_against_message(root, bench.seconds(1)).await?);
        open.follow_all().await?;
        samples.add("threads.list", open.list().await?);
        open.store.close().await;
        Ok(())
    })
}

impl Open {
    /// The median of reading the newest page of the channel, in ms.
    async fn newest(&self) -> Result<f64> {
        let mut figures = Vec::with_capacity(READS);
        for _ in 0..READS {
            let started = Instant::now();
            let page = self.store.messages(self.channel, self.author, PageAt::Newest, PAGE).await?;
            figures.push(started.elapsed().as_secs_f64() * 1e3);
            ensure!(page.is_some_and(|page| page.messages.len() == PAGE), "a page is short");
        }
        Ok(median(&mut figures))
    }

    /// The same for the newest page of a thread.
    async fn thread(&self, root: Number) -> Result<f64> {
        let mut figures = Vec::with_capacity(READS);
        for _ in 0..READS {
            let started = Instant::now();
            let page =
                self.store.thread(self.channel, root, self.author, PageAt::Newest, PAGE).await?;
            figures.push(started.elapsed().as_secs_f64() * 1e3);
            ensure!(page.is_some_and(|page| page.replies.len() == PAGE), "a page is short");
        }
        Ok(median(&mut figures))
    }

    /// The same for the list of the threads that the author follows.
    async fn list(&self) -> Result<f64> {
        let mut figures = Vec::with_capacity(READS);
        for _ in 0..READS {
            let started = Instant::now();
            let page = self.store.threads(self.author, ThreadsPart::default()).await?;
            figures.push(started.elapsed().as_secs_f64() * 1e3);
            ensure!(page.next.is_some(), "the list is short");
        }
        Ok(median(&mut figures))
    }

    /// How much longer a reply takes than a message, by how many of each get onto the disk per second.
    async fn reply_against_message(&self, root: Number, length: Duration) -> Result<f64> {
        let (mut ratios, mut turn) = (Vec::new(), 0);
        let answers = Reply { root, in_run: false };
        for _ in 0..TURNS {
            let mut rates = [0.0; 2];
            for (rate, reply) in rates.iter_mut().zip([None, Some(answers)]) {
                turn += 1;
                *rate = self.rate(turn, reply, length).await?;
            }
            eprintln!("{:.0} messages/s, {:.0} replies/s", rates[0], rates[1]);
            ratios.push(rates[0] / rates[1]);
        }
        Ok(median(&mut ratios))
    }

    async fn rate(&self, turn: u64, reply: Option<Reply>, length: Duration) -> Result<f64> {
        let started = Instant::now();
        let mut writers = Vec::new();
        for writer in 0..IN_FLIGHT {
            let open = self.clone();
            writers.push(tokio::spawn(async move {
                let mut made = 0_u64;
                while started.elapsed() < length {
                    open.post([turn, writer, made], reply).await?;
                    made += 1;
                }
                anyhow::Ok(made)
            }));
        }
        let mut made = 0;
        for writer in writers {
            made += writer.await.context("a writer panicked")??;
        }
        Ok(made as f64 / started.elapsed().as_secs_f64())
    }

    /// Makes as many threads as somebody may follow, each with one reply by them.
    async fn follow_all(&self) -> Result<()> {
        for number in 0..MAX_FOLLOWS as u64 - 1 {
            let root = self.post([0, 0, number], None).await?;
            self.post([0, 1, number], Some(Reply { root, in_run: false })).await?;
        }
        let follows = self.store.follows(self.author).await?.len();
        ensure!(follows >= MAX_FOLLOWS - 1, "only {follows} threads are followed");
        Ok(())
    }

    /// Posts a message that is told from others by three numbers.
    async fn post(&self, [turn, writer, made]: [u64; 3], reply: Option<Reply>) -> Result<Number> {
        let text =
            format!("message number {made}, of about the length that people write to others");
        // Keys follow the time, as those of the web app.
        let key = (u128::from(turn) << 96) | (u128::from(made) << 32) | u128::from(writer);
        let new = NewMessage {
            channel: self.channel,
            author: self.author,
            key: MessageKey(key.to_be_bytes()),
            text: MessageText::parse(&text, false).ok().context("a plain text was refused")?,
            mentions: Vec::new(),
            quote: None,
            forward: None,
            reply,
            attachments: Vec::new(),
            at: AT,
        };
        match self.store.post_message(new).await? {
            PostOutcome::Posted(message) => Ok(message.number),
            other => bail!("a message was not kept: {other:?}"),
        }
    }
}
