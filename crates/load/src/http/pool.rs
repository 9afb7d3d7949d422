//! A closed loop over many lanes: every lane sends the next request as soon as it has the answer to
//! the one before.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use mio::{Events, Poll, Token};

use super::Response;
use super::lane::Lane;
use crate::readiness;
use crate::target::Target;

/// If no answer at all comes for this long, the server is stuck.
const SILENCE: Duration = Duration::from_secs(30);

/// One answered request.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The number that came with the request.
    pub job: usize,
    /// The server's answer.
    pub response: Response,
    /// From the first byte written to the last byte read.
    pub took: Duration,
}

/// Sends the requests that `next` gives over `width` connections until it gives no more, and hands
/// every answer to `done`. A broken connection is an error: no server under load may drop a request.
pub(crate) fn run(
    target: &Target,
    width: usize,
    mut next: impl FnMut() -> Option<(usize, Vec<u8>)>,
    mut done: impl FnMut(Answer) -> Result<()>,
) -> Result<()> {
    let mut poll = Poll::new()?;
    let registry = poll.registry().try_clone()?;
    let open =
        |number| Lane::open(target, number, &registry, Token(number)).context("cannot connect");
    let mut events = Events::with_capacity(256);
    let mut lanes = Vec::new();
    let mut waiting = 0;
    while lanes.len() < width {
        let Some(job) = next() else { break };
        let mut lane = open(lanes.len())?;
        let started = start(&mut lane, &job.1)?;
        lanes.push((lane, job.0, started));
        waiting += 1;
    }
    while waiting > 0 {
        readiness::wait(&mut poll, &mut events, Some(SILENCE))?;
        if events.is_empty() {
            bail!("the server has not answered for {} s", SILENCE.as_secs());
        }
        for event in &events {
            let number = event.token().0;
            let (lane, job, started) = &mut lanes[number];
            let answer = lane.advance().with_context(|| format!("request {job}"));
            // The server may close an idle lane: no request is lost.
            if !lane.is_busy() && !matches!(answer, Ok(Some(_))) {
                continue;
            }
            let Some(response) = answer? else { continue };
            let closes = response.closes;
            done(Answer { job: *job, response, took: started.elapsed() })?;
            if closes {
                *lane = open(number)?;
            }
            match next() {
                Some((next_job, request)) => {
                    *job = next_job;
                    *started = start(lane, &request)?;
                }
                None => waiting -= 1,
            }
        }
    }
    Ok(())
}

fn start(lane: &mut Lane, request: &[u8]) -> Result<Instant> {
    let started = Instant::now();
    lane.send(request).context("cannot send")?;
    Ok(started)
}
