//! The place as a whole, who waits at its door, and sign-in links.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

use super::app::App;
use super::cookies::Kind;
use super::extract::{Body, PathPart};
use super::problem::Fault;
use crate::chat::Actor;
use crate::model::ids::UserId;
use crate::model::permissions::PlaceAction;
use crate::model::place::{AtTheDoor as At, PlaceChange};
use crate::secrets::Secret;
use crate::wire::place::{AllWaiting, AtTheDoor, Place, PlacePatch, SignInLink};
use crate::wire::problem::Problem;
use crate::wire::time::rfc3339;

/// The place, for those who keep it
#[utoipa::path(get, path = "/api/place", tag = "place",
    responses((status = 200, body = Place), (status = "default", body = Problem)))]
pub(super) async fn place(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<Place>, Fault> {
    actor.check(PlaceAction::SeePeople)?;
    Ok(Json(shown(&app, &actor).await?))
}

/// Change the place; what is left out stays
#[utoipa::path(patch, path = "/api/place", tag = "place", request_body = PlacePatch,
    responses((status = 200, body = Place), (status = "default", body = Problem)))]
pub(super) async fn set_place(
    State(app): State<Arc<App>>,
    actor: Actor,
    Body(patch): Body<PlacePatch>,
) -> Result<Json<Place>, Fault> {
    let change = PlaceChange {
        way_in: patch.way_in.map(Into::into),
        needs_password: patch.needs_password,
        channel_makers: patch.channel_makers.map(Into::into),
        editing: patch.editing.map(Into::into),
        callers: patch.callers.map(Into::into),
        ..PlaceChange::default()
    };
    app.chat.set_place(&actor, patch.name, patch.about, change).await?;
    Ok(Json(shown(&app, &actor).await?))
}

async fn shown(app: &App, actor: &Actor) -> Result<Place, Fault> {
    let (_, waiting) = app.chat.waiting(actor).await?;
    let place = app.chat.place();
    Ok(Place {
        name: app.place_name(),
        about: place.about.clone(),
        way_in: place.way_in.into(),
        needs_password: place.needs_password,
        has_owner: place.has_owner,
        waiting,
        channel_makers: place.channel_makers.into(),
        editing: place.editing.into(),
        callers: place.callers.into(),
    })
}

/// The names that wait at the door
#[utoipa::path(get, path = "/api/waiting", tag = "place",
    responses((status = 200, body = AllWaiting), (status = "default", body = Problem)))]
pub(super) async fn waiting(
    State(app): State<Arc<App>>,
    actor: Actor,
) -> Result<Json<AllWaiting>, Fault> {
    let (waiting, total) = app.chat.waiting(&actor).await?;
    Ok(Json(AllWaiting { waiting: waiting.into_iter().map(Into::into).collect(), total }))
}

/// Let a name in
#[utoipa::path(put, path = "/api/waiting/{id}", tag = "place", params(("id" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn let_in(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<StatusCode, Fault> {
    app.chat.let_in(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Refuse a name
#[utoipa::path(delete, path = "/api/waiting/{id}", tag = "place", params(("id" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn refuse(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<StatusCode, Fault> {
    app.chat.refuse(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How it stands with the name that this browser asked to come in with
#[utoipa::path(get, path = "/api/door", tag = "place",
    responses((status = 200, body = AtTheDoor), (status = "default", body = Problem)))]
pub(super) async fn door(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Json<AtTheDoor>, Fault> {
    let secret = app.site.jar(&headers).present(Kind::Waiting).and_then(Secret::parse);
    let at = match secret {
        Some(secret) => app.chat.at_the_door(&secret).await?,
        None => At::Gone,
    };
    Ok(Json(at.into()))
}

/// End the sign-in link of a person that was not used
#[utoipa::path(delete, path = "/api/people/{id}/sign-in-link", tag = "place",
    params(("id" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn end_sign_in_link(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<StatusCode, Fault> {
    app.chat.end_sign_in_link(&actor, UserId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make a one-time sign-in link for a person who is locked out
///
/// It lives 30 minutes. Whoever opens it sets a new password, and all other sessions of the person end.
#[utoipa::path(post, path = "/api/people/{id}/sign-in-link", tag = "place",
    params(("id" = i64, Path)),
    responses((status = 201, body = SignInLink), (status = "default", body = Problem)))]
pub(super) async fn make_sign_in_link(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
    headers: HeaderMap,
) -> Result<(StatusCode, Json<SignInLink>), Fault> {
    let (secret, _, ends_at) = app.chat.make_sign_in_link(&actor, UserId(id)).await?;
    let address = format!("{}/link/{}", app.site.base(&headers), secret.text());
    Ok((StatusCode::CREATED, Json(SignInLink { address, ends_at: rfc3339(ends_at) })))
}
