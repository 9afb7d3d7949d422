//! The way of an archive's bytes to the client: what the writer of the archive wrote is handed on in
//! pieces, and the next piece waits until the client took the one before.

use std::io::{self, Write};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::body::Body;
use bytes::Bytes;
use hyper::body::Frame;
use tokio::sync::mpsc;

/// Pieces that wait for the client.
const WAITING: usize = 1;

/// What was written and is not handed on yet. Clones are the same.
#[derive(Clone, Default)]
pub(in crate::http) struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The end of the way where bytes come in.
pub(in crate::http) struct Outgoing {
    written: Written,
    client: mpsc::Sender<io::Result<Bytes>>,
}

impl Outgoing {
    /// Where the bytes are written.
    pub(in crate::http) fn writer(&self) -> Written {
        self.written.clone()
    }

    /// Hands on what was written.
    ///
    /// # Errors
    /// When the client is gone.
    pub(in crate::http) async fn hand_on(&self) -> io::Result<()> {
        let piece = {
            let mut written = self.written.0.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *written)
        };
        if piece.is_empty() {
            return Ok(());
        }
        let sent = self.client.send(Ok(piece.into())).await;
        sent.map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    /// Ends the answer in the middle, so that the client does not take what it has for the whole.
    pub(in crate::http) async fn break_off(&self) {
        let _ = self.client.send(Err(io::ErrorKind::Interrupted.into())).await;
    }
}

/// Opens a way, and returns both ends.
pub(in crate::http) fn open() -> (Outgoing, Body) {
    let (client, pieces) = mpsc::channel(WAITING);
    (Outgoing { written: Written::default(), client }, Body::new(Pieces(pieces)))
}

struct Pieces(mpsc::Receiver<io::Result<Bytes>>);

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.0.poll_recv(cx).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}
