//! Limits: each holds, is answered clearly, and frees what it counted.

use std::time::Duration;

use socketio::Config;

use crate::client::{Poller, SOCKET, WebSocket, request, soon};
use crate::host::TestServer;

async fn refused(server: &TestServer) -> u16 {
    let target = format!("{SOCKET}?EIO=4&transport=websocket");
    WebSocket::upgrade(server.address, &target, "").await.err().map_or(101, |reply| reply.status)
}

#[tokio::test]
async fn connections_in_all_and_per_address() {
    for (config, status) in [
        (Config { max_connections: 2, ..Config::default() }, 503),
        (Config { max_connections_per_address: 2, ..Config::default() }, 429),
    ] {
        let server = TestServer::with(config).await;
        let first = WebSocket::connect(&server).await;
        let _second = Poller::connect(&server).await;
        assert_eq!(refused(&server).await, status);
        drop(first);
        let back = async {
            while refused(&server).await != 101 {
                tokio::task::yield_now().await;
            }
        };
        soon("a place", back).await;
    }
}

#[tokio::test]
async fn polling_sessions() {
    let server = TestServer::with(Config { max_polling_sessions: 1, ..Config::default() }).await;
    let poller = Poller::open(&server, SOCKET).await;
    let target = format!("{SOCKET}?EIO=4&transport=polling");
    assert_eq!(request(&server, "GET", &target, b"").await.status, 503);
    let _socket = WebSocket::connect(&server).await;
    assert_eq!(poller.post("1").await.status, 200);
    assert_eq!(request(&server, "GET", &target, b"").await.status, 200);
}

#[tokio::test]
async fn packets_per_second() {
    let config = Config { packets_per_second: 10, packets_burst: 20, ..Config::default() };
    let server = TestServer::with(config).await;
    let mut socket = WebSocket::connect(&server).await;
    // In one piece, so that no tokens return meanwhile.
    let note = crate::client::frame(0x81, br#"42["note","x"]"#);
    socket.send_raw(&note.repeat(100)).await;
    assert_eq!(socket.closed().await, Some(1008));
    let taken = |log: &[String]| log.last().is_some_and(|line| line.starts_with("disconnect"));
    let log = server.host.log.until(taken).await;
    let notes = log.iter().filter(|line| *line == "note x").count();
    assert!((15..=25).contains(&notes), "{notes} of 100 were taken");
}

#[tokio::test]
async fn bytes_per_second_over_both_transports() {
    let config = Config {
        bytes_per_second: 1_000,
        bytes_burst: 10_000,
        max_payload_bytes: 5_000,
        ..Config::default()
    };
    let server = TestServer::with(config).await;
    let note = format!(r#"42["note","{}"]"#, "x".repeat(2_000));
    let mut socket = WebSocket::connect(&server).await;
    for _ in 0..20 {
        socket.send(&note).await;
    }
    assert_eq!(socket.closed().await, Some(1008));
    let taken = |log: &[String]| log.last().is_some_and(|line| line.starts_with("disconnect"));
    let log = server.host.log.until(taken).await;
    let notes = log.iter().filter(|line| line.starts_with("note")).count();
    assert!((3..=8).contains(&notes), "{notes} of 20 were taken");
    let poller = Poller::connect(&server).await;
    let two = format!("{note}\u{1e}{note}");
    let mut statuses = Vec::new();
    for _ in 0..10 {
        statuses.push(poller.post(&two).await.status);
    }
    assert_eq!((statuses[0], statuses[9]), (200, 400), "{statuses:?}");
}

#[tokio::test]
async fn payloads_over_both_transports() {
    let server = TestServer::with(Config { max_payload_bytes: 1_000, ..Config::default() }).await;
    let mut socket = WebSocket::connect(&server).await;
    socket.send(&format!(r#"42["note","{}"]"#, "x".repeat(1_000))).await;
    assert_eq!(socket.closed().await, Some(1009));
    let mut fragments = WebSocket::connect(&server).await;
    fragments.send_raw(&crate::client::frame(0x01, &[b'x'; 600])).await;
    fragments.send_raw(&crate::client::frame(0x80, &[b'x'; 600])).await;
    assert_eq!(fragments.closed().await, Some(1009));
    let mut attachments = WebSocket::connect(&server).await;
    attachments.send(r#"452-["note"]"#).await;
    attachments.send_binary(&[0; 600]).await;
    attachments.send_binary(&[0; 600]).await;
    assert_eq!(attachments.closed().await, Some(1009));
    let poller = Poller::connect(&server).await;
    assert_eq!(poller.post(&format!("4{}", "x".repeat(1_000))).await.status, 413);
    assert_eq!(poller.poll().await.status, 400);
}

#[tokio::test]
async fn names_attachments_namespaces_and_rooms() {
    let config = Config {
        event_name_bytes: 10,
        max_attachments: 2,
        max_namespaces_per_connection: 2,
        max_rooms_per_socket: 3,
        ..Config::default()
    };
    let server = TestServer::with(config).await;
    let packets = [r#"42["a-name-too-long"]"#, "40/a-namespace-too-long", r#"453-["note"]"#];
    for packet in packets {
        let mut socket = WebSocket::connect(&server).await;
        socket.send(packet).await;
        assert_eq!(socket.closed().await, Some(1008), "{packet}");
    }
    let mut socket = WebSocket::connect(&server).await;
    socket.send("40/a").await;
    assert!(socket.text().await.starts_with("40/a,"));
    assert!(socket.text().await.contains("auth"));
    socket.send("40/b").await;
    assert_eq!(socket.text().await, r#"44/b,{"message":"Too many namespaces"}"#);
    for room in ["one", "two", "three"] {
        socket.send(&format!(r#"42["join","{room}"]"#)).await;
    }
    assert_eq!(socket.closed().await, Some(1008));
}

#[tokio::test]
async fn unfinished_messages_of_all_connections_together() {
    let config = Config { partial_bytes: 100_000, ..Config::default() };
    let server = TestServer::with(config).await;
    let mut sockets = Vec::new();
    for _ in 0..3 {
        let mut socket = WebSocket::connect(&server).await;
        let whole = crate::client::frame(0x81, &[b'4'; 45_000]);
        socket.send_raw(&whole[..40_000]).await;
        sockets.push(socket);
    }
    let closed = async {
        while server.server.stats().closed_faulty == 0 {
            tokio::task::yield_now().await;
        }
    };
    soon("one of them to be closed", closed).await;
    let mut other = WebSocket::connect(&server).await;
    other.send(r#"42["message",1]"#).await;
    assert_eq!(other.text().await, r#"42["message-back",1]"#);
}

#[tokio::test]
async fn a_probe_that_never_ends() {
    let config = Config { upgrade_timeout: Duration::from_secs(1), ..Config::default() };
    let server = TestServer::with(config).await;
    let poller = Poller::open(&server, SOCKET).await;
    let mut probe = poller.probe().await;
    probe.closed().await;
    assert_eq!(poller.post("40").await.status, 200);
}

/// A connection that is in no namespace may not send much; a name and a password fit.
#[tokio::test]
async fn payloads_of_who_is_in_no_namespace() {
    let server = TestServer::start().await;
    let auth = |length: usize| format!(r#"40{{"token":"{}"}}"#, "x".repeat(length));
    let poller = Poller::open(&server, SOCKET).await;
    assert_eq!(poller.post(&auth(9_000)).await.status, 413);
    assert_eq!(poller.poll().await.status, 400);
    let mut socket = WebSocket::open(&server, SOCKET).await;
    socket.send(&auth(9_000)).await;
    assert_eq!(socket.closed().await, Some(1009));
    let mut fragments = WebSocket::open(&server, SOCKET).await;
    fragments.send_raw(&crate::client::frame(0x01, &[b'x'; 5_000])).await;
    fragments.send_raw(&crate::client::frame(0x80, &[b'x'; 5_000])).await;
    assert_eq!(fragments.closed().await, Some(1009));

    let long = format!(r#"42["message","{}"]"#, "x".repeat(100_000));
    let mut socket = WebSocket::connect_with(&server, &auth(8_000)).await;
    socket.send(&long).await;
    assert!(socket.text().await.len() > 100_000);
    let poller = Poller::connect(&server).await;
    assert_eq!(poller.post(&long).await.status, 200);
}

#[tokio::test]
async fn one_post_of_a_session_at_a_time() {
    let server = TestServer::start().await;
    let poller = Poller::connect(&server).await;
    // The body of this post never ends.
    let head =
        format!("POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n42[", poller.target());
    let mut first = tokio::net::TcpStream::connect(server.address).await.expect("a connection");
    tokio::io::AsyncWriteExt::write_all(&mut first, head.as_bytes()).await.expect("sending");
    let overlaps = async {
        // Again, until the server has seen the first post.
        while poller.post(r#"42["note","x"]"#).await.status == 200 {
            tokio::task::yield_now().await;
        }
    };
    soon("the second to be refused", overlaps).await;
    let ended = |log: &[String]| log.contains(&"disconnect / protocol error".to_owned());
    server.host.log.until(ended).await;
    assert_eq!(poller.poll().await.status, 400);
}

/// More is emitted than the inbox of a shard may hold. No stream gets a hole where commands were
/// dropped, because every stream ends before it.
#[tokio::test]
async fn an_inbox_that_is_full_ends_every_stream_before_the_hole() {
    // The inbox has room for what connecting takes, and little more. The queue has room for what a
    // socket does not read meanwhile, so that no socket is closed for being slow.
    let config =
        Config { inbox_bytes: 16 * 1024, queue_bytes: 64 * 1024 * 1024, ..Config::default() };
    let server = TestServer::with(config).await;
    let mut socket = WebSocket::in_rooms(&server, &["c"]).await;
    let poller = Poller::connect(&server).await;
    let flood = async {
        let mut n = 0;
        while server.server.stats().overruns == 0 {
            server.emit("c", "n", &[&n.to_string()]);
            n += 1;
            if n % 1_000 == 0 {
                tokio::task::yield_now().await;
            }
        }
    };
    soon("the inbox to be full", flood).await;
    let mut heard = 0;
    let code = loop {
        match socket.next().await {
            crate::client::Message::Text(text) => {
                assert_eq!(text, format!(r#"42["n",{heard}]"#));
                heard += 1;
            }
            crate::client::Message::Close(code) => break code,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(code, Some(1013));
    let ended = |log: &[String]| {
        log.iter().filter(|line| *line == "disconnect / server overrun").count() == 2
    };
    server.host.log.until(ended).await;
    assert_ne!(poller.poll().await.body, "2");
    // A client that reconnects after the inbox was emptied is served.
    assert!(server.server.answers(crate::host::DEADLINE).await);
    let mut again = WebSocket::in_rooms(&server, &["c"]).await;
    server.emit("c", "n", &["0"]);
    assert_eq!(again.text().await, r#"42["n",0]"#);
    assert!(server.server.answers(crate::host::DEADLINE).await);
}
