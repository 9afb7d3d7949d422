//! Uploads in parts, which go on where they broke off: tus 1.0.0
//! (<https://tus.io/protocols/resumable-upload>) with checksum, creation, creation-with-upload,
//! expiration and termination.
//!
//! One thing is left out on purpose: `X-HTTP-Method-Override`, which would let a GET of another
//! site do what only our own pages may.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{receive, tus};
use crate::chat::{Actor, NewUpload};
use crate::http::app::App;
use crate::http::extract::PathPart;
use crate::http::files::upload_id;
use crate::http::problem::Fault;
use crate::model::refusal::Refusal;
use crate::wire::problem::Problem;

/// Says on every answer which version of the protocol this is.
pub(in crate::http) async fn say_version(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert("tus-resumable", HeaderValue::from_static(tus::VERSION));
    headers.insert("tus-version", HeaderValue::from_static(tus::VERSION));
    response
}

/// What the resumable uploads can do
#[utoipa::path(options, path = "/api/uploads/resumable", tag = "files",
    responses((status = 204, headers(
        ("Tus-Version" = String), ("Tus-Extension" = String), ("Tus-Max-Size" = u64),
        ("Tus-Checksum-Algorithm" = String))),
        (status = "default", body = Problem)))]
pub(in crate::http) async fn upload_options(
    State(app): State<Arc<App>>,
    _actor: Actor,
) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert("tus-extension", HeaderValue::from_static(tus::EXTENSIONS));
    headers.insert("tus-checksum-algorithm", HeaderValue::from_static(tus::ALGORITHMS));
    headers.insert("tus-max-size", HeaderValue::from(app.chat.upload_limit_bytes()));
    response
}

/// Begin an upload that can be resumed (tus 1.0.0)
///
/// The protocol is <https://tus.io/protocols/resumable-upload>, with `checksum`, `creation`,
/// `creation-with-upload`, `expiration` and `termination`. `Location` names the upload; its last
/// part is the id that a message takes as an attachment, and that `GET /api/uploads/{id}` tells of
/// once the last byte is there.
#[utoipa::path(post, path = "/api/uploads/resumable", tag = "files",
    params(("Tus-Resumable" = String, Header, description = "1.0.0"),
        ("Upload-Length" = u64, Header, description = "The file's size in bytes."),
        ("Upload-Checksum" = Option<String>, Header,
            description = "`sha1` or `sha256`, and that of the body in base64."),
        ("Upload-Metadata" = String, Header,
            description = "`filename <base64>,filetype <base64>`; the name is needed.")),
    request_body(content = Option<String>, content_type = "application/offset+octet-stream",
        description = "The first bytes, or nothing."),
    responses((status = 201, headers(("Location" = String), ("Upload-Offset" = u64),
        ("Upload-Expires" = String))), (status = "default", body = Problem)))]
pub(in crate::http) async fn create_upload(
    State(app): State<Arc<App>>,
    actor: Actor,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Fault> {
    tus::check_version(&headers)?;
    let brings_bytes = tus::is_octets(&headers)?;
    let announced = tus::count(&headers, "content-length")?;
    if !brings_bytes && (announced.unwrap_or(0) > 0 || headers.contains_key("transfer-encoding")) {
        return Err(tus::unsupported());
    }
    if headers.contains_key("upload-concat") || headers.contains_key("upload-defer-length") {
        return Err(tus::bad("concatenation and lengths told later are not spoken".to_owned()));
    }
    let length = tus::count(&headers, "upload-length")?;
    let length = length.ok_or_else(|| tus::bad("Upload-Length is missing".to_owned()))?;
    if brings_bytes && announced.is_some_and(|announced| announced > length) {
        return Err(Refusal::TooLarge { max_bytes: length }.into());
    }
    let checksum = tus::checksum(&headers)?;
    let raw = tus::raw_metadata(&headers)?;
    let metadata = tus::metadata(raw)?;
    let new = NewUpload {
        name: metadata.name,
        media_type: metadata.media_type,
        length,
        metadata: raw.to_owned(),
    };
    let mut progress = app.chat.promise_upload(&actor, new).await?;
    if brings_bytes {
        let receiving = app.chat.continue_upload(&actor, progress.id, 0, checksum).await?;
        progress = app.chat.end_part(receive(&app, receiving, body).await?).await?;
    }
    let mut response = StatusCode::CREATED.into_response();
    let headers = response.headers_mut();
    // Without a host: the client knows where it sent its request, and that is where to go on.
    let location = format!("/api/uploads/resumable/{}", progress.id);
    tus::add(headers, header::LOCATION.as_str(), &location);
    tus::add_progress(headers, &progress);
    Ok(response)
}

/// How far an upload has come
///
/// A request of the same person that is still at it is ended first.
#[utoipa::path(head, path = "/api/uploads/resumable/{id}", tag = "files",
    params(("id" = String, Path), ("Tus-Resumable" = String, Header, description = "1.0.0")),
    responses((status = 200, headers(("Upload-Offset" = u64), ("Upload-Length" = u64),
        ("Upload-Metadata" = String), ("Upload-Expires" = String))),
        (status = "default", body = Problem)))]
pub(in crate::http) async fn upload_progress(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let id = upload_id(&id)?;
    tus::check_version(&headers)?;
    let progress = app.chat.upload_progress(&actor, id).await?;
    let metadata = match &progress.metadata {
        Some(metadata) => metadata.clone(),
        None => {
            let file = app.chat.upload(&actor, id).await?;
            tus::write_metadata(&file.name, &file.media_type)
        }
    };
    let mut response = StatusCode::OK.into_response();
    let headers = response.headers_mut();
    tus::add_progress(headers, &progress);
    headers.insert("upload-length", HeaderValue::from(progress.length));
    tus::add(headers, "upload-metadata", &metadata);
    Ok(response)
}

/// Go on with an upload
///
/// What came stays, also when the request breaks off. After the last byte the file is stored as one
/// that was sent at one go.
#[utoipa::path(patch, path = "/api/uploads/resumable/{id}", tag = "files",
    params(("id" = String, Path), ("Tus-Resumable" = String, Header, description = "1.0.0"),
        ("Upload-Offset" = u64, Header, description = "Where these bytes go on."),
        ("Upload-Checksum" = Option<String>, Header,
            description = "`sha1` or `sha256`, and that of the body in base64. A body that differs \
                           is answered with 460 and forgotten.")),
    request_body(content = String, content_type = "application/offset+octet-stream"),
    responses((status = 204, headers(("Upload-Offset" = u64), ("Upload-Expires" = String))),
        (status = "default", body = Problem)))]
pub(in crate::http) async fn continue_upload(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Fault> {
    let id = upload_id(&id)?;
    tus::check_version(&headers)?;
    if !tus::is_octets(&headers)? {
        return Err(tus::unsupported());
    }
    let offset = tus::count(&headers, "upload-offset")?;
    let offset = offset.ok_or_else(|| tus::bad("Upload-Offset is missing".to_owned()))?;
    let announced = tus::count(&headers, "content-length")?;
    let checksum = tus::checksum(&headers)?;
    let receiving = app.chat.continue_upload(&actor, id, offset, checksum).await?;
    let missing = receiving.missing();
    if announced.is_some_and(|announced| announced > missing) {
        return Err(Refusal::TooLarge { max_bytes: offset + missing }.into());
    }
    let progress = app.chat.end_part(receive(&app, receiving, body).await?).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    tus::add_progress(response.headers_mut(), &progress);
    Ok(response)
}

/// Give an upload up, finished or not, that is in no message
#[utoipa::path(delete, path = "/api/uploads/resumable/{id}", tag = "files",
    params(("id" = String, Path), ("Tus-Resumable" = String, Header, description = "1.0.0")),
    responses((status = 204), (status = "default", body = Problem)))]
pub(in crate::http) async fn cancel_upload(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Fault> {
    let id = upload_id(&id)?;
    tus::check_version(&headers)?;
    app.chat.cancel_upload(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
