//! A file that somebody is still reading when they lose the right to it.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::app::{TestApp, User};

/// More than what waits in the buffers of a connection.
const LARGE: usize = 24 * 1_024 * 1_024;

/// A download of which the beginning was read.
struct Begun {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Begun {
    async fn of(user: &User, path: &str) -> Self {
        let mut stream = TcpStream::connect(user.client.address).await.unwrap();
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nConnection: close\r\n\r\n",
            user.client.address,
            user.client.cookie_line()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = vec![0; 64 * 1_024];
        stream.read_exact(&mut answer).await.unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{path}");
        Self { stream, answer }
    }

    /// How many bytes come in all.
    async fn rest(mut self) -> usize {
        // Where it was broken off, reading ends in an error or not, as it happens.
        let _ = self.stream.read_to_end(&mut self.answer).await;
        self.answer.len()
    }
}

#[tokio::test]
async fn whoever_loses_the_right_gets_no_more_of_a_file() {
    let app = TestApp::start().await;
    let (mut ada, mut owner) = (app.user("Ada").await, app.in_charge("Olu", "owner").await);
    let mut readers = Vec::new();
    for name in ["Bob", "Cy", "Dee", "Eve"] {
        readers.push(app.user(name).await);
    }
    let people: Vec<i64> = readers.iter().map(|reader| reader.id).collect();
    let draft = json!({ "name": "plans", "kind": "private", "people": people });
    let plans = ada.client.post("/api/channels", &draft).await.json()["id"].as_i64().unwrap();
    let sent = ada.upload("large.bin", "text/plain", vec![7; LARGE]).await.json();
    let with_file = json!({ "text": "large", "attachments": [sent["id"]] });
    assert_eq!(ada.post(plans, &with_file).await.status, 201);
    let path = format!("/files/{}/large.bin", sent["id"].as_str().unwrap());

    let mut begun = Vec::new();
    for reader in &readers {
        begun.push(Begun::of(reader, &path).await);
    }
    // One is taken out, one deactivated, one signed out, and one goes on.
    let out = format!("/api/channels/{plans}/members/{}", readers[0].id);
    assert_eq!(ada.client.delete(&out).await.status, 204);
    let deactivated = format!("/api/people/{}/deactivated", readers[1].id);
    assert_eq!(owner.client.put(&deactivated, &Value::Null).await.status, 204);
    assert_eq!(readers[2].client.delete("/api/session").await.status, 204);
    for (reader, begun) in readers.iter().zip(begun) {
        let came = begun.rest().await;
        match reader.name.as_str() {
            "Eve" => assert!(came > LARGE, "{came} bytes: whoever may read it reads all of it"),
            name => assert!(came < LARGE, "{name} got {came} bytes"),
        }
    }
}
