//! Every door, and what it answers to whom.

use super::Says::{Is, SeeOther, SignIn};
use super::door::Body::{Bytes, Form, Json, No};
use super::door::{Door, authors, hosts, in_person, members, open, page, signed};

pub const TABLE: &[Door] = &[
    // The account.
    open("POST /api/session", Json(r#"{"name":"new {n}"}"#), Is(201)),
    in_person("DELETE /api/session", No, Is(204)),
    signed("GET /api/me", No, Is(200)).own(),
    signed("PATCH /api/me/settings", Json(r#"{"theme":"dark"}"#), Is(200)),
    in_person("PUT /api/me/name", Json(r#"{"name":"renamed {n}"}"#), Is(200)).not_muted(),
    // Those in charge have one, and do not say it.
    in_person("PUT /api/me/password", Json(r#"{"new":"correct horse"}"#), Is(204)).keepers(Is(422)),
    in_person("GET /api/me/sessions", No, Is(200)),
    Door { bot: Some(Is(403)), ..authors("DELETE /api/me/sessions/{id}", No, Is(204), Is(404)) },
    in_person("GET /api/me/devices", No, Is(200)),
    Door { bot: Some(Is(403)), ..authors("DELETE /api/me/devices/{id}", No, Is(204), Is(404)) },
    in_person("GET /api/me/tokens", No, Is(200)),
    in_person("POST /api/me/tokens", Json(r#"{"name":"bot {n}"}"#), Is(201)).no_guests(),
    Door { bot: Some(Is(403)), ..authors("DELETE /api/me/tokens/{id}", No, Is(204), Is(404)) },
    signed("GET /api/people", No, Is(200)).no_guests(),
    // The guest shares a channel with the author.
    signed("GET /api/people/{id}", No, Is(200)),
    Door {
        author: Is(403),
        ..signed("PUT /api/people/{id}/aside", Json(r#"{"kind":"mute"}"#), Is(200))
    }
    ,
    Door { author: Is(403), ..signed("DELETE /api/people/{id}/aside", No, Is(200)) },
    in_person("GET /api/me/export", No, Is(200)),
    signed("PUT /api/me/profile", Json(r#"{"about":"tea"}"#), Is(200)).not_muted(),
    authors("PUT /api/me/picture", Json(r#"{"upload":"{loose}"}"#), Is(200), Is(404)).not_muted(),
    signed("DELETE /api/me/picture", No, Is(200)),
    signed("GET /pictures/{id}/{side}", No, Is(404)),
    // For those in charge; the author is a member.
    signed("GET /api/place/people", No, Is(403)).no_guests().keepers(Is(200)),
    signed("PUT /api/people/{id}/role", Json(r#"{"role":"owner"}"#), Is(403)).no_guests().owners(Is(204)),
    signed("PUT /api/people/{id}/deactivated", No, Is(403)).no_guests().keepers(Is(204)),
    signed("PUT /api/people/{id}/mute", Json(r#"{"minutes":5}"#), Is(403))
        .no_guests()
        .keepers(Is(204)),
    signed("DELETE /api/people/{id}/mute", No, Is(403)).no_guests().keepers(Is(204)),
    signed("DELETE /api/people/{id}/deactivated", No, Is(403)).no_guests().keepers(Is(204)),
    signed("GET /api/people/{id}/written", No, Is(403)).no_guests().keepers(Is(200)),
    // The name that the owner types is another one.
    signed("POST /api/people/{id}/data-removal", Json(r#"{"name":"x"}"#), Is(403))
        .no_guests()
        .owners(Is(422)),
    signed("GET /api/me/changes", No, Is(200)),
    signed("GET /api/place/changes", No, Is(200)).no_guests(),
    // Channels: all are public, so everybody who is signed in may look and join.
    signed("GET /api/channels", No, Is(200)).own(),
    signed("POST /api/channels", Json(r#"{"name":"new {n}"}"#), Is(201)).no_guests().not_muted(),
    signed("GET /api/directory", No, Is(200)).no_guests(),
    signed("GET /api/channels/{id}", No, Is(200)).no_guests(),
    members("PATCH /api/channels/{id}", Json(r#"{"topic":"tea"}"#), Is(200), Is(403)).no_guests().not_muted(),
    hosts("PATCH /api/channels/{id} #as a host", Json(r#"{"slow_s":5}"#), Is(200), Is(403)).no_guests(),
    hosts("DELETE /api/channels/{id}", No, Is(204), Is(403)).no_guests(),
    signed("PUT /api/channels/{id}/membership", No, Is(200)).no_guests(),
    signed("DELETE /api/channels/{id}/membership", No, Is(204)).no_guests(),
    signed("POST /api/channels/{id}/visit", No, Is(200)).no_guests(),
    members("PUT /api/channels/{id}/read", Json(r#"{"number":1}"#), Is(200), Is(404)).no_guests(),
    members("PUT /api/channels/{id}/level", Json(r#"{"level":"all"}"#), Is(200), Is(404)).no_guests(),
    signed("GET /api/channels/{id}/members", No, Is(200)).no_guests(),
    signed("GET /api/channels/{id}/people", No, Is(200)).no_guests(),
    // Direct conversations. A channel is none.
    signed("POST /api/direct", Json(r#"{"people":[]}"#), Is(200)).no_guests(),
    signed("PUT /api/channels/{id}/hidden", No, Is(403)).no_guests(),
    signed("DELETE /api/channels/{id}/hidden", No, Is(403)).no_guests(),
    members(
        "POST /api/channels/{id}/members",
        Json(r#"{"people":[{stranger}]}"#),
        Is(204),
        Is(403),
    )
    .no_guests().not_muted(),
    // What the hosts do; the author is the only one.
    hosts("DELETE /api/channels/{id}/members/{user}", No, Is(204), Is(403)).no_guests(),
    hosts("PUT /api/channels/{id}/hosts/{user}", No, Is(204), Is(403)).no_guests(),
    hosts("DELETE /api/channels/{id}/hosts/{user}", No, Is(204), Is(403)).no_guests(),
    hosts("PUT /api/channels/{id}/mutes/{user}", Json(r#"{"minutes":5}"#), Is(204), Is(403)).no_guests(),
    hosts("DELETE /api/channels/{id}/mutes/{user}", No, Is(204), Is(403)).no_guests(),
    hosts("GET /api/channels/{id}/kept-out", No, Is(200), Is(403)).no_guests(),
    hosts("PUT /api/channels/{id}/kept-out/{user}", No, Is(204), Is(403)).no_guests(),
    hosts("DELETE /api/channels/{id}/kept-out/{user}", No, Is(204), Is(403)).no_guests(),
    // The door of its guests, and the end of their visits: the member is no guest.
    hosts("GET /api/channels/{id}/door", No, Is(200), Is(403)).no_guests(),
    hosts("DELETE /api/channels/{id}/guests", No, Is(200), Is(403)).no_guests(),
    signed("DELETE /api/channels/{id}/guests/{user}", No, Is(403)).no_guests(),
    signed("DELETE /api/people/{id}/visit", No, Is(403)).no_guests(),
    hosts("POST /api/channels/{id}/transcript", No, Is(200), Is(403)).no_guests(),
    // Messages.
    signed("GET /api/channels/{id}/messages", No, Is(200)).no_guests(),
    signed("POST /api/channels/{id}/messages", Json(r#"{"text":"x"}"#), Is(201)).no_guests().not_muted(),
    authors(
        "POST /api/channels/{id}/messages #with the author's file",
        Json(r#"{"text":"x","attachments":["{loose}"]}"#),
        Is(201),
        Is(404),
    ).not_muted(),
    authors("DELETE /api/channels/{id}/messages/{number}", No, Is(200), Is(403)).no_guests(),
    hosts("DELETE /api/channels/{id}/messages", No, Is(200), Is(403)).no_guests(),
    authors(
        "PATCH /api/channels/{id}/messages/{number}",
        Json(r#"{"text":"changed"}"#),
        Is(200),
        Is(403),
    ).no_guests(),
    signed("GET /api/channels/{id}/messages/{number}/versions", No, Is(200)).no_guests(),
    // Nobody has put it there: to take it back changes nothing.
    signed("GET /api/channels/{id}/messages/{number}/reactions/{emoji}", No, Is(200)).no_guests(),
    members("PUT /api/channels/{id}/messages/{number}/reactions/{emoji}", No, Is(200), Is(403))
        .no_guests()
        .not_muted(),
    signed("DELETE /api/channels/{id}/messages/{number}/reactions/{emoji}", No, Is(200)).no_guests(),
    // Keeping messages at hand.
    members("PUT /api/channels/{id}/messages/{number}/pin", No, Is(200), Is(403)).no_guests().not_muted(),
    members("DELETE /api/channels/{id}/messages/{number}/pin", No, Is(200), Is(200)).no_guests(),
    signed("GET /api/channels/{id}/pins", No, Is(200)).no_guests(),
    signed("PUT /api/channels/{id}/messages/{number}/saved", Json("{}"), Is(200)).no_guests(),
    signed("DELETE /api/channels/{id}/messages/{number}/saved", No, Is(200)).no_guests(),
    signed("GET /api/me/saved", No, Is(200)),
    // Threads. Nobody has answered the message, so nobody follows.
    signed("GET /api/channels/{id}/threads/{number}", No, Is(200)).no_guests(),
    signed("PUT /api/channels/{id}/threads/{number}/read", Json(r#"{"number":1}"#), Is(404))
        .no_guests(),
    members("PUT /api/channels/{id}/threads/{number}/follow", No, Is(200), Is(403)).no_guests(),
    members("DELETE /api/channels/{id}/threads/{number}/follow", No, Is(200), Is(403)).no_guests(),
    signed("GET /api/me/follows", No, Is(200)),
    signed("GET /api/me/threads", No, Is(200)),
    // What concerns people.
    signed("GET /api/me/activity", No, Is(200)),
    signed("GET /api/me/activity/new", No, Is(200)),
    signed("PUT /api/me/activity/seen", Json(r#"{"through":1}"#), Is(200)),
    signed("PUT /api/channels/{id}/messages/{number}/seen", No, Is(200)).no_guests(),
    // Nothing is asked for.
    signed("GET /api/search", No, Is(422)).no_guests(),
    // Keeping order, as a host or in the place.
    hosts(
        "POST /api/channels/{id}/messages/{number}/removal",
        Json(r#"{"reason":"spam"}"#),
        Is(200),
        Is(403),
    ).no_guests(),
    signed("GET /api/channels/{id}/messages/{number}/removal", No, Is(404)).no_guests(),
    authors(
        "PUT /api/channels/{id}/messages/{number}/report",
        Json(r#"{"reason":"spam"}"#),
        Is(404),
        Is(204),
    ).no_guests(),
    signed("GET /api/message-reports", No, Is(403)).no_guests().keepers(Is(200)),
    signed("DELETE /api/message-reports/{id}/{number}", No, Is(403)).no_guests().keepers(Is(404)),
    signed("GET /api/log", No, Is(403)).no_guests().keepers(Is(200)),
    signed("GET /api/channels/{id}/changes", No, Is(200)).no_guests(),
    signed("GET /api/channels/{id}/digest", No, Is(200)).no_guests(),
    // Files: in a message they belong to the channel, before that to their sender.
    signed("POST /api/uploads", Bytes("application/octet-stream"), Is(201)).own().not_muted(),
    authors("GET /api/uploads/{id}", No, Is(200), Is(404)),
    authors("GET /api/uploads/{id} #in a message", No, Is(200), Is(404)),
    authors("DELETE /api/uploads/{id}", No, Is(204), Is(404)),
    signed("DELETE /api/uploads/{id} #in a message", No, Is(404)),
    signed("OPTIONS /api/uploads/resumable", No, Is(204)).own(),
    signed("POST /api/uploads/resumable", No, Is(201)).own().not_muted(),
    authors("HEAD /api/uploads/resumable/{id}", No, Is(200), Is(404)).own(),
    authors("HEAD /api/uploads/resumable/{id} #finished", No, Is(200), Is(404)).own(),
    authors(
        "PATCH /api/uploads/resumable/{id}",
        Bytes("application/offset+octet-stream"),
        Is(204),
        Is(404),
    )
    .own(),
    authors(
        "PATCH /api/uploads/resumable/{id} #finished",
        Bytes("application/offset+octet-stream"),
        Is(409),
        Is(404),
    )
    .own(),
    authors("DELETE /api/uploads/resumable/{id}", No, Is(204), Is(404)).own(),
    authors("DELETE /api/uploads/resumable/{id} #finished", No, Is(204), Is(404)).own(),
    authors("GET /files/{id}/{name}", No, Is(200), Is(404)),
    signed("GET /files/{id}/{name} #in a message", No, Is(200)).no_guests().within(),
    authors("GET /thumbnails/{id}", No, Is(200), Is(404)),
    signed("GET /thumbnails/{id} #in a message", No, Is(200)).no_guests().within(),
    // The web app.
    open("GET /api/state", No, Is(200)).own(),
    signed(
        "POST /api/reports",
        Json(
            r#"{"kind":"digest_mismatch","channel":{channel},"revision":1,"expected":"a","found":"b"}"#,
        ),
        Is(204),
    ).no_guests(),
    // The place and its door (`ways_in/` has more).
    signed("GET /api/place", No, Is(403)).no_guests().keepers(Is(200)),
    signed("PATCH /api/place", Json(r#"{"way_in":"open"}"#), Is(403)).no_guests().owners(Is(200)),
    signed("GET /api/waiting", No, Is(403)).no_guests().keepers(Is(200)),
    // The author runs the channel of the invite by which they wait. Those in charge come later, when it is done.
    Door { bot: Some(Is(403)), ..authors("PUT /api/waiting/{id}", No, Is(204), Is(403)) }
        .no_guests()
        .keepers(Is(404)),
    Door { bot: Some(Is(403)), ..authors("DELETE /api/waiting/{id}", No, Is(204), Is(403)) }
        .no_guests()
        .keepers(Is(404)),
    signed("POST /api/people/{id}/sign-in-link", No, Is(403)).no_guests().keepers(Is(201)),
    signed("DELETE /api/people/{id}/sign-in-link", No, Is(403)).no_guests().keepers(Is(204)),
    signed("DELETE /api/people/{id}/name", No, Is(403)).no_guests(),
    open("GET /api/door", No, Is(200)).asks_nobody(),
    signed("GET /api/invites", No, Is(200)).no_guests(),
    signed("POST /api/invites", Json(r#"{"role":"member"}"#), Is(403)).no_guests().keepers(Is(201)),
    Door {
        bot: Some(Is(403)),
        host: Some(Is(201)),
        ..authors(
            "POST /api/invites #for guests",
            Json(r#"{"role":"guest","channels":[{channel}]}"#),
            Is(201),
            Is(403),
        )
    }
    .no_guests().keepers(Is(201)),
    authors("GET /api/invites/{id}", No, Is(200), Is(404)).keepers(Is(200)),
    authors("PATCH /api/invites/{id}", Json(r#"{"door":"closed"}"#), Is(200), Is(404)).keepers(Is(200)),
    authors("DELETE /api/invites/{id}", No, Is(200), Is(404)).keepers(Is(200)),
    authors("GET /api/invites/{id}/qr", No, Is(200), Is(404)).keepers(Is(200)),
    Door { bot: Some(Is(403)), ..authors("PUT /api/invites/{id}/projector", No, Is(200), Is(404)) }
        .keepers(Is(200)),
    Door {
        bot: Some(Is(403)),
        ..authors("DELETE /api/invites/{id}/projector", No, Is(204), Is(404))
    }
    .keepers(Is(204)),
    // Pages and forms.
    open("GET /first/{secret}", No, Is(404)),
    open("POST /first/{secret}", Form("place=x&name=new {n}&password=correct horse"), Is(404)),
    open("GET /join/{code}", No, Is(404)),
    open("POST /join/{code}", Form("name=new {n}"), Is(404)),
    // Nothing is shown on a projector (`ways_in/projector.rs`).
    open("GET /code", No, Is(200)),
    open("POST /code", Form("code=222222"), Is(404)),
    open("GET /waiting", No, SeeOther).at_the_door(Is(200)),
    open("POST /waiting", Form(""), SignIn).asks_nobody(),
    open("GET /link/{secret}", No, Is(404)),
    open("POST /link/{secret}", Form("password=correct horse"), Is(404)),
    Door { nobody: SignIn, ..authors("GET /invites/{id}", No, Is(200), Is(404)) }.keepers(Is(200)),
    Door { nobody: SignIn, ..open("GET /", No, SeeOther) },
    Door { nobody: Is(200), ..open("GET /login", No, SeeOther) },
    open("POST /login", Form("displayName=new {n}"), SeeOther),
    Door { bot: Some(Is(403)), ..open("GET /logout", No, SignIn) },
    Door { bot: Some(Is(403)), ..open("POST /logout", Form(""), SignIn) },
    page("GET /channels", No, Is(200)),
    page("POST /channels", Form("new_channel=new {n}"), SeeOther).no_guests().not_muted(),
    page("GET /channel/{name}", No, Is(200)).no_guests(),
    page("GET /channel/{name}/{number}", No, Is(200)).no_guests(),
    page("POST /channel/{name}", Form("msg=x"), SeeOther).no_guests().not_muted(),
    Door { author: Is(200), ..page("GET /channel/{name}/delete", No, Is(403)) }.no_guests(),
    page("POST /channel/{name}/join", Form(""), SeeOther).no_guests(),
    Door { author: SeeOther, ..page("POST /channel/{name}/delete", Form("id=1"), Is(403)) }.no_guests(),
    page("GET /channel/{name}/members", No, Is(200)).no_guests(),
    Door {
        stranger: Is(403),
        former: Is(403),
        ..page("POST /channel/{name}/members", Form("name={strangers_name}"), SeeOther)
    }
    .no_guests().not_muted(),
    page("POST /channel/{name}/leave", Form(""), SeeOther).no_guests(),
    Door {
        author: SeeOther,
        host: Some(SeeOther),
        bot: Some(Is(403)),
        ..page("POST /channel/{name}/invites", Form("label=tea"), Is(403))
    }
    .no_guests().keepers(SeeOther),
    Door {
        author: SeeOther,
        bot: Some(Is(403)),
        ..page("POST /channel/{name}/waiting", Form("id={waiting}&then=in"), Is(403))
    }
    .no_guests().keepers(Is(404)),
    // Channels by their ids; a public one has moved to its name.
    page("GET /c/{id}", No, SeeOther).no_guests(),
    page("GET /c/{id}/{number}", No, SeeOther).no_guests(),
    page("POST /c/{id}", Form("msg=x"), SeeOther).no_guests().not_muted(),
    Door { author: Is(200), ..page("GET /c/{id}/delete", No, Is(403)) }.no_guests(),
    Door { author: SeeOther, ..page("POST /c/{id}/delete", Form("id=1"), Is(403)) }.no_guests(),
    page("GET /c/{id}/members", No, Is(200)).no_guests(),
    Door {
        stranger: Is(403),
        former: Is(403),
        ..page("POST /c/{id}/members", Form("name={strangers_name}"), SeeOther)
    }
    .no_guests().not_muted(),
    page("POST /c/{id}/leave", Form(""), SeeOther).no_guests(),
    Door {
        author: SeeOther,
        host: Some(SeeOther),
        bot: Some(Is(403)),
        ..page("POST /c/{id}/invites", Form("label=tea"), Is(403))
    }
    .no_guests().keepers(SeeOther),
    Door {
        author: SeeOther,
        bot: Some(Is(403)),
        ..page("POST /c/{id}/waiting", Form("id={waiting}&then=in"), Is(403))
    }
    .no_guests().keepers(Is(404)),
    page("POST /direct", Form("names="), SeeOther).no_guests(),
    page("GET /settings", No, Is(200)),
    Door {
        bot: Some(Is(403)),
        muted: Some(Is(403)),
        ..page("POST /settings", Form("displayName=renamed {n}"), SeeOther)
    },
    page("GET /saved", No, Is(200)),
    page("GET /activity", No, Is(200)),
    page("GET /threads", No, Is(200)),
    page("GET /search", No, Is(200)).no_guests(),
    page("GET /people", No, Is(403)).no_guests().keepers(Is(200)),
    page("GET /people/{tab}", No, Is(403)).no_guests().keepers(Is(200)),
    // Doors with the same answer for everybody: documents, assets, and the transport of sockets,
    // which by itself opens no namespace (`sockets.rs`).
    open("GET /api/openapi.json", No, Is(200)).asks_nobody(),
    open("GET /api/docs", No, Is(200)).asks_nobody(),
    open("GET /healthz", No, Is(200)).asks_nobody(),
    open("GET /plain.css", No, Is(200)).asks_nobody(),
    open("GET /favicon.svg", No, Is(200)).asks_nobody(),
    open("GET /assets/{*path}", No, Is(404)),
    open("ANY /socket.io/", No, Is(200)).asks_nobody(),
    open("ANY /socket.io", No, Is(200)).asks_nobody(),
];
