//! How much of the disk files may take, those of one person and all of them, and what they leave
//! free.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::Method;
use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::client::Reply;

const KB: usize = 1024;

impl User {
    async fn send_file(&mut self, bytes: usize) -> Reply {
        let path = "/api/uploads?name=a.bin";
        self.client.send(Method::POST, path, "", vec![7; bytes]).await
    }

    /// Begins a file that comes in parts.
    async fn promise(&self, bytes: usize) -> Reply {
        let mut client = self.client.clone();
        let name = format!("filename {}", STANDARD.encode("b.bin"));
        client.headers = vec![
            ("tus-resumable", "1.0.0".to_owned()),
            ("upload-length", bytes.to_string()),
            ("upload-metadata", name),
        ];
        client.send(Method::POST, "/api/uploads/resumable", "", Vec::new()).await
    }
}

fn refused(reply: &Reply, status: u16, code: &str) {
    assert_eq!((reply.status, reply.code()), (status, code.to_owned()), "{}", reply.text());
}

#[tokio::test]
async fn one_person_has_a_share_and_gets_it_back() {
    let app = TestApp::start_with(&["--quota-person-mb", "1"]).await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    let first = ada.send_file(600 * KB).await;
    assert_eq!(first.status, 201);
    let body = json!({ "text": "", "attachments": [first.json()["id"]] });
    let said = ada.post(channel, &body).await.json();
    refused(&ada.send_file(600 * KB).await, 409, "quota_reached");
    refused(&ada.promise(600 * KB).await, 409, "quota_reached");
    let mut chinese = ada.client.clone();
    chinese.headers.push(("accept-language", "zh".into()));
    let path = "/api/uploads?name=a.bin";
    let told = chinese.send(Method::POST, path, "", vec![7; 600 * KB]).await;
    assert!(told.text().contains("您的文件已用满 1 MB"), "{}", told.text());
    assert_eq!(grace.send_file(600 * KB).await.status, 201, "another person has their own share");
    ada.say(channel, "messages go on").await;
    assert_eq!(ada.send_file(400 * KB).await.status, 201, "what fits");
    let number = &said["number"];
    let gone = ada.client.delete(&format!("/api/channels/{channel}/messages/{number}")).await;
    assert!(gone.status < 300, "{}", gone.text());
    assert_eq!(ada.send_file(600 * KB).await.status, 201, "there is room again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_begun_counts_before_it_is_there() {
    let app = TestApp::start_with(&["--quota-person-mb", "1"]).await;
    let mut ada = app.user("Ada").await;
    // They begin at the same time, and there is room for three.
    let begun = futures_util::future::join_all((0..12).map(|_| ada.promise(300 * KB))).await;
    assert_eq!(begun.iter().filter(|reply| reply.status == 201).count(), 3);
    let app = app.restart().await;
    ada.client.address = app.address;
    refused(&ada.send_file(300 * KB).await, 409, "quota_reached");
    let given_up = begun.iter().find(|reply| reply.status == 201).unwrap();
    let mut client = ada.client.clone();
    client.headers = vec![("tus-resumable", "1.0.0".to_owned())];
    let gone = client.send(Method::DELETE, given_up.header("location"), "", Vec::new()).await;
    assert_eq!(gone.status, 204);
    assert_eq!(ada.send_file(300 * KB).await.status, 201);
}

#[tokio::test]
async fn everybody_together_has_a_share() {
    let app = TestApp::start_with(&["--quota-mb", "1", "--quota-person-mb", "0"]).await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    assert_eq!(ada.send_file(600 * KB).await.status, 201);
    refused(&grace.send_file(600 * KB).await, 507, "storage_low");
    refused(&grace.promise(600 * KB).await, 507, "storage_low");
    assert_eq!(grace.send_file(300 * KB).await.status, 201);
}

#[tokio::test]
async fn the_rest_of_the_disk_is_for_messages() {
    // No disk has as much free.
    let app = TestApp::start_with(&["--disk-floor-mb", "4000000000"]).await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    refused(&ada.send_file(KB).await, 507, "storage_low");
    refused(&ada.promise(KB).await, 507, "storage_low");
    assert_ne!(ada.say(channel, "messages go on").await["number"], Value::Null);
    assert_eq!(std::fs::read_dir(app.data().join("files/incoming")).unwrap().count(), 0);
}
