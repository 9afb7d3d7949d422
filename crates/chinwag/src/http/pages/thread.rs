//! The page of a thread for browsers without script: the message that begins it, its replies, and the form
//! that answers. Its address is that of the message with `?thread`, where the app shows the thread beside
//! the channel.

use axum::http::Uri;

use super::address::href_of;
use super::composer::{Composer, Unsent};
use super::names::name_of;
use super::rows::{Reader, row_of_message};
use super::views::{Frame, MessageRow, ThreadView};
use crate::chat::{self, Actor, ChannelPage};
use crate::http::app::App;
use crate::http::problem::Fault;
use crate::model::channels::ChannelKind;
use crate::model::ids::Number;
use crate::model::messages::{MAX_PAGE, PageAt};
use crate::model::permissions::Action;
use crate::model::thread_pages::ThreadPage;
use crate::words;

/// Where an address leads that names a message.
pub(super) enum Way {
    /// The message in its channel.
    Channel,
    /// The thread that it begins or answers in.
    Thread(Box<ThreadPage>),
    /// Another address: that of the thread of a reply which the channel itself does not show.
    Other(String),
}

/// What an address asks for in its query.
struct Asked {
    thread: bool,
    /// The replies just before this number.
    before: Option<Number>,
}

impl Asked {
    fn of(uri: &Uri) -> Self {
        let mut asked = Self { thread: false, before: None };
        for part in uri.query().unwrap_or_default().split('&') {
            match part.split_once('=').unwrap_or((part, "")) {
                ("thread", _) => asked.thread = true,
                ("before", number) => asked.before = number.parse().ok().map(Number),
                _ => {}
            }
        }
        asked
    }
}

/// Finds out where an address leads that names a message of a channel which was entered.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn way(
    app: &App,
    actor: &Actor,
    uri: &Uri,
    entered: &ChannelPage,
    number: Number,
) -> Result<Way, Fault> {
    let asked = Asked::of(uri);
    let shown = entered.messages.messages.iter().any(|message| message.number == number);
    if !asked.thread && (shown || entered.view.channel.has_cleared(number)) {
        return Ok(Way::Channel);
    }
    let channel = &entered.view.channel;
    let at = asked.before.map_or(PageAt::Newest, PageAt::Before);
    match app.chat.thread(actor, channel.id, number, at, MAX_PAGE).await {
        Ok(page) if page.number != number => {
            Ok(Way::Other(format!("{}/{}?thread#m{number}", href_of(channel), page.number)))
        }
        Ok(page) if asked.thread => Ok(Way::Thread(Box::new(page))),
        Ok(_) | Err(chat::Error::Refused(_)) => Ok(Way::Channel),
        Err(error) => Err(error.into()),
    }
}

/// What stands on the page of a thread.
///
/// # Errors
/// When no key for a message can be made.
pub(super) fn view<'a>(
    app: &App,
    frame: Frame<'a>,
    reader: &Reader<'_>,
    entered: &ChannelPage,
    thread: &ThreadPage,
    unsent: Option<Unsent>,
) -> Result<ThreadView<'a>, Fault> {
    let channel = &entered.view.channel;
    let (actor, language) = (reader.actor, reader.language);
    let path = reader.path.to_owned();
    // Here, no row needs a link to the thread.
    let row = |message| MessageRow { thread: None, root: None, ..row_of_message(message, reader) };
    let rows: Vec<MessageRow> = thread.root.iter().chain(&thread.replies).map(row).collect();
    let href = format!("{path}/{}?thread", thread.number);
    let first = thread.replies.first().filter(|_| thread.has_older);
    let composer = Composer::new(app, actor, &entered.view, path, language, Action::Reply, unsent)?;
    let also = app.chat.refuses(actor, &entered.view, Action::Post).is_none();
    let hash = if channel.state.kind == ChannelKind::Direct { "" } else { "#" };
    let name = format!("{hash}{}", name_of(&channel.into(), actor.id().0, language));
    Ok(ThreadView {
        frame,
        also: also.then(|| words::also_to(language, &name)),
        name,
        channel: href_of(channel),
        number: thread.number.0,
        rootless: thread.root.is_none(),
        older: first.map(|first| format!("{href}&before={}", first.number)),
        composer,
        messages: rows,
    })
}
