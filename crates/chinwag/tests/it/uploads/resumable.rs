//! Uploads in parts, which go on where they broke off (tus 1.0.0).

use std::net::SocketAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::app::{DEADLINE, TestApp, User};
use crate::client::{Client, Reply};

pub const ROOT: &str = "/api/uploads/resumable";
const OCTETS: &str = "application/offset+octet-stream";

/// Sends one request of the protocol.
pub async fn tus(
    client: &Client,
    method: Method,
    path: &str,
    headers: &[(&'static str, &str)],
    body: &[u8],
) -> Reply {
    let mut client = client.clone();
    client.headers.push(("tus-resumable", "1.0.0".to_owned()));
    client.headers.extend(headers.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let kind = if body.is_empty() && method != Method::PATCH { "" } else { OCTETS };
    client.send(method, path, kind, body.to_vec()).await
}

impl User {
    /// Begins an upload, and returns its address.
    pub async fn begin(&self, name: &str, length: usize) -> String {
        let reply = self.try_begin(name, length).await;
        assert_eq!(reply.status, 201, "{}", reply.text());
        assert_eq!(reply.header("tus-resumable"), "1.0.0");
        reply.header("location").to_owned()
    }

    pub async fn try_begin(&self, name: &str, length: usize) -> Reply {
        let metadata =
            format!("filename {},filetype {}", STANDARD.encode(name), "dGV4dC9wbGFpbg==");
        let headers =
            [("upload-length", &*length.to_string()), ("upload-metadata", metadata.as_str())];
        tus(&self.client, Method::POST, ROOT, &headers, b"").await
    }

    pub async fn go_on(&self, path: &str, offset: usize, bytes: &[u8]) -> Reply {
        let offset = offset.to_string();
        tus(&self.client, Method::PATCH, path, &[("upload-offset", &offset)], bytes).await
    }

    pub async fn head(&self, path: &str) -> Reply {
        tus(&self.client, Method::HEAD, path, &[], b"").await
    }

    /// Begins a PATCH by hand, which announces `announced` bytes and sends `bytes`.
    pub async fn dribble(
        &self,
        address: SocketAddr,
        path: &str,
        offset: usize,
        announced: usize,
        bytes: &[u8],
    ) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "PATCH {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: {}\r\nTus-Resumable: 1.0.0\r\n\
             Upload-Offset: {offset}\r\nContent-Type: {OCTETS}\r\nContent-Length: {announced}\r\n\r\n",
            self.client.cookie_line()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream
    }
}

/// Reads the head of an answer by hand.
async fn answer(mut stream: TcpStream) -> String {
    let mut text = String::new();
    let read = tokio::time::timeout(DEADLINE, stream.read_to_string(&mut text)).await;
    read.expect("an answer in time").unwrap();
    text
}

pub fn id_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

/// Waits until the server has that many bytes of an upload on its disk.
pub async fn on_disk(app: &TestApp, path: &str, bytes: u64) {
    let part = app.data().join("files/incoming").join(format!("{}.part", id_of(path)));
    let until = tokio::time::Instant::now() + DEADLINE;
    while std::fs::metadata(&part).map_or(0, |meta| meta.len()) < bytes {
        assert!(tokio::time::Instant::now() < until, "{bytes} bytes in time");
        tokio::task::yield_now().await;
    }
}

fn left(app: &TestApp) -> usize {
    std::fs::read_dir(app.data().join("files/incoming")).unwrap().count()
}

#[tokio::test]
async fn a_broken_upload_goes_on_after_a_restart() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let bytes: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
    let path = ada.begin("码头.bin", bytes.len()).await;
    assert_eq!(ada.head(&path).await.header("upload-offset"), "0");
    let reply = ada.go_on(&path, 0, &bytes[..50_000]).await;
    assert_eq!((reply.status, reply.header("upload-offset")), (204, "50000"));
    assert!(httpdate::parse_http_date(reply.header("upload-expires")).is_ok());

    // The line breaks in the middle of the next request, and what came stays.
    let broken = ada.dribble(app.address, &path, 50_000, 150_000, &bytes[50_000..120_000]).await;
    on_disk(&app, &path, 120_000).await;
    drop(broken);
    let app = app.restart().await;
    ada.client.address = app.address;
    let head = ada.head(&path).await;
    assert_eq!((head.status, head.header("upload-offset")), (200, "120000"));
    assert_eq!(
        (head.header("upload-length"), head.header("cache-control")),
        ("200000", "no-store")
    );
    assert!(head.header("upload-metadata").starts_with("filename "));

    let reply = ada.go_on(&path, 120_000, &bytes[120_000..]).await;
    assert_eq!((reply.status, reply.header("upload-offset")), (204, "200000"), "{}", reply.text());
    assert_eq!(ada.head(&path).await.header("upload-offset"), "200000", "also after the end");
    assert_eq!(left(&app), 0);
    let told = format!("/api/uploads/{}", id_of(&path));
    let file = ada.client.get(&told).await.json();
    assert_eq!((&file["name"], &file["size"]), (&json!("码头.bin"), &json!(200_000)));
    let posted = ada.post(channel, &json!({ "attachments": [file["id"]] })).await;
    assert_eq!((posted.status, &posted.json()["attachments"]), (201, &json!([file])));
    assert_eq!(ada.client.get(&told).await.json(), file, "also when it is in a message");
    let got = ada.client.get(&format!("/files/{}/x", id_of(&path))).await;
    assert!(got.body == bytes, "the same bytes");
    let etag = got.header("etag").to_owned();
    let whole = ada.client.send(Method::POST, "/api/uploads?name=x", "", bytes).await.json();
    let same = ada.client.get(&format!("/files/{}/x", whole["id"].as_str().unwrap())).await;
    assert_eq!(same.header("etag"), etag, "the digest is the one of a file sent at one go");
}

#[tokio::test]
async fn the_first_bytes_may_come_with_the_beginning() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let metadata = format!("filename {}", STANDARD.encode("a.txt"));
    let headers = [("upload-length", "10"), ("upload-metadata", metadata.as_str())];
    let reply = tus(&ada.client, Method::POST, ROOT, &headers, b"01234").await;
    assert_eq!((reply.status, reply.header("upload-offset")), (201, "5"), "{}", reply.text());
    let path = reply.header("location").to_owned();
    assert_eq!(ada.go_on(&path, 5, b"56789").await.header("upload-offset"), "10");
    let reply = tus(&ada.client, Method::POST, ROOT, &headers, b"0123456789").await;
    assert_eq!((reply.status, reply.header("upload-offset")), (201, "10"));
    let told = ada.client.get(&format!("/api/uploads/{}", id_of(reply.header("location")))).await;
    assert_eq!(told.json()["size"], 10);
}

#[tokio::test]
async fn what_the_protocol_does_not_allow_is_refused_and_said() {
    let app = TestApp::start_with(&["--upload-limit-mb", "1"]).await;
    let ada = app.user("Ada").await;
    let options = tus(&ada.client, Method::OPTIONS, ROOT, &[], b"").await;
    assert_eq!((options.status, options.header("tus-version")), (204, "1.0.0"));
    assert_eq!(options.header("tus-max-size"), "1048576");
    assert_eq!(
        options.header("tus-extension"),
        "checksum,creation,creation-with-upload,expiration,termination"
    );

    let name = format!("filename {}", STANDARD.encode("a.txt"));
    let name = ("upload-metadata", name.as_str());
    let create = async |headers: &[(&'static str, &str)]| {
        let reply = tus(&ada.client, Method::POST, ROOT, headers, b"").await;
        (reply.status, reply.code())
    };
    let refused = |status, code: &str| (status, code.to_owned());
    assert_eq!(create(&[name]).await, refused(400, "bad_request"), "no length");
    for odd in ["-1", "+5", "five", "99999999999999999999999", ""] {
        assert_eq!(create(&[name, ("upload-length", odd)]).await, refused(400, "bad_request"));
    }
    assert_eq!(create(&[name, ("upload-length", "1048577")]).await, refused(413, "too_large"));
    assert_eq!(create(&[name, ("upload-length", "0")]).await, refused(422, "empty_file"), "empty");
    assert_eq!(create(&[("upload-length", "5")]).await, refused(422, "invalid"), "no name");
    let five = ("upload-length", "5");
    let odd = ("upload-metadata", "filename !!!");
    assert_eq!(create(&[five, odd]).await, refused(400, "bad_request"));
    let long = format!("filename {}", "QUFB".repeat(2_000));
    let long = ("upload-metadata", long.as_str());
    assert_eq!(create(&[five, long]).await, refused(400, "bad_request"));
    let concat = ("upload-concat", "partial");
    assert_eq!(create(&[name, five, concat]).await, refused(400, "bad_request"));

    let path = ada.begin("a.txt", 5).await;
    let mut plain = ada.client.clone();
    let reply = plain.send(Method::PATCH, &path, OCTETS, b"x".to_vec()).await;
    assert_eq!((reply.status, reply.code()), refused(412, "unsupported_version"));
    assert_eq!(reply.header("tus-version"), "1.0.0");
    plain.headers = vec![("tus-resumable", "1.0.0".into()), ("upload-offset", "0".into())];
    let reply = plain.send(Method::PATCH, &path, "text/plain", b"x".to_vec()).await;
    assert_eq!((reply.status, reply.code()), refused(415, "unsupported"));
    let patch = async |offset: &str, bytes: &[u8]| {
        let headers = [("upload-offset", offset)];
        let reply = tus(&ada.client, Method::PATCH, &path, &headers, bytes).await;
        (reply.status, reply.code())
    };
    assert_eq!(patch("nine", b"x").await, refused(400, "bad_request"));
    assert_eq!(patch("3", b"x").await, refused(409, "wrong_offset"));
    assert_eq!(patch("0", b"012345").await, refused(413, "too_large"));
    assert_eq!(ada.head(&path).await.header("upload-offset"), "0", "nothing of that stayed");
    // The same without an announced length.
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: {}\r\n\
         Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: {OCTETS}\r\n\
         Transfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n",
        ada.client.cookie_line()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let told = answer(stream).await;
    assert!(told.starts_with("HTTP/1.1 413") && told.contains("\"too_large\""), "{told}");
    assert_eq!(ada.head(&path).await.header("upload-offset"), "0", "nothing of that either");
    assert_eq!(ada.go_on(&path, 0, b"01234").await.status, 204);
    assert_eq!(patch("0", b"01234").await, refused(409, "wrong_offset"), "it is finished");
    let nowhere = format!("{ROOT}/{}", "0".repeat(32));
    assert_eq!(ada.go_on(&nowhere, 0, b"x").await.code(), "not_found");
    assert_eq!(ada.go_on(&format!("{ROOT}/x"), 0, b"x").await.code(), "not_found");
    let mut zh = ada.client.clone();
    zh.headers.push(("accept-language", "zh-CN".into()));
    let reply = tus(&zh, Method::PATCH, &path, &[("upload-offset", "3")], b"x").await;
    assert_eq!(reply.json()["detail"], "上传应从第 5 字节继续，请从该处发送。");
}

#[tokio::test]
async fn an_upload_is_its_owners_alone() {
    let app = TestApp::start().await;
    let (ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let path = ada.begin("a.txt", 10).await;
    let busy = ada.dribble(app.address, &path, 0, 10, b"01234").await;
    on_disk(&app, &path, 5).await;
    assert_eq!(grace.head(&path).await.status, 404);
    assert_eq!(grace.go_on(&path, 5, b"56789").await.code(), "not_found");
    assert_eq!(tus(&grace.client, Method::DELETE, &path, &[], b"").await.code(), "not_found");
    assert_eq!(app.browser().send(Method::HEAD, &path, "", Vec::new()).await.status, 401);
    let mut busy = busy;
    busy.write_all(b"56789").await.unwrap();
    assert!(answer(busy).await.starts_with("HTTP/1.1 204"), "nobody else disturbed it");
    let told = format!("/api/uploads/{}", id_of(&path));
    assert_eq!(grace.client.get(&told).await.code(), "not_found");
    assert_eq!(grace.head(&path).await.status, 404);
    assert_eq!(tus(&grace.client, Method::DELETE, &path, &[], b"").await.code(), "not_found");
    assert_eq!(tus(&ada.client, Method::DELETE, &path, &[], b"").await.status, 204);
    assert_eq!(ada.head(&path).await.status, 404);
    let other = ada.begin("b.txt", 10).await;
    assert_eq!(tus(&ada.client, Method::DELETE, &other, &[], b"").await.status, 204);
    assert_eq!((ada.head(&other).await.status, left(&app)), (404, 0));
}

#[tokio::test]
async fn one_request_at_a_time_and_its_owner_may_take_over() {
    let app = TestApp::start().await;
    let ada = app.user("Ada").await;
    let path = ada.begin("a.txt", 10).await;
    let first = ada.dribble(app.address, &path, 0, 10, b"01234").await;
    on_disk(&app, &path, 5).await;
    let second = ada.go_on(&path, 5, b"56789").await;
    assert_eq!((second.status, second.code()), (423, "upload_held".into()));
    // A client that asks how far the upload is has given the first request up.
    assert_eq!(ada.head(&path).await.header("upload-offset"), "5");
    assert!(answer(first).await.starts_with("HTTP/1.1 423"));
    assert_eq!(ada.go_on(&path, 5, b"56789").await.status, 204);

    // Ten requests bring all of the file at the same time: one writes, and the file is what was
    // sent.
    let path = ada.begin("b.txt", 5_000).await;
    let racers = (0..10).map(|_| ada.go_on(&path, 0, &[7; 5_000]));
    let statuses: Vec<u16> =
        futures_util::future::join_all(racers).await.iter().map(|reply| reply.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 204 | 409 | 423)), "{statuses:?}");
    let file = ada.client.clone().get(&format!("/files/{}/x", id_of(&path))).await;
    assert!(file.body == vec![7; 5_000]);
}

#[tokio::test]
async fn a_server_that_died_while_finishing_finishes_later() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let id = |path: &str| id_of(path).to_owned();
    let files = app.data().join("files");
    let note = |id: &str| files.join(format!("incoming/{id}.json"));
    // The file is complete, but neither moved nor known; or moved, but not known; or known, but the
    // promise is still there.
    let paths = [ada.begin("a", 5).await, ada.begin("b", 5).await, ada.begin("c", 5).await];
    std::fs::write(files.join(format!("incoming/{}.part", id(&paths[0]))), b"01234").unwrap();
    let part = files.join(format!("incoming/{}.part", id(&paths[1])));
    let folder = files.join(&id(&paths[1])[..2]);
    std::fs::create_dir_all(&folder).unwrap();
    let bytes = folder.join(format!("{}.bin", id(&paths[1])));
    chinwag::disk::put_in_place(&part, &bytes).unwrap();
    std::fs::write(folder.join(format!("{}.bin", id(&paths[1]))), b"01234").unwrap();
    let promise = std::fs::read(note(&id(&paths[2]))).unwrap();
    assert_eq!(ada.go_on(&paths[2], 0, b"01234").await.status, 204);
    std::fs::write(note(&id(&paths[2])), promise).unwrap();

    let app = app.restart().await;
    ada.client.address = app.address;
    assert_eq!(ada.go_on(&paths[0], 5, b"").await.status, 204, "an empty PATCH finishes it too");
    for path in &paths {
        assert_eq!(ada.head(path).await.header("upload-offset"), "5", "{path}");
        let told = ada.client.get(&format!("/api/uploads/{}", id(path))).await;
        assert_eq!(told.json()["size"], 5);
        let got = ada.client.get(&format!("/files/{}/x", id(path))).await;
        assert_eq!(got.body.as_ref(), b"01234");
    }
    assert_eq!(left(&app), 0);
}

#[tokio::test]
async fn a_client_that_leaves_with_the_last_byte_finds_the_file_kept() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    for n in 0..20 {
        let path = ada.begin(&format!("{n}.png"), 5_000).await;
        let stream = ada.dribble(app.address, &path, 0, 5_000, &[n; 5_000]).await;
        drop(stream);
        // The client asks before, while and after the file is finished, and always gets an answer.
        let until = tokio::time::Instant::now() + DEADLINE;
        loop {
            let head = ada.head(&path).await;
            assert_eq!(head.status, 200, "{n}");
            if head.header("upload-offset") == "5000" {
                break;
            }
            // The line broke before the server had read all bytes, so the rest is sent again.
            let offset: usize = head.header("upload-offset").parse().unwrap();
            let reply = ada.go_on(&path, offset, &[n; 5_000][offset..]).await;
            assert!(matches!(reply.status, 204 | 409 | 423), "{}", reply.text());
            assert!(tokio::time::Instant::now() < until, "kept in time");
        }
        let got = ada.client.get(&format!("/files/{}/x", id_of(&path))).await;
        assert!(got.body == vec![n; 5_000], "{n}: whole");
    }
    assert_eq!(left(&app), 0);
}

#[tokio::test]
async fn what_was_given_up_is_removed() {
    let app = TestApp::start_with(&["--upload-keep-hours", "1"]).await;
    let ada = app.user("Ada").await;
    let (old, older) = (ada.begin("a.txt", 5).await, ada.begin("b.txt", 5).await);
    let incoming = app.data().join("files/incoming");
    let age = |path: &str| {
        for kind in ["part", "json"] {
            let file = incoming.join(format!("{}.{kind}", id_of(path)));
            let file = std::fs::File::options().append(true).open(file).unwrap();
            let modified = file.metadata().unwrap().modified().unwrap();
            file.set_modified(modified - std::time::Duration::from_secs(3_700)).unwrap();
        }
    };
    age(&old);
    assert_eq!(ada.head(&old).await.status, 404, "its hour is over");
    assert_eq!(left(&app), 2);
    age(&older);
    // The server sweeps when it starts.
    let app = app.restart().await;
    let until = tokio::time::Instant::now() + DEADLINE;
    while left(&app) > 0 {
        assert!(tokio::time::Instant::now() < until, "swept in time");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_upload_that_stands_still_is_ended() {
    let app = TestApp::start_with(&["--upload-stall-s", "1"]).await;
    let ada = app.user("Ada").await;
    let path = ada.begin("a.txt", 100).await;
    let stuck = ada.dribble(app.address, &path, 0, 100, b"01234").await;
    let told = answer(stuck).await;
    assert!(told.starts_with("HTTP/1.1 408") && told.contains("\"too_slow\""), "{told}");
    assert_eq!(ada.head(&path).await.header("upload-offset"), "5", "what came stays");

    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let cookie = ada.client.cookie_line();
    let head = format!(
        "POST /api/uploads?name=x HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nContent-Length: 9\r\n\r\nx"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    assert!(answer(stream).await.starts_with("HTTP/1.1 408"));
}

#[tokio::test]
async fn nobody_sends_without_end() {
    let args = ["--limit-uploads-at-once", "2", "--limit-unfinished-uploads", "3"];
    let app = TestApp::start_with(&args).await;
    let (ada, grace) = (app.user("Ada").await, app.user("Grace").await);
    let mut busy = Vec::new();
    for name in ["a", "b"] {
        let path = ada.begin(name, 10).await;
        busy.push(ada.dribble(app.address, &path, 0, 10, b"01234").await);
        on_disk(&app, &path, 5).await;
    }
    let path = ada.begin("c", 10).await;
    let reply = ada.go_on(&path, 0, b"01234").await;
    assert_eq!((reply.status, reply.code()), (429, "too_many".into()));
    assert!(reply.header("retry-after").parse::<u64>().unwrap() > 0);
    let whole = ada.client.clone().send(Method::POST, "/api/uploads?name=x", "", vec![7]).await;
    assert_eq!(whole.code(), "too_many", "one door more, the same limit");
    assert_eq!(ada.try_begin("d", 10).await.code(), "too_many_of");
    let theirs = grace.begin("a", 5).await;
    assert_eq!(
        grace.go_on(&theirs, 0, b"01234").await.status,
        204,
        "another person has their own count"
    );
    for mut stream in busy {
        stream.write_all(b"56789").await.unwrap();
        assert!(answer(stream).await.starts_with("HTTP/1.1 204"));
    }
    assert_eq!(ada.go_on(&path, 0, b"0123456789").await.status, 204);
    ada.begin("d", 10).await;
}

#[tokio::test]
async fn a_picture_of_too_many_pixels_is_a_file_like_any_other() {
    let app = TestApp::start().await;
    let ada = app.user("Ada").await;
    let bomb = crate::picture_files::bomb();
    let path = ada.begin("bomb.png", bomb.len()).await;
    assert_eq!(ada.go_on(&path, 0, &bomb).await.status, 204);
    assert_eq!((ada.head(&path).await.status, left(&app)), (200, 0));
}
