//! Invites on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::channels::ChannelInfo;
use super::place::Waiting;
use super::time::rfc3339;
use super::users::{Role, User};
use crate::model;
use crate::model::time::Timestamp;

/// What somebody finds who comes by an invite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Door {
    /// They come in.
    Open,
    /// They wait until they are let in.
    Approval,
    /// Nobody new comes in for now.
    Closed,
}

impl From<model::invites::Door> for Door {
    fn from(door: model::invites::Door) -> Self {
        match door {
            model::invites::Door::Open => Self::Open,
            model::invites::Door::Approval => Self::Approval,
            model::invites::Door::Closed => Self::Closed,
        }
    }
}

impl From<Door> for model::invites::Door {
    fn from(door: Door) -> Self {
        match door {
            Door::Open => Self::Open,
            Door::Approval => Self::Approval,
            Door::Closed => Self::Closed,
        }
    }
}

/// What an invite makes of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum InvitedRole {
    /// Guests of the channels.
    Guest,
    /// Members of the place.
    Member,
}

/// An invite to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvite {
    /// What it is for, for those who keep invites: at most 64 characters.
    #[serde(default)]
    pub label: String,
    /// What it makes of people.
    pub role: InvitedRole,
    /// Which channels it leads into: at most 20; at least one for guests.
    #[serde(default)]
    pub channels: Vec<i64>,
    /// What somebody finds who comes by it; `open` when it is left out.
    pub door: Option<Door>,
    /// After how many hours it ends: 168 when it is left out, never for 0.
    pub ends_in_hours: Option<u32>,
    /// How many people it lets in, 1 to 10,000; no limit when it is left out.
    pub max_uses: Option<i64>,
    /// How many minutes its guests stay; no limit when it is left out.
    pub visit_minutes: Option<u32>,
    /// Until when its guests stay at most (RFC 3339).
    pub visit_ends_at: Option<String>,
}

/// What to change about an invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitePatch {
    /// What somebody finds who comes by it.
    pub door: Door,
}

/// An invite.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invite {
    /// Its id.
    pub id: i64,
    /// Its address.
    pub address: String,
    /// What it is for; may be empty.
    pub label: String,
    /// What it makes of people.
    pub role: Role,
    /// Which channels it leads into.
    pub channels: Vec<i64>,
    /// What somebody finds who comes by it.
    pub door: Door,
    /// Who made it.
    pub made_by: User,
    /// When.
    pub made_at: String,
    /// When it ends by itself; `null` for never.
    #[schema(required)]
    pub expires_at: Option<String>,
    /// How many people it lets in; `null` for no limit.
    #[schema(required)]
    pub max_uses: Option<i64>,
    /// How many people came by it.
    pub uses: i64,
    /// How many minutes its guests stay; `null` for no limit.
    #[schema(required)]
    pub visit_minutes: Option<i64>,
    /// Until when its guests stay at most; `null` for no limit.
    #[schema(required)]
    pub visit_ends_at: Option<String>,
    /// Whether it lets nobody in any more.
    pub over: bool,
}

impl Invite {
    /// The invite as those who keep it see it at `now`; `address` is where it is opened.
    #[must_use]
    pub fn new(invite: &model::invites::Invite, address: String, now: Timestamp) -> Self {
        let grant = &invite.grant;
        Self {
            id: invite.id,
            address,
            label: grant.label.clone(),
            role: grant.role.into(),
            channels: grant.channels.iter().map(|id| id.0).collect(),
            door: grant.door.into(),
            made_by: (&invite.made_by).into(),
            made_at: rfc3339(invite.made_at),
            expires_at: grant.expires_at.map(rfc3339),
            max_uses: grant.max_uses,
            uses: invite.uses,
            visit_minutes: grant.visit_ms.map(|length| length / 60_000),
            visit_ends_at: grant.visit_ends_at.map(rfc3339),
            over: invite.is_over(now),
        }
    }
}

/// Invites.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invites {
    /// The newest first; at most 200.
    pub invites: Vec<Invite>,
}

/// Somebody who came by an invite.
#[derive(Debug, Serialize, ToSchema)]
pub struct CameBy {
    /// The person.
    pub user: User,
    /// When they came.
    pub at: String,
}

/// An invite, and who came by it.
#[derive(Debug, Serialize, ToSchema)]
pub struct InviteUse {
    /// The invite.
    pub invite: Invite,
    /// Who came by it, the last first; at most 200.
    pub came_by: Vec<CameBy>,
}

/// An invite as a projector shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Projection {
    /// The invite.
    pub invite: Invite,
    /// The six signs of the short code; `null` when the invite lets nobody in any more.
    #[schema(required)]
    pub code: Option<String>,
    /// Where a code is typed.
    pub short_address: String,
    /// After how many seconds the projector says again that it still shows the invite. The code ends a
    /// minute after its last word.
    pub again_in_s: u32,
    /// The first channel that the invite leads into; `null` when it leads into none.
    #[schema(required)]
    pub channel: Option<ChannelInfo>,
    /// Who came by the invite and may still come in, the last first; at most 100.
    pub here: Vec<CameBy>,
    /// How many they are.
    pub count: i64,
    /// Who waits by the invite, in the order in which they came, at most 100; nobody for whoever may not let
    /// them in.
    pub waiting: Vec<Waiting>,
    /// How many they are.
    pub waiting_total: i64,
}

impl From<model::invites::CameBy> for CameBy {
    fn from(came: model::invites::CameBy) -> Self {
        Self { user: (&came.user).into(), at: rfc3339(came.at) }
    }
}
