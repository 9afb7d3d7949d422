//! `/healthz` asks the parts that every request depends on.

use serde_json::json;

use crate::app::DEADLINE;
use crate::binary::Binary;
use crate::client::Client;
use crate::disk::{skipped, trace};

/// A writer that hangs longer than anybody waits for it, because the disk does not answer.
#[tokio::test]
async fn a_writer_that_hangs_is_not_well() {
    let folder = tempfile::tempdir().unwrap();
    // The first syncs, which a start makes, still succeed.
    let slow = "inject=fdatasync:delay_enter=20000000:when=20..20";
    let options = ["-e", "trace=fdatasync", "-e", slow];
    let Some(tracer) = trace::tracer(&options, &folder.path().join("trace")) else {
        return skipped("a_writer_that_hangs_is_not_well", "no strace");
    };
    let data = folder.path().join("data");
    let mut server = Binary::spawn(Binary::command_under(&tracer, &data));
    let mut client = Client::new(server.address);
    assert_eq!(client.get("/healthz").await.text(), "ok\n");
    assert_eq!(client.post("/api/session", &json!({ "name": "Ada" })).await.status, 201);
    let writes = async {
        for topic in 0.. {
            let body = json!({ "name": format!("c{topic}") });
            let sent = client.exchange(
                hyper::Method::POST,
                "/api/channels",
                "application/json",
                body.to_string().into(),
            );
            if sent.await.is_err() {
                break;
            }
        }
    };
    let mut watcher = Client::new(server.address);
    let sick = async {
        loop {
            let reply = watcher.get("/healthz").await;
            if reply.status == 503 {
                return reply.text();
            }
        }
    };
    let told = tokio::select! {
        told = tokio::time::timeout(DEADLINE, sick) => told.expect("it is seen in time"),
        () = writes => panic!("the writes ended"),
    };
    assert_eq!(told, "the thread that writes does not answer\n");
    server.kill();
}

#[tokio::test]
async fn asking_often_is_answered_each_time() {
    let app = crate::app::TestApp::start().await;
    for _ in 0..50 {
        let reply = app.browser().get("/healthz").await;
        assert_eq!((reply.status, reply.text().as_str()), (200, "ok\n"));
    }
}
