//! A full disk. The test makes a small file system in a namespace of its own, so that it needs no
//! privileges. People who send are told; everybody else goes on; it works again when there is room.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use hyper::Method;
use serde_json::json;

use super::skipped;
use crate::binary::Binary;
use crate::client::Client;
use crate::socket::Socket;

/// A file system of a few megabytes that lives as long as this does.
struct SmallDisk {
    holder: Child,
    folder: tempfile::TempDir,
}

impl SmallDisk {
    /// `None` where no namespace can be had.
    fn new(megabytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let script =
            format!("mount -t tmpfs -o size={megabytes}m chinwag \"$0\" && echo there && read _");
        let mut holder = Command::new("unshare")
            .args(["-Urm", "sh", "-c", &script])
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let mut line = String::new();
        BufReader::new(holder.stdout.take()?).read_line(&mut line).ok()?;
        let disk = Self { holder, folder };
        (line == "there\n").then_some(disk)
    }

    /// What to put before a command that is to see the disk.
    fn inside(&self) -> Vec<String> {
        let pid = self.holder.id().to_string();
        let words = ["nsenter", "-t", &pid, "-U", "-m", "--preserve-credentials", "--"];
        words.map(str::to_owned).into()
    }

    /// Its folder, as the server knows it.
    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The same folder, seen from here.
    fn seen(&self, name: &str) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.holder.id()));
        root.join(self.folder.path().strip_prefix("/").unwrap()).join(name)
    }

    /// A server on it, whose log goes to a file of ours.
    fn start(&self, log: &Path) -> Binary {
        let mut command = Binary::command_under(&self.inside(), &self.data());
        // The whole disk is smaller than what uploads leave free by default.
        command.args(["--disk-floor-mb", "0"]);
        command.stderr(fs::OpenOptions::new().create(true).append(true).open(log).unwrap());
        Binary::spawn(command)
    }

    fn run(&self, script: &str) {
        let inside = self.inside();
        let mut command = Command::new(&inside[0]);
        let run = command.args(&inside[1..]).args(["sh", "-c", script]).arg(self.data());
        assert!(run.status().unwrap().success(), "{script}");
    }

    /// What `chinwag check` says of it.
    fn check(&self) -> String {
        let inside = self.inside();
        let mut command = Command::new(&inside[0]);
        command.args(&inside[1..]).arg(env!("CARGO_BIN_EXE_chinwag")).arg("check");
        let output = command.arg("--data").arg(self.data()).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Fills the disk until no byte is free.
    fn fill(&self) {
        let mut file = fs::File::create(self.seen("filler")).unwrap();
        for size in [65_536, 4_096, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    }

    fn make_room(&self) {
        fs::remove_file(self.seen("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

const NO_NAMESPACE: &str = "neither root nor unprivileged user namespaces";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_sends_and_nothing_else() {
    let Some(disk) = SmallDisk::new(12) else {
        return skipped("a_full_disk_refuses_sends_and_nothing_else", NO_NAMESPACE);
    };
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut server = disk.start(&log);
    let mut ada = Client::new(server.address);
    assert_eq!(ada.post("/api/session", &json!({ "name": "Ada" })).await.status, 201);
    let made = ada.post("/api/channels", &json!({ "name": "general" })).await.json();
    let posts = format!("/api/channels/{}/messages", made["id"]);
    assert_eq!(ada.post("/api/channels", &json!({ "name": "random" })).await.status, 201);
    // Two people who leave while it is full.
    let mut leavers = [Client::new(server.address), Client::new(server.address)];
    for (leaver, name) in leavers.iter_mut().zip(["Grace", "Rain"]) {
        assert_eq!(leaver.post("/api/session", &json!({ "name": name })).await.status, 201);
    }
    let token = ada.post("/api/me/tokens", &json!({ "name": "bot" })).await.json();
    let mut window = Socket::open(&ada).await;
    window.connect("/app", None).await.unwrap();
    window.connect("/", None).await.unwrap();

    disk.fill();
    let mut acknowledged = 0;
    let body = |n: i64| json!({ "text": format!("{n} {}", "lorem ipsum ".repeat(200)) });
    let refused = loop {
        let reply = ada.post(&posts, &body(acknowledged)).await;
        if reply.status != 201 {
            break reply;
        }
        acknowledged += 1;
        assert!(acknowledged < 10_000, "a full disk takes everything");
        window.event("message").await;
    };
    assert_eq!((refused.status, refused.code()), (507, "storage_full".into()));
    assert!(refused.text().contains("disk is full"), "{}", refused.text());
    ada.headers = vec![("accept-language", "zh".into())];
    let refused = ada.post(&posts, &body(0)).await;
    assert!(refused.text().contains("磁盘已满"), "{}", refused.text());
    ada.headers.clear();
    let path = "/api/uploads?name=a.bin";
    let refused = ada.send(Method::POST, path, "", vec![7; 100_000]).await;
    assert_eq!((refused.status, refused.code()), (507, "storage_full".into()));

    // People who read go on, and so do those who come back with a session.
    assert_eq!(ada.get(&format!("{posts}?limit=5")).await.status, 200);
    assert_eq!(ada.get("/api/me").await.status, 200);
    // A channel that she did not visit last, and a bot that was never here: both would be noted.
    for path in ["/api/state?channel=random", "/api/state?channel=general"] {
        assert_eq!(ada.get(path).await.status, 200);
    }
    let mut bot = Client::new(server.address);
    bot.headers = vec![("authorization", format!("Bearer {}", token["token"].as_str().unwrap()))];
    assert_eq!(bot.get("/api/me").await.status, 200);
    assert_eq!(window.ask("/", "are we there", json!({})).await["ok"], false, "it answers");
    let mut other = Socket::open(&ada).await;
    other.connect("/app", None).await.unwrap();
    assert_eq!(other.event("heads").await["heads"].as_array().map(Vec::len), Some(2));
    // The browser forgets its session even where the server cannot end it, and the person is told.
    let [by_app, by_page] = &mut leavers;
    let reply = by_app.delete("/api/session").await;
    assert!(reply.status == 204 || reply.code() == "storage_full", "{}", reply.text());
    assert_eq!(by_app.cookie_name("session"), None);
    let reply = by_page.get("/logout").await;
    assert_eq!(reply.header("location"), "/login", "{}", reply.text());
    assert_eq!(by_page.cookie_name("session"), None);
    assert!(by_page.get("/login").await.text().contains("You have logged out"));
    let logged = fs::read_to_string(&log).unwrap();
    assert!(logged.contains("the disk takes no more"), "{logged}");

    disk.make_room();
    for n in 0..20 {
        let reply = ada.post(&posts, &body(n)).await;
        assert_eq!(reply.status, 201, "there is room again: {}", reply.text());
        acknowledged += 1;
        let heard = window.event("message").await;
        assert_eq!(heard["message"]["number"], json!(acknowledged), "no number was lost");
    }
    assert_eq!(ada.send(Method::POST, path, "", vec![7; 100_000]).await.status, 201);
    server.kill();
    let server = disk.start(&log);
    ada.address = server.address;
    let newest = ada.get(&format!("{posts}?limit=1")).await.json();
    assert_eq!(newest["messages"][0]["number"], json!(acknowledged));
    server.stop().await;
    let said = disk.check();
    assert!(said.contains("Nothing is wrong."), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_only_folder_is_said() {
    let Some(disk) = SmallDisk::new(16) else {
        return skipped("a_read_only_folder_is_said", NO_NAMESPACE);
    };
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let server = disk.start(&log);
    let mut ada = Client::new(server.address);
    assert_eq!(ada.post("/api/session", &json!({ "name": "Ada" })).await.status, 201);
    server.stop().await;

    // The files alone.
    disk.run("mount --bind \"$0/files\" \"$0/files\" && mount -o remount,ro,bind \"$0/files\"");
    let server = disk.start(&log);
    ada.address = server.address;
    let path = "/api/uploads?name=a.bin";
    let refused = ada.send(Method::POST, path, "", vec![7; 1_000]).await;
    assert_eq!((refused.status, refused.code()), (507, "storage_full".into()));
    let made = ada.post("/api/channels", &json!({ "name": "general" })).await;
    assert_eq!(made.status, 201, "what is not a file goes on");
    disk.run("mount -o remount,rw,bind \"$0/files\"");
    assert_eq!(ada.send(Method::POST, path, "", vec![7; 1_000]).await.status, 201);
    server.stop().await;

    // All of it: there is nothing to serve, and the start says why.
    disk.run("mount -o remount,ro \"$(dirname \"$0\")\"");
    let mut command = Binary::command_under(&disk.inside(), &disk.data());
    let output = command.stderr(Stdio::piped()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("cannot be used"), "{said}");
    assert!(said.contains("Read-only file system"), "{said}");
    assert!(disk.check().contains("Nothing is wrong."), "and it can still be looked at");
}

/// People can make room, or give a right up, when there is no room.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_makes_room_works_on_a_full_disk() {
    let Some(disk) = SmallDisk::new(12) else {
        return skipped("what_makes_room_works_on_a_full_disk", NO_NAMESPACE);
    };
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let server = disk.start(&log);
    let mut ada = Client::new(server.address);
    assert_eq!(ada.post("/api/session", &json!({ "name": "Ada" })).await.status, 201);
    let made = ada.post("/api/channels", &json!({ "name": "general" })).await.json();
    let channel = format!("/api/channels/{}", made["id"]);
    let posts = format!("{channel}/messages");
    let token = ada.post("/api/me/tokens", &json!({ "name": "bot" })).await.json();
    let mut other = ada.clone();
    assert_eq!(other.post("/api/session", &json!({ "name": "Ada" })).await.status, 201);
    let file = ada.send(Method::POST, "/api/uploads?name=a.bin", "", vec![7; 50_000]).await.json();
    let body = json!({ "text": "look", "attachments": [file["id"]] });
    assert_eq!(ada.post(&posts, &body).await.status, 201);

    disk.fill();
    let long = |n: i64| json!({ "text": format!("{n} {}", "lorem ipsum ".repeat(200)) });
    let mut newest = 1;
    while ada.post(&posts, &long(newest)).await.status == 201 {
        newest += 1;
        assert!(newest < 10_000, "a full disk takes everything");
    }
    // Far more than the ballast would hold if the log went on growing.
    for number in (1..=newest).rev() {
        let gone = ada.delete(&format!("{posts}/{number}")).await;
        assert!(gone.status < 300, "message {number} of {newest}: {}", gone.text());
    }
    let read = ada.put(&format!("{channel}/read"), &json!({ "number": newest })).await;
    assert!(read.status < 300 || read.status == 404, "{}", read.text());
    let revoked = ada.delete(&format!("/api/me/tokens/{}", token["id"])).await;
    assert_eq!(revoked.status, 204, "{}", revoked.text());
    let sessions = ada.get("/api/me/sessions").await.json();
    let sessions = sessions["sessions"].as_array().unwrap();
    let another = sessions.iter().find(|session| session["current"] == false).unwrap();
    let ended = ada.delete(&format!("/api/me/sessions/{}", another["id"])).await;
    assert_eq!(ended.status, 204, "{}", ended.text());
    let mut gone = ada.clone();
    assert_eq!(gone.delete("/api/session").await.status, 204, "logging out");
    assert_eq!(other.get("/api/me").await.status, 401, "that session is over");

    disk.make_room();
    assert_eq!(ada.post("/api/session", &json!({ "name": "Ada" })).await.status, 201);
    assert_eq!(ada.post(&posts, &long(0)).await.status, 201, "it goes on");
    server.stop().await;
    let said = disk.check();
    assert!(said.contains("Nothing is wrong."), "{said}");
}
