//! The place as a whole, and the door to it, on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::time::rfc3339;
use crate::model;

/// How somebody new comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WayIn {
    /// Whoever opens the address takes a name and is in.
    Open,
    /// Only by an invite.
    Invite,
    /// Whoever opens the address takes a name and waits until they are let in.
    Approval,
    /// Nobody.
    Closed,
}

impl From<model::place::WayIn> for WayIn {
    fn from(way: model::place::WayIn) -> Self {
        match way {
            model::place::WayIn::Open => Self::Open,
            model::place::WayIn::Invite => Self::Invite,
            model::place::WayIn::Approval => Self::Approval,
            model::place::WayIn::Closed => Self::Closed,
        }
    }
}

impl From<WayIn> for model::place::WayIn {
    fn from(way: WayIn) -> Self {
        match way {
            WayIn::Open => Self::Open,
            WayIn::Invite => Self::Invite,
            WayIn::Approval => Self::Approval,
            WayIn::Closed => Self::Closed,
        }
    }
}

/// Who makes channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChannelMakers {
    /// Members, moderators and owners.
    Member,
    /// Moderators and owners.
    Moderator,
}

impl From<model::roles::Role> for ChannelMakers {
    fn from(role: model::roles::Role) -> Self {
        if role > model::roles::Role::Member { Self::Moderator } else { Self::Member }
    }
}

impl From<ChannelMakers> for model::roles::Role {
    fn from(makers: ChannelMakers) -> Self {
        match makers {
            ChannelMakers::Member => Self::Member,
            ChannelMakers::Moderator => Self::Moderator,
        }
    }
}

/// Who calls everybody in a channel with `@all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Callers {
    /// Everybody in the channel but guests.
    Members,
    /// Those who run the channel.
    Hosts,
}

impl From<model::place::Callers> for Callers {
    fn from(callers: model::place::Callers) -> Self {
        match callers {
            model::place::Callers::Members => Self::Members,
            model::place::Callers::Hosts => Self::Hosts,
        }
    }
}

impl From<Callers> for model::place::Callers {
    fn from(callers: Callers) -> Self {
        match callers {
            Callers::Members => Self::Members,
            Callers::Hosts => Self::Hosts,
        }
    }
}

/// How long authors change their messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum EditTime {
    /// As long as they like.
    Always,
    /// For a day.
    Day,
    /// For an hour.
    Hour,
    /// For a quarter of an hour.
    Quarter,
    /// Not at all.
    Never,
}

impl From<model::place::EditTime> for EditTime {
    fn from(time: model::place::EditTime) -> Self {
        match time {
            model::place::EditTime::Always => Self::Always,
            model::place::EditTime::Day => Self::Day,
            model::place::EditTime::Hour => Self::Hour,
            model::place::EditTime::Quarter => Self::Quarter,
            model::place::EditTime::Never => Self::Never,
        }
    }
}

impl From<EditTime> for model::place::EditTime {
    fn from(time: EditTime) -> Self {
        match time {
            EditTime::Always => Self::Always,
            EditTime::Day => Self::Day,
            EditTime::Hour => Self::Hour,
            EditTime::Quarter => Self::Quarter,
            EditTime::Never => Self::Never,
        }
    }
}

/// The place, for those who keep it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Place {
    /// What it is called.
    pub name: String,
    /// One line about it; may be empty.
    pub about: String,
    /// How somebody new comes in.
    pub way_in: WayIn,
    /// Whether somebody new needs a password.
    pub needs_password: bool,
    /// Whether it has an owner.
    pub has_owner: bool,
    /// How many names wait at the door.
    pub waiting: i64,
    /// Who makes channels.
    pub channel_makers: ChannelMakers,
    /// How long authors change their messages.
    pub editing: EditTime,
    /// Who calls everybody in a channel.
    pub callers: Callers,
}

/// What to change about the place; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlacePatch {
    /// What it is called: at most 48 characters.
    pub name: Option<String>,
    /// One line about it: at most 120 characters.
    pub about: Option<String>,
    /// How somebody new comes in.
    pub way_in: Option<WayIn>,
    /// Whether somebody new needs a password.
    pub needs_password: Option<bool>,
    /// Who makes channels.
    pub channel_makers: Option<ChannelMakers>,
    /// How long authors change their messages.
    pub editing: Option<EditTime>,
    /// Who calls everybody in a channel.
    pub callers: Option<Callers>,
}

/// A name at the door.
#[derive(Debug, Serialize, ToSchema)]
pub struct Waiting {
    /// Its id.
    pub id: i64,
    /// The name.
    pub name: String,
    /// What they say; may be empty.
    pub says: String,
    /// Since when they wait.
    pub asked_at: String,
    /// What the invite is for that they came by, empty for one that the reader may not see; `null` when they
    /// came by the address alone.
    #[schema(required)]
    pub invite: Option<String>,
    /// Somebody whose name differs by one sign; `null` when there is nobody.
    #[schema(required)]
    pub resembles: Option<Resembles>,
}

/// Somebody whose name a name resembles.
#[derive(Debug, Serialize, ToSchema)]
pub struct Resembles {
    /// Their name.
    pub name: String,
    /// Whether they are a moderator or an owner.
    pub in_charge: bool,
}

impl From<model::place::Waiting> for Waiting {
    fn from(waiting: model::place::Waiting) -> Self {
        Self {
            id: waiting.id,
            name: waiting.name,
            says: waiting.says,
            asked_at: rfc3339(waiting.asked_at),
            invite: waiting.invite,
            resembles: waiting.resembles.map(|(name, in_charge)| Resembles { name, in_charge }),
        }
    }
}

/// The names at the door.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllWaiting {
    /// In the order in which they came; at most 100.
    pub waiting: Vec<Waiting>,
    /// How many there are.
    pub total: i64,
}

/// How it stands with the name that this browser asked to come in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DoorState {
    /// It waits.
    Waits,
    /// It was refused.
    Refused,
    /// It was let in: the page at `/waiting` signs the browser in.
    LetIn,
    /// There is no such name at the door.
    Gone,
}

/// The name of this browser at the door.
#[derive(Debug, Serialize, ToSchema)]
pub struct AtTheDoor {
    /// How it stands.
    pub state: DoorState,
    /// The name; empty when there is none.
    pub name: String,
}

impl From<model::place::AtTheDoor> for AtTheDoor {
    fn from(at: model::place::AtTheDoor) -> Self {
        use model::place::AtTheDoor as At;
        match at {
            At::Waits { name, .. } => Self { state: DoorState::Waits, name },
            At::Refused { name, .. } => Self { state: DoorState::Refused, name },
            At::LetIn { name } => Self { state: DoorState::LetIn, name },
            At::Gone => Self { state: DoorState::Gone, name: String::new() },
        }
    }
}

/// A one-time sign-in link, which is shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignInLink {
    /// The address to open.
    pub address: String,
    /// When it ends.
    pub ends_at: String,
}
