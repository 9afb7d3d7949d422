//! Rows of the log. They are only added.

use rusqlite::{Connection, named_params};

use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::log::{Act, Doer, MAX_DETAIL};
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
    let mut insert = db.prepare_cached(
        "INSERT INTO log (at, by, address, act, whom, channel_id, number, detail)
         VALUES (:at, :by, :address, :act, :whom, :channel, :number, :detail)",
    )?;
    let detail: String = about.detail.chars().take(MAX_DETAIL).collect();
    insert.execute(named_params! {
        ":at": by.at.0,
        ":by": by.user.0,
        ":address": by.address,
        ":act": act.code(),
        ":whom": about.whom.map(|whom| whom.0),
        ":channel": about.channel.map(|channel| channel.0),
        ":number": about.number.map(|number| number.0),
        ":detail": detail,
    })?;
    Ok(())
}
