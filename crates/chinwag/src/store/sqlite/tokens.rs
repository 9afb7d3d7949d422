//! Bot tokens.

use rusqlite::{Connection, OptionalExtension, Row};

use super::users::{ACCOUNT, ACCOUNT_WIDTH, read_account};
use super::writer::Tx;
use crate::model::events::Event;
use crate::model::ids::{SecretHash, TokenId, UserId};
use crate::model::sessions::Token;
use crate::model::time::Timestamp;
use crate::model::users::Account;
use crate::store::Result;

const TOKEN: &str = "t.id, t.user_id, t.name, t.created_at, t.used_at";

pub(super) fn create(
    tx: &mut Tx<'_>,
    user: UserId,
    name: &str,
    token: SecretHash,
    at: Timestamp,
) -> Result<Token> {
    let mut insert = tx.db.prepare_cached(
        "INSERT INTO tokens (user_id, name, token, created_at) VALUES (?1, ?2, ?3, ?4)",
    )?;
    insert.execute((user.0, name, token.0, at.0))?;
    let id = TokenId(tx.db.last_insert_rowid());
    Ok(Token { id, user, name: name.to_owned(), created_at: at, used_at: None })
}

pub(super) fn token(db: &Connection, token: SecretHash) -> Result<Option<(Token, Account)>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {ACCOUNT}, {TOKEN} FROM tokens t JOIN users u ON u.id = t.user_id
         WHERE t.token = ?1"
    ))?;
    let found =
        find.query_row([token.0], |row| Ok((read_token(row, ACCOUNT_WIDTH)?, read_account(row)?)));
    Ok(found.optional()?)
}

pub(super) fn touch(tx: &mut Tx<'_>, id: TokenId, at: Timestamp) -> Result<()> {
    let mut update = tx.db.prepare_cached(
        "UPDATE tokens SET used_at = max(coalesce(used_at, ?2), ?2) WHERE id = ?1",
    )?;
    update.execute((id.0, at.0))?;
    Ok(())
}

pub(super) fn tokens_of(db: &Connection, user: UserId) -> Result<Vec<Token>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {TOKEN} FROM tokens t WHERE t.user_id = ?1 ORDER BY t.id"
    ))?;
    let found = find.query_map([user.0], |row| read_token(row, 0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn revoke(tx: &mut Tx<'_>, user: UserId, id: TokenId) -> Result<bool> {
    let mut delete = tx.db.prepare_cached("DELETE FROM tokens WHERE id = ?1 AND user_id = ?2")?;
    let revoked = delete.execute((id.0, user.0))? > 0;
    if revoked {
        tx.happened(Event::TokenRevoked { token: id, user });
    }
    Ok(revoked)
}

/// Reads [`TOKEN`], the first of it in column `at`.
fn read_token(row: &Row<'_>, at: usize) -> rusqlite::Result<Token> {
    Ok(Token {
        id: TokenId(row.get(at)?),
        user: UserId(row.get(at + 1)?),
        name: row.get(at + 2)?,
        created_at: Timestamp(row.get(at + 3)?),
        used_at: row.get::<_, Option<i64>>(at + 4)?.map(Timestamp),
    })
}
