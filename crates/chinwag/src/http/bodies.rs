//! Request bodies that are read into memory: how large one may be, and how large all of them
//! together.
//!
//! The first [`SMALL_BYTES`] of every body are not counted: the number of connections bounds them,
//! so that a message or a sign-in is read whatever others send. What is larger is counted, for its
//! address and in all, until its request is answered. Uploads are streamed and have limits of their
//! own; of a form with files, what stays in memory is counted in the same way.

use std::collections::HashMap;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use axum::body::Body;
use axum::http::StatusCode;
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

use super::connections::Connection;
use super::problem::Fault;

/// Bytes that anybody may send: enough for a name and a password, and for most messages.
pub(super) const SMALL_BYTES: usize = 8 * 1024;
/// The most bytes of larger bodies that are in memory at one time.
const IN_ALL_BYTES: usize = 64 * 1024 * 1024;
/// The same for one address: a quarter, so that no address uses up all of it.
const PER_ADDRESS_BYTES: usize = IN_ALL_BYTES / 4;

/// The count of the bytes of all larger bodies.
#[derive(Default)]
pub(super) struct Bodies {
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    in_all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// What the body of one request takes; it is given back when the request is answered.
pub(super) struct Share {
    bodies: Arc<Bodies>,
    address: IpAddr,
    bytes: Mutex<usize>,
    refused: AtomicU8,
}

const TOO_LARGE: u8 = 1;
const NO_ROOM: u8 = 2;

/// The error of a body that was refused; its [`Share`] knows the reason.
#[derive(Debug, thiserror::Error)]
#[error("the body is not taken")]
struct NotTaken;

impl Bodies {
    /// Puts a bound around a body that is counted for `address`: at most `limit` bytes of it are
    /// accepted.
    pub(super) fn bound(
        self: &Arc<Self>,
        body: Body,
        address: IpAddr,
        limit: usize,
        connection: Option<Arc<Connection>>,
    ) -> (Body, Arc<Share>) {
        let share = self.share(address);
        let body = Awaited { body, connection };
        let (left, free) = (limit, SMALL_BYTES);
        (Body::new(Bounded { body, left, free, share: Arc::clone(&share) }), share)
    }

    /// What a request takes that is counted for `address`: nothing yet.
    pub(super) fn share(self: &Arc<Self>, address: IpAddr) -> Arc<Share> {
        Arc::new(Share {
            bodies: Arc::clone(self),
            address,
            bytes: Mutex::new(0),
            refused: AtomicU8::new(0),
        })
    }
}

/// A body that is streamed: nothing of it is counted, but its connection knows whether it waits for
/// more.
pub(super) fn streamed(body: Body, connection: Option<Arc<Connection>>) -> Body {
    Body::new(Awaited { body, connection })
}

impl Share {
    /// Why the body was refused; `None` when it was not.
    pub(super) fn fault(&self) -> Option<Fault> {
        match self.refused.load(Relaxed) {
            TOO_LARGE => Some(Fault::Malformed(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("its body has more than {SMALL_BYTES} bytes, and nobody is signed in"),
            )),
            NO_ROOM => Some(Fault::Crowded),
            _ => None,
        }
    }

    /// Counts that the request holds so many bytes now, of which the first [`SMALL_BYTES`] are free.
    /// Answers whether there is room for them; if not, the body is refused.
    pub(super) fn holds(&self, bytes: usize) -> bool {
        let counted = bytes.saturating_sub(SMALL_BYTES);
        let before = *self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        if counted <= before {
            self.give_back(before - counted);
            return true;
        }
        let has_room = self.take(counted - before);
        if !has_room {
            self.refused.store(NO_ROOM, Relaxed);
        }
        has_room
    }

    fn take(&self, bytes: usize) -> bool {
        let mut taken = self.bodies.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let here = taken.by_address.get(&self.address).copied().unwrap_or(0);
        if here + bytes > PER_ADDRESS_BYTES || taken.in_all + bytes > IN_ALL_BYTES {
            return false;
        }
        taken.in_all += bytes;
        taken.by_address.insert(self.address, here + bytes);
        *self.bytes.lock().unwrap_or_else(PoisonError::into_inner) += bytes;
        true
    }

    fn give_back(&self, bytes: usize) {
        if bytes == 0 {
            return;
        }
        let mut taken = self.bodies.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.in_all = taken.in_all.saturating_sub(bytes);
        if let Some(here) = taken.by_address.get_mut(&self.address) {
            *here = here.saturating_sub(bytes);
            if *here == 0 {
                taken.by_address.remove(&self.address);
            }
        }
        *self.bytes.lock().unwrap_or_else(PoisonError::into_inner) -= bytes;
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let bytes = *self.bytes.get_mut().unwrap_or_else(PoisonError::into_inner);
        self.give_back(bytes);
    }
}

/// A body with a bound.
struct Bounded {
    body: Awaited,
    left: usize,
    free: usize,
    share: Arc<Share>,
}

/// A body that tells its connection whether the rest of it has yet to come.
struct Awaited {
    body: Body,
    connection: Option<Arc<Connection>>,
}

impl Awaited {
    fn note(&self, awaits: bool) {
        if let Some(connection) = &self.connection {
            connection.awaits_body(awaits);
        }
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        self.note(false);
    }
}

impl hyper::body::Body for Awaited {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        self.note(polled.is_pending());
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl hyper::body::Body for Bounded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        let length = match &frame {
            Some(Ok(frame)) => frame.data_ref().map_or(0, Bytes::len),
            _ => return Poll::Ready(frame),
        };
        let counted = length.saturating_sub(self.free);
        self.free -= length - counted;
        let refused = match self.left.checked_sub(length) {
            None => TOO_LARGE,
            Some(_) if counted > 0 && !self.share.take(counted) => NO_ROOM,
            Some(left) => {
                self.left = left;
                return Poll::Ready(frame);
            }
        };
        self.share.refused.store(refused, Relaxed);
        Poll::Ready(Some(Err(axum::Error::new(NotTaken))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    const A: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 1));
    const B: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 2));

    async fn collect(body: Body) -> Result<usize, axum::Error> {
        Ok(body.collect().await?.to_bytes().len())
    }

    fn of(length: usize) -> Body {
        Body::from(vec![7; length])
    }

    #[tokio::test]
    async fn a_body_is_bounded_by_itself() {
        let bodies = Arc::new(Bodies::default());
        let (body, share) = bodies.bound(of(SMALL_BYTES), A, SMALL_BYTES, None);
        assert_eq!(collect(body).await.unwrap(), SMALL_BYTES);
        assert!(share.fault().is_none());
        let (body, share) = bodies.bound(of(SMALL_BYTES + 1), A, SMALL_BYTES, None);
        assert!(collect(body).await.is_err());
        assert!(matches!(share.fault(), Some(Fault::Malformed(StatusCode::PAYLOAD_TOO_LARGE, _))));
    }

    #[tokio::test]
    async fn large_bodies_are_bounded_together_and_small_ones_always_come_through() {
        let bodies = Arc::new(Bodies::default());
        let (body, first) = bodies.bound(of(PER_ADDRESS_BYTES), A, usize::MAX, None);
        assert!(collect(body).await.is_ok());
        let (body, second) = bodies.bound(of(2 * SMALL_BYTES), A, usize::MAX, None);
        assert!(collect(body).await.is_ok(), "the first bytes of each are free");
        let (body, third) = bodies.bound(of(SMALL_BYTES + 1), A, usize::MAX, None);
        assert!(collect(body).await.is_err());
        assert!(matches!(third.fault(), Some(Fault::Crowded)));
        let (body, _small) = bodies.bound(of(SMALL_BYTES), A, usize::MAX, None);
        assert!(collect(body).await.is_ok());
        let (body, _other) = bodies.bound(of(PER_ADDRESS_BYTES), B, usize::MAX, None);
        assert!(collect(body).await.is_ok(), "another address has its own");
        drop(first);
        let (body, _again) = bodies.bound(of(PER_ADDRESS_BYTES / 2), A, usize::MAX, None);
        assert!(collect(body).await.is_ok(), "it is given back");
        drop((second, third));
    }

    #[tokio::test]
    async fn a_body_that_comes_in_pieces_is_bounded_as_a_whole() {
        let in_pieces = |count: usize| {
            let piece = Bytes::from(vec![7; SMALL_BYTES]);
            Body::from_stream(futures_util::stream::iter(vec![
                Ok::<_, std::convert::Infallible>(
                    piece
                );
                count
            ]))
        };
        let bodies = Arc::new(Bodies::default());
        let (body, share) = bodies.bound(in_pieces(2), A, 2 * SMALL_BYTES - 1, None);
        assert!(collect(body).await.is_err());
        assert!(matches!(share.fault(), Some(Fault::Malformed(StatusCode::PAYLOAD_TOO_LARGE, _))));
        let (body, share) = bodies.bound(in_pieces(3), A, usize::MAX, None);
        assert_eq!(collect(body).await.unwrap(), 3 * SMALL_BYTES);
        assert_eq!(*share.bytes.lock().unwrap(), 2 * SMALL_BYTES, "only the first piece is free");
    }

    #[tokio::test]
    async fn all_addresses_together_have_a_bound() {
        let bodies = Arc::new(Bodies::default());
        let address = |last: u8| IpAddr::from([203, 0, 113, last]);
        let mut shares = Vec::new();
        for last in 1..=4 {
            let (body, share) =
                bodies.bound(of(PER_ADDRESS_BYTES + SMALL_BYTES), address(last), usize::MAX, None);
            assert!(collect(body).await.is_ok(), "{last}");
            shares.push(share);
        }
        let (body, refused) = bodies.bound(of(SMALL_BYTES + 1), address(5), usize::MAX, None);
        assert!(collect(body).await.is_err());
        assert!(matches!(refused.fault(), Some(Fault::Crowded)));
        shares.pop();
        let (body, _again) = bodies.bound(of(SMALL_BYTES + 1), address(5), usize::MAX, None);
        assert!(collect(body).await.is_ok(), "it is given back for all as well");
    }

    #[test]
    fn what_a_form_holds_is_counted_with_them_and_given_back() {
        let bodies = Arc::new(Bodies::default());
        let (first, second) = (bodies.share(A), bodies.share(A));
        assert!(first.holds(PER_ADDRESS_BYTES + SMALL_BYTES));
        assert!(second.holds(SMALL_BYTES) && second.fault().is_none());
        assert!(!second.holds(SMALL_BYTES + 1));
        assert!(matches!(second.fault(), Some(Fault::Crowded)));
        assert!(first.holds(SMALL_BYTES) && second.holds(PER_ADDRESS_BYTES));
        drop((first, second));
        let taken = bodies.taken.lock().unwrap();
        assert!(taken.in_all == 0 && taken.by_address.is_empty());
    }
}
