//! The body of an upload, read piece by piece, with a least rate.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use tokio::time::{Instant, timeout};

use super::problem::Fault;
use crate::chat;
use crate::files::Arrival;

/// The fewest bytes of the first period. With the default of 30 s a connection that brings 140
/// bytes a second is accepted that long.
const LEAST_BYTES: usize = 4 * 1024;
/// How often that minimum doubles, once each period. With the default it is 256 KiB in 30 s after
/// three minutes. A slower client is cut off now and then and continues with another request (see
/// `resumable.rs`); no client takes up an upload for hours.
const DOUBLINGS: u32 = 6;

/// A body that must make progress: in every period it ends or brings the minimum of bytes.
pub(super) struct Arriving {
    body: Body,
    arrival: Arrival,
    period: Duration,
    /// The time that is left of this period. Only waiting for the client uses it up.
    left: Duration,
    came: usize,
    periods: u32,
}

impl Arriving {
    /// Reads a body that may bring (almost) nothing for `period`; `arrival` counts it among all
    /// uploads in progress.
    pub(super) fn new(body: Body, period: Duration, arrival: Arrival) -> Self {
        Self { body, arrival, period, left: period, came: 0, periods: 0 }
    }

    /// The next bytes; `None` at the end. The future may be dropped and asked for again.
    ///
    /// # Errors
    /// When the body breaks off, is too slow, or has to give way to another upload.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Fault> {
        loop {
            let began = Instant::now();
            let frame = tokio::select! {
                biased;
                () = self.arrival.gives_way() => return Err(Fault::TooSlow),
                frame = timeout(self.left, self.body.frame()) => frame,
            };
            self.left = self.left.saturating_sub(began.elapsed());
            let Ok(frame) = frame else {
                self.end_period()?;
                continue;
            };
            let Some(frame) = frame else { return Ok(None) };
            let frame = frame.map_err(|error| {
                Fault::Chat(chat::Error::from(crate::files::Error::Broken(error.to_string())))
            })?;
            // Trailers are ignored.
            let Ok(bytes) = frame.into_data() else { continue };
            self.came += bytes.len();
            self.arrival.came(bytes.len());
            if self.left.is_zero() {
                self.end_period()?;
            }
            return Ok(Some(bytes));
        }
    }

    /// # Errors
    /// When too little came.
    fn end_period(&mut self) -> Result<(), Fault> {
        if self.came < LEAST_BYTES << self.periods.min(DOUBLINGS) {
            return Err(Fault::TooSlow);
        }
        (self.came, self.left) = (0, self.period);
        self.periods += 1;
        Ok(())
    }
}
