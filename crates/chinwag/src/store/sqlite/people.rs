//! People as others see them, what they say of themselves, and who may come in no more.

use async_trait::async_trait;
use rusqlite::{Connection, Row, named_params};

use super::SqliteStore;
use super::freeing;
use super::rows::log::{self, About};
use super::rows::people::{self, PERSON, PERSON_WIDTH, read_person};
use super::rows::users::read_user;
use super::rows::{activity, aside, pictures, revisions, sessions, sql_count, tokens, users};
use super::writer::Tx;
use crate::model::events::Event;
use crate::model::folding::fold;
use crate::model::ids::{PictureId, UserId};
use crate::model::log::{Act, Doer};
use crate::model::people::{Listed, MAX_LISTED, PeoplePage, Person, Together, Which};
use crate::model::permissions::{Denial, PersonAction, PlaceAction, may_in_place, may_to};
use crate::model::profiles::Profile;
use crate::model::roles::Role;
use crate::model::time::Timestamp;
use crate::model::users::{Account, Aside};
use crate::store::{Error, NewPicture, People, Result};

#[async_trait]
impl People for SqliteStore {
    async fn person(&self, viewer: UserId, whom: UserId) -> Result<Option<Person>> {
        self.readers.read(move |db| people::seen_by(db, viewer, whom)).await
    }

    async fn together(&self, viewer: UserId, whom: UserId) -> Result<Together> {
        self.readers.read(move |db| people::together(db, viewer, whom)).await
    }

    async fn known_to(&self, viewer: UserId, whom: &[UserId]) -> Result<Vec<UserId>> {
        let whom = whom.to_vec();
        self.readers.read(move |db| people::known_to(db, viewer, whom)).await
    }

    async fn list_people(
        &self,
        by: UserId,
        query: &str,
        which: Which,
        after: Option<UserId>,
    ) -> Result<PeoplePage> {
        let folded = fold(query);
        self.readers.read(move |db| list(db, by, &folded, which, after)).await
    }

    async fn deactivate(&self, by: Doer, whom: UserId) -> Result<()> {
        self.writer.run_freeing(move |tx| deactivate(tx, &by, whom)).await
    }

    async fn bring_back(&self, by: Doer, whom: UserId) -> Result<()> {
        self.writer.run(move |tx| bring_back(tx, &by, whom)).await
    }

    async fn mute_person(&self, by: Doer, whom: UserId, until: Option<Timestamp>) -> Result<()> {
        self.writer.run(move |tx| mute(tx, &by, whom, until)).await
    }

    async fn free_name(&self, by: Doer, whom: UserId) -> Result<()> {
        self.writer.run(move |tx| freeing::free_name(tx, &by, whom)).await
    }

    async fn set_profile(
        &self,
        user: UserId,
        profile: Profile,
        at: Timestamp,
    ) -> Result<Option<Account>> {
        self.writer.run(move |tx| set_profile(tx, user, &profile, at)).await
    }

    async fn set_picture(
        &self,
        user: UserId,
        picture: Option<NewPicture>,
        at: Timestamp,
    ) -> Result<Option<Account>> {
        self.writer.run(move |tx| set_picture(tx, user, picture.as_ref(), at)).await
    }

    async fn picture(&self, id: PictureId, side: u32) -> Result<Option<Vec<u8>>> {
        self.readers.read(move |db| pictures::square(db, id, side)).await
    }

    async fn set_aside(&self, user: UserId, whom: UserId, how: Option<Aside>) -> Result<Account> {
        self.writer.run(move |tx| set_aside(tx, user, whom, how)).await
    }

    async fn sweep_statuses(&self, at: Timestamp) -> Result<usize> {
        self.writer.run_freeing(move |tx| sweep_statuses(tx, at)).await
    }
}

/// Takes the place's next revision for what others see of a person, and one of their own stream for
/// the account. Events: `AccountChanged`, `PersonChanged`.
pub(super) fn changed(tx: &mut Tx<'_>, user: UserId) -> Result<Account> {
    let place = revisions::next_place(tx.db)?;
    let mut update = tx.db.prepare_cached("UPDATE users SET place_revision = ?2 WHERE id = ?1")?;
    update.execute((user.0, place.0))?;
    let account = users::changed(tx, user)?;
    tx.happened(Event::PersonChanged { user: account.user.clone(), place });
    Ok(account)
}

/// The account to which somebody may do something.
pub(super) fn check(
    db: &Connection,
    by: UserId,
    action: PersonAction,
    whom: UserId,
) -> Result<Account> {
    let mine = users::active_role(db, by)?;
    let account = users::account(db, whom)?;
    let theirs = account.as_ref().map_or(Role::Guest, |account| account.named_role);
    if by == whom || !may_to(mine, action, theirs) {
        return Err(Error::Denied(Denial::Forbidden));
    }
    account.ok_or(Error::Denied(Denial::NotFound))
}

fn deactivate(tx: &mut Tx<'_>, by: &Doer, whom: UserId) -> Result<()> {
    let account = check(tx.db, by.user, PersonAction::Deactivate, whom)?;
    end_account(tx, by, &account)
}

/// Deactivates an account that is not: see [`People::deactivate`].
pub(super) fn end_account(tx: &mut Tx<'_>, by: &Doer, account: &Account) -> Result<()> {
    let whom = account.user.id;
    if account.deactivated_at.is_some() {
        return Ok(());
    }
    let mut update = tx.db.prepare_cached(
        "UPDATE users SET deactivated_at = ?2, deactivated_by = ?3 WHERE id = ?1",
    )?;
    update.execute((whom.0, by.at.0, by.user.0))?;
    log::add(tx.db, by, Act::Deactivate, &About { whom: Some(whom), ..About::default() })?;
    activity::forget_person(tx.db, whom)?;
    changed(tx, whom)?;
    // No session has the id 0: all end.
    sessions::end_where(tx, whom, "id <> ?2", 0)?;
    tokens::revoke_all(tx, whom)
}

fn bring_back(tx: &mut Tx<'_>, by: &Doer, whom: UserId) -> Result<()> {
    let account = check(tx.db, by.user, PersonAction::Deactivate, whom)?;
    if account.deactivated_at.is_none() {
        return Ok(());
    }
    if account.data_removed_at.is_some() {
        return Err(Error::Denied(Denial::Forbidden));
    }
    let mut update = tx.db.prepare_cached(
        "UPDATE users SET deactivated_at = NULL, deactivated_by = NULL WHERE id = ?1",
    )?;
    update.execute([whom.0])?;
    log::add(tx.db, by, Act::BringBack, &About { whom: Some(whom), ..About::default() })?;
    changed(tx, whom).map(drop)
}

fn mute(tx: &mut Tx<'_>, by: &Doer, whom: UserId, until: Option<Timestamp>) -> Result<()> {
    let account = check(tx.db, by.user, PersonAction::Mute, whom)?;
    // To end what is over already is no act.
    if account.muted_until == until || (until.is_none() && !account.is_muted(by.at)) {
        return Ok(());
    }
    let mut update = tx.db.prepare_cached("UPDATE users SET muted_until = ?2 WHERE id = ?1")?;
    update.execute((whom.0, until.map(|until| until.0)))?;
    let detail = until.map(|until| until.0.to_string()).unwrap_or_default();
    let about = About { whom: Some(whom), detail: &detail, ..About::default() };
    log::add(tx.db, by, Act::Mute, &about)?;
    users::changed(tx, whom).map(drop)
}

fn set_profile(
    tx: &mut Tx<'_>,
    user: UserId,
    profile: &Profile,
    at: Timestamp,
) -> Result<Option<Account>> {
    let Some(before) = users::account(tx.db, user)? else { return Ok(None) };
    if before.profile == *profile {
        return Ok(Some(before));
    }
    if profile.adds_to(&before.profile) {
        users::check_heard(tx.db, user, at)?;
    }
    let mut update = tx.db.prepare_cached(
        "UPDATE users SET about = :about, zone = :zone, status_emoji = :emoji,
                          status_text = :text, status_until = :until, status_quiet = :quiet
         WHERE id = :user",
    )?;
    let status = profile.status.as_ref();
    update.execute(named_params! {
        ":user": user.0,
        ":about": profile.about,
        ":zone": profile.zone,
        ":emoji": status.map_or("", |status| &status.emoji),
        ":text": status.map_or("", |status| &status.text),
        ":until": status.and_then(|status| status.until).map(|until| until.0),
        ":quiet": status.is_some_and(|status| status.quiet),
    })?;
    changed(tx, user).map(Some)
}

fn set_picture(
    tx: &mut Tx<'_>,
    user: UserId,
    new: Option<&NewPicture>,
    at: Timestamp,
) -> Result<Option<Account>> {
    let Some(before) = users::account(tx.db, user)? else { return Ok(None) };
    if before.user.picture.is_none() && new.is_none() {
        return Ok(Some(before));
    }
    if new.is_some() {
        users::check_heard(tx.db, user, at)?;
    }
    if let Some(old) = before.user.picture {
        pictures::remove(tx.db, old)?;
    }
    if let Some(new) = new {
        pictures::add(tx.db, new)?;
    }
    let mut update = tx.db.prepare_cached("UPDATE users SET picture = ?2 WHERE id = ?1")?;
    update.execute((user.0, new.map(|new| new.id.0)))?;
    changed(tx, user).map(Some)
}

fn set_aside(tx: &mut Tx<'_>, user: UserId, whom: UserId, how: Option<Aside>) -> Result<Account> {
    if user == whom {
        return Err(Error::Denied(Denial::Forbidden));
    }
    let before = aside::of(tx.db, user, whom)?;
    if how.is_some() && people::seen_by(tx.db, user, whom)?.is_none() {
        return Err(Error::Denied(Denial::NotFound));
    }
    if before == how {
        return users::existing(tx.db, user);
    }
    aside::set(tx.db, user, whom, how)?;
    users::changed(tx, user)
}

/// Nobody is told: whoever shows a status knows when it ends.
fn sweep_statuses(tx: &mut Tx<'_>, at: Timestamp) -> Result<usize> {
    let mut update = tx.db.prepare_cached(
        "UPDATE users SET status_emoji = '', status_text = '', status_until = NULL, status_quiet = 0
         WHERE status_until <= ?1",
    )?;
    Ok(update.execute([at.0])?)
}

/// Owners first, and those who are deactivated last.
const ORDER: &str = "u.deactivated_at IS NOT NULL,
     CASE u.role WHEN 'owner' THEN 0 WHEN 'moderator' THEN 1 WHEN 'member' THEN 2 ELSE 3 END,
     u.name_key";

fn list(
    db: &Connection,
    by: UserId,
    folded: &str,
    which: Which,
    after: Option<UserId>,
) -> Result<PeoplePage> {
    if !may_in_place(users::active_role(db, by)?, PlaceAction::SeePeople) {
        return Err(Error::Denied(Denial::Forbidden));
    }
    let (role, gone) = match which {
        Which::Everybody => (None, None),
        Which::Role(role) => (Some(role.code()), Some(false)),
        Which::Deactivated => (None, Some(true)),
    };
    let filter = "instr(u.name_key, :folded) > 0 AND (:role IS NULL OR u.role = :role)
                  AND (:gone IS NULL OR (u.deactivated_at IS NOT NULL) = :gone)";
    let mut find = db.prepare_cached(&format!(
        "SELECT {PERSON}, u.role, u.password_hash IS NOT NULL, u.created_at,
                CASE WHEN u.invisible = 0 THEN
                 (SELECT max(s.seen_at) FROM sessions s WHERE s.user_id = u.id) END,
                u.deactivated_at, d.id, d.name, u.visit_ends_at, u.muted_until,
                u.data_removed_at IS NOT NULL
         FROM users u LEFT JOIN users d ON d.id = u.deactivated_by
         WHERE {filter} AND (:after IS NULL OR
               ({ORDER}) > (SELECT {ORDER} FROM users u WHERE u.id = :after))
         ORDER BY {ORDER} LIMIT :limit"
    ))?;
    let found = find.query_map(
        named_params! {
            ":folded": folded, ":role": role, ":gone": gone,
            ":after": after.map(|after| after.0), ":limit": sql_count(MAX_LISTED + 1),
        },
        read_listed,
    )?;
    let mut people = found.collect::<rusqlite::Result<Vec<_>>>()?;
    let complete = people.len() <= MAX_LISTED;
    people.truncate(MAX_LISTED);
    let mut count = db.prepare_cached(&format!("SELECT count(*) FROM users u WHERE {filter}"))?;
    let total = count
        .query_row(named_params! { ":folded": folded, ":role": role, ":gone": gone }, |row| {
            row.get(0)
        })?;
    Ok(PeoplePage { people, total, complete })
}

fn read_listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    let at = PERSON_WIDTH;
    let time = |column| row.get::<_, Option<i64>>(column).map(|time| time.map(Timestamp));
    let deactivated = match time(at + 4)? {
        None => None,
        // An account is deactivated by somebody.
        Some(since) if row.get::<_, Option<i64>>(at + 5)?.is_some() => {
            Some((since, read_user(row, at + 5)?))
        }
        Some(since) => Some((since, read_person(row)?.user)),
    };
    Ok(Listed {
        person: read_person(row)?,
        named_role: Role::of_code(row.get_ref(at)?.as_str()?).unwrap_or(Role::Guest),
        has_password: row.get(at + 1)?,
        created_at: Timestamp(row.get(at + 2)?),
        seen_at: time(at + 3)?,
        deactivated,
        visit_ends_at: time(at + 7)?,
        muted_until: time(at + 8)?,
        data_removed: row.get(at + 9)?,
    })
}
