//! The plain pages' templates and what each is given.

use askama::Template;

use crate::http::shell::Shell;
use crate::wire::state::{Flash, FlashKind};
use crate::wire::users::Theme;
use crate::words::Words;

/// What every page has.
pub(super) struct Frame<'a> {
    pub words: &'static Words,
    pub title: String,
    pub workspace: &'a str,
    pub theme: Option<Theme>,
    pub shell: &'a Shell,
    /// The state as JSON, safe inside a script element.
    pub state_json: String,
    pub flashes: &'a [Flash],
    /// The name of whoever is signed in.
    pub me: Option<&'a str>,
}

impl Frame<'_> {
    fn theme_name(&self) -> Option<&'static str> {
        match self.theme? {
            Theme::Auto => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        }
    }
}

/// The sign-in form.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(super) struct SignInPage<'a> {
    pub frame: Frame<'a>,
    pub name: &'a str,
    pub next: Option<&'a str>,
    pub error: Option<&'a str>,
}

/// The list of channels.
#[derive(Template)]
#[template(path = "channels.html")]
pub(super) struct ChannelsPage<'a> {
    pub frame: Frame<'a>,
    pub channels: Vec<ChannelRow>,
    pub latest: Option<(String, String)>,
}

/// One channel in the list.
pub(super) struct ChannelRow {
    pub name: String,
    pub href: String,
    pub topic: String,
    pub members: i64,
    pub created_at: String,
}

/// A channel's newest messages.
#[derive(Template)]
#[template(path = "channel.html")]
pub(super) struct ChannelView<'a> {
    pub frame: Frame<'a>,
    pub name: &'a str,
    pub topic: &'a str,
    pub href: String,
    pub key: String,
    pub messages: Vec<MessageRow>,
}

/// One message.
pub(super) struct MessageRow {
    pub number: i64,
    pub author: String,
    pub text: String,
    pub at: String,
    pub own: bool,
    pub deleted: bool,
    /// Name and address of each file.
    pub files: Vec<(String, String)>,
}

/// A page that only says something.
#[derive(Template)]
#[template(path = "notice.html")]
pub(super) struct NoticePage<'a> {
    pub frame: Frame<'a>,
    pub heading: &'a str,
    pub text: &'a str,
}

/// The class of a flash.
fn flash_class(kind: FlashKind) -> &'static str {
    match kind {
        FlashKind::Ok => "flash ok",
        FlashKind::Info => "flash info",
        FlashKind::Warn => "flash warn",
        FlashKind::Bad => "flash bad",
    }
}
