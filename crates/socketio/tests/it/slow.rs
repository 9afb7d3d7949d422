//! Slow readers and busy handlers: what they hold is bounded, and no other connection is harmed.

use std::time::Duration;

use socketio::Config;

use crate::client::{Poller, WebSocket, soon};
use crate::host::TestServer;

/// A kilobyte of JSON.
fn kilobyte() -> String {
    format!("\"{}\"", "x".repeat(1_000))
}

/// Waits until nothing is queued. The counter changes right after the last write, not before it.
async fn queues_are_freed(server: &TestServer) {
    let freed = async {
        while server.server.stats().queued_bytes > 0 {
            tokio::task::yield_now().await;
        }
    };
    soon("the queues to be freed", freed).await;
}

#[tokio::test]
async fn a_reader_that_does_not_read_is_closed_while_others_go_on() {
    let server = TestServer::start().await;
    let mut quick = WebSocket::in_rooms(&server, &["c"]).await;
    let mut slow = WebSocket::in_rooms(&server, &["c"]).await;
    let slow_poller = Poller::connect(&server).await;
    assert_eq!(slow_poller.post(r#"42["join","c"]"#).await.status, 200);
    assert_eq!(slow_poller.post(r#"42["note","joined"]"#).await.status, 200);
    server.host.log.until(|log| log.contains(&"note joined".to_owned())).await;
    let text = kilobyte();
    let mut sent = 0;
    while server.server.stats().closed_slow < 2 {
        server.emit("c", "n", &[&text]);
        sent += 1;
        assert!(quick.text().await.starts_with(r#"42["n","#));
        assert!(sent < 20_000, "a slow reader took 20 MB");
    }
    slow.closed().await;
    assert_eq!(slow_poller.poll().await.status, 400);
    let slow_ends = |log: &[String]| {
        log.iter().filter(|line| *line == "disconnect / reads too slowly").count() == 2
    };
    server.host.log.until(slow_ends).await;
    queues_are_freed(&server).await;
    quick.send(r#"42["message",1]"#).await;
    assert_eq!(quick.text().await, r#"42["message-back",1]"#);
}

#[tokio::test]
async fn what_a_connection_cannot_take_at_once_arrives_in_order_later() {
    let server = TestServer::start().await;
    let mut socket = WebSocket::in_rooms(&server, &["c"]).await;
    let text = kilobyte();
    // More than a send buffer holds, and less than a queue holds.
    for n in 0..250 {
        server.emit("c", "n", &[&n.to_string(), &text]);
    }
    for n in 0..250 {
        assert_eq!(socket.text().await, format!(r#"42["n",{n},{text}]"#));
    }
    queues_are_freed(&server).await;
}

#[tokio::test]
async fn one_frame_larger_than_the_queue_is_sent() {
    let server = TestServer::start().await;
    let mut socket = WebSocket::in_rooms(&server, &["c"]).await;
    let text = format!("\"{}\"", "y".repeat(900_000));
    server.emit("c", "big", &[&text]);
    assert_eq!(socket.text().await, format!(r#"42["big",{text}]"#));
}

#[tokio::test]
async fn a_full_mailbox_stops_reading_and_loses_nothing() {
    let server = TestServer::start().await;
    let mut socket = WebSocket::connect(&server).await;
    let poller = Poller::connect(&server).await;
    // Far more than the mailbox, the read buffer and the kernel's buffers hold.
    let writer = async {
        for n in 0..300 {
            socket.send(&format!(r#"42["slow","w{n}"]"#)).await;
        }
        let posts: Vec<String> = (0..100).map(|n| format!(r#"42["slow","p{n}"]"#)).collect();
        let body = posts.join("\u{1e}");
        let blocked = poller.post(&body);
        let release = async {
            server.host.log.until(|log| log.contains(&"slow p0".to_owned())).await;
            server.host.gate.add_permits(1_000);
        };
        let (reply, ()) = tokio::join!(blocked, release);
        assert_eq!(reply.status, 200);
    };
    soon("everything to be taken", writer).await;
    let slow = |log: &[String], letter: &str| -> Vec<String> {
        let prefix = format!("slow {letter}");
        log.iter().filter_map(|line| line.strip_prefix(&prefix)).map(str::to_owned).collect()
    };
    let log = server.host.log.until(|log| log.len() == 402).await;
    let numbers = |count: usize| (0..count).map(|n| n.to_string()).collect::<Vec<_>>();
    assert_eq!(slow(&log, "w"), numbers(300));
    assert_eq!(slow(&log, "p"), numbers(100));
}

#[tokio::test]
async fn a_post_waits_while_the_mailbox_is_full() {
    let server = TestServer::with(Config { mailbox: 2, ..Config::default() }).await;
    let poller = Poller::connect(&server).await;
    assert_eq!(poller.post(r#"42["slow","a"]"#).await.status, 200);
    server.host.log.until(|log| log.contains(&"slow a".to_owned())).await;
    for name in ["b", "c"] {
        assert_eq!(poller.post(&format!(r#"42["slow","{name}"]"#)).await.status, 200);
    }
    let waiting = poller.post(r#"42["slow","d"]"#);
    tokio::pin!(waiting);
    let answered = tokio::time::timeout(Duration::from_millis(50), &mut waiting).await;
    assert!(answered.is_err(), "taken beyond the bound");
    server.host.gate.add_permits(4);
    assert_eq!(waiting.await.status, 200);
    server.host.log.until(|log| log.contains(&"slow d".to_owned())).await;
}

/// Nothing is sent to this client, so its queue never fills; the heartbeat finds that it is gone.
#[tokio::test]
async fn a_reader_that_stops_in_a_quiet_room_is_found_by_the_heartbeat() {
    let server = TestServer::with(Config {
        // Long enough for the client to join its room on a busy machine before the first ping is due.
        ping_interval: Duration::from_secs(1),
        ping_timeout: Duration::from_secs(1),
        ..Config::default()
    })
    .await;
    // The client keeps its connection open and never reads from it.
    let _stuck = WebSocket::in_rooms(&server, &["c"]).await;
    let found = |log: &[String]| log.contains(&"disconnect / ping timeout".to_owned());
    server.host.log.until(found).await;
    assert_eq!(server.server.stats().closed_slow, 0, "it was not its queue");
}
