//! How much memory and how many connections a request takes, from its head to the end of its
//! answer.

use std::sync::Arc;

use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use axum::http::{Method, header};
use axum::response::{IntoResponse as _, Response};

use super::app::App;
use super::bodies::{SMALL_BYTES, Share, streamed};
use super::connections::Connection;
use super::end_of_body::with_end;
use super::header_text::text;
use super::late::SentBy;
use super::problem::Fault;
use super::route_class::{is_socket, is_streamed};
use crate::chat::Visitor;
use crate::model::addresses::block;
use crate::model::refusal::Refusal;

/// Bytes in memory of an answer that is read from the disk while it is sent: one piece that was
/// read, one that waits to be written, and one that is being read.
const STREAM_BYTES: usize = 3 * super::downloads::CHUNK_BYTES;
/// Seconds after which a client behind a proxy that has too many requests in progress may try
/// again.
const RETRY_S: u64 = 1;

/// Marks an answer whose body is part of the program: it takes no memory, however many clients read
/// it.
#[derive(Clone, Copy)]
pub(super) struct Weightless;

/// A request that was admitted.
pub(super) struct Admitted {
    share: Option<Arc<Share>>,
    sent_by: Option<SentBy>,
}

/// Admits a request, with a bound around its body.
///
/// # Errors
/// When its address has too many requests in progress.
pub(super) async fn admit(
    app: &App,
    request: &mut Request,
    visitor: &Visitor,
    connection: Option<&Arc<Connection>>,
) -> Result<Admitted, Fault> {
    let address = block(visitor.address);
    if connection.is_some_and(|connection| connection.is_for(address).is_err()) {
        return Err(Refusal::TooMany { retry_after_s: RETRY_S }.into());
    }
    let path = request.uri().path();
    if request.body().is_end_stream() {
        return Ok(Admitted { share: None, sent_by: None });
    }
    // A socket ends by itself when its session does.
    let sent_by = (!is_socket(path)).then(SentBy::default);
    // Uploads are streamed, and have limits of their own.
    if is_streamed(path, request.headers()) {
        let body = streamed(std::mem::take(request.body_mut()), connection.cloned());
        guard(app, request, visitor, body, sent_by.as_ref());
        return Ok(Admitted { share: None, sent_by });
    }
    let may_be_large =
        request.body().size_hint().upper().is_none_or(|bytes| bytes > SMALL_BYTES as u64);
    // A socket finds out by itself who connects.
    let is_known = !may_be_large || is_socket(path) || app.chat.actor(visitor).await?.is_some();
    let limit = if is_known { usize::MAX } else { SMALL_BYTES };
    let body = std::mem::take(request.body_mut());
    let (body, share) = app.bodies.bound(body, address, limit, connection.cloned());
    guard(app, request, visitor, body, sent_by.as_ref());
    Ok(Admitted { share: Some(share), sent_by })
}

/// Gives a request that body, which is asked again who sends it.
fn guard(
    app: &App,
    request: &mut Request,
    visitor: &Visitor,
    body: Body,
    sent_by: Option<&SentBy>,
) {
    *request.body_mut() = match sent_by {
        Some(sent_by) => sent_by.guard(body, &app.chat, visitor),
        None => body,
    };
    if let Some(sent_by) = sent_by {
        request.extensions_mut().insert(sent_by.clone());
    }
}

impl Admitted {
    /// The answer, unless the body was refused.
    pub(super) fn settle(self, response: Response) -> Response {
        let over = self.sent_by.and_then(|sent_by| sent_by.fault());
        match over.or_else(|| self.share.and_then(|share| share.fault())) {
            Some(fault) => fault.into_response(),
            None => response,
        }
    }
}

/// Counts what an answer keeps in memory while its client reads it.
///
/// # Errors
/// When the answers of all connections take too much; this one is given up.
pub(super) fn weigh(response: &Response, connection: &Connection) -> Result<(), Fault> {
    let exact = response.body().size_hint().exact().and_then(|bytes| usize::try_from(bytes).ok());
    let weight = match response.extensions().get::<Weightless>() {
        Some(_) => 0,
        None => exact.unwrap_or(STREAM_BYTES),
    };
    connection.keeps(weight).map_err(|_| Fault::Crowded)
}

/// Follows an answer until its client has it.
pub(super) fn follow(
    mut response: Response,
    method: &Method,
    connection: Option<&Arc<Connection>>,
) -> Response {
    let Some(connection) = connection else { return response };
    let announced = text(response.headers(), header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.parse().ok());
    let owed = response.body().size_hint().exact().or(announced);
    match owed {
        _ if *method == Method::HEAD => connection.owes(0),
        Some(bytes) => connection.owes(bytes),
        None => {
            connection.owes(u64::MAX);
            let connection = Arc::clone(connection);
            let body = std::mem::take(response.body_mut());
            *response.body_mut() = with_end(body, move || connection.rests());
        }
    }
    response
}
