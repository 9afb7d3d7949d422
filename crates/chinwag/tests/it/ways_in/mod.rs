//! The ways in: the owner, invites, the door, and links for whoever is locked out.

mod approval;
mod hearing;
mod invites;
mod links;
mod makers;
mod owner;
mod projector;
mod visits;

use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::client::Client;

/// Makes an invite, and returns its path and its id.
pub async fn invite(by: &mut User, body: &Value) -> (String, i64) {
    let reply = by.client.post("/api/invites", body).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    let made = reply.json();
    let address = made["address"].as_str().unwrap().to_owned();
    let path = address[address.find("/join/").unwrap()..].to_owned();
    (path, made["id"].as_i64().unwrap())
}

/// Comes by an invite under that name, by the form of its page; returns the person.
pub async fn come(app: &TestApp, path: &str, name: &str) -> User {
    let mut client = app.browser();
    let reply = client.form(path, &[("name", name)]).await;
    assert_eq!((reply.status, reply.header("location")), (303, "/"), "{}", reply.text());
    let me = client.get("/api/me").await.json();
    assert_eq!(me["name"], name, "{me}");
    User { client, id: me["id"].as_i64().unwrap(), name: name.to_owned() }
}

/// The status and the code of an attempt to take a name by the address alone.
pub async fn knock(client: &mut Client, name: &str) -> (u16, String) {
    let reply = client.post("/api/session", &json!({ "name": name })).await;
    (reply.status, if reply.status < 400 { String::new() } else { reply.code() })
}

/// The ids of the channels that somebody sees.
pub async fn channels(user: &mut User) -> Vec<i64> {
    let state = user.client.get("/api/state").await.json();
    state["channels"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
}
