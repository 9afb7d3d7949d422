//! Edits and reactions, by the store alone: how many get onto the disk per second, and what reading messages
//! with reactions takes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use chinwag::model::edits::Edit;
use chinwag::model::ids::{ChannelId, MessageKey, Number, UserId};
use chinwag::model::messages::PageAt;
use chinwag::model::reactions::{Emoji, MAX_KINDS};
use chinwag::model::text::MessageText;
use chinwag::store::sqlite::SqliteStore;
use chinwag::store::{EditOutcome, Edits, Messages, NewMessage, PostOutcome, Reactions, Store};

use super::budgets::{Samples, median};
use super::filling::{self, AT, Folder, Plan};
use super::setting::Bench;

/// People, or windows, that each wait for their change to be on disk.
const IN_FLIGHT: i64 = 50;
/// As many messages as a page holds.
const MESSAGES: i64 = 100;
/// How often a page is read.
const READS: usize = 200;
/// One channel, empty at first.
const PLAN: Plan = Plan { messages: 0, channels: 1, memberships: 1, text_bytes: 80 };

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
    let folder = Folder::new(bench, "talk")?;
    filling::runtime()?.block_on(async {
        let store = filling::open(folder.path())?;
        let people = filling::people(&store, &PLAN).await?;
        let channel = *people.channels.first().context("no channel")?;
        let open = Open { store, author: people.author, channel };
        for number in 1..=MESSAGES {
            open.post(number).await?;
        }
        let plain_ms = open.page_ms().await?;
        samples.add("talk.edits", rate(&open, bench.seconds(3), Open::edit).await?);
        samples.add("talk.storm", rate(&open, bench.seconds(3), Open::toggle).await?);
        for number in 1..=MESSAGES {
            for turn in 0..5 {
                open.react(number, turn, true).await?;
            }
        }
        samples.add("talk.page", open.page_ms().await?);
        samples.add("talk.page.plain", plain_ms);
        open.store.close().await;
        Ok(())
    })
}

/// How many changes a second `change` makes with many in flight; it takes the number of whoever makes it and of
/// the change.
async fn rate<F: Future<Output = Result<()>> + Send>(
    open: &Open,
    length: Duration,
    change: impl Fn(Open, i64, i64) -> F + Copy + Send + 'static,
) -> Result<f64> {
    let started = Instant::now();
    let mut workers = Vec::new();
    for worker in 0..IN_FLIGHT {
        let open = open.clone();
        workers.push(tokio::spawn(async move {
            let mut made = 0;
            while started.elapsed() < length {
                change(open.clone(), worker, made).await?;
                made += 1;
            }
            anyhow::Ok(made)
        }));
    }
    let mut made = 0;
    for worker in workers {
        made += worker.await.context("a worker panicked")??;
    }
    Ok(made as f64 / started.elapsed().as_secs_f64())
}

impl Open {
    async fn post(&self, number: i64) -> Result<()> {
        let new = NewMessage {
            channel: self.channel,
            author: self.author,
            key: MessageKey(u128::from(number.unsigned_abs()).to_be_bytes()),
            text: text(number)?,
            mentions: Vec::new(),
            quote: None,
            forward: None,
            reply: None,
            attachments: Vec::new(),
            at: AT,
        };
        match self.store.post_message(new).await? {
            PostOutcome::Posted(_) => Ok(()),
            other => bail!("message {number} was not kept: {other:?}"),
        }
    }

    /// Everybody changes a message of their own, again and again.
    async fn edit(self, worker: i64, turn: i64) -> Result<()> {
        let edit = Edit {
            edits: None,
            text: text(worker * 1_000_000 + turn)?,
            mentions: Vec::new(),
            files: None,
        };
        let (at, number) = (self.channel, Number(worker + 1));
        match self.store.edit_message(at, number, self.author, edit, AT).await? {
            EditOutcome::Edited(..) => Ok(()),
            other => bail!("{number} was not changed: {other:?}"),
        }
    }

    /// All put emoji to a few messages and take them back, each another one.
    async fn toggle(self, worker: i64, turn: i64) -> Result<()> {
        let kinds = MAX_KINDS as i64;
        self.react(worker / kinds + 1, worker % kinds, turn % 2 == 0).await
    }

    async fn react(&self, number: i64, kind: i64, on: bool) -> Result<()> {
        let emoji = char::from_u32(0x1f600 + u32::try_from(kind)?).map(String::from);
        let emoji = emoji.and_then(|emoji| Emoji::parse(&emoji)).context("no emoji")?;
        let wish = (emoji, on);
        let told = self.store.react(self.channel, Number(number), self.author, wish, AT).await?;
        let message = told.context("the message is gone")?;
        ensure!(on == message.reactions.iter().any(|kind| kind.emoji == emoji.as_str()));
        Ok(())
    }

    /// How long the newest hundred messages take: p50.
    async fn page_ms(&self) -> Result<f64> {
        let mut figures = Vec::new();
        for _ in 0..READS {
            let started = Instant::now();
            let page = self.store.messages(self.channel, self.author, PageAt::Newest, 100).await?;
            figures.push(started.elapsed().as_secs_f64() * 1e3);
            ensure!(page.is_some_and(|page| page.messages.len() == 100), "a page is short");
        }
        Ok(median(&mut figures))
    }
}

fn text(number: i64) -> Result<MessageText> {
    let text = format!("message number {number}, of about the length that people write to others");
    MessageText::parse(&text, false).ok().context("a plain text was refused")
}
