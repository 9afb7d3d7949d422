//! Every case of the public Engine.IO v4 test suite. The cases that the public Socket.IO v5 suite
//! repeats run on the Socket.IO server too.

use std::time::Duration;

use serde_json::Value;
use socketio::Config;
use tokio::time::Instant;

use crate::client::{ENGINE, Message, Poller, SOCKET, WebSocket, read_reply, request};
use crate::host::{DEADLINE, TestServer, brisk_config};
use crate::suite;

fn check_hello(packet: &str, upgrades: &[&str]) {
    let hello: Value = serde_json::from_str(packet.strip_prefix('0').expect("open")).expect("JSON");
    let mut keys: Vec<&String> = hello.as_object().expect("an object").keys().collect();
    keys.sort();
    assert_eq!(keys, ["maxPayload", "pingInterval", "pingTimeout", "sid", "upgrades"]);
    assert!(hello["sid"].is_string());
    assert_eq!(hello["upgrades"], Value::from(upgrades.to_vec()));
    assert_eq!(hello["pingInterval"], 300);
    assert_eq!(hello["pingTimeout"], 200);
    assert_eq!(hello["maxPayload"], 1_000_000);
}

#[tokio::test]
async fn handshake_over_polling() {
    let server = TestServer::with(suite::config()).await;
    for path in [ENGINE, SOCKET] {
        let target = format!("{path}?EIO=4&transport=polling");
        let reply = request(&server, "GET", &target, b"").await;
        assert_eq!(reply.status, 200);
        check_hello(&reply.body, &["websocket"]);
    }
}

#[tokio::test]
async fn handshake_over_websocket() {
    let server = TestServer::with(suite::config()).await;
    for path in [ENGINE, SOCKET] {
        let target = format!("{path}?EIO=4&transport=websocket");
        let mut socket = WebSocket::upgrade(server.address, &target, "").await.expect("upgrade");
        check_hello(&socket.text().await, &[]);
    }
}

#[tokio::test]
async fn handshakes_with_a_wrong_version_transport_or_method_are_refused() {
    let server = TestServer::with(suite::config()).await;
    let cases = [
        ("GET", "transport=polling", 5),
        ("GET", "EIO=abc&transport=polling", 5),
        ("GET", "EIO=3&transport=polling", 5),
        ("GET", "EIO=4", 0),
        ("GET", "EIO=4&transport=abc", 0),
        ("POST", "EIO=4&transport=polling", 2),
        ("PUT", "EIO=4&transport=polling", 2),
        ("GET", "EIO=4&transport=websocket", 3),
        ("GET", "EIO=4&transport=polling&sid=nobody", 1),
    ];
    for path in [ENGINE, SOCKET] {
        for (method, query, code) in cases {
            let reply = request(&server, method, &format!("{path}?{query}"), b"").await;
            assert_eq!(reply.status, 400, "{method} {query}");
            let error: Value = serde_json::from_str(&reply.body).expect("JSON");
            assert_eq!(error["code"], code, "{method} {query}");
            assert!(error["message"].is_string());
        }
        for query in ["transport=websocket", "EIO=abc&transport=websocket", "EIO=4"] {
            let target = format!("{path}?{query}");
            let refused = WebSocket::upgrade(server.address, &target, "").await.err();
            assert_eq!(refused.expect("a refusal").status, 400, "{query}");
        }
    }
}

#[tokio::test]
async fn packets_over_polling_come_back() {
    let server = TestServer::start().await;
    let bodies = ["4hello", "4test1\u{1e}4test2\u{1e}4test3", "4hello\u{1e}bAQIDBA=="];
    for body in bodies {
        let poller = Poller::open(&server, ENGINE).await;
        let reply = poller.post(body).await;
        assert_eq!((reply.status, reply.body.as_str()), (200, "ok"));
        let mut back = String::new();
        while back.len() < body.len() {
            if !back.is_empty() {
                back.push('\u{1e}');
            }
            back += &poller.poll().await.body;
        }
        assert_eq!(back, body);
    }
}

#[tokio::test]
async fn a_malformed_payload_ends_a_polling_session() {
    let server = TestServer::start().await;
    let poller = Poller::open(&server, ENGINE).await;
    assert_eq!(poller.post("abc").await.status, 400);
    assert_eq!(poller.poll().await.status, 400);
}

#[tokio::test]
async fn a_second_poll_at_once_ends_the_session() {
    let server = TestServer::start().await;
    let poller = Poller::open(&server, ENGINE).await;
    let first = poller.begin_poll().await;
    // Either of two requests on two connections may arrive first; one of them ends both.
    let second = poller.poll().await;
    let first = read_reply(first).await;
    let mut answers = [(first.status, first.body), (second.status, second.body)];
    answers.sort();
    assert_eq!(answers[0], (200, "1".to_owned()));
    assert_eq!(answers[1].0, 400);
    assert_eq!(poller.poll().await.status, 400);
}

#[tokio::test]
async fn a_cancelled_poll_ends_the_session() {
    let server = TestServer::start().await;
    let poller = Poller::open(&server, ENGINE).await;
    drop(poller.begin_poll().await);
    let gone = async {
        // The server does not see at once that the client has hung up; until then a poll would wait.
        while poller.post("4x").await.status == 200 {
            tokio::task::yield_now().await;
        }
    };
    crate::client::soon("the end of the session", gone).await;
    assert_eq!(poller.poll().await.status, 400);
}

#[tokio::test]
async fn messages_over_a_websocket_come_back() {
    let server = TestServer::start().await;
    let mut socket = WebSocket::open(&server, ENGINE).await;
    socket.send("4hello").await;
    assert_eq!(socket.text().await, "4hello");
    socket.send_binary(&[1, 2, 3, 4]).await;
    assert_eq!(socket.next().await, Message::Binary(vec![1, 2, 3, 4]));
    socket.send("abc").await;
    assert_eq!(socket.closed().await, Some(1002));
}

#[tokio::test]
async fn heartbeat_over_polling() {
    let server = TestServer::with(brisk_config()).await;
    for path in [ENGINE, SOCKET] {
        let poller = Poller::open(&server, path).await;
        for _ in 0..3 {
            let reply = poller.poll().await;
            assert_eq!((reply.status, reply.body.as_str()), (200, "2"));
            assert_eq!(poller.post("3").await.status, 200);
        }
    }
}

#[tokio::test]
async fn heartbeat_over_a_websocket() {
    let server = TestServer::with(brisk_config()).await;
    for path in [ENGINE, SOCKET] {
        let mut socket = WebSocket::open(&server, path).await;
        for _ in 0..3 {
            assert_eq!(socket.text().await, "2");
            socket.send("3").await;
        }
    }
}

#[tokio::test]
async fn a_ping_without_a_pong_ends_a_polling_session() {
    // Long enough for the second poll to arrive before the time is over.
    let ping_timeout = Duration::from_secs(2);
    let config = Config { ping_timeout, connect_timeout: DEADLINE, ..suite::config() };
    let server = TestServer::with(config).await;
    for path in [ENGINE, SOCKET] {
        let poller = Poller::open(&server, path).await;
        let reply = poller.poll().await;
        assert_eq!(reply.body, "2");
        // The next poll waits for the end instead of packets.
        assert_eq!(poller.poll().await.body, "1");
        assert_eq!(poller.poll().await.status, 400);
    }
}

#[tokio::test]
async fn a_polling_session_that_never_polls_ends() {
    let config = Config { connect_timeout: DEADLINE, ..suite::config() };
    let server = TestServer::with(config).await;
    for path in [ENGINE, SOCKET] {
        let begun = Instant::now();
        let poller = Poller::open(&server, path).await;
        // A noop asks for nothing and answers nothing.
        let gone = async {
            while poller.post("6").await.status == 200 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        crate::client::soon("the end of the session", gone).await;
        assert!(begun.elapsed() >= Duration::from_millis(400), "{:?}", begun.elapsed());
        assert_eq!(poller.poll().await.status, 400);
    }
}

#[tokio::test]
async fn a_ping_without_a_pong_ends_a_websocket() {
    let server = TestServer::with(suite::config()).await;
    for path in [ENGINE, SOCKET] {
        let begun = Instant::now();
        let mut socket = WebSocket::open(&server, path).await;
        socket.closed().await;
        // Pings may come a quarter of the interval early, so that they do not come all together.
        assert!(begun.elapsed() >= Duration::from_millis(400), "{:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn a_client_closes_its_polling_session() {
    let server = TestServer::start().await;
    for path in [ENGINE, SOCKET] {
        let poller = Poller::open(&server, path).await;
        let poll = poller.begin_poll().await;
        assert_eq!(poller.post("1").await.status, 200);
        let reply = read_reply(poll).await;
        // Either the poll or the post may arrive first.
        assert!(matches!((reply.status, reply.body.as_str()), (200, "6") | (400, _)));
        assert_eq!(poller.poll().await.status, 400);
    }
}

#[tokio::test]
async fn a_client_closes_its_websocket() {
    let server = TestServer::start().await;
    for path in [ENGINE, SOCKET] {
        let mut socket = WebSocket::open(&server, path).await;
        socket.send("1").await;
        assert_eq!(socket.closed().await, Some(1000));
    }
}

/// A packet that is answered at once, and how its answer begins.
const ASKED: [(&str, &str, &str); 2] = [(ENGINE, "4hello", "4hello"), (SOCKET, "40", "40{")];

#[tokio::test]
async fn an_upgrade_ends_the_poll_and_goes_on_over_the_websocket() {
    let server = TestServer::start().await;
    for (path, packet, answer) in ASKED {
        let poller = Poller::open(&server, path).await;
        let mut socket = poller.answered_probe().await;
        let reply = poller.poll().await;
        assert_eq!((reply.status, reply.body.as_str()), (200, "6"));
        socket.send("5").await;
        socket.send(packet).await;
        assert!(socket.text().await.starts_with(answer));
    }
}

#[tokio::test]
async fn after_an_upgrade_the_session_id_is_worth_nothing() {
    let server = TestServer::start().await;
    for (path, packet, answer) in ASKED {
        let poller = Poller::open(&server, path).await;
        let mut socket = poller.answered_probe().await;
        socket.send("5").await;
        // At once, as the suite does it: the upgrade and the poll are on two connections.
        assert_eq!(poller.poll().await.status, 400);
        assert_eq!(poller.post("3").await.status, 400);
        let target = format!("{path}?EIO=4&transport=websocket&sid={}", poller.sid);
        assert_eq!(request(&server, "GET", &target, b"").await.status, 400, "no upgrade");
        socket.send(packet).await;
        assert!(socket.text().await.starts_with(answer));
    }
}

#[tokio::test]
async fn an_upgrade_need_not_wait_for_the_answer_to_its_probe() {
    let server = TestServer::start().await;
    for (path, packet, answer) in ASKED {
        let poller = Poller::open(&server, path).await;
        let mut socket = poller.probe().await;
        socket.send("2probe").await;
        socket.send("5").await;
        let reply = poller.poll().await;
        // The poll may arrive before the WebSocket does; then the upgrade lets it go.
        assert!(matches!((reply.status, reply.body.as_str()), (400, _) | (200, "6")), "{reply:?}");
        assert_eq!(socket.text().await, "3probe");
        socket.send(packet).await;
        assert!(socket.text().await.starts_with(answer));
        assert_eq!(poller.poll().await.status, 400);
    }
}

#[tokio::test]
async fn a_second_websocket_is_accepted_and_closed() {
    let server = TestServer::start().await;
    for (path, packet, answer) in ASKED {
        let poller = Poller::open(&server, path).await;
        let target = format!("{path}?EIO=4&transport=websocket&sid={}", poller.sid);
        let second = || async {
            WebSocket::upgrade(server.address, &target, "").await.expect("it is accepted")
        };
        let mut socket = poller.answered_probe().await;
        socket.send("5").await;
        // At once, as the suite does it: the first may not have taken over yet.
        second().await.closed().await;
        socket.send(packet).await;
        assert!(socket.text().await.starts_with(answer));
        // Now it has. Nothing reads what the second says.
        let mut late = second().await;
        late.send("2probe").await;
        assert_eq!(late.closed().await, Some(1000));
        socket.send("1").await;
        socket.closed().await;
        let gone = async {
            while WebSocket::upgrade(server.address, &target, "").await.is_ok() {
                tokio::task::yield_now().await;
            }
        };
        crate::client::soon("the end of the session", gone).await;
    }
}
