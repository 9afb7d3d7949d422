//! One-time sign-in links.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension};

use super::SqliteStore;
use super::rows::log::{self, About};
use super::rows::{devices, sessions, users};
use super::sessions::sign_in;
use super::writer::Tx;
use crate::model::ids::{SecretHash, UserId};
use crate::model::log::{Act, Doer};
use crate::model::permissions::{Denial, PersonAction, may_to};
use crate::model::roles::Role;
use crate::model::sessions::Session;
use crate::model::time::Timestamp;
use crate::model::users::{Account, User};
use crate::store::{Error, NewSession, Result, SignInLinks};

#[async_trait]
impl SignInLinks for SqliteStore {
    async fn make_sign_in_link(
        &self,
        by: Option<Doer>,
        whom: UserId,
        hash: SecretHash,
        at: Timestamp,
        ends_at: Timestamp,
    ) -> Result<Account> {
        self.writer.run(move |tx| make(tx, by.as_ref(), whom, hash, at, ends_at)).await
    }

    async fn end_sign_in_link(&self, by: Doer, whom: UserId) -> Result<()> {
        self.writer
            .run_freeing(move |tx| {
                check(tx.db, &by, whom)?;
                if remove_of(tx.db, whom)? {
                    let about = About { whom: Some(whom), ..About::default() };
                    log::add(tx.db, &by, Act::EndSignInLink, &about)?;
                }
                Ok(())
            })
            .await
    }

    async fn sign_in_link(
        &self,
        hash: SecretHash,
        at: Timestamp,
    ) -> Result<Option<(User, Option<User>)>> {
        self.readers
            .read(move |db| {
                let Some((whom, by)) = alive(db, hash, at)? else { return Ok(None) };
                let by = by.map(|by| users::user(db, by)).transpose()?;
                Ok(Some((users::user(db, whom)?, by)))
            })
            .await
    }

    async fn use_sign_in_link(
        &self,
        hash: SecretHash,
        password_hash: String,
        session: NewSession,
    ) -> Result<Option<(Account, Session)>> {
        self.writer.run(move |tx| use_up(tx, hash, &password_hash, &session)).await
    }

    async fn sweep_sign_in_links(&self, at: Timestamp) -> Result<usize> {
        self.writer
            .run_freeing(move |tx| {
                let mut sweep =
                    tx.db.prepare_cached("DELETE FROM sign_in_links WHERE ends_at <= ?1")?;
                Ok(sweep.execute([at.0])?)
            })
            .await
    }
}

fn make(
    tx: &mut Tx<'_>,
    by: Option<&Doer>,
    whom: UserId,
    hash: SecretHash,
    at: Timestamp,
    ends_at: Timestamp,
) -> Result<Account> {
    let account = match by {
        Some(by) => check(tx.db, by, whom)?,
        None => users::account(tx.db, whom)?.ok_or(Error::Denied(Denial::NotFound))?,
    };
    remove_of(tx.db, whom)?;
    let mut insert = tx.db.prepare_cached("INSERT INTO sign_in_links VALUES (?1, ?2, ?3, ?4)")?;
    insert.execute((hash.0, whom.0, by.map(|by| by.user.0), ends_at.0))?;
    let about = About { whom: Some(whom), ..About::default() };
    match by {
        Some(by) => log::add(tx.db, by, Act::MakeSignInLink, &about)?,
        None => log::add_of_operator(tx.db, at, Act::MakeSignInLink, &about)?,
    }
    Ok(account)
}

/// The person for whom somebody may make a link, or end it.
fn check(db: &Connection, by: &Doer, whom: UserId) -> Result<Account> {
    let account = users::account(db, whom)?;
    // The role that was given counts, also while it rests for want of a password.
    let theirs = account.as_ref().map_or(Role::Guest, |account| account.named_role);
    if !may_make(db, by.user, whom, theirs)? {
        return Err(Error::Denied(Denial::Forbidden));
    }
    account.ok_or(Error::Denied(Denial::NotFound))
}

/// Whether somebody may make a link for a person of that role.
fn may_make(db: &Connection, by: UserId, whom: UserId, theirs: Role) -> Result<bool> {
    let mine = users::active_role(db, by)?;
    Ok(by != whom && may_to(mine, PersonAction::MakeSignInLink, theirs))
}

fn use_up(
    tx: &mut Tx<'_>,
    hash: SecretHash,
    password_hash: &str,
    new: &NewSession,
) -> Result<Option<(Account, Session)>> {
    let Some((user, _)) = alive(tx.db, hash, new.at)? else { return Ok(None) };
    remove_of(tx.db, user)?;
    sessions::end_where(tx, user, "id > ?2", 0)?;
    devices::remove_others(tx.db, user, None)?;
    let mut set = tx.db.prepare_cached("UPDATE users SET password_hash = ?2 WHERE id = ?1")?;
    set.execute((user.0, password_hash))?;
    let account = users::changed(tx, user)?;
    let by = Doer { user, address: new.address.clone(), at: new.at };
    log::add(tx.db, &by, Act::UseSignInLink, &About { whom: Some(user), ..About::default() })?;
    let session = sign_in(tx, user, new)?;
    Ok(Some((account, session)))
}

/// For whom a link that is alive is, and who made it. A link lives as long as its maker may make it:
/// one that a moderator made opens nothing once either of them has another role.
fn alive(
    db: &Connection,
    hash: SecretHash,
    at: Timestamp,
) -> Result<Option<(UserId, Option<UserId>)>> {
    let mut find = db.prepare_cached(
        "SELECT l.user_id, l.made_by FROM sign_in_links l JOIN users u ON u.id = l.user_id
         WHERE l.hash = ?1 AND l.ends_at > ?2 AND u.deactivated_at IS NULL",
    )?;
    let found = find.query_row((hash.0, at.0), |row| {
        Ok((UserId(row.get(0)?), row.get::<_, Option<i64>>(1)?.map(UserId)))
    });
    let Some((whom, by)) = found.optional()? else { return Ok(None) };
    let holds = match by {
        Some(by) => {
            let theirs = users::existing(db, whom)?.named_role;
            users::is_active(db, by)? && may_make(db, by, whom, theirs)?
        }
        None => true,
    };
    Ok(holds.then_some((whom, by)))
}

/// Removes the link of a person; says whether there was one.
fn remove_of(db: &Connection, user: UserId) -> Result<bool> {
    let mut delete = db.prepare_cached("DELETE FROM sign_in_links WHERE user_id = ?1")?;
    Ok(delete.execute([user.0])? > 0)
}
