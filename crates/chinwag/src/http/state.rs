//! What the web app starts from: the same state in the first HTML and at `GET /api/state`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use utoipa::IntoParams;

use super::app::App;
use super::extract::{Query, Visit};
use super::origin;
use super::problem::Fault;
use crate::chat::{self, Actor, ChannelAddress, ChannelPage};
use crate::model::ids::{ChannelId, Number};
use crate::model::refusal::{Noun, Refusal};
use crate::model::users::Language;
use crate::wire;
use crate::wire::channels::Channel;
use crate::wire::problem::Problem;
use crate::wire::state::{Flash, Page, State as AppState};

/// What the page's address stands for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct StateQuery {
    /// A public channel's name; the list of channels when it is left out.
    channel: Option<String>,
    /// The id of any channel, instead of a name.
    id: Option<i64>,
    /// A message: the channel's page holds those around it instead of the newest.
    number: Option<i64>,
    /// Leave out the list of what the reader is in: `channels` is empty then.
    #[serde(default)]
    brief: bool,
}

/// Everything that the web app starts from
#[utoipa::path(get, path = "/api/state", tag = "web app", params(StateQuery),
    responses((status = 200, body = AppState), (status = "default", body = Problem)))]
pub(super) async fn state(
    State(app): State<Arc<App>>,
    visit: Visit,
    headers: HeaderMap,
    Query(query): Query<StateQuery>,
) -> Result<Json<AppState>, Fault> {
    // Entering is remembered, so a page of another site must not be able to do it.
    let address = match query.id {
        Some(id) => Some(ChannelAddress::Id(ChannelId(id))),
        None => query.channel.map(ChannelAddress::Name),
    };
    let enters = visit.actor.is_some() && address.is_some();
    if enters && !origin::is_own(&headers, app.site.public_url.as_deref()) {
        return Err(Fault::CrossSite);
    }
    let language = visit.language();
    let Some(actor) = visit.actor else {
        let page = Page::SignIn { next: None };
        return Ok(Json(build(&app, None, page, Vec::new(), language, After(0)).await?));
    };
    let page = match address {
        None => Page::Channels,
        Some(address) => match app.chat.enter(&actor, &address, query.number.map(Number)).await {
            Ok(entered) => channel_page(&entered),
            Err(error) => missing_page(address, error)?,
        },
    };
    let after = if query.brief { After(i64::MAX) } else { After(0) };
    Ok(Json(build(&app, Some(&actor), page, Vec::new(), language, after).await?))
}

/// The list holds what comes after the channel of this id.
pub(super) struct After(pub(super) i64);

/// The page of an address that stands for nothing: for no channel, or for no message of one. Any other error is none of it.
pub(super) fn missing_page(address: ChannelAddress, error: chat::Error) -> chat::Result<Page> {
    match (error, address) {
        (chat::Error::Refused(Refusal::NotFound(Noun::Channel)), ChannelAddress::Name(name)) => {
            Ok(Page::MissingChannel { name })
        }
        (chat::Error::Refused(Refusal::NotFound(Noun::Channel | Noun::Message)), _) => {
            Ok(Page::MissingChannel { name: String::new() })
        }
        (error, _) => Err(error),
    }
}

/// The page of a channel that was entered.
pub(super) fn channel_page(entered: &ChannelPage) -> Page {
    Page::Channel {
        channel: entered.view.channel.id.0,
        messages: (&entered.messages).into(),
        read_number: entered.read_number.0,
    }
}

/// Builds the state. The account and the channels are read together, after the page, so that they
/// show that the channel was entered.
pub(super) async fn build(
    app: &App,
    actor: Option<&Actor>,
    page: Page,
    flashes: Vec<Flash>,
    language: Language,
    After(after): After,
) -> chat::Result<AppState> {
    let overview = match actor {
        Some(actor) => Some(app.chat.overview(actor, ChannelId(after)).await?),
        None => None,
    };
    let me = overview.as_ref().map(|overview| wire::users::Me::from(&overview.account));
    let mut others: Vec<Channel> = overview
        .iter()
        .filter_map(|overview| overview.visited.as_ref())
        .map(Channel::from)
        .collect();
    let channels = overview.as_ref().map(wire::channels::Channels::from);
    // The list may end before it, and on a full disk the visit was not noted.
    if let (Page::Channel { channel: shown, .. }, Some(actor)) = (&page, actor) {
        let mut held = channels.iter().flat_map(|list| &list.channels).chain(&others);
        if !held.any(|channel| channel.info.id == *shown) {
            others.push((&app.chat.channel(actor, ChannelId(*shown)).await?).into());
        }
    }
    let instance = app.chat.instance();
    let mut workspace = app.workspace.clone();
    workspace.name = app.place_name();
    workspace.way_in = app.chat.place().way_in.into();
    workspace.channel_makers = app.chat.place().channel_makers.into();
    workspace.editing = app.chat.place().editing.into();
    workspace.callers = app.chat.place().callers.into();
    if actor.is_none() {
        workspace.version = None;
    }
    Ok(AppState {
        workspace,
        instance: instance.id.clone(),
        epoch: instance.epoch.clone(),
        me,
        own: channels.as_ref().map_or(0, |channels| channels.own),
        place: channels.as_ref().map_or(0, |channels| channels.place),
        channels_complete: channels.as_ref().is_none_or(|channels| channels.complete),
        channels: channels.map(|channels| channels.channels).unwrap_or_default(),
        others,
        page,
        flashes,
        language: match language {
            Language::English => wire::users::Language::En,
            Language::Chinese => wire::users::Language::Zh,
        },
    })
}
