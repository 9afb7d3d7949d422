//! People for each other: cards, statuses and pictures; and accounts that are deactivated.

use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::client::Client;
use crate::picture_files as make;
use crate::socket::Socket;

async fn refused(client: &mut Client, path: &str) -> (u16, String) {
    let reply = client.put(path, &Value::Null).await;
    (reply.status, reply.code())
}

#[tokio::test]
async fn whoever_is_deactivated_is_out_at_every_door_at_once() {
    let app = TestApp::start().await;
    let (mut mei, mut ada) = (app.in_charge("Mei", "owner").await, app.user("Ada").await);
    let mut bob = app.user("Bob").await;
    let channel = ada.channel("general").await;
    ada.say(channel, "before").await;
    let secret = "correct horse battery";
    let set = ada.client.put("/api/me/password", &json!({ "new": secret })).await;
    assert_eq!(set.status, 204);
    let made = ada.client.post("/api/me/tokens", &json!({ "name": "bot" })).await.json();
    let token = made["token"].clone();
    let mut sockets = vec![(ada.listen().await, "/app"), (ada.listen_classic().await, "/")];
    let mut bots = Socket::open(&app.browser()).await;
    bots.connect("/app", Some(json!({ "token": token }))).await.unwrap();
    sockets.push((bots, "/app"));
    let mut others = bob.listen().await;

    let path = format!("/api/people/{}/deactivated", ada.id);
    assert_eq!(refused(&mut bob.client, &path).await, (403, "forbidden".into()));
    let own = format!("/api/people/{}/deactivated", mei.id);
    assert_eq!(refused(&mut mei.client, &own).await, (403, "forbidden".into()));
    assert_eq!(mei.client.put(&path, &Value::Null).await.status, 204);

    for (socket, namespace) in &mut sockets {
        socket.ended(namespace).await;
    }
    let posted = ada.post(channel, &json!({ "text": "still typing" })).await;
    assert_eq!((posted.status, posted.code()), (401, "not_signed_in".into()));
    assert_eq!(ada.client.get("/api/me").await.status, 401);
    let page = ada.client.get("/channel/general").await;
    assert!(page.header("location").starts_with("/login"), "{}", page.status);
    let mut bot = app.browser();
    bot.headers.push(("authorization", format!("Bearer {}", token.as_str().unwrap())));
    assert_eq!(bot.get("/api/me").await.status, 401);
    let again = Socket::open(&ada.client).await.connect("/app", None).await;
    assert_eq!(again.unwrap_err()["message"], "not_signed_in");

    // Only whoever proves that the name is theirs is told why.
    let sign_in = |password: Option<&str>| json!({ "name": "Ada", "password": password });
    let reply = ada.client.post("/api/session", &sign_in(None)).await;
    assert_eq!((reply.status, reply.code()), (403, "deactivated".into()));
    assert_eq!(
        reply.json()["detail"],
        "This account is deactivated. Ask the owner or a moderator."
    );
    let reply = app.browser().post("/api/session", &sign_in(Some(secret))).await;
    assert_eq!(reply.code(), "deactivated");
    for (password, code) in [(None, "password_required"), (Some("guess"), "wrong_password")] {
        let reply = app.browser().post("/api/session", &sign_in(password)).await;
        assert_eq!(reply.code(), code);
    }
    let form = [("displayName", "Ada"), ("password", secret)];
    let reply = app.browser().form("/login", &form).await;
    assert!(reply.text().contains("This account is deactivated."), "{}", reply.text());

    // The others keep what was said, and see on the card that nobody answers.
    assert_eq!(others.event("person").await["user"]["id"], ada.id);
    let card = bob.client.get(&format!("/api/people/{}", ada.id)).await.json();
    assert_eq!((&card["name"], &card["deactivated"]), (&json!("Ada"), &json!(true)));
    let rows = bob.client.get(&format!("/api/channels/{channel}/messages")).await.json();
    assert_eq!(rows["messages"][0]["text"], "before");
    assert_eq!(bob.client.get("/api/people?q=ada").await.json()["people"], json!([]));

    assert_eq!(mei.client.delete(&path).await.status, 204);
    assert_eq!(ada.client.post("/api/session", &sign_in(None)).await.status, 201);
    ada.say(channel, "back").await;
}

#[tokio::test]
async fn people_in_charge_see_everybody_and_give_roles() {
    let app = TestApp::start().await;
    let (mut mei, mut ada) = (app.in_charge("Mei", "owner").await, app.user("Ada").await);
    let mut max = app.in_charge("Max", "moderator").await;
    for user in [&mut mei, &mut max] {
        let list = user.client.get("/api/place/people").await.json();
        let names: Vec<_> =
            list["people"].as_array().unwrap().iter().map(|who| &who["name"]).collect();
        assert_eq!(names, ["Mei", "Max", "Ada"]);
        assert_eq!((&list["total"], &list["complete"]), (&json!(3), &json!(true)));
    }
    let one = |query: &str| format!("/api/place/people?{query}");
    let found = mei.client.get(&one("q=ad&who=member")).await.json();
    let listed = &found["people"][0];
    assert_eq!((&listed["id"], &listed["has_password"]), (&json!(ada.id), &json!(false)));
    assert!(listed["last_here"].as_str().unwrap().ends_with(":00.000Z"), "{listed}");
    assert_eq!(mei.client.get(&one("who=king")).await.code(), "invalid");
    assert_eq!(ada.client.get("/api/place/people").await.code(), "forbidden");

    let mut own = ada.listen().await;
    let role = |user: &User| format!("/api/people/{}/role", user.id);
    let give = |role: &str| json!({ "role": role });
    let refused = max.client.put(&role(&ada), &give("moderator")).await;
    assert_eq!(refused.code(), "forbidden");
    assert_eq!(mei.client.put(&role(&ada), &give("moderator")).await.status, 204);
    let told = own.event("user").await["me"].clone();
    assert_eq!((&told["role"], &told["named_role"]), (&json!("member"), &json!("moderator")));
    assert_eq!(ada.client.get("/api/place/people").await.status, 403);
    let set = ada.client.put("/api/me/password", &json!({ "new": "correct horse" })).await;
    assert_eq!(set.status, 204);
    assert_eq!(ada.client.get("/api/place/people").await.status, 200);
    let refused = mei.client.put(&role(&mei), &give("member")).await;
    assert_eq!((refused.status, refused.code()), (409, "last_owner".into()));

    // Whoever becomes a guest hears the place no more.
    assert_eq!(mei.client.put(&role(&ada), &give("guest")).await.status, 204);
    own.ended("/app").await;
    assert_eq!(ada.client.get("/api/people").await.status, 404);
    let card = |user: &User| format!("/api/people/{}", user.id);
    assert_eq!(ada.client.get(&card(&mei)).await.status, 404);
    assert_eq!(ada.client.get(&card(&ada)).await.status, 200);
    let mut guest = ada.listen().await;
    let renamed = max.client.put("/api/me/name", &json!({ "name": "Maxim" })).await;
    assert_eq!(renamed.status, 200);
    guest.connect("/", None).await.unwrap();
    let heard = guest.settled().await;
    assert!(!heard.iter().any(|(name, _)| name == "person"), "{heard:?}");
}

#[tokio::test]
async fn a_profile_is_on_the_card_of_everybody() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let mut others = bob.listen().await;
    let profile = json!({
        "about": "Screens and boards.",
        "zone": "Europe/Vienna",
        "status": { "emoji": "🚢", "text": "On the water", "until": "2100-01-01T12:00:00Z" },
    });
    let me = ada.client.put("/api/me/profile", &profile).await;
    assert_eq!(me.status, 200, "{}", me.text());
    assert_eq!(others.event("person").await["user"], json!({ "id": ada.id, "name": "Ada" }));
    let card = bob.client.get(&format!("/api/people/{}", ada.id)).await.json();
    assert_eq!(card["status"]["until"], "2100-01-01T12:00:00.000Z");
    assert_eq!((&card["about"], &card["zone"]), (&profile["about"], &profile["zone"]));
    assert_eq!((&card["role"], &card["deactivated"]), (&json!("member"), &json!(false)));
    assert_eq!(me.json()["profile"]["status"], card["status"]);
    for (wrong, field) in [
        (json!({ "about": "x".repeat(251) }), "about"),
        (json!({ "zone": "nowhere at all" }), "zone"),
        (json!({ "status": { "emoji": "x" } }), "emoji"),
        (json!({ "status": { "text": "x".repeat(81) } }), "text"),
        (json!({ "status": { "text": "x", "until": "2001-01-01T00:00:00Z" } }), "until"),
        (json!({ "status": { "text": "x", "until": "tomorrow" } }), "until"),
        (json!({ "status": { "text": "x", "quiet": true } }), "until"),
    ] {
        let reply = ada.client.put("/api/me/profile", &wrong).await;
        assert_eq!((reply.status, &reply.json()["field"]), (422, &json!(field)), "{wrong}");
    }
    // "No notifications" alone is a status, with an end.
    let quiet = json!({ "status": { "quiet": true, "until": "2100-01-01T12:00:00Z" } });
    assert_eq!(ada.client.put("/api/me/profile", &quiet).await.status, 200);
    let card = bob.client.get(&format!("/api/people/{}", ada.id)).await.json();
    assert_eq!(card["status"]["quiet"], true, "{card}");
    let odd = ada.client.put("/api/me/profile", &json!({ "status": ["🚢", "x"] })).await;
    assert_eq!(odd.status, 400);
    assert_eq!(bob.client.get("/api/people/99").await.code(), "not_found");
    assert_eq!(ada.client.put("/api/me/profile", &json!({})).await.status, 200);
    let card = bob.client.get(&format!("/api/people/{}", ada.id)).await.json();
    assert_eq!((&card["about"], &card["status"]), (&json!(""), &Value::Null));
}

#[tokio::test]
async fn a_profile_names_the_channels_in_which_both_are() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let (tea, cake) = (ada.channel("tea").await, bob.channel("cake").await);
    ada.channel("alone").await;
    bob.join(tea).await;
    ada.join(cake).await;
    bob.client.post("/api/direct", &json!({ "people": [ada.id] })).await;
    let of_ada = bob.client.get(&format!("/api/people/{}", ada.id)).await.json();
    let named: Vec<_> = of_ada["together"].as_array().unwrap().iter().collect();
    let expected = [(cake, "cake", false), (tea, "tea", true)];
    for (shared, (id, name, host)) in named.iter().zip(expected) {
        let told = (&shared["id"], &shared["name"], &shared["host"]);
        assert_eq!(told, (&json!(id), &json!(name), &json!(host)), "{of_ada}");
    }
    assert_eq!((named.len(), &of_ada["together_total"]), (2, &json!(2)), "{of_ada}");
    assert!(of_ada["created_at"].as_str().is_some(), "{of_ada}");
    for number in 0..11 {
        let id = bob.channel(&format!("more {number}")).await;
        ada.join(id).await;
    }
    let of_bob = ada.client.get(&format!("/api/people/{}", bob.id)).await.json();
    assert_eq!(of_bob["together"].as_array().map(Vec::len), Some(10));
    assert_eq!(of_bob["together_total"], 13);
}

#[tokio::test]
async fn a_picture_is_a_square_of_ours() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let channel = ada.channel("general").await;
    let set = async |who: &mut User, bytes: Vec<u8>| {
        let file = who.upload("me.jpg", "image/jpeg", bytes).await.json();
        let reply = who.client.put("/api/me/picture", &json!({ "upload": file["id"] })).await;
        let left = who.client.get(&format!("/api/uploads/{}", file["id"].as_str().unwrap())).await;
        assert_eq!(left.status, 404, "the file itself is not kept");
        reply
    };
    let profile = make::profile([200, 30, 40, 50]);
    let photo = make::turned(&make::jpeg(600, 400, &profile));
    let me = set(&mut ada, photo).await;
    assert_eq!(me.status, 200, "{}", me.text());
    let id = me.json()["picture"].as_str().unwrap().to_owned();
    let mut seen = Vec::new();
    for (asked, side) in [(36, 72), (108, 108), (216, 216), (4_000, 216)] {
        let got = bob.client.get(&format!("/pictures/{id}/{asked}")).await;
        assert_eq!((got.status, got.header("content-type")), (200, "image/jpeg"));
        assert!(got.header("cache-control").starts_with("private"));
        let picture = image::load_from_memory(&got.body).unwrap();
        assert_eq!((picture.width(), picture.height()), (side, side), "{asked}");
        assert!(!got.body.windows(4).any(|bytes| bytes == b"Exif"), "metadata is gone");
        seen.push(got.header("etag").to_owned());
    }
    bob.client.headers.push(("if-none-match", seen[0].clone()));
    assert_eq!(bob.client.get(&format!("/pictures/{id}/36")).await.status, 304);
    bob.client.headers.clear();
    assert_eq!(app.browser().get(&format!("/pictures/{id}/36")).await.status, 401);
    assert_eq!(ada.say(channel, "hello").await["author"]["picture"], json!(id));
    let members = bob.client.get(&format!("/api/channels/{channel}/members")).await.json();
    assert_eq!(members["members"][0]["picture"], json!(id));

    for bytes in [b"<script>".to_vec(), make::heic()] {
        let reply = set(&mut ada, bytes).await;
        assert_eq!((reply.status, reply.code()), (422, "bad_picture".into()));
    }
    assert_eq!(ada.client.get("/api/me").await.json()["picture"], json!(id), "the old one stays");
    let small = set(&mut ada, make::photo(30, 20)).await.json();
    let next = small["picture"].as_str().unwrap().to_owned();
    assert_eq!(bob.client.get(&format!("/pictures/{id}/36")).await.status, 404);
    let got = bob.client.get(&format!("/pictures/{next}/216")).await;
    assert_eq!(image::load_from_memory(&got.body).unwrap().width(), 20);
    let none = ada.client.delete("/api/me/picture").await.json();
    assert_eq!(none.get("picture"), None);
    assert_eq!(bob.client.get(&format!("/pictures/{next}/36")).await.status, 404);
    let foreign = json!({ "upload": "0".repeat(32) });
    assert_eq!(ada.client.put("/api/me/picture", &foreign).await.status, 404);
}

#[tokio::test]
async fn the_pages_without_script_show_the_same_faces() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("bob").await);
    let channel = ada.channel("general").await;
    let photo = make::jpeg(60, 60, &make::profile([200, 30, 40, 50]));
    let file = ada.upload("me.jpg", "image/jpeg", photo).await.json();
    let set = ada.client.put("/api/me/picture", &json!({ "upload": file["id"] })).await;
    let picture = set.json()["picture"].as_str().unwrap().to_owned();
    let address = format!("/pictures/{picture}/36");
    // More than is drawn with script: the older ones are there without script alone.
    for number in 0..34 {
        ada.say(channel, &format!("number {number}")).await;
    }
    bob.say(channel, "no picture").await;
    ada.say(channel, "once more").await;
    let page = bob.client.get("/channel/general").await.text();
    let (older, drawn) = page.split_once("no picture<").unwrap();
    assert!(older.contains(&address) && drawn.contains(&address), "{page}");
    assert!(page.contains(">B</"), "a letter otherwise: {page}");
    assert_eq!(bob.client.get(&address).await.status, 200);
    let own = ada.client.get("/channel/general").await.text();
    let (_, foot) = own.split_once(r#"class="me-btn">"#).unwrap();
    assert!(foot.starts_with("<img") && foot[..200].contains(&address), "{}", &foot[..200]);
}
