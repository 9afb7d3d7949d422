//! What every request passes: foreign pages, headers, proxies, bytes of any kind.

use hyper::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::app::{DEADLINE, TestApp};
use crate::socket::Socket;

#[tokio::test]
async fn a_page_of_another_site_changes_nothing() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    for (name, value) in [
        ("origin", "http://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        ada.client.headers = vec![(name, value.to_owned())];
        let posts = [
            ada.client.post("/api/channels", &json!({ "name": "forged" })).await,
            ada.client.form("/channels", &[("new_channel", "forged")]).await,
            ada.client.form("/login", &[("displayName", "forged")]).await,
            ada.client.form("/logout", &[]).await,
            ada.client.delete("/api/session").await,
        ];
        for reply in posts {
            assert_eq!((reply.status, reply.code()), (403, "cross_site".into()), "{name}: {value}");
        }
        assert_eq!(Socket::try_open(&ada.client).await.err(), Some(403), "{name}: {value}");
    }
    ada.client.headers = vec![("origin", format!("http://{}", app.address))];
    assert_eq!(ada.client.post("/api/channels", &json!({ "name": "own" })).await.status, 201);
    assert!(Socket::try_open(&ada.client).await.is_ok());
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    for path in ["/", "/login", "/channels", "/api/me", "/nowhere", "/healthz", "/api/docs"] {
        let reply = ada.client.get(path).await;
        let csp = reply.header("content-security-policy");
        assert!(csp.contains("frame-ancestors 'none'") && !csp.contains("unsafe"), "{path}: {csp}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
    }
    let cookie = app.browser().post("/api/session", &json!({ "name": "Grace" })).await;
    for line in cookie.headers.get_all("set-cookie") {
        let line = line.to_str().unwrap();
        assert!(line.contains("HttpOnly; SameSite=Lax") && !line.contains("Secure"), "{line}");
    }
}

#[tokio::test]
async fn https_makes_cookies_secure() {
    let app = TestApp::start_with(&["--public-url", "https://chat.example"]).await;
    let mut client = app.browser();
    client.headers.push(("origin", "https://chat.example".into()));
    let reply = client.post("/api/session", &json!({ "name": "Ada" })).await;
    assert!(reply.header("set-cookie").ends_with("; Secure"), "{}", reply.header("set-cookie"));
}

#[tokio::test]
async fn only_a_trusted_proxy_is_believed_about_the_address() {
    for (args, expected) in
        [(vec![], "127.0.0.1"), (vec!["--trusted-proxy", "127.0.0.1"], "203.0.113.7")]
    {
        let app = TestApp::start_with(&args).await;
        let mut client = app.browser();
        client.headers.push(("x-forwarded-for", "6.6.6.6, 203.0.113.7".into()));
        client.post("/api/session", &json!({ "name": "Ada" })).await;
        let sessions = client.get("/api/me/sessions").await.json();
        assert_eq!(sessions["sessions"][0]["address"], expected);
    }
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
        // A reset is an answer too: what counts is that it ends and the server goes on.
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
