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
use crate::chat::{Actor, InviteDraft};
use crate::model;
use crate::model::ids::ChannelId;
use crate::model::invites::Door;
use crate::model::refusal::Refusal;
use crate::model::roles::Role;
use crate::wire::invites::{Invite, InvitePatch, InviteUse, InvitedRole, Invites, NewInvite};
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

/// Where an invite is opened.
pub(super) fn address(app: &App, headers: &HeaderMap, invite: &model::invites::Invite) -> String {
    format!("{}/join/{}", app.site.base(headers), invite.code)
}

pub(super) fn shown(app: &App, headers: &HeaderMap, invite: &model::invites::Invite) -> Invite {
    Invite::new(invite, address(app, headers, invite), app.chat.now())
}
