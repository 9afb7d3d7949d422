//! Names, passwords, sessions: nobody becomes somebody else by typing a name.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::app::{DEADLINE, TestApp};

#[tokio::test]
async fn a_free_name_is_taken_by_typing_it_and_then_held() {
    let app = TestApp::start().await;
    let mut ada = app.user(" Ada ").await;
    let me = ada.client.get("/api/me").await.json();
    assert_eq!(me["name"], "Ada");
    assert_eq!(me["has_password"], false);
    for same in ["Ada", "ada", "ＡＤＡ", " a d a ".replace(' ', "").as_str()] {
        let reply = app.browser().post("/api/session", &json!({ "name": same })).await;
        assert_eq!((reply.status, reply.code()), (409, "name_taken".into()), "{same}");
    }
}

#[tokio::test]
async fn a_refused_name_says_which_rule_it_broke() {
    let app = TestApp::start().await;
    for (name, part) in [
        ("   ", "cannot be empty"),
        (&"x".repeat(33), "at most 32"),
        ("a\nb", "control"),
        ("a\u{202e}b", "direction"),
        ("a\u{200b}b", "invisible"),
        (&format!("a{}", "\u{e49}".repeat(9)), "at most 8 accents"),
    ] {
        let reply = app.browser().post("/api/session", &json!({ "name": name })).await;
        assert_eq!((reply.status, reply.code()), (422, "invalid".into()), "{name:?}");
        let detail = reply.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(part), "{name:?}: {detail}");
        assert_eq!(reply.json()["field"], "name");
    }
    let mut zh = app.browser();
    zh.headers.push(("accept-language", "zh-CN,zh;q=0.9".into()));
    let reply = zh.post("/api/session", &json!({ "name": "" })).await;
    assert_eq!(reply.json()["detail"], "显示名称不能为空。");
    let mut ada = app.user("Ada").await;
    let stacked = json!({ "name": format!("a{}", "\u{e49}".repeat(9)) });
    let reply = ada.client.post("/api/channels", &stacked).await;
    assert_eq!((reply.status, reply.code()), (422, "invalid".into()), "{}", reply.text());
}

#[tokio::test]
async fn the_same_browser_gets_back_in_and_another_does_not() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    assert_eq!(ada.client.delete("/api/session").await.status, 204);
    assert_eq!(ada.client.get("/api/me").await.status, 401);
    assert!(ada.client.cookie_name("session").is_none());
    assert!(ada.client.cookie_name("device").is_some(), "logging out keeps the device key");
    let again = ada.client.post("/api/session", &json!({ "name": "ADA" })).await;
    assert_eq!(again.status, 201);
    assert_eq!(again.json()["id"], ada.id);
    let mut other = app.user("Grace").await;
    let stolen = other.client.post("/api/session", &json!({ "name": "Ada" })).await;
    assert_eq!(stolen.code(), "name_taken", "another browser's device key opens nothing");
}

#[tokio::test]
async fn a_password_opens_a_name_from_anywhere() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let short = ada.client.put("/api/me/password", &json!({ "new": "short" })).await;
    assert_eq!((short.status, short.code()), (422, "invalid".into()));
    let set = json!({ "new": "correct horse" });
    assert_eq!(ada.client.put("/api/me/password", &set).await.status, 204);
    assert_eq!(ada.client.get("/api/me").await.json()["has_password"], true);

    let mut other = app.browser();
    let asked = other.post("/api/session", &json!({ "name": "Ada" })).await;
    assert_eq!((asked.status, asked.code()), (409, "password_required".into()));
    // A form without script sends the field in any case.
    let empty = other.post("/api/session", &json!({ "name": "Ada", "password": "" })).await;
    assert_eq!(empty.code(), "password_required");
    let wrong = json!({ "name": "Ada", "password": "wrong horse" });
    let reply = other.post("/api/session", &wrong).await;
    assert_eq!((reply.status, reply.code()), (403, "wrong_password".into()));
    let right = json!({ "name": "Ada", "password": "correct horse" });
    assert_eq!(other.post("/api/session", &right).await.status, 201);

    let change = |current: Value| json!({ "current": current, "new": "battery staple" });
    assert_eq!(other.put("/api/me/password", &change(Value::Null)).await.code(), "invalid");
    assert_eq!(
        other.put("/api/me/password", &change("nope".into())).await.code(),
        "wrong_password"
    );
    assert_eq!(other.put("/api/me/password", &change("correct horse".into())).await.status, 204);
    let old = app.browser().post("/api/session", &right).await;
    assert_eq!(old.code(), "wrong_password");
}

#[tokio::test]
async fn guessing_is_slowed_down_and_a_class_gets_in() {
    let app = TestApp::start_with(&["--limit-wrong-passwords", "3"]).await;
    let mut ada = app.user("Ada").await;
    ada.client.put("/api/me/password", &json!({ "new": "correct horse" })).await;
    let guess = json!({ "name": "Ada", "password": "wrong" });
    for _ in 0..3 {
        let reply = app.browser().post("/api/session", &guess).await;
        assert_eq!(reply.code(), "wrong_password");
    }
    let reply = app.browser().post("/api/session", &guess).await;
    assert_eq!((reply.status, reply.code()), (429, "too_many".into()));
    let wait: u64 = reply.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    // Sixty people behind one address, with the defaults.
    for n in 0..60 {
        app.user(&format!("pupil {n}")).await;
    }
}

#[tokio::test]
async fn sessions_can_be_seen_and_ended_and_their_sockets_close() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    ada.client.put("/api/me/password", &json!({ "new": "correct horse" })).await;
    let mut phone = app.browser();
    phone.headers.push(("user-agent", "Mozilla/5.0 (Android 16) Firefox/150.0".into()));
    phone.post("/api/session", &json!({ "name": "Ada", "password": "correct horse" })).await;
    let mut socket = crate::socket::Socket::open(&phone).await;
    socket.connect("/app", None).await.unwrap();

    let sessions = ada.client.get("/api/me/sessions").await.json();
    let sessions = sessions["sessions"].as_array().unwrap().clone();
    assert_eq!(sessions.len(), 2);
    let other = sessions.iter().find(|session| session["current"] == false).unwrap();
    assert_eq!(other["browser"], "Firefox on Android");
    assert_eq!(other["address"], "127.0.0.1");
    let path = format!("/api/me/sessions/{}", other["id"]);

    let mut grace = app.user("Grace").await;
    assert_eq!(grace.client.delete(&path).await.code(), "not_found", "not hers to end");
    assert_eq!(ada.client.delete(&path).await.status, 204);
    socket.ended("/app").await;
    assert_eq!(phone.get("/api/me").await.status, 401);
    assert_eq!(socket.connect("/app", None).await.unwrap_err()["message"], "not_signed_in");
}

#[tokio::test]
async fn settings_stay_with_the_account_and_reach_the_other_window() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let mut window = ada.listen().await;
    let patch = json!({ "enter_sends": true, "language": "zh" });
    let me = ada.client.patch("/api/me/settings", &patch).await.json();
    assert_eq!(
        me["settings"],
        json!({ "language": "zh", "theme": "auto", "enter_sends": true, "invisible": false })
    );
    assert_eq!(window.event("user").await["me"]["settings"]["enter_sends"], true);
    let odd = ada.client.patch("/api/me/settings", &json!({ "language": "fr" })).await;
    assert_eq!((odd.status, odd.code()), (400, "bad_request".into()));
    let missing = ada.client.get("/api/channels/77").await.json();
    assert_eq!(missing["detail"], "没有这个频道。", "texts follow the account's language");
}

#[tokio::test]
async fn a_restart_leaves_everybody_signed_in() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let app = app.restart().await;
    ada.client.address = app.address;
    assert_eq!(ada.client.get("/api/me").await.json()["id"], ada.id);
}

#[tokio::test]
async fn of_many_guesses_at_once_no_more_are_looked_at_than_may_be_wrong() {
    let app = TestApp::start_with(&["--limit-wrong-passwords", "1"]).await;
    let mut ada = app.user("Ada").await;
    ada.client.put("/api/me/password", &json!({ "new": "correct horse" })).await;
    // All of them are there but for their last byte, and then those come at once.
    let mut guesses = Vec::new();
    for n in 0..60 {
        // The last is the right one: by then it is not looked at any more.
        let password = if n == 59 { "correct horse" } else { "wrong horse" };
        let body = json!({ "name": "Ada", "password": password }).to_string();
        let length = body.len();
        let head = format!(
            "POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&body.as_bytes()[..length - 1]).await.unwrap();
        guesses.push(stream);
    }
    for stream in &mut guesses {
        stream.write_all(b"}").await.unwrap();
    }
    let (mut wrong, mut let_in, mut refused) = (0, 0, 0);
    for mut stream in guesses {
        let mut answer = String::new();
        let read = tokio::time::timeout(DEADLINE, stream.read_to_string(&mut answer)).await;
        read.expect("an answer in time").unwrap();
        let_in += usize::from(answer.starts_with("HTTP/1.1 201"));
        wrong += usize::from(answer.contains("\"wrong_password\""));
        refused += usize::from(answer.contains("\"too_many\""));
    }
    // The right one is let in if it is looked at before a wrong one, and then counts for nothing.
    assert!(wrong <= 1, "{wrong} wrong ones were looked at");
    assert_eq!((let_in <= 1, wrong + let_in + refused), (true, 60));

    // The right one counts for nothing, however often it is given.
    let app = TestApp::start_with(&["--limit-wrong-passwords", "1"]).await;
    let mut ada = app.user("Ada").await;
    ada.client.put("/api/me/password", &json!({ "new": "correct horse" })).await;
    let right = json!({ "name": "Ada", "password": "correct horse" });
    for _ in 0..5 {
        assert_eq!(app.browser().post("/api/session", &right).await.status, 201);
    }
}

#[tokio::test]
async fn guessing_by_strangers_keeps_nobody_from_their_own_account() {
    let app =
        TestApp::start_with(&["--limit-wrong-passwords", "1", "--trusted-proxy", "127.0.0.1"])
            .await;
    let mut ada = app.user("Ada").await;
    ada.client.put("/api/me/password", &json!({ "new": "correct horse" })).await;
    let from = |address: &str| {
        let mut client = app.browser();
        client.headers.push(("x-forwarded-for", address.to_owned()));
        client
    };
    let wrong = json!({ "name": "Ada", "password": "wrong" });
    let reply = from("203.0.113.7").post("/api/session", &wrong).await;
    assert_eq!(reply.code(), "wrong_password");
    assert_eq!(from("203.0.113.7").post("/api/session", &wrong).await.code(), "too_many");
    // From elsewhere the right one opens, and in the session the password can be changed.
    let right = json!({ "name": "Ada", "password": "correct horse" });
    assert_eq!(from("203.0.113.8").post("/api/session", &right).await.status, 201);
    let change = json!({ "current": "correct horse", "new": "battery staple" });
    assert_eq!(ada.client.put("/api/me/password", &change).await.status, 204);

    // The session has its own count, taken before the look as well.
    let guess = async |n: usize| {
        let body = json!({ "current": format!("wrong {n}"), "new": "battery staple" });
        ada.client.clone().put("/api/me/password", &body).await.code()
    };
    let answers = futures_util::future::join_all((0..20).map(guess)).await;
    let looked_at = answers.iter().filter(|code| *code == "wrong_password").count();
    assert_eq!(looked_at, 1);
    assert!(answers.iter().all(|code| code == "wrong_password" || code == "too_many"));
    // One that is too short is told at once, and costs no guess.
    let short = json!({ "current": "x", "new": "short" });
    assert_eq!(ada.client.put("/api/me/password", &short).await.code(), "invalid");
}

#[tokio::test]
async fn a_name_that_looks_like_a_held_one_is_refused_at_every_door() {
    let app = TestApp::start().await;
    let mut paula = app.user("Paula").await;
    for alike in ["Раula", "PauIa", "Pau1a", "ᴘᴀᴜʟᴀ", "Ｐаula"] {
        let reply = app.browser().post("/api/session", &json!({ "name": alike })).await;
        assert_eq!((reply.status, reply.code()), (409, "name_alike".into()), "{alike}");
        assert_eq!(reply.json()["field"], "name");
        let page = app.browser().form("/login", &[("displayName", alike)]).await;
        assert_eq!(page.status, 409, "{alike}");
        assert!(page.text().contains("looks like this one"));
    }
    for reserved in ["Paula (you)", "Paula（您）", "you"] {
        let reply = app.browser().post("/api/session", &json!({ "name": reserved })).await;
        assert_eq!((reply.status, reply.code()), (422, "invalid".into()), "{reserved}");
    }
    for other in ["Paul", "Paola", "Pavla"] {
        app.user(other).await;
    }
    paula.channel("anna-lena").await;
    for alike in ["anna–lena", "аnna-lena", "anna-Iena"] {
        let reply = paula.client.post("/api/channels", &json!({ "name": alike })).await;
        assert_eq!((reply.status, reply.code()), (409, "channel_alike".into()), "{alike}");
    }
    paula.channel("anna lena").await;
}

#[tokio::test]
async fn strangers_are_not_told_the_version() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(ada.client.get("/api/state").await.json()["workspace"]["version"], version);
    let told = app.browser().get("/api/state").await.json();
    assert_eq!(told["workspace"]["version"], Value::Null);
    let page = app.browser().get("/login").await.text();
    assert!(!page.contains(&format!("\"version\":\"{version}\"")), "{page}");
    let document = app.browser().get("/api/openapi.json").await.json();
    assert_ne!(document["info"]["version"], version);
}
