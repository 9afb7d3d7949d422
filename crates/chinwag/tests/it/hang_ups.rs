//! Clients that hang up, after every byte of what they have to say: nothing is kept of them.

use futures_util::future::join_all;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::binary::Binary;
use crate::client::Client;
use crate::process::Process;

/// What the server may keep after all of them, for what it learned on the way.
const MEMORY_KB: u64 = 24 * 1_024;
/// Connections at one time.
const AT_ONCE: usize = 32;

/// One of each kind of request.
fn requests(cookie: &str, polling: &str) -> Vec<Vec<u8>> {
    let head = |line: &str, more: &str| {
        format!("{line} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n{more}\r\n").into_bytes()
    };
    let with = |mut head: Vec<u8>, body: &[u8]| {
        head.extend_from_slice(body);
        head
    };
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
    let text = br#"{"text":"half of this is never said"}"#;
    let messages = "POST /api/channels/1/messages";
    let json = "Content-Type: application/json\r\n";
    vec![
        head("GET /api/state", ""),
        head("GET /", "Accept-Encoding: gzip\r\n"),
        with(head(messages, &format!("{json}Content-Length: {}\r\n", text.len())), text),
        with(
            head(messages, &format!("{json}Transfer-Encoding: chunked\r\n")),
            b"9\r\n{\"text\":\"\r\n2\r\nx\"\r\n1\r\n}\r\n0\r\n\r\n",
        ),
        with(head("POST /api/uploads?name=x", "Content-Length: 40\r\n"), &[7; 40]),
        // A handshake, a frame with the mask zero that connects, and the first half of another.
        with(
            head("GET /socket.io/?EIO=4&transport=websocket", upgrade),
            b"\x81\x87\x00\x00\x00\x0040/app,\x81\x87\x00\x00",
        ),
        with(head(&format!("POST {polling}"), "Content-Length: 7\r\n"), b"40/app,"),
        // Two in one piece.
        [head("GET /api/me", ""), head("GET /healthz", "")].concat(),
    ]
}

async fn hang_up(server: std::net::SocketAddr, said: Vec<u8>, is_polite: bool) {
    let mut stream = TcpStream::connect(server).await.unwrap();
    stream.write_all(&said).await.unwrap();
    if is_polite {
        let _ = stream.shutdown().await;
    } else {
        stream.set_zero_linger().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hang_up_after_every_byte_leaves_nothing_behind() {
    let data = tempfile::tempdir().unwrap();
    let mut server = Binary::start(data.path());
    let process = Process::of(&server);
    let mut ada = Client::new(server.address);
    assert_eq!(ada.post("/api/session", &json!({ "name": "Ada" })).await.status, 201);
    assert_eq!(ada.post("/api/channels", &json!({ "name": "general" })).await.status, 201);
    let sockets = process.sockets();

    let mut before_kb = 0;
    // The first round is for what grows once.
    for round in 0..2 {
        let hello = ada.get("/socket.io/?EIO=4&transport=polling").await.text();
        let hello: serde_json::Value = serde_json::from_str(&hello[1..]).unwrap();
        let sid = hello["sid"].as_str().unwrap();
        let polling = format!("/socket.io/?EIO=4&transport=polling&sid={sid}");
        for request in requests(&ada.cookie_line(), &polling) {
            let cuts: Vec<usize> = (1..=request.len()).collect();
            for some in cuts.chunks(AT_ONCE) {
                let all = some
                    .iter()
                    .map(|cut| hang_up(server.address, request[..*cut].to_vec(), cut % 2 == 0));
                join_all(all).await;
            }
        }
        process.until_sockets(sockets).await;
        assert_eq!(ada.get("/healthz").await.text(), "ok\n", "round {round}");
        if round == 0 {
            before_kb = process.memory_kb("VmRSS:");
        }
    }
    let after_kb = process.memory_kb("VmRSS:");
    assert!(after_kb < before_kb + MEMORY_KB, "{before_kb} kB grew to {after_kb} kB");
    // What was said whole was done, and what was cut was not.
    let messages = ada.get("/api/channels/1/messages").await.json();
    let texts = messages["messages"].as_array().unwrap();
    assert!(texts.iter().all(|m| m["text"] == "half of this is never said" || m["text"] == "x"));
    assert_eq!(unfinished(data.path()), Vec::<String>::new(), "no part of a file is left");
    server.kill();
}

/// What is left of files that did not arrive.
fn unfinished(data: &std::path::Path) -> Vec<String> {
    let incoming = std::fs::read_dir(data.join("files/incoming")).unwrap();
    incoming.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}
