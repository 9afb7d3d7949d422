//! The longest texts that a message may have, made to keep the server busy: how long its parsers and its finder
//! of names take for the worst of them.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context, Result};
use chinwag::model::ids::{SecretHash, UserId};
use chinwag::model::markup;
use chinwag::model::names::DisplayName;
use chinwag::model::text::MessageText;
use chinwag::store::sqlite::SqliteStore;
use chinwag::store::{Mentions, NewSession, Store, Users};

use super::budgets::Samples;
use super::filling::{self, AT, Folder};
use super::setting::Bench;
use crate::chance::scatter;

/// How often each text is read. The shortest time counts: reading a text takes no disk and waits for nobody, and
/// what the machine does besides is not the text's fault.
const READS: usize = 7;
/// Texts that are put together by chance, beside those of [`WORST`].
const CHANCES: u64 = 150;
/// Names that begin each other: the longest are as long as a name may be.
const LONGEST_NAME: usize = 32;

/// Each is repeated until the text is as long as it may be. What an address, a label, a name or a table is
/// bounded by is in it once, so that what a parser looks at again and again is as long as it may be.
const WORST: [&str; 22] = [
    "字",
    "*",
    "**a ",
    "*a_b~",
    "_*~`",
    "`",
    "``a`",
    "[",
    "[[",
    "](",
    "[a](",
    "<",
    "<a",
    "> - 1. ",
    "- a\n  - b\n    - c\n",
    "|a|b\n|-|-\n",
    "http://a",
    "https://[::1]:8/(((",
    "#a b c d e f g h i j k l m n o p q r s t u v w x y z ",
    "#频道频道频道频道频道频道频道频道频道频道",
    "\\",
    "a\u{301}\u{302}\u{303}",
];
/// What texts by chance are made of.
const PARTS: [&str; 28] = [
    "*",
    "**",
    "_",
    "~~",
    "`",
    "``",
    "[",
    "]",
    "](http://b.example)",
    "(",
    ")",
    "<",
    ">",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "> ",
    "|",
    "|-|-|",
    "http://",
    "a",
    " ",
    "字",
    "@",
    "#",
    "```\n",
    "\u{301}",
];

/// Measures the rows.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    bench.cores.place_generator(false)?;
    let texts = texts();
    let marked = worst(&texts, |text| {
        let mut blocks = markup::parse(text);
        let mut names = std::collections::BTreeSet::new();
        markup::add_possible(text, &mut names, 300);
        markup::link_channels(&mut blocks, &names);
        black_box(blocks);
        Ok(())
    })?;
    samples.add("texts.marked", marked);
    let folder = Folder::new(bench, "texts")?;
    let runtime = filling::runtime()?;
    let (store, author) = runtime.block_on(async {
        let store = filling::open(folder.path())?;
        let author = people(&store).await?;
        anyhow::Ok((store, author))
    })?;
    let called = worst(&calling(texts), |text| {
        black_box(runtime.block_on(store.called(author, text))?);
        Ok(())
    })?;
    samples.add("texts.called", called);
    runtime.block_on(store.close());
    Ok(())
}

/// The longest time that a text takes, in milliseconds; says which text it was.
fn worst(texts: &[String], read: impl Fn(&str) -> Result<()>) -> Result<f64> {
    let (mut most, mut which) = (0.0, "");
    for text in texts {
        let mut figure = f64::INFINITY;
        for _ in 0..READS {
            let started = Instant::now();
            read(text)?;
            figure = figure.min(started.elapsed().as_secs_f64() * 1e3);
        }
        if figure > most {
            (most, which) = (figure, text);
        }
    }
    let beginning: String = which.chars().take(60).collect();
    eprintln!("the worst text takes {most:.2} ms: {beginning:?} …");
    Ok(most)
}

/// Texts that are as long as a message may be.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> = WORST.iter().map(|part| long(part)).collect();
    // Labels that are read again and again: each is as long as it may be, and names another host.
    let nested = format!("{}{}", "[".repeat(38), "](http://b.example)".repeat(24));
    texts.push(long(&nested));
    let label = format!("[{}](http://b.example)", "a.example ".repeat(49));
    texts.push(long(&label));
    texts.push(long(&format!("[a](http://{}", "a".repeat(2040))));
    texts.push(long(&format!("<{}", "a".repeat(2040))));
    for number in 0..CHANCES {
        let mut text = String::new();
        // A few parts each: what is made of all is seldom bad.
        let kinds = 2 + scatter(number) % 5;
        let mut turn = number << 32;
        while text.chars().count() < MessageText::MAX {
            turn += 1;
            let kind = scatter(number * 8 + scatter(turn) % kinds);
            text.push_str(PARTS[(kind % PARTS.len() as u64) as usize]);
        }
        texts.push(long(&text));
    }
    texts
}

/// Texts full of calls, beside the others.
fn calling(mut texts: Vec<String>) -> Vec<String> {
    for part in ["a", "张", "㌀", "ﷺ", "\u{200b}a", "a ", "ａ", "e\u{301}"] {
        let mut text = String::new();
        while text.chars().count() < MessageText::MAX {
            let _ = writeln!(text, "@{}", part.repeat(63 / part.chars().count()));
        }
        texts.push(long(&text));
    }
    texts
}

fn long(part: &str) -> String {
    part.chars().cycle().take(MessageText::MAX).collect()
}

/// People whose names begin each other, in several scripts and forms. Returns one of them.
async fn people(store: &SqliteStore) -> Result<UserId> {
    let mut author = None;
    let mut number = 0_u64;
    for part in ["a", "张", "アパート", "a b", "é"] {
        for length in 1..=LONGEST_NAME {
            let name: String = part.chars().cycle().take(length).collect();
            let Ok(name) = DisplayName::parse(name.trim()) else { continue };
            number += 1;
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
            // A name that ends in a space is another one again.
            if let Ok((account, _)) = store.take_name(name, session).await {
                author = Some(account.user.id);
            }
        }
    }
    author.context("nobody came in")
}
