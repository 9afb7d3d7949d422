//! Bot tokens.

use async_trait::async_trait;
use rusqlite::{OptionalExtension, Row};

use super::SqliteStore;
use super::rows::users::{ACCOUNT, ACCOUNT_WIDTH, read_account};
use crate::model::events::Event;
use crate::model::ids::{SecretHash, TokenId, UserId};
use crate::model::sessions::Token;
use crate::model::time::Timestamp;
use crate::model::users::Account;
use crate::store::{Result, Tokens};

/// The columns that [`read_token`] reads.
const TOKEN: &str = "t.id, t.user_id, t.name, t.created_at, t.used_at";

#[async_trait]
impl Tokens for SqliteStore {
    async fn create_token(
        &self,
        user: UserId,
        name: String,
        token: SecretHash,
        at: Timestamp,
    ) -> Result<Token> {
        self.writer
            .run(move |tx| {
                let mut insert = tx.db.prepare_cached(
                    "INSERT INTO tokens (user_id, name, token, created_at) VALUES (?1, ?2, ?3, ?4)",
                )?;
                insert.execute((user.0, &name, token.0, at.0))?;
                let id = TokenId(tx.db.last_insert_rowid());
                Ok(Token { id, user, name: name.clone(), created_at: at, used_at: None })
            })
            .await
    }

    async fn token(&self, token: SecretHash) -> Result<Option<(Token, Account)>> {
        self.readers
            .look_up(|db| {
                let mut find = db.prepare_cached(&format!(
                    "SELECT {ACCOUNT}, {TOKEN} FROM tokens t JOIN users u ON u.id = t.user_id
                     WHERE t.token = ?1 AND u.deactivated_at IS NULL"
                ))?;
                let found = find.query_row([token.0], |row| {
                    Ok((read_token(row, ACCOUNT_WIDTH)?, read_account(row)?))
                });
                Ok(found.optional()?)
            })
            .await
    }

    async fn touch_token(&self, id: TokenId, at: Timestamp) -> Result<()> {
        self.writer
            .run(move |tx| {
                let mut update = tx.db.prepare_cached(
                    "UPDATE tokens SET used_at = max(coalesce(used_at, ?2), ?2) WHERE id = ?1",
                )?;
                update.execute((id.0, at.0))?;
                Ok(())
            })
            .await
    }

    async fn tokens_of(&self, user: UserId) -> Result<Vec<Token>> {
        self.readers
            .read(move |db| {
                let mut find = db.prepare_cached(&format!(
                    "SELECT {TOKEN} FROM tokens t WHERE t.user_id = ?1 ORDER BY t.id"
                ))?;
                let found = find.query_map([user.0], |row| read_token(row, 0))?;
                Ok(found.collect::<rusqlite::Result<_>>()?)
            })
            .await
    }

    async fn revoke_token(&self, user: UserId, id: TokenId) -> Result<bool> {
        self.writer
            .run_freeing(move |tx| {
                let mut delete =
                    tx.db.prepare_cached("DELETE FROM tokens WHERE id = ?1 AND user_id = ?2")?;
                let revoked = delete.execute((id.0, user.0))? > 0;
                if revoked {
                    tx.happened(Event::TokenRevoked { token: id, user });
                }
                Ok(revoked)
            })
            .await
    }
}

/// Reads [`TOKEN`], from column `at` on.
fn read_token(row: &Row<'_>, at: usize) -> rusqlite::Result<Token> {
    Ok(Token {
        id: TokenId(row.get(at)?),
        user: UserId(row.get(at + 1)?),
        name: row.get(at + 2)?,
        created_at: Timestamp(row.get(at + 3)?),
        used_at: row.get::<_, Option<i64>>(at + 4)?.map(Timestamp),
    })
}
