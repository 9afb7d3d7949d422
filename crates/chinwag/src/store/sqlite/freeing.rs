//! Freeing the name of a guest whose visit has ended, for somebody new.

use rusqlite::{Connection, OptionalExtension, named_params};

use super::rows::log::{self, About};
use super::rows::{devices, revisions, sessions, tokens, users};
use super::writer::Tx;
use crate::model::events::Event;
use crate::model::ids::UserId;
use crate::model::log::{Act, Doer};
use crate::model::names::DisplayName;
use crate::model::permissions::{Denial, PersonAction, may_to};
use crate::model::roles::Role;
use crate::model::time::Timestamp;
use crate::store::{Constraint, Error, Result};

/// The most names that are tried for one guest: so many guests of one name came on one day.
const MOST_TRIES: u32 = 10_000;

/// Gives a guest their name with the date of the visit, which frees the name itself. What let them back in,
/// their browsers and a password, goes: the name is not theirs any more.
pub(super) fn free_name(tx: &mut Tx<'_>, by: &Doer, whom: UserId) -> Result<()> {
    let account = users::account(tx.db, whom)?;
    let mine = users::active_role(tx.db, by.user)?;
    let theirs = account.as_ref().map_or(Role::Guest, |account| account.named_role);
    let may = may_to(mine, PersonAction::FreeName, theirs)
        || (theirs == Role::Guest && hosts(tx.db, by.user, whom)?);
    if !may {
        return Err(Error::Denied(Denial::Forbidden));
    }
    let account = account.ok_or(Error::Denied(Denial::NotFound))?;
    let ended = account.visit_ends_at.filter(|end| *end <= by.at);
    let ended = ended.ok_or(Error::Conflict(Constraint::VisitGoesOn))?;
    let held = account.user.name;
    let name = dated(tx.db, &held, ended)?;
    let place = revisions::next_place(tx.db)?;
    let mut update = tx.db.prepare_cached(
        "UPDATE users SET name = :name, name_key = :key, look_drawn = :drawn,
                          look_folded = :folded, place_revision = :place, password_hash = NULL
         WHERE id = :user",
    )?;
    update.execute(named_params! {
        ":name": name.as_str(),
        ":key": name.key(),
        ":drawn": name.look().drawn,
        ":folded": name.look().folded,
        ":place": place.0,
        ":user": whom.0,
    })?;
    sessions::end_where(tx, whom, "id > ?2", 0)?;
    devices::remove_others(tx.db, whom, None)?;
    tokens::revoke_all(tx, whom)?;
    log::add(
        tx.db,
        by,
        Act::FreeName,
        &About { whom: Some(whom), detail: &held, ..About::default() },
    )?;
    let account = users::changed(tx, whom)?;
    tx.happened(Event::PersonChanged { user: account.user, place });
    Ok(())
}

/// Whether somebody is host of a channel that a guest is in.
fn hosts(db: &Connection, host: UserId, guest: UserId) -> Result<bool> {
    let mut find = db.prepare_cached(
        "SELECT 1 FROM members mine JOIN members theirs ON theirs.channel_id = mine.channel_id
         WHERE mine.user_id = ?1 AND mine.host AND theirs.user_id = ?2 LIMIT 1",
    )?;
    Ok(find.exists((host.0, guest.0))?)
}

/// A free name with the date of the visit.
fn dated(db: &Connection, held: &str, ended: Timestamp) -> Result<DisplayName> {
    let mut find = db.prepare_cached("SELECT date(?1 / 1000, 'unixepoch')")?;
    let date: Option<String> = find.query_row([ended.0], |row| row.get(0)).optional()?.flatten();
    let date = date.unwrap_or_default();
    for nth in 1..=MOST_TRIES {
        let name = DisplayName::of_visit(held, &date, nth)
            .map_err(|problem| Error::Corrupt(format!("the name of a guest: {problem:?}")))?;
        if users::account_with_key(db, name.key())?.is_none() {
            return Ok(name);
        }
    }
    Err(Error::Conflict(Constraint::UserName))
}
