//! Messages.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::IntoParams;

use super::app::App;
use super::extract::{Body, PathPart, Query};
use super::problem::Fault;
use crate::chat::{self, Actor};
use crate::model::forwards::Source;
use crate::model::ids::{ChannelId, MessageKey, Number, Revision, UploadId, UserId};
use crate::model::instance::Instance;
use crate::model::messages::PageAt;
use crate::model::refusal::Refusal;
use crate::model::threads::Reply;
use crate::wire::messages::{Changes, Digest, Message, MessageDraft, MessagePage};
use crate::wire::problem::Problem;

/// The header that may carry the key of a message (IETF draft-ietf-httpapi-idempotency-key-header).
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Post a message
///
/// The same key again, however late, answers with the first message and status 200 (its tombstone
/// when it was deleted since); nothing is posted twice. The same key with another text, other files,
/// another quote, another thread or another channel is refused with `key_reused`.
///
/// A message with `forward` carries what another one says and copies of its files, which stay when that one
/// goes. Nobody is told where it stands.
#[utoipa::path(post, path = "/api/channels/{id}/messages", tag = "messages",
    params(("id" = i64, Path),
        ("Idempotency-Key" = Option<String>, Header,
            description = "A UUID that the client made for this message, in quotes or not; the \
            same as `key` in the body. Where both are given they must be equal.")),
    request_body = MessageDraft,
    responses((status = 201, body = Message), (status = 200, body = Message,
        description = "The key had posted this message before."),
        (status = "default", body = Problem)))]
pub(super) async fn post_message(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
    headers: HeaderMap,
    Body(draft): Body<MessageDraft>,
) -> Result<(StatusCode, Json<Message>), Fault> {
    let key = match sent_key(draft.key.as_deref(), &headers)? {
        Some(key) => key,
        None => app.chat.new_key()?,
    };
    let attachments = draft.attachments.iter().map(|id| UploadId::parse(id));
    let attachments: Option<Vec<UploadId>> = attachments.collect();
    let attachments = attachments.ok_or(Refusal::Malformed { field: "attachments" })?;
    let sender = draft.sender.map(|sender| chat::Sender {
        user: UserId(sender.user),
        instance: Instance { id: sender.instance, epoch: sender.epoch },
    });
    let quote = draft.quote.map(Number);
    let forward = draft.forward.map(Source::from);
    let reply = draft.thread.map(|root| Reply { root: Number(root), in_run: draft.also });
    let text = draft.text;
    let draft = chat::PostMessage { key, text, quote, forward, reply, attachments, sender };
    let posted = app.chat.post_message(&actor, ChannelId(id), draft).await?;
    let status = if posted.replayed { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json((&posted.message).into())))
}

/// The key that the client made, in the body or in the header. A key that cannot be read is refused
/// and never replaced, because its sender relies on it.
fn sent_key(body: Option<&str>, headers: &HeaderMap) -> Result<Option<MessageKey>, Fault> {
    let malformed = || Refusal::Malformed { field: "key" };
    let read = |text: &str| MessageKey::parse(text).ok_or_else(malformed);
    let mut key = body.map(read).transpose()?;
    for value in headers.get_all(IDEMPOTENCY_KEY) {
        // With or without the quotes that the specification asks for.
        let text = value.to_str().map_err(|_| malformed())?.trim().trim_matches('"');
        let header = read(text)?;
        if key.is_some_and(|key| key != header) {
            let why = "`key` and the header Idempotency-Key differ".to_owned();
            return Err(Fault::Malformed(StatusCode::BAD_REQUEST, why));
        }
        key = Some(header);
    }
    Ok(key)
}

/// Delete one's own message; a tombstone stays
#[utoipa::path(delete, path = "/api/channels/{id}/messages/{number}", tag = "messages",
    params(("id" = i64, Path), ("number" = i64, Path)),
    responses((status = 200, body = Message), (status = "default", body = Problem)))]
pub(super) async fn delete_message(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, number)): PathPart<(i64, i64)>,
) -> Result<Json<Message>, Fault> {
    let message = app.chat.delete_message(&actor, ChannelId(id), Number(number)).await?;
    Ok(Json((&message).into()))
}

/// Which messages to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MessagesQuery {
    /// The messages just before this number.
    before: Option<i64>,
    /// The messages just after this number.
    after: Option<i64>,
    /// At most this many, 1–100.
    #[serde(default = "default_page")]
    pub(super) limit: usize,
}

impl MessagesQuery {
    /// Which messages it asks for.
    ///
    /// # Errors
    /// `Malformed` when it asks for both.
    pub(super) fn at(&self) -> Result<PageAt, Refusal> {
        match (self.before, self.after) {
            (None, None) => Ok(PageAt::Newest),
            (Some(number), None) => Ok(PageAt::Before(Number(number))),
            (None, Some(number)) => Ok(PageAt::After(Number(number))),
            (Some(_), Some(_)) => Err(Refusal::Malformed { field: "after" }),
        }
    }
}

fn default_page() -> usize {
    100
}

/// A part of the channel's run: its newest messages, or those before or after a number
#[utoipa::path(get, path = "/api/channels/{id}/messages", tag = "messages",
    params(("id" = i64, Path), MessagesQuery, CountQuery),
    responses((status = 200, body = MessagePage), (status = "default", body = Problem)))]
pub(super) async fn messages(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
    Query(query): Query<MessagesQuery>,
    Query(count): Query<CountQuery>,
) -> Result<Json<MessagePage>, Fault> {
    let at = query.at()?;
    let page = app.chat.messages(&actor, ChannelId(id), at, query.limit).await?;
    let mut page = MessagePage::from(&page);
    if let Some(number) = count.count_above {
        page.above = Some(app.chat.messages_above(&actor, ChannelId(id), Number(number)).await?);
    }
    Ok(Json(page))
}

/// What else to tell of the channel.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CountQuery {
    /// Also tell how many messages stand above this number.
    count_above: Option<i64>,
}

/// Which changes to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ChangesQuery {
    /// The revision that the client has.
    since: i64,
    /// At most this many, 1–500.
    #[serde(default = "default_changes")]
    limit: usize,
}

fn default_changes() -> usize {
    500
}

/// What changed after a revision: how a client catches up
///
/// An answer holds about 1 MB at most, and never ends in the middle of a revision.
#[utoipa::path(get, path = "/api/channels/{id}/changes", tag = "messages",
    params(("id" = i64, Path), ChangesQuery),
    responses((status = 200, body = Changes), (status = "default", body = Problem)))]
pub(super) async fn changes(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
    Query(query): Query<ChangesQuery>,
) -> Result<Json<Changes>, Fault> {
    let since = Revision(query.since);
    let changes = app.chat.changes(&actor, ChannelId(id), since, query.limit).await?;
    Ok(Json((&changes).into()))
}

/// How many messages the fingerprint covers.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DigestQuery {
    /// This many of the newest messages, 1–500.
    #[serde(default = "default_page")]
    last: usize,
}

/// A fingerprint of the newest messages, for comparing what two sides hold
#[utoipa::path(get, path = "/api/channels/{id}/digest", tag = "messages",
    params(("id" = i64, Path), DigestQuery),
    responses((status = 200, body = Digest), (status = "default", body = Problem)))]
pub(super) async fn digest(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
    Query(query): Query<DigestQuery>,
) -> Result<Json<Digest>, Fault> {
    let digest = app.chat.digest(&actor, ChannelId(id), query.last).await?;
    Ok(Json((&digest).into()))
}
