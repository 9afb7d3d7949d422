//! A store with people and channels in it, and a record of what its hook heard.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use chinwag::model::channels::{Channel, ChannelState};
use chinwag::model::edits::Edit;
use chinwag::model::events::Event;
use chinwag::model::ids::{ChannelId, MessageKey, Number, SecretHash, UploadId, UserId};
use chinwag::model::log::Doer;
use chinwag::model::messages::{Message, PageAt};
use chinwag::model::names::{ChannelName, DisplayName};
use chinwag::model::reactions::Emoji;
use chinwag::model::sessions::Session;
use chinwag::model::text::{MessageText, Topic};
use chinwag::model::threads::Reply;
use chinwag::model::time::Timestamp;
use chinwag::model::uploads::{Attachment, Upload};
use chinwag::model::users::Account;
use chinwag::store::{
    ChannelPatch, DeleteOutcome, EditOutcome, NewChannel, NewMessage, NewSession, OnCommit,
    PostOutcome, Proof, Result, Store,
};

/// A kind of store with its data. A store that is opened again finds what was kept.
pub trait Backend: Sync {
    fn open(&self, on_commit: OnCommit) -> Arc<dyn Store>;

    /// Makes a person an owner with a password, behind the back of the store that is open.
    fn make_owner(&self, whom: UserId);
}

pub const NOW: Timestamp = Timestamp(1_700_000_000_000);
pub const DAY_MS: i64 = 86_400_000;

pub struct World {
    pub store: Arc<dyn Store>,
    heard: Arc<Mutex<Vec<Event>>>,
}

impl World {
    pub fn open(backend: &dyn Backend) -> Self {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ear = Arc::clone(&heard);
        let store = backend.open(Arc::new(move |event| ear.lock().unwrap().push(event)));
        Self { store, heard }
    }

    /// Uses a store that is open already; nothing is recorded of its hook.
    pub fn over(store: Arc<dyn Store>) -> Self {
        Self { store, heard: Arc::default() }
    }

    /// What the hook heard since the last call.
    pub fn heard(&self) -> Vec<Event> {
        std::mem::take(&mut self.heard.lock().unwrap())
    }

    /// Whether the hook has heard of that revision of a channel.
    pub fn has_heard(&self, message: &Message) -> bool {
        self.heard.lock().unwrap().iter().any(|event| match event {
            Event::MessagePosted(heard)
            | Event::MessageEdited(heard)
            | Event::LineWritten(heard)
            | Event::MessageDeleted { message: heard, .. } => {
                heard.channel == message.channel && heard.revision == message.revision
            }
            _ => false,
        })
    }

    pub async fn sign_up(&self, name: &str) -> Result<(Account, Session)> {
        self.store.take_name(DisplayName::parse(name).unwrap(), session()).await
    }

    pub async fn person(&self, name: &str) -> UserId {
        self.sign_up(name).await.unwrap().0.user.id
    }

    /// Signs in without a device key or a password.
    pub async fn sign_in(&self, user: UserId, session: NewSession) -> Session {
        self.store.sign_in(user, session, Proof::Vouched).await.unwrap().unwrap()
    }

    pub async fn channel(&self, name: &str, by: UserId) -> ChannelId {
        let name = ChannelName::parse(name).unwrap();
        self.store.create_channel(public(name, topic(""), by)).await.unwrap().channel.id
    }

    pub async fn set_topic(&self, id: ChannelId, by: UserId, topic: Topic) -> Result<Channel> {
        let patch = ChannelPatch { topic: Some(topic), ..ChannelPatch::default() };
        change(&*self.store, id, by, patch).await
    }

    pub async fn say(&self, channel: ChannelId, author: UserId, text: &str) -> Message {
        match self.store.post_message(message(channel, author, text)).await.unwrap() {
            PostOutcome::Posted(message) => message,
            other => panic!("not posted: {other:?}"),
        }
    }

    pub async fn delete(&self, message: &Message) -> (Message, Vec<UploadId>) {
        let Message { channel, number, author, .. } = message;
        match self.store.delete_message(*channel, *number, author.id, NOW).await.unwrap() {
            DeleteOutcome::Deleted(message, files) => (message, files),
            other => panic!("not deleted: {other:?}"),
        }
    }

    /// Answers a message in its thread, and perhaps in the channel too.
    pub async fn reply(&self, to: &Message, by: UserId, text: &str, in_run: bool) -> Message {
        let reply = Some(Reply { root: to.number, in_run });
        let new = NewMessage { reply, ..message(to.channel, by, text) };
        match self.store.post_message(new).await.unwrap() {
            PostOutcome::Posted(message) => message,
            other => panic!("not posted: {other:?}"),
        }
    }

    /// Changes a message in the name of its author, whatever it is now.
    pub async fn edit(&self, message: &Message, edit: Edit) -> EditOutcome {
        let Message { channel, number, author, .. } = message;
        self.store.edit_message(*channel, *number, author.id, edit, NOW).await.unwrap()
    }

    /// Changes the text of a message, and returns the message as its author sees it.
    pub async fn reword(&self, message: &Message, text: &str) -> Message {
        match self.edit(message, wording(text)).await {
            EditOutcome::Edited(message, _) => message,
            other => panic!("not edited: {other:?}"),
        }
    }

    /// Puts an emoji to a message or takes it back; returns the message as the person sees it.
    pub async fn react(&self, to: &Message, by: UserId, emoji: &str, on: bool) -> Message {
        let wish = (Emoji::parse(emoji).unwrap(), on);
        let told = self.store.react(to.channel, to.number, by, wish, NOW).await;
        told.unwrap().expect("the message stands")
    }

    pub async fn upload(&self, owner: UserId, name: &str) -> UploadId {
        let upload = file(owner, name);
        let id = upload.attachment.id;
        self.store.add_upload(upload).await.unwrap();
        id
    }

    /// Every message of a public channel as the first person gets them, page by page from the first.
    pub async fn everything(&self, channel: ChannelId) -> Vec<Message> {
        self.everything_as(channel, UserId(1)).await
    }

    /// The rows of the run as somebody gets them, with the replies of all threads that begin in it.
    pub async fn everything_with_threads(
        &self,
        channel: ChannelId,
        viewer: UserId,
    ) -> Vec<Message> {
        let mut all = self.everything_as(channel, viewer).await;
        let roots: Vec<Number> =
            all.iter().filter(|row| row.thread.is_some()).map(|row| row.number).collect();
        for root in roots {
            let replies = self.replies(channel, root, viewer).await;
            all.extend(replies.into_iter().filter(|reply| !reply.in_run()));
        }
        all.sort_by_key(|row| row.number);
        all
    }

    /// All replies of a thread, a few at a time from the newest.
    pub async fn replies(&self, channel: ChannelId, root: Number, viewer: UserId) -> Vec<Message> {
        let (mut at, mut all) = (PageAt::Newest, Vec::new());
        loop {
            let page = self.store.thread(channel, root, viewer, at, 3).await;
            let mut page = page.unwrap().expect("the thread is there");
            page.replies.append(&mut all);
            all = page.replies;
            if !page.has_older {
                return all;
            }
            at = PageAt::Before(all[0].number);
        }
    }

    /// The rows of the run as somebody gets them, a few at a time from the newest.
    pub async fn backwards(&self, channel: ChannelId, viewer: UserId) -> Vec<Message> {
        let (mut at, mut all) = (PageAt::Newest, Vec::new());
        loop {
            let page = self.store.messages(channel, viewer, at, 2).await;
            let mut page = page.unwrap().expect("the channel is there");
            page.messages.append(&mut all);
            all = page.messages;
            if !page.has_older {
                return all;
            }
            at = PageAt::Before(all[0].number);
        }
    }

    /// The same, page by page from the first.
    pub async fn everything_as(&self, channel: ChannelId, viewer: UserId) -> Vec<Message> {
        let mut all: Vec<Message> = Vec::new();
        loop {
            let after = all.last().map_or(Number(0), |message| message.number);
            let page = self.store.messages(channel, viewer, PageAt::After(after), 100).await;
            let page = page.unwrap().expect("the channel is there");
            all.extend(page.messages);
            if !page.has_newer {
                return all;
            }
        }
    }
}

static NEXT: AtomicU64 = AtomicU64::new(1);

fn unique() -> u64 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

pub fn secret() -> SecretHash {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&unique().to_be_bytes());
    SecretHash(hash)
}

pub fn key() -> MessageKey {
    MessageKey(u128::from(unique()).to_be_bytes())
}

pub fn session() -> NewSession {
    NewSession {
        token: secret(),
        device: Some(secret()),
        at: NOW,
        expires_at: NOW.plus_ms(90 * DAY_MS),
        user_agent: "Firefox".to_owned(),
        address: "192.0.2.7".to_owned(),
    }
}

/// Who does something that is written into the log.
pub fn doer(user: UserId) -> Doer {
    Doer { user, address: "192.0.2.7".to_owned(), at: NOW }
}

/// Changes a channel's facts.
pub async fn change(
    store: &dyn Store,
    id: ChannelId,
    by: UserId,
    patch: ChannelPatch,
) -> Result<Channel> {
    store.change_channel(id, doer(by), patch).await
}

/// A public channel to be made.
pub fn public(name: ChannelName, topic: Topic, by: UserId) -> NewChannel {
    let state = ChannelState::default();
    NewChannel { id: None, name, topic, state, by, people: Vec::new(), at: NOW }
}

pub fn message(channel: ChannelId, author: UserId, text: &str) -> NewMessage {
    let text = MessageText::parse(text, true).unwrap();
    NewMessage {
        channel,
        author,
        key: key(),
        text,
        mentions: Vec::new(),
        quote: None,
        forward: None,
        reply: None,
        attachments: Vec::new(),
        at: NOW,
    }
}

/// An edit of the text alone, whatever the message is now.
pub fn wording(text: &str) -> Edit {
    Edit {
        edits: None,
        text: MessageText::parse(text, true).unwrap(),
        mentions: Vec::new(),
        files: None,
    }
}

pub fn file(owner: UserId, name: &str) -> Upload {
    let attachment = Attachment {
        id: UploadId(u128::from(unique()).to_be_bytes()),
        name: name.to_owned(),
        size_bytes: 1_234,
        media_type: "image/png".to_owned(),
        pixels: Some((640, 480)),
        moving: true,
        thumbnail: true,
    };
    Upload { attachment, owner, created_at: NOW, sha256: [7; 32], message: None }
}

pub fn topic(text: &str) -> Topic {
    Topic::parse(text).unwrap()
}
