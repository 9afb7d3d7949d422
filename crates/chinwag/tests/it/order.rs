//! Keeping order: removing messages, reporting them, and the log.

use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::socket::Socket;

#[tokio::test]
async fn a_host_removes_a_message_and_its_author_learns_why() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let mut cleo = app.user("Cleo").await;
    let tea = ada.channel("tea").await;
    // The first row says so.
    bob.join(tea).await;
    let mut window = bob.listen().await;
    bob.say(tea, "Cheap tickets").await;
    window.event("message").await;
    let at = format!("/api/channels/{tea}/messages/2/removal");
    let grounds = json!({ "reason": "spam", "note": "third time" });
    assert_eq!(cleo.client.post(&at, &grounds).await.code(), "forbidden");
    assert_eq!(bob.client.post(&at, &grounds).await.code(), "forbidden", "not even the author");
    let removed = ada.client.post(&at, &grounds).await.json();
    assert_eq!((&removed["removed"], &removed["text"]), (&json!(true), &json!("")));
    let told = window.event("message").await;
    assert_eq!((&told["type"], &told["message"]), (&json!("deleted"), &removed));
    let why = bob.client.get(&at).await.json();
    assert_eq!((&why["reason"], &why["note"]), (&json!("spam"), &json!("third time")));
    assert_eq!(ada.client.get(&at).await.json(), why);
    assert_eq!(cleo.client.get(&at).await.status, 404, "nobody else");
    let page = cleo.client.get(&format!("/api/channels/{tea}/messages")).await.json();
    assert_eq!(
        page["messages"][1], removed,
        "the tombstone says that it was removed, to everybody"
    );

    // Once more changes nothing, and what its author deleted is not said to be removed.
    assert_eq!(ada.client.post(&at, &grounds).await.json(), removed);
    bob.say(tea, "sorry").await;
    bob.client.delete(&format!("/api/channels/{tea}/messages/3")).await;
    let page = bob.client.get(&format!("/api/channels/{tea}/messages")).await.json();
    assert_eq!(page["messages"][2]["removed"], false);
    for address in ["/channel/tea", "/channel/tea/2"] {
        let plain = cleo.client.get(address).await.text();
        let said = |words: &str| plain.matches(words).count();
        assert_eq!(said("Removed by a moderator"), 1, "{address}: {plain}");
        assert_eq!(said("deleted a message"), 1, "{address}: {plain}");
    }
    let read = bob.client.get(&format!("/api/channels/{tea}")).await.json();
    assert_eq!(read["unread"], 0, "tombstones are never unread");
    let none = ada.client.post(&at.replace("/2/", "/9/"), &grounds).await;
    assert_eq!(none.status, 404, "{}", none.text());
}

#[tokio::test]
async fn a_report_is_dealt_with_once_and_its_copy_goes() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let (mut cleo, mut moderator) = (app.user("Cleo").await, app.user("Mo").await);
    let tea = ada.channel("tea").await;
    // The first row says that Bob joined.
    for number in 1..=3 {
        bob.say(tea, &format!("rude {number}")).await;
    }
    let app = app.with_roles(&mut [(&mut moderator, "moderator")]).await;
    for user in [&mut ada, &mut bob, &mut cleo] {
        user.client.address = app.address;
    }
    let report = |number: i64| format!("/api/channels/{tea}/messages/{number}/report");
    let insult = json!({ "reason": "insult", "note": "it is the third" });
    for user in [&mut cleo, &mut ada] {
        for number in [2, 3] {
            assert_eq!(user.client.put(&report(number), &insult).await.status, 204);
        }
    }
    // Once more replaces the one before.
    let other = json!({ "reason": "other" });
    assert_eq!(cleo.client.put(&report(2), &other).await.status, 204);
    assert_eq!(bob.client.put(&report(2), &other).await.status, 404, "one's own");
    assert_eq!(cleo.client.get("/api/message-reports").await.code(), "forbidden");

    // The author's own deletion leaves an open report its copy.
    bob.client.delete(&format!("/api/channels/{tea}/messages/2")).await;
    let open = moderator.client.get("/api/message-reports").await.json();
    let first = &open["messages"][0];
    assert_eq!((&first["text"], &first["channel_name"]), (&json!("rude 1"), &json!("tea")));
    let who: Vec<&Value> =
        first["reports"].as_array().unwrap().iter().map(|r| &r["reason"]).collect();
    assert_eq!(who, [&json!("other"), &json!("insult")]);
    assert_eq!(open["messages"].as_array().unwrap().len(), 2);

    // Left as it is: dealt with once.
    let left = format!("/api/message-reports/{tea}/2");
    assert_eq!(moderator.client.delete(&left).await.status, 204);
    assert_eq!(moderator.client.delete(&left).await.status, 404);
    // Removing the other closes its reports.
    let removal = format!("/api/channels/{tea}/messages/3/removal");
    assert_eq!(moderator.client.post(&removal, &other).await.status, 200);
    let open = moderator.client.get("/api/message-reports").await.json();
    assert_eq!(open["messages"], json!([]));

    let log = moderator.client.get("/api/log").await.json();
    let acts: Vec<_> =
        log["entries"].as_array().unwrap().iter().map(|entry| &entry["act"]).collect();
    assert_eq!(acts, ["remove_message", "leave_reported"], "the newest first");
    let removed = &log["entries"][0];
    let (by, whom) = (json!(moderator.id), json!(bob.id));
    assert_eq!((&removed["by"], &removed["whom"], &removed["channel"]), (&by, &whom, &json!(tea)));
    assert_eq!(removed["address"], "127.0.0.1");
    let mine = moderator.client.get(&format!("/api/log?whom={}", cleo.id)).await.json();
    assert_eq!(mine["entries"], json!([]));
    assert_eq!(ada.client.get("/api/log").await.code(), "forbidden");
}

#[tokio::test]
async fn what_is_private_is_reported_by_the_message_alone() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let mut moderator = app.user("Mo").await;
    let draft = json!({ "name": "plans", "kind": "private", "people": [bob.id] });
    let plans = ada.client.post("/api/channels", &draft).await.json()["id"].as_i64().unwrap();
    ada.say(plans, "before").await;
    bob.say(plans, "rude").await;
    let app = app.with_roles(&mut [(&mut moderator, "owner")]).await;
    for user in [&mut ada, &mut bob] {
        user.client.address = app.address;
    }
    let grounds = json!({ "reason": "insult" });
    let report = format!("/api/channels/{plans}/messages/3/report");
    assert_eq!(ada.client.put(&report, &grounds).await.status, 204);
    let open = moderator.client.get("/api/message-reports").await.json();
    let message = &open["messages"][0];
    assert_eq!((&message["text"], &message["channel_name"]), (&json!("rude"), &Value::Null));
    let removal = format!("/api/channels/{plans}/messages/3/removal");
    assert_eq!(moderator.client.post(&removal, &grounds).await.status, 404, "they are not in it");
    // Its host removes it, and the log has that for those who are inside alone.
    assert_eq!(ada.client.post(&removal, &grounds).await.status, 200);
    let log = moderator.client.get("/api/log").await.json();
    assert_eq!(log["entries"], json!([]));
    assert_eq!(moderator.client.get("/api/message-reports").await.json()["messages"], json!([]));
}

/// The counts of open reports that came, in order.
fn counts(events: Vec<(String, Value)>) -> Vec<Value> {
    let reports = events.into_iter().filter(|(name, _)| name == "reports");
    reports.map(|(_, told)| told["open"].clone()).collect()
}

/// A window of `/app` and of the classic namespace, whose answers tell that all events have come.
async fn window(user: &User) -> (Socket, Value) {
    let mut socket = Socket::open(&user.client).await;
    socket.connect("/app", None).await.expect("they may connect");
    let heads = socket.event("heads").await;
    socket.connect("/", None).await.expect("they may connect");
    (socket, heads)
}

#[tokio::test]
async fn only_those_who_keep_order_hear_how_many_reports_are_open() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let mut owner = app.in_charge("Olu", "owner").await;
    let tea = ada.channel("tea").await;
    let mut said = Vec::new();
    for _ in 0..3 {
        said.push(bob.say(tea, "rude").await["number"].as_i64().unwrap());
    }
    let (mut keeper, heads) = window(&owner).await;
    assert_eq!(heads["reports"], 0);
    let (mut member, heads) = window(&ada).await;
    assert_eq!(heads.get("reports"), None, "{heads}");
    let at = |number: i64, what: &str| format!("/api/channels/{tea}/messages/{number}/{what}");
    let spam = json!({ "reason": "spam" });
    for number in &said {
        assert_eq!(ada.client.put(&at(*number, "report"), &spam).await.status, 204);
    }
    // Leaving one, removing one, and deleting the channel of the last.
    let first = format!("/api/message-reports/{tea}/{}", said[0]);
    assert_eq!(owner.client.delete(&first).await.status, 204);
    assert_eq!(
        ada.client.post(&at(said[1], "removal"), &spam).await.status,
        200,
        "a host removes it"
    );
    assert_eq!(ada.client.delete(&format!("/api/channels/{tea}")).await.status, 204);
    assert_eq!(counts(keeper.settled().await), [1, 2, 3, 2, 1, 0].map(Value::from));
    assert_eq!(counts(member.settled().await), Vec::<Value>::new());
}

#[tokio::test]
async fn whoever_begins_to_keep_order_hears_of_reports_and_whoever_ends_hears_no_more() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let mut owner = app.in_charge("Olu", "owner").await;
    let tea = ada.channel("tea").await;
    let said = bob.say(tea, "rude").await["number"].clone();
    let role = format!("/api/people/{}/role", ada.id);
    let (mut before, _) = window(&ada).await;
    // The role waits for a password, so that nothing begins yet.
    assert_eq!(owner.client.put(&role, &json!({ "role": "moderator" })).await.status, 204);
    let report = format!("/api/channels/{tea}/messages/{said}/report");
    assert_eq!(owner.client.put(&report, &json!({ "reason": "spam" })).await.status, 204);
    assert_eq!(counts(before.settled().await), Vec::<Value>::new());
    let password = json!({ "new": "correct horse" });
    assert_eq!(ada.client.put("/api/me/password", &password).await.status, 204);
    before.ended("/app").await;
    let (mut after, heads) = window(&ada).await;
    assert_eq!(heads["reports"], 1);
    assert_eq!(owner.client.put(&role, &json!({ "role": "member" })).await.status, 204);
    after.ended("/app").await;
    let (mut member, heads) = window(&ada).await;
    assert_eq!(heads.get("reports"), None);
    let left = format!("/api/message-reports/{tea}/{said}");
    assert_eq!(owner.client.delete(&left).await.status, 204);
    assert_eq!(counts(member.settled().await), Vec::<Value>::new());
}

#[tokio::test]
async fn the_log_is_filtered_and_names_people_and_channels() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let mut owner = app.in_charge("Olu", "owner").await;
    let tea = ada.channel("tea").await;
    let draft = json!({ "name": "plans", "kind": "private", "people": [bob.id] });
    let plans = ada.client.post("/api/channels", &draft).await.json()["id"].as_i64().unwrap();
    bob.join(tea).await;
    let five = json!({ "minutes": 5 });
    for channel in [tea, plans] {
        let mute = format!("/api/channels/{channel}/mutes/{}", bob.id);
        assert_eq!(ada.client.put(&mute, &five).await.status, 204);
    }
    let everywhere = format!("/api/people/{}/mute", ada.id);
    assert_eq!(owner.client.put(&everywhere, &five).await.status, 204);

    let all = owner.client.get("/api/log").await.json();
    let acts = |log: &Value| -> Vec<String> {
        let entries = log["entries"].as_array().unwrap();
        entries.iter().map(|entry| entry["act"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(acts(&all), ["mute", "mute_in_channel"], "nothing of the private place");
    let channels = json!([{ "id": tea, "name": "tea", "kind": "public" }]);
    assert_eq!(all["channels"], channels);
    let names: Vec<_> = all["people"].as_array().unwrap().iter().map(|p| &p["name"]).collect();
    assert_eq!(names, ["Olu", "Ada", "Bob"]);
    assert!(!all.to_string().contains(&plans.to_string()), "not even its id");
    // A person is whoever did it, and to whom it was done.
    for (filter, count) in [
        (format!("person={}", ada.id), 2),
        (format!("by={}", ada.id), 1),
        (format!("whom={}", ada.id), 1),
        (format!("person={}", bob.id), 1),
        ("act=mute".to_owned(), 1),
        ("since=2999-01-01T00:00:00Z".to_owned(), 0),
        ("since=2020-01-01T00:00:00Z".to_owned(), 2),
    ] {
        let log = owner.client.get(&format!("/api/log?{filter}")).await.json();
        assert_eq!(acts(&log).len(), count, "{filter}");
    }
    assert_eq!(owner.client.get("/api/log?since=yesterday").await.status, 422);
}

#[tokio::test]
async fn the_queue_tells_what_can_still_be_done_and_two_who_deal_with_it_do_it_once() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let mut one = app.in_charge("Mo", "moderator").await;
    let mut two = app.in_charge("Mia", "moderator").await;
    let tea = ada.channel("tea").await;
    let said = bob.say(tea, "rude").await;
    let one_number = said["number"].as_i64().unwrap();
    let two_number = bob.say(tea, "ruder").await["number"].as_i64().unwrap();
    let at = |number: i64, what: &str| format!("/api/channels/{tea}/messages/{number}/{what}");
    let grounds = json!({ "reason": "insult" });
    for number in [one_number, two_number] {
        assert_eq!(ada.client.put(&at(number, "report"), &grounds).await.status, 204);
    }
    let mute = format!("/api/people/{}/mute", bob.id);
    assert_eq!(one.client.put(&mute, &json!({ "minutes": 60 })).await.status, 204);
    let second = format!("/api/channels/{tea}/messages/{two_number}");
    assert_eq!(bob.client.delete(&second).await.status, 200);
    let open = two.client.get("/api/message-reports").await.json();
    let (first, second) = (&open["messages"][0], &open["messages"][1]);
    assert_eq!((&first["deleted"], &second["deleted"]), (&json!(false), &json!(true)));
    assert_eq!(first["sent_at"], said["created_at"]);
    assert_eq!((&first["author_inside"], &first["channel_kind"]), (&json!(true), &json!("public")));
    assert!(first["author_muted_until"].is_string() && first["author_role"] == "member");

    let left = format!("/api/message-reports/{tea}/{one_number}");
    let removal = at(one_number, "removal");
    let (leaves, removes) =
        tokio::join!(one.client.delete(&left), two.client.post(&removal, &grounds));
    assert_eq!(removes.status, 200);
    assert!(matches!(leaves.status, 204 | 404), "{}", leaves.text());
    let log = one.client.get("/api/log").await.json();
    let count = |act: &str| {
        let entries = log["entries"].as_array().unwrap();
        entries.iter().filter(|entry| entry["act"] == act).count()
    };
    let dealt = usize::from(leaves.status == 204);
    assert_eq!((count("leave_reported"), count("remove_message")), (dealt, 1));
    assert_eq!(one.client.delete(&left).await.status, 404, "it is dealt with");
}
