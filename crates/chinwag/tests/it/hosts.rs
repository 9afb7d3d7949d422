//! Host names that this server answers to: a page of another site may let its own name lead here.

use hyper::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::app::{DEADLINE, TestApp};
use crate::socket::Socket;

#[tokio::test]
async fn a_name_that_somebody_else_gives_out_gets_nothing() {
    let app = TestApp::start_with(&["--public-url", "https://chat.example"]).await;
    let mut ada = app.user("Ada").await;
    ada.channel("general").await;
    let port = app.address.port();
    for host in ["attacker.example".to_owned(), format!("attacker.example:{port}")] {
        let mut client = ada.client.clone();
        client.host = Some(host.clone());
        // What a page of that site sends once its name leads here: the browser takes both for one
        // site.
        client.headers.push(("origin", format!("http://{host}")));
        client.headers.push(("sec-fetch-site", "same-origin".into()));
        for door in chinwag::http::doors() {
            let (method, path) = door.split_once(' ').unwrap();
            let method = if method == "ANY" { "GET" } else { method };
            let path = path.replace("{id}", "1").replace("{number}", "1");
            let path = path.replace("{name}", "general").replace("{*path}", "x");
            let method: Method = method.parse().unwrap();
            let is_head = method == Method::HEAD;
            let reply = client.exchange(method, &path, "", Vec::new()).await.unwrap();
            assert_eq!(reply.status, 421, "{door}");
            if !is_head {
                assert_eq!(reply.code(), "unknown_host", "{door}");
            }
        }
        let reply = client.post("/api/session", &json!({ "name": "Mallory" })).await;
        let told = reply.json()["detail"].as_str().unwrap().to_owned();
        assert!(told.contains("--allowed-host attacker.example"), "{told}");
        assert!(!reply.headers.contains_key("set-cookie"));
        assert_eq!(Socket::try_open(&client).await.err(), Some(421));
        // A proxy's header for the host is not believed either.
        client.headers.push(("x-forwarded-host", "chat.example".into()));
        assert_eq!(client.get("/api/me").await.status, 421);
    }
    for host in
        ["chat.example", "localhost", "schoolserver:8080", "pi.local", "[::1]:80", "10.0.0.7"]
    {
        let mut client = ada.client.clone();
        client.host = Some(host.to_owned());
        assert_eq!(client.get("/api/me").await.status, 200, "{host}");
        assert!(Socket::try_open(&client).await.is_ok(), "{host}");
    }
}

#[tokio::test]
async fn the_operator_may_allow_names() {
    let app = TestApp::start_with(&["--allowed-host", "one.example,two.example"]).await;
    for (host, status) in [("one.example", 200), ("TWO.example.:80", 200), ("three.example", 421)] {
        let mut client = app.browser();
        client.host = Some(host.to_owned());
        assert_eq!(client.get("/login").await.status, status, "{host}");
    }
}

#[tokio::test]
async fn a_request_names_exactly_one_host() {
    let app = TestApp::start().await;
    for (head, status) in [
        ("GET /login HTTP/1.1\r\n", "400"),
        ("GET /login HTTP/1.0\r\n", "400"),
        ("GET /login HTTP/1.1\r\nHost:\r\n", "400"),
        ("GET /login HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n", "400"),
        ("GET /login HTTP/1.1\r\nHost: localhost\r\nHost: attacker.example\r\n", "400"),
        ("GET /login HTTP/1.1\r\nHost: localhost, localhost\r\n", "400"),
        ("GET http://attacker.example/login HTTP/1.1\r\nHost: localhost\r\n", "400"),
        ("GET http://attacker.example/login HTTP/1.1\r\nHost: attacker.example\r\n", "421"),
        ("GET /login HTTP/1.1\r\nHost: localhost\r\n", "200"),
        ("GET http://localhost/login HTTP/1.1\r\nHost: localhost\r\n", "200"),
    ] {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        let text = format!("{head}Connection: close\r\n\r\n");
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let read = tokio::time::timeout(DEADLINE, stream.read_to_end(&mut answer)).await;
        read.expect("an end in time").unwrap();
        let line = String::from_utf8_lossy(&answer);
        let line = line.lines().next().unwrap_or_default().to_owned();
        assert_eq!(line.split(' ').nth(1), Some(status), "{head:?}: {line}");
    }
}
