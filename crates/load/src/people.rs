//! The people of a load: real accounts, signed in over the API, members of real channels.
//!
//! Everything here happens before the clock starts.

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::http::pool::{self, Answer};
use crate::http::{Request, Response};
use crate::machine;
use crate::progress::Progress;
use crate::target::Target;
use crate::wire::packet;

/// Requests under way while people sign in and join.
const WIDTH: usize = 64;
/// How the name of the session's cookie begins. The id of the installation follows.
const SESSION_COOKIE: &str = "chinwag_session";

/// One signed-in person.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// The `Cookie` header.
    pub cookie: String,
}

/// A channel as the load needs it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Channel {
    /// The server's id.
    pub id: u64,
    /// Its newest revision.
    pub revision: u64,
}

/// All people of a load and their channels: person `i` is a member of channel `i % channels`.
#[derive(Debug, Clone)]
pub(crate) struct Crowd {
    /// A number that marks the messages, names and channels of this run.
    pub run: u32,
    /// The people.
    pub people: Vec<Person>,
    /// The channels.
    pub channels: Vec<Channel>,
}

impl Crowd {
    /// Signs `members` people in and seats them in `channels` new channels.
    pub(crate) fn gather(target: &Target, members: usize, channels: usize) -> Result<Self> {
        if channels == 0 || members < channels {
            bail!("every channel needs at least one member");
        }
        let run = run_number();
        let people = sign_in(target, run, members)?;
        let channels = make_channels(target, run, &people[..channels])?;
        let crowd = Self { run, people, channels };
        crowd.join(target)?;
        Ok(crowd)
    }

    /// Which of [`Crowd::channels`] person number `person` is in.
    pub(crate) fn seat(&self, person: usize) -> usize {
        person % self.channels.len()
    }

    /// How many people are in channel number `channel`.
    pub(crate) fn members_of(&self, channel: usize) -> usize {
        (self.people.len() - channel).div_ceil(self.channels.len())
    }

    /// A member of channel number `channel`. Each `turn` gives the next member.
    pub(crate) fn member_of(&self, channel: usize, turn: u64) -> &Person {
        let turn = (turn % self.members_of(channel) as u64) as usize;
        &self.people[channel + turn * self.channels.len()]
    }

    /// Asks for the newest revision of every channel.
    pub(crate) fn refresh(&mut self, target: &Target) -> Result<()> {
        let paths: Vec<String> =
            self.channels.iter().map(|channel| format!("/api/channels/{}", channel.id)).collect();
        let requests = paths.iter().enumerate().map(|(number, path)| {
            let cookie = &self.people[number].cookie;
            Request { method: "GET", path, cookie, body: None }.encode(target.host())
        });
        let answers = ask_all(target, "looking", requests.collect())?;
        for (channel, answer) in self.channels.iter_mut().zip(answers) {
            *channel = read_channel(&answer)?;
        }
        Ok(())
    }

    /// Posts `count` messages, numbered from `first`, into the channels in turn.
    pub(crate) fn say(&self, target: &Target, first: u64, count: u64, bytes: usize) -> Result<()> {
        let channels = self.channels.len() as u64;
        let requests = (first..first + count).map(|sequence| {
            let channel = (sequence % channels) as usize;
            let path = format!("/api/channels/{}/messages", self.channels[channel].id);
            let body = packet::draft(self.run, sequence, bytes);
            let cookie = &self.member_of(channel, sequence / channels).cookie;
            Request { method: "POST", path: &path, cookie, body: Some(&body) }.encode(target.host())
        });
        ask_all(target, "posting", requests.collect()).context("posting")?;
        Ok(())
    }

    fn join(&self, target: &Target) -> Result<()> {
        let requests = self.people.iter().enumerate().map(|(number, person)| {
            let path = format!("/api/channels/{}/membership", self.channels[self.seat(number)].id);
            Request { method: "PUT", path: &path, cookie: &person.cookie, body: None }
                .encode(target.host())
        });
        ask_all(target, "joining", requests.collect()).context("joining the channels")?;
        Ok(())
    }
}

/// A number that is hardly ever the same for two runs against one server.
fn run_number() -> u32 {
    let since = machine::since_1970();
    since.subsec_nanos() ^ (since.as_secs() as u32) ^ std::process::id().rotate_left(16)
}

fn sign_in(target: &Target, run: u32, count: usize) -> Result<Vec<Person>> {
    let requests = (0..count).map(|number| {
        let body = format!(r#"{{"name":"load-{run:08x}-{number}"}}"#);
        let request =
            Request { method: "POST", path: "/api/session", cookie: "", body: Some(&body) };
        request.encode(target.host())
    });
    let answers = ask_all(target, "signing in", requests.collect())
        .context("signing in (limits per address must be off on the server under load)")?;
    answers.into_iter().map(person).collect()
}

fn person(answer: Response) -> Result<Person> {
    let cookie = answer.cookies.into_iter().find(|cookie| cookie.starts_with(SESSION_COOKIE));
    Ok(Person { cookie: cookie.context("signed in, but no session cookie came back")? })
}

/// Makes one channel for each of `founders`. A founder is in no other channel.
fn make_channels(target: &Target, run: u32, founders: &[Person]) -> Result<Vec<Channel>> {
    let requests = founders.iter().enumerate().map(|(number, founder)| {
        let body = format!(r#"{{"name":"load {run:08x} {number}"}}"#);
        let cookie = &founder.cookie;
        Request { method: "POST", path: "/api/channels", cookie, body: Some(&body) }
            .encode(target.host())
    });
    let answers =
        ask_all(target, "making channels", requests.collect()).context("making the channels")?;
    answers.iter().map(read_channel).collect()
}

fn read_channel(answer: &Response) -> Result<Channel> {
    serde_json::from_slice(&answer.body).context("the server's answer is not a channel")
}

/// Sends all requests and returns the answers in the same order. A refusal is an error.
fn ask_all(target: &Target, what: &'static str, requests: Vec<Vec<u8>>) -> Result<Vec<Response>> {
    let all = requests.len();
    let mut progress = Progress::new(what);
    let mut done = 0;
    let mut answers: Vec<Option<Response>> = requests.iter().map(|_| None).collect();
    let mut jobs = requests.into_iter().enumerate();
    let keep = |answer: Answer| {
        let Answer { job, response, .. } = answer;
        if response.status >= 300 {
            let said = String::from_utf8_lossy(&response.body);
            bail!("the server answered {}: {said}", response.status);
        }
        answers[job] = Some(response);
        done += 1;
        progress.show(|| format!("{done} of {all}"));
        Ok(())
    };
    pool::run(target, WIDTH, || jobs.next(), keep)?;
    answers.into_iter().map(|answer| answer.context("a request was not answered")).collect()
}
