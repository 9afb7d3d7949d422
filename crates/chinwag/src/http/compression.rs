//! Compressed pages, for clients that accept them: a page of messages shrinks to a fifth, and on a
//! slow connection its bytes are what the reader waits for.

use std::convert::Infallible;
use std::io::Write as _;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse as _, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::Frame;

use super::header_text::text;

/// A middle level: it takes a millisecond for a page, and the result is hardly larger than at the
/// slowest level.
const LEVEL: Compression = Compression::new(5);
/// A smaller page fits into one packet uncompressed (bytes).
const SMALL: usize = 1_000;
/// The mark in a template between what can be shown at once and the rest. Texts are escaped, so
/// none can contain it.
const REST: &str = "<!-- the rest -->";

/// A page, compressed if the client accepts that.
pub(super) fn html(request_headers: &HeaderMap, page: String) -> Response {
    let compressed =
        (page.len() >= SMALL && accepts(request_headers, "gzip")).then(|| gzip(&page)).flatten();
    let mut response = match compressed {
        Some(halves) => {
            let mut response = Html(Body::new(halves)).into_response();
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

/// Compresses into memory, which cannot fail; if it did, the page would go out uncompressed.
fn gzip(page: &str) -> Option<Halves> {
    let (above, rest) = page.split_once(REST).unwrap_or((page, ""));
    let mut encoder = GzEncoder::new(Vec::with_capacity(page.len() / 4), LEVEL);
    encoder.write_all(above.as_bytes()).ok()?;
    encoder.flush().ok()?;
    let first = Bytes::from(std::mem::take(encoder.get_mut()));
    encoder.write_all(rest.as_bytes()).ok()?;
    let rest = Bytes::from(encoder.finish().ok()?);
    Some(Halves { first: Some(first), rest: Some(rest), has_paused: false })
}

/// A page in two parts that are sent one after the other: the browser draws the first without
/// waiting for the second.
struct Halves {
    first: Option<Bytes>,
    rest: Option<Bytes>,
    has_paused: bool,
}

impl hyper::body::Body for Halves {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        // The writer sends what it has when nothing more is ready at once.
        if !self.has_paused {
            self.has_paused = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(self.rest.take().map(|rest| Ok(Frame::data(rest))))
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.rest.is_none()
    }
}

/// Whether the client accepts a content coding (RFC 9110, 12.5.3), by its name.
pub(super) fn accepts(request_headers: &HeaderMap, coding: &str) -> bool {
    let accepted = text(request_headers, header::ACCEPT_ENCODING);
    accepted.unwrap_or_default().split(',').any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let same = parts.next() == Some(coding);
        same && parts.all(|part| !matches!(part, "q=0" | "q=0.0"))
    })
}
