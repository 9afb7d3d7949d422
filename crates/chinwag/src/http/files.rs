//! Files: taken in as a stream, given out in parts, and never as something that runs.

use std::io::SeekFrom;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;
use utoipa::IntoParams;

use super::app::App;
use super::arriving::Arriving;
use super::etag::{etag, is_known};
use super::extract::{PathPart, Query};
use super::header_text::text;
use super::problem::Fault;
use super::ranges::{Part, part};
use crate::chat::{Actor, StoredFile};
use crate::model::ids::UploadId;
use crate::model::refusal::{Noun, Refusal};
use crate::wire::problem::Problem;
use crate::wire::uploads::Attachment;

/// Bytes of a file that are in memory for one reader.
pub(super) const CHUNK_BYTES: usize = 32 * 1024;
/// What a file may do in a browser: nothing.
const FILE_CSP: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";
/// Pictures that browsers show and that cannot hold script.
const SHOWN: [&str; 6] =
    ["image/png", "image/apng", "image/jpeg", "image/gif", "image/webp", "image/avif"];

/// What is sent.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct UploadQuery {
    /// The file's name.
    name: String,
}

/// Upload a file; the body is its bytes
#[utoipa::path(post, path = "/api/uploads", tag = "files", params(UploadQuery),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 201, body = Attachment), (status = "default", body = Problem)))]
pub(super) async fn upload(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(query): Query<UploadQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Attachment>), Fault> {
    let media_type = text(&headers, header::CONTENT_TYPE);
    let length = text(&headers, header::CONTENT_LENGTH).and_then(|length| length.parse().ok());
    let mut file = app.chat.begin_upload(&actor, &query.name, media_type, length).await?;
    let mut arriving = Arriving::new(body, app.site.upload_stall, file.arrival());
    while let Some(bytes) = arriving.next().await? {
        file.write(&bytes).await?;
    }
    let attachment = app.chat.finish_upload(&actor, file).await?;
    Ok((StatusCode::CREATED, Json((&attachment).into())))
}

/// A file that one sent, in a message or not yet
#[utoipa::path(get, path = "/api/uploads/{id}", tag = "files", params(("id" = String, Path)),
    responses((status = 200, body = Attachment), (status = "default", body = Problem)))]
pub(super) async fn uploaded(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<String>,
) -> Result<Json<Attachment>, Fault> {
    Ok(Json((&app.chat.upload(&actor, upload_id(&id)?).await?).into()))
}

/// Forget a file that is in no message yet
#[utoipa::path(delete, path = "/api/uploads/{id}", tag = "files", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn delete_upload(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<String>,
) -> Result<StatusCode, Fault> {
    app.chat.delete_upload(&actor, upload_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A file's bytes; the name in the address does not matter
#[utoipa::path(get, path = "/files/{id}/{name}", tag = "files",
    params(("id" = String, Path), ("name" = String, Path)),
    responses((status = 200, description = "The bytes."), (status = 206), (status = 304),
        (status = "default", body = Problem)))]
pub(super) async fn file(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, _name)): PathPart<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let file = app.chat.file(&actor, upload_id(&id)?, false).await?;
    send(file, false, &headers).await
}

/// An image's thumbnail
///
/// Its address stands beside those of the files, not among them: a file may have any name.
#[utoipa::path(get, path = "/thumbnails/{id}", tag = "files", params(("id" = String, Path)),
    responses((status = 200, description = "The bytes."), (status = 304),
        (status = "default", body = Problem)))]
pub(super) async fn thumbnail(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let file = app.chat.file(&actor, upload_id(&id)?, true).await?;
    send(file, true, &headers).await
}

async fn send(stored: StoredFile, thumbnail: bool, asked: &HeaderMap) -> Result<Response, Fault> {
    let etag = etag(&stored.sha256, if thumbnail { "-t" } else { "" });
    let headers = headers(&stored.attachment, thumbnail, &etag);
    if is_known(asked, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    // A range of another version would be put together with this one's bytes.
    let same = text(asked, header::IF_RANGE).is_none_or(|tag| tag == etag);
    let range = text(asked, header::RANGE).filter(|_| same);
    let StoredFile { mut file, length, .. } = stored;
    let (status, first, count) = match part(range, length) {
        Part::Whole => (StatusCode::OK, 0, length),
        Part::Range(first, last) => (StatusCode::PARTIAL_CONTENT, first, last - first + 1),
        Part::Unsatisfiable => {
            let range = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, range).into_response());
        }
    };
    if first > 0 {
        file.seek(SeekFrom::Start(first)).await.map_err(crate::files::Error::from)?;
    }
    let stream = ReaderStream::with_capacity(file.take(count), CHUNK_BYTES);
    let mut response = (status, headers, Body::from_stream(stream)).into_response();
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(count));
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {first}-{}/{length}", first + count - 1);
        if let Ok(range) = HeaderValue::from_str(&range) {
            response.headers_mut().insert(header::CONTENT_RANGE, range);
        }
    }
    Ok(response)
}

/// Pictures are shown, if their bytes were recognised; everything else is a download of no particular
/// type, whatever it claims.
pub(super) fn headers(
    attachment: &crate::model::uploads::Attachment,
    thumbnail: bool,
    etag: &str,
) -> HeaderMap {
    let recognised = attachment.pixels.is_some();
    let shown = thumbnail || (recognised && SHOWN.contains(&attachment.media_type.as_str()));
    // The encoder made a JPEG or, where something shows through, a PNG; browsers look at the bytes
    // of what is said to be an image, whichever it is said to be.
    let media_type = match (thumbnail, shown) {
        (true, _) => "image/jpeg",
        (false, true) => attachment.media_type.as_str(),
        (false, false) => "application/octet-stream",
    };
    let name = utf8_percent_encode(&attachment.name, NON_ALPHANUMERIC);
    let kind = if shown { "inline" } else { "attachment" };
    let pairs: [(HeaderName, String); 6] = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("{kind}; filename*=UTF-8''{name}")),
        (header::CONTENT_SECURITY_POLICY, FILE_CSP.to_owned()),
        (header::ETAG, etag.to_owned()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        // A file never changes, but whoever may read it today may not tomorrow: ask each time.
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    pairs
        .into_iter()
        .filter_map(|(name, value)| Some((name, HeaderValue::from_str(&value).ok()?)))
        .collect()
}

pub(super) fn upload_id(text: &str) -> Result<UploadId, Refusal> {
    UploadId::parse(text).ok_or(Refusal::NotFound(Noun::Upload))
}
