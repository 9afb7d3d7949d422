//! Events as frames: JSON of `wire/` for `/app`, and the origin's shapes for the classic namespace.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use socketio::Frame;

use crate::live::{APP, CLASSIC, DOOR, Encode, Frames};
use crate::model::channels::{Channel, ChannelKind, MessageSummary};
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Revision};
use crate::model::instance::Instance;
use crate::model::keeping::Saved;
use crate::model::messages::Message;
use crate::model::presence::{PresenceNews, Spot};
use crate::model::streams::Heads;
use crate::model::text::without_turns;
use crate::model::threads::{Follow, ThreadHead};
use crate::model::users::User;
use crate::wire;
use crate::wire::events::{
    ActivityEvent, ChannelChange, ChannelEvent, DelistedEvent, FollowEvent, HeadsEvent,
    InviteEvent, LostEvent, MemberChange, MemberEvent, MembershipEvent, MessageChange,
    MessageEvent, PersonEvent, PinEvent, ReactionEvent, ReadEvent, ReportsEvent, SavedEvent,
    UserChange, UserEvent, WaitingEvent,
};
use crate::wire::presence::{PresenceEvent, TypingEvent};
use crate::wire::time::rfc3339;

/// The characters that JavaScript's `encodeURI` escapes: all but these (ECMA-262, 19.2.6.4).
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

/// Encodes for both namespaces. The origin's events contain the channel's name, so the encoder keeps the
/// names of all public channels. Of a channel that is not there, nothing is encoded for the classic
/// namespace.
#[derive(Default)]
pub struct Encoder {
    names: RwLock<HashMap<ChannelId, String>>,
    instance: OnceLock<Instance>,
}

impl Encoder {
    /// Notes the name of a channel that exists at the start; the encoder learns new ones from their
    /// events, and forgets those that are not public any more.
    pub fn learn(&self, channel: &Channel) {
        let mut names = self.names.write().unwrap_or_else(PoisonError::into_inner);
        if channel.state.kind == ChannelKind::Public {
            names.insert(channel.id, channel.name.clone());
        } else {
            names.remove(&channel.id);
        }
    }

    fn forget(&self, channel: ChannelId) {
        self.names.write().unwrap_or_else(PoisonError::into_inner).remove(&channel);
    }

    /// Sets the installation of the events. Only the first call counts.
    pub fn belongs_to(&self, instance: &Instance) {
        let _ = self.instance.set(instance.clone());
    }

    fn named(&self, id: ChannelId, tell: impl FnOnce(&str) -> Frame) -> Option<Frame> {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        names.get(&id).map(|name| tell(name))
    }

    /// A change of a channel's content.
    fn changed(&self, event: &Event) -> Frames {
        let nothing = Frames { app: None, classic: None };
        match event {
            Event::MessagePosted(message) => {
                self.message(message, MessageChange::Posted, None, None)
            }
            Event::Replied { message, head } => {
                self.message(message, MessageChange::Posted, None, Some(head))
            }
            Event::MessageEdited(message) => {
                self.message(message, MessageChange::Edited, None, None)
            }
            Event::LineWritten(message) => self.message(message, MessageChange::Line, None, None),
            Event::MessageDeleted { message, last_message, head } => {
                let (change, last) = (MessageChange::Deleted, Some(last_message));
                self.message(message, change, last, head.as_ref())
            }
            _ => nothing,
        }
    }

    fn message(
        &self,
        message: &Message,
        change: MessageChange,
        last: Option<&Option<MessageSummary>>,
        head: Option<&ThreadHead>,
    ) -> Frames {
        let classic = match change {
            // What is in a thread alone is not in the channel for the classic namespace.
            MessageChange::Posted if !message.in_run() => None,
            MessageChange::Posted => self.named(message.channel, |channel| {
                frame(CLASSIC, "emit msg", &emit_msg(message, channel))
            }),
            MessageChange::Deleted => self.named(message.channel, |channel| {
                let told = ClassicDeletion { channel, id: message.number.0 };
                frame(CLASSIC, "del msg", &told)
            }),
            MessageChange::Edited | MessageChange::Line => None,
        };
        let told = MessageEvent {
            change,
            channel: message.channel.0,
            since: message.revision.before().0,
            revision: message.revision.0,
            message: message.into(),
            last_message: last.map(|last| last.as_ref().map(wire::channels::MessageSummary::from)),
            head: head.map(wire::threads::ThreadHead::from),
        };
        Frames { app: Some(frame(APP, "message", &told)), classic }
    }
}

impl Encode for Arc<Encoder> {
    fn event(&self, event: &Event) -> Frames {
        let app = match event {
            Event::MessagePosted(_)
            | Event::Replied { .. }
            | Event::MessageEdited(_)
            | Event::LineWritten(_)
            | Event::MessageDeleted { .. } => return self.changed(event),
            Event::Reacted(reacted) => frame(APP, "reaction", &ReactionEvent::from(reacted)),
            Event::MessagePinned(pinned) => frame(APP, "pin", &PinEvent::from(pinned)),
            Event::MessageSaved { saved, .. } => saved_frame(saved),
            Event::FollowChanged { follow, .. } => follow_frame(follow),
            Event::ActivityCame { .. } => activity_frame(None),
            Event::ActivitySeen { seen, .. } => activity_frame(Some(seen.own_revision)),
            Event::ChannelCreated { channel, place } => {
                self.learn(channel);
                channel_frame(channel, Some(*place), ChannelChange::Created)
            }
            Event::ChannelChanged { channel, place } => {
                self.learn(channel);
                channel_frame(channel, *place, ChannelChange::Changed)
            }
            Event::ChannelDelisted { channel, place } => {
                self.forget(*channel);
                let (since, revision) = (place.before().0, place.0);
                frame(APP, "delisted", &DelistedEvent { since, revision, channel: channel.0 })
            }
            Event::PersonChanged { user, place } => {
                let (since, revision) = (place.before().0, place.0);
                frame(
                    APP,
                    "person",
                    &PersonEvent { since, revision, user: wire::users::User::with_reading(user) },
                )
            }
            Event::MemberJoined { channel, user, member_count } => {
                member_frame(MemberChange::Joined, *channel, user, *member_count)
            }
            Event::MemberLeft { channel, user, member_count } => {
                member_frame(MemberChange::Left, *channel, user, *member_count)
            }
            Event::MemberChanged { channel, user, member_count } => {
                member_frame(MemberChange::Changed, *channel, user, *member_count)
            }
            Event::MembershipChanged { view, .. } => {
                let own = view.own_revision;
                let (since, revision) = (own.before().0, own.0);
                frame(APP, "membership", &MembershipEvent { since, revision, channel: view.into() })
            }
            Event::MembershipLost { channel, own, .. } => lost_frame(*channel, *own),
            Event::ReadMoved { state, .. } => {
                let own = state.read.step;
                let (since, revision) = (own.before().0, own.0);
                frame(APP, "read", &ReadEvent { since, revision, state: state.into() })
            }
            Event::AccountChanged(account) => {
                let own = account.revision;
                let told = UserEvent {
                    change: UserChange::Changed,
                    since: own.before().0,
                    revision: own.0,
                    me: account.into(),
                };
                frame(APP, "user", &told)
            }
            Event::ReportsChanged { open } => frame(APP, "reports", &ReportsEvent { open: *open }),
            Event::WaitingChanged { total } => {
                frame(APP, "waiting", &WaitingEvent { total: *total })
            }
            Event::InviteChanged { invite, .. } => {
                frame(APP, "invite", &InviteEvent { invite: *invite })
            }
            Event::DoorAnswered { .. } => answered(),
            Event::KeptOut { .. }
            | Event::RoleChanged { .. }
            | Event::SessionEnded { .. }
            | Event::TokenRevoked { .. } => {
                return Frames { app: None, classic: None };
            }
        };
        Frames { app: Some(app), classic: None }
    }

    fn heads(&self, heads: &Heads) -> Frame {
        let Heads { own, place, channels, members, reports, waiting } = heads;
        let (instance, epoch) = match self.instance.get() {
            Some(instance) => (instance.id.clone(), instance.epoch.clone()),
            None => Default::default(),
        };
        let told = HeadsEvent {
            instance,
            epoch,
            own: own.map(|own| own.0),
            place: place.map(|place| place.0),
            heads: channels.iter().map(|(channel, revision)| (channel.0, revision.0)).collect(),
            members: members.iter().map(|(channel, count)| (channel.0, *count)).collect(),
            reports: *reports,
            waiting: *waiting,
        };
        frame(APP, "heads", &told)
    }

    fn presence(&self, news: &PresenceNews) -> Frame {
        frame(APP, "presence", &PresenceEvent::from(news))
    }

    fn typing(&self, spot: Spot, who: &User) -> Frame {
        frame(APP, "typing", &TypingEvent::new(spot, who))
    }
}

/// Event `door` on [`DOOR`]: the name does not wait any more. The browser asks what became of it.
pub(super) fn answered() -> Frame {
    Frame::event(DOOR, "door", &[])
}

fn emit_msg<'a>(message: &Message, channel: &'a str) -> ClassicMessage<'a> {
    ClassicMessage {
        id: message.number.0,
        user: encode_uri(&message.author.name),
        time: rfc3339(message.created_at),
        // It is shown among other words, whose direction the writer must not change.
        msg: encode_uri(&without_turns(&message.whole_text())),
        channel,
    }
}

fn saved_frame(saved: &Saved) -> Frame {
    let own = saved.own_revision;
    let (since, revision) = (own.before().0, own.0);
    frame(APP, "saved", &SavedEvent { since, revision, saved: saved.into() })
}

fn follow_frame(follow: &Follow) -> Frame {
    let own = follow.own_revision;
    let (since, revision) = (own.before().0, own.0);
    frame(APP, "follow", &FollowEvent { since, revision, follow: follow.into() })
}

fn activity_frame(own: Option<Revision>) -> Frame {
    let (since, revision) = (own.map(|own| own.before().0), own.map(|own| own.0));
    frame(APP, "activity", &ActivityEvent { since, revision })
}

fn lost_frame(channel: ChannelId, own: Revision) -> Frame {
    let (since, revision) = (own.before().0, own.0);
    frame(APP, "lost", &LostEvent { since, revision, channel: channel.0 })
}

fn channel_frame(channel: &Channel, place: Option<Revision>, change: ChannelChange) -> Frame {
    let channel_since = match change {
        ChannelChange::Created => None,
        ChannelChange::Changed => Some(channel.revision.before().0),
    };
    let (since, revision) = (place.map(|place| place.before().0), place.map(|place| place.0));
    let told = ChannelEvent { change, since, revision, channel_since, channel: channel.into() };
    frame(APP, "channel", &told)
}

fn member_frame(change: MemberChange, channel: ChannelId, user: &User, member_count: i64) -> Frame {
    let told = MemberEvent { change, channel: channel.0, user: user.into(), member_count };
    frame(APP, "member", &told)
}

/// Encodes a text as JavaScript's `encodeURI` does.
fn encode_uri(text: &str) -> String {
    utf8_percent_encode(text, ENCODE_URI).to_string()
}

fn frame(namespace: &str, name: &str, told: &impl Serialize) -> Frame {
    // The shapes of `wire/` have string keys and derived serialisers, so they always encode.
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
