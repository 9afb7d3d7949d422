//! Threads over REST and the socket, on the plain pages, and in transcripts.

use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::transcripts::{export, lines, open, text};

async fn reply(user: &mut User, channel: i64, root: &Value, text: &str, also: bool) -> Value {
    let body = json!({ "text": text, "thread": root["number"], "also": also });
    let posted = user.post(channel, &body).await;
    assert_eq!(posted.status, 201, "{}", posted.text());
    posted.json()
}

fn texts(messages: &Value) -> Vec<&str> {
    messages.as_array().unwrap().iter().map(|row| row["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_reply_is_told_with_its_thread_and_stands_in_it_alone() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let channel = ada.channel("general").await;
    bob.join(channel).await;
    let root = ada.say(channel, "who comes?").await;
    let mut at_ada = ada.listen().await;
    let mut classic = bob.listen_classic().await;
    let told = reply(&mut bob, channel, &root, "me", false).await;
    assert_eq!((&told["root"], &told["also"]), (&root["number"], &Value::Null));
    let heard = at_ada.event("message").await;
    assert_eq!((&heard["type"], &heard["message"]["root"]), (&json!("posted"), &root["number"]));
    assert_eq!(heard["head"]["root"], root["number"]);
    let thread = heard["head"]["thread"].clone();
    assert_eq!((&thread["replies"], &thread["last_number"]), (&json!(1), &told["number"]));
    assert_eq!(thread["faces"][0]["name"], "Bob");
    assert!(!heard.to_string().contains("who comes?"), "never the text of the root");
    let follow = at_ada.event("follow").await["follow"].clone();
    assert_eq!((&follow["root"], &follow["unread"]), (&root["number"], &json!(1)));
    assert!(!classic.settled().await.iter().any(|(name, _)| name == "emit msg"));

    // The run, and how it goes on behind the reply.
    let path = format!("/api/channels/{channel}");
    let page = bob.client.get(&format!("{path}/messages")).await.json();
    let rows = page["messages"].as_array().unwrap();
    assert_eq!(rows.last().unwrap()["thread"], thread);
    assert_eq!(
        (page["has_newer"].clone(), page["last_number"].clone()),
        (json!(false), told["number"].clone())
    );
    let also = reply(&mut bob, channel, &root, "and hear all", true).await;
    assert_eq!((&also["also"], &also["previous"]), (&json!(true), &root["number"]));
    let mut heard = classic.settled().await.into_iter().filter(|(name, _)| name == "emit msg");
    assert_eq!(heard.next().map(|(_, told)| told["id"].clone()), Some(also["number"].clone()));

    let thread = format!("{path}/threads/{}", root["number"]);
    let page = ada.client.get(&format!("{thread}?limit=1")).await.json();
    assert_eq!((&page["root"]["text"], &page["has_older"]), (&json!("who comes?"), &json!(true)));
    assert_eq!(texts(&page["replies"]), ["and hear all"]);
    assert_eq!(page["follow"]["unread"], 1, "what is in the channel too counts there");
    let older = format!("{thread}?before={}", also["number"]);
    assert_eq!(texts(&ada.client.get(&older).await.json()["replies"]), ["me"]);
    let above = format!("{path}/messages?limit=1&count_above={}", root["number"]);
    assert_eq!(
        ada.client.get(&above).await.json()["above"],
        1,
        "not the reply that is off the run"
    );
    let missed = ada.client.get("/api/me/changes").await.json();
    assert_eq!(missed["follows"][0]["root"], root["number"]);

    // Reading, and following by choice.
    let mark = json!({ "number": also["number"] });
    let read = ada.client.put(&format!("{thread}/read"), &mark).await.json();
    assert_eq!((&read["unread"], &read["number"]), (&json!(0), &also["number"]));
    let list = ada.client.get("/api/me/threads").await.json();
    assert_eq!(list["threads"][0]["root"]["text"], "who comes?");
    assert_eq!(texts(&list["threads"][0]["newest"]), ["me", "and hear all"]);
    assert_eq!((&list["channels"][0]["name"], &list["next"]), (&json!("general"), &Value::Null));
    assert_eq!(ada.client.delete(&format!("{thread}/follow")).await.json()["following"], false);
    assert_eq!(ada.client.get("/api/me/follows").await.json()["follows"], json!([]));
    // How many others a call of everybody would reach there, and the threads that one began.
    assert_eq!(ada.client.get(&thread).await.json()["followers"], 1, "Bob");
    assert_eq!(bob.client.get(&thread).await.json()["followers"], 0, "nobody else any more");
    let other = bob.say(channel, "where?").await;
    reply(&mut ada, channel, &other, "here", false).await;
    let began = |page: Value| {
        let rows = page["threads"].as_array().unwrap().iter();
        rows.map(|row| row["root"]["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(began(bob.client.get("/api/me/threads?mine=true").await.json()), ["where?"]);
    let all = began(bob.client.get("/api/me/threads").await.json());
    assert_eq!(all, ["where?", "who comes?"]);
    let odd = ada.client.get("/api/me/threads?after=x").await;
    assert!((400..=422).contains(&odd.status), "{}", odd.text());
    let missing = json!({ "text": "x", "thread": 99 });
    assert_eq!(ada.post(channel, &missing).await.status, 404);
}

#[tokio::test]
async fn without_script_a_thread_has_its_page_and_its_form() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let channel = ada.channel("general").await;
    bob.join(channel).await;
    let root = ada.say(channel, "who comes?").await["number"].clone();
    let page = bob.client.get("/channel/general").await.text();
    let thread = format!("/channel/general/{root}?thread");
    assert!(page.contains(&format!("href=\"{thread}\">Reply in thread</a>")), "{page}");
    let root = root.to_string();
    let sent = [("msg", "not in the channel"), ("thread", root.as_str())];
    let answer = bob.client.form("/channel/general", &sent).await;
    assert_eq!((answer.status, answer.header("location")), (303, thread.as_str()));
    let sent = [("msg", "in both"), ("thread", root.as_str()), ("also", "1")];
    assert_eq!(bob.client.form("/channel/general", &sent).await.status, 303);
    let page = bob.client.get(&thread).await.text();
    for expected in
        ["who comes?", "not in the channel", "in both", "name=\"thread\"", "Also send to #general"]
    {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    let page = ada.client.get("/channel/general").await.text();
    assert!(page.contains(">2 replies</b></a>") && page.contains("In a thread"), "{page}");
    assert!(!page.contains("not in the channel"), "{page}");
    // The address of a reply leads to its thread.
    let reply: i64 = root.parse::<i64>().unwrap() + 1;
    let answer = ada.client.get(&format!("/channel/general/{reply}")).await;
    let leads = format!("{thread}#m{reply}");
    assert_eq!((answer.status, answer.header("location")), (303, leads.as_str()));
    // A text that is refused stays in the form of the thread.
    let sent = [("msg", " "), ("thread", root.as_str())];
    let refused = bob.client.form("/channel/general", &sent).await;
    assert!(refused.status == 422 && refused.text().contains("name=\"thread\""));
    let odd = bob.client.form("/channel/general", &[("msg", "x"), ("thread", "99")]).await;
    assert_eq!(odd.status, 404);
}

#[tokio::test]
async fn a_transcript_has_threads_under_their_roots() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("tea").await;
    let (first, second) = (ada.say(channel, "first").await, ada.say(channel, "second").await);
    for number in 0..120 {
        reply(&mut ada, channel, &first, &format!("aside {number}"), false).await;
    }
    reply(&mut ada, channel, &second, "also", true).await;
    reply(&mut ada, channel, &second, "last", false).await;
    ada.say(channel, "third").await;
    let mut expected = vec!["first".to_owned()];
    expected.extend((0..120).map(|number| format!("aside {number}")));
    expected.extend(["second", "last", "also", "third"].map(str::to_owned));
    let mut archive = open(&export(&mut ada, channel, "").await);
    let rows = lines(&mut archive);
    let told: Vec<&str> = rows
        .iter()
        .map(|row| row["text"].as_str().unwrap())
        .filter(|text| !text.is_empty())
        .collect();
    assert_eq!(told, expected);
    let page = text(&mut archive, "index.html");
    let at = |needle: &str| page.find(needle).unwrap_or_else(|| panic!("{needle}: {page}"));
    assert!(at(">first<") < at(">aside 0<") && at(">aside 119<") < at(">second<"));
    assert!(page.contains("Reply in a thread"));

    // What the thread began with is not kept any more; its replies are, and say so.
    let path = format!("/api/channels/{channel}/messages?through={}", first["number"]);
    let cleared = ada.client.delete(&path).await;
    assert_eq!(cleared.status, 200, "{}", cleared.text());
    let mut archive = open(&export(&mut ada, channel, "").await);
    let rows = lines(&mut archive);
    assert_eq!(rows.iter().filter(|row| row["root"] == first["number"]).count(), 120);
    assert!(text(&mut archive, "index.html").contains("no longer kept"));
    let thread = format!("/api/channels/{channel}/threads/{}", first["number"]);
    let page = ada.client.get(&thread).await.json();
    assert_eq!((&page["root"], &page["has_older"]), (&Value::Null, &json!(true)));
}
