//! A thousand clients that connect and never read: memory stays bounded, they are closed, and the
//! clients that read lose no message and no order.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinHandle;

use crate::app::DEADLINE;
use crate::binary::Binary;
use crate::client::Client;
use crate::process::Process;
use crate::socket::Socket;

const STUCK: usize = 1_000;
/// How many of them connect at a time.
const AT_ONCE: usize = 50;
const READERS: usize = 20;
/// Messages of each part of the test; the text of each is [`TEXT`] long.
const MESSAGES: i64 = 60;
const TEXT: usize = 9_000;
/// What a thousand stuck clients may cost the server above what a thousand idle ones do. Each may
/// have 256 KiB in its queue, but what waits there is one copy for all of them, and a reference for
/// each.
const MEMORY_KB: u64 = 48 * 1_024;

/// Connects, hears the heads of the channels, and never reads again.
async fn stick(client: &Client) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut stream = socket.connect(client.address).await.unwrap();
    let request = format!(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
        client.address,
        client.cookie_line()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    // A frame with the mask zero: `40/app,`.
    stream.write_all(b"\x81\x87\x00\x00\x00\x0040/app,").await.unwrap();
    let mut seen = Vec::new();
    while !seen.windows(8).any(|part| part == b"[\"heads\"") {
        let mut part = [0; 1_024];
        let length = tokio::time::timeout(DEADLINE, stream.read(&mut part)).await.unwrap().unwrap();
        assert!(length > 0, "closed: {}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&part[..length]);
    }
    stream
}

/// The clients that read.
async fn listen(client: &Client) -> Vec<Socket> {
    let mut windows = Vec::new();
    for _ in 0..READERS {
        let mut window = Socket::open(client).await;
        window.connect("/app", None).await.unwrap();
        window.event("heads").await;
        windows.push(window);
    }
    windows
}

/// Hears `count` messages in order and without a gap; returns when each came.
fn hear(mut window: Socket, first: i64, count: i64) -> JoinHandle<(Socket, Vec<Instant>)> {
    tokio::spawn(async move {
        let mut at = Vec::new();
        for number in first..first + count {
            let heard = window.event("message").await;
            at.push(Instant::now());
            assert_eq!(heard["message"]["number"], json!(number));
        }
        (window, at)
    })
}

/// Posts messages and waits until all clients have heard them; returns the latencies, sorted.
async fn round(
    ada: &mut Client,
    channel: i64,
    windows: Vec<Socket>,
    first: i64,
) -> (Vec<Socket>, Vec<Duration>) {
    let readers: Vec<_> = windows.into_iter().map(|w| hear(w, first, MESSAGES)).collect();
    let body = json!({ "text": "x".repeat(TEXT) });
    let mut sent = Vec::new();
    for _ in 0..MESSAGES {
        sent.push(Instant::now());
        let path = format!("/api/channels/{channel}/messages");
        assert_eq!(ada.post(&path, &body).await.status, 201);
    }
    let (mut windows, mut latencies) = (Vec::new(), Vec::new());
    for reader in readers {
        let (window, heard) = reader.await.unwrap();
        latencies.extend(heard.iter().zip(&sent).map(|(heard, sent)| *heard - *sent));
        windows.push(window);
    }
    latencies.sort();
    (windows, latencies)
}

fn p99(sorted: &[Duration]) -> Duration {
    sorted[sorted.len() * 99 / 100]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_stuck_clients_harm_nobody() {
    // This process has the other side of a thousand connections; often 1,024 files are allowed.
    rlimit::increase_nofile_limit(8_192).unwrap();
    let data = tempfile::tempdir().unwrap();
    let mut server = Binary::start(data.path());
    let process = Process::of(&server);
    let mut ada = Client::new(server.address);
    assert_eq!(ada.post("/api/session", &json!({ "name": "Ada" })).await.status, 201);
    let made = ada.post("/api/channels", &json!({ "name": "general" })).await.json();
    let channel = made["id"].as_i64().unwrap();
    let windows = listen(&ada).await;
    let (windows, alone) = round(&mut ada, channel, windows, 1).await;
    let sockets = process.sockets();
    drop(windows);

    let mut stuck = Vec::new();
    while stuck.len() < STUCK {
        stuck.extend(join_all((0..AT_ONCE).map(|_| stick(&ada))).await);
    }
    // On a very slow machine the heartbeat ends the first before the last is there.
    assert!(process.sockets() > STUCK / 2, "they are there");
    let idle_kb = process.memory_kb("VmRSS:");
    let windows = listen(&ada).await;
    let begun = Instant::now();
    let (_windows, beside) = round(&mut ada, channel, windows, 1 + MESSAGES).await;
    // The listener, the readers, and what else was open before.
    process.until_sockets(sockets).await;
    let most_kb = process.memory_kb("VmHWM:");
    println!(
        "1,000 stuck clients: {} kB above {idle_kb} kB, gone after {:?}; p99 {:?} alone, {:?} beside them",
        most_kb.saturating_sub(idle_kb),
        begun.elapsed(),
        p99(&alone),
        p99(&beside)
    );
    assert!(most_kb.saturating_sub(idle_kb) < MEMORY_KB, "{idle_kb} kB grew to {most_kb} kB");
    assert_eq!(stuck.len(), STUCK, "their side was open all the time");
    server.kill();
}
