//! A whole request to the whole server, except for the sockets: every route, with people who ask.
//!
//! An input is `<who> <method> <address>`, lines of headers, an empty line and the body. `who` is
//! `-` (nobody), `a` (Ada, who made the channel 1) or `g` (Grace). The server keeps its state from
//! one input to the next, and starts empty again after [`INPUTS_PER_HOUSE`].

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ::http::{HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use clap::Parser as _;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::chat::Chat;
use crate::config::{Cli, Command};
use crate::http::{self, Doors};
use crate::run::{Parts, build};

/// The number of inputs after which the server starts empty again, so that their remains do not add
/// up.
const INPUTS_PER_HOUSE: u32 = 2_000;
/// How the names of the data folders begin; the process id follows.
const PREFIX: &str = "chinwag-fuzz-";
/// The largest answer: a page of 100 messages of 10,000 characters, each written as `\u0000`.
const MOST_ANSWER_BYTES: usize = 8 * 1024 * 1024;

static HOUSE: Mutex<Option<House>> = Mutex::new(None);

/// A server with two people.
struct House {
    runtime: Runtime,
    doors: Doors,
    chat: std::sync::Arc<Chat>,
    ada: HeaderValue,
    grace: HeaderValue,
    data: PathBuf,
    used: u32,
}

/// One request. Whatever it is, the server does not fail, says what was wrong in the promised form,
/// and redirects nowhere else.
pub fn requests(data: &[u8]) {
    let (head, body) = split(data);
    let Ok(head) = std::str::from_utf8(head) else { return };
    let mut lines = head.lines();
    let Some((who, method, uri)) = lines.next().and_then(first_line) else { return };
    // The socket route waits for events; sockets have targets of their own.
    if uri.path().starts_with("/socket.io") {
        return;
    }
    let mut request = Request::new(body.to_vec());
    *request.headers_mut() = http::fuzzing::header_map(&lines.collect::<Vec<_>>().join("\n"));
    let is_page = http::fuzzing::asks_for_page(&request);
    let is_api = uri.path().starts_with("/api/") && !is_page;
    let what = format!("{method} {uri}");
    (*request.method_mut(), *request.uri_mut()) = (method, uri);
    let mut house = HOUSE.lock().unwrap_or_else(PoisonError::into_inner);
    if house.as_ref().is_some_and(|house| house.used == INPUTS_PER_HOUSE) {
        drop(house.take());
    }
    let house = house.get_or_insert_with(House::open);
    house.used += 1;
    let (answer, body) = house.ask(who, request);
    check(&what, is_api, &answer, &body);
}

/// Closes the server of [`requests`] and removes its data.
pub fn end_requests() {
    drop(HOUSE.lock().unwrap_or_else(PoisonError::into_inner).take());
}

/// The head and the body, which is after the first empty line.
fn split(data: &[u8]) -> (&[u8], &[u8]) {
    let end = data.windows(2).position(|pair| pair == b"\n\n");
    end.map_or((data, &[]), |at| (&data[..at], &data[at + 2..]))
}

fn first_line(line: &str) -> Option<(char, Method, Uri)> {
    let (who, rest) = line.split_once(' ')?;
    let (method, uri) = rest.split_once(' ')?;
    let uri: Uri = uri.parse().ok()?;
    // The server's own parser accepts nothing else.
    uri.path().starts_with('/').then_some(())?;
    Some((who.chars().next()?, Method::from_bytes(method.as_bytes()).ok()?, uri))
}

fn check(what: &str, is_api: bool, answer: &Response<()>, body: &[u8]) {
    let (status, headers) = (answer.status(), answer.headers());
    assert!(status.as_u16() < 500, "{what}: {status}: {}", String::from_utf8_lossy(body));
    assert!(body.len() <= MOST_ANSWER_BYTES, "{what}: {} bytes", body.len());
    assert!(headers.contains_key(header::CONTENT_SECURITY_POLICY), "{what}");
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{what}");
    if let Some(to) = headers.get(header::LOCATION) {
        http::fuzzing::next_page(to.to_str().expect("an address is plain"));
        assert!(to.as_bytes().starts_with(b"/") && !to.as_bytes().starts_with(b"//"), "{to:?}");
    }
    let kind = headers.get(header::CONTENT_TYPE).map_or("", |kind| kind.to_str().unwrap_or(""));
    let told: Option<Value> = serde_json::from_slice(body).ok();
    if kind.ends_with("json") && !body.is_empty() {
        assert!(told.is_some(), "{what}: {}", String::from_utf8_lossy(body));
    }
    let is_refused = status.is_client_error() && is_api && !body.is_empty();
    if is_refused && status != StatusCode::RANGE_NOT_SATISFIABLE {
        assert_eq!(kind, "application/problem+json", "{what}: {status}");
        assert_eq!(told.map(|told| told["status"].clone()), Some(json!(status.as_u16())));
    }
}

impl House {
    fn open() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime can be made");
        let data = folder();
        let _ = std::fs::remove_dir_all(&data);
        let path = data.to_str().expect("a plain path");
        let limits = ["messages", "new-channels", "uploads", "commands", "topics"]
            .map(|what| format!("--limit-{what}"));
        let off = limits.iter().flat_map(|limit| [limit.as_str(), "0"]);
        let head = ["chinwag", "serve", "--data", path].into_iter();
        let Ok(Cli { command: Command::Serve(config) }) = Cli::try_parse_from(head.chain(off))
        else {
            panic!("the arguments are right")
        };
        let built =
            runtime.block_on(build(&config, std::sync::Arc::new(crate::clock::SystemClock)));
        let Parts { chat, doors, .. } = built.unwrap_or_else(|error| panic!("{error}"));
        let nobody = HeaderValue::from_static("");
        let (ada, grace) = (nobody.clone(), nobody);
        let mut house = Self { runtime, doors, chat, ada, grace, data, used: 0 };
        house.ada = house.sign_in("Ada");
        house.grace = house.sign_in("Grace");
        for name in ["general", "设计"] {
            house.must('a', "/api/channels", &json!({ "name": name }));
        }
        for who in ['a', 'g'] {
            house.must(who, "/api/channels/1/messages", &json!({ "text": "hello" }));
        }
        house
    }

    fn sign_in(&mut self, name: &str) -> HeaderValue {
        let answer = self.must('-', "/api/session", &json!({ "name": name }));
        let cookies = answer.headers().get_all(header::SET_COOKIE).iter();
        let pairs = cookies.filter_map(|line| line.to_str().ok()?.split(';').next());
        let line = pairs.collect::<Vec<_>>().join("; ");
        HeaderValue::from_str(&line).expect("cookies are plain")
    }

    fn must(&mut self, who: char, path: &str, body: &Value) -> Response<()> {
        let mut request = Request::post(path).body(body.to_string().into_bytes()).expect("fine");
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::CONTENT_TYPE, json);
        let (answer, body) = self.ask(who, request);
        assert!(answer.status().is_success(), "{path}: {}", String::from_utf8_lossy(&body));
        answer
    }

    fn ask(&mut self, who: char, mut request: Request<Vec<u8>>) -> (Response<()>, Vec<u8>) {
        // Every request names its host; `http/hosts.rs` has tests of its own.
        request.headers_mut().insert(header::HOST, HeaderValue::from_static("localhost"));
        let cookie = match who {
            'a' => Some(&self.ada),
            'g' => Some(&self.grace),
            _ => None,
        };
        if let Some(cookie) = cookie {
            request.headers_mut().insert(header::COOKIE, cookie.clone());
        }
        let (head, body) =
            self.runtime.block_on(http::fuzzing::answer(&self.doors, request)).into_parts();
        (Response::from_parts(head, ()), body)
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.runtime.block_on(self.chat.close());
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

/// A data folder of this process, in memory where the system offers that: on a disk thousands of
/// inputs a second would need as many syncs. Folders that stopped fuzzers left there are removed
/// first.
fn folder() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    for entry in std::fs::read_dir(&base).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        if owner.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
    base.join(format!("{PREFIX}{}", std::process::id()))
}
