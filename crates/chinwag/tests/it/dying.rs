//! A thread or a task that everything goes through dies: the process ends and says why, so that a
//! supervisor starts it again. What a thread asks the system for is made to fail in the real binary;
//! a task is made to panic by the clock that it waits on.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use chinwag::StartError;
use chinwag::clock::{Clock, Pause, SystemClock};
use chinwag::model::time::{Timestamp, Uptime};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::app::{DEADLINE, config};
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

/// Refuses the time to the thread that writes, once for the file `NO_CLOCK`: Rust's `Instant` then
/// panics, in the writer itself and outside of every command.
const NO_CLOCK: &str = r#"
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *time) {
    char thread[16] = "";
    prctl(PR_GET_NAME, thread);
    int writes = strcmp(thread, "chinwag-store") == 0;
    if (writes && clock == CLOCK_MONOTONIC && unlink(NO_CLOCK) == 0) {
        errno = EPERM;
        return -1;
    }
    return syscall(SYS_clock_gettime, clock, time);
}
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_writer_that_panics_ends_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("clock.c"), NO_CLOCK).unwrap();
    let flag = format!("-DNO_CLOCK=\"{}\"", path("no-clock").display());
    let made = Command::new("cc")
        .args(["-shared", "-fPIC", &flag, "-o"])
        .args([path("clock.so"), path("clock.c")])
        .status();
    assert!(made.is_ok_and(|status| status.success()), "a C compiler, which SQLite needs too");

    let mut command = Binary::command(&path("data"));
    command.env("LD_PRELOAD", path("clock.so"));
    command.stderr(fs::File::create(path("log")).unwrap());
    let mut server = Binary::spawn(command);
    let mut ada = Client::new(server.address);
    assert_eq!(ada.post("/api/session", &json!({ "name": "Ada" })).await.status, 201);
    assert_eq!(ada.post("/api/channels", &json!({ "name": "general" })).await.status, 201);
    let kept = json!({ "text": "kept" });
    assert_eq!(ada.post("/api/channels/1/messages", &kept).await.status, 201);
    assert_eq!(ada.get("/healthz").await.text(), "ok\n");

    fs::write(path("no-clock"), "").unwrap();
    let (posts, kind) = ("/api/channels/1/messages", "application/json");
    let lost = json!({ "text": "lost" }).to_string();
    let answer = ada.exchange(hyper::Method::POST, posts, kind, lost.into()).await;
    assert!(answer.is_err() || answer.is_ok_and(|reply| reply.status >= 500), "it was not kept");
    let ended = tokio::task::spawn_blocking(move || server.child.wait().unwrap());
    let status = tokio::time::timeout(DEADLINE, ended).await.expect("it ends in time").unwrap();
    assert_eq!(status.code(), Some(1), "a supervisor starts again what failed: {status}");
    let asked = ada.exchange(hyper::Method::GET, "/healthz", kind, Vec::new()).await;
    assert!(asked.is_err(), "nobody answers for it");
    let logged = fs::read_to_string(path("log")).unwrap();
    assert!(logged.contains("the writer panicked"), "{logged}");
    assert!(logged.contains("the store cannot go on, so the server ends"), "{logged}");

    let again = Binary::start(&path("data"));
    ada.address = again.address;
    let stored = ada.get("/api/channels/1/messages").await.json();
    assert_eq!(stored["messages"][0]["text"], "kept", "{stored}");
    assert_eq!(stored["messages"].as_array().map(Vec::len), Some(1), "{stored}");
    again.stop().await;
}

/// A clock whose pauses end in a panic when they are told to.
#[derive(Default)]
struct PanickingClock {
    now: Notify,
}

impl Clock for PanickingClock {
    fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    fn uptime(&self) -> Uptime {
        SystemClock.uptime()
    }

    fn pause(&self, _time: Duration) -> Pause<'_> {
        Box::pin(async {
            self.now.notified().await;
            panic!("a defect of the task that waits")
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_that_panics_ends_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut ada = Client::new(listener.local_addr().unwrap());
    let clock = Arc::new(PanickingClock::default());
    let run = chinwag::run_by(
        Arc::clone(&clock) as Arc<dyn Clock>,
        config(folder.path().join("data"), &[]),
        listener,
        |_first| {},
        std::future::pending(),
    );
    let server = tokio::spawn(run);
    // It answers as long as the sweeper waits for its next turn.
    assert_eq!(ada.post("/api/session", &json!({ "name": "Ada" })).await.status, 201);
    assert!(!server.is_finished());
    clock.now.notify_one();
    let ended = tokio::time::timeout(DEADLINE, server).await.expect("it ends in time").unwrap();
    // Whichever of the tasks that wait was told to.
    let waits = ["remove what is old", "end visits", "forget what was deleted"];
    assert!(matches!(ended, Err(StartError::TaskDied(task)) if waits.contains(&task)), "{ended:?}");
    let again = Binary::start(&folder.path().join("data"));
    ada.address = again.address;
    assert_eq!(ada.get("/api/me").await.status, 200, "what was answered is on disk");
    again.stop().await;
}
