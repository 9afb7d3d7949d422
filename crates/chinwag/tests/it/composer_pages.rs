//! What stands below the messages on the pages without script: the form, or why there is none; and a text
//! that was refused is not lost.

use serde_json::json;

use crate::app::{TestApp, User};
use crate::client::Reply;

/// Sends a message by the form of the page.
async fn send(user: &mut User, path: &str, text: &str) -> Reply {
    user.client.headers = vec![("accept", "text/html".to_owned())];
    let reply = user.client.form(path, &[("msg", text)]).await;
    user.client.headers.clear();
    reply
}

/// The page of a channel, in a language.
async fn page(user: &mut User, path: &str, language: &str) -> String {
    let chosen = json!({ "language": language });
    assert_eq!(user.client.patch("/api/me/settings", &chosen).await.status, 200);
    user.client.get(path).await.text()
}

const FORM: &str = "enctype=\"multipart/form-data\"";

#[tokio::test]
async fn a_text_that_is_refused_stays_in_the_form_with_the_reason() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let tea = ada.channel("tea").await;
    let slow = json!({ "slow_s": 60 });
    assert_eq!(ada.client.patch(&format!("/api/channels/{tea}"), &slow).await.status, 200);
    assert_eq!(send(&mut bob, "/channel/tea", "first").await.status, 303);
    for (language, sentence) in [("en", "is in slow mode"), ("zh", "慢速模式")] {
        page(&mut bob, "/channel/tea", language).await;
        let text = "\r\n\"second\" <b>\r\n第二行";
        let refused = send(&mut bob, "/channel/tea", text).await;
        assert_eq!(refused.status, 429);
        assert!(refused.header("retry-after").parse::<u32>().is_ok_and(|wait| wait <= 60));
        let shown = refused.text();
        assert!(shown.contains(FORM) && shown.contains(sentence), "{shown}");
        let kept = shown.split("<textarea").nth(1).unwrap();
        let kept = kept.split_once(">\n").unwrap().1.split("</textarea>").next().unwrap();
        assert_eq!(kept, "\n&#34;second&#34; &#60;b&#62;\n第二行");
        assert!(!shown.contains("<b>\n"), "escaped");
        // The page is that of the channel, and its form sends anew.
        assert!(shown.contains("first") && shown.contains("name=\"key\""));
    }
    // What is refused for itself stays too.
    let empty = send(&mut bob, "/channel/tea", "  ").await;
    assert!(empty.status == 422 && empty.text().contains(FORM), "{}", empty.text());
}

#[tokio::test]
async fn where_nobody_writes_the_page_says_why_in_place_of_the_form() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let (mut eve, mut owner) = (app.user("Eve").await, app.in_charge("Olu", "owner").await);
    let tea = ada.channel("tea").await;
    bob.join(tea).await;
    let channel = format!("/api/channels/{tea}");
    for (shut, open, english, chinese) in [
        (json!({ "locked": true }), json!({ "locked": false }), "locked", "锁定"),
        (json!({ "all_muted": true }), json!({ "all_muted": false }), "muted", "禁言"),
        (json!({ "posting": "hosts" }), json!({ "posting": "everybody" }), "hosts", "主持人"),
        (json!({ "archived": true }), json!({ "archived": false }), "archived", "归档"),
    ] {
        assert_eq!(ada.client.patch(&channel, &shut).await.status, 200);
        for (language, sentence) in [("en", english), ("zh", chinese)] {
            for user in [&mut bob, &mut eve] {
                let shown = page(user, "/channel/tea", language).await;
                let told = shown.split("role=\"status\">").nth(1).unwrap_or_default();
                let told = told.split('<').next().unwrap();
                assert!(told.to_lowercase().contains(sentence), "{shut}: {told}");
                assert!(!shown.contains(FORM), "{shut}: {shown}");
                let joins = user.name == "Eve" && shut["archived"].is_null();
                assert_eq!(shown.contains("/channel/tea/join"), joins, "{shut} {}", user.name);
            }
        }
        // Whoever had the page open before keeps what they typed.
        let refused = send(&mut bob, "/channel/tea", "typed before").await;
        assert_eq!(refused.status, 403, "{shut}");
        let shown = refused.text();
        assert!(shown.contains("readonly") && shown.contains("typed before"), "{shown}");
        assert!(!shown.contains(FORM));
        assert_eq!(ada.client.patch(&channel, &open).await.status, 200);
        assert!(page(&mut bob, "/channel/tea", "en").await.contains(FORM));
    }
    // Muted here, and everywhere.
    for (who, mute) in [
        (&mut ada, format!("{channel}/mutes/{}", bob.id)),
        (&mut owner, format!("/api/people/{}/mute", bob.id)),
    ] {
        assert_eq!(who.client.put(&mute, &json!({ "minutes": 5 })).await.status, 204);
        let shown = page(&mut bob, "/channel/tea", "en").await;
        assert!(shown.contains("You are muted.") && !shown.contains(FORM), "{mute}: {shown}");
        assert!(page(&mut bob, "/channel/tea", "zh").await.contains("您已被禁言"), "{mute}");
        assert_eq!(who.client.delete(&mute).await.status, 204);
    }
    // Hosts write in a locked channel.
    assert_eq!(ada.client.patch(&channel, &json!({ "locked": true })).await.status, 200);
    assert!(page(&mut ada, "/channel/tea", "en").await.contains(FORM));
    // Whoever was taken out of a private place is told that there is none.
    let draft = json!({ "name": "plans", "kind": "private", "people": [bob.id] });
    let plans = ada.client.post("/api/channels", &draft).await.json()["id"].as_i64().unwrap();
    let out = format!("/api/channels/{plans}/members/{}", bob.id);
    assert_eq!(ada.client.delete(&out).await.status, 204);
    let refused = send(&mut bob, &format!("/c/{plans}"), "typed before").await;
    assert_eq!((refused.status, refused.text().contains("plans")), (404, false));
}
