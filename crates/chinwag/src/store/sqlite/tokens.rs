//! Bot tokens.

use std::collections::BTreeSet;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row};

use super::SqliteStore;
use super::rows::standing;
use super::rows::users::{ACCOUNT, ACCOUNT_WIDTH, read_account};
use crate::model::events::Event;
use crate::model::ids::{ChannelId, SecretHash, TokenId, UserId};
use crate::model::permissions::Action;
use crate::model::reach::Reach;
use crate::model::sessions::Token;
use crate::model::time::Timestamp;
use crate::model::users::Account;
use crate::store::{Result, Tokens};

/// The columns that [`read_token`] reads.
const TOKEN: &str = "t.id, t.user_id, t.name, t.created_at, t.used_at, t.reads_only, t.narrow";

#[async_trait]
impl Tokens for SqliteStore {
    async fn create_token(
        &self,
        user: UserId,
        name: String,
        reach: Reach,
        token: SecretHash,
        at: Timestamp,
    ) -> Result<Token> {
        self.writer
            .run(move |tx| {
                for channel in reach.channels.iter().flatten() {
                    standing::check(tx.db, *channel, user, Action::See, at)?;
                }
                let mut insert = tx.db.prepare_cached(
                    "INSERT INTO tokens (user_id, name, token, created_at, reads_only, narrow)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?;
                let limits = (reach.reads_only, reach.is_narrow());
                insert.execute((user.0, &name, token.0, at.0, limits.0, limits.1))?;
                let id = TokenId(tx.db.last_insert_rowid());
                let mut limit = tx.db.prepare_cached(
                    "INSERT INTO token_channels (token_id, channel_id) VALUES (?1, ?2)",
                )?;
                for channel in reach.channels.iter().flatten() {
                    limit.execute((id.0, channel.0))?;
                }
                let (name, reach) = (name.clone(), reach.clone());
                Ok(Token { id, user, name, created_at: at, used_at: None, reach })
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
                let Some((mut token, account)) = found.optional()? else { return Ok(None) };
                read_channels(db, &mut token)?;
                Ok(Some((token, account)))
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
                let mut tokens = found.collect::<rusqlite::Result<Vec<_>>>()?;
                for token in &mut tokens {
                    read_channels(db, token)?;
                }
                Ok(tokens)
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

/// Reads the channels that a narrow token is limited to.
fn read_channels(db: &Connection, token: &mut Token) -> Result<()> {
    let Some(channels) = &mut token.reach.channels else { return Ok(()) };
    let mut find =
        db.prepare_cached("SELECT channel_id FROM token_channels WHERE token_id = ?1")?;
    for channel in find.query_map([token.id.0], |row| row.get(0).map(ChannelId))? {
        channels.insert(channel?);
    }
    Ok(())
}

/// Reads [`TOKEN`], from column `at` on. The channels of a narrow one are read by [`read_channels`].
fn read_token(row: &Row<'_>, at: usize) -> rusqlite::Result<Token> {
    Ok(Token {
        id: TokenId(row.get(at)?),
        user: UserId(row.get(at + 1)?),
        name: row.get(at + 2)?,
        created_at: Timestamp(row.get(at + 3)?),
        used_at: row.get::<_, Option<i64>>(at + 4)?.map(Timestamp),
        reach: Reach {
            reads_only: row.get(at + 5)?,
            channels: row.get::<_, bool>(at + 6)?.then(BTreeSet::new),
        },
    })
}
