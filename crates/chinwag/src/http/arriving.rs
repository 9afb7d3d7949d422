//! The body of an upload, as it comes: each piece in its time.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use tokio::time::{Instant, timeout_at};

use super::problem::Fault;
use crate::chat;

/// The fewest bytes that keep an upload alive for another period: with the 30 s of the default, a
/// line that brings 140 bytes a second is still a line.
const LEAST_BYTES: usize = 4 * 1024;

/// A body that must not stand still: in every period it ends, or brings [`LEAST_BYTES`].
pub(super) struct Arriving {
    body: Body,
    period: Duration,
    until: Instant,
    came: usize,
}

impl Arriving {
    /// Reads a body that may bring (almost) nothing for `period`.
    pub(super) fn new(body: Body, period: Duration) -> Self {
        Self { body, period, until: Instant::now() + period, came: 0 }
    }

    /// The next bytes; `None` at the end. May be given up and asked again.
    ///
    /// # Errors
    /// When it breaks off, or is too slow.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Fault> {
        loop {
            let frame = timeout_at(self.until, self.body.frame()).await;
            let Some(frame) = frame.map_err(|_| Fault::TooSlow)? else { return Ok(None) };
            let frame = frame.map_err(|error| {
                Fault::Chat(chat::Error::from(crate::files::Error::Broken(error.to_string())))
            })?;
            // Trailers say nothing here.
            let Ok(bytes) = frame.into_data() else { continue };
            self.came += bytes.len();
            if self.came >= LEAST_BYTES {
                (self.came, self.until) = (0, Instant::now() + self.period);
            }
            return Ok(Some(bytes));
        }
    }
}
