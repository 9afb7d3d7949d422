//! Changes in the streams other than the channels', on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use super::activity::ActivitySeen;
use super::channels::{Channel, ChannelInfo};
use super::keeping::Saved;
use super::threads::Follow;
use super::users::{Me, User};
use crate::model;

/// What changed in the reader's own stream after a revision.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnChanges {
    /// The stream's revision at the moment of reading.
    pub revision: i64,
    /// Every change up to this revision is in the rows; equal to `revision` when they are complete.
    pub reached: i64,
    /// The account, when it changed.
    #[schema(required)]
    pub me: Option<Me>,
    /// The channels whose membership changed (joined, left, read mark), in their current form.
    pub channels: Vec<Channel>,
    /// What the reader saved, or does not save any more.
    pub saved: Vec<Saved>,
    /// How the reader stands to threads for which that changed, and to all threads of these channels: of those,
    /// what was known before is forgotten.
    pub follows: Vec<Follow>,
    /// What the reader has seen of their activity, when that changed.
    #[schema(required)]
    pub activity: Option<ActivitySeen>,
    /// The ids of channels that the reader is not in any more and may not know of.
    pub lost: Vec<i64>,
    /// Whether that is all. When not, ask again with `reached`.
    pub complete: bool,
}

impl From<&model::streams::OwnChanges> for OwnChanges {
    fn from(changes: &model::streams::OwnChanges) -> Self {
        Self {
            revision: changes.revision.0,
            reached: changes.reached.0,
            me: changes.account.as_ref().map(Me::from),
            channels: changes.channels.iter().map(Channel::from).collect(),
            saved: changes.saved.iter().map(Saved::from).collect(),
            follows: changes.follows.iter().map(Follow::from).collect(),
            activity: changes.activity.as_ref().map(ActivitySeen::from),
            lost: changes.lost.iter().map(|channel| channel.0).collect(),
            complete: changes.complete,
        }
    }
}

/// What changed in the stream of the place, which is the whole installation, after a revision.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceChanges {
    /// The stream's revision at the moment of reading.
    pub revision: i64,
    /// Every change up to this revision is in the rows; equal to `revision` when they are complete.
    pub reached: i64,
    /// People who are new or changed.
    pub people: Vec<User>,
    /// Channels that are new or whose entry in the directory changed.
    pub channels: Vec<ChannelInfo>,
    /// The ids of channels that the directory does not list any more.
    pub delisted: Vec<i64>,
    /// Whether that is all. When not, ask again with `reached`.
    pub complete: bool,
}

impl From<&model::streams::PlaceChanges> for PlaceChanges {
    fn from(changes: &model::streams::PlaceChanges) -> Self {
        Self {
            revision: changes.revision.0,
            reached: changes.reached.0,
            people: changes.people.iter().map(User::with_reading).collect(),
            channels: changes.channels.iter().map(ChannelInfo::from).collect(),
            delisted: changes.delisted.iter().map(|channel| channel.0).collect(),
            complete: changes.complete,
        }
    }
}
