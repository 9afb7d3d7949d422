//! Threads: reading them, following them, and the list of those that somebody follows.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::app::App;
use super::extract::{Body, PathPart, Query};
use super::messages::MessagesQuery;
use super::problem::Fault;
use crate::chat::Actor;
use crate::model::ids::{ChannelId, Number};
use crate::model::refusal::Refusal;
use crate::model::thread_pages::{ThreadsPart, ThreadsPlace};
use crate::wire::channels::{ChannelInfo, ReadMark};
use crate::wire::problem::Problem;
use crate::wire::thread_pages::{FollowedThread, Follows, ThreadPage, ThreadsPage};
use crate::wire::threads::Follow;

/// A part of a thread: its newest replies, or those before or after a number
///
/// `number` is that of the message that begins the thread, or of one of its replies. A message that nobody
/// answered yet has an empty thread.
#[utoipa::path(get, path = "/api/channels/{id}/threads/{number}", tag = "messages",
    params(("id" = i64, Path), ("number" = i64, Path), MessagesQuery),
    responses((status = 200, body = ThreadPage), (status = "default", body = Problem)))]
pub(super) async fn thread(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, root)): PathPart<(i64, i64)>,
    Query(query): Query<MessagesQuery>,
) -> Result<Json<ThreadPage>, Fault> {
    let (at, limit) = (query.at()?, query.limit);
    let page = app.chat.thread(&actor, ChannelId(id), Number(root), at, limit).await?;
    Ok(Json((&page).into()))
}

/// Move my read mark of a thread that I follow
#[utoipa::path(put, path = "/api/channels/{id}/threads/{number}/read", tag = "messages",
    params(("id" = i64, Path), ("number" = i64, Path)), request_body = ReadMark,
    responses((status = 200, body = Follow), (status = "default", body = Problem)))]
pub(super) async fn mark_thread_read(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, root)): PathPart<(i64, i64)>,
    Body(mark): Body<ReadMark>,
) -> Result<Json<Follow>, Fault> {
    let (id, root) = (ChannelId(id), Number(root));
    let (number, kind) = (Number(mark.number), mark.kind.into());
    let follow = app.chat.mark_thread_read(&actor, id, root, number, kind).await?;
    Ok(Json((&follow).into()))
}

/// Follow a thread
#[utoipa::path(put, path = "/api/channels/{id}/threads/{number}/follow", tag = "messages",
    params(("id" = i64, Path), ("number" = i64, Path)),
    responses((status = 200, body = Follow), (status = "default", body = Problem)))]
pub(super) async fn follow(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, root)): PathPart<(i64, i64)>,
) -> Result<Json<Follow>, Fault> {
    let follow = app.chat.follow(&actor, ChannelId(id), Number(root), true).await?;
    Ok(Json((&follow).into()))
}

/// Do not follow a thread any more
#[utoipa::path(delete, path = "/api/channels/{id}/threads/{number}/follow", tag = "messages",
    params(("id" = i64, Path), ("number" = i64, Path)),
    responses((status = 200, body = Follow), (status = "default", body = Problem)))]
pub(super) async fn unfollow(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, root)): PathPart<(i64, i64)>,
) -> Result<Json<Follow>, Fault> {
    let follow = app.chat.follow(&actor, ChannelId(id), Number(root), false).await?;
    Ok(Json((&follow).into()))
}

/// The threads that I follow, with how many replies are unread in each
#[utoipa::path(get, path = "/api/me/follows", tag = "messages",
    responses((status = 200, body = Follows), (status = "default", body = Problem)))]
pub(super) async fn follows(
    State(app): State<Arc<App>>,
    actor: Actor,
) -> Result<Json<Follows>, Fault> {
    let follows = app.chat.follows(&actor).await?;
    Ok(Json(Follows { follows: follows.iter().map(Follow::from).collect() }))
}

/// Which part of the list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ThreadsQuery {
    /// What was told as `next`; left out for the beginning.
    after: Option<String>,
    /// Only those that I began.
    #[serde(default)]
    mine: bool,
}

/// The threads that I follow, unread ones first, with their newest replies
#[utoipa::path(get, path = "/api/me/threads", tag = "messages", params(ThreadsQuery),
    responses((status = 200, body = ThreadsPage), (status = "default", body = Problem)))]
pub(super) async fn threads(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(query): Query<ThreadsQuery>,
) -> Result<Json<ThreadsPage>, Fault> {
    let place = |text: &str| ThreadsPlace::parse(text).ok_or(Refusal::Malformed { field: "after" });
    let after = query.after.as_deref().map(place).transpose()?;
    let part = ThreadsPart { mine: query.mine, after };
    let (page, channels) = app.chat.threads(&actor, part).await?;
    Ok(Json(ThreadsPage {
        threads: page.threads.iter().map(FollowedThread::from).collect(),
        channels: channels.iter().map(ChannelInfo::from).collect(),
        next: page.next.map(|next| next.to_string()),
    }))
}
