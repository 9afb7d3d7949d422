//! The streams beside the channels': each person's own, and the place's.

use async_trait::async_trait;

use super::Result;
use crate::model::ids::{ChannelId, Revision, UserId};
use crate::model::streams::{Heads, Overview, OwnChanges, PlaceChanges};

/// The newest revisions of the streams, and what changed in them.
#[async_trait]
pub trait Streams: Send + Sync {
    /// What a person's app starts from, with those of their places that come after `after`; the list ends
    /// at about [`MAX_ANSWER_BYTES`](crate::model::messages::MAX_ANSWER_BYTES). `None`: no such person.
    async fn overview(&self, user: UserId, after: ChannelId) -> Result<Option<Overview>>;

    /// What changed in a person's own stream after `since`. At most `limit` rows, which is clamped to
    /// 1 and [`MAX_ROWS`](crate::model::streams::MAX_ROWS). `None`: no such person.
    async fn own_changes(
        &self,
        user: UserId,
        since: Revision,
        limit: usize,
    ) -> Result<Option<OwnChanges>>;

    /// What changed in the place's stream after `since`, for `viewer`; `limit` as for
    /// [`own_changes`](Self::own_changes).
    async fn place_changes(
        &self,
        viewer: UserId,
        since: Revision,
        limit: usize,
    ) -> Result<PlaceChanges>;

    /// The heads of all streams that a person hears.
    async fn heads(&self, user: UserId) -> Result<Heads>;
}
