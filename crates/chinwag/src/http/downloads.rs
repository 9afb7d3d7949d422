//! Files on their way to a reader, who is looked up again while they read.
//!
//! A right is checked when a download begins, and a large file takes a slow reader hours. Whoever is taken
//! out, deactivated or signed out meanwhile gets no more of it than a piece.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use hyper::body::Frame;
use tokio::fs::File;
use tokio::io::Take;
use tokio::time::Instant;
use tokio_util::io::poll_read_buf;

use crate::chat::{self, Chat, Visitor};
use crate::model::ids::{UploadId, UserId};

/// The size of the buffer for one reader of a file, in bytes.
pub(super) const CHUNK_BYTES: usize = 32 * 1024;
/// How many bytes are given out before the reader is looked up again.
const PIECE_BYTES: usize = 1024 * 1024;
/// How long a reader takes what they have before they are looked up again, also for less than a piece.
const PIECE_TIME: Duration = Duration::from_secs(5);

/// Who reads which file.
pub(super) struct Reader {
    /// What their request showed of them.
    pub visitor: Visitor,
    /// Who they were when they began.
    pub user: UserId,
    pub file: UploadId,
}

/// The bytes of a file, as long as its reader may read it. Then the answer is broken off.
pub(super) fn body(chat: Arc<Chat>, reader: Reader, bytes: Take<File>) -> Body {
    let since = (0, Instant::now());
    let (reader, buffer) = (Arc::new(reader), BytesMut::new());
    Body::new(Download { chat, reader, bytes, buffer, since, asking: None })
}

type Asking = Pin<Box<dyn Future<Output = chat::Result<bool>> + Send>>;

struct Download {
    chat: Arc<Chat>,
    reader: Arc<Reader>,
    bytes: Take<File>,
    buffer: BytesMut,
    /// How much was given out since the reader was looked up, and when that was.
    since: (usize, Instant),
    /// The question whether they may still read it.
    asking: Option<Asking>,
}

impl Download {
    fn ask(&self) -> Asking {
        let (chat, reader) = (Arc::clone(&self.chat), Arc::clone(&self.reader));
        Box::pin(async move { chat.still_reads(&reader.visitor, reader.user, reader.file).await })
    }
}

impl hyper::body::Body for Download {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let (given, at) = self.since;
        if self.asking.is_none() && (given >= PIECE_BYTES || at.elapsed() >= PIECE_TIME) {
            self.asking = Some(self.ask());
        }
        if let Some(asking) = &mut self.asking {
            let answer = ready!(asking.as_mut().poll(cx));
            self.asking = None;
            match answer {
                Ok(true) => self.since = (0, Instant::now()),
                Ok(false) => return Poll::Ready(Some(Err(io::ErrorKind::PermissionDenied.into()))),
                Err(error) => return Poll::Ready(Some(Err(io::Error::other(error)))),
            }
        }
        let Self { bytes, buffer, .. } = &mut *self;
        buffer.reserve(CHUNK_BYTES);
        match ready!(poll_read_buf(Pin::new(bytes), cx, buffer)) {
            Ok(0) => Poll::Ready(None),
            Ok(count) => {
                self.since.0 += count;
                Poll::Ready(Some(Ok(Frame::data(self.buffer.split().freeze()))))
            }
            Err(error) => Poll::Ready(Some(Err(error))),
        }
    }
}
