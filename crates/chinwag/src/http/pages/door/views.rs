//! The templates of the pages at the door, and the values of each.

use askama::Template;

use crate::words::DoorWords;

/// What every page at the door has.
pub(super) struct DoorFrame<'a> {
    pub words: &'static DoorWords,
    pub title: String,
    /// What the place is called.
    pub place: String,
    pub about: String,
    pub foot: String,
    /// The web app's stylesheets.
    pub styles: &'a [String],
    /// After how many seconds the page asks again by itself, without script or where it has none.
    pub refresh_s: Option<u32>,
    /// The address of its script.
    pub script: Option<&'a str>,
}

/// The first run.
#[derive(Template)]
#[template(path = "door/first.html")]
pub(super) struct FirstView<'a> {
    pub frame: DoorFrame<'a>,
    pub error: Option<&'a str>,
    /// The field that the error is about; empty when it is about none of them.
    pub wrong: &'a str,
    pub place: &'a str,
    pub name: &'a str,
    pub way_in: &'a str,
}

impl FirstView<'_> {
    /// The error that stands below a field; with no name, the one above all of them.
    fn error_at(&self, field: &str) -> Option<&str> {
        self.error.filter(|_| self.wrong == field)
    }
}

/// An address to give out.
#[derive(Template)]
#[template(path = "door/invite.html")]
pub(super) struct InviteView<'a> {
    pub frame: DoorFrame<'a>,
    pub heading: &'a str,
    pub text: &'a str,
    /// The QR code, as SVG of our own.
    pub qr: &'a str,
    pub address: &'a str,
    pub ends: &'a str,
    pub is_https: bool,
}

/// The landing page of an invite.
#[derive(Template)]
#[template(path = "door/join.html")]
pub(super) struct JoinView<'a> {
    pub frame: DoorFrame<'a>,
    pub invites: &'a str,
    pub whereto: &'a str,
    pub host: &'a str,
    pub topic: &'a str,
    /// That somebody is signed in, who needs no name.
    pub me: Option<String>,
    pub name: &'a str,
    pub name_hint: &'a str,
    pub error: Option<&'a str>,
    /// A free name, where the one that was typed is taken.
    pub free: Option<&'a str>,
    pub asks_password: bool,
    /// Whether somebody has to let them in.
    pub waits: bool,
    pub button: &'a str,
    pub here: &'a str,
}

/// The end of a guest's visit.
#[derive(Template)]
#[template(path = "door/ended.html")]
pub(super) struct EndedView<'a> {
    pub frame: DoorFrame<'a>,
    pub text: &'a str,
    pub hint: &'a str,
    /// The sign-in page for another name.
    pub other: &'a str,
}

/// One thing, and what to do next.
#[derive(Template)]
#[template(path = "door/notice.html")]
pub(super) struct NoticeView<'a> {
    pub frame: DoorFrame<'a>,
    pub icon: &'a str,
    pub heading: &'a str,
    pub text: &'a str,
    /// The address and the label.
    pub button: (&'a str, &'a str),
}

/// A name at the door.
#[derive(Template)]
#[template(path = "door/waiting.html")]
pub(super) struct WaitingView<'a> {
    pub frame: DoorFrame<'a>,
    pub heading: &'a str,
    pub name: &'a str,
}

/// Where a short code is typed.
#[derive(Template)]
#[template(path = "door/code.html")]
pub(super) struct CodeView<'a> {
    pub frame: DoorFrame<'a>,
    /// What was typed before.
    pub typed: &'a str,
    pub error: Option<&'a str>,
}

/// A sign-in link.
#[derive(Template)]
#[template(path = "door/link.html")]
pub(super) struct LinkView<'a> {
    pub frame: DoorFrame<'a>,
    pub heading: &'a str,
    pub text: &'a str,
    pub name: &'a str,
    pub error: Option<&'a str>,
}
