//! Every door against everybody who may ask.
//!
//! `table.rs` says what each door answers to whom; `world.rs` holds the channel, the people and the
//! things in the table; `sockets.rs` is the same for Socket.IO. The list of doors is the server's
//! own, so a new one fails here until it is in the table.

mod door;
mod sockets;
mod table;
mod world;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use self::door::{Door, Who};
use self::table::TABLE;
use self::world::{People, World};
use crate::app::TestApp;
use crate::client::{Client, Reply};

/// How many doors are tried at one time: enough to share the disk's syncs, and few enough that a
/// busy machine answers each in time.
const AT_ONCE: usize = 8;

/// What a door answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// That status.
    Is(u16),
    /// 303 to the sign-in form.
    SignIn,
    /// 303 to another page.
    SeeOther,
}

#[test]
fn every_door_is_in_the_table() {
    let real: BTreeSet<String> = chinwag::http::doors().into_iter().collect();
    let told: BTreeSet<String> = TABLE.iter().map(|door| door.address().to_owned()).collect();
    let untold: Vec<_> = real.difference(&told).collect();
    let gone: Vec<_> = told.difference(&real).collect();
    assert!(untold.is_empty(), "say in doors/table.rs what these answer to whom: {untold:?}");
    assert!(gone.is_empty(), "these are in doors/table.rs and nowhere else: {gone:?}");
    assert!(real.len() > 50, "the server lists them: {}", real.len());
}

/// The table names every door and no other: routes are added in one place only.
#[test]
fn no_route_is_added_beside_the_list() {
    let http = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http");
    let mut found = Vec::new();
    let mut folders = vec![http];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            for way in [".route(", ".route_service(", ".nest(", ".nest_service(", ".fallback_"] {
                for _ in text.matches(way) {
                    found.push((path.file_name().unwrap().to_owned(), way));
                }
            }
        }
    }
    assert_eq!(found, [("router.rs".into(), ".route(")], "through `plain()` or the document");
}

#[tokio::test]
async fn each_door_answers_everybody_as_the_table_says() {
    let off = ["--limit-messages", "--limit-new-channels", "--limit-uploads", "--limit-reports"];
    let more = ["--limit-new-names", "--limit-sign-ins", "--limit-wrong-passwords"];
    let mut args: Vec<&str> = off.iter().chain(&more).flat_map(|limit| [*limit, "0"]).collect();
    args.extend(["--trusted-proxy", "127.0.0.1"]);
    let app = TestApp::start_with(&args).await;
    let mut wrong = Vec::new();
    let rows: Vec<_> = TABLE.iter().enumerate().collect();
    for group in rows.chunks(AT_ONCE) {
        let walks = group.iter().map(|(row, door)| walk(&app, *row, door));
        wrong.extend(futures_util::future::join_all(walks).await.into_iter().flatten());
    }
    assert!(wrong.is_empty(), "{} answers differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Tries one door as everybody; returns what differs from the table.
async fn walk(app: &TestApp, row: usize, door: &Door) -> Vec<String> {
    let mut people = People::gather(app, row).await;
    let mut wrong = Vec::new();
    for (cell, who) in Who::ALL.into_iter().enumerate() {
        let world = World::make(&mut people, &format!("{row}-{cell}"), door, who).await;
        let client = people.client(who, &world).await;
        let (says, path) = (door.says(who), door.address());
        // A refused request may not have changed anything; that reading changes nothing is not
        // checked at each door.
        let reads = ["GET", "HEAD", "OPTIONS"].iter().any(|method| path.starts_with(method));
        let is_refusal = matches!(says, Says::Is(400..) | Says::SignIn) && !reads;
        let watched = is_refusal && !path.ends_with("/logout");
        let before = if watched { world.look(&mut people).await } else { Vec::new() };
        // One address may type only so many wrong codes.
        let mut client = client;
        client.headers.push(("x-forwarded-for", format!("10.0.0.{cell}")));
        let reply = world.knock(client, door).await;
        if let Some(difference) = differs(&reply, says, who) {
            wrong.push(format!("{path}, {who:?}: {difference}"));
        }
        if watched && world.look(&mut people).await != before {
            wrong.push(format!("{path}, {who:?}: refused, but something changed"));
        }
    }
    people.leave().await;
    wrong
}

fn differs(reply: &Reply, says: Says, who: Who) -> Option<String> {
    let to_sign_in = reply.header("location").starts_with("/login");
    let fine = match says {
        Says::Is(status) => reply.status == status,
        Says::SignIn => reply.status == 303 && to_sign_in,
        Says::SeeOther => reply.status == 303 && !to_sign_in,
    };
    if !fine {
        let told: String = reply.text().chars().take(120).collect();
        return Some(format!("{} instead of {says:?}: {told}", reply.status));
    }
    // A visitor without a good credential is told that, and nothing else.
    let is_problem = reply.header("content-type") == "application/problem+json";
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    if reply.status == 401 && is_problem && !body.is_null() && body["code"] != "not_signed_in" {
        return Some(format!("401 to {who:?} with the code {}", body["code"]));
    }
    (reply.status == 200 && is_problem).then(|| "a problem with status 200".to_owned())
}

/// A client with the credentials of that person.
fn bare(client: &Client) -> Client {
    let mut bare = Client::new(client.address);
    bare.headers = world::TUS.map(|(name, value)| (name, value.to_owned())).to_vec();
    bare
}
