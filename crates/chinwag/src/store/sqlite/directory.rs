//! The directory of public channels, a page at a time.

use std::collections::BTreeSet;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row};

use super::SqliteStore;
use super::rows::{standing, users};
use crate::model::channels::Posting;
use crate::model::directory::{
    DirectoryOrder, DirectoryPage, DirectoryQuery, ListedChannel, MAX_LISTED,
};
use crate::model::folding::fold;
use crate::model::ids::{ChannelId, UserId};
use crate::model::names::ChannelName;
use crate::model::permissions::{Denial, PlaceAction, may_in_place};
use crate::model::readings::{Letters, MAX_LETTERS};
use crate::model::time::Timestamp;
use crate::store::{Directory, Error, Result};

#[async_trait]
impl Directory for SqliteStore {
    async fn directory(&self, viewer: UserId, query: DirectoryQuery) -> Result<DirectoryPage> {
        self.readers.read(move |db| directory(db, viewer, &query)).await
    }

    async fn public_names(
        &self,
        viewer: UserId,
        names: BTreeSet<String>,
    ) -> Result<BTreeSet<String>> {
        self.readers.read(move |db| public_names(db, viewer, names)).await
    }
}

/// See [`Directory::public_names`]. The same two statements for each name.
pub(super) fn public_names(
    db: &Connection,
    viewer: UserId,
    names: BTreeSet<String>,
) -> Result<BTreeSet<String>> {
    let mut find = db.prepare_cached(
        "SELECT id FROM channels WHERE name_key = ?1 AND name = ?2 AND kind = 'public'",
    )?;
    let mut seen = BTreeSet::new();
    for name in names {
        let parsed = ChannelName::parse(&name);
        let key = parsed.as_ref().map_or("", |parsed| parsed.key());
        let id: Option<i64> = find.query_row((key, &name), |row| row.get(0)).optional()?;
        if standing::head_for(db, ChannelId(id.unwrap_or(0)), viewer)?.is_some() {
            seen.insert(name);
        }
    }
    Ok(seen)
}

/// What is read of each channel.
const COLUMNS: &str = "SELECT id, name, name_key, topic, created_at, posting,
                              archived_at IS NOT NULL, member_count";
/// All keys of names come after this. Those of channels that are not public come before it: they hold a space
/// and the id.
const BEFORE_NAMES: &str = " ~";

pub(super) fn directory(
    db: &Connection,
    viewer: UserId,
    query: &DirectoryQuery,
) -> Result<DirectoryPage> {
    if !may_in_place(users::active_role(db, viewer)?, PlaceAction::Browse) {
        return Err(Error::Denied(Denial::NotFound));
    }
    let limit = query.limit.clamp(1, MAX_LISTED);
    let wanted = Wanted::of(&query.letters);
    let mut find;
    let mut rows = match query.order {
        DirectoryOrder::Name => {
            find = db.prepare_cached(&format!(
                "{COLUMNS} FROM channels WHERE name_key > ?1 AND kind = 'public' ORDER BY name_key"
            ))?;
            find.query([query.after.as_deref().unwrap_or_default().max(BEFORE_NAMES)])?
        }
        DirectoryOrder::Oldest => {
            find = db.prepare_cached(&format!(
                "{COLUMNS} FROM channels INDEXED BY channels_public
                 WHERE id > ?1 AND kind = 'public' ORDER BY id"
            ))?;
            // What no page ended with leads to the first channel.
            find.query([query.after.as_deref().and_then(|id| id.parse().ok()).unwrap_or(0_i64)])?
        }
    };
    let (mut channels, mut last_key) = (Vec::new(), String::new());
    while let Some(row) = rows.next()? {
        let key = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
        let topic = row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?;
        let name = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        if !wanted.is_in(name, key, topic) {
            continue;
        }
        let Some(channel) = listed(db, row, viewer)? else { continue };
        if channels.len() == limit {
            let last = channels.last().map_or(0, |channel: &ListedChannel| channel.id.0);
            let next = match query.order {
                DirectoryOrder::Name => last_key,
                DirectoryOrder::Oldest => last.to_string(),
            };
            return Ok(DirectoryPage { channels, next: Some(next) });
        }
        key.clone_into(&mut last_key);
        channels.push(channel);
    }
    Ok(DirectoryPage { channels, next: None })
}

/// A channel of the directory as a person sees it. `None`: they are kept out of it.
fn listed(db: &Connection, row: &Row<'_>, viewer: UserId) -> Result<Option<ListedChannel>> {
    let id = ChannelId(row.get(0)?);
    let mut standing = db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM members WHERE channel_id = ?1 AND user_id = ?2),
                EXISTS (SELECT 1 FROM kept_out WHERE channel_id = ?1 AND user_id = ?2)",
    )?;
    let (member, kept_out): (bool, bool) =
        standing.query_row((id.0, viewer.0), |row| Ok((row.get(0)?, row.get(1)?)))?;
    // Whoever is in a channel sees it.
    if kept_out && !member {
        return Ok(None);
    }
    let posting = row.get_ref(5)?.as_str().map_err(rusqlite::Error::from)?;
    Ok(Some(ListedChannel {
        id,
        name: row.get(1)?,
        topic: row.get(3)?,
        created_at: Timestamp(row.get(4)?),
        posting: Posting::of_code(posting).unwrap_or(Posting::Hosts),
        archived: row.get(6)?,
        member_count: row.get(7)?,
        member,
    }))
}

/// What somebody looks for. Names are compared by their keys, topics without regard to case alone: folding
/// each of them would cost more than all the rest.
struct Wanted {
    in_key: String,
    in_topic: String,
    /// Of the name and of its reading; `None` when they are too many.
    begin: Option<Letters>,
}

impl Wanted {
    fn of(letters: &str) -> Self {
        let begin = (letters.chars().count() <= MAX_LETTERS).then(|| Letters::of(letters));
        Self { in_key: fold(letters), in_topic: letters.trim().to_lowercase(), begin }
    }

    fn is_in(&self, name: &str, key: &str, topic: &str) -> bool {
        self.in_topic.is_empty()
            || (!self.in_key.is_empty() && key.contains(&self.in_key))
            || topic.to_lowercase().contains(&self.in_topic)
            || self.begin.as_ref().is_some_and(|begin| !begin.is_empty() && begin.find(name))
    }
}
