//! The people, the channel and the things of the table.

use hyper::Method;
use serde_json::{Value, json};

use super::bare;
use super::door::{Body, Door, Who};
use crate::app::{TestApp, User};
use crate::client::{Client, Reply};

/// The header that resumable uploads need; other doors ignore it.
pub const TUS: [(&str, &str); 4] = [
    ("tus-resumable", "1.0.0"),
    ("upload-length", "5"),
    ("upload-offset", "0"),
    ("upload-metadata", "filename eA=="),
];

/// The people who try one door.
pub struct People {
    stranger: User,
    member: User,
    former: User,
    author: User,
    guest: User,
    /// Another channel of the author.
    lobby: i64,
    /// The former member of a private channel.
    left: User,
    kept_out: User,
    muted: User,
    host: User,
    deactivated: User,
    moderator: User,
    owner: User,
    /// A browser that waits at the door, and the id of its name there.
    waiting: Client,
    waiting_id: i64,
    /// The cookie of the author's browser before its session was ended.
    ended: Client,
    revoked: String,
}

/// What the author made for one request.
pub struct World {
    n: String,
    author: i64,
    strangers_name: String,
    /// The ids of the stranger and of the member.
    stranger: i64,
    member: i64,
    channel: i64,
    name: String,
    /// A file in no message, and one in a message.
    loose: String,
    used: String,
    /// An upload of which nothing has come, if the door is about one.
    begun: String,
    token: Value,
    session: Value,
    device: String,
    invite: Value,
    waiting: i64,
}

impl People {
    pub async fn gather(app: &TestApp, row: usize) -> Self {
        let take = async |name: &str| app.user(&format!("{name} {row}")).await;
        let mut author = take("author").await;
        // The same browser signs in twice; its first session is ended.
        let ended = author.client.clone();
        let name = json!({ "name": author.name });
        let again = author.client.post("/api/session", &name).await;
        assert_eq!(again.status, 201, "{}", again.text());
        assert_eq!(ended.clone().delete("/api/session").await.status, 204);
        let (id, revoked) = token(&mut author).await;
        assert_eq!(author.client.delete(&format!("/api/me/tokens/{id}")).await.status, 204);
        let (stranger, member) = (take("stranger").await, take("member").await);
        let lobby = author.channel(&format!("lobby {row}")).await;
        let guest = guest(app, &mut author, lobby, &format!("guest {row}")).await;
        let waiting = waiting(app, &mut author, lobby, &format!("waiting {row}")).await;
        let (kept_out, muted) = (take("kept out").await, take("muted").await);
        let deactivated = take("deactivated").await;
        let moderator = app.in_charge(&format!("moderator {row}"), "moderator").await;
        let mut owner = app.in_charge(&format!("owner {row}"), "owner").await;
        let mute = format!("/api/people/{}/mute", muted.id);
        assert_eq!(owner.client.put(&mute, &json!({})).await.status, 204);
        let gone = format!("/api/people/{}/deactivated", deactivated.id);
        assert_eq!(owner.client.put(&gone, &Value::Null).await.status, 204);
        let all = owner.client.get("/api/waiting").await.json();
        let mut all = all["waiting"].as_array().unwrap().iter();
        let name = format!("waiting {row}");
        let waiting_id = all.find(|one| one["name"] == name.as_str()).unwrap()["id"].as_i64();
        let (former, host) = (take("former").await, take("host").await);
        Self {
            lobby,
            stranger,
            member,
            former,
            author,
            guest,
            left: take("left").await,
            kept_out,
            muted,
            host,
            deactivated,
            moderator,
            owner,
            waiting,
            waiting_id: waiting_id.unwrap(),
            ended,
            revoked,
        }
    }

    /// Makes room at the door: the list of names there ends after a hundred.
    pub async fn leave(&mut self) {
        self.waiting.form("/waiting", &[]).await;
    }

    /// A client with the credentials of that person.
    pub async fn client(&mut self, who: Who, world: &World) -> Client {
        let plain = bare(&self.author.client);
        let with = |cookies: &Client| Client { cookies: cookies.cookies.clone(), ..plain.clone() };
        let with_token = |token: &str, mut client: Client| {
            client.headers.push(("authorization", format!("Bearer {token}")));
            client
        };
        match who {
            Who::Nobody => plain,
            Who::EndedSession => with(&self.ended),
            Who::RevokedToken => with_token(&self.revoked, plain),
            Who::RevokedTokenWithCookie => with_token(&self.revoked, with(&self.author.client)),
            Who::Stranger => with(&self.stranger.client),
            Who::Member => with(&self.member.client),
            Who::Former => with(&self.former.client),
            Who::FormerOfPrivate => with(&self.left.client),
            Who::KeptOut => with(&self.kept_out.client),
            Who::Muted => with(&self.muted.client),
            Who::Host => with(&self.host.client),
            Who::Deactivated => with(&self.deactivated.client),
            Who::Waiting => with(&self.waiting),
            Who::Moderator => with(&self.moderator.client),
            Who::Owner => with(&self.owner.client),
            Who::Guest => with(&self.guest.client),
            Who::Author => with(&self.author.client),
            Who::StrangersBot => with_token(&token(&mut self.stranger).await.1, plain),
            Who::MembersBot => with_token(&token(&mut self.member).await.1, plain),
            Who::FormersBot => with_token(&token(&mut self.former).await.1, plain),
            Who::AuthorsBot => with_token(&token(&mut self.author).await.1, plain),
            Who::NarrowBot => {
                let limits = json!({ "name": "bot", "channels": [self.lobby] });
                with_token(&token_with(&mut self.author, &limits).await.1, plain)
            }
            Who::NarrowBotInside => {
                // Without a channel of its own the door is about none.
                let channel = if world.channel > 0 { world.channel } else { self.lobby };
                let limits = json!({ "name": "bot", "channels": [channel] });
                with_token(&token_with(&mut self.author, &limits).await.1, plain)
            }
            Who::ReadingBot => {
                let limits = json!({ "name": "bot", "reads_only": true });
                with_token(&token_with(&mut self.author, &limits).await.1, plain)
            }
        }
    }

    /// The author's channel with one of the author's messages, as `who` finds it; the member is in it, and
    /// the former member is not.
    async fn open_channel(&mut self, name: &str, file: &str, who: Who) -> i64 {
        let kind = if who == Who::FormerOfPrivate { "private" } else { "public" };
        let leaves = if who == Who::FormerOfPrivate { &mut self.left } else { &mut self.former };
        let people = [self.member.id, leaves.id];
        let draft = json!({ "name": name, "kind": kind });
        let made = self.author.client.post("/api/channels", &draft).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let channel = made.json()["id"].as_i64().unwrap();
        let files: Vec<&str> = Some(file).filter(|file| !file.is_empty()).into_iter().collect();
        let body = json!({ "text": "the author's", "attachments": files });
        assert_eq!(self.author.post(channel, &body).await.status, 201);
        // The lines of those who come take the numbers behind it.
        let members = format!("/api/channels/{channel}/members");
        let added = self.author.client.post(&members, &json!({ "people": people })).await;
        assert_eq!(added.status, 204, "{}", added.text());
        match who {
            Who::KeptOut => {
                let out = format!("/api/channels/{channel}/kept-out/{}", self.kept_out.id);
                assert_eq!(self.author.client.put(&out, &Value::Null).await.status, 204);
            }
            Who::Muted => self.muted.join(channel).await,
            Who::Host => {
                self.host.join(channel).await;
                let host = format!("/api/channels/{channel}/hosts/{}", self.host.id);
                assert_eq!(self.author.client.put(&host, &Value::Null).await.status, 204);
            }
            _ => {}
        }
        let membership = format!("/api/channels/{channel}/membership");
        assert_eq!(leaves.client.delete(&membership).await.status, 204);
        channel
    }

    /// Signs in the people again that a door has signed out.
    async fn revive(&mut self) {
        if self.author.client.get("/api/me").await.status == 401 {
            // Whoever keeps order may have deactivated them.
            let gone = format!("/api/people/{}/deactivated", self.author.id);
            assert_eq!(self.owner.client.delete(&gone).await.status, 204);
        }
        let (one, two) = (&mut self.former, &mut self.guest);
        for user in [&mut self.stranger, &mut self.member, one, two, &mut self.author] {
            if user.client.get("/api/me").await.status == 401 {
                let reply = user.client.post("/api/session", &json!({ "name": user.name })).await;
                assert_eq!(reply.status, 201, "{}", reply.text());
            }
        }
    }
}

/// A guest of a channel that the author made.
async fn guest(app: &TestApp, author: &mut User, channel: i64, name: &str) -> User {
    let code = invite(author, channel).await["address"].as_str().unwrap().to_owned();
    let code = code.rsplit('/').next().unwrap();
    let mut client = app.browser();
    let body = json!({ "name": name, "invite": code });
    let reply = client.post("/api/session", &body).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    User { client, id: reply.json()["id"].as_i64().unwrap(), name: name.to_owned() }
}

async fn invite(author: &mut User, channel: i64) -> Value {
    let body = json!({ "role": "guest", "channels": [channel] });
    author.client.post("/api/invites", &body).await.json()
}

/// A browser that waits at the door with a name, by an invite that asks whether it may come in.
async fn waiting(app: &TestApp, author: &mut User, channel: i64, name: &str) -> Client {
    let made = invite(author, channel).await;
    let door = format!("/api/invites/{}", made["id"]);
    let asks = author.client.patch(&door, &json!({ "door": "approval" })).await;
    assert_eq!(asks.status, 200, "{}", asks.text());
    let code = made["address"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let mut client = app.browser();
    let reply = client.post("/api/session", &json!({ "name": name, "invite": code })).await;
    assert_eq!(reply.status, 202, "{}", reply.text());
    client
}

async fn token(user: &mut User) -> (Value, String) {
    token_with(user, &json!({ "name": "bot" })).await
}

async fn token_with(user: &mut User, draft: &Value) -> (Value, String) {
    let made = user.client.post("/api/me/tokens", draft).await.json();
    (made["id"].clone(), made["token"].as_str().unwrap().to_owned())
}

async fn upload(user: &mut User) -> String {
    let png = crate::picture_files::photo(64, 64);
    let reply = user.client.send(Method::POST, "/api/uploads?name=x", "", png).await;
    reply.json()["id"].as_str().unwrap().to_owned()
}

impl World {
    /// Fresh things, so that no answer depends on the requests before.
    pub async fn make(people: &mut People, n: &str, door: &Door, who: Who) -> Self {
        people.revive().await;
        let name = format!("channel {n}");
        let about = |part: &str| door.address().contains(part);
        // Only what the door is about, because there are many doors and many people.
        let text = match door.body() {
            Body::Json(text) | Body::Form(text) => text,
            Body::No | Body::Bytes(_) => "",
        };
        let (mut loose, mut used) = (String::new(), String::new());
        if about("/uploads/")
            || about("/files/")
            || about("/thumbnails/")
            || text.contains("{loose}")
        {
            (loose, used) = (upload(&mut people.author).await, upload(&mut people.author).await);
        }
        let mut channel = 0;
        if about("/channel") || about("/c/") || !used.is_empty() || text.contains("{channel}") {
            channel = people.open_channel(&name, &used, who).await;
        }
        let mut begun = String::new();
        if about("/resumable/") {
            let mut client = people.author.client.clone();
            client.headers = TUS.map(|(name, value)| (name, value.to_owned())).to_vec();
            let reply = client.send(Method::POST, "/api/uploads/resumable", "", Vec::new()).await;
            begun = reply.header("location").rsplit('/').next().unwrap().to_owned();
        }
        let mut session = Value::Null;
        if about("/sessions/") {
            let name = json!({ "name": people.author.name });
            people.author.client.clone().post("/api/session", &name).await;
            let list = people.author.client.get("/api/me/sessions").await.json();
            let mut other = list["sessions"].as_array().unwrap().iter();
            session = other.find(|session| session["current"] == false).unwrap()["id"].clone();
        }
        let mut device = String::new();
        if about("/devices/") {
            // On a computer that others use too, as the same browser now says.
            let shared = json!({ "name": people.author.name, "shared": true });
            people.author.client.clone().post("/api/session", &shared).await;
            let list = people.author.client.get("/api/me/devices").await.json();
            let mut other = list["devices"].as_array().unwrap().iter();
            let other = other.find(|device| device["current"] == false).unwrap();
            device = other["id"].as_str().unwrap().to_owned();
        }
        let token = match about("/tokens/") {
            true => token(&mut people.author).await.0,
            false => Value::Null,
        };
        let author = people.author.id;
        let (stranger, member) = (people.stranger.id, people.member.id);
        let mut one = Value::Null;
        if about("/invites/") {
            let channel = people.open_channel(&name, "", Who::Author).await;
            one = invite(&mut people.author, channel).await["id"].clone();
        }
        Self {
            n: n.to_owned(),
            author,
            strangers_name: people.stranger.name.clone(),
            stranger,
            member,
            channel,
            name,
            loose,
            used,
            begun,
            token,
            session,
            device,
            invite: one,
            waiting: people.waiting_id,
        }
    }

    /// What a refusal must not change: the channel, the message, the file, the account.
    pub async fn look(&self, people: &mut People) -> Vec<Value> {
        let author = &mut people.author.client;
        let mut paths = vec!["/api/me".to_owned()];
        if self.channel != 0 {
            paths.extend(
                ["", "/changes?since=0", "/members"]
                    .map(|part| format!("/api/channels/{}{part}", self.channel)),
            );
        }
        if !self.loose.is_empty() {
            paths.push(format!("/api/uploads/{}", self.loose));
        }
        let mut seen = Vec::new();
        for path in paths {
            let mut told = author.get(&path).await.json();
            // When somebody was here last changes by itself.
            for member in told["members"].as_array_mut().into_iter().flatten() {
                member["last_here"].take();
            }
            seen.push(told);
        }
        seen
    }

    /// Sends the request of a door.
    pub async fn knock(&self, client: Client, door: &Door) -> Reply {
        let (method, path) = door.address().split_once(' ').unwrap();
        let method: Method = if method == "ANY" { Method::GET } else { method.parse().unwrap() };
        let (kind, body) = match door.body() {
            Body::No => ("", String::new()),
            Body::Json(text) => ("application/json", self.fill(text)),
            Body::Form(text) => ("application/x-www-form-urlencoded", self.fill(text)),
            Body::Bytes(kind) => (kind, "01234".to_owned()),
        };
        let path = self.address(path, door.variant());
        client.exchange(method, &path, kind, body.into_bytes()).await.expect("an answer")
    }

    fn fill(&self, text: &str) -> String {
        text.replace("{n}", &self.n)
            .replace("{channel}", &self.channel.to_string())
            .replace("{loose}", &self.loose)
            .replace("{stranger}", &self.stranger.to_string())
            .replace("{strangers_name}", &self.strangers_name)
            .replace("{waiting}", &self.waiting.to_string())
    }

    fn address(&self, path: &str, variant: &str) -> String {
        let plain = |value: &Value| value.to_string();
        let file = if variant == "in a message" { &self.used } else { &self.loose };
        let id = match path {
            path if path.starts_with("/api/channels/") || path.starts_with("/c/") => {
                self.channel.to_string()
            }
            path if path.starts_with("/api/message-reports/") => "1".to_owned(),
            path if path.starts_with("/api/people/") => self.author.to_string(),
            path if path.starts_with("/pictures/") => "0".repeat(32),
            path if path.starts_with("/api/me/tokens/") => plain(&self.token),
            path if path.starts_with("/api/me/sessions/") => plain(&self.session),
            path if path.starts_with("/api/me/devices/") => self.device.clone(),
            path if path.contains("/invites/") => plain(&self.invite),
            path if path.starts_with("/api/waiting/") => self.waiting.to_string(),
            path if path.contains("/resumable/") && variant != "finished" => self.begun.clone(),
            _ => file.clone(),
        };
        let name = self.name.replace(' ', "%20");
        let filled = path
            .replace("{id}", &id)
            .replace("{user}", &self.member.to_string())
            .replace("{number}", "1")
            .replace("{emoji}", "%F0%9F%91%8D")
            .replace("{secret}", "none")
            .replace("{code}", "none")
            .replace("{side}", "72")
            .replace("{tab}", "invites")
            .replace("{name}", &name)
            .replace("{*path}", "app-0000.js");
        let query = match path {
            "/api/uploads" => "?name=x",
            "/api/channels/{id}/changes" => "?since=0",
            "/api/channels/{id}/messages" => "?through=1",
            "/channel/{name}/delete" | "/c/{id}/delete" => "?id=1",
            "/socket.io/" | "/socket.io" => "?EIO=4&transport=polling",
            _ => "",
        };
        filled + query
    }
}
