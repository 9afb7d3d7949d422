//! Taking another name: what others see of it, what becomes of the old one, and how often.

use std::sync::Arc;

use chinwag::clock::{Clock, ManualClock, SystemClock};
use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::client::Reply;
use crate::limits::too_many;

const DAY: i64 = 24 * 3_600_000;
/// The header of a person who reads Chinese.
const CHINESE: (&str, &str) = ("accept-language", "zh-CN");

async fn rename(who: &mut User, name: &str) -> Reply {
    who.client.put("/api/me/name", &json!({ "name": name })).await
}

async fn renamed(who: &mut User, name: &str) -> Value {
    let reply = rename(who, name).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

#[tokio::test]
async fn everybody_sees_the_new_name_everywhere() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let channel = ada.channel("general").await;
    bob.join(channel).await;
    ada.say(channel, "before").await;
    let (mut others, mut own) = (bob.listen().await, ada.listen().await);
    let place = bob.client.get("/api/state").await.json()["place"].as_i64().unwrap();

    let me = renamed(&mut ada, " Countess ").await;
    assert_eq!((&me["name"], &me["id"]), (&json!("Countess"), &json!(ada.id)));
    let told = others.event("person").await;
    let person = json!({ "id": ada.id, "name": "Countess" });
    assert_eq!(told, json!({ "since": place, "revision": place + 1, "user": person }));
    assert_eq!(own.event("user").await["me"], me);

    // Whoever missed the event finds it in the changes.
    let missed = bob.client.get(&format!("/api/place/changes?since={place}")).await.json();
    assert_eq!((&missed["people"], &missed["revision"]), (&json!([person]), &json!(place + 1)));
    let rows = bob.client.get(&format!("/api/channels/{channel}/messages")).await.json();
    assert_eq!(rows["messages"][1]["author"], person);
    let members = bob.client.get(&format!("/api/channels/{channel}/members")).await.json();
    assert!(members.to_string().contains("Countess") && !members.to_string().contains("Ada"));
    let list = bob.client.get("/api/channels").await.json();
    assert_eq!(list["channels"][0]["created_by"], person);
    let found = bob.client.get("/api/people?q=ada").await.json();
    assert_eq!(found["people"], json!([]));
    let found = bob.client.get("/api/people?q=count").await.json();
    assert_eq!(found["people"], json!([person]));
    let page = bob.client.get("/channel/general").await.text();
    assert!(page.contains("Countess") && !page.contains("Ada"), "the first HTML has it too");
    ada.say(channel, "after").await;
    assert_eq!(others.event("message").await["message"]["author"], person);
}

#[tokio::test]
async fn classic_clients_hear_the_new_name_and_may_still_say_the_old_one() {
    let app = TestApp::start().await;
    let (mut ada, bob) = (app.user("Ada").await, app.user("Bob").await);
    ada.channel("general").await;
    let (mut page, mut other) = (ada.listen_classic().await, bob.listen_classic().await);
    renamed(&mut ada, "Ada Lovelace").await;
    let send = |user: &str| json!({ "user": user, "msg": "hello", "channel": "general" });
    for user in ["Ada", "Ada%20Lovelace", "ada"] {
        assert_eq!(page.ask("/", "send msg", send(user)).await["ok"], true, "{user}");
        assert_eq!(other.event("emit msg").await["user"], "Ada%20Lovelace");
    }
    let refused = page.ask("/", "send msg", send("Bob")).await;
    assert_eq!(refused["code"], "forbidden");
    // The old name is nobody else's to speak under.
    let refused = other.ask("/", "send msg", send("Ada")).await;
    assert_eq!(refused["code"], "forbidden");
}

#[tokio::test]
async fn the_rules_are_those_of_the_door() {
    let app = TestApp::start().await;
    let (mut ada, _paula) = (app.user("Ada").await, app.user("Paula").await);
    for name in ["", "x\ny", "a\u{202e}b", "Ada (you)", &"x".repeat(33)] {
        let reply = rename(&mut ada, name).await;
        assert_eq!((reply.status, reply.code()), (422, "invalid".into()), "{name:?}");
        assert_eq!(reply.json()["field"], "name");
    }
    for (name, code) in [("paula", "name_taken"), ("Раula", "name_alike"), ("Pau1a", "name_alike")]
    {
        let reply = rename(&mut ada, name).await;
        assert_eq!((reply.status, reply.code()), (409, code.into()), "{name}");
        assert_eq!(reply.json()["field"], "name");
    }
    let reply = rename(&mut ada, "paula").await;
    assert_eq!(reply.json()["detail"], "That name is taken. Choose another.");
    ada.client.headers.push((CHINESE.0, CHINESE.1.to_owned()));
    let reply = rename(&mut ada, "paula").await;
    assert_eq!(reply.json()["detail"], "该名称已被使用，请换一个。");
    // None of that costs one of the few changes, and the form of one's own name is free to choose.
    for form in ["ADA", "ada", "Ａｄａ", "Ada"] {
        assert_eq!(renamed(&mut ada, form).await["name"], form);
    }
    let odd = ada.client.put("/api/me/name", &json!({ "name": "x", "more": 1 })).await;
    assert_eq!((odd.status, odd.code()), (400, "bad_request".into()));
}

#[tokio::test]
async fn a_page_without_script_changes_it_too() {
    let app = TestApp::start().await;
    let (mut ada, _bob) = (app.user("Ada").await, app.user("Bob").await);
    let page = ada.client.get("/settings").await.text();
    assert!(page.contains(r#"name="displayName" value="Ada""#), "{page}");
    let reply = ada.client.form("/settings", &[("displayName", " Countess ")]).await;
    assert_eq!((reply.status, reply.header("location")), (303, "/settings"));
    let page = ada.client.get("/settings").await.text();
    assert!(page.contains("Your name is Countess now."), "{page}");
    assert!(page.contains(r#"name="displayName" value="Countess""#), "{page}");
    assert_eq!(ada.client.get("/api/me").await.json()["name"], "Countess");

    for (name, status, told) in
        [("bob", 409, "That name is taken"), ("B0b", 409, "looks"), (" ", 422, "name")]
    {
        let reply = ada.client.form("/settings", &[("displayName", name)]).await;
        assert_eq!(reply.status, status, "{name}: {}", reply.text());
        let page = reply.text();
        assert!(page.contains(r#"role="alert""#) && page.contains(told), "{name}: {page}");
        let typed = format!(r#"name="displayName" value="{name}""#);
        assert!(page.contains(&typed), "what was typed stays: {page}");
    }
    assert_eq!(ada.client.get("/api/me").await.json()["name"], "Countess");
    ada.client.headers.push((CHINESE.0, CHINESE.1.into()));
    ada.client.form("/settings", &[("displayName", "小雨")]).await;
    assert!(ada.client.get("/settings").await.text().contains("您现在的名称是 小雨。"));
    let mut stranger = app.browser();
    let reply = stranger.form("/settings", &[("displayName", "Eve")]).await;
    assert_eq!((reply.status, reply.header("location")), (303, "/login?next=%2Fsettings"));
}

#[tokio::test]
async fn a_bot_does_not_rename_its_person() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let token = ada.client.post("/api/me/tokens", &json!({ "name": "bot" })).await.json();
    let mut bot = app.browser();
    let bearer = format!("Bearer {}", token["token"].as_str().expect("the secret"));
    bot.headers.push(("authorization", bearer));
    let reply = bot.put("/api/me/name", &json!({ "name": "Eve" })).await;
    assert_eq!((reply.status, reply.code()), (403, "forbidden".into()));
    assert_eq!(app.browser().put("/api/me/name", &json!({ "name": "Eve" })).await.status, 401);
    assert_eq!(ada.client.get("/api/me").await.json()["name"], "Ada");
}

#[tokio::test]
async fn of_two_who_want_one_name_one_gets_it() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let (first, second) = tokio::join!(rename(&mut ada, "Grace"), rename(&mut bob, "grace"));
    let mut answers = [first, second];
    answers.sort_by_key(|answer| answer.status);
    let [taken, refused] = &answers;
    assert_eq!(taken.status, 200);
    assert_eq!((refused.status, refused.code()), (409, "name_taken".into()));
}

/// Nobody holds a name twice, or one that looks like it, whoever is a moment earlier.
#[tokio::test]
async fn of_many_who_want_names_that_look_alike_one_gets_it() {
    let app = TestApp::start().await;
    let mut people = Vec::new();
    for name in ["Ada", "Bob", "Cleo", "Dora"] {
        people.push(app.user(name).await);
    }
    let wanted = ["Paula", "paula", "Раula", "PauIa"];
    let renames = people.iter_mut().zip(wanted).map(|(who, name)| rename(who, name));
    let (mut newcomer, name) = (app.browser(), json!({ "name": "Pаula" }));
    let renames = futures_util::future::join_all(renames);
    let (answers, taken) = tokio::join!(renames, newcomer.post("/api/session", &name));
    let got = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(got + usize::from(taken.status == 201), 1, "one of all has it");
    for refused in answers.iter().chain([&taken]).filter(|answer| answer.status >= 300) {
        let code = refused.code();
        assert!(["name_taken", "name_alike"].contains(&code.as_str()), "{}", refused.text());
    }
    let found = people[0].client.get("/api/people?q=").await.json();
    let names = found["people"].as_array().unwrap().iter();
    let alike = names.filter(|person| {
        let name = person["name"].as_str().unwrap().to_lowercase();
        !["ada", "bob", "cleo", "dora"].contains(&name.as_str())
    });
    assert_eq!(alike.count(), 1, "{found}");
}

#[tokio::test]
async fn the_old_name_is_kept_for_thirty_days() {
    let clock = Arc::new(ManualClock::at(SystemClock.now()));
    let app = TestApp::start_by(Arc::clone(&clock) as Arc<dyn Clock>, &[]).await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    ada.client.put("/api/me/password", &json!({ "new": "correct horse" })).await;
    renamed(&mut ada, "Countess").await;

    // Nobody signs in under it, not even its owner with their device or password.
    let old = json!({ "name": "Ada", "password": "correct horse" });
    for mut browser in [app.browser(), ada.client.clone()] {
        let reply = browser.post("/api/session", &old).await;
        assert_eq!((reply.status, reply.code()), (409, "name_taken".into()));
        let detail = reply.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.starts_with("That name is taken"), "{detail}");
    }
    let page = app.browser().form("/login", &[("displayName", "ADA")]).await;
    assert!(page.status == 409 && page.text().contains("That name is taken"), "{}", page.text());
    let alike = app.browser().post("/api/session", &json!({ "name": "Аda" })).await;
    assert_eq!(alike.code(), "name_alike");
    assert_eq!(rename(&mut bob, "ada").await.code(), "name_taken");
    assert_eq!(rename(&mut bob, "Аda").await.code(), "name_alike");
    let new = json!({ "name": "countess", "password": "correct horse" });
    let back = app.browser().post("/api/session", &new).await;
    assert_eq!((back.status, &back.json()["id"]), (201, &json!(ada.id)));

    // A clock that is set on by mistake frees nothing. The owner takes it back, and gives it up again.
    clock.jump_ms(60 * DAY);
    assert_eq!(rename(&mut bob, "Ada").await.code(), "name_taken");
    clock.jump_ms(-60 * DAY);
    renamed(&mut ada, "Ada").await;
    renamed(&mut ada, "Countess").await;
    let app = app.restart().await;
    (ada.client.address, bob.client.address) = (app.address, app.address);
    for _ in 0..29 {
        clock.advance_ms(DAY);
        assert_eq!(ada.client.get("/api/me").await.status, 200);
        assert_eq!(bob.client.get("/api/me").await.status, 200);
    }
    assert_eq!(rename(&mut bob, "Ada").await.code(), "name_taken", "a restart frees nothing");
    clock.advance_ms(DAY);
    assert_eq!(renamed(&mut bob, "Ada").await["id"], bob.id);
}

#[tokio::test]
async fn a_name_can_be_changed_a_few_times_a_day() {
    let clock = Arc::new(ManualClock::at(SystemClock.now()));
    let app = TestApp::start_by(Arc::clone(&clock) as Arc<dyn Clock>, &[]).await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    for n in 0..5 {
        renamed(&mut ada, &format!("Ada {n}")).await;
    }
    let day_s = u64::try_from(DAY / 1_000).unwrap();
    too_many(&rename(&mut ada, "Ada 5").await, day_s);
    assert_eq!(renamed(&mut ada, "Ada 4").await["name"], "Ada 4", "the same name is no change");
    renamed(&mut bob, "Bobby").await;
    clock.advance_ms(DAY / 5);
    renamed(&mut ada, "Ada 5").await;
    too_many(&rename(&mut ada, "Ada 6").await, day_s);
}
