//! Removing and reporting messages, and the log.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::app::App;
use super::extract::{Body, PathPart, Query};
use super::problem::Fault;
use crate::chat::{Actor, LogFilter};
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::log::Act;
use crate::model::refusal::Refusal;
use crate::wire::messages::Message;
use crate::wire::order::{Grounds, Log, Removal, ReportedMessages};
use crate::wire::problem::Problem;
use crate::wire::time::parse_rfc3339;

/// Remove a message of another person
///
/// For hosts and whoever keeps order. A tombstone stays that says so; its author and the log have the
/// reason.
#[utoipa::path(post, path = "/api/channels/{id}/messages/{number}/removal", tag = "order",
    params(("id" = i64, Path), ("number" = i64, Path)), request_body = Grounds,
    responses((status = 200, body = Message), (status = "default", body = Problem)))]
pub(super) async fn remove_message(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, number)): PathPart<(i64, i64)>,
    Body(grounds): Body<Grounds>,
) -> Result<Json<Message>, Fault> {
    let (channel, number) = (ChannelId(id), Number(number));
    let reason = grounds.reason.into();
    let removed = app.chat.remove_message(&actor, channel, number, reason, &grounds.note).await?;
    Ok(Json((&removed).into()))
}

/// Why a message was removed
///
/// For its author, and for whoever could remove it.
#[utoipa::path(get, path = "/api/channels/{id}/messages/{number}/removal", tag = "order",
    params(("id" = i64, Path), ("number" = i64, Path)),
    responses((status = 200, body = Removal), (status = "default", body = Problem)))]
pub(super) async fn removal(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, number)): PathPart<(i64, i64)>,
) -> Result<Json<Removal>, Fault> {
    Ok(Json((&app.chat.removal(&actor, ChannelId(id), Number(number)).await?).into()))
}

/// Report a message of another person to those who keep order
#[utoipa::path(put, path = "/api/channels/{id}/messages/{number}/report", tag = "order",
    params(("id" = i64, Path), ("number" = i64, Path)), request_body = Grounds,
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn report_message(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, number)): PathPart<(i64, i64)>,
    Body(grounds): Body<Grounds>,
) -> Result<StatusCode, Fault> {
    let (channel, number) = (ChannelId(id), Number(number));
    let reason = grounds.reason.into();
    app.chat.report_message(&actor, channel, number, reason, &grounds.note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The messages with open reports
#[utoipa::path(get, path = "/api/message-reports", tag = "order",
    responses((status = 200, body = ReportedMessages), (status = "default", body = Problem)))]
pub(super) async fn reported_messages(
    State(app): State<Arc<App>>,
    actor: Actor,
) -> Result<Json<ReportedMessages>, Fault> {
    let reported = app.chat.reported_messages(&actor).await?;
    Ok(Json(ReportedMessages { messages: reported.iter().map(Into::into).collect() }))
}

/// Leave a reported message as it is, and close the reports about it
#[utoipa::path(delete, path = "/api/message-reports/{id}/{number}", tag = "order",
    params(("id" = i64, Path), ("number" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn leave_reported(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, number)): PathPart<(i64, i64)>,
) -> Result<StatusCode, Fault> {
    app.chat.leave_reported(&actor, ChannelId(id), Number(number)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which entries of the log are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LogQuery {
    /// Only entries before this id.
    before: Option<i64>,
    /// Only what this person did.
    by: Option<i64>,
    /// Only what was done to this person.
    whom: Option<i64>,
    /// Only what this person did, or was done to them.
    person: Option<i64>,
    /// Only such acts.
    act: Option<String>,
    /// Only what was done then or later, as RFC 3339 writes times.
    since: Option<String>,
}

/// The log of what those who keep order did, the newest first
#[utoipa::path(get, path = "/api/log", tag = "order", params(LogQuery),
    responses((status = 200, body = Log), (status = "default", body = Problem)))]
pub(super) async fn log(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(query): Query<LogQuery>,
) -> Result<Json<Log>, Fault> {
    let act = query.act.map(|act| Act::of_code(&act).ok_or(Refusal::Malformed { field: "act" }));
    let since = |text: String| parse_rfc3339(&text).ok_or(Refusal::Malformed { field: "since" });
    let since = query.since.map(since);
    let filter = LogFilter {
        before: query.before,
        by: query.by.map(UserId),
        whom: query.whom.map(UserId),
        person: query.person.map(UserId),
        act: act.transpose()?,
        since: since.transpose()?,
    };
    Ok(Json((&app.chat.log(&actor, filter).await?).into()))
}
