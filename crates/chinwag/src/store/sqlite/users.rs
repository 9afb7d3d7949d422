//! People: the names they hold and what they chose.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::SqliteStore;
use super::members::enter_as_newcomer;
use super::rows::log::{self, About};
use super::rows::users::{self, read_face};
use super::rows::{devices, look_alikes, old_names, revisions, sessions};
use super::sessions::sign_in;
use super::writer::Tx;
use crate::model::events::Event;
use crate::model::folding::fold;
use crate::model::ids::UserId;
use crate::model::log::{Act, Doer};
use crate::model::names::DisplayName;
use crate::model::permissions::{Denial, PersonAction, may_to};
use crate::model::readings::{Letters, MAX_LETTERS};
use crate::model::roles::Role;
use crate::model::sessions::Session;
use crate::model::time::Timestamp;
use crate::model::users::{Account, Settings, User};
use crate::store::{Constraint, Error, NewName, NewPassword, NewSession, Result, Users};

#[async_trait]
impl Users for SqliteStore {
    async fn take_name(
        &self,
        name: DisplayName,
        session: NewSession,
    ) -> Result<(Account, Session)> {
        self.writer.run(move |tx| take_name(tx, &name, &session)).await
    }

    async fn account(&self, user: UserId) -> Result<Option<Account>> {
        self.readers.read(move |db| users::account(db, user)).await
    }

    async fn account_named(&self, name: &DisplayName) -> Result<Option<Account>> {
        let key = name.key().to_owned();
        self.readers.read(move |db| users::account_with_key(db, &key)).await
    }

    async fn rename(&self, user: UserId, new: NewName) -> Result<Option<Account>> {
        self.writer.run(move |tx| rename(tx, user, &new)).await
    }

    async fn kept_for(&self, name: &DisplayName, at: Timestamp) -> Result<Option<UserId>> {
        let key = name.key().to_owned();
        self.readers.read(move |db| old_names::kept_for(db, &key, at)).await
    }

    async fn sweep_old_names(&self, at: Timestamp) -> Result<usize> {
        self.writer.run_freeing(move |tx| old_names::sweep(tx.db, at)).await
    }

    async fn people(&self, query: &str, limit: usize) -> Result<Vec<User>> {
        let query = query.to_owned();
        self.readers.read(move |db| people(db, &query, limit)).await
    }

    async fn set_role(&self, by: Doer, whom: UserId, role: Role) -> Result<Account> {
        self.writer.run(move |tx| set_role(tx, &by, whom, role)).await
    }

    async fn set_settings(&self, user: UserId, settings: Settings) -> Result<Option<Account>> {
        self.writer.run(move |tx| set_settings(tx, user, settings)).await
    }

    async fn set_password(&self, user: UserId, password: NewPassword) -> Result<Option<Account>> {
        self.writer.run(move |tx| set_password(tx, user, &password)).await
    }
}

fn take_name(
    tx: &mut Tx<'_>,
    name: &DisplayName,
    session: &NewSession,
) -> Result<(Account, Session)> {
    check_free(tx.db, name, session.at)?;
    let user = add(tx, &Person::member(name, session.at))?;
    enter_as_newcomer(tx, user, session.at)?;
    let session = sign_in(tx, user, session)?;
    Ok((users::existing(tx.db, user)?, session))
}

/// Somebody new.
pub(super) struct Person<'a> {
    pub(super) name: &'a DisplayName,
    pub(super) at: Timestamp,
    pub(super) role: Role,
    pub(super) password_hash: Option<&'a str>,
    pub(super) visit_ends_at: Option<Timestamp>,
}

impl<'a> Person<'a> {
    /// A member without a password.
    pub(super) fn member(name: &'a DisplayName, at: Timestamp) -> Self {
        Self { name, at, role: Role::Member, password_hash: None, visit_ends_at: None }
    }
}

/// Checks that somebody new may take a name. A command calls it before it writes.
///
/// # Errors
/// `Conflict` as in [`Users::take_name`].
pub(super) fn check_free(db: &Connection, name: &DisplayName, at: Timestamp) -> Result<()> {
    if users::account_with_key(db, name.key())?.is_some() {
        return Err(Error::Conflict(Constraint::UserName));
    }
    if old_names::kept_for(db, name.key(), at)?.is_some() {
        return Err(Error::Conflict(Constraint::UserNameKept));
    }
    let look = name.look();
    if look_alikes::of_people(db, Some(&look.drawn), Some(&look.folded), None, at)? {
        return Err(Error::Conflict(Constraint::UserLook));
    }
    Ok(())
}

/// Adds a person whose name is free. Event: `PersonChanged`.
pub(super) fn add(tx: &mut Tx<'_>, person: &Person<'_>) -> Result<UserId> {
    let Person { name, at, role, password_hash, visit_ends_at } = *person;
    old_names::remove(tx.db, name.key())?;
    let chosen = Settings::default();
    let mut insert = tx.db.prepare_cached(
        "INSERT INTO users (name, name_key, look_drawn, look_folded, created_at, language, theme,
                            enter_sends, place_revision, role, password_hash, visit_ends_at)
         VALUES (:name, :key, :drawn, :folded, :at, :language, :theme, :enter_sends, :place, :role,
                 :password_hash, :visit_ends_at)",
    )?;
    let place = revisions::next_place(tx.db)?;
    insert.execute(named_params! {
        ":name": name.as_str(),
        ":key": name.key(),
        ":drawn": name.look().drawn,
        ":folded": name.look().folded,
        ":at": at.0,
        ":language": chosen.language.code(),
        ":theme": chosen.theme.code(),
        ":enter_sends": chosen.enter_sends,
        ":place": place.0,
        ":role": role.code(),
        ":password_hash": password_hash,
        ":visit_ends_at": visit_ends_at.map(|end| end.0),
    })?;
    let user = UserId(tx.db.last_insert_rowid());
    let taken = User { id: user, name: name.as_str().to_owned(), picture: None };
    tx.happened(Event::PersonChanged { user: taken, place });
    Ok(user)
}

fn rename(tx: &mut Tx<'_>, user: UserId, new: &NewName) -> Result<Option<Account>> {
    let NewName { name, at, keep_until } = new;
    let Some(held) = users::held_name(tx.db, user)? else { return Ok(None) };
    if held.text == name.as_str() {
        return users::account(tx.db, user);
    }
    users::check_heard(tx.db, user, *at)?;
    let is_another = held.key != name.key();
    if is_another && users::account_with_key(tx.db, name.key())?.is_some() {
        return Err(Error::Conflict(Constraint::UserName));
    }
    if old_names::kept_for(tx.db, name.key(), *at)?.is_some_and(|owner| owner != user) {
        return Err(Error::Conflict(Constraint::UserNameKept));
    }
    // A look that the person's name has already makes nobody more like others than they are.
    let look = name.look();
    let drawn = Some(&look.drawn).filter(|drawn| **drawn != held.look.drawn);
    let folded = Some(&look.folded).filter(|folded| **folded != held.look.folded);
    if look_alikes::of_people(tx.db, drawn, folded, Some(user), *at)? {
        return Err(Error::Conflict(Constraint::UserLook));
    }
    old_names::remove(tx.db, name.key())?;
    if is_another {
        old_names::keep(tx.db, user, &held, *keep_until)?;
    }
    let place = revisions::next_place(tx.db)?;
    let mut update = tx.db.prepare_cached(
        "UPDATE users SET name = :name, name_key = :key, look_drawn = :drawn,
                          look_folded = :folded, place_revision = :place
         WHERE id = :user",
    )?;
    update.execute(named_params! {
        ":name": name.as_str(),
        ":key": name.key(),
        ":drawn": look.drawn,
        ":folded": look.folded,
        ":place": place.0,
        ":user": user.0,
    })?;
    let account = users::changed(tx, user)?;
    tx.happened(Event::PersonChanged { user: account.user.clone(), place });
    Ok(Some(account))
}

fn set_role(tx: &mut Tx<'_>, by: &Doer, whom: UserId, role: Role) -> Result<Account> {
    let denied = |denial| Err(Error::Denied(denial));
    let mine = users::active_role(tx.db, by.user)?;
    let held = users::account(tx.db, whom)?.map(|account| (account.named_role, account.role()));
    if !may_to(mine, PersonAction::SetRole, held.map_or(Role::Guest, |held| held.0)) {
        return denied(Denial::Forbidden);
    }
    let Some((held, before)) = held else { return denied(Denial::NotFound) };
    if held == role {
        return users::existing(tx.db, whom);
    }
    if held == Role::Owner && !users::has_other_owner(tx.db, whom)? {
        return Err(Error::Conflict(Constraint::LastOwner));
    }
    // Whoever is no guest any more is not on a visit that ends.
    let mut update = tx.db.prepare_cached(
        "UPDATE users SET role = ?2, visit_ends_at = CASE ?2 WHEN 'guest' THEN visit_ends_at END
         WHERE id = ?1",
    )?;
    update.execute((whom.0, role.code()))?;
    let about = About { whom: Some(whom), detail: role.code(), ..About::default() };
    log::add(tx.db, by, Act::SetRole, &about)?;
    let account = users::changed(tx, whom)?;
    tx.happened(Event::RoleChanged { user: whom, before, role: account.role() });
    Ok(account)
}

/// It reads the names of the place once and keeps few of them.
fn people(db: &Connection, query: &str, limit: usize) -> Result<Vec<User>> {
    let folded = fold(query);
    let letters = (query.chars().count() <= MAX_LETTERS).then(|| Letters::of(query));
    // Signs alone are no letters: they are looked for as they are.
    let letters = letters.filter(|letters| !letters.is_empty());
    let mut find = db.prepare_cached(
        "SELECT id, name, picture, name_key FROM users WHERE deactivated_at IS NULL ORDER BY name_key",
    )?;
    let mut rows = find.query([])?;
    let (mut begun, mut others) = (Vec::new(), Vec::new());
    while begun.len() < limit
        && let Some(row) = rows.next()?
    {
        let name = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        let key = row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?;
        if letters.as_ref().is_some_and(|letters| letters.find(name)) {
            begun.push(read_face(row, 0)?);
        } else if others.len() < limit && key.contains(&folded) {
            others.push(read_face(row, 0)?);
        }
    }
    begun.extend(others);
    begun.truncate(limit);
    Ok(begun)
}

fn set_settings(tx: &mut Tx<'_>, user: UserId, settings: Settings) -> Result<Option<Account>> {
    let mut update = tx.db.prepare_cached(
        "UPDATE users SET language = ?2, theme = ?3, enter_sends = ?4, invisible = ?5 WHERE id = ?1",
    )?;
    let (language, theme) = (settings.language.code(), settings.theme.code());
    let Settings { enter_sends, invisible, .. } = settings;
    if update.execute((user.0, language, theme, enter_sends, invisible))? == 0 {
        return Ok(None);
    }
    users::changed(tx, user).map(Some)
}

fn set_password(tx: &mut Tx<'_>, user: UserId, new: &NewPassword) -> Result<Option<Account>> {
    let Some(before) = users::account(tx.db, user)? else { return Ok(None) };
    let mut update = tx.db.prepare_cached(
        "UPDATE users SET password_hash = ?2 WHERE id = ?1 AND password_hash IS ?3",
    )?;
    if update.execute((user.0, &new.hash, &new.replaces))? == 0 {
        return Ok(None);
    }
    let account = users::changed(tx, user)?;
    // A role that waited for a password begins.
    let (before, role) = (before.role(), account.role());
    if before != role {
        tx.happened(Event::RoleChanged { user, before, role });
    }
    sessions::end_where(tx, user, "id <> ?2", new.session.0)?;
    let kept = sessions::device_of(tx.db, user, new.session)?.and_then(|(device, _)| device);
    devices::remove_others(tx.db, user, kept)?;
    Ok(Some(account))
}
