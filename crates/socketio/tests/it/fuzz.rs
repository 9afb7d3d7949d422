//! Arbitrary bytes for every parser, and for a running server.

#[cfg(feature = "fuzzing")]
mod parsers {
    use proptest::prelude::*;
    use socketio::fuzzing;

    proptest! {
        #[test]
        fn no_bytes_make_a_parser_panic(data in prop::collection::vec(any::<u8>(), 0..2_000)) {
            fuzzing::frames(&data);
            fuzzing::handshake(&data);
            fuzzing::engine_packet(&data);
            fuzzing::socket_packet(&data);
            fuzzing::polling_payload(&data);
        }

        #[test]
        fn no_near_packet_makes_a_parser_panic(text in r#"[0-6b]{0,2}[0-9]{0,22}-?(/[a-z?,]{0,5})?[0-9]{0,22}[\[\]{}",é]{0,9}"#) {
            fuzzing::engine_packet(text.as_bytes());
            fuzzing::socket_packet(text.as_bytes());
            fuzzing::polling_payload(text.as_bytes());
        }
    }
}

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

use crate::client::{SOCKET, WebSocket, frame};
use crate::host::TestServer;

/// Bytes, some of them wrapped in valid frames.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let payload = prop::collection::vec(any::<u8>(), 0..200);
    let piece = (any::<bool>(), any::<u8>(), payload)
        .prop_map(|(framed, first, payload)| if framed { frame(first, &payload) } else { payload });
    prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

#[tokio::test]
async fn no_bytes_harm_another_connection() {
    let server = TestServer::start().await;
    let mut witness = WebSocket::connect(&server).await;
    let mut runner = TestRunner::new(Config::default());
    for _ in 0..200 {
        let bytes = noise().new_tree(&mut runner).expect("a value").current();
        let mut socket = WebSocket::open(&server, SOCKET).await;
        socket.send_raw(&bytes).await;
        drop(socket);
        witness.send(r#"42["message",1]"#).await;
        assert_eq!(witness.text().await, r#"42["message-back",1]"#, "{bytes:?}");
    }
}
