//! Addresses where there is nothing, methods that they do not accept, and the addresses that the
//! server itself gives out.

use hyper::Method;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::client::{Client, Reply};

/// The `Accept` header of a browser that loads a page.
const PAGE: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// A browser that loads pages, in that language.
fn browser(app: &TestApp, language: &str) -> Client {
    let mut browser = app.browser();
    browser.headers.push(("accept", PAGE.to_owned()));
    browser.headers.push(("accept-language", language.to_owned()));
    browser
}

fn is_page(reply: &Reply, status: u16, told: &str) {
    assert_eq!((reply.status, reply.header("content-type")), (status, "text/html; charset=utf-8"));
    assert!(reply.text().contains(told), "{}", reply.text());
}

#[tokio::test]
async fn a_browser_gets_a_page_and_a_program_gets_a_problem() {
    let app = TestApp::start().await;
    let mut program = app.browser();
    for (method, path, status, code) in [
        (Method::GET, "/nowhere", 404, "not_found"),
        (Method::GET, "/nowhere/", 404, "not_found"),
        (Method::GET, "/channels/", 404, "not_found"),
        (Method::GET, "/assets/app-0000.js", 404, "not_found"),
        (Method::GET, "/api/nowhere", 404, "not_found"),
        (Method::GET, "/api/me", 401, "not_signed_in"),
        (Method::DELETE, "/channels", 405, "bad_method"),
        (Method::PUT, "/login", 405, "bad_method"),
        (Method::POST, "/nowhere/", 404, "not_found"),
    ] {
        let reply = program.send(method.clone(), path, "", Vec::new()).await;
        assert_eq!((reply.status, reply.code()), (status, code.into()), "{method} {path}");
        for (language, told) in [("en", "<html lang=\"en\""), ("zh-CN", "<html lang=\"zh-Hans\"")] {
            let mut browser = browser(&app, language);
            let page = browser.send(method.clone(), path, "", Vec::new()).await;
            if path.ends_with('/') && method == Method::GET {
                assert_eq!(page.status, 308, "{path}");
                assert_eq!(page.header("location"), path.trim_end_matches('/'));
            } else {
                is_page(&page, status, told);
            }
        }
    }
    is_page(&browser(&app, "en").get("/nowhere").await, 404, "There is nothing at this address.");
    is_page(&browser(&app, "zh").get("/nowhere").await, 404, "此地址没有内容。");
    let mut form = browser(&app, "zh");
    let odd = form.send(Method::POST, "/login", "text/plain", b"x".to_vec()).await;
    is_page(&odd, 400, "请求格式不正确");
}

#[tokio::test]
async fn a_slash_too_many_never_leads_to_another_site() {
    let app = TestApp::start().await;
    let mut browser = browser(&app, "en");
    for path in ["//evil.example/", "///evil.example//", "/\\evil.example/", "//", "/%2f/"] {
        let reply = browser.get(path).await;
        let to = reply.header("location");
        assert!(to.is_empty() || (to.starts_with('/') && !to.starts_with("//")), "{path}: {to}");
    }
    let asked = browser.get("/login/?next=%2Fchannel%2Fx").await;
    assert_eq!(asked.header("location"), "/login?next=%2Fchannel%2Fx");
}

#[tokio::test]
async fn a_method_that_is_not_taken_names_those_that_are() {
    let app = TestApp::start().await;
    let mut client = app.browser();
    for (path, taken) in [
        ("/channels", vec!["GET", "HEAD", "POST"]),
        ("/api/channels", vec!["GET", "HEAD", "POST"]),
        ("/api/me", vec!["GET", "HEAD"]),
        ("/healthz", vec!["GET", "HEAD"]),
    ] {
        for (method, status) in [(Method::PATCH, 405), (Method::OPTIONS, 204)] {
            let reply = client.send(method, path, "", Vec::new()).await;
            assert_eq!(reply.status, status, "{path}");
            let mut allowed: Vec<&str> = reply.header("allow").split(',').map(str::trim).collect();
            allowed.sort_unstable();
            assert_eq!(allowed, taken, "{path}");
            assert_eq!(reply.header("access-control-allow-origin"), "");
        }
    }
    let nowhere = client.send(Method::OPTIONS, "/nowhere", "", Vec::new()).await;
    assert_eq!(nowhere.status, 404);
}

#[tokio::test]
async fn asking_for_the_head_is_asking_without_the_body() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    ada.channel("general").await;
    for path in [
        "/channels",
        "/channel/general",
        "/settings",
        "/api/channels",
        "/api/me",
        "/api/docs",
        "/api/openapi.json",
        "/healthz",
        "/plain.css",
        "/nowhere",
    ] {
        let whole = ada.client.get(path).await;
        let head = ada.client.send(Method::HEAD, path, "", Vec::new()).await;
        assert_eq!(head.status, whole.status, "{path}");
        assert_eq!(head.header("content-type"), whole.header("content-type"), "{path}");
        assert!(head.body.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn a_file_may_be_called_thumbnail() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    for name in ["thumbnail", "delete", "resumable", "api", "..."] {
        let path = format!("/api/uploads?name={name}");
        let sent = ada.client.send(Method::POST, &path, "text/plain", b"words".to_vec()).await;
        if name == "..." {
            assert_eq!(sent.status, 422, "a name of dots alone would be a step up");
            continue;
        }
        let id = sent.json()["id"].as_str().unwrap().to_owned();
        let file = ada.client.get(&format!("/files/{id}/{name}")).await;
        assert_eq!((file.status, file.text()), (200, "words".into()), "{name}");
        let none = ada.client.get(&format!("/thumbnails/{id}")).await;
        assert_eq!(none.code(), "not_found");
    }
}

#[tokio::test]
async fn what_a_problem_points_to_explains_it() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    ada.channel("general").await;
    let page = ada.client.get("/api/docs").await.text();
    let replies = [
        app.browser().get("/api/me").await,
        ada.client.get("/api/nowhere").await,
        ada.client.post("/api/channels", &json!([])).await,
        ada.client.post("/api/channels", &json!({ "name": "general" })).await,
        ada.client.post("/api/channels/1/messages", &json!({ "text": " " })).await,
        ada.client.send(Method::PUT, "/api/me", "", Vec::new()).await,
    ];
    for reply in replies {
        let code = reply.code();
        let kind = reply.json()["type"].as_str().unwrap().to_owned();
        let (path, place) = kind.split_once('#').unwrap();
        assert_eq!((path, place), ("/api/docs", format!("code-{code}").as_str()));
        assert!(page.contains(&format!("id=\"{place}\"")), "{kind}");
    }
    for link in page.split("href=\"").skip(1) {
        let link = link.split('"').next().unwrap();
        match link.strip_prefix('#') {
            Some(place) => assert!(page.contains(&format!("id=\"{place}\"")), "{link}"),
            None => assert_eq!(ada.client.get(link).await.status, 200, "{link}"),
        }
    }
}

#[tokio::test]
async fn a_list_is_no_object_at_any_door() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let document: Value = serde_json::from_str(&chinwag::http::openapi()).unwrap();
    let mut doors = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if operation["requestBody"]["content"].get("application/json").is_none() {
                continue;
            }
            doors += 1;
            let path = path.replace("{id}", &channel.to_string());
            let path = path.replace("{number}", "1").replace("{user}", "1");
            for body in [
                json!([null, "text", []]),
                json!(["text"]),
                json!(["one", "two"]),
                json!([1]),
                json!(["digest_mismatch", channel, 1, "a", "b"]),
                json!([]),
                json!("text"),
                json!(1),
            ] {
                let bytes = body.to_string().into_bytes();
                let method: Method = method.to_uppercase().parse().unwrap();
                let reply = ada.client.send(method, &path, "application/json", bytes).await;
                assert_eq!(
                    (reply.status, reply.code()),
                    (400, "bad_request".into()),
                    "{path} {body}"
                );
            }
        }
    }
    // Nor inside of one.
    let state = ada.client.get("/api/state").await.json();
    let sender = json!([ada.id, state["instance"], state["epoch"]]);
    let reply = ada.post(channel, &json!({ "text": "x", "sender": sender })).await;
    assert_eq!((reply.status, reply.code()), (400, "bad_request".into()));
    assert!(doors >= 9, "the doors that take JSON were found: {doors}");
    let page = ada.client.get(&format!("/api/channels/{channel}/messages")).await.json();
    assert_eq!(page["messages"], json!([]));
}
