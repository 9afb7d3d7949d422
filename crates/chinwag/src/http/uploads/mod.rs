//! Uploads: a file whose bytes are the body of one request, and what both ways of uploading share.
//! Uploads in parts are in [`resumable`].

mod arriving;
pub(super) mod resumable;
pub(super) mod tus;

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use utoipa::IntoParams;

use super::app::App;
use super::extract::{PathPart, Query};
use super::files::upload_id;
use super::header_text::text;
use super::problem::Fault;
use crate::chat::{Actor, Receiving};
use crate::model::refusal::Refusal;
use crate::wire::problem::Problem;
use crate::wire::uploads::Attachment;
use arriving::Arriving;

/// What the address says of a file that is sent.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct UploadQuery {
    /// The file's name.
    name: String,
}

/// Upload a file; the body is its bytes
#[utoipa::path(post, path = "/api/uploads", tag = "files", params(UploadQuery),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 201, body = Attachment), (status = "default", body = Problem)))]
pub(in crate::http) async fn upload(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(query): Query<UploadQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Attachment>), Fault> {
    let media_type = text(&headers, header::CONTENT_TYPE);
    let length = text(&headers, header::CONTENT_LENGTH).and_then(|length| length.parse().ok());
    let receiving = app.chat.begin_upload(&actor, &query.name, media_type, length).await?;
    let receiving = receive(&app, receiving, body).await?;
    let attachment = app.chat.finish_upload(receiving).await?;
    Ok((StatusCode::CREATED, Json((&attachment).into())))
}

/// A file that one sent, in a message or not yet
#[utoipa::path(get, path = "/api/uploads/{id}", tag = "files", params(("id" = String, Path)),
    responses((status = 200, body = Attachment), (status = "default", body = Problem)))]
pub(in crate::http) async fn uploaded(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<String>,
) -> Result<Json<Attachment>, Fault> {
    Ok(Json((&app.chat.upload(&actor, upload_id(&id)?).await?).into()))
}

/// Forget a file that is in no message yet
#[utoipa::path(delete, path = "/api/uploads/{id}", tag = "files", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(in crate::http) async fn delete_upload(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<String>,
) -> Result<StatusCode, Fault> {
    app.chat.delete_upload(&actor, upload_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Receives a body, until it ends or the owner comes back by another request.
async fn receive(app: &App, mut receiving: Receiving, body: Body) -> Result<Receiving, Fault> {
    let mut arriving = Arriving::new(body, app.site.upload_stall, receiving.arrival());
    loop {
        let bytes = tokio::select! {
            bytes = arriving.next() => bytes?,
            () = receiving.wanted() => return Err(Refusal::UploadHeld.into()),
        };
        match bytes {
            Some(bytes) => receiving.write(bytes).await?,
            None => return Ok(receiving),
        }
    }
}
