//! Rows of people.

use rusqlite::{Connection, OptionalExtension, Row};

use super::standing::read_role;
use super::{aside, revisions};
use crate::model::events::Event;
use crate::model::ids::{ChannelId, PictureId, Revision, UserId};
use crate::model::look_alikes::Look;
use crate::model::permissions::{Denial, may_be_heard};
use crate::model::profiles::{Profile, Status};
use crate::model::roles::Role;
use crate::model::time::Timestamp;
use crate::model::users::{Account, LanguageChoice, Settings, Theme, User};
use crate::store::sqlite::writer::Tx;
use crate::store::{Error, Result};

/// The columns that [`read_account`] reads, from the first column on.
pub(crate) const ACCOUNT: &str = "u.id, u.name, u.created_at, u.password_hash, u.last_channel, \
                                  u.language, u.theme, u.enter_sends, u.account_revision, \
                                  u.role, u.visit_ends_at, u.picture, u.deactivated_at, \
                                  u.about, u.zone, u.status_emoji, u.status_text, \
                                  u.status_until, u.status_quiet, \
                                  (SELECT group_concat(a.kind || ':' || a.whom) FROM set_aside a \
                                   WHERE a.user_id = u.id), \
                                  u.muted_until, \
                                  CASE WHEN u.muted_until IS NOT NULL THEN \
                                   (SELECT l.by FROM log l WHERE l.whom = u.id AND l.act = 'mute' \
                                    ORDER BY l.id DESC LIMIT 1) END, u.data_removed_at, u.invisible";
/// How many columns that is.
pub(crate) const ACCOUNT_WIDTH: usize = 24;

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
    let mut find = db.prepare_cached("SELECT id, name, picture FROM users WHERE id = ?1")?;
    Ok(find.query_row([user.0], |row| read_face(row, 0))?)
}

/// What a person is in the whole place. Their account is looked up again, as it may have been
/// deactivated a moment before.
///
/// # Errors
/// `Denied` when there is no such account, or it is deactivated.
pub(crate) fn active_role(db: &Connection, user: UserId) -> Result<Role> {
    let mut find = db.prepare_cached(
        "SELECT role, password_hash IS NOT NULL FROM users
         WHERE id = ?1 AND deactivated_at IS NULL",
    )?;
    let found = find.query_row([user.0], |row| read_role(row, 0)).optional()?;
    found.ok_or(Error::Denied(Denial::NotFound))
}

/// Whether there is such a person, and their account is not deactivated.
pub(crate) fn is_active(db: &Connection, user: UserId) -> Result<bool> {
    let mut find =
        db.prepare_cached("SELECT 1 FROM users WHERE id = ?1 AND deactivated_at IS NULL")?;
    Ok(find.exists([user.0])?)
}

/// Checks that a person may bring before others what is new at `at`.
///
/// # Errors
/// `Denied` when they are muted everywhere.
pub(crate) fn check_heard(db: &Connection, user: UserId, at: Timestamp) -> Result<()> {
    let mut find = db.prepare_cached("SELECT muted_until FROM users WHERE id = ?1")?;
    let until = find.query_row([user.0], |row| row.get::<_, Option<i64>>(0)).optional()?;
    may_be_heard(until.flatten().is_some_and(|until| until > at.0)).map_err(Error::Denied)
}

/// A person as the author of a new message: one look-up instead of two.
///
/// # Errors
/// `Denied` when the account is deactivated.
pub(crate) fn author(db: &Connection, user: UserId) -> Result<Author> {
    let mut find = db.prepare_cached(
        "SELECT id, name, picture, own_revision, role, password_hash IS NOT NULL, muted_until
         FROM users WHERE id = ?1 AND deactivated_at IS NULL",
    )?;
    let found = find.query_row([user.0], |row| {
        Ok(Author {
            user: read_face(row, 0)?,
            own_revision: Revision(row.get(3)?),
            role: read_role(row, 4)?,
            muted_until: row.get::<_, Option<i64>>(6)?.map(Timestamp),
        })
    });
    found.optional()?.ok_or(Error::Denied(Denial::NotFound))
}

/// A person who exists.
pub(crate) fn existing(db: &Connection, user: UserId) -> Result<Account> {
    account(db, user)?.ok_or_else(|| Error::Corrupt(format!("person {user} is missing")))
}

/// Whether somebody else than a person is an owner now: with a password, and not deactivated.
pub(crate) fn has_other_owner(db: &Connection, than: UserId) -> Result<bool> {
    let mut find = db.prepare_cached(
        "SELECT 1 FROM users WHERE role = 'owner' AND id <> ?1
             AND password_hash IS NOT NULL AND deactivated_at IS NULL",
    )?;
    Ok(find.exists([than.0])?)
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
    let picture = row.get::<_, Option<[u8; 16]>>(11)?.map(PictureId);
    Ok(Account {
        user: User { picture, ..read_user(row, 0)? },
        created_at: Timestamp(row.get(2)?),
        data_removed_at: row.get::<_, Option<i64>>(22)?.map(Timestamp),
        password_hash: row.get(3)?,
        last_channel: row.get::<_, Option<i64>>(4)?.map(ChannelId),
        settings: Settings {
            // The CHECK of the table leaves no unknown code.
            language: LanguageChoice::of_code(row.get_ref(5)?.as_str()?),
            theme: Theme::of_code(row.get_ref(6)?.as_str()?),
            enter_sends: row.get(7)?,
            invisible: row.get(23)?,
        },
        revision: Revision(row.get(8)?),
        // The CHECK of the table leaves no unknown code.
        named_role: Role::of_code(row.get_ref(9)?.as_str()?).unwrap_or(Role::Guest),
        visit_ends_at: row.get::<_, Option<i64>>(10)?.map(Timestamp),
        deactivated_at: row.get::<_, Option<i64>>(12)?.map(Timestamp),
        profile: read_profile(row, 13)?,
        muted_until: row.get::<_, Option<i64>>(20)?.map(Timestamp),
        muted_by: row.get::<_, Option<i64>>(21)?.map(UserId),
        aside: aside::read_all(row.get_ref(19)?.as_str_or_null()?),
    })
}

/// Reads an id and a name, the first of them in column `at`, where no face is shown.
pub(crate) fn read_user(row: &Row<'_>, at: usize) -> rusqlite::Result<User> {
    Ok(User { id: UserId(row.get(at)?), name: row.get(at + 1)?, picture: None })
}

/// Reads an id, a name and a picture, the first of them in column `at`.
pub(crate) fn read_face(row: &Row<'_>, at: usize) -> rusqlite::Result<User> {
    let picture = row.get::<_, Option<[u8; 16]>>(at + 2)?.map(PictureId);
    Ok(User { picture, ..read_user(row, at)? })
}

/// Reads about, zone, and the emoji, text and end of a status and whether it is quiet, the first of them in
/// column `at`.
pub(crate) fn read_profile(row: &Row<'_>, at: usize) -> rusqlite::Result<Profile> {
    let (emoji, text): (String, String) = (row.get(at + 2)?, row.get(at + 3)?);
    let until = row.get::<_, Option<i64>>(at + 4)?.map(Timestamp);
    let quiet = row.get(at + 5)?;
    let status = Status { emoji, text, until, quiet };
    let status = status.says_something().then_some(status);
    Ok(Profile { about: row.get(at)?, zone: row.get(at + 1)?, status })
}
