//! Transcripts: a channel as one ZIP archive, which is written while its client takes it.
//!
//! Nothing of it is ever whole in memory or on disk. `archive.rs` is the order of what it holds,
//! `outgoing.rs` the way of its bytes to the client, `page.rs` the page to read, and `paths.rs` says
//! what its files are called.

mod archive;

mod page;
mod paths;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use utoipa::IntoParams;

use self::page::Look;
use super::app::App;
use super::extract::{PathPart, Query, Visit};
use super::problem::Fault;
use crate::model::ids::ChannelId;
use crate::model::refusal::Refusal;
use crate::wire::problem::Problem;

/// The farthest that the time of a place is from UTC, in minutes.
const MAX_OFFSET_M: i32 = 14 * 60;

/// How a transcript writes times.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TranscriptQuery {
    /// How many minutes the times on its page are ahead of UTC, -840 to 840.
    #[serde(default)]
    offset: i32,
}

/// Make a transcript of a channel: one ZIP archive; by its hosts
///
/// It holds `index.html`, which opens without a network and without script; `messages.jsonl`, a message
/// on each line; and the files. Messages are in their present form, and those that were deleted are
/// there without their text. It is written into the log.
#[utoipa::path(post, path = "/api/channels/{id}/transcript", tag = "channels",
    params(("id" = i64, Path), TranscriptQuery),
    responses((status = 200, description = "The archive.", content_type = "application/zip"),
        (status = "default", body = Problem)))]
pub(super) async fn make_transcript(
    State(app): State<Arc<App>>,
    visit: Visit,
    PathPart(id): PathPart<i64>,
    Query(query): Query<TranscriptQuery>,
) -> Result<Response, Fault> {
    let language = visit.language();
    let actor = visit.actor.ok_or(Refusal::NotSignedIn)?;
    if query.offset.abs() > MAX_OFFSET_M {
        return Err(Refusal::Malformed { field: "offset" }.into());
    }
    let transcript = app.chat.begin_transcript(actor, ChannelId(id)).await?;
    let look = Look::new(language, query.offset, app.place_name());
    let headers = headers(&paths::archive_name(&transcript.channel.name, &look.day(transcript.at)));
    let (outgoing, body) = super::outgoing::open();
    // It ends when everything was taken, and as soon as nobody takes it.
    tokio::spawn(archive::write(Arc::clone(&app.chat), transcript, look, outgoing));
    Ok((headers, body).into_response())
}

fn headers(name: &str) -> HeaderMap {
    let name = utf8_percent_encode(name, NON_ALPHANUMERIC);
    let pairs = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    let pairs = pairs.into_iter();
    pairs.filter_map(|(name, value)| Some((name, HeaderValue::from_str(&value).ok()?))).collect()
}
