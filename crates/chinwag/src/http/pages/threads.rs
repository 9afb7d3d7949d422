//! The threads that the reader follows, unread ones first. Without script it is a list with links.

use std::sync::Arc;

use askama::Template as _;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::address::{href_of, to_login};
use super::base::{PageBase, plain_time};
use super::names::{name_of, name_of_person};
use super::views::{ThreadRow, ThreadsPage};
use crate::http::app::App;
use crate::http::extract::{Query, Visit};
use crate::http::problem::Fault;
use crate::model::channels::ChannelKind;
use crate::model::thread_pages::{ThreadsPart, ThreadsPlace};
use crate::wire::channels::ChannelInfo;
use crate::wire::state::Page;
use crate::wire::time::rfc3339;
use crate::words::{self, words};

/// How much of a message's text a row shows, in characters.
const MOST_CHARS: usize = 200;

/// Which part of the list.
#[derive(Deserialize)]
pub(in crate::http) struct Part {
    after: Option<String>,
}

/// `GET /threads`, `GET /threads?after=<where>`
pub(in crate::http) async fn threads_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(part): Query<Part>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let Some(actor) = &visit.actor else { return Ok(to_login(&app, &headers, "/threads")) };
    let base = PageBase::new(&app, &visit, &headers, Some(actor), Page::Threads).await?;
    let language = visit.language();
    let after = part.after.as_deref().and_then(ThreadsPlace::parse);
    let (page, channels) = app.chat.threads(actor, ThreadsPart { mine: false, after }).await?;
    let rows = page.threads.into_iter().filter_map(|thread| {
        let channel = channels.iter().find(|channel| channel.id == thread.follow.channel)?;
        let hash = if channel.state.kind == ChannelKind::Direct { "" } else { "#" };
        let name = name_of(&ChannelInfo::from(channel), actor.id().0, language);
        Some(ThreadRow {
            author: name_of_person(&thread.root.author.name, language),
            channel: format!("{hash}{name}"),
            href: format!("{}/{}?thread", href_of(channel), thread.follow.root),
            at: plain_time(&rfc3339(thread.root.created_at)),
            text: thread.root.text.chars().take(MOST_CHARS).collect(),
            replies: words::replies(language, &thread.root),
            is_new: thread.follow.unread > 0,
        })
    });
    let rows = rows.collect();
    let next = page.next.map(|next| format!("/threads?after={next}"));
    let frame = base.frame(&app, words(language).threads.to_owned());
    base.answer(&headers, ThreadsPage { frame, rows, next }.render())
}
