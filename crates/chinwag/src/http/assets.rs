//! Answers with the web app's files: compressed where the client takes it, and cached.

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::EmbeddedFile;

use super::admission::Weightless;
use super::compression::accepts;
use super::etag::{etag, is_known};
use super::problem::Fault;
use super::web_app;

/// The plain pages' stylesheet.
const PLAIN_CSS: &str = include_str!("../../templates/plain.css");

/// `GET /assets/…`: files with a hash in their name, which never change.
pub(super) async fn hashed(Path(path): Path<String>, request_headers: HeaderMap) -> Response {
    serve(&format!("assets/{path}"), &request_headers, "public, max-age=31536000, immutable")
}

/// `GET /favicon.svg`
pub(super) async fn favicon(request_headers: HeaderMap) -> Response {
    serve("favicon.svg", &request_headers, "public, max-age=86400")
}

/// `GET /plain.css`
pub(super) async fn plain_css() -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/css"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, PLAIN_CSS).into_response()
}

fn serve(path: &str, request_headers: &HeaderMap, caching: &'static str) -> Response {
    let Some((file, encoding)) = choose(path, request_headers) else {
        return Fault::NoRoute.into_response();
    };
    let etag = etag(&file.metadata.sha256_hash(), "");
    let mut headers = HeaderMap::new();
    let pairs: [(HeaderName, &str); 4] = [
        (header::CONTENT_TYPE, media_type(path)),
        (header::CACHE_CONTROL, caching),
        (header::VARY, "accept-encoding"),
        (header::ETAG, &etag),
    ];
    for (name, value) in pairs {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if is_known(request_headers, &etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let mut response = (headers, Body::from(file.data)).into_response();
    response.extensions_mut().insert(Weightless);
    response
}

/// The smallest encoding that the browser accepts, and its name.
fn choose(path: &str, request_headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    for (coding, ending) in [("br", "br"), ("gzip", "gz")] {
        if accepts(request_headers, coding)
            && let Some(file) = web_app::file(&format!("{path}.{ending}"))
        {
            return Some((file, Some(coding)));
        }
    }
    web_app::file(path).map(|file| (file, None))
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("json" | "map") => "application/json",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
