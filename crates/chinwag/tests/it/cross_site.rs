//! Pages of other sites: what they make a browser send, where they would redirect it, and what they
//! would embed.

use hyper::{Method, header};
use serde_json::json;

use crate::app::TestApp;
use crate::client::{Client, Reply};
use crate::socket::Socket;

/// The headers by which a browser says that a page of another origin asks.
const FOREIGN: [(&str, &str); 8] = [
    ("origin", "http://evil.example"),
    ("origin", "https://127.0.0.1"),
    ("origin", "http://127.0.0.1:1"),
    ("origin", "http://127.0.0.1.evil.example"),
    ("origin", "null"),
    ("origin", ""),
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-site", "same-site"),
];

fn as_foreign(client: &Client, header: (&'static str, &str)) -> Client {
    let mut client = client.clone();
    client.headers.push((header.0, header.1.to_owned()));
    client
}

async fn ask(client: &Client, method: Method, path: &str, kind: &str, body: &[u8]) -> Reply {
    client.exchange(method, path, kind, body.to_vec()).await.expect("an answer")
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing_at_any_door() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    ada.say(channel, "mine").await;
    let before = ada.client.get("/api/channels/1/changes?since=0").await.json();
    let mut doors = 0;
    for door in chinwag::http::doors() {
        let (method, path) = door.split_once(' ').unwrap();
        let reads = matches!(method, "GET" | "HEAD" | "OPTIONS");
        let methods = if method == "ANY" { vec!["GET", "POST"] } else { vec![method] };
        if reads {
            continue;
        }
        doors += 1;
        let path = path.replace("{id}", "1").replace("{number}", "1").replace("{name}", "general");
        for method in methods {
            for header in FOREIGN {
                let client = as_foreign(&ada.client, header);
                // What a form or a fetch can send without permission.
                for (kind, body) in [
                    ("application/x-www-form-urlencoded", "msg=x&id=1&displayName=x"),
                    ("text/plain", "{\"text\":\"x\",\"name\":\"x\"}"),
                    ("application/json", "{\"text\":\"x\",\"name\":\"x\"}"),
                ] {
                    let method = method.parse().unwrap();
                    let reply = ask(&client, method, &path, kind, body.as_bytes()).await;
                    let told = (reply.status, reply.code());
                    assert_eq!(told, (403, "cross_site".into()), "{door} {header:?} {kind}");
                }
            }
        }
    }
    assert!(doors > 25, "the server lists them: {doors}");
    assert_eq!(ada.client.get("/api/channels/1/changes?since=0").await.json(), before);
    assert_eq!(
        ada.client.get("/api/channels").await.json()["channels"].as_array().unwrap().len(),
        1
    );
    let own = as_foreign(&ada.client, ("origin", &format!("http://{}", app.address)));
    let posted = own.clone().post("/api/channels", &json!({ "name": "own" })).await;
    assert_eq!(posted.status, 201, "a page of our own may");
}

#[tokio::test]
async fn sockets_are_for_our_own_pages() {
    let app = TestApp::start().await;
    let ada = app.user("Ada").await;
    let polling = "/socket.io/?EIO=4&transport=polling";
    let opened = ask(&ada.client, Method::GET, polling, "", b"").await.text();
    let sid = opened.split("\"sid\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for header in FOREIGN {
        let client = as_foreign(&ada.client, header);
        assert_eq!(Socket::try_open(&client).await.err(), Some(403), "WebSocket, {header:?}");
        for (method, path) in [
            (Method::GET, polling.to_owned()),
            (Method::GET, polling.replace("io/?", "io?")),
            (Method::GET, format!("{polling}&sid={sid}")),
            (Method::POST, format!("{polling}&sid={sid}")),
        ] {
            let reply = ask(&client, method, &path, "text/plain", b"40").await;
            assert_eq!((reply.status, reply.code()), (403, "cross_site".into()), "{header:?}");
        }
    }
    let own = as_foreign(&ada.client, ("origin", &format!("http://{}", app.address)));
    assert!(Socket::try_open(&own).await.is_ok());
}

#[tokio::test]
async fn a_get_that_enters_or_leaves_must_be_meant() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let grace = app.user("Grace").await;
    let mut elsewhere = grace.client.clone();
    let mut last = async || elsewhere.get("/api/me").await.json()["last_channel"].clone();
    for embedded in [
        vec![("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "image")],
        vec![("sec-fetch-site", "same-site"), ("sec-fetch-dest", "empty")],
        vec![("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "iframe")],
        vec![("sec-fetch-site", "same-site"), ("sec-fetch-dest", "script")],
        vec![("origin", "http://evil.example")],
    ] {
        let mut client = grace.client.clone();
        client.headers =
            embedded.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        for path in ["/channel/general", "/channel/general/1", "/api/state?channel=general"] {
            let reply = client.get(path).await;
            assert_eq!((reply.status, reply.code()), (403, "cross_site".into()), "{embedded:?}");
        }
        assert_eq!(client.get("/logout").await.header("location"), "/", "{embedded:?}");
        assert_eq!(last().await, json!(null), "{embedded:?}");
    }
    let mut client = grace.client.clone();
    assert_eq!(client.get("/api/state?channel=general").await.status, 200);
    assert_eq!(last().await, channel, "meant, it enters");
}

/// Method, address, a header, a body, and the expected status.
type Case<'a> = (Method, &'a str, (&'static str, &'a str), &'a [u8], u16);

#[tokio::test]
async fn every_kind_of_answer_forbids_frames_and_guessing() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let png = crate::picture_files::photo(64, 64);
    let file = ask(&ada.client, Method::POST, "/api/uploads?name=x.png", "", &png).await;
    let id = file.json()["id"].as_str().unwrap().to_owned();
    let etag = ask(&ada.client, Method::GET, &format!("/files/{id}/x"), "", b"").await;
    let etag = etag.header("etag").to_owned();
    let big = vec![b' '; 300 * 1024];
    let get = Method::GET;
    let messages = format!("/api/channels/{channel}/messages");
    let (loose, thumb) = (format!("/files/{id}/x"), format!("/thumbnails/{id}"));
    let cases: [Case<'_>; 20] = [
        (get.clone(), "/", ("x", ""), b"", 303),
        (get.clone(), "/channels", ("x", ""), b"", 200),
        (get.clone(), "/channel/general", ("x", ""), b"", 200),
        (get.clone(), "/channel/nowhere", ("x", ""), b"", 404),
        (get.clone(), "/settings", ("x", ""), b"", 200),
        (get.clone(), "/nowhere", ("x", ""), b"", 404),
        (get.clone(), "/healthz", ("x", ""), b"", 200),
        (get.clone(), "/api/docs", ("x", ""), b"", 200),
        (get.clone(), "/api/me", ("x", ""), b"", 200),
        (get.clone(), "/plain.css", ("x", ""), b"", 200),
        (get.clone(), &loose, ("x", ""), b"", 200),
        (get.clone(), &loose, ("range", "bytes=0-1"), b"", 206),
        (get.clone(), &loose, ("range", "bytes=999999-"), b"", 416),
        (get.clone(), &loose, ("if-none-match", &etag), b"", 304),
        (get.clone(), &thumb, ("x", ""), b"", 200),
        (get.clone(), "/socket.io/?EIO=4&transport=polling", ("x", ""), b"", 200),
        (get.clone(), "/socket.io/?EIO=4&transport=pigeon", ("x", ""), b"", 400),
        (Method::DELETE, "/api/me", ("x", ""), b"", 405),
        (Method::POST, "/api/channels", ("origin", "http://evil.example"), b"{}", 403),
        (Method::POST, &messages, ("x", ""), &big, 413),
    ];
    for (method, path, header, body, status) in cases {
        let client = as_foreign(&ada.client, header);
        let reply = ask(&client, method, path, "application/json", body).await;
        assert_eq!(reply.status, status, "{path}");
        let csp = reply.header("content-security-policy");
        assert!(csp.contains("frame-ancestors 'none'") && !csp.contains("unsafe"), "{path}: {csp}");
        assert!(csp.starts_with("default-src 'none'"), "{path}: {csp}");
        assert_eq!(reply.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(reply.header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert!(!reply.headers.contains_key("strict-transport-security"), "{path}");
        assert!(!reply.headers.contains_key("access-control-allow-origin"), "{path}");
        let cache = reply.header("cache-control");
        let kept = path == "/plain.css" || cache.contains("no-store") || cache.contains("no-cache");
        assert!(kept, "{path}: {cache}");
    }
}

/// Every `Set-Cookie` of a visit that signs in and out.
async fn cookies(app: &TestApp, extra: &[(&'static str, &str)], name: &str) -> Vec<String> {
    let mut client = app.browser();
    client.headers = extra.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let mut lines = Vec::new();
    let fields = [("displayName", name)];
    for reply in [
        client.get("/login").await,
        client.get("/channels").await,
        client.form("/login", &fields).await,
        client.get("/channels").await,
        client.form("/logout", &[]).await,
        client.post("/api/session", &json!({ "name": name })).await,
        client.delete("/api/session").await,
    ] {
        let set = reply.headers.get_all(header::SET_COOKIE);
        lines.extend(set.iter().map(|line| line.to_str().unwrap().to_owned()));
    }
    for name in ["chinwag_session_", "chinwag_device_", "chinwag_flash_", "chinwag_probe_"] {
        assert!(lines.iter().any(|line| line.contains(name)), "{name} in {lines:?}");
    }
    lines
}

#[tokio::test]
async fn cookies_are_for_this_host_alone_and_out_of_reach_of_script() {
    let plain = TestApp::start().await;
    let https = TestApp::start_with(&["--public-url", "https://chat.example"]).await;
    let proxied = TestApp::start_with(&["--trusted-proxy", "127.0.0.1"]).await;
    let own = ("origin", "https://chat.example");
    let proto = ("x-forwarded-proto", "https");
    for (lines, secure) in [
        (cookies(&plain, &[], "Ada").await, false),
        (cookies(&plain, &[proto], "Grace").await, false),
        (cookies(&https, &[own], "Ada").await, true),
        (cookies(&proxied, &[], "Ada").await, false),
        (cookies(&proxied, &[proto], "Grace").await, true),
    ] {
        for line in lines {
            let parts: Vec<&str> = line.split("; ").collect();
            for part in ["Path=/", "HttpOnly", "SameSite=Lax"] {
                assert!(parts.contains(&part), "{line}");
            }
            assert_eq!(parts.contains(&"Secure"), secure, "{line}");
            assert_eq!(line.starts_with("__Host-chinwag_"), secure, "{line}");
            assert!(!line.to_lowercase().contains("domain="), "{line}");
            assert!(parts.iter().any(|part| part.starts_with("Max-Age=")), "{line}");
        }
    }
}

#[tokio::test]
async fn no_address_is_made_of_the_host_header() {
    // This holds even where the server answers to the name.
    let app = TestApp::start_with(&["--allowed-host", "evil.example"]).await;
    let mut ada = app.user("Ada").await;
    ada.channel("general").await;
    let tus =
        [("tus-resumable", "1.0.0"), ("upload-length", "5"), ("upload-metadata", "filename eA==")];
    for (line, value) in [
        ("x-forwarded-host", "evil.example"),
        ("x-host", "evil.example"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-original-url", "/evil.example"),
        ("x-http-method-override", "DELETE"),
    ] {
        let mut client = as_foreign(&ada.client, (line, value));
        client.host = Some("evil.example".to_owned());
        client.headers.extend(tus.map(|(name, value)| (name, value.to_owned())));
        for path in ["/", "/channels", "/channel/general", "/settings", "/api/state", "/api/docs"] {
            let reply = client.get(path).await;
            assert!(reply.status < 400, "{path}");
            assert!(!reply.text().contains("evil.example"), "{path}");
            assert!(!reply.header("location").contains("evil"), "{path}");
        }
        let begun = ask(&client, Method::POST, "/api/uploads/resumable", "", b"").await;
        assert!(begun.header("location").starts_with("/api/uploads/resumable/"));
        let mut nobody = app.browser();
        nobody.host = Some("evil.example".to_owned());
        let sent = nobody.get("/channel/general").await;
        assert_eq!(sent.header("location"), "/login?next=%2Fchannel%2Fgeneral");
    }
    assert_eq!(ada.client.get("/api/me").await.status, 200);
}

#[tokio::test]
async fn signing_in_never_leads_to_another_site() {
    let app = TestApp::start().await;
    let tricks = [
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\\/evil.example",
        "https://evil.example",
        "https:evil.example",
        "http:/evil.example",
        "HTTPS://evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example",
        ".evil.example",
        "@evil.example",
        "?next=//evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/ /evil.example",
        "/\u{a0}/evil.example",
        "/\u{ff0f}evil.example",
        "/x\r\nLocation: https://evil.example",
        "/x\r\nSet-Cookie: chinwag_session=forged",
        "%2F%2Fevil.example",
        "%252F%252Fevil.example",
        "%5C%5Cevil.example",
        "/\0",
        "",
    ];
    for (n, next) in tricks.iter().enumerate() {
        let name = format!("visitor {n}");
        let mut visitor = app.browser();
        let reply = visitor.form("/login", &[("displayName", &name), ("next", next)]).await;
        assert_eq!((reply.status, reply.header("location")), (303, "/"), "{next:?}");
        assert!(reply.headers.get_all("set-cookie").iter().count() <= 3, "{next:?}");
        assert!(!visitor.cookies.values().any(|value| value == "forged"), "{next:?}");
        // The form does not pass it on either, however often it was encoded.
        for encoded in [encode(next), encode(&encode(next))] {
            let page = app.browser().get(&format!("/login?next={encoded}")).await;
            assert_eq!(page.status, 200, "{next:?}");
            assert!(!page.text().contains("evil"), "{next:?}");
        }
    }
    // Paths of this server are kept, even if they look unusual.
    for (n, next) in ["/channel/a%2Fb", "/channel/..%2F", "/x//evil", "/@x", "/%5Cx", "/%0d%0aX:1"]
        .iter()
        .enumerate()
    {
        let fields = [("displayName", &*format!("owner {n}")), ("next", next)];
        let reply = app.browser().form("/login", &fields).await;
        assert_eq!(reply.header("location"), *next);
        assert!(!reply.headers.contains_key("x"));
    }
}

fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
