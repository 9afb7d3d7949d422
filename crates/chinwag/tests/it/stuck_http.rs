//! The HTTP twin of `stuck.rs`: clients that ask and never read, or begin to ask and never end.
//! Memory stays bounded, they lose their slots, and all others are served.

use std::net::SocketAddr;
use std::process::Command;

use futures_util::future::join_all;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpSocket, TcpStream};

use crate::app::DEADLINE;
use crate::binary::Binary;
use crate::client::Client;
use crate::process::Process;

/// How many clients connect at a time.
const AT_ONCE: usize = 50;

/// A server with these settings, and a person who is signed in.
async fn start(data: &std::path::Path, args: &[&str]) -> (Binary, Client) {
    let mut command: Command = Binary::command(data);
    command.args(args);
    let server = Binary::spawn(command);
    let mut ada = Client::new(server.address);
    assert_eq!(ada.post("/api/session", &json!({ "name": "Ada" })).await.status, 201);
    (server, ada)
}

/// Sends these bytes, and never reads.
async fn stick(server: SocketAddr, said: Vec<u8>) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut stream = socket.connect(server).await.unwrap();
    // The server may have closed the connection.
    let _ = stream.write_all(&said).await;
    stream
}

async fn stick_all(server: SocketAddr, count: usize, said: &[u8]) -> Vec<TcpStream> {
    let mut stuck = Vec::new();
    while stuck.len() < count {
        let some = AT_ONCE.min(count - stuck.len());
        stuck.extend(join_all((0..some).map(|_| stick(server, said.to_vec()))).await);
    }
    stuck
}

fn get(path: &str, client: &Client) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n\r\n", client.cookie_line())
        .into_bytes()
}

/// A message from the plain page, of which so many bytes came and a hundred did not.
fn half_form(client: &Client, length: usize) -> Vec<u8> {
    let part = b"--line\r\nContent-Disposition: form-data; name=\"msg\"\r\n\r\n";
    let mut form = format!(
        "POST /channel/general HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n\
         Content-Type: multipart/form-data; boundary=line\r\nContent-Length: {}\r\n\r\n",
        client.cookie_line(),
        part.len() + length + 100
    )
    .into_bytes();
    form.extend_from_slice(part);
    form.resize(form.len() + length, b'x');
    form
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_never_read_is_ended() {
    let data = tempfile::tempdir().unwrap();
    let (mut server, mut ada) = start(data.path(), &["--upload-stall-s", "1"]).await;
    let process = Process::of(&server);
    let path = "/api/uploads?name=large";
    let file = ada.send(hyper::Method::POST, path, "", vec![7; 20_000_000]).await.json();
    let file = format!("/files/{}/large", file["id"].as_str().unwrap());
    let sockets = process.sockets();
    let stuck = stick_all(server.address, 40, &get(&file, &ada)).await;
    process.until_sockets(sockets).await;
    assert_eq!(stuck.len(), 40, "their side was open all the time");
    // A client that reads gets all of it, even when it reads slowly.
    assert_eq!(ada.get(&file).await.body.len(), 20_000_000);
    server.kill();
}

/// Everything that takes a slot and gives nothing back: connections, heads, bodies, and answers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_nothing_gives_way() {
    let data = tempfile::tempdir().unwrap();
    let (mut server, mut ada) =
        start(data.path(), &["--limit-http-connections", "60", "--upload-stall-s", "60"]).await;
    let path = "/api/uploads?name=large";
    let file = ada.send(hyper::Method::POST, path, "", vec![7; 5_000_000]).await.json();
    let file = format!("/files/{}/large", file["id"].as_str().unwrap());
    let mut stuck = Vec::new();
    let half_head = b"GET / HTTP/1.1\r\nHost: x\r\nX-Half: ".to_vec();
    let half_body = b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                      Content-Length: 50\r\n\r\n{"
        .to_vec();
    let half_form = half_form(&ada, 1_000);
    for said in [Vec::new(), half_head, half_body, half_form, get(&file, &ada)] {
        stuck.extend(stick_all(server.address, 60, &said).await);
        // The slots are taken until the stuck clients have waited for long enough.
        let served = async {
            while ada.exchange(hyper::Method::GET, "/healthz", "", Vec::new()).await.is_err() {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(DEADLINE, served).await.expect("a slot in time");
        for _ in 0..20 {
            assert_eq!(ada.get("/healthz").await.status, 200);
        }
    }
    server.kill();
}

/// What two thousand of them, from one address, may cost the server.
const MEMORY_KB: u64 = 224 * 1_024;
/// The memory that any number of them must leave free, without what the system itself needs.
const SMALL_MACHINE_KB: u64 = 400 * 1_024;

/// Every kind of request that can be stuck, sent in part or with its answer unread.
async fn kinds(ada: &mut Client) -> Vec<Vec<u8>> {
    assert_eq!(ada.post("/api/channels", &json!({ "name": "general" })).await.status, 201);
    for _ in 0..100 {
        let body = json!({ "text": "\u{1f600}".repeat(5_000) });
        assert_eq!(ada.post("/api/channels/1/messages", &body).await.status, 201);
    }
    let answer = "/api/channels/1/messages?limit=100";
    assert!(ada.get(answer).await.body.len() > 1_000_000);
    let hello = ada.get("/socket.io/?EIO=4&transport=polling").await.text();
    let hello: serde_json::Value = serde_json::from_str(&hello[1..]).unwrap();
    let polling =
        format!("/socket.io/?EIO=4&transport=polling&sid={}", hello["sid"].as_str().unwrap());
    let head = |length: usize| {
        let mut head = b"GET / HTTP/1.1\r\nHost: x\r\nX-Half: ".to_vec();
        head.resize(length, b'x');
        head
    };
    // All but the last hundred bytes of it.
    let body = |path: &str, cookie: &str, length: usize| {
        let mut body = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\n{cookie}Content-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n\"",
            length + 100
        )
        .into_bytes();
        body.resize(body.len() + length, b'x');
        body
    };
    let cookie = format!("Cookie: {}\r\n", ada.cookie_line());
    vec![
        head(15_000),
        head(380_000),
        body("/api/session", "", 8_000),
        // A cookie that no server set.
        body("/login", "Cookie: chinwag_session=AAAA\r\n", 250_000),
        body("/api/channels", &cookie, 250_000),
        body(&polling, &cookie, 250_000),
        // One within the limit of its text, and one beyond it.
        half_form(ada, 40_000),
        half_form(ada, 250_000),
        // Several in one piece.
        get(answer, ada).repeat(3),
    ]
}

/// This many of them, while a person goes on talking; returns what they cost above the memory
/// before, in kB.
async fn cost_of(count: usize) -> (u64, u64) {
    // This process has the other side of the connections; often 1,024 files are allowed.
    rlimit::increase_nofile_limit(count as u64 + 1_000).unwrap();
    let data = tempfile::tempdir().unwrap();
    let (mut server, mut ada) = start(data.path(), &[]).await;
    let process = Process::of(&server);
    let kinds = kinds(&mut ada).await;
    let before_kb = process.memory_kb("VmRSS:");
    let mut stuck = Vec::new();
    for said in &kinds {
        stuck.extend(stick_all(server.address, count / kinds.len(), said).await);
        let mut last = String::new();
        let talks = async {
            let body = json!({ "text": "beside them" }).to_string();
            let (path, kind) = ("/api/channels/1/messages", "application/json");
            // Refused while those who came before have not waited for long.
            loop {
                match ada.exchange(hyper::Method::POST, path, kind, body.clone().into()).await {
                    Ok(reply) if reply.status == 201 => break,
                    Ok(reply) => last = reply.text(),
                    Err(error) => last = error.to_string(),
                }
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
        };
        let posted = tokio::time::timeout(DEADLINE, talks).await;
        assert!(posted.is_ok(), "no message beside {} of them: {last}", stuck.len());
    }
    let most_kb = process.memory_kb("VmHWM:");
    println!("{} stuck requests: {before_kb} kB grew to {most_kb} kB", stuck.len());
    server.kill();
    (before_kb, most_kb)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_stuck_requests_cost_little() {
    let (before_kb, most_kb) = cost_of(2_000).await;
    assert!(most_kb - before_kb < MEMORY_KB, "{before_kb} kB grew to {most_kb} kB");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a minute, and as many open files as it has connections: `make soak` runs it"]
async fn twenty_thousand_stuck_requests_do_not_bring_a_small_machine_down() {
    let (_, most_kb) = cost_of(18_000).await;
    assert!(most_kb < SMALL_MACHINE_KB, "{most_kb} kB");
}
