//! A message from the plain page: a form, with or without files.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
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
use crate::chat::{Actor, Visitor};
use crate::http::app::{App, BODY_LIMIT_BYTES};
use crate::http::bodies::Share;
use crate::http::problem::Fault;
use crate::http::route_class::is_multipart;
use crate::model::addresses::block;
use crate::model::ids::{Number, UploadId};
use crate::model::messages::MAX_ATTACHMENTS;
use crate::model::refusal::Refusal;
use crate::model::text::{MessageText, TextProblem};

/// The fewest bytes that keep a form alive for another period.
const LEAST_BYTES: usize = 4 * 1024;

/// The most bytes of a text: the longest one in characters of four bytes, and white space around it.
const TEXT_BYTES: usize = 4 * MessageText::MAX + 8 * 1024;
/// The most bytes of the other fields: a key is a UUID, a sender two ids of 32 digits and a number.
const FIELD_BYTES: usize = 128;
/// The most bytes that the parser collects before it finds the end of a part's head.
const HEAD_BYTES: usize = 8 * 1024;

/// The fields of the form. Its key was made with the page: when the form is sent twice, the message
/// is stored once. Its sender is the person whom the page was shown to: when somebody else has
/// signed in meanwhile, the message is refused.
#[derive(Deserialize, Default)]
pub(super) struct MessageForm {
    #[serde(default)]
    pub msg: String,
    pub key: Option<String>,
    pub sender: Option<String>,
    /// The number of the message that it quotes; may be empty.
    pub quote: Option<String>,
    /// The message that begins the thread, when it is a reply.
    pub thread: Option<i64>,
    /// Whether a reply goes to the channel too: the value of a box, which is sent only when it is checked.
    pub also: Option<String>,
    /// The files, which have been uploaded by now.
    #[serde(skip)]
    pub files: Vec<UploadId>,
    /// What the form takes of the memory for all bodies, for as long as it lives.
    #[serde(skip)]
    _share: Option<Arc<Share>>,
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
    let Some(visitor) = request.extensions().get::<Visitor>() else {
        return Err(Refusal::NotSignedIn.into());
    };
    let share = app.bodies.share(block(visitor.address));
    let mut form = MessageForm { _share: Some(Arc::clone(&share)), ..MessageForm::default() };
    let read = read_parts(app, actor, request, &mut form, &share).await;
    if read.is_err() {
        forget(app, actor, &form).await;
    }
    match share.fault() {
        Some(fault) if read.is_err() => Err(fault),
        _ => read.map(|()| form),
    }
}

/// Reads the field `quote`.
///
/// # Errors
/// `Malformed`.
pub(super) fn quote(field: Option<&str>) -> Result<Option<Number>, Refusal> {
    let field = field.filter(|field| !field.is_empty());
    let number =
        field.map(|field| field.parse().map_err(|_| Refusal::Malformed { field: "quote" }));
    Ok(number.transpose()?.map(Number))
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
    share: &Arc<Share>,
) -> Result<(), Fault> {
    let memory = Arc::new(Memory::default());
    let request = request
        .map(|body| Body::new(Fed { body, memory: Arc::clone(&memory), share: Arc::clone(share) }));
    let multipart = Multipart::from_request(request, app).await;
    let mut multipart = multipart
        .map_err(|rejection| Fault::Malformed(rejection.status(), rejection.body_text()))?;
    let mut pace = Pace::new(app.site.upload_stall, memory);
    while let Some(field) = pace.in_time(multipart.next_field()).await?.map_err(broken)? {
        pace.memory.goes_on();
        match field.name() {
            Some("msg") => {
                let text = text(field, TEXT_BYTES, &mut pace).await?;
                let too_long = TextProblem::TooLong { max: MessageText::MAX };
                form.msg = text.ok_or(Refusal::Text(too_long))?;
            }
            Some("key") => {
                let key = text(field, FIELD_BYTES, &mut pace).await?;
                form.key = Some(key.ok_or(Refusal::Malformed { field: "key" })?);
            }
            Some("sender") => {
                let sender = text(field, FIELD_BYTES, &mut pace).await?;
                form.sender = Some(sender.ok_or(Refusal::Malformed { field: "sender" })?);
            }
            Some("quote") => {
                let quote = text(field, FIELD_BYTES, &mut pace).await?;
                form.quote = Some(quote.ok_or(Refusal::Malformed { field: "quote" })?);
            }
            Some("thread") => {
                let malformed = Refusal::Malformed { field: "thread" };
                let root = text(field, FIELD_BYTES, &mut pace).await?;
                let root = root.and_then(|root| root.parse().ok());
                form.thread = Some(root.ok_or(malformed)?);
            }
            Some("also") => form.also = text(field, FIELD_BYTES, &mut pace).await?,
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

/// The text of a field; `None` when it has more than `most` bytes, or all fields together have more
/// than they need.
async fn text(mut field: Field<'_>, most: usize, pace: &mut Pace) -> Result<Option<String>, Fault> {
    let mut bytes = Vec::new();
    while let Some(chunk) = pace.next(&mut field).await? {
        bytes.extend_from_slice(&chunk);
        let kept = pace.memory.kept.fetch_add(chunk.len(), Relaxed) + chunk.len();
        if bytes.len() > most || kept > TEXT_BYTES + 5 * FIELD_BYTES {
            return Ok(None);
        }
    }
    String::from_utf8(bytes).map(Some).map_err(|_| {
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
    /// Shared with [`Fed`].
    memory: Arc<Memory>,
}

impl Pace {
    fn new(period: Duration, memory: Arc<Memory>) -> Self {
        Self { period, until: Instant::now() + period, came: 0, memory }
    }

    async fn in_time<T>(&mut self, next: impl Future<Output = T>) -> Result<T, Fault> {
        timeout_at(self.until, next).await.map_err(|_| Fault::TooSlow)
    }

    async fn next(&mut self, field: &mut Field<'_>) -> Result<Option<Bytes>, Fault> {
        let chunk = self.in_time(field.chunk()).await?.map_err(broken)?;
        let length = chunk.as_ref().map_or(0, Bytes::len);
        self.memory.goes_on();
        self.came += length;
        if self.came >= LEAST_BYTES {
            (self.came, self.until) = (0, Instant::now() + self.period);
        }
        Ok(chunk)
    }
}

/// What a form has in memory, in bytes.
#[derive(Default)]
struct Memory {
    /// The texts of its fields.
    kept: AtomicUsize,
    /// What the parser was given since anything last came out of it.
    held: AtomicUsize,
    /// The parser has looked at all that it was given, and nothing came out.
    needs_more: AtomicBool,
}

impl Memory {
    /// Notes that a field or a piece of one came out of the parser.
    fn goes_on(&self) {
        self.held.store(0, Relaxed);
        self.needs_more.store(false, Relaxed);
    }
}

/// The body of a form on its way into the parser, which collects all that it can get: it is given
/// one frame at a time, and only when it found nothing in those before. So it never holds more than
/// the head of a part and a frame.
struct Fed {
    body: Body,
    memory: Arc<Memory>,
    share: Arc<Share>,
}

impl hyper::body::Body for Fed {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if !self.memory.needs_more.swap(true, Relaxed) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let held = self.memory.held.load(Relaxed);
        if held > HEAD_BYTES {
            return Poll::Ready(Some(Err("the head of a part is too long".into())));
        }
        if !self.share.holds(self.memory.kept.load(Relaxed) + held) {
            return Poll::Ready(Some(Err("there is no room for the form".into())));
        }
        let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            self.memory.held.fetch_add(frame.data_ref().map_or(0, Bytes::len), Relaxed);
            self.memory.needs_more.store(false, Relaxed);
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
