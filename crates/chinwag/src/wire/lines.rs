//! Lines on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use super::time::rfc3339;
use super::users::User;
use crate::model;
use crate::model::lines::LineKind as Kind;

/// What a line says.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// People joined or left.
    Members,
    /// The channel was renamed.
    Renamed,
    /// The topic was changed; `to` is empty when it was taken away.
    Topic,
    /// The person became a host.
    Host,
    /// The person is no host any more.
    NoHost,
    /// Slow mode: `to` is the number of seconds, 0 when it was turned off.
    Slow,
    /// The channel was archived.
    Archived,
    /// The channel was brought back from the archive.
    BroughtBack,
    /// The channel was made private.
    MadePrivate,
    /// The channel was made public.
    MadePublic,
    /// The messages before this line were cleared.
    Cleared,
    /// The message with the number `to` was pinned.
    Pinned,
    /// A transcript of the channel was made.
    Exported,
}

impl From<Kind> for LineKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Members => Self::Members,
            Kind::Renamed => Self::Renamed,
            Kind::Topic => Self::Topic,
            Kind::Host => Self::Host,
            Kind::NoHost => Self::NoHost,
            Kind::Slow => Self::Slow,
            Kind::Archived => Self::Archived,
            Kind::BroughtBack => Self::BroughtBack,
            Kind::MadePrivate => Self::MadePrivate,
            Kind::MadePublic => Self::MadePublic,
            Kind::Cleared => Self::Cleared,
            Kind::Pinned => Self::Pinned,
            Kind::Exported => Self::Exported,
        }
    }
}

/// A line: what happened in the channel. Who did it is the author of its row; of people who join and leave
/// that is the first of them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Line {
    /// What it says.
    pub kind: LineKind,
    /// Whom it is about, at most 50; left out for most kinds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Passage>,
    /// What was before; left out for most kinds.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// What is now; left out for most kinds.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub to: String,
}

/// A person in a line.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Passage {
    /// The person.
    pub user: User,
    /// Whether they joined last, and did not leave.
    pub joined: bool,
    /// When that was.
    pub at: String,
    /// Who put them into the channel, if it was somebody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub by: Option<User>,
}

impl From<&model::lines::Line> for Line {
    fn from(line: &model::lines::Line) -> Self {
        Self {
            kind: line.kind.into(),
            people: line.people.iter().map(Passage::from).collect(),
            from: line.from.clone(),
            to: line.to.clone(),
        }
    }
}

impl From<&model::lines::Passage> for Passage {
    fn from(passage: &model::lines::Passage) -> Self {
        Self {
            user: (&passage.who).into(),
            joined: passage.joined,
            at: rfc3339(passage.at),
            by: passage.by.as_ref().map(User::from),
        }
    }
}
