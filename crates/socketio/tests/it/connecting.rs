//! Connecting and leaving: what a client gets first, and that the host is told of each end once.

use crate::client::{Message, Poller, SOCKET, WebSocket, request_with};
use crate::host::TestServer;

#[tokio::test]
async fn the_host_refuses_a_handshake_in_its_own_words() {
    let server = TestServer::start().await;
    let target = format!("{SOCKET}?EIO=4&transport=polling");
    let reply = request_with(&server, "GET", &target, "X-Refuse: 1\r\n", b"").await;
    assert_eq!(reply.status, 403);
    assert_eq!(reply.body, r#"{"code":4,"message":"not today"}"#);
    let target = format!("{SOCKET}?EIO=4&transport=websocket");
    let refused = WebSocket::upgrade(server.address, &target, "X-Refuse: 1\r\n").await.err();
    assert_eq!(refused.expect("a refusal").status, 403);
}

#[tokio::test]
async fn a_session_id_is_useless_with_another_cookie() {
    let server = TestServer::start().await;
    let mut ada = Poller::open_with(&server, SOCKET, "Cookie: ada\r\n").await;
    assert_eq!(ada.post("40").await.status, 200);
    ada.headers = "Cookie: eve\r\n".to_owned();
    assert_eq!(ada.poll().await.status, 400);
    assert_eq!(ada.post("41").await.status, 400);
    let target = format!("{SOCKET}?EIO=4&transport=websocket&sid={}", ada.sid);
    let refused = WebSocket::upgrade(server.address, &target, &ada.headers).await.err();
    assert_eq!(refused.expect("a refusal").status, 400);
    ada.headers = "Cookie: ada\r\n".to_owned();
    assert!(ada.poll().await.body.starts_with("40"));
}

#[tokio::test]
async fn what_comes_while_the_host_decides_is_heard_after_the_answer() {
    let server = TestServer::start().await;
    let mut socket = WebSocket::open(&server, SOCKET).await;
    socket.send(r#"40/gated,{"rooms":["r"]}"#).await;
    server.host.log.until(|log| log.contains(&"at the gate".to_owned())).await;
    let to = socketio::Target::namespace("/gated").room("r");
    let emitter = server.server.emitter();
    emitter.emit(&to, socketio::Frame::event("/gated", "early", &["1"]));
    emitter.emit(&to, socketio::Frame::event("/gated", "early", &["2"]));
    assert!(socket.is_silent().await);
    server.host.gate.add_permits(1);
    assert!(socket.text().await.starts_with("40/gated,"));
    assert_eq!(socket.text().await, r#"42/gated,["early",1]"#);
    assert_eq!(socket.text().await, r#"42/gated,["early",2]"#);
    assert!(socket.text().await.contains("auth"));
}

#[tokio::test]
async fn the_end_is_told_once_and_last() {
    let server = TestServer::start().await;
    let mut socket = WebSocket::connect(&server).await;
    socket.send("40/custom").await;
    for note in 0..5 {
        socket.send(&format!(r#"42["note","{note}"]"#)).await;
    }
    socket.send("41").await;
    socket.send(r#"42["note","too late"]"#).await;
    socket.send("41").await;
    drop(socket);
    let log = server.host.log.until(|log| log.len() == 9).await;
    let mut expected = vec!["connect /", "connect /custom"];
    expected.extend(["note 0", "note 1", "note 2", "note 3", "note 4"]);
    expected
        .extend(["disconnect / client left the namespace", "disconnect /custom transport closed"]);
    assert_eq!(log, expected);
}

#[tokio::test]
async fn a_connection_lost_while_the_host_decides_is_still_told_once() {
    let server = TestServer::start().await;
    let mut socket = WebSocket::open(&server, SOCKET).await;
    socket.send("40/gated,").await;
    server.host.log.until(|log| log.len() == 1).await;
    drop(socket);
    server.host.gate.add_permits(1);
    let log = server.host.log.until(|log| log.len() == 3).await;
    assert_eq!(log[1..], ["connect /gated", "disconnect /gated transport closed"]);
}

#[tokio::test]
async fn the_host_ends_a_socket_or_a_connection() {
    let server = TestServer::start().await;
    let mut socket = WebSocket::connect(&server).await;
    socket.send("40/custom").await;
    assert!(socket.text().await.starts_with("40/custom,"));
    assert!(socket.text().await.contains("auth"));
    socket.send(r#"42/custom,["leave-me"]"#).await;
    assert_eq!(socket.text().await, "41/custom,");
    socket.send(r#"42["message",1]"#).await;
    assert_eq!(socket.text().await, r#"42["message-back",1]"#);
    socket.send(r#"42["cut-me"]"#).await;
    assert_eq!(socket.closed().await, Some(1000));
    let log = server.host.log.until(|log| log.len() == 4).await;
    assert_eq!(
        log[2..],
        ["disconnect /custom ended by the server", "disconnect / ended by the server"]
    );
}

#[tokio::test]
async fn a_polling_client_reads_what_was_queued_before_its_end() {
    let server = TestServer::start().await;
    let poller = Poller::connect(&server).await;
    assert_eq!(poller.post("42[\"message\",1]\u{1e}42[\"cut-me\"]").await.status, 200);
    server.host.log.until(|log| log.iter().any(|line| line.starts_with("disconnect"))).await;
    assert_eq!(poller.poll().await.body, "42[\"message-back\",1]\u{1e}1");
    assert_eq!(poller.poll().await.status, 400);
}

#[tokio::test]
async fn a_panic_of_the_handler_ends_only_its_connection() {
    let server = TestServer::start().await;
    let mut other = WebSocket::connect(&server).await;
    let mut socket = WebSocket::connect(&server).await;
    socket.send(r#"42["panic"]"#).await;
    assert_eq!(socket.closed().await, Some(1011));
    other.send(r#"42["message",1]"#).await;
    assert_eq!(other.text().await, r#"42["message-back",1]"#);
    let log = server.host.log.until(|log| log.len() == 3).await;
    assert_eq!(log[2], "disconnect / internal error");
}

#[tokio::test]
async fn one_connection_is_handled_in_order_and_does_not_hold_up_another() {
    let server = TestServer::start().await;
    let mut slow = WebSocket::connect(&server).await;
    let mut other = WebSocket::connect(&server).await;
    slow.send(r#"42["slow","a"]"#).await;
    slow.send(r#"42["note","after"]"#).await;
    server.host.log.until(|log| log.contains(&"slow a".to_owned())).await;
    other.send(r#"42["message",1]"#).await;
    assert_eq!(other.text().await, r#"42["message-back",1]"#);
    assert!(!server.host.log.lines().contains(&"note after".to_owned()));
    server.host.gate.add_permits(1);
    server.host.log.until(|log| log.contains(&"note after".to_owned())).await;
}

#[tokio::test]
async fn websocket_pings_and_fragments_are_understood() {
    let server = TestServer::start().await;
    let mut socket = WebSocket::connect(&server).await;
    let whole = br#"42["message","in pieces"]"#;
    let mut bytes = crate::client::frame(0x01, &whole[..5]);
    bytes.extend(crate::client::frame(0x89, b"hi"));
    bytes.extend(crate::client::frame(0x00, &whole[5..9]));
    bytes.extend(crate::client::frame(0x80, &whole[9..]));
    // Byte by byte, so that a read ends at every byte.
    for byte in bytes {
        socket.send_raw(&[byte]).await;
        tokio::task::yield_now().await;
    }
    assert_eq!(socket.next().await, Message::Pong(b"hi".to_vec()));
    assert_eq!(socket.text().await, r#"42["message-back","in pieces"]"#);
}

#[tokio::test]
async fn options_and_unknown_methods_are_answered() {
    let server = TestServer::start().await;
    let reply = request_with(&server, "OPTIONS", SOCKET, "", b"").await;
    assert_eq!(reply.status, 204);
    assert!(reply.head.to_lowercase().contains("allow: get, post, options"));
    let poller = Poller::open(&server, SOCKET).await;
    for method in ["PUT", "DELETE", "HEAD", "PATCH", "BREW"] {
        let reply = request_with(&server, method, &poller.target(), "", b"").await;
        assert_eq!(reply.status, 400, "{method}");
    }
}
