//! An invite on a projector: its short code, the names as they come, and who waits.

use std::sync::Arc;

use chinwag::clock::{Clock as _, ManualClock, SystemClock};
use serde_json::{Value, json};

use super::{come, invite};
use crate::app::{TestApp, User};

/// Shows an invite.
async fn show(user: &mut User, id: i64) -> Value {
    let reply = user.client.put(&format!("/api/invites/{id}/projector"), &Value::Null).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

async fn type_code(app: &TestApp, code: &str) -> crate::client::Reply {
    app.browser().form("/code", &[("code", code)]).await
}

#[tokio::test]
async fn the_code_on_the_wall_leads_to_the_invite_and_the_names_come_by_events() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Ms Chen", "invite").await;
    let class = mei.channel("physics").await;
    let body = json!({ "role": "guest", "channels": [class], "label": "canary label" });
    let (path, id) = invite(&mut mei, &body).await;
    let shown = show(&mut mei, id).await;
    let code = shown["code"].as_str().unwrap().to_owned();
    assert_eq!(code.len(), 6);
    assert!(!code.contains(['0', 'O', '1', 'I', 'L']), "{code}");
    assert_eq!(shown["channel"]["name"], "physics");
    assert_eq!((&shown["count"], &shown["here"]), (&json!(0), &json!([])));
    assert!(shown["short_address"].as_str().unwrap().ends_with("/code"));
    assert_eq!(
        show(&mut mei, id).await["code"],
        json!(code),
        "it is the same as long as it is shown"
    );

    let page = app.browser().get("/code").await;
    assert!(page.text().contains("Type the code"), "{}", page.text());
    let chinese = {
        let mut browser = app.browser();
        browser.get("/code?lang=zh").await;
        browser.cookies.insert("chinwag_language".to_owned(), "zh".to_owned());
        browser.get("/code").await.text()
    };
    assert!(chinese.contains("输入邀请码"), "{chinese}");
    let spaced = format!(" {} {} ", &code[..3].to_lowercase(), &code[3..]);
    let typed = type_code(&app, &spaced).await;
    assert_eq!((typed.status, typed.header("location")), (303, path.as_str()), "{}", typed.text());

    let mut wall = mei.listen().await;
    let mut other = come(&app, &path, "Ka Yan").await;
    assert_eq!(wall.event("invite").await, json!({ "invite": id }));
    let shown = show(&mut mei, id).await;
    assert_eq!(shown["here"][0]["user"]["name"], "Ka Yan");
    let _second = come(&app, &path, "陈嘉欣").await;
    assert_eq!(wall.event("invite").await, json!({ "invite": id }));
    let shown = show(&mut mei, id).await;
    assert_eq!((&shown["count"], &shown["here"][0]["user"]["name"]), (&json!(2), &json!("陈嘉欣")));

    // Guests and those who do not see the invite learn nothing of it.
    for path in [format!("/api/invites/{id}/projector"), "/api/invites/99/projector".to_owned()] {
        assert_eq!(other.client.put(&path, &Value::Null).await.status, 404);
        assert_eq!(other.client.delete(&path).await.status, 404);
    }
}

#[tokio::test]
async fn a_code_ends_with_its_projector_and_wrong_and_ended_are_answered_alike() {
    let clock = Arc::new(ManualClock::at(SystemClock.now()));
    let app = TestApp::start_by(Arc::<ManualClock>::clone(&clock), &[]).await;
    let mut mei = app.owner("Mei", "invite").await;
    let (_, id) = invite(&mut mei, &json!({ "role": "member" })).await;
    let code = show(&mut mei, id).await["code"].as_str().unwrap().to_owned();
    let same = |one: &str, two: &str| one.replace(&code, "CODE") == two.replace("ZZZZZ9", "CODE");
    let wrong = type_code(&app, "ZZZZZ9").await;
    assert_eq!(wrong.status, 404);
    // It says nothing for a minute: the line is lost, or the tab is closed.
    clock.advance_ms(59_000);
    assert_eq!(type_code(&app, &code).await.status, 303);
    show(&mut mei, id).await;
    clock.advance_ms(59_000);
    assert_eq!(type_code(&app, &code).await.status, 303, "each word counts");
    clock.advance_ms(1_000);
    let gone = type_code(&app, &code).await;
    assert_eq!(gone.status, 404);
    assert!(same(&gone.text(), &wrong.text()), "{}\n{}", gone.text(), wrong.text());
    // It is put away, and another one is shown later.
    let again = show(&mut mei, id).await["code"].as_str().unwrap().to_owned();
    assert_ne!(again, code);
    assert_eq!(type_code(&app, &again).await.status, 303);
    let url = format!("/api/invites/{id}/projector");
    assert_eq!(mei.client.delete(&url).await.status, 204);
    assert_eq!(type_code(&app, &again).await.status, 404);
    // An invite that ended has no code.
    let last = show(&mut mei, id).await["code"].as_str().unwrap().to_owned();
    assert_eq!(mei.client.delete(&format!("/api/invites/{id}")).await.status, 200);
    let ended = type_code(&app, &last).await;
    assert_eq!(ended.status, 404);
    assert_eq!(ended.text().replace(&last, "ZZZZZ9"), wrong.text());
    assert_eq!(show(&mut mei, id).await["code"], Value::Null);
    // What is no code at all is answered as one that nobody has.
    assert_eq!(type_code(&app, "not a code").await.status, 404);
}

#[tokio::test]
async fn an_address_types_twenty_wrong_codes_a_minute() {
    let clock = Arc::new(ManualClock::at(SystemClock.now()));
    let app = TestApp::start_by(Arc::<ManualClock>::clone(&clock), &[]).await;
    let mut mei = app.owner("Mei", "invite").await;
    let (_, id) = invite(&mut mei, &json!({ "role": "member" })).await;
    let code = show(&mut mei, id).await["code"].as_str().unwrap().to_owned();
    for _ in 0..30 {
        assert_eq!(type_code(&app, &code).await.status, 303, "right ones are not counted");
    }
    for _ in 0..20 {
        assert_eq!(type_code(&app, "222222").await.status, 404);
    }
    let refused = type_code(&app, &code).await;
    assert_eq!(refused.status, 429, "{}", refused.text());
    assert!(!refused.header("retry-after").is_empty());
    clock.advance_ms(3_000);
    show(&mut mei, id).await;
    assert_eq!(type_code(&app, &code).await.status, 303);
}

#[tokio::test]
async fn a_host_shows_their_invite_closes_the_door_and_lets_in_who_came_by_it() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "open").await;
    let mut ada = app.user("Ada").await;
    let mut bea = app.user("Bea").await;
    let tea = ada.channel("tea").await;
    let body = json!({ "role": "guest", "channels": [tea], "door": "approval" });
    let (path, id) = invite(&mut ada, &body).await;
    let mut host = ada.listen().await;
    let mut outsider = bea.listen().await;
    for name in ["Jamie", "Batman"] {
        let asked = app.browser().form(&path, &[("name", name)]).await;
        assert_eq!(asked.header("location"), "/waiting");
        assert_eq!(host.event("invite").await, json!({ "invite": id }));
    }
    let shown = show(&mut ada, id).await;
    assert_eq!(
        (&shown["waiting_total"], &shown["waiting"][0]["name"]),
        (&json!(2), &json!("Jamie"))
    );
    let (jamie, batman) = (&shown["waiting"][0]["id"], &shown["waiting"][1]["id"]);
    // Another member may not, nor learn whether there is such a name.
    for who in [jamie, batman, &json!(999)] {
        let url = format!("/api/waiting/{who}");
        let (put, delete) =
            (bea.client.put(&url, &Value::Null).await, bea.client.delete(&url).await);
        assert_eq!((put.status, delete.status), (403, 403), "{}", put.text());
    }
    assert_eq!(ada.client.get("/api/waiting").await.status, 403, "the whole door is not theirs");
    assert_eq!(ada.client.put(&format!("/api/waiting/{jamie}"), &Value::Null).await.status, 204);
    assert_eq!(ada.client.delete(&format!("/api/waiting/{batman}")).await.status, 204);
    let shown = show(&mut ada, id).await;
    assert_eq!((&shown["count"], &shown["waiting_total"]), (&json!(1), &json!(0)));
    // Whoever comes by the address alone is not theirs to let in.
    mei.client.patch("/api/place", &json!({ "way_in": "approval" })).await;
    app.browser().post("/api/session", &json!({ "name": "Olu" })).await;
    let olu = mei.client.get("/api/waiting").await.json()["waiting"][0]["id"].clone();
    assert_eq!(ada.client.put(&format!("/api/waiting/{olu}"), &Value::Null).await.status, 403);
    // A host who is none any more lets nobody in.
    let asked = app.browser().form(&path, &[("name", "Late")]).await;
    assert_eq!(asked.header("location"), "/waiting");
    bea.join(tea).await;
    let hosts = |user: i64| format!("/api/channels/{tea}/hosts/{user}");
    assert_eq!(ada.client.put(&hosts(bea.id), &Value::Null).await.status, 204);
    assert_eq!(bea.client.delete(&hosts(ada.id)).await.status, 204);
    let late = mei.client.get("/api/waiting").await.json()["waiting"][1]["id"].clone();
    assert_eq!(ada.client.put(&format!("/api/waiting/{late}"), &Value::Null).await.status, 403);
    let wall = ada.client.put(&format!("/api/invites/{id}/projector"), &Value::Null).await;
    assert_eq!(wall.status, 404, "nor sees them");
    let door = json!({ "door": "closed" });
    assert_eq!(ada.client.patch(&format!("/api/invites/{id}"), &door).await.status, 403);
    ada.say(tea, "the last word").await;
    let last = outsider.event("message").await;
    assert_eq!(last["message"]["text"], "the last word");
}

#[tokio::test]
async fn nobody_hears_of_an_invite_but_its_maker_and_whoever_shows_it() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "open").await;
    let mut ada = app.user("Ada").await;
    let secret = json!({ "name": "secret", "kind": "private" });
    let secret = ada.client.post("/api/channels", &secret).await.json()["id"].as_i64().unwrap();
    let tea = ada.channel("tea").await;
    let (hidden, hidden_id) =
        invite(&mut ada, &json!({ "role": "guest", "channels": [secret] })).await;
    let (open, open_id) = invite(&mut ada, &json!({ "role": "guest", "channels": [tea] })).await;
    let url = format!("/api/invites/{hidden_id}/projector");
    assert_eq!(mei.client.put(&url, &Value::Null).await.status, 404, "not even the owner");
    show(&mut mei, open_id).await;
    let mut maker = ada.listen().await;
    let mut keeper = mei.listen().await;
    let mut classic = crate::socket::Socket::open(&mei.client).await;
    classic.connect("/", None).await.unwrap();
    let _one = come(&app, &hidden, "One").await;
    assert_eq!(maker.event("invite").await, json!({ "invite": hidden_id }));
    let _two = come(&app, &open, "Two").await;
    assert_eq!(maker.event("invite").await, json!({ "invite": open_id }));
    assert_eq!(keeper.event("invite").await, json!({ "invite": open_id }), "and not of the other");
    let heard = classic.settled().await;
    assert!(heard.iter().all(|(name, _)| name != "invite" && name != "waiting"), "{heard:?}");
}
