//! Files: sent at one go, given to those who may read them, and never as something that runs.

use hyper::Method;
use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::client::Reply;
use crate::picture_files::{bomb, photo};

impl User {
    pub async fn upload(&mut self, name: &str, media_type: &str, bytes: Vec<u8>) -> Reply {
        let name = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
        let path = format!("/api/uploads?name={name}");
        self.client.send(Method::POST, &path, media_type, bytes).await
    }
}

pub fn address(file: &Value) -> String {
    format!("/files/{}/x", file["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_file_reaches_those_who_may_read_the_channel() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    grace.join(channel).await;
    let mut window = grace.listen().await;
    let bytes = b"PK\x03\x04 a table".to_vec();
    let sent = ada.upload("码头用语对照表.xlsx", "application/vnd.ms-excel", bytes.clone()).await;
    assert_eq!(sent.status, 201, "{}", sent.text());
    let file = sent.json();
    assert_eq!(
        (&file["name"], &file["size"]),
        (&json!("码头用语对照表.xlsx"), &json!(bytes.len()))
    );
    assert_eq!(grace.client.get(&address(&file)).await.status, 404, "not before it is said");

    let body = json!({ "text": "", "attachments": [file["id"]] });
    assert_eq!(ada.post(channel, &body).await.status, 201);
    assert_eq!(window.event("message").await["message"]["attachments"], json!([file]));
    let got = grace.client.get(&address(&file)).await;
    assert_eq!((got.status, got.body.as_ref()), (200, bytes.as_slice()));
    assert_eq!(got.header("content-type"), "application/octet-stream");
    assert!(got.header("content-disposition").starts_with("attachment; filename*=UTF-8''"));
    assert_eq!(got.header("x-content-type-options"), "nosniff");
    assert!(got.header("content-security-policy").contains("sandbox"));
    assert_eq!(app.browser().get(&address(&file)).await.status, 401);
    assert_eq!(ada.post(channel, &body).await.code(), "not_found", "a file is in one message");
}

#[tokio::test]
async fn parts_and_unchanged_copies_are_served() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let file = ada.upload("a.txt", "text/plain", b"0123456789".to_vec()).await.json();
    ada.client.headers = vec![("range", "bytes=2-5".into())];
    let part = ada.client.get(&address(&file)).await;
    assert_eq!((part.status, part.body.as_ref()), (206, b"2345".as_slice()));
    assert_eq!(part.header("content-range"), "bytes 2-5/10");
    ada.client.headers = vec![("range", "bytes=50-".into())];
    assert_eq!(ada.client.get(&address(&file)).await.status, 416);
    let etag = part.header("etag").to_owned();
    ada.client.headers = vec![("if-none-match", etag)];
    let same = ada.client.get(&address(&file)).await;
    assert_eq!((same.status, same.body.len()), (304, 0));
}

#[tokio::test]
async fn pictures_get_thumbnails_and_bombs_do_without() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let file = ada.upload("pier.txt", "text/plain", photo(1600, 800)).await.json();
    assert_eq!((&file["type"], &file["thumbnail"]), (&json!("image/png"), &json!(true)));
    assert_eq!((&file["width"], &file["height"]), (&json!(1600), &json!(800)));
    let shown = ada.client.get(&address(&file)).await;
    assert_eq!(shown.header("content-type"), "image/png");
    assert!(shown.header("content-disposition").starts_with("inline"));
    let thumbnail = ada.client.get(&format!("/thumbnails/{}", file["id"].as_str().unwrap())).await;
    let small = image::load_from_memory(&thumbnail.body).unwrap();
    assert_eq!((small.width(), small.height()), (640, 320));

    let bomb = ada.upload("bomb.png", "image/png", bomb()).await;
    assert_eq!((bomb.status, &bomb.json()["thumbnail"]), (201, &json!(false)), "it is only kept");
    assert_eq!(
        (&bomb.json()["type"], &bomb.json()["width"]),
        (&json!("image/png"), &json!(100_000))
    );
    let broken = ada.upload("broken.png", "image/png", photo(9, 9)[..40].to_vec()).await;
    assert_eq!((broken.status, &broken.json()["thumbnail"]), (201, &json!(false)), "a plain file");
}

#[tokio::test]
async fn what_is_too_large_or_nothing_is_refused_and_leaves_nothing_behind() {
    let app = TestApp::start_with(&["--upload-limit-mb", "1", "--limit-uploads", "4"]).await;
    let mut ada = app.user("Ada").await;
    let big = ada.upload("big.bin", "", vec![7; 1024 * 1024 + 1]).await;
    assert_eq!((big.status, big.code()), (413, "too_large".into()));
    assert_eq!(ada.upload("empty.bin", "", Vec::new()).await.code(), "empty_file");
    assert_eq!(ada.upload("/", "", vec![1]).await.code(), "invalid");
    assert_eq!(ada.upload("ok.bin", "", vec![7; 1024 * 1024]).await.status, 201);
    for _ in 0..2 {
        ada.upload("ok.bin", "", vec![7]).await;
    }
    assert_eq!(ada.upload("ok.bin", "", vec![7]).await.code(), "too_many");
    let left = std::fs::read_dir(app.data().join("files/incoming")).unwrap().count();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn deleting_a_message_deletes_its_files() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    let file = ada.upload("a.txt", "text/plain", b"secret".to_vec()).await.json();
    let spare = ada.upload("b.txt", "text/plain", b"spare".to_vec()).await.json();
    ada.post(channel, &json!({ "text": "x", "attachments": [file["id"]] })).await;
    let upload = |file: &Value| format!("/api/uploads/{}", file["id"].as_str().unwrap());
    assert_eq!(ada.client.delete(&upload(&file)).await.code(), "not_found", "in a message now");
    assert_eq!(grace.client.delete(&upload(&spare)).await.code(), "not_found", "another person's");
    assert_eq!(ada.client.delete(&upload(&spare)).await.status, 204);
    ada.client.delete(&format!("/api/channels/{channel}/messages/1")).await;
    assert_eq!(ada.client.get(&address(&file)).await.status, 404);
    let folder = &file["id"].as_str().unwrap()[..2];
    let left = std::fs::read_dir(app.data().join("files").join(folder)).unwrap().count();
    assert_eq!(left, 0, "the bytes are gone too");
}
