//! Reports of clients that found their copy of a channel wrong and loaded it anew.

use super::{Actor, Chat, Result};
use crate::model::ids::{ChannelId, Revision};

/// A report that a client's copy of a channel differed from the server's.
#[derive(Debug)]
pub struct Mismatch {
    /// Which channel.
    pub channel: ChannelId,
    /// The revision that was compared.
    pub revision: Revision,
    /// The server's fingerprint.
    pub expected: String,
    /// The client's fingerprint.
    pub found: String,
}

impl Chat {
    /// Writes a client's report into the log, for the operator. The fingerprints come from the
    /// client, so their unusual characters are written escaped.
    ///
    /// # Errors
    /// `NotFound` when there is no such channel, `TooMany`.
    pub async fn report_mismatch(&self, actor: &Actor, report: Mismatch) -> Result<()> {
        self.meters.reports.take(actor.id(), self.clock.uptime())?;
        let channel = self.channel(actor, report.channel).await?.channel;
        tracing::warn!(
            person = %actor.id(),
            name = ?actor.account.user.name,
            channel = %channel.id,
            revision = report.revision.0,
            expected = ?report.expected,
            found = ?report.found,
            "a client's copy of a channel differed from the server's; it has loaded it anew"
        );
        Ok(())
    }
}
