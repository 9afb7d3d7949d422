//! The template of the page that shows who is in a channel, and its values.

use askama::Template;

use super::views::{Frame, flash_class};
use crate::model::place::Waiting;
use crate::words::MembersWords;

/// Who is in a channel.
#[derive(Template)]
#[template(path = "members.html")]
pub(super) struct MembersView<'a> {
    pub frame: Frame<'a>,
    pub words: &'static MembersWords,
    /// What the channel is called.
    pub name: &'a str,
    /// The address of the channel.
    pub href: &'a str,
    /// The path to which its forms add theirs.
    pub path: &'a str,
    pub members: Vec<MemberRow>,
    /// How many there are in all.
    pub total: i64,
    /// The letters that they were looked for by; `None` where there are few.
    pub letters: Option<&'a str>,
    /// The address of the next page.
    pub next: Option<String>,
    /// What adding somebody means, for whoever may.
    pub adds: Option<&'static str>,
    /// The door of its guests, for whoever keeps it.
    pub door: Option<DoorRows>,
    /// Whether the reader may leave it.
    pub leaves: bool,
    /// Whether it is a direct conversation, which one hides.
    pub hides: bool,
}

/// One of them.
pub(super) struct MemberRow {
    pub name: String,
    pub me: bool,
    pub host: bool,
    pub guest: bool,
}

/// How guests come into a channel.
pub(super) struct DoorRows {
    pub invites: Vec<InviteRow>,
    /// Who waits.
    pub waiting: Vec<Waiting>,
}

/// One invite.
pub(super) struct InviteRow {
    pub id: i64,
    /// What it is for; may be empty.
    pub label: String,
    /// How many came by it.
    pub came: String,
}
