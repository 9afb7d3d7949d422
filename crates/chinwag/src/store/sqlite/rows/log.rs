//! Rows of the log. They are only added.

use rusqlite::{Connection, named_params};

use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::log::{Act, Doer, MAX_DETAIL};
use crate::model::time::Timestamp;
use crate::store::Result;

/// What an entry is about.
#[derive(Default)]
pub(crate) struct About<'a> {
    pub(crate) whom: Option<UserId>,
    pub(crate) channel: Option<ChannelId>,
    pub(crate) number: Option<Number>,
    pub(crate) detail: &'a str,
}

/// Adds an entry, in the transaction of what was done.
pub(crate) fn add(db: &Connection, by: &Doer, act: Act, about: &About<'_>) -> Result<()> {
    insert(db, Some(by.user), by.at, &by.address, act, about)
}

/// Adds an entry for what the operator does by a command on the data folder.
pub(crate) fn add_of_operator(
    db: &Connection,
    at: Timestamp,
    act: Act,
    about: &About<'_>,
) -> Result<()> {
    insert(db, None, at, "", act, about)
}

fn insert(
    db: &Connection,
    by: Option<UserId>,
    at: Timestamp,
    address: &str,
    act: Act,
    about: &About<'_>,
) -> Result<()> {
    let mut insert = db.prepare_cached(
        "INSERT INTO log (at, by, address, act, whom, channel_id, number, detail)
         VALUES (:at, :by, :address, :act, :whom, :channel, :number, :detail)",
    )?;
    let detail: String = about.detail.chars().take(MAX_DETAIL).collect();
    insert.execute(named_params! {
        ":at": at.0,
        ":by": by.map(|by| by.0),
        ":address": address,
        ":act": act.code(),
        ":whom": about.whom.map(|whom| whom.0),
        ":channel": about.channel.map(|channel| channel.0),
        ":number": about.number.map(|number| number.0),
        ":detail": detail,
    })?;
    Ok(())
}
