//! One person who comes back: they dial, are let in, fetch what they missed, and listen.

use std::io;

use mio::{Poll, Token};
use serde::Deserialize;
use thiserror::Error;

use crate::http::lane::{Lane, LaneError};
use crate::http::{Request, Response};
use crate::member::{Dialect, Ended, Member};
use crate::target::Target;

/// Tokens per comer: one for the socket, one for the request.
pub(super) const TOKENS: usize = 2;

/// Why an attempt came to nothing.
#[derive(Debug, Error)]
pub(super) enum Failure {
    /// The socket failed.
    #[error("socket: {0}")]
    Socket(#[from] Ended),
    /// The request for what was missed failed.
    #[error("changes: {0}")]
    Lane(#[from] LaneError),
    /// That request could not be made.
    #[error("changes: {0}")]
    Io(#[from] io::Error),
    /// The server refused that request.
    #[error("changes: answered {status}: {said}")]
    Refused { status: u16, said: String },
    /// Its answer was not as expected.
    #[error("changes: {0}")]
    Unreadable(#[from] serde_json::Error),
}

impl Failure {
    /// Whether the server refused the attempt, and was not just unreachable.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(self, Self::Socket(Ended::NotLetIn(_) | Ended::Refused(_)) | Self::Refused { .. })
    }
}

/// What an event led to.
pub(super) enum Step {
    /// It goes on.
    Goes,
    /// The person is connected and has what they missed.
    Current {
        /// How many messages were fetched.
        fetched: u64,
    },
}

/// What a comer needs to know for its next step.
pub(super) struct Way<'a> {
    pub(super) target: &'a Target,
    pub(super) poll: &'a Poll,
    pub(super) token: Token,
    pub(super) cookie: &'a str,
    pub(super) channel: u64,
    pub(super) since: u64,
}

/// The answer to the request for changes.
#[derive(Debug, Deserialize)]
struct Changes {
    messages: Vec<Changed>,
    complete: bool,
}

/// One message of that answer.
#[derive(Debug, Deserialize)]
struct Changed {
    revision: u64,
}

/// One of the herd.
#[derive(Debug)]
pub(super) struct Comer {
    member: Option<Member>,
    lane: Option<Lane>,
    is_asked: bool,
    is_current: bool,
    fetched: u64,
    /// Attempts that came to nothing.
    pub(super) attempts: u32,
    /// Messages heard while connected.
    pub(super) heard: u64,
}

impl Comer {
    /// A person who is away.
    pub(super) fn new() -> Self {
        Self {
            member: None,
            lane: None,
            is_asked: false,
            is_current: false,
            fetched: 0,
            attempts: 0,
            heard: 0,
        }
    }

    /// Whether the person has everything.
    pub(super) fn is_current(&self) -> bool {
        self.is_current
    }

    /// Starts an attempt.
    pub(super) fn dial(&mut self, poll: &Poll, target: &Target, number: usize) -> io::Result<()> {
        let (registry, token) = (poll.registry(), Token(number * TOKENS));
        self.member = Some(Member::dial(target, Dialect::SocketIo, number, registry, token)?);
        Ok(())
    }

    /// Ends an attempt.
    pub(super) fn forget(&mut self, poll: &Poll) {
        if let Some(mut member) = self.member.take() {
            member.deregister(poll.registry());
        }
        self.lane = None;
        (self.is_asked, self.is_current, self.fetched) = (false, false, 0);
    }

    /// Does what one of its two connections is ready for.
    pub(super) fn advance(&mut self, way: &Way<'_>, buffer: &mut [u8]) -> Result<Step, Failure> {
        if way.token.0.is_multiple_of(TOKENS) {
            self.listen(way, buffer)
        } else {
            self.catch_up(way)
        }
    }

    fn listen(&mut self, way: &Way<'_>, buffer: &mut [u8]) -> Result<Step, Failure> {
        let Some(member) = &mut self.member else { return Ok(Step::Goes) };
        member.begin(way.target.host(), way.cookie, way.poll.registry(), way.token)?;
        let heard = &mut self.heard;
        member.read(buffer, |_| *heard += 1)?;
        if member.is_listening() && !self.is_asked {
            self.is_asked = true;
            self.ask(way, way.since)?;
        }
        Ok(Step::Goes)
    }

    fn ask(&mut self, way: &Way<'_>, since: u64) -> Result<(), Failure> {
        let token = Token(way.token.0 / TOKENS * TOKENS + 1);
        if self.lane.is_none() {
            let number = token.0 / TOKENS;
            self.lane = Some(Lane::open(way.target, number, way.poll.registry(), token)?);
        }
        let path = format!("/api/channels/{}/changes?since={since}", way.channel);
        let request = Request { method: "GET", path: &path, cookie: way.cookie, body: None };
        if let Some(lane) = &mut self.lane {
            lane.send(&request.encode(way.target.host()))?;
        }
        Ok(())
    }

    fn catch_up(&mut self, way: &Way<'_>) -> Result<Step, Failure> {
        let Some(lane) = &mut self.lane else { return Ok(Step::Goes) };
        let Some(response) = lane.advance()? else { return Ok(Step::Goes) };
        let changes = read(&response)?;
        self.fetched += changes.messages.len() as u64;
        if let Some(last) = changes.messages.last()
            && !changes.complete
        {
            self.ask(way, last.revision)?;
            return Ok(Step::Goes);
        }
        self.lane = None;
        self.is_current = true;
        Ok(Step::Current { fetched: self.fetched })
    }
}

fn read(response: &Response) -> Result<Changes, Failure> {
    if response.status != 200 {
        let said = String::from_utf8_lossy(&response.body).into_owned();
        return Err(Failure::Refused { status: response.status, said });
    }
    Ok(serde_json::from_slice(&response.body)?)
}
