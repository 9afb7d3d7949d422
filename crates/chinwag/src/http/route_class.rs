//! Which limits of time and size a request has: those of a socket, of streamed files, or the usual
//! ones.

use axum::http::{HeaderMap, header};

use super::header_text::text;

/// Whether a path leads to the Socket.IO server, with a slash at its end or without.
pub(super) fn is_socket(path: &str) -> bool {
    path.strip_prefix("/socket.io").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a rule of its own ends a request that comes too slowly: that of uploads, which are
/// streamed, or that of sockets.
pub(super) fn has_its_own_times(path: &str, headers: &HeaderMap) -> bool {
    is_streamed(path, headers) || is_socket(path)
}

/// Whether a request brings files, so that its body is not held in memory as a whole. The reader of
/// a form counts what it keeps of it (see `pages/posting.rs`).
pub(super) fn is_streamed(path: &str, headers: &HeaderMap) -> bool {
    let brings_files =
        (path.starts_with("/channel/") || path.starts_with("/c/")) && is_multipart(headers);
    brings_files || path.starts_with("/api/uploads")
}

/// Whether a request brings a form in the encoding that can hold files.
pub(super) fn is_multipart(headers: &HeaderMap) -> bool {
    let kind = text(headers, header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/form-data"))
}
