//! What the first HTML carries, so that the web app needs no second request before it shows.

use serde::Serialize;
use utoipa::ToSchema;

use super::channels::Channel;
use super::messages::MessagePage;
use super::users::{Language, Me};

/// The server as the web app needs to know it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Workspace {
    /// What it is called.
    pub name: String,
    /// The largest file, in bytes.
    pub upload_limit_bytes: u64,
    /// The longest message, in characters.
    pub text_limit: usize,
    /// The server's version.
    pub version: String,
}

/// An alert's colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FlashKind {
    /// Done.
    Ok,
    /// News.
    Info,
    /// Care.
    Warn,
    /// Failed.
    Bad,
}

/// An alert, already in the reader's language.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Flash {
    /// Its colour.
    pub kind: FlashKind,
    /// What it says.
    pub text: String,
}

/// What the address stands for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Page {
    /// The sign-in form.
    SignIn {
        /// Where to go afterwards; always a path of this server.
        #[schema(required)]
        next: Option<String>,
    },
    /// The list of channels.
    Channels,
    /// One channel.
    Channel {
        /// Which.
        channel: i64,
        /// Its newest messages.
        messages: MessagePage,
        /// How far she had read before this visit.
        read_number: i64,
    },
    /// A channel that does not exist.
    MissingChannel {
        /// The name in the address.
        name: String,
    },
    /// The settings.
    Settings,
}

/// What the web app starts from.
#[derive(Debug, Serialize, ToSchema)]
pub struct State {
    /// The server.
    pub workspace: Workspace,
    /// The installation's id: what a browser keeps of this server, it keeps under this.
    pub instance: String,
    /// The state of its data: another one than before means that everything is to be loaded anew.
    pub epoch: String,
    /// Who is signed in.
    #[schema(required)]
    pub me: Option<Me>,
    /// Where the own stream stood when the channels were read; 0 when nobody is signed in.
    pub own: i64,
    /// Where the place's stream stood when the channels were read; 0 when nobody is signed in.
    pub place: i64,
    /// Channels, oldest first; none when nobody is signed in.
    pub channels: Vec<Channel>,
    /// Whether those are all; when not, `GET /api/channels?after=` has those after the last.
    pub channels_complete: bool,
    /// What the address stands for.
    pub page: Page,
    /// Alerts to show now.
    pub flashes: Vec<Flash>,
    /// The language to show it in; never `auto`.
    pub language: Language,
}
