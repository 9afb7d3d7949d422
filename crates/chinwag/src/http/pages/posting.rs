//! A message from the plain page: a form, with or without files.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Form;
use axum::body::{Body, to_bytes};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::StatusCode;
use bytes::Bytes;
use hyper::body::Frame;
use serde::Deserialize;
use tokio::time::{Instant, timeout_at};

use super::address::bad_form;
use crate::chat::{Actor, Sender};
use crate::http::app::{App, BODY_LIMIT_BYTES};
use crate::http::problem::Fault;
use crate::http::route_class::is_multipart;
use crate::model::ids::{UploadId, UserId};
use crate::model::instance::Instance;
use crate::model::messages::MAX_ATTACHMENTS;
use crate::model::refusal::Refusal;

/// The fewest bytes that keep a form alive for another period.
const LEAST_BYTES: usize = 4 * 1024;

/// The most bytes of a form that are in memory: the parser would collect the head of a part,
/// however long it is.
const MOST_HELD_BYTES: usize = 1024 * 1024;

/// The fields of the form. Its key was made with the page: when the form is sent twice, the message
/// is stored once. Its sender is the person whom the page was shown to: when somebody else has
/// signed in meanwhile, the message is refused.
#[derive(Deserialize, Default)]
pub(super) struct MessageForm {
    #[serde(default)]
    pub msg: String,
    pub key: Option<String>,
    pub sender: Option<String>,
    /// The files, which have been uploaded by now.
    #[serde(skip)]
    pub files: Vec<UploadId>,
}

/// Reads the form, and stores its files.
pub(super) async fn read(
    app: &Arc<App>,
    actor: &Actor,
    request: Request,
) -> Result<MessageForm, Fault> {
    if !is_multipart(request.headers()) {
        let (parts, body) = request.into_parts();
        let bytes = to_bytes(body, BODY_LIMIT_BYTES).await.map_err(|_| too_large())?;
        let request = Request::from_parts(parts, Body::from(bytes));
        return Form::from_request(request, app).await.map(|Form(form)| form).map_err(bad_form);
    }
    let mut form = MessageForm::default();
    let read = read_parts(app, actor, request, &mut form).await;
    if read.is_err() {
        forget(app, actor, &form).await;
    }
    read.map(|()| form)
}

/// What the field `sender` of a page for this person says.
pub(super) fn sender_field(app: &App, actor: &Actor) -> String {
    let Instance { id, epoch } = app.chat.instance();
    format!("{} {id} {epoch}", actor.id().0)
}

/// Reads the field `sender`.
///
/// # Errors
/// `Malformed`.
pub(super) fn sender(field: &str) -> Result<Sender, Refusal> {
    let parse = || {
        let [user, id, epoch] = field.split(' ').collect::<Vec<_>>().try_into().ok()?;
        let instance = Instance { id: id.to_owned(), epoch: epoch.to_owned() };
        Some(Sender { user: UserId(user.parse().ok()?), instance })
    };
    parse().ok_or(Refusal::Malformed { field: "sender" })
}

/// Deletes the files of a form whose message was not posted.
pub(super) async fn forget(app: &App, actor: &Actor, form: &MessageForm) {
    for id in &form.files {
        if let Err(error) = app.chat.delete_upload(actor, *id).await {
            // The sweep removes it later.
            tracing::debug!(%error, "could not forget a file of a form");
        }
    }
}

async fn read_parts(
    app: &Arc<App>,
    actor: &Actor,
    request: Request,
    form: &mut MessageForm,
) -> Result<(), Fault> {
    let used = Arc::new(AtomicUsize::new(0));
    let request = request.map(|body| Body::new(Held { body, given: 0, used: Arc::clone(&used) }));
    let multipart = Multipart::from_request(request, app).await;
    let mut multipart = multipart
        .map_err(|rejection| Fault::Malformed(rejection.status(), rejection.body_text()))?;
    let mut pace = Pace::new(app.site.upload_stall, used);
    while let Some(field) = pace.in_time(multipart.next_field()).await?.map_err(broken)? {
        match field.name() {
            Some("msg") => form.msg = text(field, &mut pace).await?,
            Some("key") => form.key = Some(text(field, &mut pace).await?),
            Some("sender") => form.sender = Some(text(field, &mut pace).await?),
            Some("file") => {
                if let Some(id) = file(app, actor, field, &mut pace).await? {
                    form.files.push(id);
                }
                if form.files.len() > MAX_ATTACHMENTS {
                    return Err(Refusal::TooManyAttachments { max: MAX_ATTACHMENTS }.into());
                }
            }
            _ => {
                let why = "the form holds a field that is not known".to_owned();
                return Err(Fault::Malformed(StatusCode::BAD_REQUEST, why));
            }
        }
    }
    Ok(())
}

/// The text of a field, within the size limit of a form.
async fn text(mut field: Field<'_>, pace: &mut Pace) -> Result<String, Fault> {
    let mut bytes = Vec::new();
    while let Some(chunk) = pace.next(&mut field).await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > BODY_LIMIT_BYTES {
            return Err(too_large());
        }
    }
    String::from_utf8(bytes).map_err(|_| {
        Fault::Malformed(StatusCode::BAD_REQUEST, "a field of the form is not UTF-8".to_owned())
    })
}

/// Stores a file. Where no file was chosen, a browser sends a field without a file name.
async fn file(
    app: &App,
    actor: &Actor,
    mut field: Field<'_>,
    pace: &mut Pace,
) -> Result<Option<UploadId>, Fault> {
    let name = field.file_name().unwrap_or_default().to_owned();
    if name.is_empty() {
        while pace.next(&mut field).await?.is_some_and(|chunk| chunk.is_empty()) {}
        return Ok(None);
    }
    let media_type = field.content_type().map(str::to_owned);
    let mut file = app.chat.begin_upload(actor, &name, media_type.as_deref(), None).await?;
    let arrival = file.arrival();
    loop {
        let chunk = tokio::select! {
            biased;
            () = arrival.gives_way() => return Err(Fault::TooSlow),
            chunk = pace.next(&mut field) => chunk?,
        };
        let Some(chunk) = chunk else { break };
        arrival.came(chunk.len());
        file.write(chunk).await?;
    }
    Ok(Some(app.chat.finish_upload(file).await?.id))
}

/// The progress of a form: in every period it ends, or brings [`LEAST_BYTES`].
struct Pace {
    period: Duration,
    until: Instant,
    came: usize,
    /// Bytes that came out of the parser; shared with [`Held`].
    used: Arc<AtomicUsize>,
}

impl Pace {
    fn new(period: Duration, used: Arc<AtomicUsize>) -> Self {
        Self { period, until: Instant::now() + period, came: 0, used }
    }

    async fn in_time<T>(&mut self, next: impl Future<Output = T>) -> Result<T, Fault> {
        timeout_at(self.until, next).await.map_err(|_| Fault::TooSlow)
    }

    async fn next(&mut self, field: &mut Field<'_>) -> Result<Option<Bytes>, Fault> {
        let chunk = self.in_time(field.chunk()).await?.map_err(broken)?;
        let length = chunk.as_ref().map_or(0, Bytes::len);
        self.used.fetch_add(length, Ordering::Relaxed);
        self.came += length;
        if self.came >= LEAST_BYTES {
            (self.came, self.until) = (0, Instant::now() + self.period);
        }
        Ok(chunk)
    }
}

/// The body of a form on its way into the parser. It fails when the parser holds too much.
struct Held {
    body: Body,
    given: usize,
    used: Arc<AtomicUsize>,
}

impl hyper::body::Body for Held {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.given.saturating_sub(self.used.load(Ordering::Relaxed)) > MOST_HELD_BYTES {
            return Poll::Ready(Some(Err("the head of a part is too long".into())));
        }
        let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            self.given += frame.data_ref().map_or(0, Bytes::len);
        }
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }
}

/// The fault of a form that breaks off or is malformed: it is the sender's, whatever the parser
/// calls it.
fn broken(error: MultipartError) -> Fault {
    let status = Some(error.status()).filter(|status| status.is_client_error());
    Fault::Malformed(status.unwrap_or(StatusCode::BAD_REQUEST), error.body_text())
}

fn too_large() -> Fault {
    Refusal::TooLarge { max_bytes: BODY_LIMIT_BYTES as u64 }.into()
}
