//! Malformed bytes of every kind: they end the connection that sent them, with a clear code, and no
//! other.

use crate::client::{Message, Poller, SOCKET, WebSocket, frame, request, request_with};
use crate::host::TestServer;

#[tokio::test]
async fn frames_that_are_none_end_their_connection_only() {
    let server = TestServer::start().await;
    let mut witness = WebSocket::in_rooms(&server, &["c"]).await;
    let huge = [0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];
    let cases: Vec<(&str, Vec<u8>, u16)> = vec![
        ("no mask", vec![0x81, 0x02, b'4', b'x'], 1002),
        ("reserved bit 1", frame(0xc1, b"4x"), 1002),
        ("reserved bit 2", frame(0xa1, b"4x"), 1002),
        ("reserved bit 3", frame(0x91, b"4x"), 1002),
        ("reserved data opcode", frame(0x83, b"4x"), 1002),
        ("reserved control opcode", frame(0x8b, b"4x"), 1002),
        ("fragmented ping", frame(0x09, b"x"), 1002),
        ("ping of 126 bytes", frame(0x89, &[0; 126]), 1002),
        ("continuation of nothing", frame(0x80, b"x"), 1002),
        ("text in a text", [frame(0x01, b"4x"), frame(0x81, b"4y")].concat(), 1002),
        ("binary in a text", [frame(0x01, b"4x"), frame(0x82, b"y")].concat(), 1002),
        ("long form of a short length", vec![0x81, 0xfe, 0, 1, 0, 0, 0, 0, b'4'], 1002),
        ("length of exabytes", huge.to_vec(), 1009),
        ("text that is not UTF-8", frame(0x81, b"4\xff\xfe"), 1007),
        ("half a character", frame(0x81, b"4\xe4\xbd"), 1007),
        ("close of one byte", frame(0x88, b"\x03"), 1002),
        ("close with a reserved code", frame(0x88, &1005_u16.to_be_bytes()), 1002),
        ("close with a reason that is not UTF-8", frame(0x88, b"\x03\xe8\xff"), 1002),
        ("empty text", frame(0x81, b""), 1002),
        ("open packet", frame(0x81, b"0{}"), 1002),
        ("ping packet", frame(0x81, b"2"), 1002),
        ("unknown packet", frame(0x81, b"9"), 1002),
        ("binary that nothing announced", frame(0x82, b"xyz"), 1002),
    ];
    for (what, bytes, code) in cases {
        let mut socket = WebSocket::connect(&server).await;
        socket.send_raw(&bytes).await;
        assert_eq!(socket.closed().await, Some(code), "{what}");
        server.emit("c", "still", &["1"]);
        assert_eq!(witness.text().await, r#"42["still",1]"#, "{what}");
    }
}

#[tokio::test]
async fn packets_that_are_none_end_their_connection_only() {
    let server = TestServer::start().await;
    let mut witness = WebSocket::connect(&server).await;
    let deep = format!("42[\"a\",{}", "[".repeat(10_000));
    let cases = [
        "4",
        "4x",
        "47",
        "44{}",
        "40[]",
        "40{",
        "40\"x\"",
        "41x",
        "42",
        "42[]",
        "42[1]",
        "42[null]",
        "42[\"a\"",
        "42[\"connect\"]",
        "42[\"disconnect\"]",
        "42{\"a\":1}",
        "42[\"a\"]x",
        "42/nowhere",
        "43[]",
        "431{}",
        "431[",
        "45[\"a\"]",
        "45-[\"a\"]",
        "45x-[\"a\"]",
        "451[\"a\"]",
        "499999999999999999999999[\"a\"]",
        "42[\"\\ud800\"]",
        &deep,
    ];
    for packet in cases {
        let mut socket = WebSocket::connect(&server).await;
        socket.send(packet).await;
        assert_eq!(socket.closed().await, Some(1002), "{packet}");
        witness.send(r#"42["message",1]"#).await;
        assert_eq!(witness.text().await, r#"42["message-back",1]"#, "{packet}");
    }
}

#[tokio::test]
async fn what_is_merely_pointless_is_ignored() {
    let server = TestServer::start().await;
    let mut socket = WebSocket::connect(&server).await;
    let packets =
        ["3", "6", "5", "43999[1]", r#"42/elsewhere,["x"]"#, "41/elsewhere", r#"42["unknown"]"#];
    for packet in packets {
        socket.send(packet).await;
    }
    socket.send_raw(&frame(0x8a, b"unasked")).await;
    socket.send(r#"42["message",1]"#).await;
    assert_eq!(socket.text().await, r#"42["message-back",1]"#);
}

#[tokio::test]
async fn text_where_an_attachment_is_due_ends_the_connection() {
    let server = TestServer::start().await;
    let mut socket = WebSocket::connect(&server).await;
    socket.send(r#"451-["message",{"_placeholder":true,"num":0}]"#).await;
    socket.send(r#"42["message",1]"#).await;
    assert_eq!(socket.closed().await, Some(1002));
    // A pong in between does not belong to the packet.
    let mut socket = WebSocket::connect(&server).await;
    socket.send(r#"451-["message",{"_placeholder":true,"num":0}]"#).await;
    socket.send("3").await;
    socket.send_binary(&[1]).await;
    assert!(socket.text().await.starts_with("451-"));
    assert_eq!(socket.next().await, Message::Binary(vec![1]));
}

#[tokio::test]
async fn payloads_that_are_none_end_their_session() {
    let server = TestServer::start().await;
    let packets = ["", "abc", "4a\u{1e}", "\u{1e}", "b*", "b=", "bAQ", "0", "2", "4", "42{}"];
    for body in packets {
        let poller = Poller::connect(&server).await;
        let status = poller.post(body).await.status;
        // The JSON of a packet is read after the post was answered.
        assert!(status == 400 || body == "42{}", "{body:?}: {status}");
        let mut reply = poller.poll().await;
        while reply.status == 200 {
            assert_eq!(reply.body, "1", "{body:?}");
            reply = poller.poll().await;
        }
        assert_eq!(reply.status, 400, "{body:?}");
    }
    let poller = Poller::connect(&server).await;
    let reply = request(&server, "POST", &poller.target(), b"4\xff\xff").await;
    assert_eq!(reply.status, 400);
}

#[tokio::test]
async fn upgrade_requests_that_are_none_are_refused() {
    let server = TestServer::start().await;
    let target = format!("{SOCKET}?EIO=4&transport=websocket");
    let good = [
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    for (missing, _) in good {
        let headers: String = good
            .iter()
            .filter(|(name, _)| *name != missing)
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let reply = request_with(&server, "GET", &target, &headers, b"").await;
        let expected = if missing == "Sec-WebSocket-Version" { 426 } else { 400 };
        assert_eq!(reply.status, expected, "{missing}");
        if expected == 426 {
            assert!(reply.head.to_lowercase().contains("sec-websocket-version: 13"));
        }
    }
    for sid in ["", "%00", "AAAAAAAAAAAAAAAAAAAA", "../../etc", &"A".repeat(5_000)] {
        for transport in ["polling", "websocket"] {
            let target = format!("{SOCKET}?EIO=4&transport={transport}&sid={sid}");
            assert_eq!(request(&server, "GET", &target, b"").await.status, 400, "{sid:.30}");
        }
    }
}
