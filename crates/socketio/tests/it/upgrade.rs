//! The upgrade from polling to WebSocket: nothing is lost, doubled or reordered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::client::{Message, Poller, WebSocket, soon};
use crate::host::TestServer;

#[tokio::test]
async fn an_upgrade_under_traffic_loses_nothing() {
    let server = TestServer::start().await;
    for _ in 0..20 {
        let poller = Poller::connect(&server).await;
        assert_eq!(poller.post(r#"42["join","c"]"#).await.status, 200);
        assert_eq!(poller.post(r#"42["message","joined"]"#).await.status, 200);
        assert!(poller.poll().await.body.contains("joined"));
        let done = Arc::new(AtomicBool::new(false));
        let talking = talk(&server, Arc::clone(&done));
        // As clients do: probe, let the poll end, upgrade.
        let mut packets: Vec<String> = Vec::new();
        let mut socket = poller.probe().await;
        packets.extend(poller.poll().await.body.split('\u{1e}').map(str::to_owned));
        socket.send("2probe").await;
        assert_eq!(socket.text().await, "3probe");
        packets.extend(poller.poll().await.body.split('\u{1e}').map(str::to_owned));
        socket.send("5").await;
        while packets.iter().filter(|packet| packet.starts_with("42")).count() < 300 {
            packets.push(socket.text().await);
        }
        done.store(true, Ordering::Release);
        let sent = soon("the talker", talking).await.expect("the talker");
        packets.retain(|packet| packet.starts_with("42"));
        while packets.len() < sent {
            packets.push(socket.text().await);
        }
        let expected: Vec<String> = (0..sent).map(|n| format!(r#"42["n",{n}]"#)).collect();
        assert_eq!(packets, expected);
    }
}

/// Emits to the room until it is told to stop. Returns how many events.
fn talk(server: &TestServer, done: Arc<AtomicBool>) -> tokio::task::JoinHandle<usize> {
    let emitter = server.server.emitter();
    tokio::task::spawn_blocking(move || {
        let to = socketio::Target::namespace("/").room("c");
        let mut n = 0;
        while !done.load(Ordering::Acquire) {
            let number = n.to_string();
            emitter.emit(&to, socketio::Frame::event("/", "n", &[&number]));
            n += 1;
            // Slow enough for the bounded queue of a poll that is not read for a moment.
            std::thread::sleep(Duration::from_micros(200));
        }
        n
    })
}

#[tokio::test]
async fn packets_right_behind_the_upgrade_are_taken() {
    let server = TestServer::start().await;
    let poller = Poller::connect(&server).await;
    let mut socket = poller.probe().await;
    // All in one piece: the probe, the upgrade, an event.
    let mut bytes = crate::client::frame(0x81, b"2probe");
    bytes.extend(crate::client::frame(0x81, b"5"));
    bytes.extend(crate::client::frame(0x81, br#"42["message",1]"#));
    bytes.extend(&crate::client::frame(0x81, br#"42["message",2]"#)[..9]);
    socket.send_raw(&bytes).await;
    assert_eq!(socket.text().await, "3probe");
    assert_eq!(socket.text().await, r#"42["message-back",1]"#);
    socket.send_raw(&crate::client::frame(0x81, br#"42["message",2]"#)[9..]).await;
    assert_eq!(socket.text().await, r#"42["message-back",2]"#);
}

#[tokio::test]
async fn a_failed_probe_leaves_the_polling_session_as_it_was() {
    let server = TestServer::start().await;
    let poller = Poller::connect(&server).await;
    for nonsense in ["5", "2", "4hello", "3probe"] {
        let mut socket = poller.probe().await;
        socket.send(nonsense).await;
        assert_eq!(socket.closed().await, None, "{nonsense}");
    }
    drop(poller.answered_probe().await);
    assert_eq!(poller.post(r#"42["message",1]"#).await.status, 200);
    let mut body = poller.poll().await.body;
    while body == "6" {
        body = poller.poll().await.body;
    }
    assert_eq!(body, r#"42["message-back",1]"#);
}

#[tokio::test]
async fn only_one_probe_at_a_time() {
    let server = TestServer::start().await;
    let poller = Poller::connect(&server).await;
    let mut first = poller.answered_probe().await;
    let mut second: WebSocket = poller.probe().await;
    assert_eq!(second.next().await, Message::End);
    first.send("5").await;
    first.send(r#"42["message",1]"#).await;
    assert_eq!(first.text().await, r#"42["message-back",1]"#);
}
