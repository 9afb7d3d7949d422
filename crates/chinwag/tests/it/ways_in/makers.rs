//! Who makes channels, as the owner says; and the kinds in the form without script.

use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn the_owner_says_whether_members_make_channels() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "open").await;
    let mut ada = app.user("Ada").await;
    ada.channel("tea").await;
    assert_eq!(mei.client.get("/api/place").await.json()["channel_makers"], "member");
    let only = json!({ "channel_makers": "moderator" });
    assert_eq!(ada.client.patch("/api/place", &only).await.status, 403);
    let set = mei.client.patch("/api/place", &only).await;
    assert_eq!((set.status, &set.json()["channel_makers"]), (200, &json!("moderator")));
    for body in [json!({ "name": "new" }), json!({ "name": "new", "kind": "private" })] {
        assert_eq!(ada.client.post("/api/channels", &body).await.status, 403);
    }
    assert_eq!(ada.client.form("/channels", &[("new_channel", "new")]).await.status, 403);
    let taken = ada.client.post("/api/channels", &json!({ "name": "tea" })).await;
    assert_eq!(taken.status, 403, "they are not told that the name is taken");
    assert!(!ada.client.get("/channels").await.text().contains("new_channel"));
    let state = ada.client.get("/api/state").await.json();
    assert_eq!(state["workspace"]["channel_makers"], "moderator");
    mei.channel("by the owner").await;
    assert!(mei.client.get("/channels").await.text().contains("new_channel"));
    // It outlives a restart, and ends when the owner says so.
    let app = app.restart().await;
    for user in [&mut ada, &mut mei] {
        user.client.address = app.address;
    }
    assert_eq!(ada.client.post("/api/channels", &json!({ "name": "new" })).await.status, 403);
    mei.client.patch("/api/place", &json!({ "channel_makers": "member" })).await;
    ada.channel("new").await;
}

#[tokio::test]
async fn the_form_without_script_makes_public_and_private_channels() {
    let app = TestApp::start().await;
    let (mut ada, mut bea) = (app.user("Ada").await, app.user("Bea").await);
    let page = ada.client.get("/channels").await.text();
    assert!(page.contains("value=\"private\""), "{page}");
    for (name, kind) in [("open house", "public"), ("canary", "private")] {
        let made = ada.client.form("/channels", &[("new_channel", name), ("kind", kind)]).await;
        assert_eq!((made.status, made.header("location")), (303, "/channels"), "{}", made.text());
        ada.client.get("/channels").await;
    }
    let mine = ada.client.get("/api/state").await.json()["channels"].clone();
    let kinds: Vec<_> = mine.as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["public", "private"]);
    let theirs = bea.client.get("/channels").await.text();
    assert!(theirs.contains("open house") && !theirs.contains("canary"), "{theirs}");
    for kind in ["direct", "window"] {
        let made = ada.client.form("/channels", &[("new_channel", "x"), ("kind", kind)]).await;
        assert_eq!(made.status, 422, "{kind}: {}", made.text());
    }
}
