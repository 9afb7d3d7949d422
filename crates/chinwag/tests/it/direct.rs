//! Direct conversations by every door: only their people hear of them.

use serde_json::{Value, json};

use crate::app::{TestApp, User};

const CANARY: &str = "the canary sings";

async fn open(user: &mut User, people: &[i64]) -> i64 {
    let reply = user.client.post("/api/direct", &json!({ "people": people })).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["id"].as_i64().unwrap()
}

async fn listed(user: &mut User) -> Vec<i64> {
    let list = user.client.get("/api/channels").await.json();
    let ids = list["channels"].as_array().unwrap().iter().map(|channel| channel["id"].as_i64());
    ids.flatten().collect()
}

#[tokio::test]
async fn a_third_person_hears_and_reads_nothing() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let mut eve = app.user("Eve").await;
    let mut ears = [eve.listen().await, eve.listen().await];
    ears[1].connect("/", None).await.unwrap();
    let mut bobs = bob.listen().await;
    let talk = open(&mut ada, &[bob.id]).await;
    assert!((1 << 32..1 << 53).contains(&talk), "nobody guesses it");
    ada.say(talk, CANARY).await;
    let membership = bobs.event("membership").await;
    assert_eq!(membership["channel"]["kind"], "direct");
    assert_eq!(membership["channel"]["people"][1]["name"], "Bob");
    assert_eq!(bobs.event("message").await["message"]["text"], CANARY);

    // For Eve it is as if it were not there, whatever she asks.
    let doors = ["", "/messages", "/members", "/changes?since=0", "/digest?last=10"];
    for door in doors {
        let there = eve.client.get(&format!("/api/channels/{talk}{door}")).await;
        let nowhere = eve.client.get(&format!("/api/channels/{}{door}", talk + 1)).await;
        assert_eq!((there.status, there.text()), (nowhere.status, nowhere.text()), "{door}");
        assert_eq!(there.status, 404);
    }
    for (method, door) in [("PUT", "membership"), ("PUT", "hidden"), ("POST", "visit")] {
        let path = format!("/api/channels/{talk}/{door}");
        let method = method.parse().unwrap();
        assert_eq!(eve.client.send(method, &path, "", Vec::new()).await.status, 404, "{path}");
    }
    assert_eq!(eve.post(talk, &json!({ "text": "hello?" })).await.status, 404);
    assert_eq!(ears[0].ask("/app", "preview", json!({ "channel": talk })).await["ok"], false);
    assert_eq!(listed(&mut eve).await, [0; 0]);
    for page in ["/channels", "/api/state", "/api/place/changes?since=0", "/api/me/changes?since=0"]
    {
        let told = eve.client.get(page).await.text();
        assert!(!told.contains(CANARY) && !told.contains(&talk.to_string()), "{page}: {told}");
    }
    // An event that everybody hears, sent after those that must not be heard.
    ada.channel("a sign").await;
    ears[0].connect("/", None).await.unwrap();
    for ear in &mut ears {
        let heard = format!("{:?}", ear.settled().await);
        assert!(!heard.contains(CANARY) && !heard.contains(&talk.to_string()), "{heard}");
    }
    assert_eq!(listed(&mut bob).await, [talk]);
    // Without script it reads the same, under the name of the other.
    let page = bob.client.get(&format!("/c/{talk}")).await.text();
    assert!(page.contains(CANARY) && page.contains("<title>Ada"), "{page}");
    assert!(bob.client.get("/channels").await.text().contains(&format!("/c/{talk}\">Ada</a>")));
}

#[tokio::test]
async fn who_may_begin_one_is_a_rule_of_the_place() {
    let mut app = TestApp::start().await;
    let (mut ada, bob) = (app.user("Ada").await, app.user("Bob").await);
    let (mut guest, gone) = (app.user("Guest").await, app.user("Gone").await);
    let hermit = app.user("Hermit").await;
    let talk = open(&mut ada, &[gone.id]).await;
    ada.say(talk, "hello").await;
    let tea = ada.channel("tea").await;
    guest.join(tea).await;
    app.stop().await;
    let db = rusqlite::Connection::open(app.data().join("chinwag.db")).unwrap();
    let guests = "UPDATE users SET role = 'guest' WHERE id IN (?1, ?2)";
    db.execute(guests, [guest.id, hermit.id]).unwrap();
    db.execute("UPDATE users SET deactivated_at = 1 WHERE id = ?1", [gone.id]).unwrap();
    db.execute("DELETE FROM sums", []).unwrap();
    drop(db);
    let app = app.restart().await;
    let again = |user: User| User {
        client: crate::client::Client { address: app.address, ..user.client },
        ..user
    };
    let (mut ada, mut bob, mut guest) = (again(ada), again(bob), again(guest));
    let begin = async |user: &mut User, people: &[i64]| {
        let reply = user.client.post("/api/direct", &json!({ "people": people })).await;
        (reply.status, reply.json()["code"].clone(), reply.json()["detail"].clone())
    };
    // A guest begins none, and the address is as unknown as any.
    assert_eq!(begin(&mut guest, &[bob.id]).await.0, 404);
    // A guest with whom nothing is shared is nobody.
    let unknown = begin(&mut ada, &[99]).await;
    assert_eq!(begin(&mut ada, &[hermit.id]).await, unknown);
    assert_eq!(unknown.1, "not_found");
    assert_eq!(begin(&mut ada, &[bob.id, hermit.id]).await, unknown);
    // Whoever is in a channel with a guest writes to them, and they answer.
    let with_guest = open(&mut ada, &[guest.id]).await;
    ada.say(with_guest, "are you there?").await;
    guest.say(with_guest, "I am").await;
    // Nobody writes to whoever is gone; what was said stays.
    let refused = ada.post(talk, &json!({ "text": "still there?" })).await;
    assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("unreachable")));
    assert_eq!(begin(&mut bob, &[gone.id]).await.1, "unreachable");
    assert_eq!(open(&mut ada, &[gone.id]).await, talk, "it stays readable");
    assert_eq!(begin(&mut ada, &(200..208).collect::<Vec<_>>()).await.1, "too_many_of");
    assert_eq!(begin(&mut ada, &[]).await.1, Value::Null);
}

#[tokio::test]
async fn a_block_ends_writing_between_two_people_and_nothing_else() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let cleo = app.user("Cleo").await;
    let open = async |user: &mut crate::app::User, people: &[i64]| {
        user.client.post("/api/direct", &json!({ "people": people })).await
    };
    let two = open(&mut ada, &[bob.id]).await.json()["id"].as_i64().unwrap();
    let three = open(&mut ada, &[bob.id, cleo.id]).await.json()["id"].as_i64().unwrap();
    bob.client.get("/api/channels").await;
    ada.say(two, "hello").await;
    ada.say(three, "hello both").await;
    let block = format!("/api/people/{}/aside", ada.id);
    let blocked = bob.client.put(&block, &json!({ "kind": "block" })).await;
    assert!(blocked.status < 300, "{}", blocked.text());
    let text = json!({ "text": "more" });
    assert_eq!(ada.post(two, &text).await.code(), "unreachable");
    assert_eq!(bob.post(two, &text).await.code(), "unreachable", "either way");
    assert_eq!(ada.post(three, &text).await.status, 201, "groups go on");
    let dora = app.user("Dora").await;
    let group = open(&mut ada, &[bob.id, dora.id]).await;
    assert_eq!(group.code(), "unreachable", "no new group by whoever is blocked");
    assert!(bob.client.delete(&block).await.status < 300);
    assert_eq!(ada.post(two, &text).await.status, 201);
}
