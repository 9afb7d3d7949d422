//! Uploads in parts that must not be believed or taken: torn by a power cut, changed on the way, or
//! more than one person may begin.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::Method;
use serde_json::json;

use super::resumable::{ROOT, id_of, on_disk, tus};
use crate::app::TestApp;

/// After a power cut a file may have its old length and other bytes, so only synced bytes are
/// believed. When only the process died, all bytes are there.
#[tokio::test]
async fn a_torn_tail_is_not_believed_after_a_power_cut() {
    let mut app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let bytes: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
    let path = ada.begin("a.bin", bytes.len()).await;
    assert_eq!(ada.go_on(&path, 0, &bytes[..50_000]).await.status, 204);
    let broken = ada.dribble(app.address, &path, 50_000, 150_000, &bytes[50_000..120_000]).await;
    on_disk(&app, &path, 120_000).await;
    drop(broken);
    app.stop().await;
    let incoming = app.data().join("files/incoming");
    let note = incoming.join(format!("{}.json", id_of(&path)));
    let mut promise: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&note).unwrap()).unwrap();
    assert_eq!(promise["synced"], 50_000, "what was answered");
    promise["boot"] = json!("the run of the machine before");
    std::fs::write(&note, promise.to_string()).unwrap();
    // The length reached the disk, and the bytes did not.
    let part = incoming.join(format!("{}.part", id_of(&path)));
    let mut torn = bytes[..50_000].to_vec();
    torn.resize(120_000, 0);
    std::fs::write(&part, torn).unwrap();

    let app = app.restart().await;
    ada.client.address = app.address;
    assert_eq!(ada.head(&path).await.header("upload-offset"), "50000");
    assert_eq!(ada.go_on(&path, 50_000, &bytes[50_000..]).await.status, 204);
    let got = ada.client.get(&format!("/files/{}/x", id_of(&path))).await;
    assert!(got.body == bytes, "the same bytes");
}

#[tokio::test]
async fn bytes_that_do_not_fit_their_checksum_are_forgotten() {
    use sha2::Digest as _;
    let app = TestApp::start().await;
    let ada = app.user("Ada").await;
    let options = tus(&ada.client, Method::OPTIONS, ROOT, &[], b"").await;
    assert_eq!(options.header("tus-checksum-algorithm"), "sha1,sha256");
    let path = ada.begin("a.bin", 10).await;
    let send = async |offset: &str, checksum: &str, bytes: &[u8]| {
        let headers = [("upload-offset", offset), ("upload-checksum", checksum)];
        tus(&ada.client, Method::PATCH, &path, &headers, bytes).await
    };
    let sha1 = format!("sha1 {}", STANDARD.encode(sha1::Sha1::digest(b"01234")));
    let sha256 = format!("sha256 {}", STANDARD.encode(sha2::Sha256::digest(b"56789")));
    for odd in ["md5 AAAA", "sha1", "sha1 AAAA", "sha256 !!", ""] {
        assert_eq!(send("0", odd, b"01234").await.code(), "bad_request", "{odd}");
    }
    let refused = send("0", &sha1, b"01X34").await;
    assert_eq!((refused.status, refused.code()), (460, "checksum_mismatch".into()));
    assert_eq!(ada.head(&path).await.header("upload-offset"), "0");
    assert_eq!(send("0", &sha1, b"01234").await.header("upload-offset"), "5");
    assert_eq!(send("5", &sha256, b"5678X").await.status, 460, "also where it would be the last");
    assert_eq!(ada.head(&path).await.header("upload-offset"), "5");
    assert_eq!(send("5", &sha256, b"56789").await.header("upload-offset"), "10");
    let got = ada.client.clone().get(&format!("/files/{}/x", id_of(&path))).await;
    assert_eq!(got.body.as_ref(), b"0123456789");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_that_begin_at_once_no_more_get_in_than_may() {
    let app = TestApp::start_with(&["--limit-unfinished-uploads", "3"]).await;
    for round in 0..5 {
        let ada = app.user(&format!("Ada {round}")).await;
        let all = (0..30).map(|_| ada.try_begin("a", 10));
        let replies = futures_util::future::join_all(all).await;
        let begun = replies.iter().filter(|reply| reply.status == 201).count();
        assert_eq!(begun, 3, "round {round}");
        assert!(replies.iter().all(|reply| reply.status == 201 || reply.code() == "too_many_of"));
    }
}
