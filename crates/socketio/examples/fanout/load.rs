//! The load: thousands of members in one thread, and the messages that they all receive.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use crate::proc;

const UPGRADE: &str = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\n\
    Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
/// Masked with zeros: `40`, `3`, `42["go"]`.
const CONNECT: &[u8] = b"\x81\x82\0\0\0\x0040";
const PONG: &[u8] = b"\x81\x81\0\0\0\x003";
const GO: &[u8] = b"\x81\x88\0\0\0\x0042[\"go\"]";

/// What a run showed.
#[derive(Default)]
pub struct Report {
    pub cpu_us_per_delivery: f64,
    /// Share of its core that the server used.
    pub core: f64,
    /// Per message, the time until the last member had it.
    last: Vec<Duration>,
}

impl Report {
    pub fn last_ms(&self, share: f64) -> f64 {
        let at = ((self.last.len() as f64 - 1.0) * share).max(0.0) as usize;
        self.last.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e3)
    }
}

pub struct Load {
    poll: Poll,
    events: Events,
    members: Vec<Member>,
    buffer: Vec<u8>,
    /// Messages received by all members together.
    received: usize,
    hub: bool,
}

struct Member {
    stream: TcpStream,
    partial: Vec<u8>,
}

impl Load {
    pub fn connect(port: u16, count: usize, hub: bool) -> io::Result<Self> {
        let mut members = Vec::with_capacity(count);
        let poll = Poll::new()?;
        for slot in 0..count {
            let stream = join(port, hub)?;
            stream.set_nonblocking(true)?;
            let mut stream = TcpStream::from_std(stream);
            poll.registry().register(&mut stream, Token(slot), Interest::READABLE)?;
            members.push(Member { stream, partial: Vec::new() });
        }
        let events = Events::with_capacity(1024);
        Ok(Self { poll, events, members, buffer: vec![0; 1 << 16], received: 0, hub })
    }

    fn ask(&mut self) -> io::Result<()> {
        let go: &[u8] = if self.hub { GO } else { b"x" };
        self.members[0].stream.write_all(go)
    }

    /// Keeps so many messages under way.
    pub fn windowed(&mut self, pid: u32, window: usize, time: Duration) -> io::Result<Report> {
        self.measure(pid, time, |sent, done, _| sent < done + window)
    }

    /// Sends so many messages a second.
    pub fn paced(&mut self, pid: u32, rate: u32, time: Duration) -> io::Result<Report> {
        self.measure(pid, time, |sent, _, elapsed| {
            (sent as f64) < elapsed.as_secs_f64() * f64::from(rate)
        })
    }

    fn measure(
        &mut self,
        pid: u32,
        time: Duration,
        due: impl Fn(usize, usize, Duration) -> bool,
    ) -> io::Result<Report> {
        // Earlier messages do not count, nor does the first second.
        let mut begun = Instant::now();
        let warm = Duration::from_secs(1);
        let (mut cpu, mut first, mut is_warm) = (0, 0, false);
        let (mut sent, mut under_way, mut last) = (0, VecDeque::new(), Vec::new());
        self.received = 0;
        while begun.elapsed() < time {
            if !is_warm && begun.elapsed() >= warm {
                (cpu, first, is_warm) = (proc::cpu_ns(pid)?, self.received, true);
                last.clear();
            }
            let done = self.received / self.members.len();
            while due(sent, done, begun.elapsed()) {
                self.ask()?;
                under_way.push_back(Instant::now());
                sent += 1;
            }
            self.receive(Duration::from_millis(1))?;
            while self.received / self.members.len() > sent - under_way.len() {
                let Some(at) = under_way.pop_front() else { break };
                last.push(at.elapsed());
            }
        }
        begun += warm;
        let cpu = (proc::cpu_ns(pid)? - cpu) as f64;
        last.sort();
        Ok(Report {
            cpu_us_per_delivery: cpu / 1e3 / (self.received - first).max(1) as f64,
            core: cpu / begun.elapsed().as_nanos() as f64,
            last,
        })
    }

    /// Only answers pings. Returns the share of a core that the server used.
    pub fn rest(&mut self, pid: u32, time: Duration) -> io::Result<f64> {
        let (begun, cpu) = (Instant::now(), proc::cpu_ns(pid)?);
        while begun.elapsed() < time {
            self.receive(Duration::from_millis(100))?;
        }
        Ok((proc::cpu_ns(pid)? - cpu) as f64 / begun.elapsed().as_nanos() as f64)
    }

    fn receive(&mut self, wait: Duration) -> io::Result<()> {
        self.poll.poll(&mut self.events, Some(wait))?;
        for event in &self.events {
            let member = &mut self.members[event.token().0];
            loop {
                match member.stream.read(&mut self.buffer) {
                    Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                    Ok(length) => {
                        self.received += member.take(&self.buffer[..length])?;
                        if length < self.buffer.len() {
                            break;
                        }
                    }
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }
}

impl Member {
    /// Counts the messages and answers the pings.
    fn take(&mut self, data: &[u8]) -> io::Result<usize> {
        let whole;
        let mut rest = if self.partial.is_empty() {
            data
        } else {
            self.partial.extend_from_slice(data);
            whole = std::mem::take(&mut self.partial);
            &whole
        };
        let mut count = 0;
        while let Some(end) = frame_end(rest) {
            if end == 3 {
                self.stream.write_all(PONG)?;
            } else {
                count += 1;
            }
            rest = &rest[end..];
        }
        self.partial = rest.to_vec();
        Ok(count)
    }
}

fn frame_end(data: &[u8]) -> Option<usize> {
    let end = match *data {
        [_, 126, high, low, ..] => 4 + usize::from(u16::from_be_bytes([high, low])),
        [_, length, ..] if length < 126 => 2 + usize::from(length),
        _ => return None,
    };
    (data.len() >= end).then_some(end)
}

/// Connects one member; on the hub it joins the namespace.
fn join(port: u16, hub: bool) -> io::Result<std::net::TcpStream> {
    let mut stream = std::net::TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    stream.set_nodelay(true)?;
    if hub {
        stream.write_all(UPGRADE.as_bytes())?;
        stream.write_all(CONNECT)?;
        let mut head = Vec::new();
        let mut byte = [0; 256];
        while !head.windows(8).any(|part| part == b"40{\"sid\"") || !head.ends_with(b"}") {
            let length = stream.read(&mut byte)?;
            if length == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            head.extend_from_slice(&byte[..length]);
        }
    }
    Ok(stream)
}
