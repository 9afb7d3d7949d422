//! People: the names they hold and what they chose.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::reading::Author;
use super::writer::Tx;
use super::{devices, sessions, streams};
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Revision, UserId};
use crate::model::look_alikes::Look;
use crate::model::names::DisplayName;
use crate::model::sessions::Session;
use crate::model::time::Timestamp;
use crate::model::users::{Account, LanguageChoice, Settings, Theme, User};
use crate::store::{Constraint, Error, NewPassword, NewSession, Result};

/// The columns that [`read_account`] expects first in a row.
pub(super) const ACCOUNT: &str = "u.id, u.name, u.created_at, u.password_hash, u.last_channel, \
                                  u.language, u.theme, u.enter_sends, u.account_revision";
/// How many columns that is.
pub(super) const ACCOUNT_WIDTH: usize = 9;

pub(super) fn take_name(
    tx: &mut Tx<'_>,
    name: &DisplayName,
    session: &NewSession,
) -> Result<(Account, Session)> {
    if account_with_key(tx.db, name.key())?.is_some() {
        return Err(Error::Conflict(Constraint::UserName));
    }
    if looks_like_another(tx.db, name.look())? {
        return Err(Error::Conflict(Constraint::UserLook));
    }
    let chosen = Settings::default();
    let mut insert = tx.db.prepare_cached(
        "INSERT INTO users (name, name_key, look_drawn, look_folded, created_at, language, theme,
                            enter_sends, place_revision)
         VALUES (:name, :key, :drawn, :folded, :at, :language, :theme, :enter_sends, :place)",
    )?;
    let place = streams::next_place(tx.db)?;
    insert.execute(named_params! {
        ":name": name.as_str(),
        ":key": name.key(),
        ":drawn": name.look().drawn,
        ":folded": name.look().folded,
        ":at": session.at.0,
        ":language": chosen.language.code(),
        ":theme": chosen.theme.code(),
        ":enter_sends": chosen.enter_sends,
        ":place": place.0,
    })?;
    let user = UserId(tx.db.last_insert_rowid());
    let taken = User { id: user, name: name.as_str().to_owned() };
    tx.happened(Event::PersonCreated { user: taken, place });
    let session = sessions::sign_in(tx, user, session)?;
    Ok((existing(tx.db, user)?, session))
}

fn looks_like_another(db: &Connection, look: &Look) -> Result<bool> {
    let mut find = db.prepare_cached(
        "SELECT 1 FROM users WHERE look_drawn = ?1
         UNION ALL SELECT 1 FROM users WHERE look_folded = ?2",
    )?;
    Ok(find.exists((&look.drawn, &look.folded))?)
}

pub(super) fn account(db: &Connection, user: UserId) -> Result<Option<Account>> {
    let mut find = db.prepare_cached(&format!("SELECT {ACCOUNT} FROM users u WHERE u.id = ?1"))?;
    Ok(find.query_row([user.0], read_account).optional()?)
}

pub(super) fn account_with_key(db: &Connection, key: &str) -> Result<Option<Account>> {
    let mut find =
        db.prepare_cached(&format!("SELECT {ACCOUNT} FROM users u WHERE u.name_key = ?1"))?;
    Ok(find.query_row([key], read_account).optional()?)
}

/// What everybody may see of somebody who is there: people are never removed.
pub(super) fn user(db: &Connection, user: UserId) -> Result<User> {
    let mut find = db.prepare_cached("SELECT name FROM users WHERE id = ?1")?;
    let name = find.query_row([user.0], |row| row.get(0))?;
    Ok(User { id: user, name })
}

/// Somebody who posts, and where their own stream stands.
pub(super) fn author(db: &Connection, user: UserId) -> Result<(User, Author)> {
    let mut find = db.prepare_cached("SELECT name, own_revision FROM users WHERE id = ?1")?;
    Ok(find.query_row([user.0], |row| {
        let author = Author { id: user, own_revision: Revision(row.get(1)?) };
        Ok((User { id: user, name: row.get(0)? }, author))
    })?)
}

pub(super) fn people(db: &Connection, folded: &str, limit: usize) -> Result<Vec<User>> {
    let mut find = db.prepare_cached(
        "SELECT id, name FROM users WHERE instr(name_key, ?1) > 0 ORDER BY name_key LIMIT ?2",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = find.query_map((folded, limit), |row| read_user(row, 0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn set_settings(
    tx: &mut Tx<'_>,
    user: UserId,
    settings: Settings,
) -> Result<Option<Account>> {
    let mut update = tx.db.prepare_cached(
        "UPDATE users SET language = ?2, theme = ?3, enter_sends = ?4 WHERE id = ?1",
    )?;
    let (language, theme) = (settings.language.code(), settings.theme.code());
    if update.execute((user.0, language, theme, settings.enter_sends))? == 0 {
        return Ok(None);
    }
    changed(tx, user).map(Some)
}

pub(super) fn set_password(
    tx: &mut Tx<'_>,
    user: UserId,
    new: &NewPassword,
) -> Result<Option<Account>> {
    let mut update = tx.db.prepare_cached(
        "UPDATE users SET password_hash = ?2 WHERE id = ?1 AND password_hash IS ?3",
    )?;
    if update.execute((user.0, &new.hash, &new.replaces))? == 0 {
        return Ok(None);
    }
    let account = changed(tx, user)?;
    let kept = sessions::end_others(tx, user, new.session)?;
    devices::forget_others(tx, user, kept)?;
    Ok(Some(account))
}

/// Remembers where she was last; `None` forgets it.
pub(super) fn set_last_channel(
    tx: &mut Tx<'_>,
    user: UserId,
    channel: Option<ChannelId>,
) -> Result<()> {
    let mut update = tx.db.prepare_cached(
        "UPDATE users SET last_channel = ?2 WHERE id = ?1 AND last_channel IS NOT ?2",
    )?;
    if update.execute((user.0, channel.map(|channel| channel.0)))? > 0 {
        changed(tx, user)?;
    }
    Ok(())
}

/// Reads [`ACCOUNT`].
pub(super) fn read_account(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        user: read_user(row, 0)?,
        created_at: Timestamp(row.get(2)?),
        password_hash: row.get(3)?,
        last_channel: row.get::<_, Option<i64>>(4)?.map(ChannelId),
        settings: Settings {
            // The table's CHECK leaves no unknown code.
            language: LanguageChoice::of_code(row.get_ref(5)?.as_str()?),
            theme: Theme::of_code(row.get_ref(6)?.as_str()?),
            enter_sends: row.get(7)?,
        },
        revision: Revision(row.get(8)?),
    })
}

/// Reads an id and a name, the first of them in column `at`.
pub(super) fn read_user(row: &Row<'_>, at: usize) -> rusqlite::Result<User> {
    Ok(User { id: UserId(row.get(at)?), name: row.get(at + 1)? })
}

fn existing(db: &Connection, user: UserId) -> Result<Account> {
    account(db, user)?.ok_or_else(|| Error::Corrupt(format!("person {user} is missing")))
}

/// The account changed: takes the next revision of the person's own stream.
fn changed(tx: &mut Tx<'_>, user: UserId) -> Result<Account> {
    let revision = streams::next_own(tx.db, user)?;
    let mut update =
        tx.db.prepare_cached("UPDATE users SET account_revision = ?2 WHERE id = ?1")?;
    update.execute((user.0, revision.0))?;
    let account = existing(tx.db, user)?;
    tx.happened(Event::AccountChanged(account.clone()));
    Ok(account)
}
