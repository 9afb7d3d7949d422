//! What every request passes: proxies, slow heads and bodies, arbitrary bytes.

use hyper::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::app::{DEADLINE, TestApp};
use crate::binary::Binary;
use crate::client::Client;

#[tokio::test]
async fn only_a_trusted_proxy_is_believed_about_the_address() {
    for (args, expected) in [
        (vec![], "127.0.0.1"),
        (vec!["--trusted-proxy", "127.0.0.1"], "203.0.113.7"),
        (vec!["--trusted-proxy", "10.0.0.0/8,127.0.0.0/8"], "203.0.113.7"),
        (vec!["--trusted-proxy", "127.0.0.0/8,203.0.113.0/24"], "6.6.6.6"),
        (vec!["--trusted-proxy", "10.0.0.0/8"], "127.0.0.1"),
    ] {
        let app = TestApp::start_with(&args).await;
        let mut client = app.browser();
        client.headers.push(("x-forwarded-for", "6.6.6.6, 203.0.113.7".into()));
        client.post("/api/session", &json!({ "name": "Ada" })).await;
        let sessions = client.get("/api/me/sessions").await.json();
        assert_eq!(sessions["sessions"][0]["address"], expected);
    }
}

/// The client that a trusted proxy names decides whose limits count. With a nonsensical name all
/// clients of the proxy would count as one.
#[tokio::test]
async fn a_proxy_that_names_no_address_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut command = Binary::command(&folder.path().join("data"));
    command.args(["--trusted-proxy", "127.0.0.1"]).stderr(std::fs::File::create(&log).unwrap());
    let server = Binary::spawn(command);
    let mut client = Client::new(server.address);
    for odd in ["unknown", "", "203.0.113", "203.0.113.7, x", "\u{202e}"] {
        client.headers = vec![("x-forwarded-for", odd.to_owned())];
        let reply = client.get("/healthz").await;
        assert_eq!((reply.status, reply.code()), (400, "bad_request".into()), "{odd}");
        assert!(reply.text().contains("X-Forwarded-For"), "{}", reply.text());
    }
    for fine in ["x, 203.0.113.7", "203.0.113.7:4711", "[2001:db8::1]:443", "[2001:db8::1]"] {
        client.headers = vec![("x-forwarded-for", fine.to_owned())];
        assert_eq!(client.get("/healthz").await.status, 200, "{fine}");
    }
    // However often it happens, the log mentions it only now and then.
    client.headers = vec![("x-forwarded-for", "unknown".to_owned())];
    for _ in 0..100 {
        assert_eq!(client.get("/healthz").await.status, 400);
    }
    server.stop().await;
    let log = std::fs::read_to_string(log).unwrap();
    let lines = log.lines().filter(|line| line.contains("X-Forwarded-For")).count();
    assert!((5..=20).contains(&lines), "{log}");
}

/// A visitor who is not signed in has no reason to send a large body.
#[tokio::test]
async fn nobody_may_send_little_and_somebody_much() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let long = json!({ "name": "x".repeat(9_000) });
    let form = "x".repeat(9_000);
    let mut forged = app.browser();
    let secret = ada.client.cookies.keys().next().unwrap().clone();
    forged.cookies.insert(secret, "A".repeat(43));
    for mut nobody in [app.browser(), forged] {
        let reply = nobody.post("/api/session", &long).await;
        assert_eq!((reply.status, reply.code()), (413, "too_large".into()));
        let reply = nobody.form("/login", &[("displayName", &form)]).await;
        assert_eq!(reply.status, 413);
        // The visitor is redirected to the sign-in page before anything is read.
        let reply = nobody.form("/channel/general", &[("msg", &form)]).await;
        assert_eq!(reply.status, 303);
    }
    ada.say(channel, &"\u{1f600}".repeat(10_000)).await;
    let reply = ada.client.form("/channel/general", &[("msg", &"\u{4f60}".repeat(10_000))]).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
}

#[tokio::test]
async fn a_head_has_a_bound() {
    let app = TestApp::start().await;
    let mut client = app.browser();
    client.headers.push(("x-long", "x".repeat(12_000)));
    assert_eq!(client.get("/healthz").await.status, 200);
    client.headers.push(("x-longer", "x".repeat(12_000)));
    assert_eq!(client.get("/healthz").await.status, 431);
}

#[tokio::test]
async fn any_bytes_get_an_answer_and_the_server_goes_on() {
    let app = TestApp::start().await;
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"GET / HTTP/1.1\r\n\r\n\0\0\0",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /api/session HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\n\n\n\n\n\n\n\n",
    ] {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        let read = tokio::time::timeout(DEADLINE, stream.read_to_end(&mut answer)).await;
        // A reset is an answer too: the request must end, and the server go on.
        drop(read.expect("an end in time"));
    }
    assert_eq!(app.browser().get("/healthz").await.text(), "ok\n");
}

#[tokio::test]
async fn what_is_not_there_or_not_of_the_form_is_said() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let cases = [
        (Method::GET, "/api/nowhere", "", 404, "not_found"),
        (Method::GET, "/api/channels/x", "", 404, "not_found"),
        (Method::DELETE, "/api/me", "", 405, "bad_method"),
        (Method::POST, "/api/channels", "{", 400, "bad_request"),
        (Method::POST, "/api/channels", "[]", 400, "bad_request"),
        (Method::POST, "/api/channels", "{\"name\":7}", 400, "bad_request"),
        (Method::POST, "/api/channels", "{\"name\":\"\\ud800\"}", 400, "bad_request"),
    ];
    for (method, path, body, status, code) in cases {
        let body = body.as_bytes().to_vec();
        let reply = ada.client.send(method, path, "application/json", body).await;
        assert_eq!((reply.status, reply.code()), (status, code.into()), "{path}");
    }
    let big = vec![b' '; 300 * 1024];
    let reply = ada.client.send(Method::POST, "/api/channels", "application/json", big).await;
    assert_eq!((reply.status, reply.code()), (413, "too_large".into()));
    let xml = ada.client.send(Method::POST, "/api/channels", "text/xml", b"<x/>".to_vec()).await;
    assert_eq!(xml.status, 415);
}

#[tokio::test]
async fn a_body_that_dribbles_is_ended() {
    let app = TestApp::start_with(&["--upload-stall-s", "1"]).await;
    for (path, kind) in
        [("/api/session", "application/json"), ("/login", "application/x-www-form-urlencoded")]
    {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: 50\r\n\r\n{{"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let read = tokio::time::timeout(DEADLINE, stream.read_to_string(&mut answer)).await;
        read.expect("an end in time").unwrap();
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("\"too_slow\""), "{answer}");
    }
}
