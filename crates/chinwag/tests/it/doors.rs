//! Every door of the REST interface, as the published document lists them: each refuses nobody.
//!
//! A route that is added shows up here by itself; if it is meant for people who are not signed in,
//! it has to be named.

use hyper::Method;
use serde_json::Value;

use crate::app::TestApp;

/// What somebody who is not signed in may ask for.
const OPEN: [&str; 2] = ["POST /api/session", "GET /api/state"];

#[tokio::test]
async fn nobody_gets_in_anywhere_without_a_credential() {
    let app = TestApp::start().await;
    let document = app.browser().get("/api/openapi.json").await.json();
    assert_eq!(
        document["openapi"].as_str().unwrap().split('.').take(2).collect::<Vec<_>>(),
        ["3", "1"]
    );
    let mut ended = app.user("Ada").await.client;
    let cookies = ended.cookies.clone();
    assert_eq!(ended.delete("/api/session").await.status, 204);
    ended.cookies = cookies;
    let mut revoked = app.browser();
    revoked.headers.push(("authorization", format!("Bearer {}", "B".repeat(43))));
    let mut doors = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method = method.to_uppercase();
            if OPEN.contains(&format!("{method} {path}").as_str()) {
                continue;
            }
            doors += 1;
            for client in [&mut app.browser(), &mut ended, &mut revoked] {
                let method: Method = method.parse().unwrap();
                let path =
                    path.replace("{id}", "1").replace("{number}", "1").replace("{name}", "x");
                let query = if path == "/api/uploads" { "?name=x" } else { "" };
                let body = example(operation);
                let reply =
                    client.send(method, &format!("{path}{query}"), "application/json", body).await;
                assert_eq!((reply.status, reply.code()), (401, "not_signed_in".into()), "{path}");
            }
        }
    }
    assert!(doors > 25, "the document lists them: {doors}");
}

/// Any body will do: who is asking is looked at first.
fn example(operation: &Value) -> Vec<u8> {
    if operation.get("requestBody").is_some() { b"{}".to_vec() } else { Vec::new() }
}

#[tokio::test]
async fn the_pages_send_strangers_to_the_sign_in_form() {
    let app = TestApp::start().await;
    for path in ["/channels", "/channel/x", "/channel/x/7", "/settings"] {
        let reply = app.browser().get(path).await;
        assert!(reply.header("location").starts_with("/login?next="), "{path}");
    }
    for path in ["/channels", "/channel/x", "/channel/x/delete"] {
        let reply = app.browser().form(path, &[("msg", "x"), ("id", "1")]).await;
        assert!(reply.header("location").starts_with("/login"), "{path}");
    }
}
