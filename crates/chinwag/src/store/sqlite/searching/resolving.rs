//! Looking up the names that a search has.

use rusqlite::Connection;

use crate::model::folding::fold;
use crate::model::ids::{ChannelId, UserId};
use crate::model::search::{Name, Resolved, SearchQuery};
use crate::store::Result;
use crate::store::sqlite::rows::{channels, users};

/// A query with its names looked up, and whether it may find anything: not if it names only what is not there, or if
/// nothing that it asks for means anything.
pub(super) fn resolve(
    db: &Connection,
    viewer: UserId,
    query: &SearchQuery,
) -> Result<(Resolved, bool)> {
    let asked = &query.asked;
    let mut resolved = Resolved {
        words: asked.words.clone(),
        from: query.from.clone(),
        inside: query.inside.clone(),
        before: asked.before,
        after: asked.after,
        has: asked.has.clone(),
        is: asked.is.clone(),
        mentions_me: asked.mentions_me,
        unknown: asked.unknown.clone(),
    };
    if query.from.is_empty() {
        for name in &asked.from {
            match name {
                Name::Me => resolved.from.push(viewer),
                Name::Named { name, typed } => match users::account_with_key(db, &fold(name))? {
                    Some(account) => resolved.from.push(account.user.id),
                    None => resolved.unknown.push(typed.clone()),
                },
            }
        }
    }
    if query.inside.is_empty() && !asked.inside.is_empty() {
        let own = own_places(db, viewer)?;
        for name in &asked.inside {
            let Name::Named { name, typed } = name else { continue };
            let found = named(db, viewer, name, &own)?;
            if found.is_empty() {
                resolved.unknown.push(typed.clone());
            }
            resolved.inside.extend(found);
        }
    }
    let nobody = resolved.from.is_empty() && !asked.from.is_empty();
    let nowhere = resolved.inside.is_empty() && !asked.inside.is_empty();
    let any_time = resolved.before.is_none() && resolved.after.is_none();
    let anything = resolved.from.is_empty()
        && resolved.inside.is_empty()
        && any_time
        && resolved.has.is_empty()
        && resolved.is.is_empty()
        && !resolved.mentions_me
        && asked.phrases.is_empty();
    Ok((resolved, !nobody && !nowhere && !anything))
}

/// The channels of that name which a person may know of: the public one, and those of their own.
fn named(
    db: &Connection,
    viewer: UserId,
    name: &str,
    own: &[(String, ChannelId)],
) -> Result<Vec<ChannelId>> {
    let key = fold(name);
    let public = channels::with_key(db, &key, viewer)?.map(|view| view.channel.id);
    let theirs = own.iter().filter(|(own, _)| *own == key).map(|(_, channel)| *channel);
    Ok(public.into_iter().chain(theirs).collect())
}

/// The names, folded, of what a person is in that is not public.
fn own_places(db: &Connection, viewer: UserId) -> Result<Vec<(String, ChannelId)>> {
    let mut found = Vec::new();
    let mut find = db.prepare_cached(
        "SELECT c.id, c.name FROM members m JOIN channels c ON c.id = m.channel_id
         WHERE m.user_id = ?1 AND c.kind <> 'public' AND c.name <> ''",
    )?;
    let mut rows = find.query([viewer.0])?;
    while let Some(row) = rows.next()? {
        let theirs = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        found.push((fold(theirs), ChannelId(row.get(0)?)));
    }
    Ok(found)
}
