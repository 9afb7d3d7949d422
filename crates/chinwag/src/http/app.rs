//! What the handlers share. This file knows none of them; `router.rs` does.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::{FromRef, Request};
use axum::http::{HeaderValue, Response};
use bytes::Bytes;
use http_body_util::Full;

use super::bodies::Bodies;
use super::docs::Docs;
use super::health::Health;
use super::shell::Shell;
use super::site::Site;
use crate::chat::Chat;
use crate::wire::state::Workspace;

/// The largest JSON body or form, in bytes: a message of 10,000 characters fits, even with each one
/// escaped at its longest. Files are streamed and have a limit of their own.
pub(super) const BODY_LIMIT_BYTES: usize = 256 * 1024;

/// The Socket.IO server: answers a request under `/socket.io/`, which is counted for that address.
pub type SocketDoor = Arc<
    dyn Fn(Request, IpAddr) -> Pin<Box<dyn Future<Output = Response<Full<Bytes>>> + Send>>
        + Send
        + Sync,
>;

/// The state of the HTTP side.
pub(super) struct App {
    pub(super) chat: Arc<Chat>,
    pub(super) site: Site,
    pub(super) workspace: Workspace,
    pub(super) socket: SocketDoor,
    pub(super) health: Health,
    pub(super) bodies: Arc<Bodies>,
    pub(super) shell: Shell,
    /// The stylesheets of the web app, for pages without its script.
    pub(super) styles: Vec<String>,
    /// The `Content-Security-Policy` of every answer.
    pub(super) policy: HeaderValue,
    pub(super) docs: Docs,
}

impl App {
    /// What the place is called: as the owner said, else as it is configured.
    pub(super) fn place_name(&self) -> String {
        self.chat.place().name.clone().unwrap_or_else(|| self.workspace.name.clone())
    }
}

impl FromRef<Arc<App>> for Docs {
    fn from_ref(app: &Arc<App>) -> Self {
        app.docs.clone()
    }
}

impl FromRef<Arc<App>> for Health {
    fn from_ref(app: &Arc<App>) -> Self {
        app.health.clone()
    }
}
