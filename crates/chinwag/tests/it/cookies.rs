//! Cookies: nobody takes a name that their browser could not keep, and two servers on one host do
//! not interfere with each other.

use serde_json::json;

use crate::app::TestApp;
use crate::client::Client;

/// The headers that show that a browser asks: for a script's request, for a form, and those of an
/// old browser.
fn as_browsers(app: &TestApp) -> Vec<Vec<(&'static str, String)>> {
    let origin = ("origin", format!("http://{}", app.address));
    let page = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8".to_owned());
    let fetch = ("sec-fetch-site", "same-origin".to_owned());
    vec![vec![origin.clone()], vec![origin, page.clone()], vec![fetch], vec![page]]
}

fn browser(app: &TestApp, headers: Vec<(&'static str, String)>) -> Client {
    let mut client = app.browser();
    client.headers = headers;
    client
}

/// The same for the script of a page, which asks for no page.
fn script(app: &TestApp, headers: &[(&'static str, String)]) -> Client {
    let mut headers = headers.to_vec();
    headers.retain(|(name, _)| *name != "accept");
    if headers.is_empty() {
        headers.push(("origin", format!("http://{}", app.address)));
    }
    browser(app, headers)
}

async fn is_free(app: &TestApp, name: &str) -> bool {
    app.browser().post("/api/session", &json!({ "name": name })).await.status == 201
}

#[tokio::test]
async fn a_browser_that_keeps_no_cookies_takes_no_name() {
    let app = TestApp::start().await;
    for (n, headers) in as_browsers(&app).into_iter().enumerate() {
        let (one, two) = (format!("script {n}"), format!("form {n}"));
        let mut client = browser(&app, headers.clone());
        for _ in 0..2 {
            // The browser loads the page, gets cookies, and keeps none.
            client.get("/login").await;
            client.cookies.clear();
            let mut asking = script(&app, &headers);
            let reply = asking.post("/api/session", &json!({ "name": one })).await;
            assert_eq!((reply.status, reply.code()), (403, "no_cookies".into()), "{headers:?}");
            assert!(reply.json()["detail"].as_str().unwrap().contains("Allow cookies"));
            client.cookies.clear();
            let reply = client.form("/login", &[("displayName", &two)]).await;
            assert_eq!(reply.status, 403, "{headers:?}");
            assert!(reply.text().contains("does not keep this site’s cookies"), "{}", reply.text());
            assert!(reply.text().contains(&format!("value=\"{two}\"")), "what was typed stays");
            client.cookies.clear();
        }
        assert!(is_free(&app, &one).await && is_free(&app, &two).await, "{headers:?}");
    }
}

#[tokio::test]
async fn a_browser_that_keeps_cookies_shows_it_by_itself() {
    let app = TestApp::start().await;
    for (n, headers) in as_browsers(&app).into_iter().enumerate() {
        let mut client = browser(&app, headers.clone());
        client.get("/login").await;
        let reply = client.form("/login", &[("displayName", &format!("form {n}"))]).await;
        assert_eq!(reply.status, 303, "{headers:?}");
        let mut client = script(&app, &headers);
        client.get("/login").await;
        let body = json!({ "name": format!("script {n}") });
        assert_eq!(client.post("/api/session", &body).await.status, 201);
        // A page that stayed open longer than the probe lives succeeds when it sends the same
        // again.
        let mut late = browser(&app, client.headers.clone());
        let body = json!({ "name": format!("late {n}") });
        assert_eq!(late.post("/api/session", &body).await.code(), "no_cookies");
        assert_eq!(late.post("/api/session", &body).await.status, 201);
    }
}

#[tokio::test]
async fn over_http_a_server_for_https_says_what_to_open() {
    let app = TestApp::start_with(&["--public-url", "https://chat.example"]).await;
    let mut client = app.browser();
    client.headers.push(("origin", format!("http://{}", app.address)));
    client.get("/login").await;
    // A page over http does not keep `Secure` cookies.
    client.cookies.clear();
    let reply = client.post("/api/session", &json!({ "name": "Ada" })).await;
    assert_eq!((reply.status, reply.code()), (403, "https_only".into()));
    assert!(reply.json()["detail"].as_str().unwrap().contains("Open https://chat.example"));
    client.cookies.clear();
    let page = client.form("/login", &[("displayName", "Ada")]).await;
    assert!(page.text().contains("Open https://chat.example"), "{}", page.text());
    assert!(is_free(&app, "Ada").await);
}

/// A browser has cookies from the time when the server was one for http, or had an older version:
/// they do not show that it keeps `Secure` ones.
#[tokio::test]
async fn a_cookie_of_http_does_not_show_that_those_of_https_are_kept() {
    let app = TestApp::start_with(&["--public-url", "https://chat.example"]).await;
    let mut visitor = app.browser();
    visitor.get("/login").await;
    let probe = visitor.cookie_name("probe").unwrap();
    let probe = probe.strip_prefix("__Host-").unwrap();
    for name in [probe, "chinwag_session", "chinwag_device"] {
        let mut client = app.browser();
        client.headers.push(("origin", format!("http://{}", app.address)));
        client.cookies.insert(name.to_owned(), "1".to_owned());
        let reply = client.post("/api/session", &json!({ "name": "Ada" })).await;
        assert_eq!((reply.status, reply.code()), (403, "https_only".into()), "{name}");
        assert!(is_free(&app, &format!("Ada {name}")).await);
    }
    assert!(is_free(&app, "Ada").await);
}

#[tokio::test]
async fn two_servers_on_one_host_keep_out_of_each_others_way() {
    let (here, there) = (TestApp::start().await, TestApp::start().await);
    // One jar for both, as browsers have for one host with two ports.
    let mut client = here.browser();
    assert_eq!(client.post("/api/session", &json!({ "name": "Ada" })).await.status, 201);
    client.address = there.address;
    assert_eq!(client.get("/api/me").await.status, 401);
    assert_eq!(client.post("/api/session", &json!({ "name": "Grace" })).await.status, 201);
    client.address = here.address;
    assert_eq!(client.get("/api/me").await.json()["name"], "Ada", "still signed in here");
    client.address = there.address;
    assert_eq!(client.delete("/api/session").await.status, 204);
    client.address = here.address;
    assert_eq!(client.get("/api/me").await.json()["name"], "Ada", "signing out there ends nothing");
    assert_eq!(client.delete("/api/session").await.status, 204);
    let again = client.post("/api/session", &json!({ "name": "Ada" })).await;
    assert_eq!(again.status, 201, "each finds its own device key");
    let keys: Vec<_> = client.cookies.iter().filter(|(name, _)| name.contains("device")).collect();
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0].1, keys[1].1, "neither is shown the other's");
}

#[tokio::test]
async fn cookies_of_the_version_before_are_read_once_and_replaced() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let mut old = app.browser();
    for kind in ["session", "device"] {
        let name = ada.client.cookie_name(kind).unwrap();
        old.cookies.insert(format!("chinwag_{kind}"), ada.client.cookies[&name].clone());
    }
    let before = old.clone();
    assert_eq!(old.get("/api/me").await.json()["name"], "Ada");
    assert_eq!(old.get("/channels").await.status, 200);
    assert!(!old.cookies.contains_key("chinwag_session"), "{:?}", old.cookies);
    assert!(old.cookie_name("session").is_some());
    assert!(old.cookie_name("device").is_none(), "it waits for a new key: {:?}", old.cookies);
    assert_eq!(old.get("/api/me").await.json()["name"], "Ada");
    // The device key alone opens the name as well.
    let mut late = before.clone();
    late.cookies.remove("chinwag_session");
    assert_eq!(late.post("/api/session", &json!({ "name": "Ada" })).await.status, 201);
    let key = late.cookies[&late.cookie_name("device").unwrap()].clone();
    assert_ne!(key, late.cookies["chinwag_device"], "the key is another one by now");
    assert_eq!(
        ada.client.get("/api/me/devices").await.json()["devices"].as_array().map(Vec::len),
        Some(1)
    );
    // The cookies of another installation are not touched.
    let other = TestApp::start().await;
    let mut visitor = before.clone();
    visitor.address = other.address;
    visitor.get("/login").await;
    assert!(visitor.cookies.contains_key("chinwag_session"));
    // Logging out removes the old cookie too.
    let mut leaver = before;
    leaver.delete("/api/session").await;
    assert!(!leaver.cookies.contains_key("chinwag_session"));
    ada.client.get("/api/me").await;
}

/// Another site of the same domain can set a cookie without the prefix, so it may know the key in it.
#[tokio::test]
async fn a_planted_device_key_opens_nothing_new() {
    let app = TestApp::start_with(&[
        "--public-url",
        "https://chat.example",
        "--trusted-proxy",
        "127.0.0.1",
    ])
    .await;
    let over_https = |client: &mut Client| {
        client.host = Some("chat.example".to_owned());
        client.headers = vec![("x-forwarded-proto", "https".to_owned())];
    };
    let mut mallory = app.browser();
    over_https(&mut mallory);
    assert_eq!(mallory.post("/api/session", &json!({ "name": "Mallory" })).await.status, 201);
    let known = mallory.cookies[&mallory.cookie_name("device").unwrap()].clone();
    let mut ada = app.browser();
    over_https(&mut ada);
    let name = mallory.cookie_name("device").unwrap().replace("__Host-", "");
    for planted in ["chinwag_device".to_owned(), name] {
        ada.cookies.insert(planted, known.clone());
    }
    assert_eq!(ada.post("/api/session", &json!({ "name": "Ada" })).await.status, 201);
    assert_ne!(ada.cookies[&ada.cookie_name("device").unwrap()], known);
    assert_eq!(ada.get("/api/me").await.status, 200);
    let refused = mallory.post("/api/session", &json!({ "name": "Ada" })).await;
    assert_eq!((refused.status, refused.code()), (409, "name_taken".into()));
    let password = json!({ "new": "correct horse battery" });
    assert_eq!(ada.put("/api/me/password", &password).await.status, 204);
    let refused = mallory.post("/api/session", &json!({ "name": "Ada" })).await;
    assert_eq!(refused.code(), "password_required");
}

#[tokio::test]
async fn a_session_cookie_goes_whatever_the_server_says() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let ended = ada.client.clone();
    assert_eq!(ada.client.delete("/api/session").await.status, 204);
    for leave in ["DELETE", "GET"] {
        let mut late = ended.clone();
        match leave {
            "DELETE" => assert_eq!(late.delete("/api/session").await.code(), "not_signed_in"),
            _ => assert_eq!(late.get("/logout").await.status, 303),
        }
        assert_eq!(late.cookie_name("session"), None, "{leave}");
    }
}

#[tokio::test]
async fn https_at_the_usual_port_is_for_good() {
    for (args, proto, host, stays) in [
        (vec!["--public-url", "https://chat.example"], "", None, true),
        (vec!["--public-url", "https://chat.example:8443"], "", None, false),
        (vec!["--public-url", "http://chat.example"], "", None, false),
        (vec!["--trusted-proxy", "127.0.0.1"], "https", Some("localhost"), true),
        (vec!["--trusted-proxy", "127.0.0.1"], "https", Some("localhost:8443"), false),
        (vec!["--trusted-proxy", "127.0.0.1"], "http", Some("localhost"), false),
        (vec![], "https", Some("localhost"), false),
    ] {
        let app = TestApp::start_with(&args).await;
        let mut client = app.browser();
        client.host = host.map(str::to_owned);
        client.headers.push(("x-forwarded-proto", proto.to_owned()));
        let reply = client.get("/login").await;
        let told = reply.headers.contains_key("strict-transport-security");
        assert_eq!(told, stays, "{args:?} {proto} {host:?}");
    }
}
