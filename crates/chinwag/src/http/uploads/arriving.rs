//! The body of an upload, read as it comes, with a least pace.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use tokio::time::{Instant, timeout};

use crate::chat;
use crate::files::{self, Arrival};
use crate::http::problem::Fault;

/// The fewest bytes of the first period. With the default period of 30 s, a line that brings 140
/// bytes a second is fast enough for that long.
const LEAST_BYTES: usize = 4 * 1024;
/// How often [`LEAST_BYTES`] doubles, once a period. With the default period, the least is 256 KiB
/// in 30 s after three minutes. A request over a slower line is ended, and its sender goes on from
/// there by another request (see `resumable.rs`); so nobody holds a place for hours.
const DOUBLINGS: u32 = 6;

/// A body that must not stand still: in every period it ends, or brings the least of that period.
pub(super) struct Arriving {
    body: Body,
    arrival: Arrival,
    period: Duration,
    /// The rest of this period. Only time spent waiting for the client counts.
    left: Duration,
    came: usize,
    periods: u32,
}

impl Arriving {
    /// Reads a body that may bring (almost) nothing for `period`, and whose file has that place
    /// among all that arrive.
    pub(super) fn new(body: Body, period: Duration, arrival: Arrival) -> Self {
        Self { body, arrival, period, left: period, came: 0, periods: 0 }
    }

    /// The next bytes; `None` at the end. A call that is dropped loses nothing.
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
                Fault::Chat(chat::Error::from(files::Error::Broken(error.to_string())))
            })?;
            // Trailers mean nothing here.
            let Ok(bytes) = frame.into_data() else { continue };
            self.came += bytes.len();
            self.arrival.came(bytes.len());
            if self.left.is_zero() {
                self.end_period()?;
            }
            return Ok(Some(bytes));
        }
    }

    /// Begins the next period.
    ///
    /// # Errors
    /// When too little came in this one.
    fn end_period(&mut self) -> Result<(), Fault> {
        if self.came < LEAST_BYTES << self.periods.min(DOUBLINGS) {
            return Err(Fault::TooSlow);
        }
        (self.came, self.left) = (0, self.period);
        self.periods += 1;
        Ok(())
    }
}
