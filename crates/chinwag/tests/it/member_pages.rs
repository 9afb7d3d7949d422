//! The page of a channel's members, and what its forms do: adding, leaving, invites for guests, and opening
//! direct conversations. All of it works without script.

use crate::app::TestApp;

#[tokio::test]
async fn members_are_listed_found_and_added_by_form() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    app.user("张三").await;
    ada.channel("general").await;
    assert!(ada.client.get("/channel/general").await.text().contains("/channel/general/members"));
    let page = ada.client.get("/channel/general/members").await.text();
    assert!(page.contains("<bdi>Ada</bdi>") && page.contains("Leave this channel"), "{page}");
    assert!(!page.contains("<script"), "the app does not replace it");

    let added = ada.client.form("/channel/general/members", &[("name", "张三")]).await;
    assert_eq!((added.status, added.header("location")), (303, "/channel/general/members"));
    let page = ada.client.get("/channel/general/members").await.text();
    assert!(page.contains("张三 is in it now.") && page.contains("<bdi>张三</bdi>"), "{page}");
    let nobody = ada.client.form("/channel/general/members", &[("name", "Nobody")]).await;
    assert_eq!(nobody.status, 404);
    assert!(nobody.text().contains("There is no such person."));

    // Only members add.
    let refused = grace.client.form("/channel/general/members", &[("name", "Grace")]).await;
    assert_eq!(refused.status, 403);
    let page = grace.client.get("/channel/general/members").await.text();
    assert!(!page.contains("Add somebody") && !page.contains("Leave this channel"), "{page}");
    let found = grace.client.get("/channel/general/members?find=zs").await.text();
    assert!(found.contains("<bdi>张三</bdi>") && !found.contains("<bdi>Ada</bdi>"), "{found}");
}

#[tokio::test]
async fn a_long_list_of_members_has_pages() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    ada.channel("general").await;
    for number in 0..101 {
        let mut one = app.user(&format!("Pupil {number:03}")).await;
        assert_eq!(one.client.form("/channel/general/join", &[]).await.status, 303);
    }
    let first = ada.client.get("/channel/general/members").await.text();
    assert_eq!(first.matches("<li>").count(), 100);
    let next = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let next = next.replace("&#38;", "&").replace("&amp;", "&");
    let second = ada.client.get(&next).await.text();
    assert_eq!(second.matches("<li>").count(), 2);
    assert!(second.contains("Pupil 100") && !second.contains("rel=\"next\""), "{second}");
}

#[tokio::test]
async fn one_leaves_and_hides_by_form() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    ada.channel("general").await;
    grace.client.form("/channel/general/join", &[]).await;
    let left = grace.client.form("/channel/general/leave", &[]).await;
    assert_eq!((left.status, left.header("location")), (303, "/channels"));
    assert!(
        grace.client.get("/channels").await.text().contains("You are not in #general any more.")
    );
    let again = grace.client.form("/channel/general/leave", &[]).await;
    assert_eq!(again.status, 303, "leaving twice changes nothing");

    let opened = ada.client.form("/direct", &[("names", "Grace\r\n")]).await;
    let href = opened.header("location").to_owned();
    assert!(opened.status == 303 && href.starts_with("/c/"), "{href}");
    let again = ada.client.form("/direct", &[("names", " grace ")]).await;
    assert_eq!(again.header("location"), href, "the same people, the same conversation");
    assert_eq!(ada.client.form(&href, &[("msg", "Hello")]).await.status, 303);
    let page = grace.client.get(&format!("{href}/members")).await.text();
    assert!(page.contains("Hide this conversation") && !page.contains("Add somebody"), "{page}");
    assert!(grace.client.get("/channels").await.text().contains(&href));
    grace.client.form(&format!("{href}/leave"), &[]).await;
    assert!(!grace.client.get("/channels").await.text().contains(&format!("href=\"{href}\"")));
    assert_eq!(grace.client.get(&href).await.status, 200, "it is still there");

    let notes = ada.client.form("/direct", &[("names", "")]).await;
    assert!(notes.header("location").starts_with("/c/") && notes.header("location") != href);
    let nobody = ada.client.form("/direct", &[("names", "Grace\nNobody")]).await;
    assert_eq!(nobody.status, 404);
}

#[tokio::test]
async fn a_host_invites_guests_without_script() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    ada.channel("general").await;
    grace.client.form("/channel/general/join", &[]).await;
    let theirs = grace.client.get("/channel/general/members").await.text();
    assert!(!theirs.contains("Invites for guests"), "{theirs}");
    let refused = grace.client.form("/channel/general/invites", &[("label", "Tea")]).await;
    assert_eq!(refused.status, 403);

    let fields = [("label", "Form 3b"), ("minutes", "45")];
    let made = ada.client.form("/channel/general/invites", &fields).await;
    let shown = made.header("location").to_owned();
    assert!(made.status == 303 && shown.starts_with("/invites/"), "{shown}");
    assert!(ada.client.get(&shown).await.text().contains("<svg"), "a QR code");
    let page = ada.client.get("/channel/general/members").await.text();
    assert!(page.contains("Form 3b") && page.contains("0 people came by it"), "{page}");
    let id = shown.trim_start_matches("/invites/");
    let ended = ada.client.form("/channel/general/invites", &[("end", id)]).await;
    assert_eq!(ended.header("location"), "/channel/general/members");
    assert!(!ada.client.get("/channel/general/members").await.text().contains("Form 3b"));
    let bad = ada.client.form("/channel/general/invites", &[("minutes", "soon")]).await;
    assert_eq!(bad.status, 422);
}
