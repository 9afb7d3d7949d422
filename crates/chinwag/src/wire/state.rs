//! The state in the first HTML, so that the web app needs no second request before it shows.

use serde::Serialize;
use utoipa::ToSchema;

use super::channels::Channel;
use super::messages::MessagePage;
use super::place::{Callers, ChannelMakers, EditTime, WayIn};
use super::users::{Language, Me};

/// What the web app needs to know of the server.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Workspace {
    /// Its name.
    pub name: String,
    /// The largest file, in bytes.
    pub upload_limit_bytes: u64,
    /// The longest message, in characters.
    pub text_limit: usize,
    /// How newcomers come in.
    pub way_in: WayIn,
    /// Who makes channels.
    pub channel_makers: ChannelMakers,
    /// How long authors change their messages.
    pub editing: EditTime,
    /// Who calls everybody in a channel.
    pub callers: Callers,
    /// The server's version; `null` when nobody is signed in.
    #[schema(required)]
    pub version: Option<String>,
}

/// An alert's colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FlashKind {
    /// Something was done.
    Ok,
    /// A piece of news.
    Info,
    /// A warning.
    Warn,
    /// A failure.
    Bad,
}

/// An alert, already in the reader's language.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Flash {
    /// Its colour.
    pub kind: FlashKind,
    /// Its sentence.
    pub text: String,
}

/// What the page's address stands for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Page {
    /// The sign-in form.
    SignIn {
        /// Where to go after signing in; always a path of this server.
        #[schema(required)]
        next: Option<String>,
    },
    /// The list of channels.
    Channels,
    /// One channel.
    Channel {
        /// The id of the channel.
        channel: i64,
        /// Its newest messages.
        messages: MessagePage,
        /// The newest message that the reader had read before this visit.
        read_number: i64,
    },
    /// A channel that does not exist.
    MissingChannel {
        /// The name in the address; empty when the address has an id.
        name: String,
    },
    /// The settings.
    Settings,
    /// What the reader saved.
    Saved,
    /// What concerns the reader.
    Activity,
    /// The search.
    Search,
    /// The threads that the reader follows.
    Threads,
    /// People and place, for owners and moderators.
    People,
}

/// What the web app starts from.
#[derive(Debug, Serialize, ToSchema)]
pub struct State {
    /// The server.
    pub workspace: Workspace,
    /// The installation's id. A browser keeps everything of this server under this id.
    pub instance: String,
    /// The epoch of its data: another one than before means that everything is to be loaded again.
    pub epoch: String,
    /// The account of the person who is signed in; `null` when nobody is.
    #[schema(required)]
    pub me: Option<Me>,
    /// The revision of the reader's own stream when the channels were read; 0 when nobody is signed
    /// in.
    pub own: i64,
    /// The revision of the place's stream when the channels were read; 0 when nobody is signed in.
    pub place: i64,
    /// The channels and direct conversations that the reader is in, oldest first; none when nobody is
    /// signed in. `GET /api/directory` has the public channels.
    pub channels: Vec<Channel>,
    /// Whether these are all; when not, `GET /api/channels?after=` has those after the last one.
    pub channels_complete: bool,
    /// What the page needs beside them: the channel that it shows and the one that the reader visited last,
    /// where the list does not have them.
    pub others: Vec<Channel>,
    /// What the page's address stands for.
    pub page: Page,
    /// Alerts to show now.
    pub flashes: Vec<Flash>,
    /// The language of the texts; never `auto`.
    pub language: Language,
}
