//! Searching, by the store alone: what it takes among many messages, whether everything is found, how large the index
//! is, and what indexing adds to posts.
//!
//! The texts are made of words with the frequencies of a language: few stand in every second message, most in few. The
//! Chinese ones are made of words of one to four characters, with nothing between them.

use std::collections::HashSet;
use std::fs;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use chinwag::model::ids::{ChannelId, UserId};
use chinwag::model::search::{Asked, MAX_COUNT, Order, SearchQuery};
use chinwag::store::sqlite::SqliteStore;
use chinwag::store::{Searching, Store};
use rusqlite::Connection;

use super::budgets::{Samples, median};
use super::filling::{self, Folder, Plan};
use super::setting::Bench;
use crate::chance::scatter;

/// How many messages there are.
const MESSAGES: u64 = 1_000_000;
/// The same in the quick bench.
const FEW: u64 = 100_000;
/// Channels that share them.
const CHANNELS: u64 = 40;
/// How many searches are measured.
const SEARCHES: u64 = 200;
/// How many different words a language has here.
const WORDS: u64 = 60_000;

/// Measures all rows.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    bench.cores.place_generator(false)?;
    let messages = if bench.is_quick { FEW } else { MESSAGES };
    let folder = Folder::new(bench, "search")?;
    let plan = Plan { messages, channels: CHANNELS, memberships: CHANNELS, text_bytes: 80 };
    let people = filling::fill(folder.path(), &plan)?;
    let text_bytes = filling::reword(folder.path(), text)?;
    let before = fs::metadata(folder.path().join(chinwag::store::sqlite::DATABASE))?.len();
    let runtime = filling::runtime()?;
    runtime.block_on(async {
        let store = filling::open(folder.path())?;
        let began = Instant::now();
        while store.index_some().await? > 0 {}
        let took = began.elapsed().as_secs_f64();
        samples.add("search.index.rate", messages as f64 / took);
        searches(&store, people.author, &people.channels, samples).await?;
        store.close().await;
        Ok::<_, anyhow::Error>(())
    })?;
    let after = fs::metadata(folder.path().join(chinwag::store::sqlite::DATABASE))?.len();
    samples.add("search.index.size", after.saturating_sub(before) as f64 / text_bytes as f64);
    let missed = recall(&folder, &runtime, people.author)?;
    samples.add("search.missed", missed as f64);
    Ok(())
}

/// Measures the first pages of searches.
async fn searches(
    store: &Arc<SqliteStore>,
    author: UserId,
    channels: &[ChannelId],
    samples: &mut Samples,
) -> Result<()> {
    let mut newest = Vec::new();
    let mut best = Vec::new();
    for turn in 0..SEARCHES {
        for (order, times) in [(Order::Newest, &mut newest), (Order::Best, &mut best)] {
            let mut query = SearchQuery { order, ..asked(&typed(turn))? };
            // Some searches are in one channel.
            if turn % 5 == 0 {
                query.inside.push(channels[(turn % channels.len() as u64) as usize]);
            }
            let began = Instant::now();
            store.search(author, query, Box::new(|_| ())).await?;
            times.push(began.elapsed().as_secs_f64() * 1e3);
        }
    }
    for (mut times, rows) in [
        (newest, ["search.newest", "search.newest.p95"]),
        (best, ["search.best", "search.best.p95"]),
    ] {
        samples.add(rows[0], median(&mut times));
        times.sort_by(f64::total_cmp);
        samples.add(rows[1], times[times.len() * 95 / 100]);
    }
    Ok(())
}

/// How many hits of the searches are not found, or are found and have not the words: by a scan that knows nothing of
/// tokens. A search with more hits than are counted is compared by its count alone.
fn recall(folder: &Folder, runtime: &tokio::runtime::Runtime, author: UserId) -> Result<usize> {
    let db = Connection::open(folder.path().join(chinwag::store::sqlite::DATABASE))?;
    let mut wrong = 0;
    let mut find = db.prepare("SELECT channel_id, number, text FROM messages")?;
    let mut said: Vec<((i64, i64), String)> = Vec::new();
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        let text: String = row.get(2)?;
        said.push(((row.get(0)?, row.get(1)?), format!(" {} ", text.to_lowercase())));
    }
    drop(rows);
    drop(find);
    db.close().map_err(|(_, error)| error)?;
    runtime.block_on(async {
        let store = filling::open(folder.path())?;
        // A scan takes as long as a hundred searches.
        for turn in (0..SEARCHES).step_by(4) {
            let typed = typed(turn);
            let words: Vec<String> = typed.split(' ').map(str::to_lowercase).collect();
            let has = |text: &String| words.iter().all(|word| stands(text, word));
            let expected: HashSet<(i64, i64)> =
                said.iter().filter(|(_, text)| has(text)).map(|(at, _)| *at).collect();
            let (mut found, mut after) = (HashSet::new(), None);
            loop {
                let page = store
                    .search(author, SearchQuery { after, ..asked(&typed)? }, Box::new(|_| ()))
                    .await?;
                ensure!(
                    page.count == expected.len().min(MAX_COUNT) || expected.len() > MAX_COUNT,
                    "{typed}: {} are counted of {}",
                    page.count,
                    expected.len()
                );
                found.extend(
                    page.hits.iter().map(|hit| (hit.message.channel.0, hit.message.number.0)),
                );
                after = page.next;
                if after.is_none() || found.len() >= MAX_COUNT {
                    break;
                }
            }
            wrong += found.difference(&expected).count();
            if expected.len() <= MAX_COUNT {
                wrong += expected.difference(&found).count();
            }
        }
        store.close().await;
        Ok(wrong)
    })
}

/// Whether a word stands in a text: a Chinese one anywhere, another where a word begins.
fn stands(text: &str, word: &str) -> bool {
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    text.match_indices(word).any(|(at, _)| {
        word.starts_with(is_han)
            || !text[..at].ends_with(|c: char| c.is_alphanumeric() && !is_han(c))
    })
}

fn asked(typed: &str) -> Result<SearchQuery> {
    let asked = Asked::parse(typed, |_| None).context("a search is too long")?;
    Ok(SearchQuery { asked, ..SearchQuery::default() })
}

/// The text of a message: three of four are Chinese.
fn text(number: u64) -> String {
    let seed = scatter(number);
    let long = 3 + seed % 22;
    let mut text = String::new();
    for place in 0..long {
        let word = rank(scatter(seed.wrapping_add(place)));
        if number.is_multiple_of(4) {
            if place > 0 {
                text.push(' ');
            }
            text.push_str(&english(word));
        } else {
            text.push_str(&chinese(word));
            if place % 7 == 6 {
                text.push('，');
            }
        }
    }
    text
}

/// What is typed: one or two words, of any frequency.
fn typed(turn: u64) -> String {
    let one = |number: u64| {
        let word = rank(scatter(number.wrapping_mul(31) + 7));
        if number.is_multiple_of(3) { english(word) } else { chinese(word) }
    };
    if turn % 4 == 3 { format!("{} {}", chinese(turn % 40), one(turn + 1)) } else { one(turn) }
}

/// A word by its frequency: the n-th is about 1/n as frequent as the first (Zipf).
fn rank(chance: u64) -> u64 {
    let part = (chance % 1_000_000) as f64 / 1_000_000.0;
    ((WORDS as f64).powf(part) as u64).min(WORDS - 1)
}

/// A word of two to four syllables.
fn english(word: u64) -> String {
    const SYLLABLES: [&str; 40] = [
        "an", "ber", "ca", "del", "en", "fer", "go", "hul", "in", "jo", "ka", "lem", "mo", "nor",
        "of", "per", "qui", "ra", "sto", "ti", "un", "ver", "wa", "xen", "ya", "zu", "the", "ing",
        "ment", "out", "re", "con", "ble", "ly", "ex", "tra", "sub", "mis", "fy", "der",
    ];
    let (mut rest, mut text) = (word, String::new());
    loop {
        text.push_str(SYLLABLES[(rest % 40) as usize]);
        rest /= 40;
        if rest == 0 {
            return text;
        }
    }
}

/// A word of one to three characters.
fn chinese(word: u64) -> String {
    let first = 0x4e00;
    let sign =
        |number: u64| char::from_u32(first + (number % 3_500 * 5 + number % 5) as u32 % 20_000);
    let long = 1 + scatter(word) % 3;
    (0..long).filter_map(|place| sign(rank(scatter(word * 3 + place)) % 3_500)).collect()
}
