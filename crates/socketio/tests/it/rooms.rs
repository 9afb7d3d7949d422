//! Rooms: who hears what, and in which order.

use socketio::{DisconnectMode, DisconnectReason, Frame, SocketId, Target};

use crate::client::{Message, Poller, WebSocket};
use crate::host::TestServer;

/// What a client hears up to an event `end` that is sent to everybody.
async fn heard(socket: &mut WebSocket) -> Vec<String> {
    let mut heard = Vec::new();
    loop {
        let text = socket.packet().await;
        if text == r#"42["end"]"# {
            return heard;
        }
        heard.push(text);
    }
}

async fn id_of(socket: &mut WebSocket) -> SocketId {
    socket.send(r#"42["id"]"#).await;
    let text = socket.packet().await;
    let id = text.trim_start_matches(r#"42["id",""#).trim_end_matches("\"]");
    id.parse().expect("an id")
}

#[tokio::test]
async fn everybody_a_room_one_and_all_but_some() {
    let server = TestServer::start().await;
    let mut ada = WebSocket::in_rooms(&server, &["c", "ada"]).await;
    let mut bob = WebSocket::in_rooms(&server, &["c", "quiet"]).await;
    let mut eve = WebSocket::in_rooms(&server, &[]).await;
    let (ada_id, bob_id) = (id_of(&mut ada).await, id_of(&mut bob).await);
    let all = || Target::namespace("/");
    let cases = [
        ("everyone", all()),
        ("room", all().room("c")),
        ("no such room", all().room("nowhere")),
        ("one", all().socket(ada_id)),
        ("one elsewhere", Target::namespace("/custom").socket(ada_id)),
        ("room but bob", all().room("c").except_socket(bob_id)),
        ("room but quiet", all().room("c").except_room("quiet")),
        ("everyone but c", all().except_room("c")),
        ("but ada and quiet", all().except_room("ada").except_room("quiet")),
        ("one but herself", all().socket(ada_id).except_socket(ada_id)),
        ("other namespace", Target::namespace("/custom")),
    ];
    let emitter = server.server.emitter();
    for (what, target) in cases {
        emitter.emit(&target, Frame::event("/", what, &[]));
    }
    emitter.emit(&all(), Frame::event("/", "end", &[]));
    let names = |names: &[&str]| -> Vec<String> {
        names.iter().map(|name| format!(r#"42["{name}"]"#)).collect()
    };
    let for_ada = ["everyone", "room", "one", "room but bob", "room but quiet"];
    assert_eq!(heard(&mut ada).await, names(&for_ada));
    assert_eq!(heard(&mut bob).await, names(&["everyone", "room"]));
    assert_eq!(heard(&mut eve).await, names(&["everyone", "everyone but c", "but ada and quiet"]));
}

#[tokio::test]
async fn a_leave_or_an_end_is_effective_before_a_later_emit() {
    let server = TestServer::start().await;
    let mut ada = WebSocket::in_rooms(&server, &["c", "ada"]).await;
    let mut bob = WebSocket::in_rooms(&server, &["c"]).await;
    let (emitter, all) = (server.server.emitter(), Target::namespace("/"));
    for round in 0..50 {
        server.emit("c", "both", &[&round.to_string()]);
        emitter.leave(&all.clone().room("ada"), "c");
        server.emit("c", "bob", &[&round.to_string()]);
        emitter.join(&all.clone().room("ada"), "c");
    }
    emitter.disconnect(
        &all.clone().room("ada"),
        DisconnectMode::Namespace,
        DisconnectReason::Host("gone"),
    );
    server.emit("c", "after", &[]);
    emitter.emit(&all, Frame::event("/", "end", &[]));
    let both = |round| format!(r#"42["both",{round}]"#);
    for round in 0..50 {
        assert_eq!(ada.packet().await, both(round));
    }
    assert_eq!(ada.packet().await, "41");
    assert!(ada.is_silent().await);
    for round in 0..50 {
        assert_eq!(bob.packet().await, both(round));
        assert_eq!(bob.packet().await, format!(r#"42["bob",{round}]"#));
    }
    assert_eq!(heard(&mut bob).await, [r#"42["after"]"#]);
    let log = server.host.log.until(|log| log.len() == 3).await;
    assert_eq!(log[2], "disconnect / gone");
}

#[tokio::test]
async fn what_one_thread_sends_arrives_in_that_order_over_any_transport_and_shard() {
    let config = socketio::Config { shards: 2, ..socketio::Config::default() };
    let server = TestServer::with(config).await;
    let mut sockets = Vec::new();
    for _ in 0..4 {
        sockets.push(WebSocket::in_rooms(&server, &["c", "d"]).await);
    }
    let poller = Poller::connect(&server).await;
    assert_eq!(poller.post(r#"42["join","c"]"#).await.status, 200);
    assert_eq!(poller.post(r#"42["join","d"]"#).await.status, 200);
    assert_eq!(poller.post(r#"42["message","joined"]"#).await.status, 200);
    assert!(poller.poll().await.body.contains("joined"));
    let expected: Vec<String> = (0..500).map(|n| format!(r#"42["n",{n}]"#)).collect();
    for n in 0..500 {
        server.emit(if n % 3 == 0 { "c" } else { "d" }, "n", &[&n.to_string()]);
    }
    for socket in &mut sockets {
        for packet in &expected {
            assert_eq!(&socket.packet().await, packet);
        }
    }
    let mut polled = Vec::new();
    while polled.len() < expected.len() {
        polled.extend(poller.poll().await.body.split('\u{1e}').map(str::to_owned));
    }
    assert_eq!(polled, expected);
}

#[tokio::test]
async fn attachments_reach_a_room_over_both_transports() {
    let server = TestServer::start().await;
    let mut ada = WebSocket::in_rooms(&server, &["c"]).await;
    let poller = Poller::connect(&server).await;
    assert_eq!(poller.post(r#"42["join","c"]"#).await.status, 200);
    ada.send(r#"451-["say","c",{"_placeholder":true,"num":0}]"#).await;
    ada.send_binary(&[1, 2, 3, 4]).await;
    let text = r#"451-["said","c",{"_placeholder":true,"num":0}]"#;
    assert_eq!(ada.packet().await, text);
    assert_eq!(ada.next().await, Message::Binary(vec![1, 2, 3, 4]));
    assert_eq!(poller.poll().await.body, format!("{text}\u{1e}bAQIDBA=="));
}
