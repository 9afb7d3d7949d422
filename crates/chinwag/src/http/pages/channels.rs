//! The list of channels, and the form that makes one.

use std::sync::Arc;

use askama::Template as _;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Deserialize;

use super::address::{bad_form, href_of_info, redirect, to_login};
use super::base::{PageBase, plain_time, refused};
use super::channel::show_channel;
use super::names::name_of;
use super::views::{ChannelRow, ChannelsPage};
use crate::chat::{self, ChannelAddress, ChannelDraft};
use crate::http::app::App;
use crate::http::extract::{Query, Visit};
use crate::http::flash;
use crate::http::problem::Fault;
use crate::model::channels::{ChannelKind, Posting};
use crate::model::ids::Number;
use crate::model::names::NameProblem;
use crate::model::refusal::Refusal;
use crate::wire::channels::Channel;
use crate::wire::state::Page;
use crate::words::{FlashText, words};

/// Which channel to show instead of the list, and which message of it. The names that no path can
/// hold have this address; see `address::channel_href`.
#[derive(Deserialize)]
pub(in crate::http) struct Opened {
    open: Option<String>,
    at: Option<String>,
}

/// `GET /channels`, `GET /channels?open=<name>`, `GET /channels?open=<name>&at=<number>`
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
    let rows: Vec<ChannelRow> =
        base.state.channels.iter().map(|channel| row_of_channel(channel, name(channel))).collect();
    let latest =
        base.state.channels.iter().find(|channel| {
            actor.account.last_channel.is_some_and(|last| last.0 == channel.info.id)
        });
    let latest = latest.map(|channel| (name(channel), href_of_info(&channel.info)));
    let frame = base.frame(&app, words.channels.to_owned());
    let makes = app.chat.makes_channels(actor);
    base.answer(&headers, ChannelsPage { frame, channels: rows, latest, makes }.render())
}

fn row_of_channel(channel: &Channel, name: String) -> ChannelRow {
    ChannelRow {
        name,
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
