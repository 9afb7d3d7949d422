//! What the reader saved. Without script it is a list with links.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template as _;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::address::{href_of, to_login};
use super::base::{PageBase, plain_time};
use super::marked::marked;
use super::names::{name_of, name_of_person};
use super::views::{SavedPage, SavedRow};
use crate::http::app::App;
use crate::http::extract::{Query, Visit};
use crate::http::problem::Fault;
use crate::model::channels::{Channel, ChannelKind};
use crate::model::ids::Revision;
use crate::wire::channels::ChannelInfo;
use crate::wire::state::Page;
use crate::wire::time::rfc3339;
use crate::words::words;

/// Which part of the list.
#[derive(Deserialize)]
pub(in crate::http) struct Part {
    before: Option<i64>,
}

/// `GET /saved`, `GET /saved?before=<where>`
pub(in crate::http) async fn saved_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(part): Query<Part>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let Some(actor) = &visit.actor else { return Ok(to_login(&app, &headers, "/saved")) };
    let base = PageBase::new(&app, &visit, &headers, Some(actor), Page::Saved).await?;
    let language = visit.language();
    let (page, channels) = app.chat.saved(actor, part.before.map(Revision)).await?;
    let place = |channel: &Channel| {
        let name = name_of(&ChannelInfo::from(channel), actor.id().0, language);
        let hash = if channel.state.kind == ChannelKind::Direct { "" } else { "#" };
        (format!("{hash}{name}"), href_of(channel))
    };
    let rows = page.saved.into_iter().map(|(saved, message)| {
        let found = channels.iter().find(|channel| channel.id == saved.channel);
        let (channel, href) = found.map_or_else(Default::default, place);
        let number = message.number;
        SavedRow {
            author: name_of_person(&message.author.name, language),
            channel,
            href: format!("{href}/{number}"),
            at: plain_time(&rfc3339(message.created_at)),
            marked: marked(
                &message.author.name,
                &message.text,
                &message.mentions,
                &BTreeSet::new(),
            )
            .filter(|_| message.forwarded.is_none()),
            text: message.whole_text(),
            files: message.attachments.into_iter().map(|file| file.name).collect(),
            note: saved.note,
            deleted: message.deleted_at.is_some(),
        }
    });
    let rows = rows.collect();
    let next = page.next.map(|next| format!("/saved?before={}", next.0));
    let frame = base.frame(&app, words(language).saved.to_owned());
    base.answer(&headers, SavedPage { frame, rows, next }.render())
}
