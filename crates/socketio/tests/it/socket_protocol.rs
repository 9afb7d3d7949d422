//! Every case of the public Socket.IO v5 test suite; those about Engine.IO are in
//! `engine_protocol`.

use std::time::Duration;

use serde_json::Value;
use socketio::Config;

use crate::client::{Message, SOCKET, WebSocket};
use crate::host::{TestServer, brisk_config};

async fn connect(packet: &str, reply: &str, auth: &str) {
    let server = TestServer::start().await;
    let mut socket = WebSocket::open(&server, SOCKET).await;
    socket.send(packet).await;
    let text = socket.text().await;
    let connected: Value =
        serde_json::from_str(text.strip_prefix(reply).expect(reply)).expect("JSON");
    assert_eq!(connected.as_object().map(|keys| keys.len()), Some(1));
    assert!(connected["sid"].is_string());
    assert_eq!(socket.text().await, auth);
}

#[tokio::test]
async fn connects_to_the_main_namespace() {
    connect("40", "40", r#"42["auth",{}]"#).await;
}

#[tokio::test]
async fn connects_to_the_main_namespace_with_a_payload() {
    connect(r#"40{"token":"123"}"#, "40", r#"42["auth",{"token":"123"}]"#).await;
}

#[tokio::test]
async fn connects_to_a_custom_namespace() {
    connect("40/custom,", "40/custom,", r#"42/custom,["auth",{}]"#).await;
}

#[tokio::test]
async fn connects_to_a_custom_namespace_with_a_payload() {
    let (packet, auth) = (r#"40/custom,{"token":"abc"}"#, r#"42/custom,["auth",{"token":"abc"}]"#);
    connect(packet, "40/custom,", auth).await;
}

#[tokio::test]
async fn an_unknown_namespace_is_refused() {
    let server = TestServer::start().await;
    let mut socket = WebSocket::open(&server, SOCKET).await;
    socket.send("40/random").await;
    assert_eq!(socket.text().await, r#"44/random,{"message":"Invalid namespace"}"#);
    socket.send(r#"40/data,{"why":1}"#).await;
    assert_eq!(socket.text().await, r#"44/data,{"data":{"why":1},"message":"no"}"#);
}

#[tokio::test]
async fn an_invalid_handshake_closes_the_connection() {
    let server = TestServer::start().await;
    let mut socket = WebSocket::open(&server, SOCKET).await;
    socket.send("4abc").await;
    assert_eq!(socket.closed().await, Some(1002));
}

#[tokio::test]
async fn a_connection_without_a_handshake_is_closed() {
    let connect_timeout = Duration::from_millis(500);
    let server = TestServer::with(Config { connect_timeout, ..brisk_config() }).await;
    let mut socket = WebSocket::open(&server, SOCKET).await;
    let code = loop {
        match socket.next().await {
            Message::Text(ping) if ping == "2" => socket.send("3").await,
            Message::Close(code) => break code,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(code, Some(1008));
}

#[tokio::test]
async fn leaving_the_main_namespace_keeps_the_connection() {
    let server = TestServer::with(brisk_config()).await;
    let mut socket = WebSocket::connect(&server).await;
    socket.send("41").await;
    assert_eq!(socket.text().await, "2");
    socket.send("3").await;
}

#[tokio::test]
async fn leaving_a_custom_namespace_keeps_the_main_one() {
    let server = TestServer::start().await;
    let mut socket = WebSocket::connect(&server).await;
    // Without a comma at the end, as the suite sends it, and with one.
    for end in ["", ","] {
        socket.send(&format!("40/custom{end}")).await;
        assert!(socket.text().await.starts_with("40/custom,"));
        assert_eq!(socket.text().await, r#"42/custom,["auth",{}]"#);
        socket.send(&format!("41/custom{end}")).await;
        socket.send(r#"42["message","message to main namespace"]"#).await;
        assert_eq!(socket.text().await, r#"42["message-back","message to main namespace"]"#);
    }
}

#[tokio::test]
async fn text_events_come_back() {
    let server = TestServer::start().await;
    let mut socket = WebSocket::connect(&server).await;
    socket.send(r#"42["message",1,"2",{"3":[true]}]"#).await;
    assert_eq!(socket.text().await, r#"42["message-back",1,"2",{"3":[true]}]"#);
    socket.send(r#"42456["message-with-ack",1,"2",{"3":[false]}]"#).await;
    assert_eq!(socket.text().await, r#"43456[1,"2",{"3":[false]}]"#);
}

#[tokio::test]
async fn binary_events_come_back() {
    let server = TestServer::start().await;
    let mut socket = WebSocket::connect(&server).await;
    let args = r#"{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}"#;
    let cases = [
        (format!(r#"452-["message",{args}]"#), format!(r#"452-["message-back",{args}]"#)),
        (format!(r#"452-789["message-with-ack",{args}]"#), format!("462-789[{args}]")),
    ];
    for (sent, expected) in cases {
        socket.send(&sent).await;
        socket.send_binary(&[1, 2, 3]).await;
        socket.send_binary(&[4, 5, 6]).await;
        assert_eq!(socket.text().await, expected);
        assert_eq!(socket.next().await, Message::Binary(vec![1, 2, 3]));
        assert_eq!(socket.next().await, Message::Binary(vec![4, 5, 6]));
    }
}

#[tokio::test]
async fn the_server_asks_and_is_answered() {
    let server = TestServer::start().await;
    let mut socket = WebSocket::connect(&server).await;
    socket.send(r#"42["ask-me"]"#).await;
    assert_eq!(socket.text().await, r#"420["question",1]"#);
    socket.send(r#"430["yes",2]"#).await;
    assert_eq!(socket.text().await, r#"42["answered",["yes",2]]"#);
}

#[tokio::test]
async fn packets_that_are_none_close_the_connection() {
    let server = TestServer::start().await;
    for packet in ["4abc", "42{}", r#"42abc["message-with-ack",1,"2",{"3":[false]}]"#] {
        let mut socket = WebSocket::connect(&server).await;
        socket.send(packet).await;
        assert_eq!(socket.closed().await, Some(1002), "{packet}");
    }
}
