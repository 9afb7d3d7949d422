//! A thread that everything goes through dies: the process ends and says why, so that a supervisor
//! starts it again. The system call that the thread lives by is made to fail in the real binary.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::app::DEADLINE;
use crate::binary::Binary;
use crate::client::Client;
use crate::disk::{skipped, trace};
use crate::socket::Socket;

/// The id of the thread with that name.
fn thread(process: u32, name: &str) -> u32 {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let named = |id: &u32| {
        fs::read_to_string(format!("/proc/{process}/task/{id}/comm"))
            .is_ok_and(|n| n.trim() == name)
    };
    let ids = tasks.flatten().filter_map(|task| task.file_name().to_str()?.parse().ok());
    ids.into_iter().find(named).unwrap_or_else(|| panic!("no thread {name}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shard_whose_poll_fails_ends_the_process() {
    let folder = tempfile::tempdir().unwrap();
    if trace::tracer(&[], &folder.path().join("probe")).is_none() {
        return skipped("a_shard_whose_poll_fails_ends_the_process", "no strace");
    }
    let data = folder.path().join("data");
    let log = folder.path().join("log");
    let mut command = Binary::command(&data);
    command.args(["--shards", "1"]);
    command.stderr(fs::File::create(&log).unwrap());
    let mut server = Binary::spawn(command);
    let mut ada = Client::new(server.address);
    assert_eq!(ada.post("/api/session", &json!({ "name": "Ada" })).await.status, 201);
    assert_eq!(ada.post("/api/channels", &json!({ "name": "general" })).await.status, 201);
    let kept = json!({ "text": "kept" });
    assert_eq!(ada.post("/api/channels/1/messages", &kept).await.status, 201);
    let mut window = Socket::open(&ada).await;
    window.connect("/app", None).await.unwrap();

    let shard = thread(server.child.id(), "socketio-0").to_string();
    let mut tracer = Command::new("strace")
        .args(["-p", &shard, "-e", "trace=epoll_wait,epoll_pwait"])
        .args(["-e", "inject=epoll_wait,epoll_pwait:error=EBADF", "-o", "/dev/null"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The shard is woken by what it has to tell, until a poll of it failed.
    let said = async {
        for number in 0.. {
            let body = json!({ "text": number.to_string() }).to_string();
            let (path, kind) = ("/api/channels/1/messages", "application/json");
            if ada.exchange(hyper::Method::POST, path, kind, body.into()).await.is_err() {
                return;
            }
        }
    };
    tokio::time::timeout(DEADLINE, said).await.expect("it ends in time");
    let ended = tokio::task::spawn_blocking(move || server.child.wait().unwrap());
    let status = tokio::time::timeout(DEADLINE, ended).await.expect("it ends in time").unwrap();
    assert!(!status.success(), "a supervisor starts again what failed: {status}");
    let _ = tracer.kill();
    let _ = tracer.wait();
    let logged = fs::read_to_string(&log).unwrap();
    assert!(logged.contains("a thread that owns sockets died"), "{logged}");

    // What was acknowledged is there.
    let again = Binary::start(&data);
    ada.address = again.address;
    let newest = ada.get("/api/channels/1/messages?limit=1").await.json();
    assert!(newest["messages"][0]["number"].as_i64().is_some(), "{newest}");
    again.stop().await;
}
