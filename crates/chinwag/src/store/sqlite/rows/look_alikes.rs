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

/// Whether two different keys of names are one sign away from each other: one sign is another, one is
/// missing, or two neighbours changed places. Names of one or two signs are not compared.
pub(crate) fn is_one_sign_away(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if short.len() < 3 || long.len() - short.len() > 1 || short == long {
        return false;
    }
    let same = short.iter().zip(&long).take_while(|(a, b)| a == b).count();
    let (short, long) = (&short[same..], &long[same..]);
    if short.len() < long.len() {
        return *short == long[1..];
    }
    let swapped = short.len() >= 2 && short[0] == long[1] && short[1] == long[0];
    short[1..] == long[1..] || (swapped && short[2..] == long[2..])
}

#[cfg(test)]
mod tests {
    use super::is_one_sign_away;

    #[test]
    fn one_sign_is_another_missing_or_moved() {
        for close in ["ada 0kafor", "ada okafr", "ada okaforr", "ada okafro", "xada okafor"] {
            assert!(is_one_sign_away(close, "ada okafor"), "{close}");
            assert!(is_one_sign_away("ada okafor", close), "{close}");
        }
        for other in ["ada okafor", "ada okaf", "grace", "dad okafro", ""] {
            assert!(!is_one_sign_away(other, "ada okafor"), "{other}");
        }
        assert!(!is_one_sign_away("al", "ab"), "short names are all alike");
    }
}
