//! What is not meant for somebody does not reach them, in any byte of any door.

mod absent;
mod canaries;
mod narrow;
mod races;

use serde_json::json;

use crate::app::User;

/// A private channel of these people; returns its id.
async fn private(maker: &mut User, name: &str, people: &[i64]) -> i64 {
    let draft = json!({ "name": name, "kind": "private", "people": people });
    let reply = maker.client.post("/api/channels", &draft).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json()["id"].as_i64().unwrap()
}
