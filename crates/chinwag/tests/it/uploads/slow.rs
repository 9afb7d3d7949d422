//! Uploads that are so slow that they would hold a place for hours.

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::app::{DEADLINE, TestApp, User};
use crate::limits::{PROXY, too_many, user_at};

/// Begins to send a file of 10 MB, and waits until the server takes its bytes: then it has a place.
async fn begin(app: &TestApp, user: &User) -> TcpStream {
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let more = user.client.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
    let head = format!(
        "POST /api/uploads?name=x HTTP/1.1\r\nHost: x\r\n{}Cookie: {}\r\n\
         Expect: 100-continue\r\nContent-Length: 10000000\r\n\r\n",
        more.collect::<String>(),
        user.client.cookie_line()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    let read = tokio::time::timeout(DEADLINE, stream.read_exact(&mut go_on)).await;
    read.expect("an answer in time").unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream
}

/// Sends that many bytes every 50 ms, until there is an answer.
async fn dribble(mut stream: TcpStream, bytes: usize) -> String {
    let mut answer = Vec::new();
    let piece = vec![7; bytes];
    loop {
        let mut part = [0; 1_024];
        tokio::select! {
            read = stream.read(&mut part) => match read {
                Ok(length) if length > 0 => answer.extend_from_slice(&part[..length]),
                // The server hangs up on a body that it does not read.
                _ => return String::from_utf8_lossy(&answer).into_owned(),
            },
            () = tokio::time::sleep(std::time::Duration::from_millis(50)) => {
                let _ = stream.write_all(&piece).await;
            }
        }
    }
}

/// A sender brings several times the least of the first period in each one, and is ended all the
/// same.
#[tokio::test]
async fn the_least_that_has_to_come_rises() {
    let app = TestApp::start_with(&["--upload-stall-s", "1"]).await;
    let ada = app.user("Ada").await;
    let slow = begin(&app, &ada).await;
    let told = tokio::time::timeout(DEADLINE, dribble(slow, 1_000)).await.expect("an end in time");
    assert!(told.starts_with("HTTP/1.1 408") && told.contains("\"too_slow\""), "{told}");
}

/// All places are taken by slow files, and the next file gets a place all the same.
#[tokio::test]
async fn the_slowest_gives_way() {
    // Neither upload ends by itself meanwhile. One is slower than the other at any pace of the
    // machine.
    let settings = ["--limit-uploads-in-all", "2", "--upload-stall-s", "600"];
    let app = TestApp::start_with(&settings).await;
    let (ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let mut slow = Vec::new();
    for bytes in [4, 1_000] {
        slow.push(tokio::spawn(dribble(begin(&app, &ada).await, bytes)));
    }
    let path = "/api/uploads?name=y";
    let sent = async {
        loop {
            let reply = grace.client.send(hyper::Method::POST, path, "", vec![7; 100]).await;
            if reply.status == 201 {
                return;
            }
            // The others have not arrived for long enough to count as slow.
            let refused: Value = reply.json();
            assert_eq!((reply.status, &refused["code"]), (503, &"unavailable".into()), "{refused}");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(DEADLINE, sent).await.expect("a place in time");
    let told = slow.remove(0).await.unwrap();
    assert!(told.starts_with("HTTP/1.1 408"), "{told}");
    assert!(!slow[0].is_finished(), "only the slowest");
    slow[0].abort();
}

/// The addresses of one customer of an IPv6 network have the places of one address.
#[tokio::test]
async fn uploads_at_once_are_counted_for_each_block_of_addresses() {
    let app = TestApp::start_with(
        &[&PROXY[..], &["--limit-uploads-at-once-per-address", "1", "--upload-stall-s", "600"]]
            .concat(),
    )
    .await;
    let ada = user_at(&app, "Ada", "2001:db8:1:2::1").await;
    let held = begin(&app, &ada).await;
    let send = async |user: &mut User| {
        user.client.send(hyper::Method::POST, "/api/uploads?name=y", "", vec![7; 100]).await
    };
    let mut neighbour = user_at(&app, "Grace", "2001:db8:1:2:ffff::1").await;
    too_many(&send(&mut neighbour).await, 2);
    let mut next_door = user_at(&app, "Rain", "2001:db8:1:3::1").await;
    assert_eq!(send(&mut next_door).await.status, 201);
    drop(held);
    let free = async { while send(&mut neighbour).await.status != 201 {} };
    tokio::time::timeout(DEADLINE, free).await.expect("a place is free in time");
}
