//! The templates of the pages, and the values of each.

use askama::Template;

use super::composer::Composer;
use super::quotes::QuoteRow;
use crate::http::shell::{First, Shell};
use crate::model::messages::{Message, MessagePage};
use crate::model::reactions::Reaction;
use crate::model::users::Theme;
use crate::wire::state::{Flash, FlashKind};
use crate::words::{MembersWords, Words};

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
    /// The name of the actor.
    pub me: Option<&'a str>,
    /// The id of the actor's picture.
    pub me_picture: Option<&'a str>,
    /// Whether logging out asks first: without a password the name may be lost for ever.
    pub asks_to_leave: bool,
}

impl Frame<'_> {
    pub(super) fn theme_name(&self) -> Option<&'static str> {
        self.theme.filter(|theme| *theme != Theme::Auto).map(Theme::code)
    }
}

/// The sign-in form.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(super) struct SignInPage<'a> {
    pub frame: Frame<'a>,
    /// How one comes in.
    pub text: &'static str,
    /// Whether a code helps.
    pub codes: bool,
    pub name: &'a str,
    pub next: Option<&'a str>,
    pub error: Option<&'a str>,
    pub shared: bool,
}

/// The settings, as far as they need no script.
#[derive(Template)]
#[template(path = "settings.html")]
pub(super) struct SettingsPage<'a> {
    pub frame: Frame<'a>,
    pub name: &'a str,
    pub error: Option<&'a str>,
}

/// What the reader saved.
#[derive(Template)]
#[template(path = "saved.html")]
pub(super) struct SavedPage<'a> {
    pub frame: Frame<'a>,
    pub rows: Vec<SavedRow>,
    /// The address of the next part.
    pub next: Option<String>,
}

/// One saved message.
pub(super) struct SavedRow {
    pub author: String,
    /// The name of its channel.
    pub channel: String,
    pub href: String,
    pub at: String,
    pub text: String,
    /// The text as HTML, when it has markup.
    pub marked: Option<String>,
    /// The names of its files.
    pub files: Vec<String>,
    /// The reader's note; may be empty.
    pub note: String,
    pub deleted: bool,
}

/// What concerns the reader.
#[derive(Template)]
#[template(path = "activity.html")]
pub(super) struct ActivityPage<'a> {
    pub frame: Frame<'a>,
    pub rows: Vec<ActivityRow>,
    /// The address of the next part.
    pub next: Option<String>,
}

/// One thing that concerns the reader.
pub(super) struct ActivityRow {
    /// Who did what, and where.
    pub what: String,
    /// Whether the reader has not seen it.
    pub new: bool,
    pub href: String,
    pub at: String,
    pub text: String,
    /// The text as HTML, when it has markup.
    pub marked: Option<String>,
    /// The names of its files.
    pub files: Vec<String>,
}

/// What was found by its words.
#[derive(Template)]
#[template(path = "search.html")]
pub(super) struct SearchPage<'a> {
    pub frame: Frame<'a>,
    pub typed: &'a str,
    /// Whether the best come first.
    pub best: bool,
    /// What is wrong with what was typed.
    pub told: Option<String>,
    /// Filters that mean nothing.
    pub unknown: Vec<String>,
    /// Whether older messages are not indexed yet.
    pub unfinished: bool,
    /// Whether there was no time to look through everything.
    pub not_all: bool,
    /// How many hits there are; `None` when nothing was asked for.
    pub count: Option<String>,
    pub rows: Vec<SearchRow>,
    /// How many messages have one of the words, and the address of a search for them.
    pub any: Option<(usize, String)>,
    /// The address of the next page.
    pub next: Option<String>,
}

/// One message that was found.
pub(super) struct SearchRow {
    pub author: String,
    /// The name of its channel.
    pub channel: String,
    pub href: String,
    pub at: String,
    /// The text in parts, each with whether it is what was looked for.
    pub parts: Vec<(bool, String)>,
    /// What it carries of another message.
    pub carried: Option<String>,
    /// The names of its files.
    pub files: Vec<String>,
}

/// The threads that the reader follows.
#[derive(Template)]
#[template(path = "threads.html")]
pub(super) struct ThreadsPage<'a> {
    pub frame: Frame<'a>,
    pub rows: Vec<ThreadRow>,
    /// The address of the next part.
    pub next: Option<String>,
}

/// One of these threads, by the message that begins it.
pub(super) struct ThreadRow {
    pub author: String,
    /// The name of its channel.
    pub channel: String,
    pub href: String,
    pub at: String,
    /// The beginning of the text.
    pub text: String,
    /// How many replies there are.
    pub replies: Option<String>,
    /// Whether something of it is unread.
    pub is_new: bool,
}

/// The question before logging out.
#[derive(Template)]
#[template(path = "sign_out.html")]
pub(super) struct SignOutPage<'a> {
    pub frame: Frame<'a>,
    pub text: &'a str,
    /// Whether the browser may be forgotten or kept.
    pub may_forget: bool,
}

/// The list of channels.
#[derive(Template)]
#[template(path = "channels.html")]
pub(super) struct ChannelsPage<'a> {
    pub frame: Frame<'a>,
    /// What the reader is in and the directory does not list; for a guest, all that they are in.
    pub own: Vec<ChannelRow>,
    /// A page of the directory; `None` for a guest, who has none.
    pub directory: Option<DirectoryRows>,
    pub latest: Option<(String, String)>,
    /// The words of the form that opens a direct conversation, for whoever opens one.
    pub write: Option<&'static MembersWords>,
    /// Whether the reader makes channels.
    pub makes: bool,
}

/// A page of the directory.
pub(super) struct DirectoryRows {
    pub channels: Vec<ChannelRow>,
    /// What was looked for; may be empty.
    pub letters: String,
    /// The address of the next page.
    pub next: Option<String>,
    /// Whether there are channels before this page.
    pub continues: bool,
}

/// One channel in the list.
pub(super) struct ChannelRow {
    pub name: String,
    /// Whether it is a channel, and no direct conversation.
    pub is_channel: bool,
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
    pub composer: Composer,
    /// Whether the message that the address names is not kept any more.
    pub gone: bool,
    pub ways: Ways,
    pub messages: Vec<MessageRow>,
}

/// A thread.
#[derive(Template)]
#[template(path = "thread.html")]
pub(super) struct ThreadView<'a> {
    pub frame: Frame<'a>,
    /// The name of the channel, as it is written.
    pub name: String,
    /// The address of the channel.
    pub channel: String,
    /// The number of the message that begins it.
    pub number: i64,
    /// Whether that message is not kept any more.
    pub rootless: bool,
    /// The address of older replies.
    pub older: Option<String>,
    /// The words of the box that sends a reply to the channel too, if the reader may write there.
    pub also: Option<String>,
    pub composer: Composer,
    /// The message that begins it, and replies.
    pub messages: Vec<MessageRow>,
}

/// Where a page of messages leads on to: the page around its first and its last message, and the newest ones.
pub(super) struct Ways {
    pub older: Option<String>,
    pub newer: Option<String>,
    pub newest: String,
}

impl Ways {
    /// `href` is the path to which a number is added, `newest` the channel's own address.
    pub fn around(page: &MessagePage, href: &str, newest: String) -> Self {
        let at = |message: Option<&Message>| message.map(|one| format!("{href}/{}", one.number));
        let [first, last] = [page.messages.first(), page.messages.last()];
        let older = at(first.filter(|_| page.has_older));
        Self { older, newer: at(last.filter(|_| page.has_newer)), newest }
    }
}

/// One message.
pub(super) struct MessageRow {
    pub number: i64,
    /// Whether the address of the page names it.
    pub found: bool,
    pub author: String,
    /// The id of the author's picture.
    pub picture: Option<String>,
    pub text: String,
    /// The text as HTML, when it has markup.
    pub marked: Option<String>,
    pub at: String,
    pub own: bool,
    /// What it quotes.
    pub quote: Option<QuoteRow>,
    /// Whether the page has a form in which it can be quoted.
    pub quotes: bool,
    /// What it carries of another message.
    pub forwarded: Option<ForwardRow>,
    /// Whether it was deleted, or is a line.
    pub deleted: bool,
    /// Whether somebody else removed it.
    pub removed: bool,
    /// What a line says.
    pub line: Option<String>,
    /// Since when it has its present form, if its author changed it.
    pub edited_at: Option<String>,
    /// Says who pinned it.
    pub pinned: Option<String>,
    /// Whether the reader saved it.
    pub saved: bool,
    /// Name and address of each file.
    pub files: Vec<(String, String)>,
    /// The emoji that people put to it.
    pub reactions: Vec<Reaction>,
    /// What its thread is called, with the number of replies; `None` for what begins none and could not.
    pub thread: Option<String>,
    /// Whether anybody replied.
    pub answered: bool,
    /// What it answers, if it is a reply: the number of the message that begins the thread.
    pub root: Option<i64>,
}

/// What a message carries of another one.
pub(super) struct ForwardRow {
    pub author: String,
    pub author_id: i64,
    /// RFC 3339.
    pub at: String,
    pub plain_at: String,
    pub text: String,
    /// The text as HTML, when it has markup.
    pub marked: Option<String>,
}

/// A channel's newest messages as the web app draws them; the app then replaces the view. Without
/// script the same messages come with forms.
#[derive(Template)]
#[template(path = "first/channel.html")]
pub(super) struct FirstView<'a> {
    pub frame: Frame<'a>,
    /// The web app's script.
    pub app: &'a str,
    pub first: &'a First,
    /// The icon of the channel's kind.
    pub icon: &'static str,
    pub name: &'a str,
    pub topic: &'a str,
    pub members: i64,
    pub composer: Composer,
    /// Whether the message that the address names is not kept any more.
    pub gone: bool,
    pub ways: Ways,
    /// Whether the app brings a message into view: until it knows where that stands, the view shows that messages load.
    pub jumps: bool,
    pub channels: Vec<SideRow<'a>>,
    /// The messages above the first screenful: they are there without script only; with script the
    /// app loads them.
    pub older: Vec<MessageRow>,
    /// The messages that are drawn a frame after the newest.
    pub above: Vec<FirstRow>,
    pub messages: Vec<FirstRow>,
}

/// One channel in the sidebar.
pub(super) struct SideRow<'a> {
    pub name: &'a str,
    pub href: String,
    /// The icon of its kind.
    pub icon: &'static str,
    /// The number of unread messages; empty for none.
    pub unread: String,
    /// How many of them call the reader; empty for none.
    pub calls: String,
    /// Whether the reader wants to be told of nothing there.
    pub quiet: bool,
    pub current: bool,
}

/// A piece of a text as it was typed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text.
    Text(String),
    /// A call of somebody else.
    Other(String),
    /// A call of the reader, or of everybody.
    Reader(String),
}

/// One message, and how it stands among the others.
pub(super) struct FirstRow {
    pub row: MessageRow,
    /// Its text, in paragraphs.
    pub paragraphs: Vec<Vec<Piece>>,
    /// Whether it calls the reader.
    pub calls: bool,
    /// The rest of a text that the app folds; the paragraphs hold the beginning.
    pub rest: Option<String>,
    /// RFC 3339.
    pub at: String,
    pub author: i64,
    /// Whether it has a face and a name, because it does not follow up the message before it.
    pub lead: bool,
    /// Whether it is the last before another lead.
    pub tail: bool,
    /// The time of the message before it, when the line "New since" stands above this one.
    pub new_since: Option<String>,
}

impl FirstRow {
    /// The picture beside it. `None`: it has a letter, or it follows up the message before it.
    fn face(&self) -> Option<&str> {
        self.row.picture.as_deref().filter(|_| self.lead)
    }
}

/// The question before a message is deleted.
#[derive(Template)]
#[template(path = "confirm.html")]
pub(super) struct ConfirmPage<'a> {
    pub frame: Frame<'a>,
    /// The channel's address.
    pub href: &'a str,
    pub number: i64,
    /// The beginning of the message.
    pub text: &'a str,
    /// The names of its files.
    pub files: Vec<&'a str>,
}

/// A page with only a text.
#[derive(Template)]
#[template(path = "notice.html")]
pub(super) struct NoticePage<'a> {
    pub frame: Frame<'a>,
    pub heading: &'a str,
    pub text: &'a str,
    /// The address and the name of the link to continue with.
    pub back: (&'a str, &'a str),
}

/// The letter of a face without script.
fn initial(name: &str) -> String {
    name.trim().chars().next().map(|first| first.to_uppercase().collect()).unwrap_or_default()
}

/// The class of a flash.
pub(super) fn flash_class(kind: FlashKind) -> &'static str {
    match kind {
        FlashKind::Ok => "flash ok",
        FlashKind::Info => "flash info",
        FlashKind::Warn => "flash warn",
        FlashKind::Bad => "flash bad",
    }
}
