//! Every socket is an open file. The server raises its own limit, and says when it may not.

use std::fs;

use serde_json::json;

use crate::app::DEADLINE;
use crate::binary::Binary;
use crate::client::Client;

/// The server's log and the number of files that it may open, when it is started under limits of
/// the shell.
async fn started(ulimit: &str) -> (String, u64) {
    let folder = tempfile::tempdir().unwrap();
    let script = format!("ulimit {ulimit} && exec \"$0\" \"$@\"");
    let shell = ["sh".to_owned(), "-c".to_owned(), script];
    let log = folder.path().join("log");
    let mut command = Binary::command_under(&shell, &folder.path().join("data"));
    command.stderr(fs::File::create(&log).unwrap());
    let server = Binary::spawn(command);
    let limits = fs::read_to_string(format!("/proc/{}/limits", server.child.id())).unwrap();
    let files = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let soft = files.split_whitespace().nth(3).unwrap().parse().unwrap();
    server.stop().await;
    (fs::read_to_string(log).unwrap(), soft)
}

#[tokio::test]
async fn the_limit_is_raised_as_far_as_the_system_allows() {
    // As usual: few files for a program that does not ask, many for one that does.
    let (log, files) = started("-Sn 1024 && ulimit -Hn 15000").await;
    assert_eq!(files, 15_000);
    assert!(!log.contains("open files"), "{log}");
}

#[tokio::test]
async fn too_low_a_limit_is_said_with_what_to_do() {
    let (log, files) = started("-n 5000").await;
    assert_eq!(files, 5_000);
    assert!(log.contains("about 3000 people can be connected"), "{log}");
    assert!(log.contains("ulimit -n"), "{log}");
}

/// Connections alone must not use up the files that the database and uploads need.
#[tokio::test]
async fn connections_leave_files_for_everything_else() {
    rlimit::increase_nofile_limit(4_096).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let script = "ulimit -n 400 && exec \"$0\" \"$@\"".to_owned();
    let shell = ["sh".to_owned(), "-c".to_owned(), script];
    let mut server = Binary::spawn(Binary::command_under(&shell, folder.path()));
    let mut ada = Client::new(server.address);
    assert_eq!(ada.post("/api/session", &json!({ "name": "Ada" })).await.status, 201);
    let mut idle = Vec::new();
    for _ in 0..500 {
        idle.push(tokio::net::TcpStream::connect(server.address).await.unwrap());
    }
    let sent = async {
        loop {
            let path = "/api/uploads?name=x";
            // It is refused as long as the connections before it have not waited for long.
            match ada.exchange(hyper::Method::POST, path, "", vec![7; 100]).await {
                Ok(reply) => return reply,
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
            }
        }
    };
    let reply = tokio::time::timeout(DEADLINE, sent).await.expect("a place in time");
    assert_eq!(reply.status, 201, "{}", reply.text());
    let file = format!("/files/{}/x", reply.json()["id"].as_str().unwrap());
    assert_eq!(ada.get(&file).await.body.len(), 100);
    server.kill();
}
