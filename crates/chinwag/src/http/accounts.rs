//! A person's own account, and finding people.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::app::App;
use super::extract::{Body, Query};
use super::problem::Fault;
use crate::chat::Actor;
use crate::wire::problem::Problem;
use crate::wire::users::{Me, NameChange, PasswordChange, People, SettingsPatch, User};

/// Who am I
#[utoipa::path(get, path = "/api/me", tag = "account",
    responses((status = 200, body = Me), (status = "default", body = Problem)))]
pub(super) async fn get_me(actor: Actor) -> Json<Me> {
    Json((&actor.account).into())
}

/// Change settings; what is left out stays
#[utoipa::path(patch, path = "/api/me/settings", tag = "account", request_body = SettingsPatch,
    responses((status = 200, body = Me), (status = "default", body = Problem)))]
pub(super) async fn set_settings(
    State(app): State<Arc<App>>,
    actor: Actor,
    Body(patch): Body<SettingsPatch>,
) -> Result<Json<Me>, Fault> {
    let settings = patch.apply(actor.account.settings);
    let account = app.chat.set_settings(&actor, settings).await?;
    Ok(Json((&account).into()))
}

/// Change one's own name
///
/// Everything that was written before shows the new name. Nobody else can take the old one, or a name
/// that looks like it, for 30 days; one can take it back.
#[utoipa::path(put, path = "/api/me/name", tag = "account", request_body = NameChange,
    responses((status = 200, body = Me), (status = "default", body = Problem)))]
pub(super) async fn rename(
    State(app): State<Arc<App>>,
    actor: Actor,
    Body(change): Body<NameChange>,
) -> Result<Json<Me>, Fault> {
    let account = app.chat.rename(&actor, &change.name).await?;
    Ok(Json((&account).into()))
}

/// Set or change the password
#[utoipa::path(put, path = "/api/me/password", tag = "account", request_body = PasswordChange,
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn set_password(
    State(app): State<Arc<App>>,
    actor: Actor,
    Body(change): Body<PasswordChange>,
) -> Result<StatusCode, Fault> {
    app.chat.set_password(&actor, change.current, change.new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What to look for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PeopleQuery {
    /// A part of the name, or the beginnings of its words or of their readings in Pinyin; everybody when it is
    /// left out.
    #[serde(default)]
    q: String,
}

/// Find people by name; at most 50
#[utoipa::path(get, path = "/api/people", tag = "account", params(PeopleQuery),
    responses((status = 200, body = People), (status = "default", body = Problem)))]
pub(super) async fn people(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(query): Query<PeopleQuery>,
) -> Result<Json<People>, Fault> {
    let people = app.chat.people(&actor, &query.q).await?;
    Ok(Json(People { people: people.iter().map(User::with_reading).collect() }))
}
