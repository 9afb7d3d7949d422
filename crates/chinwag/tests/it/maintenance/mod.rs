//! The operator's commands, run as an operator runs them: the real binary with its output and its exit
//! code.

mod archive;
mod audit;
mod backup;
mod check;
mod hostile;
mod private;
mod start;

use std::path::Path;
use std::process::{Command, Output};

use hyper::Method;
use serde_json::{Value, json};

use crate::binary::Binary;
use crate::client::Client;

/// What a command printed, and its exit code.
struct Said {
    code: i32,
    text: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.push_str(&String::from_utf8_lossy(&output.stderr));
        Self { code: output.status.code().unwrap_or(-1), text }
    }
}

/// `chinwag` with these arguments.
fn chinwag(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chinwag"));
    command.args(args);
    command
}

fn run(args: &[&str]) -> Said {
    chinwag(args).output().unwrap().into()
}

fn check(data: &Path) -> Said {
    run(&["check", "--data", data.to_str().unwrap()])
}

/// Ada, who writes in the channel `general` of a running server.
struct Author {
    client: Client,
    channel: i64,
}

impl Author {
    async fn new(server: &Binary) -> Self {
        let mut client = Client::new(server.address);
        let reply = client.post("/api/session", &json!({ "name": "Ada" })).await;
        assert_eq!(reply.status, 201, "{}", reply.text());
        let made = client.post("/api/channels", &json!({ "name": "general" })).await;
        Self { client, channel: made.json()["id"].as_i64().unwrap() }
    }

    async fn upload(&mut self, bytes: Vec<u8>) -> Value {
        let path = "/api/uploads?name=a.txt";
        let reply = self.client.send(Method::POST, path, "text/plain", bytes).await;
        assert_eq!(reply.status, 201, "{}", reply.text());
        reply.json()
    }

    /// Posts a message, with a file if there are bytes; returns its number.
    async fn say(&mut self, text: &str, file: Option<Vec<u8>>) -> i64 {
        let mut attachments = Vec::new();
        if let Some(bytes) = file {
            attachments.push(self.upload(bytes).await["id"].clone());
        }
        let path = format!("/api/channels/{}/messages", self.channel);
        let body = json!({ "text": text, "attachments": attachments });
        let reply = self.client.post(&path, &body).await;
        assert_eq!(reply.status, 201, "{}", reply.text());
        reply.json()["number"].as_i64().unwrap()
    }

    async fn delete(&mut self, number: i64) {
        let path = format!("/api/channels/{}/messages/{number}", self.channel);
        let status = self.client.delete(&path).await.status;
        assert!((200..300).contains(&status), "{status}");
    }

    /// Every message, as a client sees it.
    async fn everything(&mut self) -> Vec<Value> {
        let (mut messages, mut since) = (Vec::new(), 0);
        loop {
            let path = format!("/api/channels/{}/changes?since={since}", self.channel);
            let changes = self.client.get(&path).await.json();
            messages.extend(changes["messages"].as_array().unwrap().iter().cloned());
            if changes["complete"] == true {
                return messages;
            }
            since = messages.last().unwrap()["revision"].as_i64().unwrap();
        }
    }
}

/// A data folder with thirty messages, three files, and no server.
async fn used() -> tempfile::TempDir {
    let data = tempfile::tempdir().unwrap();
    let server = Binary::start(data.path());
    let mut author = Author::new(&server).await;
    for n in 0..27 {
        author.say(&format!("message {n} {}", "lorem ipsum ".repeat(20)), None).await;
    }
    for n in 0..3 {
        author.say("look", Some(vec![b'0' + n; 1_000 + usize::from(n)])).await;
    }
    server.stop().await;
    data
}

/// The uploaded files of the folder, sorted.
fn files(data: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for shelf in std::fs::read_dir(data.join("files")).unwrap().flatten() {
        for entry in std::fs::read_dir(shelf.path()).into_iter().flatten().flatten() {
            found.push(entry.path());
        }
    }
    found.sort();
    found
}
