//! Forwarding a message: the copy and its files, for whom, and that nobody learns where it came from.

use serde_json::{Value, json};

use crate::app::{TestApp, User};

async fn private(user: &mut User, name: &str) -> i64 {
    let draft = json!({ "name": name, "kind": "private", "people": [] });
    user.client.post("/api/channels", &draft).await.json()["id"].as_i64().unwrap()
}

fn forward(channel: i64, message: &Value) -> Value {
    json!({ "forward": { "channel": channel, "number": message["number"] } })
}

#[tokio::test]
async fn a_forward_carries_text_and_files_and_stays_when_the_original_goes() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let open = bob.channel("releases").await;
    ada.join(open).await;
    let ops = private(&mut ada, "ops-nights").await;
    let picture = ada.upload("pier.png", "image/png", crate::picture_files::photo(64, 64)).await;
    let id = picture.json()["id"].clone();
    let draft = json!({ "text": "the @Bob **lock**", "attachments": [id] });
    let said = ada.post(ops, &draft).await.json();
    let (mut at_bob, mut classic) = (bob.listen().await, bob.listen_classic().await);
    let mut wish = forward(ops, &said);
    wish["text"] = json!("For the notes");
    let posted = ada.post(open, &wish).await;
    assert_eq!(posted.status, 201, "{}", posted.text());
    let posted = posted.json();
    let carried =
        json!({ "author": said["author"], "text": said["text"], "at": said["created_at"] });
    assert_eq!(posted["forwarded"], carried);
    assert_eq!(posted.get("mentions"), None, "it calls nobody");
    let heard = at_bob.event("message").await;
    assert_eq!(heard["message"], posted);
    for told in [heard.to_string(), posted.to_string()] {
        assert!(!told.contains(&ops.to_string()) && !told.contains("ops-nights"), "{told}");
    }
    let told = classic.event("emit msg").await["msg"].as_str().unwrap().to_owned();
    assert!(told.contains("For%20the%20notes") && told.contains("lock"), "{told}");
    // The file is a copy with an id of its own, which Bob reads; the original's is not for him.
    let copy = posted["attachments"][0]["id"].as_str().unwrap().to_owned();
    let original = id.as_str().unwrap().to_owned();
    assert_ne!(copy, original);
    let file = bob.client.get(&format!("/files/{copy}/pier.png")).await;
    assert_eq!(file.status, 200);
    assert_eq!(bob.client.get(&format!("/files/{original}/pier.png")).await.status, 404);
    assert_eq!(bob.client.get(&format!("/thumbnails/{copy}")).await.status, 200);
    ada.client.delete(&format!("/api/channels/{ops}/messages/{}", said["number"])).await;
    assert_eq!(ada.client.get(&format!("/files/{original}/pier.png")).await.status, 404);
    let stays = bob.client.get(&format!("/files/{copy}/pier.png")).await;
    assert_eq!((stays.status, &stays.body), (200, &file.body));
    let page = bob.client.get("/channel/releases").await.text();
    assert!(page.contains("Forwarded") && page.contains("lock"), "{page}");
    assert!(!page.contains("ops-nights"), "{page}");
    let state = bob.client.get("/api/state?channel=releases").await.text();
    assert!(!state.contains("ops-nights") && !state.contains(&ops.to_string()), "{state}");
    // The forward's own deletion takes the copy.
    ada.client.delete(&format!("/api/channels/{open}/messages/{}", posted["number"])).await;
    assert_eq!(ada.client.get(&format!("/files/{copy}/pier.png")).await.status, 404);
    let newest = bob.client.get(&format!("/api/channels/{open}/messages?limit=1")).await.json();
    assert!(!newest.to_string().contains("lock"), "{newest}");
}

#[tokio::test]
async fn a_hidden_message_is_as_absent_as_one_that_never_was() {
    let app = TestApp::start().await;
    let (mut ada, mut eve) = (app.user("Ada").await, app.user("Eve").await);
    let open = eve.channel("general").await;
    let ops = private(&mut ada, "ops").await;
    let file = ada.upload("plan.txt", "text/plain", b"canary".to_vec()).await.json();
    let draft = json!({ "text": "secret", "attachments": [file["id"]] });
    let said = ada.post(ops, &draft).await.json();
    let mut told = Vec::new();
    for (channel, number) in [(ops, said["number"].clone()), (ops, json!(99)), (ops + 1, json!(1))]
    {
        let refused = eve.post(open, &forward(channel, &json!({ "number": number }))).await;
        told.push((
            refused.status,
            refused.json()["code"].clone(),
            refused.json()["detail"].clone(),
        ));
    }
    assert!(told.iter().all(|one| *one == told[0]) && told[0].0 == 404, "{told:?}");
    // It is one thing or another.
    let said = eve.say(open, "mine").await;
    for (field, value) in [("quote", said["number"].clone()), ("attachments", json!([file["id"]]))]
    {
        let mut wish = forward(open, &said);
        wish[field] = value;
        let refused = eve.post(open, &wish).await;
        assert_eq!((refused.status, refused.code().as_str()), (422, "invalid"), "{field}");
    }
    let odd = eve.post(open, &json!({ "text": "x", "forward": [1, 2] })).await;
    assert_eq!(odd.status, 400);
}

#[tokio::test]
async fn the_copies_count_in_the_room_of_whoever_forwards() {
    let app = TestApp::start_with(&["--quota-person-mb", "1"]).await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let open = ada.channel("general").await;
    bob.join(open).await;
    let file = ada.upload("a.txt", "text/plain", vec![b'x'; 600 * 1024]).await.json();
    let said = ada.post(open, &json!({ "text": "", "attachments": [file["id"]] })).await.json();
    let first = bob.post(open, &forward(open, &said)).await;
    assert_eq!(first.status, 201, "{}", first.text());
    let second = bob.post(open, &forward(open, &said)).await;
    assert_eq!(second.code(), "quota_reached", "{}", second.text());
}
