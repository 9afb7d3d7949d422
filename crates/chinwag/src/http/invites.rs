//! Invites.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::app::App;
use super::extract::{Body, PathPart};
use super::problem::Fault;
use super::qr;
use crate::chat::{Actor, BEAT_S, InviteDraft};
use crate::model;
use crate::model::ids::ChannelId;
use crate::model::invites::Door;
use crate::model::refusal::Refusal;
use crate::model::roles::Role;
use crate::wire::invites::{
    Invite, InvitePatch, InviteUse, InvitedRole, Invites, NewInvite, Projection,
};
use crate::wire::problem::Problem;
use crate::wire::time::parse_rfc3339;

/// The invites that one keeps, the newest first
#[utoipa::path(get, path = "/api/invites", tag = "place",
    responses((status = 200, body = Invites), (status = "default", body = Problem)))]
pub(super) async fn invites(
    State(app): State<Arc<App>>,
    actor: Actor,
    headers: HeaderMap,
) -> Result<Json<Invites>, Fault> {
    let invites = app.chat.invites(&actor).await?;
    Ok(Json(Invites { invites: invites.iter().map(|one| shown(&app, &headers, one)).collect() }))
}

/// Make an invite
///
/// Moderators invite members and guests; a host invites guests into their channels.
#[utoipa::path(post, path = "/api/invites", tag = "place", request_body = NewInvite,
    responses((status = 201, body = Invite), (status = "default", body = Problem)))]
pub(super) async fn create_invite(
    State(app): State<Arc<App>>,
    actor: Actor,
    headers: HeaderMap,
    Body(new): Body<NewInvite>,
) -> Result<(StatusCode, Json<Invite>), Fault> {
    let malformed = || Fault::from(Refusal::Malformed { field: "visit_ends_at" });
    let visit_ends_at = match &new.visit_ends_at {
        Some(text) => Some(parse_rfc3339(text).ok_or_else(malformed)?),
        None => None,
    };
    let draft = InviteDraft {
        label: new.label,
        role: match new.role {
            InvitedRole::Guest => Role::Guest,
            InvitedRole::Member => Role::Member,
        },
        channels: new.channels.into_iter().map(ChannelId).collect(),
        door: new.door.map_or(Door::Open, Into::into),
        lives_ms: new.ends_in_hours.map(|hours| i64::from(hours) * 3_600_000),
        max_uses: new.max_uses,
        visit_ms: new.visit_minutes.map(|minutes| i64::from(minutes) * 60_000),
        visit_ends_at,
    };
    let invite = app.chat.create_invite(&actor, draft).await?;
    Ok((StatusCode::CREATED, Json(shown(&app, &headers, &invite))))
}

/// An invite, and who came by it
#[utoipa::path(get, path = "/api/invites/{id}", tag = "place", params(("id" = i64, Path)),
    responses((status = 200, body = InviteUse), (status = "default", body = Problem)))]
pub(super) async fn invite(
    State(app): State<Arc<App>>,
    actor: Actor,
    headers: HeaderMap,
    PathPart(id): PathPart<i64>,
) -> Result<Json<InviteUse>, Fault> {
    let (invite, came_by) = app.chat.invite(&actor, id).await?;
    let came_by = came_by.into_iter().map(Into::into).collect();
    Ok(Json(InviteUse { invite: shown(&app, &headers, &invite), came_by }))
}

/// Open or close the door of an invite
#[utoipa::path(patch, path = "/api/invites/{id}", tag = "place", params(("id" = i64, Path)),
    request_body = InvitePatch,
    responses((status = 200, body = Invite), (status = "default", body = Problem)))]
pub(super) async fn set_door(
    State(app): State<Arc<App>>,
    actor: Actor,
    headers: HeaderMap,
    PathPart(id): PathPart<i64>,
    Body(patch): Body<InvitePatch>,
) -> Result<Json<Invite>, Fault> {
    let invite = app.chat.set_door(&actor, id, patch.door.into()).await?;
    Ok(Json(shown(&app, &headers, &invite)))
}

/// End an invite; whoever came by it stays
#[utoipa::path(delete, path = "/api/invites/{id}", tag = "place", params(("id" = i64, Path)),
    responses((status = 200, body = Invite), (status = "default", body = Problem)))]
pub(super) async fn end_invite(
    State(app): State<Arc<App>>,
    actor: Actor,
    headers: HeaderMap,
    PathPart(id): PathPart<i64>,
) -> Result<Json<Invite>, Fault> {
    let invite = app.chat.end_invite(&actor, id).await?;
    Ok(Json(shown(&app, &headers, &invite)))
}

/// The QR code of an invite, as SVG
#[utoipa::path(get, path = "/api/invites/{id}/qr", tag = "place", params(("id" = i64, Path)),
    responses((status = 200, content_type = "image/svg+xml", body = String),
        (status = "default", body = Problem)))]
pub(super) async fn qr_code(
    State(app): State<Arc<App>>,
    actor: Actor,
    headers: HeaderMap,
    PathPart(id): PathPart<i64>,
) -> Result<Response, Fault> {
    let (invite, _) = app.chat.invite(&actor, id).await?;
    let image = qr::svg(&address(&app, &headers, &invite));
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], image).into_response())
}

/// Show an invite on a projector, or say that it is still shown
///
/// As long as it is said again in time, a short code leads to the invite, for a day at most. The event
/// `invite` tells when to ask again before that.
#[utoipa::path(put, path = "/api/invites/{id}/projector", tag = "place", params(("id" = i64, Path)),
    responses((status = 200, body = Projection), (status = "default", body = Problem)))]
pub(super) async fn project(
    State(app): State<Arc<App>>,
    actor: Actor,
    headers: HeaderMap,
    PathPart(id): PathPart<i64>,
) -> Result<Json<Projection>, Fault> {
    let shown_now = app.chat.project(&actor, id).await?;
    let (projected, (waiting, waiting_total)) = (shown_now.projected, shown_now.waiting);
    Ok(Json(Projection {
        invite: shown(&app, &headers, &projected.invite),
        code: shown_now.code.map(|code| code.text()),
        short_address: format!("{}/code", app.site.base(&headers)),
        again_in_s: BEAT_S,
        channel: projected.channel.as_ref().map(Into::into),
        here: projected.here.into_iter().map(Into::into).collect(),
        count: projected.count,
        waiting: waiting.into_iter().map(Into::into).collect(),
        waiting_total,
    }))
}

/// Show an invite no more: its short code ends, unless somebody else shows it
#[utoipa::path(delete, path = "/api/invites/{id}/projector", tag = "place",
    params(("id" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn stop_projecting(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<StatusCode, Fault> {
    app.chat.stop_projecting(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where an invite is opened.
pub(super) fn address(app: &App, headers: &HeaderMap, invite: &model::invites::Invite) -> String {
    format!("{}/join/{}", app.site.base(headers), invite.code)
}

pub(super) fn shown(app: &App, headers: &HeaderMap, invite: &model::invites::Invite) -> Invite {
    Invite::new(invite, address(app, headers, invite), app.chat.now())
}
