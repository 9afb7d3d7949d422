//! Mentions: whom a text calls.

use std::collections::HashMap;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension};

use super::SqliteStore;
use super::callable::callable;
use super::rows::{place, users};
use crate::model::calls::{Call, calls};
use crate::model::channels::ChannelState;
use crate::model::ids::{ChannelId, UserId};
use crate::model::mentions::{Callable, Called, MAX_MENTIONS, Mention};
use crate::model::permissions::{Action, PlaceAction, may, may_in_place, runs};
use crate::model::place::Callers;
use crate::model::readings::Letters;
use crate::model::roles::Standing;
use crate::store::{Mentions, Result};

#[async_trait]
impl Mentions for SqliteStore {
    async fn called(&self, author: UserId, text: &str) -> Result<Vec<Mention>> {
        let calls = calls(text);
        if calls.is_empty() {
            return Ok(Vec::new());
        }
        self.readers.read(move |db| called(db, author, &calls)).await
    }

    async fn callable(
        &self,
        viewer: UserId,
        channel: ChannelId,
        letters: Letters,
    ) -> Result<Option<Vec<Callable>>> {
        self.readers.read(move |db| callable(db, viewer, channel, &letters)).await
    }
}

fn called(db: &Connection, author: UserId, calls: &[Call]) -> Result<Vec<Mention>> {
    let sees_all = may_in_place(users::active_role(db, author)?, PlaceAction::Browse);
    // A name that is called often is looked up once.
    let mut known = HashMap::new();
    let mut mentions: Vec<Mention> = Vec::new();
    for call in calls {
        let person = person(db, author, sees_all, call, &mut known)?;
        let longest = person.into_iter().chain(call.everybody()).max_by_key(|found| found.length);
        // A name may hold an `@` itself, which then calls nobody else.
        let is_behind = |found: &Mention| {
            mentions.last().is_none_or(|last| last.start + last.length <= found.start)
        };
        mentions.extend(longest.filter(is_behind));
    }
    mentions.truncate(MAX_MENTIONS);
    Ok(mentions)
}

/// The person with the longest name that fits.
fn person(
    db: &Connection,
    author: UserId,
    sees_all: bool,
    call: &Call,
    known: &mut HashMap<String, Option<UserId>>,
) -> Result<Option<Mention>> {
    // The greatest key that is not above the text either begins it, or shares with it what every shorter
    // key that begins it has too. So each step makes the text shorter.
    let mut nearest = db.prepare_cached(
        "SELECT name_key FROM users WHERE name_key <= ?1 ORDER BY 1 DESC LIMIT 1",
    )?;
    let mut text = call.folded.as_str();
    while !text.is_empty() {
        let found: Option<String> = nearest.query_row([text], |row| row.get(0)).optional()?;
        let Some(key) = found else { return Ok(None) };
        if !text.starts_with(&key) {
            text = &text[..common(text, &key)];
            continue;
        }
        let id = match known.get(&key) {
            Some(id) => *id,
            None => *known.entry(key.clone()).or_insert(visible(db, author, sees_all, &key)?),
        };
        if let Some(mention) = id.and_then(|id| call.mention(&key, Called::Person(id))) {
            return Ok(Some(mention));
        }
        let last = key.chars().next_back().map_or(0, char::len_utf8);
        text = &text[..key.len() - last];
    }
    Ok(None)
}

/// How many bytes of two texts are equal from their beginning, in whole characters.
fn common(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

/// The person whose name has that key, if they are active and the author may know of them: a guest knows
/// those who are in a channel with them.
fn visible(db: &Connection, author: UserId, sees_all: bool, key: &str) -> Result<Option<UserId>> {
    let mut find = db.prepare_cached(
        "SELECT u.id FROM users u
         WHERE u.name_key = ?1 AND u.deactivated_at IS NULL
           AND (?3 OR u.id = ?2 OR EXISTS (
               SELECT 1 FROM members theirs
               CROSS JOIN members mine ON mine.channel_id = theirs.channel_id
               WHERE theirs.user_id = u.id AND mine.user_id = ?2))",
    )?;
    let found = find.query_row((key, author.0, sees_all), |row| row.get(0).map(UserId));
    Ok(found.optional()?)
}

/// Those of some mentions that their author may make in the channel: who calls everybody is a setting.
pub(super) fn allowed(
    db: &Connection,
    mentions: &[Mention],
    author: Standing,
    channel: ChannelState,
) -> Result<Vec<Mention>> {
    let calls_all = |mention: &&Mention| mention.called == Called::Everybody;
    if mentions.iter().find(calls_all).is_none() {
        return Ok(mentions.to_vec());
    }
    let may_call = match place::place(db)?.callers {
        Callers::Members => may(author, Action::CallEverybody, channel).is_ok(),
        Callers::Hosts => runs(author, channel.kind),
    };
    Ok(mentions.iter().filter(|mention| may_call || !calls_all(mention)).copied().collect())
}
