//! A power cut loses what was written and not synced. So neither the author of a message nor its
//! readers may hear of it before it is synced. The system calls of the real binary show that. And a
//! sync that fails is never taken for one that succeeded.

use std::path::Path;

use hyper::Method;
use serde_json::{Value, json};

use super::skipped;
use super::trace::{Call, first, read, tracer};
use crate::app::DEADLINE;
use crate::binary::Binary;
use crate::client::{Client, Reply};
use crate::socket::Socket;

const LOG: &str = "chinwag.db-wal";
const CALLS: &str =
    "trace=write,pwrite64,writev,sendto,sendmsg,fsync,fdatasync,rename,renameat,renameat2";

/// Ada, who listens in a channel.
struct Scene {
    server: Binary,
    ada: Client,
    channel: i64,
    window: Socket,
}

impl Scene {
    async fn new(wrapper: &[String], data: &Path) -> Self {
        let server = Binary::spawn(Binary::command_under(wrapper, data));
        let mut ada = Client::new(server.address);
        assert_eq!(ada.post("/api/session", &json!({ "name": "Ada" })).await.status, 201);
        let made = ada.post("/api/channels", &json!({ "name": "general" })).await.json();
        let mut window = Socket::open(&ada).await;
        window.connect("/app", None).await.unwrap();
        window.event("heads").await;
        Self { server, ada, channel: made["id"].as_i64().unwrap(), window }
    }

    async fn post(&mut self, body: &Value) -> Reply {
        self.ada.post(&format!("/api/channels/{}/messages", self.channel), body).await
    }
}

/// The place in the trace where a text is sent to anybody for the first time. Both its author and
/// its readers are sent it.
fn told<'a>(calls: &'a [Call], text: &str) -> &'a Call {
    let heard = calls.iter().filter(|call| call.sends() && call.args.contains(text)).count();
    assert!(heard >= 2, "{text} was heard {heard} times");
    first(calls, |call| call.sends() && call.args.contains(text)).unwrap()
}

fn synced_before_told(calls: &[Call], text: &str) {
    let told = told(calls, text);
    let written = first(calls, |call| call.writes_to(LOG) && call.args.contains(text));
    let written = written.unwrap_or_else(|| panic!("{text} was never written to the log"));
    let synced = first(calls, |call| {
        call.syncs(LOG) && call.began > written.ended && call.ended < told.began
    });
    assert!(
        synced.is_some(),
        "{text}: written at {}, told at {}, not synced between",
        written.began,
        told.began
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_hears_of_a_message_before_it_is_synced() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("trace");
    let Some(wrapper) = tracer(&["-e", CALLS], &log) else {
        return skipped("nobody_hears_of_a_message_before_it_is_synced", "strace does not work");
    };
    let mut scene = Scene::new(&wrapper, &folder.path().join("data")).await;
    let mut texts: Vec<String> = (0..8).map(|n| format!("alone-{n}-needle")).collect();
    for text in &texts {
        assert_eq!(scene.post(&json!({ "text": text })).await.status, 201);
    }
    let together: Vec<String> = (0..24).map(|n| format!("together-{n}-needle")).collect();
    let path = format!("/api/channels/{}/messages", scene.channel);
    let posts = together.iter().map(|text| {
        let body = json!({ "text": text }).to_string().into_bytes();
        scene.ada.exchange(Method::POST, &path, "application/json", body)
    });
    for reply in futures_util::future::join_all(posts).await {
        assert_eq!(reply.unwrap().status, 201);
    }
    texts.extend(together);
    for _ in &texts {
        scene.window.event("message").await;
    }
    scene.server.kill();
    let calls = whole(&log, |calls| calls.iter().any(|call| call.sends())).await;
    for text in &texts {
        synced_before_told(&calls, text);
    }
}

/// Waits for the tracer, which writes on for a moment after its server died.
async fn whole(log: &Path, is_there: impl Fn(&[Call]) -> bool) -> Vec<Call> {
    let ended = async {
        let mut length = 0;
        loop {
            let now = std::fs::metadata(log).unwrap().len();
            if now == length && is_there(&read(log)) {
                return read(log);
            }
            length = now;
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(DEADLINE, ended).await.expect("the trace ends")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_is_synced_with_its_name_before_it_is_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("trace");
    let Some(wrapper) = tracer(&["-e", CALLS], &log) else {
        return skipped("an_upload_is_synced_with_its_name", "strace does not work");
    };
    let mut scene = Scene::new(&wrapper, &folder.path().join("data")).await;
    let path = "/api/uploads?name=a.txt";
    let sent = scene.ada.send(Method::POST, path, "text/plain", vec![7; 100_000]).await;
    assert_eq!(sent.status, 201, "{}", sent.text());
    let id = sent.json()["id"].as_str().unwrap().to_owned();
    scene.server.kill();
    let answered =
        |calls: &[Call]| calls.iter().any(|call| call.sends() && call.args.contains(&id));
    let calls = whole(&log, answered).await;
    let told = first(&calls, |call| call.sends() && call.args.contains(&id)).unwrap();
    let written = calls.iter().filter(|call| call.writes_to(&format!("{id}.part")));
    let written = written.map(|call| call.ended).max().expect("its bytes were written");
    let bytes = first(&calls, |call| call.syncs(&format!("{id}.part")) && call.began > written);
    let bytes = bytes.expect("its bytes are synced").ended;
    let moved = |call: &Call| call.name.starts_with("rename") && call.args.contains(&id);
    let moved = first(&calls, |call| moved(call) && call.began > bytes);
    let moved = moved.expect("it is moved to its place after that").ended;
    let shelf = format!("files/{}", &id[..2]);
    let named = first(&calls, |call| call.syncs(&shelf) && call.began > moved);
    let named = named.expect("its name is synced").ended;
    let noted = first(&calls, |call| call.syncs(LOG) && call.began > named);
    assert!(noted.expect("its row is synced").ended < told.began, "and only then is it answered");
}

/// Syncs, or writes, fail for a while. Senders are told so, nobody hears of what is not stored,
/// everything works again afterwards, and what was acknowledged survives.
async fn fails_for_a_while(test: &str, fault: &str) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let Some(wrapper) = tracer(&["-e", fault], &folder.path().join("trace")) else {
        return skipped(test, "strace does not work");
    };
    // The faults are counted for each thread, so the database is made before, without faults.
    Binary::start(&data).stop().await;
    let mut scene = Scene::new(&wrapper, &data).await;
    let mut refused = 0;
    for n in 1..=30 {
        let key = format!("00000000-0000-4000-8000-0000000000{n:02}");
        let body = json!({ "text": format!("message {n} {}", "x".repeat(2_000)), "key": key });
        // A client tries again under the same key.
        while {
            let reply = scene.post(&body).await;
            assert!(matches!(reply.status, 201 | 507), "{}", reply.text());
            reply.status != 201
        } {
            refused += 1;
            assert!(refused < 200, "it never works again");
        }
        let heard = scene.window.event("message").await;
        assert_eq!(heard["message"]["number"], json!(n), "the next, and nothing else");
    }
    assert!(refused > 0, "the fault was met");
    scene.server.kill();
    let server = Binary::start(&data);
    scene.ada.address = server.address;
    let path = format!("/api/channels/{}/changes?since=0", scene.channel);
    let stored = scene.ada.get(&path).await.json()["messages"].as_array().unwrap().len();
    assert_eq!(stored, 30);
    server.stop().await;
    let outcome = chinwag::care::check(&data, chinwag::care::Depth::Whole).unwrap();
    assert!(outcome.is_sound(), "{:?}", outcome.findings);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_that_fails_is_not_believed() {
    // The 8th to 12th call of each thread fails; only the thread of the store makes as many.
    fails_for_a_while("a_sync_that_fails", "inject=fdatasync:error=EIO:when=8..12").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_becomes_read_only_is_said() {
    fails_for_a_while("a_read_only_disk", "inject=pwrite64:error=EROFS:when=60..75").await;
}
