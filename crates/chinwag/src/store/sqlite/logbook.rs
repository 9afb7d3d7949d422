//! Reading the log: a page for those who keep order, and all of it for the operator.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::rows::{channels, standing, users};
use crate::model::channels::ChannelKind;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::log::{Act, LogEntry, LogPage, NamedChannel};
use crate::model::permissions::{Denial, PlaceAction, may_in_place};
use crate::model::time::Timestamp;
use crate::store::{Error, LogFilter, MAX_ENTRIES, Result};

/// An entry as the operator reads it, with the names that people and channels have now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeEntry {
    /// When it was done.
    pub at: Timestamp,
    /// Who did it; `None` for the operator.
    pub by: Option<String>,
    /// The network address that they came from; empty for the operator.
    pub address: String,
    /// The code of what was done; a later version may have written one that this one does not know.
    pub act: String,
    /// To whom.
    pub whom: Option<String>,
    /// In which channel.
    pub channel: Option<ChannelId>,
    /// The channel's name and kind, if it is still there.
    pub named: Option<NamedChannel>,
    /// To which message.
    pub number: Option<Number>,
    /// What else there is to say.
    pub detail: String,
}

/// The rows of a filter; `{ORDER}` is put behind it.
const ROWS: &str = "SELECT id, at, by, address, act, whom, channel_id, number, detail FROM log
     WHERE id < coalesce(:before, 9223372036854775807)
       AND (:by IS NULL OR by = :by) AND (:whom IS NULL OR whom = :whom)
       AND (:person IS NULL OR by = :person OR whom = :person)
       AND (:act IS NULL OR act = :act) AND (:since IS NULL OR at >= :since)";

/// A row of the log, with the code of its act as it stands there.
struct Raw {
    entry: LogEntry,
    act: String,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Raw> {
    let act: String = row.get(4)?;
    let entry = LogEntry {
        id: row.get(0)?,
        at: Timestamp(row.get(1)?),
        by: row.get::<_, Option<i64>>(2)?.map(UserId),
        address: row.get(3)?,
        // Whoever cannot show an act that they do not know looks at its code first.
        act: Act::of_code(&act).unwrap_or(Act::SetPlace),
        whom: row.get::<_, Option<i64>>(5)?.map(UserId),
        channel: row.get::<_, Option<i64>>(6)?.map(ChannelId),
        number: row.get::<_, Option<i64>>(7)?.map(Number),
        detail: row.get(8)?,
    };
    Ok(Raw { entry, act })
}

/// Passes the rows of a filter on, as long as `each` says to go on.
fn rows(
    db: &Connection,
    filter: LogFilter,
    order: &str,
    mut each: impl FnMut(Raw) -> Result<bool>,
) -> Result<()> {
    let mut find = db.prepare_cached(&format!("{ROWS} ORDER BY id {order}"))?;
    let mut rows = find.query(named_params! {
        ":before": filter.before,
        ":by": filter.by.map(|user| user.0),
        ":whom": filter.whom.map(|user| user.0),
        ":person": filter.person.map(|user| user.0),
        ":act": filter.act.map(Act::code),
        ":since": filter.since.map(|since| since.0),
    })?;
    while let Some(row) = rows.next()? {
        if !each(read(row)?)? {
            break;
        }
    }
    Ok(())
}

/// See [`Order::log`](crate::store::Order::log).
pub(super) fn page(db: &Connection, viewer: UserId, filter: LogFilter) -> Result<LogPage> {
    if !may_in_place(users::active_role(db, viewer)?, PlaceAction::ReadLog) {
        return Err(Error::Denied(Denial::Forbidden));
    }
    let mut page = LogPage::default();
    rows(db, filter, "DESC", |Raw { entry, act }| {
        // An act of a later version is not shown by this one.
        if Act::of_code(&act).is_none() || !may_read_about(db, entry.channel, viewer)? {
            return Ok(true);
        }
        if page.entries.len() == MAX_ENTRIES {
            page.more = true;
            return Ok(false);
        }
        for person in [entry.by, entry.whom].into_iter().flatten() {
            if !page.people.iter().any(|known| known.id == person) {
                page.people.push(users::user(db, person)?);
            }
        }
        if let Some(id) = entry.channel
            && !page.channels.iter().any(|known| known.id == id)
            && let Some(view) = channels::view(db, id, viewer)?
        {
            let channel = view.channel;
            let (name, kind) = (channel.name, channel.state.kind);
            page.channels.push(NamedChannel { id, name, kind });
        }
        page.entries.push(entry);
        Ok(true)
    })?;
    Ok(page)
}

/// Whether somebody who reads the log may read what is about a channel: about a public one always, about
/// any other if they are in it, and about one that is gone if it was public in the end.
fn may_read_about(db: &Connection, channel: Option<ChannelId>, viewer: UserId) -> Result<bool> {
    let Some(channel) = channel else { return Ok(true) };
    match channels::head_and_state(db, channel)? {
        Some((_, state)) if state.kind == ChannelKind::Public => Ok(true),
        Some(_) => Ok(standing::head_for(db, channel, viewer)?.is_some()),
        None => {
            let mut find = db.prepare_cached(
                "SELECT 1 FROM log WHERE channel_id = ?1 AND act = 'delete_channel'",
            )?;
            Ok(find.exists([channel.0])?)
        }
    }
}

/// All of the log that a filter leaves, the oldest first, as long as `each` says to go on: what is about
/// private places too.
pub(super) fn all(
    db: &Connection,
    filter: LogFilter,
    mut each: impl FnMut(WholeEntry) -> bool,
) -> Result<()> {
    let name = |person: Option<UserId>| -> Result<Option<String>> {
        person.map(|person| Ok(users::user(db, person)?.name)).transpose()
    };
    rows(db, filter, "ASC", |Raw { entry, act }| {
        let named = match entry.channel {
            Some(id) => named(db, id)?,
            None => None,
        };
        Ok(each(WholeEntry {
            at: entry.at,
            by: name(entry.by)?,
            address: entry.address,
            act,
            whom: name(entry.whom)?,
            channel: entry.channel,
            named,
            number: entry.number,
            detail: entry.detail,
        }))
    })
}

/// What a channel is called. `None`: it is gone, or about to be.
fn named(db: &Connection, id: ChannelId) -> Result<Option<NamedChannel>> {
    let mut find = db.prepare_cached(
        "SELECT name, kind FROM channels c WHERE id = ?1
             AND NOT EXISTS (SELECT 1 FROM deletions d WHERE d.channel_id = c.id)",
    )?;
    let found = find.query_row([id.0], |row| {
        let kind = ChannelKind::of_code(row.get_ref(1)?.as_str()?);
        Ok(NamedChannel { id, name: row.get(0)?, kind: kind.unwrap_or(ChannelKind::Direct) })
    });
    Ok(found.optional()?)
}

/// The person who holds a name, by its key.
pub(super) fn holder(db: &Connection, key: &str) -> Result<Option<UserId>> {
    let mut find = db.prepare_cached("SELECT id FROM users WHERE name_key = ?1")?;
    Ok(find.query_row([key], |row| row.get(0).map(UserId)).optional()?)
}
