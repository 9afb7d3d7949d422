//! Bodies that come late: the sender of a request is looked up again when a part of its body was
//! waited for.
//!
//! A credential is checked when the head of a request was read. Whoever sends the head alone and the
//! body after their session, their token or their visit has ended would act without a right.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

use super::problem::Fault;
use crate::chat::{self, Chat, Visitor};
use crate::model::ids::UserId;
use crate::model::refusal::Refusal;

/// Who sends a request, as its handler found out; an extension of every request with a body.
#[derive(Clone, Default)]
pub(super) struct SentBy(Arc<Sender>);

#[derive(Default)]
struct Sender {
    user: OnceLock<UserId>,
    is_over: AtomicBool,
}

/// The error of a body whose sender is signed in no longer.
#[derive(Debug, thiserror::Error)]
#[error("its sender is signed in no longer")]
struct Over;

impl SentBy {
    /// Notes whom the credential of the request signed in.
    pub(super) fn found(&self, user: UserId) {
        // A request has one credential: who was found first stays.
        let _ = self.0.user.set(user);
    }

    /// Why the body was refused; `None` when it was not.
    pub(super) fn fault(&self) -> Option<Fault> {
        self.0.is_over.load(Relaxed).then(|| Refusal::NotSignedIn.into())
    }

    /// A body whose every part that was waited for is given out only while its sender is signed in.
    pub(super) fn guard(&self, body: Body, chat: &Arc<Chat>, visitor: &Visitor) -> Body {
        let (chat, visitor) = (Arc::clone(chat), visitor.clone());
        let sender = Arc::clone(&self.0);
        Body::new(Guarded { body, chat, visitor, sender, waited: false, held: None })
    }
}

type Polled = Option<Result<Frame<Bytes>, axum::Error>>;
type Asking = Pin<Box<dyn Future<Output = chat::Result<bool>> + Send>>;

struct Guarded {
    body: Body,
    chat: Arc<Chat>,
    visitor: Visitor,
    sender: Arc<Sender>,
    /// Whether the part that comes next was waited for.
    waited: bool,
    /// A part that came late, and the question whether it is given out.
    held: Option<(Polled, Asking)>,
}

impl Guarded {
    /// Asks whether the request still comes from that person.
    fn ask(&self, user: UserId) -> Asking {
        let (chat, visitor) = (Arc::clone(&self.chat), self.visitor.clone());
        Box::pin(async move { Ok(chat.actor(&visitor).await?.is_some_and(|now| now.id() == user)) })
    }
}

impl hyper::body::Body for Guarded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Polled> {
        if self.held.is_none() {
            let polled = Pin::new(&mut self.body).poll_frame(cx);
            self.waited |= polled.is_pending();
            let frame = ready!(polled);
            let late = std::mem::take(&mut self.waited);
            match self.sender.user.get().filter(|_| late) {
                Some(user) => self.held = Some((frame, self.ask(*user))),
                None => return Poll::Ready(frame),
            }
        }
        let Some((_, asking)) = &mut self.held else { return Poll::Ready(None) };
        let answer = ready!(asking.as_mut().poll(cx));
        let frame = self.held.take().and_then(|(frame, _)| frame);
        Poll::Ready(match answer {
            Ok(true) => frame,
            Ok(false) => {
                self.sender.is_over.store(true, Relaxed);
                Some(Err(axum::Error::new(Over)))
            }
            Err(error) => Some(Err(axum::Error::new(error))),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.held.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        match &self.held {
            None => self.body.size_hint(),
            Some(_) => SizeHint::default(),
        }
    }
}
