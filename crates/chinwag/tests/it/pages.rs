//! The plain pages at the addresses of the origin: forms, redirects, one-time messages.

use crate::app::TestApp;
use crate::client::{Client, Reply};

/// Follows one redirect.
async fn follow(client: &mut Client, reply: &Reply) -> Reply {
    assert_eq!(reply.status, 303, "{}", reply.text());
    client.get(reply.header("location")).await
}

#[tokio::test]
async fn from_the_name_to_the_last_channel_and_out_again() {
    let app = TestApp::start().await;
    let mut ada = app.browser();
    let home = ada.get("/").await;
    assert_eq!((home.status, home.header("location")), (303, "/login"));
    let reply = ada.form("/login", &[("displayName", "Ada")]).await;
    assert_eq!(follow(&mut ada, &reply).await.header("location"), "/channels");
    let channels = ada.get("/channels").await.text();
    assert!(channels.contains("New username Ada created."), "{channels}");
    assert!(!ada.get("/channels").await.text().contains("New username"), "shown once");

    let reply = ada.form("/channels", &[("new_channel", "设计/评审?")]).await;
    let channels = follow(&mut ada, &reply).await.text();
    assert!(channels.contains("The new channel 设计/评审? has been created."));
    let href = "/channel/%E8%AE%BE%E8%AE%A1%2F%E8%AF%84%E5%AE%A1%3F";
    assert!(channels.contains(href), "{channels}");
    for (name, told) in [
        ("设计/评审?", "Channel 设计/评审? already exists."),
        (" ", "Channel name cannot be empty."),
    ] {
        let reply = ada.form("/channels", &[("new_channel", name)]).await;
        assert!(follow(&mut ada, &reply).await.text().contains(told));
    }

    assert_eq!(ada.get(href).await.status, 200);
    assert_eq!(ada.get("/").await.header("location"), href, "back where she was");
    let reply = ada.get("/logout").await;
    assert_eq!(reply.header("location"), "/login");
    assert!(ada.get("/login").await.text().contains("You have logged out."));
    assert_eq!(ada.get(href).await.status, 303);
}

#[tokio::test]
async fn messages_are_sent_and_deleted_by_forms() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    ada.channel("general").await;
    let page = ada.client.get("/channel/general").await.text();
    let key = page.split("name=\"key\" value=\"").nth(1).unwrap()[..36].to_owned();
    let fields = [("msg", "<img src=x onerror=alert(1)>\r\n第二行"), ("key", key.as_str())];
    for _ in 0..2 {
        let reply = ada.client.form("/channel/general", &fields).await;
        assert_eq!(reply.header("location"), "/channel/general");
    }
    let page = ada.client.get("/channel/general").await.text();
    assert_eq!(page.matches("第二行").count(), plain_or_state(&page, 1), "sent twice, stored once");
    assert!(!page.contains("<img src=x"), "escaped everywhere");
    let theirs = grace.client.get("/channel/general").await.text();
    assert!(!theirs.contains("/channel/general/delete"), "no button for others' messages");
    let refused = grace.client.form("/channel/general/delete", &[("id", "1")]).await;
    assert_eq!(refused.status, 403);
    let empty = grace.client.form("/channel/general", &[("msg", "  ")]).await;
    assert_eq!(empty.status, 422);
    let reply = ada.client.form("/channel/general/delete", &[("id", "1")]).await;
    assert_eq!(reply.status, 303);
    assert!(!ada.client.get("/channel/general").await.text().contains("第二行"));
}

/// The body of a form with files, as a browser sends it.
fn with_files(fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part =
            format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    for (name, kind, bytes) in files {
        let head = format!(
            "--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: {kind}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--line--\r\n");
    body
}

async fn send_with_files(client: &mut Client, path: &str, body: Vec<u8>) -> Reply {
    client.send(hyper::Method::POST, path, "multipart/form-data; boundary=line", body).await
}

#[tokio::test]
async fn files_go_with_a_message_by_form() {
    let app = TestApp::start_with(&["--upload-limit-mb", "1"]).await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let page = ada.client.get("/channel/general").await.text();
    assert!(page.contains("enctype=\"multipart/form-data\"") && page.contains("type=\"file\""));

    // This is larger than a form without files may be.
    let large = vec![7; 700_000];
    let files = [("码头.txt", "text/plain", &b"words"[..]), ("b.bin", "x/y", &large)];
    let body = with_files(&[("msg", "two files")], &files);
    assert_eq!(send_with_files(&mut ada.client, "/channel/general", body).await.status, 303);
    // What a browser sends where no file was chosen; and a file without a text.
    let none = with_files(&[("msg", "none")], &[("", "application/octet-stream", b"")]);
    assert_eq!(send_with_files(&mut ada.client, "/channel/general", none).await.status, 303);
    let alone = with_files(&[("msg", "")], &[("alone.txt", "text/plain", b"alone")]);
    assert_eq!(send_with_files(&mut ada.client, "/channel/general", alone).await.status, 303);

    let page = ada.client.get(&format!("/api/channels/{channel}/messages")).await.json();
    let names = |at: usize| {
        let files = page["messages"][at]["attachments"].as_array().unwrap().iter();
        files.map(|file| file["name"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(names(0), ["码头.txt", "b.bin"]);
    assert_eq!((names(1), names(2)), (vec![], vec!["alone.txt"]));
    let shown = ada.client.get("/channel/general").await.text();
    assert!(shown.contains("alone.txt"));

    // A refused form leaves no file.
    let huge = with_files(&[("msg", "x")], &[("h.bin", "x/y", &vec![7; 1_100_000])]);
    assert_eq!(send_with_files(&mut ada.client, "/channel/general", huge).await.status, 413);
    let many = vec![("m.txt", "text/plain", &b"m"[..]); 11];
    let many = with_files(&[("msg", "x")], &many);
    assert_eq!(send_with_files(&mut ada.client, "/channel/general", many).await.status, 422);
    let empty = with_files(&[("msg", "  ")], &[]);
    assert_eq!(send_with_files(&mut ada.client, "/channel/general", empty).await.status, 422);
    let odd = with_files(&[("msg", "x"), ("other", "y")], &[]);
    assert_eq!(send_with_files(&mut ada.client, "/channel/general", odd).await.status, 400);
    let torn = b"--line\r\nContent-Disposition: form-data; name=\"msg\"\r\n\r\nx".to_vec();
    assert_eq!(send_with_files(&mut ada.client, "/channel/general", torn).await.status, 400);
    let mut endless = b"--line\r\nContent-Disposition: form-data; name=\"msg\"\r\nx: ".to_vec();
    endless.resize(4_000_000, b'y');
    assert_eq!(send_with_files(&mut ada.client, "/channel/general", endless).await.status, 400);
    // The longest text is taken; a longer one is refused before all of it is read.
    let long = "\u{1f600}".repeat(10_000);
    let longest = with_files(&[("msg", &long)], &[("b.bin", "x/y", &large)]);
    assert_eq!(send_with_files(&mut ada.client, "/channel/general", longest).await.status, 303);
    let mut longer = with_files(&[("msg", &"x".repeat(50_000))], &[]);
    longer.truncate(50_000);
    assert_eq!(send_with_files(&mut ada.client, "/channel/general", longer).await.status, 422);
    let again = with_files(&[("msg", &long[..30_000]); 3], &[]);
    assert_eq!(send_with_files(&mut ada.client, "/channel/general", again).await.status, 422);
    let key = with_files(&[("msg", "x"), ("key", &"k".repeat(1_000))], &[]);
    assert_eq!(send_with_files(&mut ada.client, "/channel/general", key).await.status, 422);
    let mut endless = b"--line\r\nContent-Disposition: form-data; name=\"msg\"\r\nx: ".to_vec();
    endless.resize(50_000, b'y');
    endless.extend_from_slice(b"\r\n\r\nx\r\n--line--\r\n");
    assert_eq!(send_with_files(&mut ada.client, "/channel/general", endless).await.status, 400);
    let nobody = with_files(&[("msg", "x")], &[]);
    let sent = send_with_files(&mut app.browser(), "/channel/general", nobody).await;
    assert!(sent.header("location").starts_with("/login"));
    let after = ada.client.get(&format!("/api/channels/{channel}/messages")).await.json();
    assert_eq!(after["messages"].as_array().unwrap().len(), 4);
    let kept = std::fs::read_dir(app.data().join("files")).unwrap().flatten();
    let shelves = kept.filter(|entry| entry.file_name().len() == 2);
    let kept = shelves.flat_map(|shelf| std::fs::read_dir(shelf.path()).unwrap()).count();
    assert_eq!(kept, 4, "the files of what was refused are gone");
}

#[tokio::test]
async fn a_message_is_deleted_after_a_question() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    ada.say(channel, "<b>mine</b>").await;
    let page = ada.client.get("/channel/general").await.text();
    assert!(page.contains("method=\"get\" action=\"/channel/general/delete\""), "{page}");
    let question = ada.client.get("/channel/general/delete?id=1").await;
    assert_eq!(question.status, 200);
    let text = question.text();
    assert!(text.contains("Delete this message?") && text.contains("&#60;b&#62;mine"), "{text}");
    assert!(text.contains("name=\"id\" value=\"1\""), "{text}");
    let page = ada.client.get(&format!("/api/channels/{channel}/messages")).await.json();
    assert_eq!(page["messages"][0]["deleted_at"], serde_json::Value::Null, "asking is not doing");

    assert_eq!(grace.client.get("/channel/general/delete?id=1").await.status, 403);
    assert_eq!(ada.client.get("/channel/general/delete?id=2").await.status, 404);
    assert_eq!(ada.client.get("/channel/nowhere/delete?id=1").await.status, 404);
    assert_eq!(ada.client.get("/channel/general/delete").await.status, 400);
    assert_eq!(ada.client.form("/channel/general/delete", &[("id", "1")]).await.status, 303);
    assert_eq!(ada.client.get("/channel/general/delete?id=1").await.status, 404, "it is gone");
}

#[tokio::test]
async fn texts_are_marked_up_and_keep_their_direction_to_themselves() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    ada.say(channel, "**strong** and `code` <i>no</i>").await;
    ada.say(channel, "turned \u{202e}round").await;
    let page = ada.client.get("/channel/general").await.text();
    let marked = "<strong>strong</strong> and <code>code</code> &#60;i&#62;no&#60;/i&#62;";
    assert!(page.contains(marked), "{page}");
    assert!(!page.contains("<i>no"));
    // The element has a direction of its own, so nothing after it is turned.
    let turned = page.split("turned \u{202e}round").next().unwrap();
    assert!(turned.ends_with("dir=\"auto\">"), "{page}");

    let mut socket = ada.listen_classic().await;
    ada.say(channel, "\u{202e}classic \u{2067}text\u{2069} \u{200f}stays").await;
    let told = socket.event("emit msg").await;
    let told = told["msg"].as_str().unwrap().to_owned();
    assert_eq!(told, "classic%20text%20%E2%80%8Fstays");
}

/// The text stands once in the plain page, and once more in the state where the web app is inside.
fn plain_or_state(page: &str, times: usize) -> usize {
    if page.contains("id=\"state\"") { times * 2 } else { times }
}

#[tokio::test]
async fn who_is_not_signed_in_signs_in_and_comes_back() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    ada.channel("general").await;
    let mut grace = app.browser();
    let reply = grace.get("/channel/general").await;
    assert_eq!(reply.header("location"), "/login?next=%2Fchannel%2Fgeneral");
    let login = grace.get("/login?next=%2Fchannel%2Fgeneral").await.text();
    assert!(login.contains("value=\"/channel/general\""));
    let fields = [("displayName", "Grace"), ("next", "/channel/general")];
    let reply = grace.form("/login", &fields).await;
    assert_eq!(reply.header("location"), "/channel/general");
    let fields = [("displayName", "Mallory"), ("next", "//evil.example/")];
    let reply = app.browser().form("/login", &fields).await;
    assert_eq!(reply.header("location"), "/", "never to another server");
    let mut rain = app.browser();
    let reply = rain.get("/channels").await;
    assert!(follow(&mut rain, &reply).await.text().contains("You are not logged in."));
}

#[tokio::test]
async fn a_missing_channel_and_a_taken_name_are_pages() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let missing = ada.client.get("/channel/nowhere%2F").await;
    assert_eq!(missing.status, 404);
    assert!(missing.text().contains("There is no such channel"));
    let mut zh = app.browser();
    zh.headers.push(("accept-language", "zh-CN".into()));
    let taken = zh.form("/login", &[("displayName", "Ada")]).await;
    assert_eq!(taken.status, 409);
    assert!(taken.text().contains("该名称已被使用"), "{}", taken.text());
    assert!(taken.text().contains("<html lang=\"zh-Hans\">"));
}

#[tokio::test]
async fn names_of_every_kind_are_addresses() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    for name in ["a b", "?", "#1", "100%", "a&b+c", "\"quoted\"", "🎉", "..", "a/b/c", "%2F", "ß"]
    {
        ada.channel(name).await;
        let channels = ada.client.get("/channels").await.text();
        let escaped = name.replace('&', "&#38;").replace('"', "&#34;");
        let row = channels.split(&format!("\">{escaped}</a>")).next().unwrap();
        let href = row.rsplit("href=\"").next().unwrap().to_owned();
        let page = ada.client.get(&href).await;
        assert_eq!(page.status, 200, "{name}: {href}");
        assert!(page.text().contains(&format!("<title>#{escaped} · ")), "{name}");
    }
}

#[tokio::test]
async fn a_channel_of_dots_has_an_address_that_browsers_keep() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    for name in [".", ".."] {
        ada.channel(name).await;
        let href = format!("/channels?open={name}");
        let page = ada.client.get(&href).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains(&format!("<title>#{name} · ")), "{name}");
        assert_eq!(ada.client.get("/").await.header("location"), href);
        let path = format!("/channel/{name}%20");
        assert!(page.text().contains(&format!("action=\"{path}\"")), "{name}");
        let sent = ada.client.form(&path, &[("msg", "in between")]).await;
        assert_eq!(sent.header("location"), href);
        assert!(follow(&mut ada.client, &sent).await.text().contains("in between"));
        let asked = ada.client.get(&format!("{path}/delete?id=1")).await;
        assert!(asked.text().contains(&format!("action=\"{path}/delete\"")), "{name}");
        let link = app.browser().get(&href).await;
        assert_eq!(
            link.header("location"),
            format!("/login?next=%2Fchannels%3Fopen%3D{}", name.replace('.', "%2E"))
        );
    }
    assert_eq!(ada.client.get("/channels?open=none").await.status, 404);
}

#[tokio::test]
async fn another_site_can_neither_log_out_nor_enter() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    ada.channel("general").await;
    let embedded = [("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "image")];
    ada.client.headers = embedded.map(|(name, value)| (name, value.to_owned())).to_vec();
    assert_eq!(ada.client.get("/logout").await.header("location"), "/");
    assert_eq!(ada.client.get("/channel/general").await.code(), "cross_site");
    let link = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-dest", "document"),
        ("sec-fetch-mode", "navigate"),
    ];
    ada.client.headers = link.map(|(name, value)| (name, value.to_owned())).to_vec();
    assert_eq!(ada.client.get("/channel/general").await.status, 200, "a link may lead here");
    assert_eq!(ada.client.get("/logout").await.header("location"), "/");
    ada.client.headers.clear();
    assert_eq!(ada.client.get("/api/me").await.status, 200);
}

#[tokio::test]
async fn a_link_asks_before_it_logs_out() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let page = ("accept", "text/html,*/*;q=0.8".to_owned());
    // Over plain http a browser sends no Fetch Metadata, and a page may withhold the referrer. A page
    // of ours may show a message with a link that somebody made.
    for from in [
        None,
        Some(("referer", "http://evil.example/page".to_owned())),
        Some(("referer", "http://127.0.0.1:1/".to_owned())),
        Some(("referer", format!("http://{}/channels", app.address))),
        Some(("sec-fetch-site", "same-origin".to_owned())),
        Some(("sec-fetch-site", "none".to_owned())),
    ] {
        let mut client = ada.client.clone();
        client.headers = vec![page.clone()];
        client.headers.extend(from.clone());
        let reply = client.get("/logout").await;
        assert_eq!(reply.status, 200, "{from:?}");
        assert!(reply.text().contains("action=\"/logout\""), "it asks: {}", reply.text());
        assert!(!reply.text().contains("<script"), "without the web app over it");
        assert_eq!(client.get("/api/me").await.status, 200, "{from:?}");
    }
    let mut foreign = ada.client.clone();
    foreign.headers = vec![page.clone(), ("sec-fetch-site", "cross-site".into())];
    assert_eq!(foreign.get("/logout").await.header("location"), "/");
    assert_eq!(foreign.get("/api/me").await.status, 200);
    // A program is logged out at once.
    let mut program = ada.client.clone();
    program.post("/api/session", &serde_json::json!({ "name": "Ada" })).await;
    assert_eq!(program.get("/logout").await.header("location"), "/login");
    assert_eq!(program.get("/api/me").await.status, 401);
    // The link on the plain pages asks too: without a password the name may be lost for ever.
    let channels = ada.client.get("/channels").await.text();
    assert!(channels.contains("href=\"/logout?ask=1\""), "{channels}");
    let asked = ada.client.get("/logout?ask=1").await.text();
    assert!(asked.contains("only this browser gets back in"), "{asked}");
    assert!(asked.contains("name=\"forget\""), "{asked}");
}

#[tokio::test]
async fn signing_in_never_leads_to_logging_out() {
    let app = TestApp::start().await;
    for (n, next) in
        ["/logout", "/logout/", "/logout?x=1", "/x/../logout", "/%6Cogout"].iter().enumerate()
    {
        let name = format!("visitor {n}");
        let mut visitor = app.browser();
        let reply = visitor.form("/login", &[("displayName", &name), ("next", next)]).await;
        assert_eq!(reply.header("location"), "/", "{next}");
        let page = app.browser().get(&format!("/login?next={next}")).await.text();
        assert!(!page.contains("logout"), "{next}: {page}");
    }
}

#[tokio::test]
async fn whoever_follows_a_link_for_the_first_time_is_not_told_off() {
    let app = TestApp::start().await;
    app.user("Ada").await.channel("general").await;
    let mut visitor = app.browser();
    let reply = visitor.get("/channel/general").await;
    let login = follow(&mut visitor, &reply).await;
    assert!(!login.text().contains("You are not logged in"), "{}", login.text());
    assert!(login.text().contains("/channel/general"), "and comes to it afterwards");
    // Somebody who was signed in is told so.
    let mut grace = app.user("Grace").await;
    let ended = grace.client.clone();
    grace.client.delete("/api/session").await;
    let mut ended = ended;
    let reply = ended.get("/channel/general").await;
    assert!(follow(&mut ended, &reply).await.text().contains("You are not logged in"));
}
