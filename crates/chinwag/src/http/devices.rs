//! A person's devices.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::app::App;
use super::extract::PathPart;
use super::problem::Fault;
use super::user_agent;
use crate::chat::{Actor, Credential};
use crate::model::refusal::{Noun, Refusal};
use crate::model::sessions::DeviceKey;
use crate::wire::problem::Problem;
use crate::wire::sessions::{Device, Devices};

/// Devices: browsers that are signed in, or sign in without a password
#[utoipa::path(get, path = "/api/me/devices", tag = "account",
    responses((status = 200, body = Devices), (status = "default", body = Problem)))]
pub(super) async fn devices(
    State(app): State<Arc<App>>,
    actor: Actor,
) -> Result<Json<Devices>, Fault> {
    let devices = app.chat.devices(&actor).await?;
    let devices = devices.iter().map(|device| {
        let is_here = |id: &_| actor.credential == Credential::Session(*id);
        let current = device.sessions.iter().any(is_here);
        Device::new(device, current, user_agent::describe(&device.user_agent))
    });
    Ok(Json(Devices { devices: devices.collect() }))
}

/// Forget a device: its sessions end, and it needs the password to sign in again
#[utoipa::path(delete, path = "/api/me/devices/{id}", tag = "account",
    params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn forget_device(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<String>,
) -> Result<StatusCode, Fault> {
    actor.in_person()?;
    let device = DeviceKey::parse(&id).ok_or(Refusal::NotFound(Noun::Device))?;
    app.chat.forget_device(&actor, device).await?;
    Ok(StatusCode::NO_CONTENT)
}
