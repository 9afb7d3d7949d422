//! What clients tell of themselves: that one found its copy wrong and loaded it anew.

use super::{Actor, Chat, Result};
use crate::model::ids::{ChannelId, Revision};

/// A client's copy of a channel was not what the server has.
#[derive(Debug)]
pub struct Mismatch {
    /// Which channel.
    pub channel: ChannelId,
    /// At which revision.
    pub revision: Revision,
    /// The server's fingerprint.
    pub expected: String,
    /// The client's own.
    pub found: String,
}

impl Chat {
    /// Writes a client's report into the log, for whoever runs the server. The fingerprints are the
    /// client's word: written with their odd characters escaped.
    ///
    /// # Errors
    /// `NotFound` for a channel that there is not, `TooMany`.
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
