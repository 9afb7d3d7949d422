//! Pages compressed for whoever takes it: a page of messages is a fifth of itself, and on a slow
//! line its bytes are what the reader waits for.

use std::io::Write as _;

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse as _, Response};
use flate2::Compression;
use flate2::write::GzEncoder;

/// The fast end of the scale: a page takes under a millisecond, and comes out a tenth larger than at
/// the slow end.
const LEVEL: Compression = Compression::new(2);
/// What is smaller fits one packet as it is (bytes).
const SMALL: usize = 1_000;

/// A page, in the smallest form that the asker takes.
pub(super) fn html(asked: &HeaderMap, page: String) -> Response {
    let squeezed = (page.len() >= SMALL && accepts(asked, "gzip")).then(|| gzip(&page)).flatten();
    let mut response = match squeezed {
        Some(bytes) => {
            let mut response = Html(bytes).into_response();
            let gzip = HeaderValue::from_static("gzip");
            response.headers_mut().insert(header::CONTENT_ENCODING, gzip);
            response
        }
        None => Html(page).into_response(),
    };
    let varies = HeaderValue::from_static("accept-encoding");
    response.headers_mut().insert(header::VARY, varies);
    response
}

/// Into memory: nothing that it writes to can fail, and if it did the page would go out as it is.
fn gzip(page: &str) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(page.len() / 4), LEVEL);
    encoder.write_all(page.as_bytes()).ok()?;
    encoder.finish().ok()
}

/// Whether the asker takes a content coding (RFC 9110, 12.5.3), by its name.
pub(super) fn accepts(asked: &HeaderMap, coding: &str) -> bool {
    let accepted = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.unwrap_or_default().split(',').any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let same = parts.next() == Some(coding);
        same && parts.all(|part| !matches!(part, "q=0" | "q=0.0"))
    })
}
