//! The list of what one is in, and the directory of all public channels, over HTTP and as plain pages.

use serde_json::{Value, json};

use crate::app::{TestApp, User};

async fn listed(user: &mut User, query: &str) -> (Vec<String>, Option<String>) {
    let reply = user.client.get(&format!("/api/directory?{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let page = reply.json();
    let names = page["channels"].as_array().unwrap().iter();
    let names = names.map(|channel| channel["name"].as_str().unwrap().to_owned()).collect();
    (names, page["next"].as_str().map(str::to_owned))
}

#[tokio::test]
async fn the_state_holds_what_one_is_in_and_what_the_page_needs() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let (tea, milk) = (ada.channel("tea").await, ada.channel("milk").await);
    bob.join(tea).await;
    ada.say(tea, "canary text").await;
    let ids = |list: &Value| -> Vec<i64> {
        list.as_array().unwrap().iter().map(|channel| channel["id"].as_i64().unwrap()).collect()
    };
    for path in ["/api/state", "/api/channels"] {
        let told = bob.client.get(path).await;
        assert_eq!(ids(&told.json()["channels"]), [tea], "{path}");
        assert!(!told.text().contains("canary text"), "no text of anybody: {path}");
    }
    let state = bob.client.get("/api/state?channel=milk").await.json();
    assert_eq!((ids(&state["channels"]), ids(&state["others"])), (vec![tea], vec![milk]));
    assert_eq!(state["others"][0]["member"], false);
    // It was looked at, so it is what they go back to.
    let state = bob.client.get("/api/state").await.json();
    assert_eq!((&state["me"]["last_channel"], ids(&state["others"])), (&json!(milk), vec![milk]));
    let brief = bob.client.get("/api/state?channel=tea&brief=true").await.json();
    assert_eq!((ids(&brief["channels"]), ids(&brief["others"])), (vec![], vec![tea]));
    let page = (&brief["page"]["channel"], &brief["channels_complete"]);
    assert_eq!(page, (&json!(tea), &json!(true)));
}

#[tokio::test]
async fn the_directory_is_read_in_pages_and_by_letters() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    for name in ["tea", "Milk", "apple", "茶水间"] {
        ada.channel(name).await;
    }
    let (first, next) = listed(&mut bob, "limit=3").await;
    assert_eq!(first, ["apple", "Milk", "tea"]);
    let (rest, end) = listed(&mut bob, &format!("limit=3&after={}", next.unwrap())).await;
    assert_eq!((rest, end), (vec!["茶水间".to_owned()], None));
    assert_eq!(listed(&mut bob, "order=oldest").await.0, ["tea", "Milk", "apple", "茶水间"]);
    assert_eq!(listed(&mut bob, "letters=mi").await.0, ["Milk"]);
    let row = bob.client.get("/api/directory?letters=milk").await.json()["channels"][0].clone();
    assert_eq!((&row["member"], &row["member_count"]), (&json!(false), &json!(1)));
    let long = format!("/api/directory?letters={}", "x".repeat(251));
    assert_eq!(bob.client.get(&long).await.status, 422);
    assert_eq!(bob.client.get("/api/directory?order=newest").await.status, 400);
}

#[tokio::test]
async fn the_plain_page_lists_the_directory_in_pages() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    for number in 0..103 {
        ada.channel(&format!("room {number:03} & more")).await;
    }
    let team = json!({ "name": "team", "kind": "private", "people": [bob.id] });
    let team = ada.client.post("/api/channels", &team).await.json()["id"].as_i64().unwrap();
    let page = bob.client.get("/channels").await.text();
    assert!(page.contains("room 000 &#38; more</a>") && page.contains("room 099"), "{page}");
    assert!(!page.contains("room 100"));
    assert!(page.contains(&format!("/c/{team}\">team</a>")), "{page}");
    let next = page.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let rest = bob.client.get(&next.replace("&#38;", "&")).await.text();
    assert!(rest.contains("room 100") && rest.contains("room 102") && !rest.contains("room 099"));
    assert!(!rest.contains("rel=\"next\""));
    let found = bob.client.get("/channels?find=ROOM+042").await.text();
    assert!(found.contains("room 042") && !found.contains("room 041"), "{found}");
    assert!(found.contains("value=\"ROOM 042\""), "what was looked for stays in the field");
    let none = bob.client.get("/channels?find=%22%3E%3Cscript%3E").await;
    assert_eq!(none.status, 200);
    assert!(!none.text().contains("\"><script>"), "{}", none.text());
    assert!(none.text().contains("No channel has these letters"));
    // What one visited last is shown, whether or not one is in it.
    bob.client.get("/channel/room%20101%20%26%20more").await;
    let page = bob.client.get("/channels").await.text();
    let latest = "class=\"latest\" href=\"/channel/room%20101%20%26%20more\"";
    assert!(page.contains(latest), "{page}");
}
