//! Pictures: recognised by their bytes, with thumbnails that look the same, and never more memory
//! than the server allows.

use std::fs;
use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use image::{ImageDecoder as _, ImageReader};
use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::binary::Binary;
use crate::client::Client;
use crate::files::address;
use crate::picture_files as make;

const MB: u64 = 1024 * 1024;

/// Fetches the bytes of a thumbnail.
fn thumbnail_address(file: &Value) -> String {
    format!("/thumbnails/{}", file["id"].as_str().unwrap())
}

async fn thumbnail(ada: &mut User, file: &Value) -> Vec<u8> {
    let reply = ada.client.get(&thumbnail_address(file)).await;
    assert_eq!(reply.status, 200, "{file}");
    reply.body.to_vec()
}

fn size(file: &Value) -> (u64, u64) {
    (file["width"].as_u64().unwrap_or(0), file["height"].as_u64().unwrap_or(0))
}

#[tokio::test]
async fn a_picture_is_what_its_bytes_are() {
    let app = TestApp::start_with(&["--limit-uploads", "0"]).await;
    let mut ada = app.user("Ada").await;
    let shown = [
        ("a.png", make::photo(30, 20), "image/png", (30, 20), false),
        ("a.png", make::apng(), "image/apng", (30, 20), true),
        ("a.gif", make::gif(1), "image/gif", (1, 1), false),
        ("a.gif", make::gif(2), "image/gif", (1, 1), true),
        ("a.webp", make::flat_webp(40, 30), "image/webp", (40, 30), false),
        ("a.webp", make::moving_webp(), "image/webp", (40, 30), true),
        ("a.jpg", make::avif(), "image/avif", (2, 2), false),
    ];
    for (name, bytes, media_type, pixels, moving) in shown {
        let file = ada.upload(name, "text/plain", bytes).await.json();
        assert_eq!((&file["type"], &file["moving"]), (&json!(media_type), &json!(moving)));
        assert_eq!(size(&file), pixels, "{media_type}");
        let got = ada.client.get(&address(&file)).await;
        assert_eq!(got.header("content-type"), media_type);
        assert!(got.header("content-disposition").starts_with("inline"));
    }
    let script = b"<script>alert(1)</script>".to_vec();
    let others = [
        ("IMG_1.jpg", "image/jpeg", make::heic(), "image/heic"),
        ("x.png", "image/png", script.clone(), "application/octet-stream"),
        ("x.avif", "image/avif", script.clone(), "application/octet-stream"),
        ("x.svg", "image/svg+xml", script, "image/svg+xml"),
    ];
    for (name, claimed, bytes, media_type) in others {
        let file = ada.upload(name, claimed, bytes).await.json();
        assert_eq!((&file["type"], &file["width"]), (&json!(media_type), &Value::Null), "{name}");
        let got = ada.client.get(&address(&file)).await;
        assert_eq!(got.header("content-type"), "application/octet-stream", "{name}");
        assert!(got.header("content-disposition").starts_with("attachment"), "{name}");
    }
}

#[tokio::test]
async fn a_large_photo_is_taken_without_a_thumbnail() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    // A picture of 9,000 × 7,000 pixels that is to be turned by a quarter, and ends behind its
    // header.
    let frame =
        b"\xff\xd8\xff\xc0\0\x11\x08\x1b\x58\x23\x28\x03\x01\x22\0\x02\x11\x01\x03\x11\x01\xff\xd9";
    let file = ada.upload("large.jpg", "image/jpeg", make::turned(frame)).await;
    assert_eq!(file.status, 201, "{}", file.text());
    let file = file.json();
    assert_eq!((size(&file), &file["thumbnail"]), ((7_000, 9_000), &json!(false)));
    let got = ada.client.get(&address(&file)).await;
    assert_eq!(got.header("content-type"), "image/jpeg");
}

#[tokio::test]
async fn a_thumbnail_stands_as_its_picture_and_keeps_its_colours() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let wide = make::profile(*b"RGB ");
    let pictures = [
        (make::turned(&make::jpeg(1_000, 500, &wide)), (500, 1_000), (320, 640), Some(&wide)),
        (make::transparent(900, 300, &wide), (900, 300), (640, 213), Some(&wide)),
        // A profile for printing does not fit the colours of a screen.
        (make::jpeg(1_000, 10, &make::profile(*b"CMYK")), (1_000, 10), (640, 6), None),
        (make::deep(1_200, 600), (600, 1_200), (320, 640), None),
    ];
    for (bytes, pixels, small, profile) in pictures {
        let length = bytes.len();
        let file = ada.upload("a", "", bytes).await.json();
        assert_eq!((size(&file), &file["thumbnail"]), (pixels, &json!(true)), "{file}");
        let thumb = thumbnail(&mut ada, &file).await;
        assert!(thumb.len() < length);
        let reader = ImageReader::new(Cursor::new(thumb)).with_guessed_format().unwrap();
        let mut decoder = reader.into_decoder().unwrap();
        // A picture with a small file has a smaller thumbnail of the same proportions.
        let (width, height) = decoder.dimensions();
        let scale = f64::from(small.0) / f64::from(width);
        assert!((scale.log2().fract()).abs() < 0.1, "{width} of {small:?}");
        assert!((f64::from(height) * scale - f64::from(small.1)).abs() <= 4.0, "{height}");
        assert_eq!(decoder.icc_profile().unwrap().as_ref(), profile);
    }
}

#[tokio::test]
async fn a_picture_that_is_small_itself_is_its_own_thumbnail() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    for bytes in [make::photo(2, 2), make::gif(2), make::flat_webp(7_000, 2_000)] {
        let file = ada.upload("a", "", bytes).await.json();
        assert_eq!(&file["thumbnail"], &json!(false), "{file}");
        assert!(size(&file).0 > 0);
        let thumb = ada.client.get(&thumbnail_address(&file)).await;
        assert_eq!(thumb.status, 404);
    }
}

/// The memory that the processes take that a server started, in bytes.
fn children_bytes(server: u32) -> u64 {
    let Ok(tasks) = fs::read_dir(format!("/proc/{server}/task")) else { return 0 };
    let lists =
        tasks.flatten().filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    let all: Vec<String> = lists.collect();
    all.iter()
        .flat_map(|list| list.split_whitespace())
        .filter_map(|pid| bytes_of(pid, "VmRSS:"))
        .sum()
}

/// The value of a line of `/proc/<pid>/status` that is in kilobytes.
fn bytes_of(pid: &str, line: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let value = status.lines().find_map(|found| found.strip_prefix(line))?;
    Some(value.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}

/// The memory for all pictures is bounded, however many come at the same time and whatever they are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn costly_pictures_at_once_stay_below_the_bound() {
    let data = tempfile::tempdir().unwrap();
    let server = Binary::start(data.path());
    let pid = server.child.id();
    let done = Arc::new(AtomicBool::new(false));
    let most = Arc::new(AtomicU64::new(0));
    let watch = {
        let (done, most) = (Arc::clone(&done), Arc::clone(&most));
        std::thread::spawn(move || {
            while !done.load(Ordering::Relaxed) {
                most.fetch_max(children_bytes(pid), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(1));
            }
        })
    };
    let mut client = Client::new(server.address);
    assert_eq!(client.post("/api/session", &json!({ "name": "Ada" })).await.status, 201);
    let before = bytes_of(&pid.to_string(), "VmHWM:").unwrap();
    let (deep, webp) = (make::deep(4_000, 3_200), make::flat_webp(6_000, 2_000));
    let bomb = make::profile_bomb(32 * 1024 * 1024);
    let pictures = [&deep, &webp, &deep, &bomb, &deep, &webp];
    let uploads = pictures.map(|bytes| {
        let (client, bytes) = (client.clone(), bytes.clone());
        tokio::spawn(async move {
            let mut ada = User { client, id: 0, name: "Ada".to_owned() };
            ada.upload("a", "", bytes).await.json()
        })
    });
    let mut files = Vec::new();
    for upload in uploads {
        files.push(upload.await.unwrap());
    }
    done.store(true, Ordering::Relaxed);
    watch.join().unwrap();
    let grown = bytes_of(&pid.to_string(), "VmHWM:").unwrap() - before;
    assert!(grown < 40 * MB, "the server itself has {} MB more", grown / MB);
    let most = most.load(Ordering::Relaxed);
    assert!((60 * MB..200 * MB).contains(&most), "the pictures took {} MB", most / MB);
    for file in files {
        assert!(size(&file).0 > 0, "{file}");
        // The pictures of one colour are small enough to be their own thumbnails.
        assert_eq!(file["thumbnail"], json!(file["type"] == "image/png"), "{file}");
    }
    server.stop().await;
}
