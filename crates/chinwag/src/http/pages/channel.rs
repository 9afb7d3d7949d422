//! The page of a channel: its newest messages, and the forms that send and join.

use std::sync::Arc;

use askama::Template as _;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::address::{href_at, href_of, path_at, redirect, to_login, to_login_from_link};
use super::at::At;
use super::base::{PageBase, refuse, refused};
use super::composer::{Composer, Unsent};
use super::first::{self, Reading};
use super::names::name_of;
use super::posting::{self, MessageForm};
use super::quotes;
use super::rows::{Reader, row_of_message};
use super::thread::{self, Way};
use super::views::{ChannelView, FirstView, MessageRow, NoticePage, Ways};
use crate::chat::{self, Actor, ChannelAddress, ChannelPage, PostMessage};
use crate::http::app::App;
use crate::http::extract::{PathPart, Visit};
use crate::http::problem::{Fault, explanation};
use crate::http::{origin, sender, state};
use crate::model::channels::{Channel, ChannelKind};
use crate::model::ids::{MessageKey, Number};
use crate::model::messages::{MAX_PAGE, Message, PageAt};
use crate::model::names::ChannelName;
use crate::model::permissions::Action;
use crate::model::quotes::Quote;
use crate::model::refusal::Refusal;
use crate::model::thread_pages::ThreadPage;
use crate::model::threads::Reply;
use crate::words::words;

/// The query of a message's address that begins a message which quotes it, for pages without script.
const QUOTES: &str = "quote=";

/// `GET /channel/<name>`, `GET /c/<id>`
pub(in crate::http) async fn channel_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    At(address): At,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    show_channel(&app, &visit, &headers, &uri, address, None).await
}

/// `GET /channel/<name>/<number>`, `GET /c/<id>/<number>`
pub(in crate::http) async fn message_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    At(address): At,
    PathPart((_, number)): PathPart<(String, i64)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    show_channel(&app, &visit, &headers, &uri, address, Some(Number(number))).await
}

pub(super) async fn show_channel(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    uri: &Uri,
    address: ChannelAddress,
    number: Option<Number>,
) -> Result<Response, Fault> {
    let Some(actor) = &visit.actor else {
        let back = uri.path_and_query().map_or(uri.path(), |back| back.as_str());
        return Ok(to_login_from_link(app, headers, back));
    };
    // Entering is remembered, so a page that only embeds the address must not be able to do it.
    if !origin::is_navigation(headers, app.site.public_url.as_deref()) && !from_a_link(headers) {
        return Err(Fault::CrossSite);
    }
    match app.chat.enter(actor, &address, number).await {
        Ok(entered) if has_moved(&address, &entered.view.channel) => {
            let number = number.map_or_else(String::new, |number| format!("/{number}"));
            let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
            Ok(redirect(&(href_of(&entered.view.channel) + &number + &query)))
        }
        Ok(entered) => {
            let way = match number {
                None => Way::Channel,
                Some(number) => thread::way(app, actor, uri, &entered, number).await?,
            };
            match way {
                Way::Other(href) => Ok(redirect(&href)),
                Way::Thread(thread) => {
                    show_thread(app, visit, headers, actor, &entered, &thread, None).await
                }
                Way::Channel => {
                    let quote = number.filter(|_| uri.query() == Some(QUOTES));
                    show_entered(app, visit, headers, actor, &entered, (number, quote), None).await
                }
            }
        }
        Err(error) => {
            let page = state::missing_page(address, error)?;
            let base = PageBase::new(app, visit, headers, Some(actor), page).await?;
            let words = words(visit.language());
            let (heading, text) = match number {
                None => (words.missing, words.missing_text),
                Some(_) => (words.nothing_here, words.no_message),
            };
            let frame = base.frame(app, heading.to_owned());
            let page = NoticePage { frame, heading, text, back: ("/channels", words.back) };
            let mut response = base.answer(headers, page.render())?;
            *response.status_mut() = StatusCode::NOT_FOUND;
            Ok(response)
        }
    }
}

/// Whether a channel has another address by now: it was renamed, or became public. Another form of its
/// name is no other address.
fn has_moved(address: &ChannelAddress, channel: &Channel) -> bool {
    match address {
        ChannelAddress::Id(_) => channel.state.kind == ChannelKind::Public,
        ChannelAddress::Name(name) => {
            let key = |name: &str| ChannelName::parse(name).ok().map(|name| name.key().to_owned());
            key(name) != key(&channel.name)
        }
    }
}

/// Whether a person came by a link of another site: the browser then loads a top-level page.
fn from_a_link(headers: &HeaderMap) -> bool {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|found| found == value);
    is("sec-fetch-dest", "document") && is("sec-fetch-mode", "navigate")
}

async fn show_entered(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    actor: &Actor,
    entered: &ChannelPage,
    (number, quote): (Option<Number>, Option<Number>),
    unsent: Option<Unsent>,
) -> Result<Response, Fault> {
    let page = state::channel_page(entered);
    let base = PageBase::new(app, visit, headers, Some(actor), page).await?;
    let channel = &entered.view.channel;
    let named = name_of(&channel.into(), actor.id().0, visit.language());
    let title = match channel.state.kind {
        ChannelKind::Public | ChannelKind::Private => format!("#{named}"),
        ChannelKind::Direct => named.clone(),
    };
    let frame = base.frame(app, title);
    let gone = number.is_some_and(|number| channel.has_cleared(number));
    let jumps = number.is_some() && !gone;
    let language = visit.language();
    let quote = quote.or_else(|| unsent.as_ref()?.quote);
    let (path, action) = (path_of(channel), Action::Post);
    let composer = Composer::new(app, actor, &entered.view, path, language, action, unsent)?;
    let quote = stored_at(entered, quote).map(|message| {
        let quote = Quote { number: message.number, original: Some(quotes::original(message)) };
        (message.number.0, quotes::row(&quote, &composer.href, actor.id(), language))
    });
    let found = number.filter(|_| quote.is_none());
    let composer = Composer { quote, ..composer };
    let (name, topic) = (named.as_str(), channel.topic.as_str());
    let stored = &entered.messages.messages;
    let reader = Reader::of(app, (actor, language), &composer.href, stored.iter()).await?;
    let messages: Vec<MessageRow> = stored
        .iter()
        .map(|message| MessageRow {
            found: found == Some(message.number),
            quotes: composer.shut.is_none(),
            ..row_of_message(message, &reader)
        })
        .collect();
    let ways = Ways::around(&entered.messages, &composer.href, href_of(channel));
    let (Some(script), Some(first)) = (&app.shell.script, &app.shell.first) else {
        let view = ChannelView { frame, name, topic, composer, gone, ways, messages };
        return base.answer(headers, view.render());
    };
    let reading = Reading {
        reader: actor.id(),
        read_number: entered.read_number.0,
        has_older: entered.messages.has_older,
    };
    let first::Rows { older, above, newest } = first::split(stored, messages, &reading, jumps);
    let view = FirstView {
        frame,
        app: script,
        first,
        icon: first::icon(channel.state),
        name,
        topic,
        members: channel.member_count,
        composer,
        gone,
        ways,
        jumps,
        channels: first::sidebar(&base.state.channels, channel.id.0),
        older,
        above,
        messages: newest,
    };
    base.answer(headers, view.render())
}

/// The message with that number, if it stands and is on the page.
fn stored_at(entered: &ChannelPage, number: Option<Number>) -> Option<&Message> {
    let mut stored = entered.messages.messages.iter();
    stored.find(|message| Some(message.number) == number && message.deleted_at.is_none())
}

/// The page of a thread.
async fn show_thread(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    actor: &Actor,
    entered: &ChannelPage,
    page: &ThreadPage,
    unsent: Option<Unsent>,
) -> Result<Response, Fault> {
    let base =
        PageBase::new(app, visit, headers, Some(actor), state::channel_page(entered)).await?;
    let language = visit.language();
    let path = path_of(&entered.view.channel);
    let shown = page.root.iter().chain(&page.replies);
    let reader = Reader::of(app, (actor, language), &path, shown).await?;
    let frame = base.frame(app, words(language).thread.to_owned());
    let view = thread::view(app, frame, &reader, entered, page, unsent)?;
    base.answer(headers, view.render())
}

/// The path of a channel's own address, behind which a number goes.
fn path_of(channel: &Channel) -> String {
    path_at(&match channel.state.kind {
        ChannelKind::Public => ChannelAddress::Name(channel.name.clone()),
        ChannelKind::Private | ChannelKind::Direct => ChannelAddress::Id(channel.id),
    })
}

/// `POST /channel/<name>`, `POST /c/<id>`
pub(in crate::http) async fn post_message(
    State(app): State<Arc<App>>,
    visit: Visit,
    At(address): At,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Fault> {
    let (app, visit, headers, address) = (&app, &visit, &headers, &address);
    let href = href_at(address);
    let Some(actor) = &visit.actor else { return Ok(to_login(app, headers, &href)) };
    let form = match posting::read(app, actor, request).await {
        Ok(form) => form,
        Err(Fault::Chat(error @ chat::Error::Refused(_))) => {
            return refused(app, visit, headers, error, Some(&href)).await;
        }
        Err(fault) => return Err(fault),
    };
    match post(app, actor, address, &form).await {
        Ok(()) => match form.thread {
            None => Ok(redirect(&href)),
            Some(root) => Ok(redirect(&format!("{href}/{root}?thread"))),
        },
        Err(error) => {
            posting::forget(app, actor, &form).await;
            match error {
                error @ chat::Error::Refused(_) => {
                    show_again(app, visit, headers, actor, address, error, form).await
                }
                error => Err(error.into()),
            }
        }
    }
}

/// The page of a channel in which a message was refused, with its text and the reason.
async fn show_again(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    actor: &Actor,
    address: &ChannelAddress,
    error: chat::Error,
    form: MessageForm,
) -> Result<Response, Fault> {
    // It is the text of somebody else, who does not sit here any more.
    let is_others =
        matches!(error, chat::Error::Refused(Refusal::OtherSender | Refusal::OtherInstance));
    let entered = match is_others {
        true => None,
        // The page holds the message that is quoted.
        false => {
            let quote = posting::quote(form.quote.as_deref()).ok().flatten();
            app.chat.enter(actor, address, quote).await.ok()
        }
    };
    let Some(entered) = entered else {
        return refused(app, visit, headers, error, Some(&href_at(address))).await;
    };
    let told = explanation(&Fault::Chat(error), visit.language());
    let (root, channel) = (form.thread.map(Number), entered.view.channel.id);
    let unsent = Some(Unsent::new(form, &told.detail, visit.language()));
    let thread = match root {
        None => None,
        Some(root) => app.chat.thread(actor, channel, root, PageAt::Newest, MAX_PAGE).await.ok(),
    };
    let none = (None, None);
    let mut response = match thread {
        None => show_entered(app, visit, headers, actor, &entered, none, unsent).await?,
        Some(page) => show_thread(app, visit, headers, actor, &entered, &page, unsent).await?,
    };
    refuse(&mut response, &told);
    Ok(response)
}

async fn post(
    app: &App,
    actor: &Actor,
    address: &ChannelAddress,
    form: &MessageForm,
) -> chat::Result<()> {
    let key = match form.key.as_deref().map(MessageKey::parse) {
        Some(key) => key.ok_or(Refusal::Malformed { field: "key" })?,
        None => app.chat.new_key()?,
    };
    let sender = form.sender.as_deref().map(sender::parse).transpose()?;
    let quote = posting::quote(form.quote.as_deref())?;
    // Browsers send the lines of a form with CR LF.
    let (text, attachments) = (form.msg.clone(), form.files.clone());
    let reply = form.thread.map(|root| Reply { root: Number(root), in_run: form.also.is_some() });
    let draft = PostMessage { key, text, quote, forward: None, reply, attachments, sender };
    let channel = app.chat.channel_at(actor, address).await?.channel.id;
    app.chat.post_message(actor, channel, draft).await.map(drop)
}

/// `POST /channel/<name>/join`
pub(in crate::http) async fn join_channel(
    State(app): State<Arc<App>>,
    visit: Visit,
    At(address): At,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let href = href_at(&address);
    let Some(actor) = &visit.actor else { return Ok(to_login(&app, &headers, &href)) };
    let joined = async {
        let channel = app.chat.channel_at(actor, &address).await?.channel.id;
        app.chat.join(actor, channel).await
    };
    match joined.await {
        Ok(_) => Ok(redirect(&href)),
        Err(error @ chat::Error::Refused(_)) => {
            refused(&app, &visit, &headers, error, Some(&href)).await
        }
        Err(error) => Err(error.into()),
    }
}
