//! Rows of bot tokens.

use crate::model::events::Event;
use crate::model::ids::{TokenId, UserId};
use crate::store::Result;
use crate::store::sqlite::writer::Tx;

/// Revokes all tokens of a person. Event for each: `TokenRevoked`.
pub(crate) fn revoke_all(tx: &mut Tx<'_>, user: UserId) -> Result<()> {
    let mut delete = tx.db.prepare_cached("DELETE FROM tokens WHERE user_id = ?1 RETURNING id")?;
    let revoked = delete
        .query_map([user.0], |row| row.get(0).map(TokenId))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for token in revoked {
        tx.happened(Event::TokenRevoked { token, user });
    }
    Ok(())
}
