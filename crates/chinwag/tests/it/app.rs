//! A whole server for one test: a fresh data folder, a free port, real HTTP and real sockets.
//!
//! `TestApp::start()` runs the product in this process; `app.user("Ada")` is a person with a cookie
//! jar. Every wait is for an event, with a deadline.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chinwag::FirstPath;
use chinwag::clock::{Clock, SystemClock};
use chinwag::config::{Cli, Command, Config};
use clap::Parser as _;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::client::{Client, Reply};
use crate::socket::Socket;

/// How long a test waits for anything at all. It is ample: a busy machine is slow, and a fault
/// never ends.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// A running server.
pub struct TestApp {
    pub address: SocketAddr,
    /// The path that makes the first owner, if there was none at the start.
    pub first: Option<String>,
    data: Arc<tempfile::TempDir>,
    args: Vec<String>,
    clock: Arc<dyn Clock>,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl TestApp {
    /// Starts with the defaults, except for limits that a fast test would reach.
    pub async fn start() -> Self {
        let limits = ["messages", "new-channels", "commands", "topics"];
        let off = limits.map(|limit| format!("--limit-{limit}=0"));
        Self::start_with(&off.each_ref().map(String::as_str)).await
    }

    /// Starts with these arguments of `serve`.
    pub async fn start_with(args: &[&str]) -> Self {
        Self::start_by(Arc::new(SystemClock), args).await
    }

    /// Starts with these clocks.
    pub async fn start_by(clock: Arc<dyn Clock>, args: &[&str]) -> Self {
        let data = Arc::new(tempfile::tempdir().unwrap());
        Self::launch(data, args.iter().map(|arg| (*arg).to_owned()).collect(), clock).await
    }

    async fn launch(
        data: Arc<tempfile::TempDir>,
        args: Vec<String>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let config = config(data.path().to_owned(), &args);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, is_ready) = oneshot::channel();
        let clocks = Arc::clone(&clock);
        let task = tokio::spawn(async move {
            let ready = |first| {
                let _ = ready.send(first);
            };
            let stop = async { drop(stopped.await) };
            chinwag::run_by(clocks, config, listener, ready, stop).await.expect("the server runs");
        });
        let first = is_ready.await.expect("the server starts");
        let first = first.map(|FirstPath(path)| path);
        Self { address, first, data, args, clock, stop: Some(stop), task: Some(task) }
    }

    /// Stops, and starts again on the same data (with another port).
    pub async fn restart(mut self) -> Self {
        self.stop().await;
        Self::launch(Arc::clone(&self.data), self.args.clone(), Arc::clone(&self.clock)).await
    }

    /// Gives people roles by hand, and starts again; everybody has to follow to the new address. Roles in
    /// charge need a password, which is set before.
    pub async fn with_roles(mut self, roles: &mut [(&mut User, &str)]) -> Self {
        for (user, role) in roles.iter_mut().filter(|(_, role)| *role != "guest") {
            let new = serde_json::json!({ "new": "correct horse" });
            let reply = user.client.put("/api/me/password", &new).await;
            assert_eq!(reply.status, 204, "{role}: {}", reply.text());
        }
        self.stop().await;
        let db = rusqlite::Connection::open(self.data().join("chinwag.db")).unwrap();
        for (user, role) in roles.iter() {
            db.execute("UPDATE users SET role = ?2 WHERE id = ?1", (user.id, role)).unwrap();
        }
        // A row that was changed by another hand is found by the sums, which are made anew without these.
        db.execute("DELETE FROM sums", []).unwrap();
        drop(db);
        let app = self.restart().await;
        for (user, _) in roles.iter_mut() {
            user.client.address = app.address;
        }
        app
    }

    /// Stops as on SIGTERM, and waits for the end.
    pub async fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(task) = self.task.take() {
            tokio::time::timeout(DEADLINE, task).await.expect("stops in time").unwrap();
        }
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.data.path().to_owned()
    }

    /// A browser that nobody has used.
    pub fn browser(&self) -> Client {
        Client::new(self.address)
    }

    /// The owner: whoever opened the address that the server printed. Somebody new comes in in that way.
    pub async fn owner(&self, name: &str, way_in: &str) -> User {
        let mut client = self.browser();
        let first = self.first.clone().expect("there is no owner yet");
        let fields = [
            ("place", "Harbour Works"),
            ("name", name),
            ("password", "correct horse"),
            ("way_in", way_in),
        ];
        let reply = client.form(&first, &fields).await;
        assert_eq!(reply.status, 303, "{}", reply.text());
        let id = client.get("/api/me").await.json()["id"].as_i64().unwrap();
        User { client, id, name: name.to_owned() }
    }

    /// A person who took that name in a browser of their own.
    pub async fn user(&self, name: &str) -> User {
        let mut client = self.browser();
        let reply = client.post("/api/session", &serde_json::json!({ "name": name })).await;
        assert_eq!(reply.status, 201, "{}", reply.text());
        User { client, id: reply.json()["id"].as_i64().unwrap(), name: name.to_owned() }
    }
}

/// The settings of a server on that data folder, with these arguments of `serve`.
pub fn config(data: PathBuf, args: &[String]) -> Config {
    let data = data.to_str().unwrap().to_owned();
    let head = ["chinwag", "serve", "--data", &data].map(str::to_owned);
    match Cli::try_parse_from(head.iter().chain(args)).unwrap().command {
        Command::Serve(mut config) => {
            config.program = Some(env!("CARGO_BIN_EXE_chinwag").into());
            *config
        }
        _ => unreachable!("the arguments say serve"),
    }
}

/// Somebody who is signed in.
pub struct User {
    pub client: Client,
    pub id: i64,
    pub name: String,
}

impl User {
    /// Makes a channel, and returns its id.
    pub async fn channel(&mut self, name: &str) -> i64 {
        let body = serde_json::json!({ "name": name });
        let reply = self.client.post("/api/channels", &body).await;
        assert_eq!(reply.status, 201, "{}", reply.text());
        reply.json()["id"].as_i64().unwrap()
    }

    /// Joins a channel.
    pub async fn join(&mut self, channel: i64) {
        let reply =
            self.client.put(&format!("/api/channels/{channel}/membership"), &Value::Null).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
    }

    /// Posts a message, and returns it.
    pub async fn say(&mut self, channel: i64, text: &str) -> Value {
        let reply = self.post(channel, &serde_json::json!({ "text": text })).await;
        assert_eq!(reply.status, 201, "{}", reply.text());
        reply.json()
    }

    /// Posts that body as a message.
    pub async fn post(&mut self, channel: i64, body: &Value) -> Reply {
        self.client.post(&format!("/api/channels/{channel}/messages"), body).await
    }

    /// Connects to `/app`, and takes the `heads` that come first.
    pub async fn listen(&self) -> Socket {
        let mut socket = Socket::open(&self.client).await;
        socket.connect("/app", None).await.expect("they may connect");
        socket.event("heads").await;
        socket
    }

    /// Connects to the classic namespace.
    pub async fn listen_classic(&self) -> Socket {
        let mut socket = Socket::open(&self.client).await;
        socket.connect("/", None).await.expect("they may connect");
        socket
    }
}
