//! What is not meant for somebody does not reach them, in any byte of any door.

mod absent;
mod canaries;

use serde_json::json;

use crate::app::{TestApp, User};

/// A private channel of these people; returns its id.
async fn private(maker: &mut User, name: &str, people: &[i64]) -> i64 {
    let draft = json!({ "name": name, "kind": "private", "people": people });
    let reply = maker.client.post("/api/channels", &draft).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json()["id"].as_i64().unwrap()
}

/// Stops the server, gives people roles by hand, and starts it again. Roles in charge need a password,
/// which is set before.
async fn with_roles(app: TestApp, roles: &mut [(&mut User, &str)]) -> TestApp {
    for (user, role) in roles.iter_mut() {
        if *role != "guest" {
            let new = json!({ "new": "correct horse" });
            let reply = user.client.put("/api/me/password", &new).await;
            assert_eq!(reply.status, 204, "{}", reply.text());
        }
    }
    let mut app = app;
    app.stop().await;
    let db = rusqlite::Connection::open(app.data().join("chinwag.db")).unwrap();
    for (user, role) in roles.iter() {
        db.execute("UPDATE users SET role = ?2 WHERE id = ?1", (user.id, role)).unwrap();
    }
    // A row that was changed by another hand is found by the sums, which are made anew without these.
    db.execute("DELETE FROM sums", []).unwrap();
    drop(db);
    let app = app.restart().await;
    for (user, _) in roles.iter_mut() {
        user.client.address = app.address;
    }
    app
}
