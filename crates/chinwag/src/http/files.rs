//! Stored files, given out in whole or in part, and never as something that runs.

use std::io::SeekFrom;
use std::sync::Arc;

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use super::app::App;
use super::downloads::{self, Reader};
use super::etag::{etag, is_known};
use super::extract::PathPart;
use super::header_text::text;
use super::problem::Fault;
use super::ranges::{Part, part};
use crate::chat::{Actor, Chat, StoredFile, Visitor};
use crate::model::ids::UploadId;
use crate::model::refusal::{Noun, Refusal};
use crate::wire::problem::Problem;

/// What a file may do in a browser: nothing.
const FILE_CSP: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";
/// The media types of pictures that browsers show and that cannot hold script.
const SHOWN: [&str; 6] =
    ["image/png", "image/apng", "image/jpeg", "image/gif", "image/webp", "image/avif"];

/// A file's bytes; the name in the address does not matter
#[utoipa::path(get, path = "/files/{id}/{name}", tag = "files",
    params(("id" = String, Path), ("name" = String, Path)),
    responses((status = 200, description = "The bytes."), (status = 206), (status = 304),
        (status = "default", body = Problem)))]
pub(super) async fn file(
    State(app): State<Arc<App>>,
    actor: Actor,
    Extension(visitor): Extension<Visitor>,
    PathPart((id, _name)): PathPart<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let id = upload_id(&id)?;
    let file = app.chat.file(&actor, id, false).await?;
    let reader = Reader { visitor, user: actor.id(), file: id };
    send(&app.chat, reader, file, false, &headers).await
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
    Extension(visitor): Extension<Visitor>,
    PathPart(id): PathPart<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let id = upload_id(&id)?;
    let file = app.chat.file(&actor, id, true).await?;
    let reader = Reader { visitor, user: actor.id(), file: id };
    send(&app.chat, reader, file, true, &headers).await
}

async fn send(
    chat: &Arc<Chat>,
    reader: Reader,
    stored: StoredFile,
    thumbnail: bool,
    asked: &HeaderMap,
) -> Result<Response, Fault> {
    let etag = etag(&stored.sha256, if thumbnail { "-t" } else { "" });
    let headers = headers(&stored.attachment, thumbnail, &etag);
    if is_known(asked, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    // A range of another version must not be put together with bytes of this one.
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
    let body = downloads::body(Arc::clone(chat), reader, file.take(count));
    let mut response = (status, headers, body).into_response();
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(count));
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {first}-{}/{length}", first + count - 1);
        if let Ok(range) = HeaderValue::from_str(&range) {
            response.headers_mut().insert(header::CONTENT_RANGE, range);
        }
    }
    Ok(response)
}

/// The headers of an answer with a file. A picture is shown if its bytes were recognised;
/// everything else is a download of no particular type, whatever it claims to be.
pub(super) fn headers(
    attachment: &crate::model::uploads::Attachment,
    thumbnail: bool,
    etag: &str,
) -> HeaderMap {
    let recognised = attachment.pixels.is_some();
    let shown = thumbnail || (recognised && SHOWN.contains(&attachment.media_type.as_str()));
    // The thumbnail is a JPEG, or a PNG where something shows through. Browsers look at the bytes
    // of everything that is said to be an image.
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
        // A file never changes, but who may read it does: browsers ask each time.
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    pairs
        .into_iter()
        .filter_map(|(name, value)| Some((name, HeaderValue::from_str(&value).ok()?)))
        .collect()
}

/// Reads the id of a file in an address.
pub(super) fn upload_id(text: &str) -> Result<UploadId, Refusal> {
    UploadId::parse(text).ok_or(Refusal::NotFound(Noun::Upload))
}
