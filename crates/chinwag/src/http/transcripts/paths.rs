//! What the files of a transcript are called: every file has a name of its own.

use crate::http::safe_names::safe;
use crate::model::messages::Message;

/// The path of a message's file in the archive: its number and position stand before its name.
pub(super) fn path_of(message: &Message, position: usize) -> Option<String> {
    let file = message.attachments.get(position)?;
    Some(format!("files/{}-{}-{}", message.number, position + 1, safe(&file.name)))
}

/// The name of a page: the first one is `index.html`.
pub(super) fn page_name(page: i64) -> String {
    if page == 1 { "index.html".to_owned() } else { format!("page-{page}.html") }
}

/// The name of the archive of a channel that is exported on that day.
pub(super) fn archive_name(channel: &str, day: &str) -> String {
    format!("{}-{day}.zip", safe(channel))
}
