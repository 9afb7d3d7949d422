//! `chinwag audit`: the whole log of a data folder, with the server running or not.

use std::path::Path;

use serde_json::{Value, json};

use super::{Author, run};
use crate::binary::Binary;
use crate::client::Client;

fn audit(data: &Path, args: &[&str]) -> Vec<String> {
    let said = run(&[&["audit", "--data", data.to_str().unwrap()], args].concat());
    assert_eq!(said.code, 0, "{}", said.text);
    said.text.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn the_operator_reads_all_of_the_log_with_the_server_running_or_not() {
    let data = tempfile::tempdir().unwrap();
    let server = Binary::start(data.path());
    let mut ada = Author::new(&server).await;
    let mut bob = Client::new(server.address);
    let bob_id =
        bob.post("/api/session", &json!({ "name": "Bob \"x\"" })).await.json()["id"].clone();
    let draft = json!({ "name": "plans", "kind": "private", "people": [bob_id] });
    let plans = ada.client.post("/api/channels", &draft).await.json()["id"].as_i64().unwrap();
    let mute = format!("/api/channels/{plans}/mutes/{bob_id}");
    assert_eq!(ada.client.put(&mute, &json!({})).await.status, 204);
    assert_eq!(ada.client.delete(&mute).await.status, 204);
    let messages = format!("/api/channels/{plans}/messages");
    assert_eq!(bob.post(&messages, &json!({ "text": "rude" })).await.status, 201);
    let removal = format!("/api/channels/{plans}/messages/2/removal");
    let grounds = json!({ "reason": "insult", "note": "third\ntime" });
    assert_eq!(ada.client.post(&removal, &grounds).await.status, 200);
    let gone = ada.client.post("/api/channels", &json!({ "name": "gone" })).await.json();
    let gone = format!("/api/channels/{}", gone["id"]);
    assert_eq!(ada.client.delete(&gone).await.status, 204);
    assert_eq!(run(&["owner", "Ada", "--data", data.path().to_str().unwrap()]).code, 0);

    let running = audit(data.path(), &[]);
    let tails: Vec<&str> = running.iter().map(|line| line.split_once(' ').unwrap().1).collect();
    let whom = r#"by "Ada" from 127.0.0.1 whom "Bob \"x\"""#;
    let inside = format!(r#"in private "plans" ({plans})"#);
    let first = [
        format!("mute_in_channel {whom} {inside} for good"),
        format!("mute_in_channel {whom} {inside} ended"),
        format!(r#"remove_message {whom} {inside} message 2: "insult third\ntime""#),
    ];
    assert_eq!(tails[..3], first);
    assert!(tails[3].starts_with(r#"delete_channel by "Ada""#), "{tails:?}");
    assert_eq!(tails[4], r#"become_owner by the operator whom "Ada""#);
    assert_eq!(tails.len(), 5, "{tails:?}");

    server.stop().await;
    assert_eq!(audit(data.path(), &[]), running);
    assert_eq!(audit(data.path(), &["--who", "bob \"X\""]), running[..3], "either side, any case");
    assert_eq!(audit(data.path(), &["--act", "remove_message"]), running[2..3]);
    assert_eq!(audit(data.path(), &["--since", "2999-01-01"]), Vec::<String>::new());
    assert_eq!(audit(data.path(), &["--since", "2020-01-01T00:00:00Z"]), running);
    let told = audit(data.path(), &["--json", "--act", "remove_message"]);
    let told: Value = serde_json::from_str(&told[0]).unwrap();
    assert_eq!(
        (&told["by"], &told["channel_name"], &told["number"], &told["detail"]),
        (&json!("Ada"), &json!("plans"), &json!(2), &json!("insult third\ntime"))
    );

    // What cannot be asked for is said, and nothing is printed.
    for (args, about) in [
        (["--who", "Nobody"], "nobody is called"),
        (["--act", "dance"], "remove_message"),
        (["--since", "lately"], "2026-03-18"),
    ] {
        let said = run(&[&["audit", "--data", data.path().to_str().unwrap()], &args[..]].concat());
        assert!(said.code == 2 && said.text.contains(about), "{args:?}: {}", said.text);
    }
}
