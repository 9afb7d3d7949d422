//! The first owner, the place, and the operator's commands.

use serde_json::json;

use super::knock;
use crate::app::TestApp;
use chinwag::operator::{Answer, Request, ask};

#[tokio::test]
async fn whoever_opens_the_printed_address_names_the_place_and_owns_it() {
    let app = TestApp::start().await;
    let first = app.first.clone().unwrap();
    let mut other = app.browser();
    let page = other.get(&first).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("What is this place called?"), "{}", page.text());
    assert_eq!(other.get("/first/x").await.status, 404);
    assert_eq!(other.get(&format!("/first/{}", "A".repeat(43))).await.status, 404);

    let short = [("place", "Harbour"), ("name", "Mei"), ("password", "short"), ("way_in", "open")];
    let refused = app.browser().form(&first, &short).await;
    assert_eq!(refused.status, 422, "an owner needs a password");
    assert!(refused.text().contains("8"), "{}", refused.text());

    let mut mei = app.owner("Mei Lin", "invite").await;
    let me = mei.client.get("/api/me").await.json();
    assert_eq!((&me["role"], &me["has_password"]), (&json!("owner"), &json!(true)));
    let place = mei.client.get("/api/place").await.json();
    assert_eq!(place["name"], "Harbour Works");
    assert_eq!(place["way_in"], "invite");
    let state = mei.client.get("/api/state").await.json();
    assert_eq!(state["workspace"]["name"], "Harbour Works");
    assert_eq!(state["channels"][0]["name"], "general", "there is a channel to begin with");

    // The address works once.
    assert_eq!(other.get(&first).await.status, 404);
    let again =
        [("place", "X"), ("name", "Eve"), ("password", "correct horse"), ("way_in", "open")];
    assert_eq!(other.form(&first, &again).await.status, 404);
    let mut app = app.restart().await;
    assert_eq!(app.first, None, "there is an owner");
    app.stop().await;
}

#[tokio::test]
async fn an_older_place_goes_on_without_an_owner_until_one_of_its_people_takes_it() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("tea").await;
    let app = app.restart().await;
    ada.client.address = app.address;
    let first = app.first.clone().unwrap();
    let mut eve = app.browser();
    let taken =
        [("place", "Tea"), ("name", "Ada"), ("password", "correct horse"), ("way_in", "open")];
    assert_eq!(eve.form(&first, &taken).await.status, 409, "the name is another's");
    let reply = ada.client.form(&first, &taken).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    let me = ada.client.get("/api/me").await.json();
    assert_eq!((&me["id"], &me["role"]), (&json!(ada.id), &json!("owner")));
    assert_eq!(super::channels(&mut ada).await, [channel], "no other channel was made");
    assert!(app.first.is_some());
}

#[tokio::test]
async fn each_way_in_lets_in_whom_it_should_at_every_door() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "open").await;
    let mut known = app.user("Known").await;
    for (way, status, code) in [
        ("invite", 403, "invite_needed"),
        ("closed", 403, "door_closed"),
        ("approval", 202, ""),
        ("open", 201, ""),
    ] {
        let set = mei.client.patch("/api/place", &json!({ "way_in": way })).await;
        assert_eq!((set.status, &set.json()["way_in"]), (200, &json!(way)));
        let page = app.browser().get("/login").await.text();
        let says = match way {
            "invite" => "Newcomers need an invite.",
            "closed" => "Nobody new can come in",
            "approval" => "waits until somebody lets them in",
            _ => "Type a display name and you are in.",
        };
        assert!(page.contains(says) && page.contains(&format!("\"way_in\":\"{way}\"")), "{page}");
        let codes = matches!(way, "invite" | "approval");
        assert_eq!(page.contains("href=\"/code\""), codes, "{way}");
        let told = knock(&mut app.browser(), &format!("new {way}")).await;
        assert_eq!(told, (status, code.to_owned()), "{way}");
        let form = app.browser().form("/login", &[("displayName", &format!("form {way}"))]).await;
        match way {
            "approval" => assert_eq!(form.header("location"), "/waiting", "{way}"),
            "open" => assert_eq!(form.header("location"), "/", "{way}"),
            _ => assert_eq!(form.status, 403, "{way}"),
        }
        // Whoever has a name signs in as ever.
        assert_eq!(known.client.delete("/api/session").await.status, 204);
        assert_eq!(knock(&mut known.client, "Known").await.0, 201, "{way}");
    }
    let set = mei.client.patch("/api/place", &json!({ "needs_password": true })).await;
    assert_eq!(set.status, 200);
    let mut browser = app.browser();
    assert_eq!(knock(&mut browser, "Bare").await, (422, "password_needed".to_owned()));
    let body = json!({ "name": "Bare", "password": "correct horse" });
    assert_eq!(browser.post("/api/session", &body).await.status, 201);
    assert_eq!(browser.get("/api/me").await.json()["has_password"], true);
    for (path, body) in [("/api/place", json!({ "way_in": "open" }))] {
        assert_eq!(known.client.patch(path, &body).await.status, 403);
    }
    assert_eq!(known.client.get("/api/place").await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_names_an_owner_with_the_server_running_or_not() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let data = app.data();
    let command = |request: Request| {
        let data = data.clone();
        tokio::task::spawn_blocking(move || ask(&data, &request))
    };
    let named = command(Request::Owner("ada".to_owned())).await.unwrap().unwrap();
    assert_eq!(named, Answer::Owner { name: "Ada".to_owned(), has_password: false });
    assert_eq!(ada.client.get("/api/me").await.json()["role"], "member", "it waits for a password");
    let set = json!({ "new": "correct horse" });
    assert_eq!(ada.client.put("/api/me/password", &set).await.status, 204);
    assert_eq!(ada.client.get("/api/me").await.json()["role"], "owner");
    let nobody = command(Request::Owner("Nobody".to_owned())).await.unwrap().unwrap();
    assert!(matches!(nobody, Answer::Failed(_)), "{nobody:?}");
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(data.join("operator.sock")).unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);

    let mut bea = app.user("Bea").await;
    let mut app = app;
    app.stop().await;
    assert!(!data.join("operator.sock").exists(), "it goes with the server");
    let named = command(Request::Owner("Bea".to_owned())).await.unwrap().unwrap();
    assert_eq!(named, Answer::Owner { name: "Bea".to_owned(), has_password: false });
    let app = app.restart().await;
    bea.client.address = app.address;
    assert_eq!(bea.client.put("/api/me/password", &set).await.status, 204);
    assert_eq!(bea.client.get("/api/me").await.json()["role"], "owner");
    let missing = tempfile::tempdir().unwrap();
    let request = Request::Owner("Ada".to_owned());
    assert!(ask(missing.path(), &request).is_err(), "there is no data");
    assert_eq!(std::fs::read_dir(missing.path()).unwrap().count(), 0, "and none is made");
}
