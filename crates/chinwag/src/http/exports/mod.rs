//! A person's own data as one ZIP archive, which is written while its client takes it.
//!
//! `archive.rs` is what it holds, `outgoing.rs` the way of its bytes to the client.

mod archive;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};

use super::app::App;
use super::problem::Fault;
use crate::chat::{Actor, Chat, Export};
use crate::wire::problem::Problem;

/// Download all that one wrote: one ZIP archive
///
/// It holds `profile.json`; `messages.jsonl`, a message on each line; the files; and the picture. What was
/// written in places that one does not read any more is not in it.
#[utoipa::path(get, path = "/api/me/export", tag = "account",
    responses((status = 200, description = "The archive.", content_type = "application/zip"),
        (status = "default", body = Problem)))]
pub(super) async fn export(State(app): State<Arc<App>>, actor: Actor) -> Result<Response, Fault> {
    let export = app.chat.begin_export(&actor).await?;
    let pairs = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"chinwag-data.zip\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let headers: HeaderMap =
        pairs.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect();
    Ok((headers, body(Arc::clone(&app.chat), export)).into_response())
}

/// The bytes of the archive, made while they are taken. It ends when everything was taken, and as soon as
/// nobody takes it.
pub fn body(chat: Arc<Chat>, export: Export) -> Body {
    let (outgoing, body) = super::outgoing::open();
    tokio::spawn(archive::write(chat, export, outgoing));
    body
}
