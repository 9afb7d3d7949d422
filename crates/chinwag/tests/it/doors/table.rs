//! What each door answers to whom.

use super::Says::{self, Is, SeeOther, SignIn};

/// Somebody before a door. The world belongs to the author: her channel, message, files, token and
/// session are what the addresses name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// No credential.
    Nobody,
    /// The cookie of a session of the author's that was ended.
    EndedSession,
    /// A bot token of the author's that was revoked.
    RevokedToken,
    /// That token, and beside it a cookie that is good: it must not count.
    RevokedTokenWithCookie,
    /// Signed in; not in the channel.
    Stranger,
    /// In the channel.
    Member,
    /// Was in the channel and left.
    Former,
    /// Made everything.
    Author,
    /// A bot of the stranger.
    StrangersBot,
    /// A bot of the member.
    MembersBot,
    /// A bot of the one who left.
    FormersBot,
    /// A bot of the author.
    AuthorsBot,
}

impl Who {
    pub const ALL: [Self; 12] = [
        Self::Nobody,
        Self::EndedSession,
        Self::RevokedToken,
        Self::RevokedTokenWithCookie,
        Self::Stranger,
        Self::Member,
        Self::Former,
        Self::Author,
        Self::StrangersBot,
        Self::MembersBot,
        Self::FormersBot,
        Self::AuthorsBot,
    ];
}

/// What goes with the request.
#[derive(Debug, Clone, Copy)]
pub enum Body {
    /// Nothing.
    No,
    /// JSON; `{n}` stands for something unique, `{channel}` for the channel's id.
    Json(&'static str),
    /// A form.
    Form(&'static str),
    /// Bytes of a file.
    Bytes(&'static str),
}

/// One door. `stranger`, `member`, `former` and `author` are answered by who they are; whoever
/// shows no good credential is answered as `nobody`.
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
    /// What a bot is answered where it may not do what its maker may.
    bot: Option<Says>,
}

impl Door {
    /// As the server lists it.
    pub fn address(&self) -> &'static str {
        self.name.split(" #").next().unwrap()
    }

    /// What it is about, where there are several.
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
            Who::StrangersBot => bot(self.stranger),
            Who::MembersBot => bot(self.member),
            Who::FormersBot => bot(self.former),
            Who::AuthorsBot => bot(self.author),
        }
    }
}

/// The same for everybody.
const fn open(name: &'static str, body: Body, says: Says) -> Door {
    let (nobody, stranger, member, former, author) = (says, says, says, says, says);
    Door { name, body, nobody, stranger, member, former, author, bot: None }
}

/// The same for everybody who is signed in.
const fn signed(name: &'static str, body: Body, says: Says) -> Door {
    Door { nobody: Is(401), ..open(name, body, says) }
}

/// The same, but not for bots: what protects the account is for its owner's browser.
const fn in_person(name: &'static str, body: Body, says: Says) -> Door {
    Door { bot: Some(Is(403)), ..signed(name, body, says) }
}

/// For members; others are refused in that way.
const fn members(name: &'static str, body: Body, says: Says, others: Says) -> Door {
    Door { stranger: others, former: others, ..signed(name, body, says) }
}

/// For the author alone; others are refused in that way.
const fn authors(name: &'static str, body: Body, says: Says, others: Says) -> Door {
    Door { author: says, ..signed(name, body, others) }
}

/// A page: whoever is not signed in is sent to the form.
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
    in_person("PUT /api/me/password", Json(r#"{"new":"correct horse"}"#), Is(204)),
    in_person("GET /api/me/sessions", No, Is(200)),
    Door { bot: Some(Is(403)), ..authors("DELETE /api/me/sessions/{id}", No, Is(204), Is(404)) },
    in_person("GET /api/me/devices", No, Is(200)),
    Door { bot: Some(Is(403)), ..authors("DELETE /api/me/devices/{id}", No, Is(204), Is(404)) },
    in_person("GET /api/me/tokens", No, Is(200)),
    in_person("POST /api/me/tokens", Json(r#"{"name":"bot {n}"}"#), Is(201)),
    Door { bot: Some(Is(403)), ..authors("DELETE /api/me/tokens/{id}", No, Is(204), Is(404)) },
    signed("GET /api/people", No, Is(200)),
    signed("GET /api/me/changes", No, Is(200)),
    signed("GET /api/place/changes", No, Is(200)),
    // Channels: all are public, so whoever is signed in may look and come in.
    signed("GET /api/channels", No, Is(200)),
    signed("POST /api/channels", Json(r#"{"name":"new {n}"}"#), Is(201)),
    signed("GET /api/channels/{id}", No, Is(200)),
    members("PATCH /api/channels/{id}", Json(r#"{"topic":"tea"}"#), Is(200), Is(403)),
    signed("PUT /api/channels/{id}/membership", No, Is(200)),
    signed("DELETE /api/channels/{id}/membership", No, Is(204)),
    signed("POST /api/channels/{id}/visit", No, Is(200)),
    members("PUT /api/channels/{id}/read", Json(r#"{"number":1}"#), Is(200), Is(404)),
    signed("GET /api/channels/{id}/members", No, Is(200)),
    // Messages.
    signed("GET /api/channels/{id}/messages", No, Is(200)),
    signed("POST /api/channels/{id}/messages", Json(r#"{"text":"x"}"#), Is(201)),
    authors(
        "POST /api/channels/{id}/messages #with the author's file",
        Json(r#"{"text":"x","attachments":["{loose}"]}"#),
        Is(201),
        Is(404),
    ),
    authors("DELETE /api/channels/{id}/messages/{number}", No, Is(200), Is(403)),
    signed("GET /api/channels/{id}/changes", No, Is(200)),
    signed("GET /api/channels/{id}/digest", No, Is(200)),
    // Files: in a message they are the channel's, before that their sender's.
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
    signed("GET /files/{id}/{name} #in a message", No, Is(200)),
    authors("GET /thumbnails/{id}", No, Is(200), Is(404)),
    signed("GET /thumbnails/{id} #in a message", No, Is(200)),
    // The web app.
    open("GET /api/state", No, Is(200)),
    signed(
        "POST /api/reports",
        Json(
            r#"{"kind":"digest_mismatch","channel":{channel},"revision":1,"expected":"a","found":"b"}"#,
        ),
        Is(204),
    ),
    // Pages and forms.
    Door { nobody: SignIn, ..open("GET /", No, SeeOther) },
    Door { nobody: Is(200), ..open("GET /login", No, SeeOther) },
    open("POST /login", Form("displayName=new {n}"), SeeOther),
    Door { bot: Some(Is(403)), ..open("GET /logout", No, SignIn) },
    Door { bot: Some(Is(403)), ..open("POST /logout", Form(""), SignIn) },
    page("GET /channels", No, Is(200)),
    page("POST /channels", Form("new_channel=new {n}"), SeeOther),
    page("GET /channel/{name}", No, Is(200)),
    page("GET /channel/{name}/{number}", No, Is(200)),
    page("POST /channel/{name}", Form("msg=x"), SeeOther),
    Door { author: Is(200), ..page("GET /channel/{name}/delete", No, Is(403)) },
    page("POST /channel/{name}/join", Form(""), SeeOther),
    Door { author: SeeOther, ..page("POST /channel/{name}/delete", Form("id=1"), Is(403)) },
    page("GET /settings", No, Is(200)),
    // What is the same for all: documents, assets, and the transport of sockets, which lets nobody
    // into a namespace by itself (`sockets.rs`).
    open("GET /api/openapi.json", No, Is(200)),
    open("GET /api/docs", No, Is(200)),
    open("GET /healthz", No, Is(200)),
    open("GET /plain.css", No, Is(200)),
    open("GET /favicon.svg", No, Is(200)),
    open("GET /assets/{*path}", No, Is(404)),
    open("ANY /socket.io/", No, Is(200)),
    open("ANY /socket.io", No, Is(200)),
];
