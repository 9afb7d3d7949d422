//! The value of a header as text.

use axum::http::HeaderMap;
use axum::http::header::AsHeaderName;

/// The first value of a header; `None` when it is missing or holds other characters than those of
/// ASCII that can be seen.
pub(super) fn text(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
