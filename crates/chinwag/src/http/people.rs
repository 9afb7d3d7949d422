//! People: who they are for others, what they are in the place, and their pictures.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::app::App;
use super::etag::is_known;
use super::extract::{Body, PathPart, Query};
use super::files::upload_id;
use super::problem::Fault;
use crate::chat::Actor;
use crate::model::ids::{PictureId, UserId};
use crate::model::people::Which;
use crate::model::refusal::{Noun, Refusal};
use crate::model::roles::Role;
use crate::wire::hosting::Mute;
use crate::wire::people::{AsideChange, PeopleList, Person, PictureChange, RoleChange};
use crate::wire::problem::Problem;
use crate::wire::profiles::ProfileChange;
use crate::wire::users::Me;

/// A person: their card
#[utoipa::path(get, path = "/api/people/{id}", tag = "people", params(("id" = i64, Path)),
    responses((status = 200, body = Person), (status = "default", body = Problem)))]
pub(super) async fn person(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<Json<Person>, Fault> {
    let (person, together) = app.chat.person(&actor, UserId(id)).await?;
    Ok(Json(Person::new(&person, &together)))
}

/// Which people to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PeopleListQuery {
    /// A part of the name; everybody when it is left out.
    #[serde(default)]
    q: String,
    /// `guest`, `member`, `moderator` or `owner`: those who were given this role and are not
    /// deactivated; `deactivated`; everybody when it is left out.
    #[serde(default)]
    who: String,
    /// Only people after the one with this id, which was the last of the part before.
    after: Option<i64>,
}

/// The people of the place with their roles, 100 at a time; for owners and moderators
#[utoipa::path(get, path = "/api/place/people", tag = "people", params(PeopleListQuery),
    responses((status = 200, body = PeopleList), (status = "default", body = Problem)))]
pub(super) async fn list_people(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(query): Query<PeopleListQuery>,
) -> Result<Json<PeopleList>, Fault> {
    let which = match query.who.as_str() {
        "" => Which::Everybody,
        "deactivated" => Which::Deactivated,
        role => Which::Role(Role::of_code(role).ok_or(Refusal::Malformed { field: "who" })?),
    };
    let page = app.chat.list_people(&actor, &query.q, which, query.after.map(UserId)).await?;
    Ok(Json((&page).into()))
}

/// Give a person another role; owners only
///
/// A role in charge begins when the person has a password. The last owner stays one.
#[utoipa::path(put, path = "/api/people/{id}/role", tag = "people", params(("id" = i64, Path)),
    request_body = RoleChange,
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn set_role(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
    Body(change): Body<RoleChange>,
) -> Result<StatusCode, Fault> {
    app.chat.set_role(&actor, UserId(id), change.role.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What else to do with a deactivation.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DeactivationQuery {
    /// Remove what the person wrote in the last 24 hours, everywhere. That goes on behind the answer, and
    /// is also begun for an account that is deactivated already.
    #[serde(default)]
    remove_last_day: bool,
}

/// Deactivate an account: its sessions, tokens and sockets end at once
///
/// What the person wrote stays if nothing else is said, and nobody else takes the name.
#[utoipa::path(put, path = "/api/people/{id}/deactivated", tag = "people",
    params(("id" = i64, Path), DeactivationQuery),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn deactivate(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
    Query(query): Query<DeactivationQuery>,
) -> Result<StatusCode, Fault> {
    if query.remove_last_day {
        app.chat.deactivate_and_wipe(&actor, UserId(id)).await?;
    } else {
        app.chat.deactivate(&actor, UserId(id)).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Bring an account back; its person signs in as before
#[utoipa::path(delete, path = "/api/people/{id}/deactivated", tag = "people",
    params(("id" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn bring_back(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<StatusCode, Fault> {
    app.chat.bring_back(&actor, UserId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Mute a person everywhere; for owners and moderators
///
/// They write nothing and send no files, by any door, until it ends by itself or is ended. It is written
/// into the log.
#[utoipa::path(put, path = "/api/people/{id}/mute", tag = "people", params(("id" = i64, Path)),
    request_body = Mute,
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn mute_person(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
    Body(mute): Body<Mute>,
) -> Result<StatusCode, Fault> {
    app.chat.mute_person(&actor, UserId(id), mute.minutes).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let a person write again who is muted everywhere; for owners and moderators
#[utoipa::path(delete, path = "/api/people/{id}/mute", tag = "people", params(("id" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn unmute_person(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<StatusCode, Fault> {
    app.chat.unmute_person(&actor, UserId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Free the name of a guest whose visit has ended, for somebody new
///
/// For owners and moderators, and for hosts of a channel that the guest is in. What the guest wrote shows the
/// name with the date of the visit.
#[utoipa::path(delete, path = "/api/people/{id}/name", tag = "people", params(("id" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn free_name(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<StatusCode, Fault> {
    app.chat.free_name(&actor, UserId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Mute a person for oneself, or block them
///
/// What they write is folded. Where somebody is blocked, no direct messages go between the two. Nobody
/// else is told.
#[utoipa::path(put, path = "/api/people/{id}/aside", tag = "people", params(("id" = i64, Path)),
    request_body = AsideChange,
    responses((status = 200, body = Me), (status = "default", body = Problem)))]
pub(super) async fn set_aside(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
    Body(change): Body<AsideChange>,
) -> Result<Json<Me>, Fault> {
    let account = app.chat.set_aside(&actor, UserId(id), Some(change.kind.into())).await?;
    Ok(Json((&account).into()))
}

/// Read a person again
#[utoipa::path(delete, path = "/api/people/{id}/aside", tag = "people",
    params(("id" = i64, Path)),
    responses((status = 200, body = Me), (status = "default", body = Problem)))]
pub(super) async fn read_again(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<Json<Me>, Fault> {
    Ok(Json((&app.chat.set_aside(&actor, UserId(id), None).await?).into()))
}

/// Replace what one says of oneself: about, time zone, status
#[utoipa::path(put, path = "/api/me/profile", tag = "account", request_body = ProfileChange,
    responses((status = 200, body = Me), (status = "default", body = Problem)))]
pub(super) async fn set_profile(
    State(app): State<Arc<App>>,
    actor: Actor,
    Body(change): Body<ProfileChange>,
) -> Result<Json<Me>, Fault> {
    let profile = change.profile().ok_or(Refusal::Malformed { field: "until" })?;
    Ok(Json((&app.chat.set_profile(&actor, profile).await?).into()))
}

/// Replace one's picture by a file that one sent
///
/// It is made a square, the middle of the picture, and encoded anew: nothing else of the file is kept.
#[utoipa::path(put, path = "/api/me/picture", tag = "account", request_body = PictureChange,
    responses((status = 200, body = Me), (status = "default", body = Problem)))]
pub(super) async fn set_picture(
    State(app): State<Arc<App>>,
    actor: Actor,
    Body(change): Body<PictureChange>,
) -> Result<Json<Me>, Fault> {
    let file = upload_id(&change.upload)?;
    Ok(Json((&app.chat.set_picture(&actor, file).await?).into()))
}

/// Take one's picture away
#[utoipa::path(delete, path = "/api/me/picture", tag = "account",
    responses((status = 200, body = Me), (status = "default", body = Problem)))]
pub(super) async fn remove_picture(
    State(app): State<Arc<App>>,
    actor: Actor,
) -> Result<Json<Me>, Fault> {
    Ok(Json((&app.chat.remove_picture(&actor).await?).into()))
}

/// A person's picture, a square of at least so many pixels if there is one
#[utoipa::path(get, path = "/pictures/{id}/{side}", tag = "files",
    params(("id" = String, Path), ("side" = u32, Path)),
    responses((status = 200, description = "The bytes."), (status = 304),
        (status = "default", body = Problem)))]
pub(super) async fn picture(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, side)): PathPart<(String, u32)>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let id = PictureId::parse(&id).ok_or(Refusal::NotFound(Noun::Page))?;
    let bytes = app.chat.person_picture(&actor, id, side).await?;
    let etag = format!("\"{id}-{side}\"");
    let media_type = if bytes.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" };
    let pairs: [(HeaderName, &str); 4] = [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_DISPOSITION, "inline"),
        (header::ETAG, &etag),
        // Its bytes never change, and whoever saw it once may go on to see it.
        (header::CACHE_CONTROL, "private, max-age=604800, immutable"),
    ];
    let headers_of: HeaderMap = pairs
        .into_iter()
        .filter_map(|(name, value)| Some((name, HeaderValue::from_str(value).ok()?)))
        .collect();
    if is_known(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, headers_of).into_response());
    }
    Ok((headers_of, bytes).into_response())
}
