//! Events as frames: JSON of `wire/` for `/app`, the origin's shapes for the classic namespace.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use socketio::Frame;

use crate::live::{APP, CLASSIC, Encode, Frames};
use crate::model::channels::Channel;
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Revision};
use crate::model::messages::Message;
use crate::model::text::without_turns;
use crate::wire::events::{
    ChannelChange, ChannelEvent, HeadsEvent, MemberChange, MemberEvent, MessageChange,
    MessageEvent, ReadEvent, UserChange, UserEvent,
};
use crate::wire::time::rfc3339;

/// What JavaScript's `encodeURI` escapes: all but these (ECMA-262, 19.2.6.4).
pub(super) const ENCODE_URI: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b';')
    .remove(b'/')
    .remove(b'?')
    .remove(b':')
    .remove(b'@')
    .remove(b'&')
    .remove(b'=')
    .remove(b'+')
    .remove(b'$')
    .remove(b',')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'#');

/// The origin's `emit msg`.
#[derive(Serialize)]
struct ClassicMessage<'a> {
    id: i64,
    user: String,
    time: String,
    msg: String,
    channel: &'a str,
}

/// The origin's `del msg`.
#[derive(Serialize)]
struct ClassicDeletion<'a> {
    channel: &'a str,
    id: i64,
}

/// Encodes for both namespaces. The origin's events carry a channel's name, which never changes:
/// the encoder keeps them all, bounded by the number of channels.
#[derive(Default)]
pub struct Encoder {
    names: RwLock<HashMap<ChannelId, String>>,
}

impl Encoder {
    /// Notes a channel that there is already; it hears of new ones by their events.
    pub fn learn(&self, channel: &Channel) {
        let mut names = self.names.write().unwrap_or_else(PoisonError::into_inner);
        names.insert(channel.id, channel.name.clone());
    }

    fn named(&self, id: ChannelId, tell: impl FnOnce(&str) -> Frame) -> Option<Frame> {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        names.get(&id).map(|name| tell(name))
    }

    fn message(&self, message: &Message, change: MessageChange) -> Frames {
        let classic = self.named(message.channel, |channel| match change {
            MessageChange::Posted => frame(CLASSIC, "emit msg", &emit_msg(message, channel)),
            MessageChange::Deleted => {
                let told = ClassicDeletion { channel, id: message.number.0 };
                frame(CLASSIC, "del msg", &told)
            }
        });
        let told = MessageEvent {
            change,
            channel: message.channel.0,
            revision: message.revision.0,
            message: message.into(),
        };
        Frames { app: Some(frame(APP, "message", &told)), classic }
    }
}

impl Encode for Arc<Encoder> {
    fn event(&self, event: &Event) -> Frames {
        let app = match event {
            Event::MessagePosted(message) => return self.message(message, MessageChange::Posted),
            Event::MessageDeleted(message) => return self.message(message, MessageChange::Deleted),
            Event::ChannelCreated(channel) => {
                self.learn(channel);
                channel_frame(channel, ChannelChange::Created)
            }
            Event::ChannelChanged(channel) => channel_frame(channel, ChannelChange::Changed),
            Event::MemberJoined { channel, user, member_count } => {
                let user = user.into();
                member_frame(MemberEvent {
                    change: MemberChange::Joined,
                    channel: channel.0,
                    user,
                    member_count: *member_count,
                })
            }
            Event::MemberLeft { channel, user, member_count } => {
                let user = user.into();
                member_frame(MemberEvent {
                    change: MemberChange::Left,
                    channel: channel.0,
                    user,
                    member_count: *member_count,
                })
            }
            Event::ReadMoved { channel, number, .. } => {
                frame(APP, "read", &ReadEvent { channel: channel.0, number: number.0 })
            }
            Event::AccountChanged(account) => {
                frame(APP, "user", &UserEvent { change: UserChange::Changed, me: account.into() })
            }
            Event::SessionEnded { .. } | Event::TokenRevoked { .. } => {
                return Frames { app: None, classic: None };
            }
        };
        Frames { app: Some(app), classic: None }
    }

    fn heads(&self, heads: &[(ChannelId, Revision)]) -> Frame {
        let heads = heads.iter().map(|(channel, revision)| (channel.0, revision.0)).collect();
        frame(APP, "heads", &HeadsEvent { heads })
    }
}

fn emit_msg<'a>(message: &Message, channel: &'a str) -> ClassicMessage<'a> {
    ClassicMessage {
        id: message.number.0,
        user: encode_uri(&message.author.name),
        time: rfc3339(message.created_at),
        // Where it is shown it stands among other words, whose direction is not the writer's.
        msg: encode_uri(&without_turns(&message.text)),
        channel,
    }
}

fn channel_frame(channel: &Channel, change: ChannelChange) -> Frame {
    frame(APP, "channel", &ChannelEvent { change, channel: channel.into() })
}

fn member_frame(event: MemberEvent) -> Frame {
    frame(APP, "member", &event)
}

/// As JavaScript's `encodeURI` writes it.
fn encode_uri(text: &str) -> String {
    utf8_percent_encode(text, ENCODE_URI).to_string()
}

fn frame(namespace: &str, name: &str, told: &impl Serialize) -> Frame {
    // The shapes of `wire/` have string keys and no hand-written serialisers: they always encode.
    let json = serde_json::to_string(told).unwrap_or_else(|_| "null".to_owned());
    Frame::event(namespace, name, &[&json])
}

#[cfg(test)]
mod tests {
    use super::encode_uri;

    #[test]
    fn encodes_as_javascript_does() {
        assert_eq!(encode_uri("a b/?#%&+\"<>"), "a%20b/?#%25&+%22%3C%3E");
        assert_eq!(encode_uri("你好 🎉"), "%E4%BD%A0%E5%A5%BD%20%F0%9F%8E%89");
        assert_eq!(encode_uri("-_.!~*'();,:@=$"), "-_.!~*'();,:@=$");
    }
}
