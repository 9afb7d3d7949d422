//! Names of channels in texts are links for whoever may see the channel, on the pages without script.

use serde_json::json;

use crate::app::TestApp;
use crate::ways_in::{come, invite};

#[tokio::test]
async fn a_name_is_a_link_for_whoever_may_see_the_channel_and_text_for_all_others() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let tea = ada.channel("tea").await;
    ada.channel("设计 & co").await;
    let draft = json!({ "name": "ops-nights", "kind": "private", "people": [] });
    assert_eq!(ada.client.post("/api/channels", &draft).await.status, 201);
    ada.say(tea, "see #tea, #设计 & co! #ops-nights #nothing `#tea` #teapot").await;

    let links = |page: &str| {
        // The message itself has a link to its thread.
        page.matches("<a href=\"/channel/").count() - page.matches("?thread\">").count()
    };
    for user in [&mut ada, &mut bob] {
        let page = user.client.get("/channel/tea").await.text();
        assert!(page.contains("<a href=\"/channel/tea\">#tea</a>,"), "{page}");
        let name = "<a href=\"/channel/%E8%AE%BE%E8%AE%A1%20%26%20co\">#设计 &#38; co</a>!";
        assert!(page.contains(name), "{page}");
        assert!(page.contains("#ops-nights #nothing <code>#tea</code> #teapot"), "{page}");
        assert_eq!(links(&page), 2, "{page}");
    }
    // A guest sees only where they are.
    let invited = json!({ "role": "guest", "channels": [tea] });
    let (path, _) = invite(&mut ada, &invited).await;
    let mut guest = come(&app, &path, "Gus").await;
    let page = guest.client.get("/channel/tea").await.text();
    assert!(page.contains("<a href=\"/channel/tea\">#tea</a>, #设计 &#38; co!"), "{page}");
    assert_eq!(links(&page), 1, "{page}");
}
