//! A listener over long-polling: one request always waits for the next packets.
//!
//! All requests of a listener share one connection. What it has to say itself (the namespace,
//! an answer to a heartbeat) is posted between two polls.

use std::io::Write;

use memchr::memmem;
use mio::net::TcpStream;

use super::{Ended, first_request, read_some};
use crate::http::{self, Response};
use crate::wire::packet::{self, Packet};

/// What separates the packets of an answer.
const SEPARATOR: u8 = 0x1e;
/// Where every request goes.
const PATH: &str = "/socket.io/?EIO=4&transport=polling";

/// How far a connection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Dialling,
    Opening,
    Listening,
}

/// What the request under way is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Packets,
    Post,
}

/// A connection.
#[derive(Debug)]
pub(crate) struct Polling {
    stream: TcpStream,
    stage: Stage,
    asked: Asked,
    /// `Host` and `Cookie`, as they stand in every request.
    headers: String,
    sid: String,
    to_say: Vec<&'static str>,
    partial: Vec<u8>,
}

impl Polling {
    /// Takes a connection that is being made.
    pub(super) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            stage: Stage::Dialling,
            asked: Asked::Packets,
            headers: String::new(),
            sid: String::new(),
            to_say: Vec::new(),
            partial: Vec::new(),
        }
    }

    /// For registering it with a poll.
    pub(super) fn stream(&mut self) -> &mut TcpStream {
        &mut self.stream
    }

    /// Whether it hears events.
    pub(super) fn is_listening(&self) -> bool {
        self.stage == Stage::Listening
    }

    /// Asks for a session once the connection is there. Returns whether it was asked.
    pub(super) fn begin(&mut self, host: &str, cookie: &str) -> Result<bool, Ended> {
        if self.stage != Stage::Dialling {
            return Ok(false);
        }
        self.headers = format!("Host: {host}\r\nCookie: {cookie}\r\n");
        let request = self.request("GET", None);
        let is_asked = first_request(&mut self.stream, &request)?;
        if is_asked {
            self.stage = Stage::Opening;
        }
        Ok(is_asked)
    }

    /// Reads what is there and hands every message to `heard`.
    pub(super) fn read(
        &mut self,
        buffer: &mut [u8],
        mut heard: impl FnMut(&[u8]),
    ) -> Result<(), Ended> {
        if self.stage == Stage::Dialling {
            return Ok(());
        }
        while let Some(count) = read_some(&mut self.stream, buffer)? {
            self.partial.extend_from_slice(&buffer[..count]);
            // One request at a time, so there is at most one answer.
            if let Some((response, _)) = http::parse(&self.partial)? {
                self.partial = Vec::new();
                self.take(&response, &mut heard)?;
            }
            if count < buffer.len() {
                break;
            }
        }
        Ok(())
    }

    fn take(&mut self, response: &Response, heard: &mut impl FnMut(&[u8])) -> Result<(), Ended> {
        if response.status != 200 {
            let said = String::from_utf8_lossy(&response.body);
            return Err(Ended::NotLetIn(format!("{}: {said}", response.status)));
        }
        if self.asked == Asked::Packets {
            for packet in response.body.split(|byte| *byte == SEPARATOR) {
                self.packet(packet, heard)?;
            }
        }
        if response.closes {
            return Err(Ended::Closed);
        }
        self.ask_on()
    }

    fn packet(&mut self, payload: &[u8], heard: &mut impl FnMut(&[u8])) -> Result<(), Ended> {
        match packet::read(payload) {
            Packet::Message(message) => heard(message),
            Packet::Ping => self.to_say.push("3"),
            Packet::Open => {
                self.sid = sid(payload).unwrap_or_default();
                self.to_say.push("40/app,");
            }
            Packet::Connected => self.stage = Stage::Listening,
            Packet::Closed => return Err(Ended::Closed),
            Packet::Refused(why) => {
                return Err(Ended::Refused(String::from_utf8_lossy(why).into_owned()));
            }
            Packet::Other => {}
        }
        Ok(())
    }

    /// The next request: what there is to say, else the next poll. It is short and the socket
    /// is otherwise unused in this direction, so one that does not fit means that the server
    /// has stopped reading.
    fn ask_on(&mut self) -> Result<(), Ended> {
        let request = if self.to_say.is_empty() {
            self.asked = Asked::Packets;
            self.request("GET", None)
        } else {
            self.asked = Asked::Post;
            let body = std::mem::take(&mut self.to_say).join("\u{1e}");
            self.request("POST", Some(&body))
        };
        Ok(self.stream.write_all(&request)?)
    }

    fn request(&self, method: &str, body: Option<&str>) -> Vec<u8> {
        let Self { headers, sid, .. } = self;
        let session = if sid.is_empty() { String::new() } else { format!("&sid={sid}") };
        let mut text = format!("{method} {PATH}{session} HTTP/1.1\r\n{headers}");
        if let Some(body) = body {
            text.push_str("Content-Type: text/plain;charset=UTF-8\r\n");
            text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        } else {
            text.push_str("\r\n");
        }
        text.into_bytes()
    }
}

/// The session's id in the open packet.
fn sid(open: &[u8]) -> Option<String> {
    const NAME: &[u8] = b"\"sid\":\"";
    let from = memmem::find(open, NAME)? + NAME.len();
    let length = open.get(from..)?.iter().position(|byte| *byte == b'"')?;
    String::from_utf8(open[from..from + length].to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::io::{BufRead, BufReader, Read};
    use std::net::{Shutdown, TcpListener};

    use super::*;

    /// Answers one request after the other from a list, and returns what was asked.
    fn serve(listener: &TcpListener, mut answers: VecDeque<&str>) -> Vec<String> {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut asked = Vec::new();
        while let Some(body) = answers.pop_front() {
            let mut line = String::new();
            let mut length = 0;
            let mut first = String::new();
            while reader.read_line(&mut line).unwrap() > 2 {
                if first.is_empty() {
                    first = line.trim().to_owned();
                }
                if let Some(value) = line.strip_prefix("Content-Length: ") {
                    length = value.trim().parse().unwrap();
                }
                line.clear();
            }
            let mut said = vec![0; length];
            reader.read_exact(&mut said).unwrap();
            asked.push(format!("{first} {}", String::from_utf8(said).unwrap()));
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
            (&stream).write_all((head + body).as_bytes()).unwrap();
        }
        stream.shutdown(Shutdown::Both).unwrap();
        asked
    }

    #[test]
    fn a_listener_opens_asks_for_its_namespace_answers_heartbeats_and_polls_on() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let answers = [
            r#"0{"sid":"abc","upgrades":["websocket"]}"#,
            "ok",
            "40/app,{}",
            "42/app,[\"message\",1]\u{1e}2\u{1e}42/app,[\"message\",2]",
            "ok",
        ];
        let server = std::thread::spawn(move || serve(&listener, answers.into()));
        // Blocking reads: each returns when something came, so nothing has to be waited for.
        let mut member = Polling::new(TcpStream::from_std(stream));
        assert!(member.begin("h", "c=1").unwrap());
        let mut heard = Vec::new();
        let ended = loop {
            let mut note = |message: &[u8]| heard.push(message.to_vec());
            if let Err(ended) = member.read(&mut [0; 4096], &mut note) {
                break ended;
            }
        };
        assert!(member.is_listening());
        assert!(matches!(ended, Ended::Closed | Ended::Io(_)), "{ended}");
        assert_eq!(heard, [b"42/app,[\"message\",1]", b"42/app,[\"message\",2]"]);
        let path = |method: &str| format!("{method} {PATH}&sid=abc HTTP/1.1 ");
        let mut asked = server.join().unwrap().into_iter();
        assert_eq!(asked.next().unwrap(), format!("GET {PATH} HTTP/1.1 "));
        assert_eq!(asked.next().unwrap(), path("POST") + "40/app,");
        assert_eq!(asked.next().unwrap(), path("GET"));
        assert_eq!(asked.next().unwrap(), path("GET"));
        assert_eq!(asked.next().unwrap(), path("POST") + "3");
    }
}
