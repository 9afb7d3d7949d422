//! Shutdown: what is queued arrives, every client is told, no new one is let in, and it ends in time.

use socketio::DisconnectReason;

use crate::client::{Poller, SOCKET, WebSocket, read_reply, request, soon};
use crate::host::{DEADLINE, TestServer};

#[tokio::test]
async fn a_close_tells_everybody_and_ends_in_time() {
    let server = TestServer::start().await;
    let mut socket = WebSocket::in_rooms(&server, &["c"]).await;
    let poller = Poller::connect(&server).await;
    let poll = poller.begin_poll().await;
    let silent = WebSocket::connect(&server).await;
    server.emit("c", "last", &["1"]);
    let close = server.server.close(DisconnectReason::Shutdown);
    let read = async {
        assert_eq!(socket.text().await, r#"42["last",1]"#);
        assert_eq!(socket.closed().await, Some(1001));
        drop(socket);
    };
    let (closed, ()) = tokio::join!(tokio::time::timeout(DEADLINE, close), read);
    closed.expect("the end in time");
    let reply = read_reply(poll).await;
    assert!(matches!((reply.status, reply.body.as_str()), (200, "1") | (400 | 503, _)));
    let log = server.host.log.lines();
    let ends = log.iter().filter(|line| *line == "disconnect / server stops").count();
    assert_eq!(ends, 3, "{log:?}");
    drop(silent);
    let target = format!("{SOCKET}?EIO=4&transport=polling");
    assert_eq!(request(&server, "GET", &target, b"").await.status, 503);
    // A second close has nothing left to do.
    soon("the second close", server.server.close(DisconnectReason::Shutdown)).await;
}

#[tokio::test]
async fn a_close_waits_for_the_handlers() {
    let server = TestServer::start().await;
    let mut socket = WebSocket::connect(&server).await;
    socket.send(r#"42["slow","x"]"#).await;
    server.host.log.until(|log| log.contains(&"slow x".to_owned())).await;
    let release = async {
        assert_eq!(socket.closed().await, Some(1001));
        drop(socket);
        server.host.gate.add_permits(1);
    };
    let close = server.server.close(DisconnectReason::Shutdown);
    soon("the close", async { tokio::join!(close, release) }).await;
    assert!(server.host.log.lines().contains(&"disconnect / server stops".to_owned()));
}
