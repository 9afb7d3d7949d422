//! The web app's files, carried inside the binary with their compressed forms.

use std::borrow::Cow;

use rust_embed::{EmbeddedFile, RustEmbed};

/// `web/dist`. In debug builds it is read from the disk, so that a change shows at once.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct WebApp;

/// A file of the web app, by its path below `web/dist`.
pub(super) fn file(path: &str) -> Option<EmbeddedFile> {
    WebApp::get(path)
}

/// The bytes of a file of the web app.
pub(super) fn read(path: &str) -> Option<Cow<'static, [u8]>> {
    file(path).map(|file| file.data)
}
