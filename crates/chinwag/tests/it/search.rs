//! Searching over REST, and on the page without script.

use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::limits::too_many;

async fn search(user: &mut User, query: &str) -> Value {
    let reply = user.client.get(&format!("/api/search?{query}")).await;
    assert_eq!(reply.status, 200, "{query}: {}", reply.text());
    reply.json()
}

fn texts(found: &Value) -> Vec<&str> {
    let hits = found["hits"].as_array().unwrap();
    hits.iter().map(|hit| hit["message"]["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn messages_are_found_by_words_and_filters() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let tea = ada.channel("tea").await;
    let talk = bob.channel("设计评审").await;
    ada.say(tea, "the timetable of the ferry").await;
    let said = bob.say(talk, "时刻表 timetable 發佈").await;
    let reply = json!({ "text": "timetables again", "thread": said["number"] });
    assert_eq!(bob.post(talk, &reply).await.status, 201);

    let found = search(&mut ada, "q=time").await;
    assert_eq!(
        texts(&found),
        ["timetables again", "时刻表 timetable 發佈", "the timetable of the ferry"]
    );
    let hit = &found["hits"][1];
    assert_eq!((&hit["channel"], &hit["threads"]), (&json!(talk), &json!(1)));
    assert_eq!(hit["marks"], json!([[4, 13]]));
    assert_eq!((&found["count"], &found["is_more"]), (&json!(3), &json!(false)));
    assert_eq!(
        (&found["next"], &found["any"], &found["unfinished"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(found["people"].as_array().unwrap().len(), 2);
    assert_eq!(found["channels"].as_array().unwrap().len(), 2);

    // 发布 频道:设计评审
    let typed = "q=%E5%8F%91%E5%B8%83%20%E9%A2%91%E9%81%93:%E8%AE%BE%E8%AE%A1%E8%AF%84%E5%AE%A1";
    let found = search(&mut ada, typed).await;
    assert_eq!(texts(&found), ["时刻表 timetable 發佈"]);
    assert_eq!(
        (&found["query"]["in"], &found["query"]["words"]),
        (&json!([talk]), &json!(["发布"]))
    );
    // Parameters win over words, and may be repeated.
    let both = format!("q=timetable%20in:tea&in={talk}&from={}&from={}&order=best", ada.id, bob.id);
    assert_eq!(texts(&search(&mut ada, &both).await).len(), 2);
    let thread = search(&mut ada, "is=thread&after=2020-01-01&before=2999-01-01T00:00:00Z").await;
    assert_eq!(
        (thread["count"].clone(), thread["query"]["is"].clone()),
        (json!(2), json!(["thread"]))
    );
    let none = search(&mut ada, "q=ferry%20%E5%8F%91%E5%B8%83%20from:Nobody").await;
    assert_eq!((&none["count"], &none["query"]["unknown"]), (&json!(0), &json!(["from:Nobody"])));
    let none = search(&mut ada, "q=ferry%20again").await;
    assert_eq!((&none["count"], &none["any"]), (&json!(0), &json!(2)));
    assert_eq!(search(&mut ada, "q=ferry%20again&match=any").await["count"], 2);

    let long = "x".repeat(301);
    for (query, field) in [
        ("q=%20", "q"),
        (&format!("q={long}"), "q"),
        ("q=x&order=worst", "order"),
        ("q=x&cursor=1", "cursor"),
        ("q=x&from=Ada", "from"),
        ("q=x&has=luck", "has"),
    ] {
        let reply = ada.client.get(&format!("/api/search?{query}")).await;
        assert_eq!((reply.status, reply.json()["field"].as_str()), (422, Some(field)), "{query}");
    }
}

#[tokio::test]
async fn hits_come_in_pages_over_rest_and_without_script() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let tea = ada.channel("tea").await;
    for number in 0..25 {
        ada.say(tea, &format!("word <b>{number}</b> & more")).await;
    }
    let first = search(&mut ada, "q=word").await;
    let next = first["next"].as_str().unwrap();
    let second = search(&mut ada, &format!("q=word&cursor={next}")).await;
    assert_eq!((texts(&first).len(), texts(&second).len()), (20, 5));
    assert_eq!(
        (&first["count"], &second["count"], &second["next"]),
        (&json!(25), &json!(25), &Value::Null)
    );

    let page = ada.client.get("/search?q=word").await;
    assert_eq!(page.status, 200);
    let html = page.text();
    assert_eq!(html.matches("<mark>word</mark>").count(), 20, "{html}");
    assert!(html.contains("&#60;b&#62;24") || html.contains("&lt;b&gt;24"), "{html}");
    let begin = html.find("rel=\"next\" href=\"").expect("there is more") + 17;
    let next = html[begin..].split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    let html = ada.client.get(&next).await.text();
    assert_eq!(html.matches("<mark>word</mark>").count(), 5, "{html}");
    let empty = ada.client.get("/search").await;
    assert_eq!(empty.status, 200);
    assert!(!empty.text().contains("Nothing was found"));
    let none = ada.client.get("/search?q=from:nobody").await.text();
    assert!(none.contains("Nothing was found.") && none.contains("from:nobody"), "{none}");
    assert!(ada.client.get("/channels").await.text().contains("href=\"/search\""));
    let chinese = json!({ "language": "zh" });
    assert_eq!(ada.client.patch("/api/me/settings", &chinese).await.status, 200);
    assert!(ada.client.get("/search?q=nothing").await.text().contains("没有找到结果"));
}

/// Rules 3.5: to a guest every door of the search is an address where there is nothing.
#[tokio::test]
async fn guests_have_no_search() {
    let app = TestApp::start().await;
    let (mut mei, mut guest) = (app.user("Mei").await, app.user("Gus").await);
    let tea = mei.channel("tea").await;
    guest.join(tea).await;
    mei.say(tea, "word").await;
    let app = app.with_roles(&mut [(&mut guest, "guest")]).await;
    guest.client.address = app.address;
    for path in ["/api/search?q=word", "/api/search", "/api/search?q=x&order=worst"] {
        let reply = guest.client.get(path).await;
        let nothing = guest.client.get("/api/nothing-is-here").await;
        assert_eq!(
            (reply.status, reply.json()["detail"].clone()),
            (404, nothing.json()["detail"].clone())
        );
    }
    assert_eq!(guest.client.get("/search?q=word").await.status, 404);
}

#[tokio::test]
async fn whoever_searches_without_end_waits_and_keeps_nobody_else() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let tea = ada.channel("tea").await;
    ada.say(tea, "word").await;
    let mut refused = None;
    for _ in 0..200 {
        let reply = ada.client.get("/api/search?q=word").await;
        if reply.status == 429 {
            refused = Some(reply);
            break;
        }
        assert_eq!(reply.status, 200);
    }
    too_many(&refused.expect("there is a limit"), 60);
    assert_eq!(texts(&search(&mut bob, "q=word").await), ["word"]);
    // Without words there is nothing to search for, and nothing is counted.
    for _ in 0..100 {
        assert_eq!(bob.client.get("/api/search?q=").await.status, 422);
    }
    assert_eq!(texts(&search(&mut bob, "q=word").await), ["word"]);
}
