//! The list of channels, and the form that makes one.

use std::sync::Arc;

use askama::Template as _;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::address::{bad_form, channel_href, href_of_info, redirect, to_login};
use super::base::{PageBase, plain_time, refused};
use super::channel::show_channel;
use super::names::name_of;
use super::views::{ChannelRow, ChannelsPage, DirectoryRows};
use crate::chat::{self, Actor, ChannelAddress, ChannelDraft};
use crate::http::app::App;
use crate::http::extract::{Query, Visit};
use crate::http::flash;
use crate::http::problem::Fault;
use crate::model::channels::{ChannelKind, Posting};
use crate::model::directory::{DirectoryOrder, DirectoryQuery, MAX_LISTED};
use crate::model::ids::Number;
use crate::model::names::NameProblem;
use crate::model::permissions::{PlaceAction, may_in_place};
use crate::model::refusal::Refusal;
use crate::wire::channels::{Channel, ChannelInfo};
use crate::wire::state::Page;
use crate::wire::time::rfc3339;
use crate::words::{FlashText, members_words, words};

/// Which channel to show instead of the list, and which message of it. The names that no path can
/// hold have this address; see `address::channel_href`.
#[derive(Deserialize)]
pub(in crate::http) struct Opened {
    open: Option<String>,
    at: Option<String>,
    /// The letters that the directory is narrowed down by.
    #[serde(default)]
    find: String,
    /// Where the page of the directory begins.
    after: Option<String>,
}

/// `GET /channels`, `GET /channels?find=<letters>&after=<where>`, `GET /channels?open=<name>`, `GET /channels?open=<name>&at=<number>`
pub(in crate::http) async fn channels_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(opened): Query<Opened>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    if let Some(name) = &opened.open {
        let number = opened.at.and_then(|at| at.parse().ok()).map(Number);
        let address = ChannelAddress::Name(name.clone());
        return show_channel(&app, &visit, &headers, &uri, address, number).await;
    }
    let Some(actor) = &visit.actor else { return Ok(to_login(&app, &headers, "/channels")) };
    let base = PageBase::new(&app, &visit, &headers, Some(actor), Page::Channels).await?;
    let words = words(visit.language());
    let language = visit.language();
    let name = |channel: &Channel| name_of(&channel.info, actor.id().0, language);
    let directory = directory_rows(&app, actor, opened).await?;
    let listed = |info: &ChannelInfo| {
        directory.is_some() && ChannelKind::from(info.kind) == ChannelKind::Public
    };
    let shown = |channel: &&Channel| !channel.hidden && !listed(&channel.info);
    let own = base.state.channels.iter().filter(shown);
    let own = own.map(|channel| row_of_channel(channel, name(channel))).collect();
    let latest =
        base.state.channels.iter().chain(&base.state.others).find(|channel| {
            actor.account.last_channel.is_some_and(|last| last.0 == channel.info.id)
        });
    let latest = latest.map(|channel| (name(channel), href_of_info(&channel.info)));
    let frame = base.frame(&app, words.channels.to_owned());
    let makes = app.chat.makes_channels(actor);
    let write = may_in_place(actor.role(), PlaceAction::OpenDirect);
    let write = write.then(|| members_words(language));
    base.answer(&headers, ChannelsPage { frame, own, directory, latest, write, makes }.render())
}

/// The page of the directory that was asked for, the oldest channels first, as the origin lists them. `None`
/// for whoever has no directory.
async fn directory_rows(
    app: &App,
    actor: &Actor,
    Opened { find: letters, after, .. }: Opened,
) -> Result<Option<DirectoryRows>, Fault> {
    if !may_in_place(actor.role(), PlaceAction::Browse) {
        return Ok(None);
    }
    let continues = after.is_some();
    let order = DirectoryOrder::Oldest;
    let wanted = DirectoryQuery { letters: letters.clone(), order, after, limit: MAX_LISTED };
    let page = app.chat.directory(actor, wanted).await?;
    let rows = page.channels.iter().map(|channel| ChannelRow {
        name: channel.name.clone(),
        is_channel: true,
        href: channel_href(&channel.name),
        topic: channel.topic.clone(),
        members: channel.member_count,
        created_at: plain_time(&rfc3339(channel.created_at)),
    });
    let next = page.next.map(|next| {
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        format!("/channels?find={}&after={}", encoded(&letters), encoded(&next))
    });
    Ok(Some(DirectoryRows { channels: rows.collect(), letters, next, continues }))
}

fn row_of_channel(channel: &Channel, name: String) -> ChannelRow {
    ChannelRow {
        name,
        is_channel: ChannelKind::from(channel.info.kind) != ChannelKind::Direct,
        href: href_of_info(&channel.info),
        topic: channel.info.topic.clone(),
        members: channel.info.member_count,
        created_at: plain_time(&channel.info.created_at),
    }
}

/// The origin's form.
#[derive(Deserialize)]
pub(in crate::http) struct ChannelForm {
    #[serde(default)]
    new_channel: String,
    /// `public` or `private`; the origin's form has none and makes public channels.
    kind: Option<String>,
}

/// `POST /channels`
pub(in crate::http) async fn create_channel(
    State(app): State<Arc<App>>,
    visit: Visit,
    headers: HeaderMap,
    form: Result<Form<ChannelForm>, FormRejection>,
) -> Result<Response, Fault> {
    let Some(actor) = &visit.actor else { return Ok(to_login(&app, &headers, "/channels")) };
    let Form(form) = form.map_err(bad_form)?;
    let kind = match form.kind.as_deref() {
        None => ChannelKind::Public,
        Some(code) => ChannelKind::of_code(code).ok_or(Refusal::Malformed { field: "kind" })?,
    };
    let draft = ChannelDraft {
        name: form.new_channel,
        topic: String::new(),
        kind,
        posting: Posting::Everybody,
        people: Vec::new(),
    };
    let told = match app.chat.create_channel(actor, draft).await {
        Ok(view) => FlashText::ChannelCreated(view.channel.name),
        Err(chat::Error::Refused(Refusal::ChannelExists { name })) => {
            FlashText::ChannelExists(name)
        }
        Err(chat::Error::Refused(Refusal::ChannelName(NameProblem::Empty))) => {
            FlashText::ChannelNameEmpty
        }
        Err(error @ chat::Error::Refused(_)) => {
            return refused(&app, &visit, &headers, error, None).await;
        }
        Err(error) => return Err(error.into()),
    };
    let mut response = redirect("/channels");
    flash::add(response.headers_mut(), &told, &app.site.jar(&headers));
    Ok(response)
}
