//! The first HTML of a channel: its messages are painted from it before any style or script
//! arrives.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::app::TestApp;

/// What a browser with script draws: the page without its `<noscript>` parts.
fn drawn(page: &str) -> String {
    let mut parts = page.split("<noscript>");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |drawn, part| {
        let (hidden, rest) = part.split_once("</noscript>").expect("every <noscript> ends");
        assert!(!hidden.contains("<noscript"), "none inside another: {hidden}");
        drawn + rest
    })
}

#[tokio::test]
async fn the_first_html_draws_the_messages() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("<i>Grace</i>").await);
    let general = ada.channel("general").await;
    for text in ["first <script>alert(1)</script>", "gone", "third & last\n\nand on"] {
        grace.say(general, text).await;
    }
    // The first row says that Grace joined.
    grace.client.form("/channel/general/delete", &[("id", "3")]).await;
    let page = ada.client.get("/channel/general").await.text();
    let view = drawn(page.split_once("<div id=\"app\">").unwrap().0);

    assert!(!view.contains("<i>") && !view.contains("<script>alert"), "escaped: {view}");
    let order = [
        "&#60;i&#62;Grace&#60;/i&#62; joined",
        "first &#60;script&#62;",
        "deleted a message",
        "third &#38; last</p>",
        ">and on</p>",
    ];
    let places = order.map(|text| view.find(text).unwrap_or_else(|| panic!("no {text}: {view}")));
    assert!(places.is_sorted(), "oldest first: {places:?}");
    assert!(!page.contains("gone"), "a deleted text is nowhere");
    for number in 1..=4 {
        assert_eq!(view.matches(&format!("data-number=\"{number}\"")).count(), 1);
        assert_eq!(page.matches(&format!("data-number=\"{number}\"")).count(), 1, "written once");
    }
    for pressed in ["<form", "<input", "<textarea"] {
        assert!(!view.contains(pressed), "nothing that does nothing without script: {pressed}");
    }
    assert!(!view.contains("type=\"submit\""));
    let (above, state) = (page.find("role=\"log\"").unwrap(), page.find("id=\"state\"").unwrap());
    assert!(above < state, "the state comes after what it says");
    assert!(above < page.find("rel=\"stylesheet\"").unwrap(), "and so does the stylesheet");
}

#[tokio::test]
async fn the_policy_allows_what_stands_in_the_page_and_nothing_else() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    ada.channel("general").await;
    let reply = ada.client.get("/channel/general").await;
    let (page, policy) = (reply.text(), reply.header("content-security-policy").to_owned());
    let style = page.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
    let digest = STANDARD.encode(Sha256::digest(style));
    for allowed in [format!("style-src 'self' 'sha256-{digest}';"), "script-src 'self';".into()] {
        assert!(policy.contains(&allowed), "{allowed} in {policy}");
    }
    for script in page.split("<script ").skip(1) {
        let is_data = script.starts_with("type=\"application/json\"");
        assert!(is_data || script.contains("src=\"/assets/"), "no script in the page: {script}");
    }
    assert!(!page.contains("<script>"), "{page}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(!page.contains(" style=\"") && !page.contains(" onload="), "no attribute needs more");
}

#[tokio::test]
async fn a_link_to_a_message_draws_none_before_the_app_knows_where_it_stands() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let general = ada.channel("general").await;
    ada.say(general, "hello").await;
    let page = ada.client.get("/channel/general/1").await.text();
    assert!(page.contains("<p class=\"txt\" dir=\"auto\">hello</p>"), "without script it is there");
    assert!(!drawn(page.split_once("<div id=\"app\">").unwrap().0).contains("hello"));
}

#[tokio::test]
async fn the_address_of_a_message_is_its_surroundings_marked_with_ways_on() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let general = ada.channel("general").await;
    for number in 1..=150 {
        ada.say(general, &format!("line {number}.")).await;
    }
    let page = ada.client.get("/channel/general/75").await.text();
    assert_eq!(
        page.matches("aria-current=\"true\" tabindex=\"-1\" autofocus").count(),
        1,
        "{page}"
    );
    let marked = page.split_once("autofocus").unwrap().1;
    assert!(marked.split("</article>").next().unwrap().contains("line 75."), "{marked}");
    for way in [
        "\"/channel/general/25\">Older",
        "\"/channel/general/124\">Newer",
        "\"/channel/general\">Back",
    ] {
        assert!(page.contains(way), "{way}: {page}");
    }
    let state = ada.client.get("/api/state?channel=general&number=75").await.json();
    let rows = state["page"]["messages"]["messages"].as_array().unwrap().clone();
    assert_eq!((&rows[0]["number"], &rows[99]["number"]), (&json!(25), &json!(124)));

    // Nothing is there beyond the end, and it reads like a place that one may not see.
    let beyond = ada.client.get("/channel/general/151").await;
    let unseen = ada.client.get("/c/4611686018427/1").await;
    assert_eq!((beyond.status, unseen.status), (404, 404));
    for answer in [beyond.text(), unseen.text()] {
        assert!(answer.contains("This address leads to no message that you may read."), "{answer}");
    }
    let state = ada.client.get("/api/state?channel=general&number=151").await.json();
    assert_eq!(state["page"], json!({ "kind": "missing_channel", "name": "" }));
}

#[tokio::test]
async fn pages_are_compressed_for_who_takes_it() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let general = ada.channel("general").await;
    ada.say(general, "squeezed").await;
    let plain = ada.client.get("/channel/general").await;
    assert_eq!(plain.header("content-encoding"), "");
    assert_eq!(plain.header("vary"), "accept-encoding");
    for (accepts, coding) in [("br, gzip;q=0.5", "gzip"), ("gzip;q=0", ""), ("br", "")] {
        ada.client.headers = vec![("accept-encoding", accepts.into())];
        let reply = ada.client.get("/channel/general").await;
        assert_eq!(reply.header("content-encoding"), coding, "{accepts}");
        assert_eq!(reply.header("vary"), "accept-encoding");
        let page = match coding {
            "gzip" => unpacked(&reply.body),
            _ => reply.text(),
        };
        assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>"), "{page}");
        assert!(page.contains("squeezed"));
    }
}

fn unpacked(bytes: &[u8]) -> String {
    let mut page = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(bytes), &mut page).unwrap();
    page
}
