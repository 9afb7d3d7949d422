//! Rows of people.

use rusqlite::{Connection, OptionalExtension, Row};

use super::revisions;
use super::standing::read_role;
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Revision, UserId};
use crate::model::look_alikes::Look;
use crate::model::roles::Role;
use crate::model::time::Timestamp;
use crate::model::users::{Account, LanguageChoice, Settings, Theme, User};
use crate::store::sqlite::writer::Tx;
use crate::store::{Error, Result};

/// The columns that [`read_account`] reads, from the first column on.
pub(crate) const ACCOUNT: &str = "u.id, u.name, u.created_at, u.password_hash, u.last_channel, \
                                  u.language, u.theme, u.enter_sends, u.account_revision, \
                                  u.role, u.visit_ends_at";
/// How many columns that is.
pub(crate) const ACCOUNT_WIDTH: usize = 11;

/// The author of a new message, with the newest revision of their own stream.
pub(crate) struct Author {
    /// The id and the name.
    pub(crate) user: User,
    /// The revision of the person's own stream.
    pub(crate) own_revision: Revision,
    /// What they are in the whole place.
    pub(crate) role: Role,
    /// Until when they may not write anywhere.
    pub(crate) muted_until: Option<Timestamp>,
}

/// The name that a person holds.
pub(crate) struct HeldName {
    /// As it was typed.
    pub(crate) text: String,
    /// What makes it unique.
    pub(crate) key: String,
    /// What it looks like.
    pub(crate) look: Look,
}

/// The name that a person holds. `None`: no such person.
pub(crate) fn held_name(db: &Connection, user: UserId) -> Result<Option<HeldName>> {
    let mut find = db.prepare_cached(
        "SELECT name, name_key, look_drawn, look_folded FROM users WHERE id = ?1",
    )?;
    let found = find.query_row([user.0], |row| {
        let look = Look { drawn: row.get(2)?, folded: row.get(3)? };
        Ok(HeldName { text: row.get(0)?, key: row.get(1)?, look })
    });
    Ok(found.optional()?)
}

/// A person by their id.
pub(crate) fn account(db: &Connection, user: UserId) -> Result<Option<Account>> {
    let mut find = db.prepare_cached(&format!("SELECT {ACCOUNT} FROM users u WHERE u.id = ?1"))?;
    Ok(find.query_row([user.0], read_account).optional()?)
}

/// A person by the key of their name.
pub(crate) fn account_with_key(db: &Connection, key: &str) -> Result<Option<Account>> {
    let mut find =
        db.prepare_cached(&format!("SELECT {ACCOUNT} FROM users u WHERE u.name_key = ?1"))?;
    Ok(find.query_row([key], read_account).optional()?)
}

/// What everybody may see of a person who exists. People are never removed.
pub(crate) fn user(db: &Connection, user: UserId) -> Result<User> {
    let mut find = db.prepare_cached("SELECT name FROM users WHERE id = ?1")?;
    let name = find.query_row([user.0], |row| row.get(0))?;
    Ok(User { id: user, name })
}

/// Whether there is such a person, and their account is not deactivated.
pub(crate) fn is_active(db: &Connection, user: UserId) -> Result<bool> {
    let mut find =
        db.prepare_cached("SELECT 1 FROM users WHERE id = ?1 AND deactivated_at IS NULL")?;
    Ok(find.exists([user.0])?)
}

/// A person as the author of a new message: one look-up instead of two.
pub(crate) fn author(db: &Connection, user: UserId) -> Result<Author> {
    let mut find = db.prepare_cached(
        "SELECT name, own_revision, role, password_hash IS NOT NULL, muted_until
         FROM users WHERE id = ?1",
    )?;
    Ok(find.query_row([user.0], |row| {
        Ok(Author {
            user: User { id: user, name: row.get(0)? },
            own_revision: Revision(row.get(1)?),
            role: read_role(row, 2)?,
            muted_until: row.get::<_, Option<i64>>(4)?.map(Timestamp),
        })
    })?)
}

/// A person who exists.
pub(crate) fn existing(db: &Connection, user: UserId) -> Result<Account> {
    account(db, user)?.ok_or_else(|| Error::Corrupt(format!("person {user} is missing")))
}

/// How many owners the place has.
pub(crate) fn owners(db: &Connection) -> Result<i64> {
    let mut count = db.prepare_cached("SELECT count(*) FROM users WHERE role = 'owner'")?;
    Ok(count.query_row([], |row| row.get(0))?)
}

/// Notes a change of the account: it takes the next revision of the person's own stream. Event:
/// `AccountChanged`.
pub(crate) fn changed(tx: &mut Tx<'_>, user: UserId) -> Result<Account> {
    let revision = revisions::next_own(tx.db, user)?;
    let mut update =
        tx.db.prepare_cached("UPDATE users SET account_revision = ?2 WHERE id = ?1")?;
    update.execute((user.0, revision.0))?;
    let account = existing(tx.db, user)?;
    tx.happened(Event::AccountChanged(account.clone()));
    Ok(account)
}

/// Remembers the channel that a person visited last; `None` forgets it. Event: `AccountChanged` if it
/// was another.
pub(crate) fn set_last_channel(
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
pub(crate) fn read_account(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        user: read_user(row, 0)?,
        created_at: Timestamp(row.get(2)?),
        password_hash: row.get(3)?,
        last_channel: row.get::<_, Option<i64>>(4)?.map(ChannelId),
        settings: Settings {
            // The CHECK of the table leaves no unknown code.
            language: LanguageChoice::of_code(row.get_ref(5)?.as_str()?),
            theme: Theme::of_code(row.get_ref(6)?.as_str()?),
            enter_sends: row.get(7)?,
        },
        revision: Revision(row.get(8)?),
        // The CHECK of the table leaves no unknown code.
        named_role: Role::of_code(row.get_ref(9)?.as_str()?).unwrap_or(Role::Guest),
        visit_ends_at: row.get::<_, Option<i64>>(10)?.map(Timestamp),
    })
}

/// Reads an id and a name, the first of them in column `at`.
pub(crate) fn read_user(row: &Row<'_>, at: usize) -> rusqlite::Result<User> {
    Ok(User { id: UserId(row.get(at)?), name: row.get(at + 1)? })
}
