//! Names that look like others.

use rusqlite::Connection;

use crate::model::ids::{ChannelId, UserId};
use crate::model::look_alikes::Look;
use crate::model::time::Timestamp;
use crate::store::Result;

/// Whether the name of a channel other than `except` has that look.
pub(crate) fn of_channels(db: &Connection, look: &Look, except: Option<ChannelId>) -> Result<bool> {
    let mut find = db.prepare_cached(
        "SELECT 1 FROM channels WHERE look_drawn = ?1 AND id IS NOT ?3
         UNION ALL SELECT 1 FROM channels WHERE look_folded = ?2 AND id IS NOT ?3",
    )?;
    Ok(find.exists((&look.drawn, &look.folded, except.map(|channel| channel.0)))?)
}

/// Whether a name that a person other than `except` holds, or that is kept for them at `at`, has one
/// of those looks. `None` is a look that does not count.
pub(crate) fn of_people(
    db: &Connection,
    drawn: Option<&String>,
    folded: Option<&String>,
    except: Option<UserId>,
    at: Timestamp,
) -> Result<bool> {
    let mut find = db.prepare_cached(
        "SELECT 1 FROM users WHERE look_drawn = ?1 AND id IS NOT ?3
         UNION ALL SELECT 1 FROM users WHERE look_folded = ?2 AND id IS NOT ?3
         UNION ALL SELECT 1 FROM old_names
             WHERE look_drawn = ?1 AND user_id IS NOT ?3 AND ends_at > ?4
         UNION ALL SELECT 1 FROM old_names
             WHERE look_folded = ?2 AND user_id IS NOT ?3 AND ends_at > ?4",
    )?;
    Ok(find.exists((drawn, folded, except.map(|user| user.0), at.0))?)
}
