//! `ETag`: whether the client has these bytes already (RFC 9110, 8.8.3 and 13.1.2).

use axum::http::{HeaderMap, header};

use super::header_text::text;
use crate::model::hex::hex;

/// The tag of content with this SHA-256; `variant` tells other forms of the same content apart.
pub(super) fn etag(sha256: &[u8; 32], variant: &str) -> String {
    format!("\"{}{variant}\"", hex(&sha256[..16]))
}

/// Whether the client has the content with this tag.
pub(super) fn is_known(request_headers: &HeaderMap, etag: &str) -> bool {
    text(request_headers, header::IF_NONE_MATCH).is_some_and(|tags| tags.contains(etag))
}
