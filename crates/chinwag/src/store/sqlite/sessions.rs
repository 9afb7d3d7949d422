//! Sessions: signing in under a held name, using a session, and ending it.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, named_params};

use super::SqliteStore;
use super::devices::forget;
use super::rows::devices;
use super::rows::sessions::{self, SESSION, read_session};
use super::rows::users::{self, ACCOUNT, ACCOUNT_WIDTH, read_account};
use super::writer::Tx;
use crate::model::events::Event;
use crate::model::ids::{SecretHash, SessionId, UserId};
use crate::model::sessions::Session;
use crate::model::time::Timestamp;
use crate::model::users::Account;
use crate::store::{Constraint, Error, NewSession, Proof, Result, Sessions};

#[async_trait]
impl Sessions for SqliteStore {
    async fn sign_in(
        &self,
        user: UserId,
        session: NewSession,
        proof: Proof,
    ) -> Result<Option<Session>> {
        self.writer.run(move |tx| sign_in_with_proof(tx, user, &session, &proof)).await
    }

    async fn session(
        &self,
        token: SecretHash,
        at: Timestamp,
    ) -> Result<Option<(Session, Account)>> {
        self.readers.look_up(|db| with_token(db, token, at)).await
    }

    async fn touch_session(
        &self,
        id: SessionId,
        at: Timestamp,
        expires_at: Timestamp,
        address: String,
        device: Option<SecretHash>,
    ) -> Result<()> {
        self.writer.run(move |tx| touch(tx.db, id, at, expires_at, &address, device)).await
    }

    async fn sessions_of(&self, user: UserId, at: Timestamp) -> Result<Vec<Session>> {
        self.readers.read(move |db| sessions::sessions_of(db, user, at)).await
    }

    async fn end_session(&self, user: UserId, id: SessionId, forget: bool) -> Result<bool> {
        self.writer.run_freeing(move |tx| end(tx, user, id, forget)).await
    }

    async fn sweep_sessions(
        &self,
        at: Timestamp,
        idle: Timestamp,
        dead: Timestamp,
    ) -> Result<usize> {
        self.writer
            .run_freeing(move |tx| {
                let ended = remove_expired(tx, at)?;
                devices::sweep(tx.db, idle, dead)?;
                Ok(ended)
            })
            .await
    }
}

/// Signs in a person who may: keeps the browser as a device, if it is to be kept, and adds a session.
pub(super) fn sign_in(tx: &mut Tx<'_>, user: UserId, new: &NewSession) -> Result<Session> {
    let device = match new.device {
        Some(device) => Some(devices::keep(tx.db, user, device, new)?),
        None => None,
    };
    sessions::add(tx.db, user, device, new)
}

/// Signs in under a name that is held, if the proof holds now.
pub(super) fn sign_in_with_proof(
    tx: &mut Tx<'_>,
    user: UserId,
    new: &NewSession,
    proof: &Proof,
) -> Result<Option<Session>> {
    let Some(account) = users::account(tx.db, user)? else { return Ok(None) };
    let password = account.password_hash;
    let holds = match proof {
        Proof::Device(device) => devices::find(tx.db, *device, user)?.is_some(),
        Proof::Password(hash) => password.as_ref() == Some(hash),
        Proof::Vouched => true,
    };
    if !holds {
        return Ok(None);
    }
    if account.deactivated_at.is_some() {
        return Err(Error::Conflict(Constraint::Deactivated));
    }
    // "Not my computer" revokes that the browser was kept.
    if let (Proof::Device(device), None, Some(_)) = (proof, new.device, &password)
        && let Some(kept) = devices::find(tx.db, *device, user)?
    {
        forget(tx, user, kept)?;
    }
    // A key that somebody else may know gives way to the browser's new one.
    if let (Proof::Device(proof), Some(device)) = (proof, new.device) {
        devices::replace_key(tx.db, user, *proof, device)?;
    }
    sign_in(tx, user, new).map(Some)
}

fn with_token(
    db: &Connection,
    token: SecretHash,
    at: Timestamp,
) -> Result<Option<(Session, Account)>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {ACCOUNT}, {SESSION} FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.token = ?1 AND s.expires_at > ?2 AND u.deactivated_at IS NULL
           AND (u.visit_ends_at IS NULL OR u.visit_ends_at > ?2)"
    ))?;
    let found = find.query_row((token.0, at.0), |row| {
        Ok((read_session(row, ACCOUNT_WIDTH)?, read_account(row)?))
    });
    Ok(found.optional()?)
}

fn touch(
    db: &Connection,
    id: SessionId,
    at: Timestamp,
    expires_at: Timestamp,
    address: &str,
    device: Option<SecretHash>,
) -> Result<()> {
    // Requests may arrive in any order, so neither time goes back.
    let mut update = db.prepare_cached(
        "UPDATE sessions
         SET seen_at = max(seen_at, :at), expires_at = max(expires_at, :expires_at),
             address = :address,
             device_id = CASE WHEN device_id IS NULL AND NOT shared THEN
                 (SELECT d.id FROM devices d
                  WHERE d.device = :device AND d.user_id = sessions.user_id)
             ELSE device_id END
         WHERE id = :id",
    )?;
    update.execute(named_params! {
        ":id": id.0,
        ":at": at.0,
        ":expires_at": expires_at.0,
        ":address": address,
        ":device": device.map(|device| device.0),
    })?;
    let mut update = db.prepare_cached(
        "UPDATE devices SET seen_at = max(seen_at, ?2), address = ?3
         WHERE id = (SELECT device_id FROM sessions WHERE id = ?1)",
    )?;
    update.execute((id.0, at.0, address))?;
    Ok(())
}

fn end(tx: &mut Tx<'_>, user: UserId, id: SessionId, with_device: bool) -> Result<bool> {
    let Some((device, shared)) = sessions::device_of(tx.db, user, id)? else { return Ok(false) };
    sessions::end_where(tx, user, "id = ?2", id.0)?;
    match device {
        Some(device) if with_device => drop(forget(tx, user, device)?),
        None if with_device && !shared => devices::remove_without_session(tx.db, user)?,
        _ => {}
    }
    Ok(true)
}

/// Removes sessions that have expired at `at`; returns how many.
fn remove_expired(tx: &mut Tx<'_>, at: Timestamp) -> Result<usize> {
    let mut delete = tx
        .db
        .prepare_cached("DELETE FROM sessions WHERE expires_at <= ?1 RETURNING id, user_id")?;
    let ended = delete
        .query_map([at.0], |row| Ok((SessionId(row.get(0)?), UserId(row.get(1)?))))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for &(session, user) in &ended {
        tx.happened(Event::SessionEnded { session, user });
    }
    Ok(ended.len())
}
