//! Whom somebody who writes may mean: people are found by what is typed of their names.

use chinwag::model::readings::{Letters, reading};
use serde_json::{Value, json};

use crate::app::{TestApp, User};

/// The people of an answer: their names, and whether they are in the channel.
async fn found(user: &mut User, channel: i64, letters: &str) -> Vec<(String, bool)> {
    let people = look(user, channel, letters).await;
    let named = |person: &Value| {
        (person["name"].as_str().unwrap().to_owned(), person["inside"].as_bool().unwrap())
    };
    people.iter().map(named).collect()
}

async fn look(user: &mut User, channel: i64, letters: &str) -> Vec<Value> {
    let letters = url(letters);
    let path = format!("/api/channels/{channel}/people?letters={letters}");
    let reply = user.client.get(&path).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["people"].as_array().unwrap().clone()
}

fn url(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn named(names: &[(&str, bool)]) -> Vec<(String, bool)> {
    names.iter().map(|(name, inside)| ((*name).to_owned(), *inside)).collect()
}

#[tokio::test]
async fn who_wrote_last_comes_first_and_who_is_not_in_the_channel_last() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let (mut zhang, mut zhao) = (app.user("张三").await, app.user("赵爽").await);
    let (mut zsofia, _zhu) = (app.user("Zsófia Kovács").await, app.user("朱珊").await);
    let channel = ada.channel("ferry").await;
    for person in [&mut zhang, &mut zhao, &mut zsofia] {
        person.join(channel).await;
    }
    zhang.say(channel, "one").await;
    zsofia.say(channel, "two").await;
    let all = named(&[("Zsófia Kovács", true), ("张三", true), ("赵爽", true), ("朱珊", false)]);
    assert_eq!(found(&mut ada, channel, "zs").await, all);
    assert_eq!(found(&mut ada, channel, "zhang s").await, named(&[("张三", true)]));
    assert_eq!(found(&mut ada, channel, "朱").await, named(&[("朱珊", false)]));
    // Without letters, those who are in it; nobody means themselves.
    assert_eq!(found(&mut ada, channel, "").await, all[..3]);
    assert_eq!(found(&mut ada, channel, "ada").await, []);
    // A name that is typed in full comes first of all that are in the channel.
    let mut three = app.user("三").await;
    three.join(channel).await;
    assert_eq!(found(&mut ada, channel, "三").await[0], ("三".to_owned(), true));
    let people = look(&mut ada, channel, "zs").await;
    assert_eq!(
        (people[1]["reading"].as_str(), people[0].get("reading")),
        (Some("zhang san"), None)
    );
}

/// The app finds in the same way what it has, by the readings that the server sends.
#[test]
fn names_are_read_and_found_as_in_the_app() {
    const CASES: &str = include_str!("../../../../web/src/text/names.cases.json");
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    assert_eq!(cases.len(), 300);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        assert_eq!(reading(name).as_deref(), case["reading"].as_str(), "{name}");
        for typed in case["typed"].as_array().unwrap() {
            let typed = typed.as_str().unwrap();
            // The rest is in the middle of a word, which other ways find.
            let in_word = ["erry-a", "leases"].contains(&typed);
            assert_eq!(Letters::of(typed).find(name), !in_word, "{typed} in {name}");
        }
    }
}

#[tokio::test]
async fn people_and_public_channels_are_found_by_how_they_are_read() {
    let app = TestApp::start().await;
    let (mut ada, zhang) = (app.user("Ada").await, app.user("张三").await);
    let three = app.user("Zs").await;
    let channel = ada.channel("重庆").await;
    let people = ada.client.get("/api/people?q=zs").await.json()["people"].clone();
    assert_eq!(people[0], json!({ "id": three.id, "name": "Zs" }));
    assert_eq!(people[1], json!({ "id": zhang.id, "name": "张三", "reading": "zhang san" }));
    // What begins so comes before what has it inside.
    let _ = app.user("Asan").await;
    let people = ada.client.get("/api/people?q=san").await.json()["people"].clone();
    let names = people.as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap());
    assert_eq!(names.collect::<Vec<_>>(), ["张三", "Asan"]);
    for letters in ["cq", "zq", "chongqing", "zhong"] {
        let path = format!("/api/directory?letters={letters}");
        let listed = ada.client.get(&path).await.json()["channels"].clone();
        assert_eq!(
            (&listed[0]["id"], &listed[0]["reading"]),
            (&json!(channel), &json!("zhong,chong,tong qing"))
        );
    }
    let own = ada.client.get("/api/state").await.json()["channels"][0].clone();
    assert_eq!(own["reading"], "zhong,chong,tong qing");
    let direct = ada.client.post("/api/direct", &json!({ "people": [zhang.id] })).await.json();
    let readings =
        direct["people"].as_array().unwrap().iter().map(|person| person["reading"].as_str());
    assert_eq!(readings.collect::<Vec<_>>(), [None, Some("zhang san")]);
}

#[tokio::test]
async fn an_answer_is_short_and_the_letters_are_bounded() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("ferry").await;
    for number in 0..12 {
        app.user(&format!("Bob {number:02}")).await;
    }
    let ten = found(&mut ada, channel, "bob").await;
    assert_eq!((ten.len(), ten[0].0.as_str(), ten[9].0.as_str()), (10, "Bob 00", "Bob 09"));
    let path = format!("/api/channels/{channel}/people?letters={}", "a".repeat(81));
    assert_eq!(ada.client.get(&path).await.status, 422);
}

#[tokio::test]
async fn guests_find_the_people_of_their_channels_alone_and_nobody_finds_who_is_gone() {
    let app = TestApp::start().await;
    let (mut ada, mut ben) = (app.user("Ada").await, app.user("Ben").await);
    let (mut gus, gone) = (app.user("Gus").await, app.user("Bea").await);
    let _bill = app.user("Bill").await;
    let draft = json!({ "name": "class", "kind": "private", "people": [gus.id, gone.id] });
    let class = ada.client.post("/api/channels", &draft).await.json()["id"].as_i64().unwrap();
    let other = json!({ "name": "other", "kind": "private", "people": [gus.id] });
    let other = ben.client.post("/api/channels", &other).await.json()["id"].as_i64().unwrap();
    let _app = app.with_roles(&mut [(&mut gus, "guest"), (&mut ada, "owner")]).await;
    assert_eq!(found(&mut gus, class, "b").await, named(&[("Bea", true), ("Ben", false)]));
    assert_eq!(found(&mut ada, class, "b").await.len(), 3);
    let path = format!("/api/people/{}/deactivated", gone.id);
    assert_eq!(ada.client.put(&path, &json!({})).await.status, 204);
    assert_eq!(found(&mut ada, class, "bea").await, []);
    // Whoever may not know of the channel hears that there is none.
    let path = format!("/api/channels/{other}/people");
    assert_eq!(ada.client.get(&path).await.status, 404);
}

#[tokio::test]
async fn in_a_direct_conversation_there_are_only_its_people() {
    let app = TestApp::start().await;
    let (mut ada, ben) = (app.user("Ada").await, app.user("Ben").await);
    let _bill = app.user("Bill").await;
    let opened = ada.client.post("/api/direct", &json!({ "people": [ben.id] })).await;
    let talk = opened.json()["id"].as_i64().unwrap();
    assert_eq!(found(&mut ada, talk, "b").await, named(&[("Ben", true)]));
}
