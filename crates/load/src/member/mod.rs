//! One listening connection, over WebSocket ([`websocket`]) or long-polling ([`polling`]).
//!
//! A member owns the socket; its transport turns bytes into messages and answers, and what is said
//! over either transport is a [`conversation`]. No member owns a read buffer.

mod conversation;
mod polling;
mod websocket;

use std::io::{self, Read, Write};

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use crate::readiness::{self, not_yet};
use crate::target::Target;
use crate::wire::frame;

pub(crate) use conversation::Ended;
use polling::Polling;
use websocket::WebSocket;
pub(crate) use websocket::upgrade_request;

/// The protocol that a listener speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Engine.IO and Socket.IO over WebSocket: events come after a handshake of their own.
    SocketIo,
    /// The same over long-polling, and never upgraded.
    Polling,
    /// Messages alone over WebSocket, from the first frame on.
    Plain,
}

/// A connection.
#[derive(Debug)]
pub(crate) struct Member {
    stream: TcpStream,
    /// The first request has been sent.
    has_asked: bool,
    transport: Transport,
}

#[derive(Debug)]
enum Transport {
    WebSocket(WebSocket),
    Polling(Polling),
}

impl Member {
    /// Starts to connect, as the connection number `number` of this process, and reports its events
    /// under `token`.
    pub(crate) fn dial(
        target: &Target,
        dialect: Dialect,
        number: usize,
        registry: &Registry,
        token: Token,
    ) -> io::Result<Self> {
        let mut member = Self::new(target.dial(number)?, dialect);
        readiness::register(registry, &mut member.stream, token)?;
        Ok(member)
    }

    fn new(stream: TcpStream, dialect: Dialect) -> Self {
        let transport = match dialect {
            Dialect::Polling => Transport::Polling(Polling::new()),
            Dialect::SocketIo => Transport::WebSocket(WebSocket::new(false)),
            Dialect::Plain => Transport::WebSocket(WebSocket::new(true)),
        };
        Self { stream, has_asked: false, transport }
    }

    /// Reports no more events of this connection.
    pub(crate) fn deregister(&mut self, registry: &Registry) {
        // Closing tells the server; an error here has nothing left to say.
        let _ = registry.deregister(&mut self.stream);
    }

    /// Whether it hears events.
    pub(crate) fn is_listening(&self) -> bool {
        match &self.transport {
            Transport::WebSocket(it) => it.conversation.is_listening,
            Transport::Polling(it) => it.conversation.is_listening,
        }
    }

    /// Sends the first request as soon as the connection is made. From then on only what comes in is
    /// reported: events for free room in the socket would be noise.
    pub(crate) fn begin(
        &mut self,
        host: &str,
        cookie: &str,
        registry: &Registry,
        token: Token,
    ) -> Result<(), Ended> {
        if self.ask(host, cookie)? {
            registry.reregister(&mut self.stream, token, Interest::READABLE)?;
        }
        Ok(())
    }

    /// Sends the first request if the connection is made. Returns whether it was sent just now.
    fn ask(&mut self, host: &str, cookie: &str) -> Result<bool, Ended> {
        if self.has_asked {
            return Ok(false);
        }
        if let Some(error) = self.stream.take_error()? {
            return Err(error.into());
        }
        let request = match &mut self.transport {
            Transport::WebSocket(_) => upgrade_request(host, cookie),
            Transport::Polling(it) => it.first_request(host, cookie),
        };
        match self.stream.write(request.as_bytes()) {
            Ok(count) if count == request.len() => self.has_asked = true,
            Ok(_) => {
                return Err(Ended::NotLetIn("the request did not fit into the socket".to_owned()));
            }
            Err(error) if not_yet(&error) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(self.has_asked)
    }

    /// Says an event on the namespace `/app`, with that JSON, over WebSocket.
    pub(crate) fn say(&mut self, event: &str, json: &str) -> io::Result<()> {
        self.stream.write_all(&frame::client_text(&format!("42/app,[\"{event}\",{json}]")))
    }

    /// Reads what is there, hands every message to `heard`, and answers. `buffer` is lent by the
    /// thread.
    ///
    /// A read that did not fill the buffer has emptied the socket, so that the usual event costs one
    /// system call.
    pub(crate) fn read(
        &mut self,
        buffer: &mut [u8],
        mut heard: impl FnMut(&[u8]),
    ) -> Result<(), Ended> {
        if !self.has_asked {
            return Ok(());
        }
        // Most events are messages and want no answer: then nothing is allocated.
        let mut answers = Vec::new();
        loop {
            let count = match self.stream.read(buffer) {
                Ok(0) => return Err(Ended::Closed),
                Ok(count) => count,
                Err(error) if not_yet(&error) => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            match &mut self.transport {
                Transport::WebSocket(it) => it.take(&buffer[..count], &mut heard, &mut answers)?,
                Transport::Polling(it) => it.take(&buffer[..count], &mut heard, &mut answers)?,
            }
            // Answers are short and the socket is otherwise unused in this direction, so one that
            // does not fit means that the server has stopped reading.
            self.stream.write_all(&answers)?;
            answers.clear();
            if count < buffer.len() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::io::{BufRead, BufReader};
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
        let mut member = Member::new(TcpStream::from_std(stream), Dialect::Polling);
        assert!(member.ask("h", "c=1").unwrap());
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
        let path = |method: &str| format!("{method} {}&sid=abc HTTP/1.1 ", polling::PATH);
        let mut asked = server.join().unwrap().into_iter();
        assert_eq!(asked.next().unwrap(), format!("GET {} HTTP/1.1 ", polling::PATH));
        assert_eq!(asked.next().unwrap(), path("POST") + "40/app,");
        assert_eq!(asked.next().unwrap(), path("GET"));
        assert_eq!(asked.next().unwrap(), path("GET"));
        assert_eq!(asked.next().unwrap(), path("POST") + "3");
    }
}
