//! What each door answers to whom.

use super::Says::{self, Is, SeeOther, SignIn};

/// A person who asks. The world belongs to the author: the addresses name the author's channel,
/// message, files, token and session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// No credential.
    Nobody,
    /// The cookie of a session of the author that was ended.
    EndedSession,
    /// A bot token of the author that was revoked.
    RevokedToken,
    /// The revoked token, and beside it a good cookie, which must not count.
    RevokedTokenWithCookie,
    /// Signed in, but no member of the channel.
    Stranger,
    /// A member of the channel.
    Member,
    /// A former member of the channel.
    Former,
    /// The one who made everything.
    Author,
    /// A guest, who was put into another channel.
    Guest,
    /// A bot of the stranger.
    StrangersBot,
    /// A bot of the member.
    MembersBot,
    /// A bot of the former member.
    FormersBot,
    /// A bot of the author.
    AuthorsBot,
}

impl Who {
    pub const ALL: [Self; 13] = [
        Self::Nobody,
        Self::EndedSession,
        Self::RevokedToken,
        Self::RevokedTokenWithCookie,
        Self::Stranger,
        Self::Member,
        Self::Former,
        Self::Author,
        Self::Guest,
        Self::StrangersBot,
        Self::MembersBot,
        Self::FormersBot,
        Self::AuthorsBot,
    ];
}

/// The body of the request.
#[derive(Debug, Clone, Copy)]
pub enum Body {
    /// Nothing.
    No,
    /// JSON; `{n}` stands for a unique number, `{channel}` for the channel's id.
    Json(&'static str),
    /// A form.
    Form(&'static str),
    /// Bytes of a file.
    Bytes(&'static str),
}

/// One door. The fields `stranger`, `member`, `former` and `author` are the answers to these
/// people; a visitor without a good credential gets the answer of `nobody`.
#[derive(Debug)]
pub struct Door {
    /// `METHOD /address`, and after `#` which of several things it is about.
    name: &'static str,
    body: Body,
    nobody: Says,
    stranger: Says,
    member: Says,
    former: Says,
    author: Says,
    /// The answer to a guest: where nothing else is said, that of a stranger.
    guest: Option<Says>,
    /// The answer to a bot where it may not do what its maker may.
    bot: Option<Says>,
}

impl Door {
    /// The door as the server lists it.
    pub fn address(&self) -> &'static str {
        self.name.split(" #").next().unwrap()
    }

    /// Which of several things it is about.
    pub fn variant(&self) -> &'static str {
        self.name.split(" #").nth(1).unwrap_or_default()
    }

    pub fn body(&self) -> Body {
        self.body
    }

    pub fn says(&self, who: Who) -> Says {
        let bot = |maker: Says| self.bot.unwrap_or(maker);
        match who {
            Who::Nobody | Who::EndedSession | Who::RevokedToken | Who::RevokedTokenWithCookie => {
                self.nobody
            }
            Who::Stranger => self.stranger,
            Who::Member => self.member,
            Who::Former => self.former,
            Who::Author => self.author,
            Who::Guest => self.guest.unwrap_or(self.stranger),
            Who::StrangersBot => bot(self.stranger),
            Who::MembersBot => bot(self.member),
            Who::FormersBot => bot(self.former),
            Who::AuthorsBot => bot(self.author),
        }
    }
}

/// A door with the same answer for everybody.
const fn open(name: &'static str, body: Body, says: Says) -> Door {
    let (nobody, stranger, member, former, author) = (says, says, says, says, says);
    Door { name, body, nobody, stranger, member, former, author, guest: None, bot: None }
}

impl Door {
    /// To a guest it answers that.
    const fn guest(self, says: Says) -> Self {
        Self { guest: Some(says), ..self }
    }

    /// To a guest it answers as an address where there is nothing.
    const fn no_guests(self) -> Self {
        self.guest(Is(404))
    }
}

/// A door with the same answer for everybody who is signed in.
const fn signed(name: &'static str, body: Body, says: Says) -> Door {
    Door { nobody: Is(401), ..open(name, body, says) }
}

/// The same, but refused to bots, because it protects the account.
const fn in_person(name: &'static str, body: Body, says: Says) -> Door {
    Door { bot: Some(Is(403)), ..signed(name, body, says) }
}

/// A door for members; others get that refusal.
const fn members(name: &'static str, body: Body, says: Says, others: Says) -> Door {
    Door { stranger: others, former: others, ..signed(name, body, says) }
}

/// A door for the author alone; others get that refusal.
const fn authors(name: &'static str, body: Body, says: Says, others: Says) -> Door {
    Door { author: says, ..signed(name, body, others) }
}

/// A page: a visitor who is not signed in is redirected to the form.
const fn page(name: &'static str, body: Body, says: Says) -> Door {
    Door { nobody: SignIn, ..open(name, body, says) }
}

use Body::{Bytes, Form, Json, No};

pub const TABLE: &[Door] = &[
    // The account.
    open("POST /api/session", Json(r#"{"name":"new {n}"}"#), Is(201)),
    in_person("DELETE /api/session", No, Is(204)),
    signed("GET /api/me", No, Is(200)),
    signed("PATCH /api/me/settings", Json(r#"{"theme":"dark"}"#), Is(200)),
    in_person("PUT /api/me/name", Json(r#"{"name":"renamed {n}"}"#), Is(200)),
    in_person("PUT /api/me/password", Json(r#"{"new":"correct horse"}"#), Is(204)),
    in_person("GET /api/me/sessions", No, Is(200)),
    Door { bot: Some(Is(403)), ..authors("DELETE /api/me/sessions/{id}", No, Is(204), Is(404)) },
    in_person("GET /api/me/devices", No, Is(200)),
    Door { bot: Some(Is(403)), ..authors("DELETE /api/me/devices/{id}", No, Is(204), Is(404)) },
    in_person("GET /api/me/tokens", No, Is(200)),
    in_person("POST /api/me/tokens", Json(r#"{"name":"bot {n}"}"#), Is(201)),
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
    signed("PUT /api/me/profile", Json(r#"{"about":"tea"}"#), Is(200)),
    authors("PUT /api/me/picture", Json(r#"{"upload":"{loose}"}"#), Is(200), Is(404)),
    signed("DELETE /api/me/picture", No, Is(200)),
    signed("GET /pictures/{id}/{side}", No, Is(404)),
    // Nobody here is in charge.
    signed("GET /api/place/people", No, Is(403)).no_guests(),
    signed("PUT /api/people/{id}/role", Json(r#"{"role":"owner"}"#), Is(403)).no_guests(),
    signed("PUT /api/people/{id}/deactivated", No, Is(403)).no_guests(),
    signed("DELETE /api/people/{id}/deactivated", No, Is(403)).no_guests(),
    signed("GET /api/me/changes", No, Is(200)),
    signed("GET /api/place/changes", No, Is(200)).no_guests(),
    // Channels: all are public, so everybody who is signed in may look and join.
    signed("GET /api/channels", No, Is(200)),
    signed("POST /api/channels", Json(r#"{"name":"new {n}"}"#), Is(201)).no_guests(),
    signed("GET /api/directory", No, Is(200)).no_guests(),
    signed("GET /api/channels/{id}", No, Is(200)).no_guests(),
    members("PATCH /api/channels/{id}", Json(r#"{"topic":"tea"}"#), Is(200), Is(403)).no_guests(),
    authors("PATCH /api/channels/{id} #as a host", Json(r#"{"slow_s":5}"#), Is(200), Is(403)).no_guests(),
    authors("DELETE /api/channels/{id}", No, Is(204), Is(403)).no_guests(),
    signed("PUT /api/channels/{id}/membership", No, Is(200)).no_guests(),
    signed("DELETE /api/channels/{id}/membership", No, Is(204)).no_guests(),
    signed("POST /api/channels/{id}/visit", No, Is(200)).no_guests(),
    members("PUT /api/channels/{id}/read", Json(r#"{"number":1}"#), Is(200), Is(404)).no_guests(),
    signed("GET /api/channels/{id}/members", No, Is(200)).no_guests(),
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
    .no_guests(),
    // What the hosts do; the author is the only one.
    authors("DELETE /api/channels/{id}/members/{user}", No, Is(204), Is(403)).no_guests(),
    authors("PUT /api/channels/{id}/hosts/{user}", No, Is(204), Is(403)).no_guests(),
    authors("DELETE /api/channels/{id}/hosts/{user}", No, Is(204), Is(403)).no_guests(),
    authors("PUT /api/channels/{id}/mutes/{user}", Json(r#"{"minutes":5}"#), Is(204), Is(403)).no_guests(),
    authors("DELETE /api/channels/{id}/mutes/{user}", No, Is(204), Is(403)).no_guests(),
    authors("GET /api/channels/{id}/kept-out", No, Is(200), Is(403)).no_guests(),
    authors("PUT /api/channels/{id}/kept-out/{user}", No, Is(204), Is(403)).no_guests(),
    authors("DELETE /api/channels/{id}/kept-out/{user}", No, Is(204), Is(403)).no_guests(),
    // Messages.
    signed("GET /api/channels/{id}/messages", No, Is(200)).no_guests(),
    signed("POST /api/channels/{id}/messages", Json(r#"{"text":"x"}"#), Is(201)).no_guests(),
    authors(
        "POST /api/channels/{id}/messages #with the author's file",
        Json(r#"{"text":"x","attachments":["{loose}"]}"#),
        Is(201),
        Is(404),
    ),
    authors("DELETE /api/channels/{id}/messages/{number}", No, Is(200), Is(403)).no_guests(),
    // Keeping order: the author is host of the channel, and nobody keeps order in the place.
    authors(
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
    signed("GET /api/message-reports", No, Is(403)).no_guests(),
    signed("DELETE /api/message-reports/{id}/{number}", No, Is(403)).no_guests(),
    signed("GET /api/log", No, Is(403)).no_guests(),
    signed("GET /api/channels/{id}/changes", No, Is(200)).no_guests(),
    signed("GET /api/channels/{id}/digest", No, Is(200)).no_guests(),
    // Files: in a message they belong to the channel, before that to their sender.
    signed("POST /api/uploads", Bytes("application/octet-stream"), Is(201)),
    authors("GET /api/uploads/{id}", No, Is(200), Is(404)),
    authors("GET /api/uploads/{id} #in a message", No, Is(200), Is(404)),
    authors("DELETE /api/uploads/{id}", No, Is(204), Is(404)),
    signed("DELETE /api/uploads/{id} #in a message", No, Is(404)),
    signed("OPTIONS /api/uploads/resumable", No, Is(204)),
    signed("POST /api/uploads/resumable", No, Is(201)),
    authors("HEAD /api/uploads/resumable/{id}", No, Is(200), Is(404)),
    authors("HEAD /api/uploads/resumable/{id} #finished", No, Is(200), Is(404)),
    authors(
        "PATCH /api/uploads/resumable/{id}",
        Bytes("application/offset+octet-stream"),
        Is(204),
        Is(404),
    ),
    authors(
        "PATCH /api/uploads/resumable/{id} #finished",
        Bytes("application/offset+octet-stream"),
        Is(409),
        Is(404),
    ),
    authors("DELETE /api/uploads/resumable/{id}", No, Is(204), Is(404)),
    authors("DELETE /api/uploads/resumable/{id} #finished", No, Is(204), Is(404)),
    authors("GET /files/{id}/{name}", No, Is(200), Is(404)),
    signed("GET /files/{id}/{name} #in a message", No, Is(200)).no_guests(),
    authors("GET /thumbnails/{id}", No, Is(200), Is(404)),
    signed("GET /thumbnails/{id} #in a message", No, Is(200)).no_guests(),
    // The web app.
    open("GET /api/state", No, Is(200)),
    signed(
        "POST /api/reports",
        Json(
            r#"{"kind":"digest_mismatch","channel":{channel},"revision":1,"expected":"a","found":"b"}"#,
        ),
        Is(204),
    ).no_guests(),
    // The place and its door. Nobody here is in charge (`in_charge.rs`, `ways_in/`).
    signed("GET /api/place", No, Is(403)).no_guests(),
    signed("PATCH /api/place", Json(r#"{"way_in":"open"}"#), Is(403)).no_guests(),
    signed("GET /api/waiting", No, Is(403)).no_guests(),
    signed("PUT /api/waiting/{id}", No, Is(403)).no_guests(),
    signed("DELETE /api/waiting/{id}", No, Is(403)).no_guests(),
    signed("POST /api/people/{id}/sign-in-link", No, Is(403)).no_guests(),
    open("GET /api/door", No, Is(200)),
    signed("GET /api/invites", No, Is(200)).no_guests(),
    signed("POST /api/invites", Json(r#"{"role":"member"}"#), Is(403)).no_guests(),
    Door {
        bot: Some(Is(403)),
        ..authors(
            "POST /api/invites #for guests",
            Json(r#"{"role":"guest","channels":[{channel}]}"#),
            Is(201),
            Is(403),
        )
    }
    .no_guests(),
    authors("GET /api/invites/{id}", No, Is(200), Is(404)),
    authors("PATCH /api/invites/{id}", Json(r#"{"door":"closed"}"#), Is(200), Is(404)),
    authors("DELETE /api/invites/{id}", No, Is(200), Is(404)),
    authors("GET /api/invites/{id}/qr", No, Is(200), Is(404)),
    // Pages and forms.
    open("GET /first/{secret}", No, Is(404)),
    open("POST /first/{secret}", Form("place=x&name=new {n}&password=correct horse"), Is(404)),
    open("GET /join/{code}", No, Is(404)),
    open("POST /join/{code}", Form("name=new {n}"), Is(404)),
    open("GET /waiting", No, SeeOther),
    open("POST /waiting", Form(""), SignIn),
    open("GET /link/{secret}", No, Is(404)),
    open("POST /link/{secret}", Form("password=correct horse"), Is(404)),
    Door { nobody: SignIn, ..authors("GET /invites/{id}", No, Is(200), Is(404)) },
    Door { nobody: SignIn, ..open("GET /", No, SeeOther) },
    Door { nobody: Is(200), ..open("GET /login", No, SeeOther) },
    open("POST /login", Form("displayName=new {n}"), SeeOther),
    Door { bot: Some(Is(403)), ..open("GET /logout", No, SignIn) },
    Door { bot: Some(Is(403)), ..open("POST /logout", Form(""), SignIn) },
    page("GET /channels", No, Is(200)),
    page("POST /channels", Form("new_channel=new {n}"), SeeOther).no_guests(),
    page("GET /channel/{name}", No, Is(200)).no_guests(),
    page("GET /channel/{name}/{number}", No, Is(200)).no_guests(),
    page("POST /channel/{name}", Form("msg=x"), SeeOther).no_guests(),
    Door { author: Is(200), ..page("GET /channel/{name}/delete", No, Is(403)) }.no_guests(),
    page("POST /channel/{name}/join", Form(""), SeeOther).no_guests(),
    Door { author: SeeOther, ..page("POST /channel/{name}/delete", Form("id=1"), Is(403)) }.no_guests(),
    // Channels by their ids; a public one has moved to its name.
    page("GET /c/{id}", No, SeeOther).no_guests(),
    page("GET /c/{id}/{number}", No, SeeOther).no_guests(),
    page("POST /c/{id}", Form("msg=x"), SeeOther).no_guests(),
    Door { author: Is(200), ..page("GET /c/{id}/delete", No, Is(403)) }.no_guests(),
    Door { author: SeeOther, ..page("POST /c/{id}/delete", Form("id=1"), Is(403)) }.no_guests(),
    page("GET /settings", No, Is(200)),
    Door {
        bot: Some(Is(403)),
        ..page("POST /settings", Form("displayName=renamed {n}"), SeeOther)
    },
    page("GET /people", No, Is(403)).no_guests(),
    page("GET /people/{tab}", No, Is(403)).no_guests(),
    // Doors with the same answer for everybody: documents, assets, and the transport of sockets,
    // which by itself opens no namespace (`sockets.rs`).
    open("GET /api/openapi.json", No, Is(200)),
    open("GET /api/docs", No, Is(200)),
    open("GET /healthz", No, Is(200)),
    open("GET /plain.css", No, Is(200)),
    open("GET /favicon.svg", No, Is(200)),
    open("GET /assets/{*path}", No, Is(404)),
    open("ANY /socket.io/", No, Is(200)),
    open("ANY /socket.io", No, Is(200)),
];
