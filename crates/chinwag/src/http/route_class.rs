//! Which rules of time and size a request is under: a socket, streamed files, or neither.

use axum::http::{HeaderMap, header};

use super::header_text::text;

/// Whether a path leads to the Socket.IO server, with a slash at its end or without.
pub(super) fn is_socket(path: &str) -> bool {
    path.strip_prefix("/socket.io").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a request is ended by a rule of its own when it dribbles: uploads, which are streamed, and
/// sockets.
pub(super) fn has_its_own_times(path: &str, headers: &HeaderMap) -> bool {
    is_streamed(path, headers) || is_socket(path)
}

/// Whether a body brings files, and is never held in memory.
pub(super) fn is_streamed(path: &str, headers: &HeaderMap) -> bool {
    let brings_files = path.starts_with("/channel/") && is_multipart(headers);
    brings_files || path.starts_with("/api/uploads")
}

/// Whether a request brings a form in the encoding that can hold files.
pub(super) fn is_multipart(headers: &HeaderMap) -> bool {
    let kind = text(headers, header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/form-data"))
}
