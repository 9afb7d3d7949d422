//! What those who run a channel do, on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::channels::{ChannelKind, Posting};
use super::time::{rfc3339, rfc3339_minute};
use super::users::{Role, User};
use crate::model;

/// Changes of a channel; a field that is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelPatch {
    /// The name, 1–64 characters. A public channel's old name leads to it until somebody takes it.
    pub name: Option<String>,
    /// What it is for, at most 250 characters.
    pub topic: Option<String>,
    /// Public or private. All who may then know of the channel read all of it.
    pub kind: Option<ChannelKind>,
    /// Who writes in it.
    pub posting: Option<Posting>,
    /// Whether only hosts write in it for now.
    pub locked: Option<bool>,
    /// Whether it is archived: readable, and nothing new comes into it.
    pub archived: Option<bool>,
    /// Whether everybody but the hosts is muted.
    pub all_muted: Option<bool>,
    /// How many seconds everybody but the hosts waits between two messages; 0 for no wait, at most 3600.
    pub slow_s: Option<u32>,
    /// Whether newcomers are put into it; at most 20 channels.
    pub newcomers: Option<bool>,
    /// Whether only those who run it pin messages.
    pub hosts_pin: Option<bool>,
}

/// People to be put into a channel.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddedPeople {
    /// Their ids, at most 100.
    pub people: Vec<i64>,
}

/// How long a person is muted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mute {
    /// So many minutes, 1–525600; left out: for good.
    pub minutes: Option<u32>,
}

/// A person in a channel.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Member {
    /// The person.
    #[serde(flatten)]
    pub user: User,
    /// What they are in the whole place.
    pub role: Role,
    /// Whether they are one of the hosts.
    pub host: bool,
    /// Until when they may not write in the channel; told to those who run the channel.
    #[schema(required)]
    pub muted_until: Option<String>,
    /// When the visit of a guest ends, or ended; told to those who run the channel.
    #[schema(required)]
    pub visit_ends_at: Option<String>,
    /// When they were here last, to the minute. `null` for guests' eyes, and of people who are invisible.
    #[schema(required)]
    pub last_here: Option<String>,
}

impl From<&model::channels::Member> for Member {
    fn from(member: &model::channels::Member) -> Self {
        Self {
            user: (&member.user).into(),
            role: member.role.into(),
            host: member.host,
            muted_until: member.muted_until.map(rfc3339),
            visit_ends_at: member.visit_ends_at.map(rfc3339),
            last_here: member.last_here.map(rfc3339_minute),
        }
    }
}

/// The members of a channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct Members {
    /// Hosts first, then by name; at most as many as the request asks for.
    pub members: Vec<Member>,
    /// How many there are in all, whatever was looked for.
    pub total: i64,
    /// Whether these are the last ones. When not, ask again for those after the last.
    pub complete: bool,
}

impl From<&model::channels::MembersPage> for Members {
    fn from(page: &model::channels::MembersPage) -> Self {
        Self {
            members: page.members.iter().map(Member::from).collect(),
            total: page.total,
            complete: page.complete,
        }
    }
}

/// The people who are kept out of a channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptOut {
    /// By name, at most 1,000.
    pub people: Vec<User>,
}
