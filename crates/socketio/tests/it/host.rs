//! A server to test: the handlers of the public suites, and some events of our own.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::request::Parts;
use serde_json::Value;
use socketio::{
    Config, ConnectError, DisconnectMode, DisconnectReason, Emitter, Event, Frame, Handler,
    Refusal, Server, Socket, Target,
};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinHandle;

use crate::suite;

/// The time after which a test gives up and fails.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// What the handler saw, in order.
#[derive(Default)]
pub struct Log {
    lines: Mutex<Vec<String>>,
    grown: Notify,
}

impl Log {
    pub fn push(&self, line: String) {
        self.lines.lock().expect("no panic under it").push(line);
        self.grown.notify_waiters();
    }

    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().expect("no panic under it").clone()
    }

    /// Waits until the log satisfies a condition. Returns the log.
    pub async fn until(&self, done: impl Fn(&[String]) -> bool) -> Vec<String> {
        let wait = async {
            loop {
                let grown = self.grown.notified();
                let lines = self.lines();
                if done(&lines) {
                    return lines;
                }
                grown.await;
            }
        };
        tokio::time::timeout(DEADLINE, wait)
            .await
            .unwrap_or_else(|_| panic!("the log stayed at {:?}", self.lines()))
    }
}

/// The handler.
pub struct Host {
    pub log: Log,
    /// Lets `slow` events and the namespace `/gated` go on.
    pub gate: Semaphore,
    pub emitter: Mutex<Option<Emitter>>,
}

/// The host's session: the cookie that the client came with.
pub struct Visitor {
    pub cookie: String,
}

fn cookie(parts: &Parts) -> String {
    let cookie = parts.headers.get("cookie").and_then(|value| value.to_str().ok());
    cookie.unwrap_or_default().to_owned()
}

impl Host {
    pub fn emitter(&self) -> Emitter {
        self.emitter.lock().expect("no panic under it").clone().expect("set at the start")
    }

    async fn pass_gate(&self) {
        self.gate.acquire().await.expect("never closed").forget();
    }
}

fn text(event: &Event, index: usize) -> &str {
    event.args.get(index).and_then(Value::as_str).unwrap_or_default()
}

/// The event as it came, under another name.
fn echo(namespace: &str, name: &str, event: &Event) -> Frame {
    let args: Vec<String> = event.args.iter().map(Value::to_string).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    Frame::event_with_attachments(namespace, name, &args, &event.attachments)
}

impl Handler for Host {
    type Session = Visitor;

    async fn handshake(&self, parts: &Parts, _: IpAddr) -> Result<Visitor, Refusal> {
        match parts.headers.get("x-refuse") {
            Some(_) => Err(Refusal::forbidden("not today")),
            None => Ok(Visitor { cookie: cookie(parts) }),
        }
    }

    fn same_client(&self, session: &Visitor, parts: &Parts) -> bool {
        session.cookie == cookie(parts)
    }

    async fn connect(&self, socket: Socket<Self>, auth: Value) -> Result<(), ConnectError> {
        let namespace = socket.namespace().to_owned();
        match namespace.as_str() {
            "/" | "/custom" | "/gated" | "/a" | "/b" => {}
            "/data" => {
                return Err(ConnectError { message: "no".into(), data: Some(auth) });
            }
            _ => return Err(ConnectError::invalid_namespace()),
        }
        for room in auth["rooms"].as_array().into_iter().flatten() {
            socket.join(room.as_str().unwrap_or_default());
        }
        if namespace == "/gated" {
            self.log.push("at the gate".to_owned());
            self.pass_gate().await;
        }
        socket.emit(Frame::event(&namespace, "auth", &[&auth.to_string()]));
        self.log.push(format!("connect {namespace}"));
        Ok(())
    }

    async fn event(&self, socket: Socket<Self>, event: Event) {
        let namespace = socket.namespace().to_owned();
        match event.name.as_str() {
            "message" => socket.emit(echo(&namespace, "message-back", &event)),
            "message-with-ack" => {
                if let Some(ack) = event.ack {
                    ack.send_with_attachments(&event.args, &event.attachments);
                }
            }
            "ask-me" => {
                let answer = socket.emit_with_ack("question", &["1"], DEADLINE).await;
                let args = Value::from(answer.unwrap_or_default()).to_string();
                socket.emit(Frame::event(&namespace, "answered", &[&args]));
            }
            "id" => {
                let id = format!("\"{}\"", socket.id());
                socket.emit(Frame::event(&namespace, "id", &[&id]));
            }
            "join" => socket.join(text(&event, 0)),
            "leave" => socket.leave(text(&event, 0)),
            "say" => {
                let to = Target::namespace(namespace.as_str()).room(text(&event, 0));
                self.emitter().emit(&to, echo(&namespace, "said", &event));
            }
            "note" => self.log.push(format!("note {}", text(&event, 0))),
            "slow" => {
                self.log.push(format!("slow {}", text(&event, 0)));
                self.pass_gate().await;
            }
            "panic" => panic!("as the test asked"),
            "leave-me" => socket.disconnect(DisconnectMode::Namespace),
            "cut-me" => socket.disconnect(DisconnectMode::Connection),
            _ => {}
        }
    }

    fn disconnect(&self, socket: Socket<Self>, reason: DisconnectReason) {
        self.log.push(format!("disconnect {} {reason}", socket.namespace()));
    }
}

/// A running server.
pub struct TestServer {
    pub address: SocketAddr,
    pub server: Server<Host>,
    pub host: Arc<Host>,
    task: JoinHandle<()>,
}

/// Heartbeats that come often, and may be answered late because the machine may be busy.
pub fn brisk_config() -> Config {
    Config {
        ping_interval: Duration::from_millis(200),
        ping_timeout: DEADLINE,
        ..Config::default()
    }
}

impl TestServer {
    /// A server with default settings: no heartbeat comes during a test.
    pub async fn start() -> Self {
        Self::with(Config::default()).await
    }

    pub async fn with(config: Config) -> Self {
        let host = Arc::new(Host {
            log: Log::default(),
            gate: Semaphore::new(0),
            emitter: Mutex::default(),
        });
        let server = Server::start(config.clone(), Arc::clone(&host)).expect("a server");
        *host.emitter.lock().expect("no panic under it") = Some(server.emitter());
        let app = suite::router(server.clone(), config).expect("a server");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let service = app.into_make_service_with_connect_info::<SocketAddr>();
        let task = tokio::spawn(async move {
            axum::serve(listener, service).await.expect("serving");
        });
        Self { address, server, host, task }
    }

    /// Everybody in a room of `/`.
    pub fn emit(&self, room: &str, name: &str, args: &[&str]) {
        let to = Target::namespace("/").room(room);
        self.server.emitter().emit(&to, Frame::event("/", name, args));
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
