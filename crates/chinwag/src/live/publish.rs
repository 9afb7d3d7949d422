//! Publishing: an event is encoded once and handed to the hub with its audience.

use std::cell::OnceCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use socketio::{DisconnectMode, DisconnectReason, Emitter, Frame, SocketId, Target};
use tokio::time::Instant;

use super::encode::{Encode, Frames};
use super::heads::{self, QuietStreams};
use super::presence::{Presences, Seat};
use super::rooms::{
    APP, CLASSIC, CLASSIC_ALL, DOOR, MEMBERS, ORDER, channel_room, kept_out_room, narrow_room,
    narrow_room_in, preview_room, session_room, token_room, user_room, waiting_room,
};
use crate::model::channels::ChannelKind;
use crate::model::events::{Audience, Event};
use crate::model::ids::{ChannelId, UserId};
use crate::model::permissions::{PlaceAction, may_in_place};
use crate::model::presence::{PresenceNews, Spot};
use crate::model::roles::Role;
use crate::model::streams::Heads;
use crate::model::users::User;

/// Why a socket ends with its session.
const SIGNED_OUT: DisconnectReason = DisconnectReason::Host("signed out");

/// Why a socket ends when its person hears another set of rooms by their new role.
const OTHER_ROLE: DisconnectReason = DisconnectReason::Host("another role");

/// Sends events to connections: the one way out.
pub struct Live {
    emitter: OnceLock<Emitter>,
    encode: Box<dyn Encode>,
    quiet: QuietStreams,
    presences: Presences,
    published: AtomicU64,
    removals: AtomicU64,
}

impl Live {
    /// Starts without a hub: what is published before [`Live::attach`] is sent to nobody.
    #[must_use]
    pub fn new(encode: Box<dyn Encode>) -> Self {
        Self {
            emitter: OnceLock::new(),
            encode,
            quiet: QuietStreams::default(),
            presences: Presences::default(),
            published: AtomicU64::new(0),
            removals: AtomicU64::new(0),
        }
    }

    /// Connects the hub. Only the first call counts.
    pub fn attach(&self, emitter: Emitter) {
        let _ = self.emitter.set(emitter);
    }

    /// Where streams stand, as a frame for one connection.
    #[must_use]
    pub fn heads_frame(&self, heads: &Heads) -> Frame {
        self.encode.heads(heads)
    }

    /// How many changes were published. A caller reads this count, reads where streams stand,
    /// subscribes a connection to them, and reads the count again. When it is the same, no change
    /// fell between the two.
    #[must_use]
    pub fn published(&self) -> u64 {
        self.published.load(Ordering::SeqCst)
    }

    /// How often a right to hear something was taken away. A caller reads this count, reads what a
    /// person may hear, subscribes their connection, and reads the count again. When it is the
    /// same, the subscription is right: every later removal finds it.
    #[must_use]
    pub fn removals(&self) -> u64 {
        self.removals.load(Ordering::SeqCst)
    }

    /// Publishes a change. Called in the order of the commits; keeps that order for every hearer.
    pub fn publish(&self, event: &Event, audience: Audience) {
        // Both are counted before the hub is told, which may happen before a subscription under way.
        self.published.fetch_add(1, Ordering::SeqCst);
        if takes_away(event) {
            self.removals.fetch_add(1, Ordering::SeqCst);
        }
        self.presences.hear(event);
        self.quiet.changed(event, Instant::now());
        let Some(emitter) = self.emitter.get() else { return };
        self.subscribe(emitter, event);
        deliver(emitter, self.frames(event), audience);
        self.unsubscribe(emitter, event);
    }

    /// The frames of an event. When it cannot be encoded, which is a defect, the heads of its
    /// streams: everybody whom it is for then hears at once where the streams stand, and asks for
    /// the change.
    fn frames(&self, event: &Event) -> Frames {
        catch_unwind(AssertUnwindSafe(|| self.encode.event(event))).unwrap_or_else(|_| {
            tracing::error!("an event could not be encoded; its hearers are told the heads");
            Frames { app: Some(self.encode.heads(&heads::of(event))), classic: None }
        })
    }

    /// Tells the heads of streams that have been quiet for [`super::HEADS_AFTER`], for ever. So
    /// clients find a change whose event was lost between commit and delivery, even when nothing
    /// else happens for a long time.
    pub async fn tell_heads(&self) {
        loop {
            let heads = self.quiet.next().await;
            let Some(emitter) = self.emitter.get() else { continue };
            for (audience, heads) in heads {
                let frames = Frames { app: Some(self.encode.heads(&heads)), classic: None };
                deliver(emitter, frames, audience);
            }
        }
    }

    /// Who is here now.
    #[must_use]
    pub fn presences(&self) -> &Presences {
        &self.presences
    }

    /// Lets a connection watch people: see [`Presences::watch`].
    pub fn watch(&self, seat: Seat, role: Role, whom: &[UserId], losses: u64) -> bool {
        self.presences.watch(seat, role, whom, losses, |socket, news| self.tell(socket, news))
    }

    /// Tells those whose turn has come what changed of the people whom they watch.
    pub fn tell_presences(&self) {
        self.presences.tell(Instant::now(), |socket, news| self.tell(socket, news));
    }

    /// Tells those who show the same channel or thread that somebody is typing, who may write there.
    pub fn typing(&self, seat: Seat, spot: Spot, who: &User) {
        let frame = OnceCell::new();
        self.presences.typing(seat, spot, |socket| {
            let Some(emitter) = self.emitter.get() else { return };
            let frame = frame.get_or_init(|| self.encode.typing(spot, who));
            emitter.emit(&Target::namespace(APP).socket(socket), frame.clone());
        });
    }

    fn tell(&self, socket: SocketId, news: &PresenceNews) {
        if let Some(emitter) = self.emitter.get() {
            let target = Target::namespace(APP).socket(socket);
            emitter.emit(&target, self.encode.presence(news));
        }
    }

    /// Joins connections to rooms, which must happen before the event itself is sent.
    fn subscribe(&self, emitter: &Emitter, event: &Event) {
        match event {
            Event::MemberJoined { channel, user, .. } => join(emitter, user.id, *channel),
            Event::ChannelCreated { channel, .. } => {
                join(emitter, channel.created_by.id, channel.id);
            }
            Event::KeptOut { channel, user, kept_out: true } => {
                for theirs in everywhere(*user, *channel) {
                    emitter.join(&theirs, &kept_out_room(*channel));
                    emitter.leave(&theirs, &channel_room(*channel));
                    emitter.leave(&theirs, &preview_room(*channel));
                }
            }
            // From here on the channel's room is for members alone.
            Event::ChannelChanged { channel, .. } if channel.state.kind != ChannelKind::Public => {
                close_to_others(emitter, channel.id);
            }
            Event::ChannelDelisted { channel, .. } => close_to_others(emitter, *channel),
            _ => {}
        }
    }

    /// Removes connections from rooms, or ends them, which must happen before any later event is
    /// sent.
    fn unsubscribe(&self, emitter: &Emitter, event: &Event) {
        match event {
            Event::MemberLeft { channel, user, .. } => {
                for theirs in everywhere(user.id, *channel) {
                    emitter.leave(&theirs, &channel_room(*channel));
                }
            }
            Event::MembershipLost { channel, user, .. } => {
                for theirs in everywhere(*user, *channel) {
                    emitter.leave(&theirs, &channel_room(*channel));
                }
            }
            Event::KeptOut { channel, user, kept_out: false } => {
                for theirs in everywhere(*user, *channel) {
                    emitter.leave(&theirs, &kept_out_room(*channel));
                }
            }
            // What somebody hears by their role is another set of rooms: they come back to it.
            Event::RoleChanged { user, before, role }
                if heard_by_role(*before) != heard_by_role(*role) =>
            {
                end(emitter, &user_room(*user), OTHER_ROLE);
                end(emitter, &narrow_room(*user), OTHER_ROLE);
            }
            Event::SessionEnded { session, .. } => {
                end(emitter, &session_room(*session), SIGNED_OUT)
            }
            Event::TokenRevoked { token, .. } => end(emitter, &token_room(*token), SIGNED_OUT),
            _ => {}
        }
    }
}

/// What a role hears beside channels: whether the place's stream, and whether what those who keep order
/// are told.
fn heard_by_role(role: Role) -> (bool, bool) {
    (may_in_place(role, PlaceAction::Browse), may_in_place(role, PlaceAction::DealWithReports))
}

/// Whether the event takes a right to hear something away.
fn takes_away(event: &Event) -> bool {
    matches!(
        event,
        Event::MemberLeft { .. }
            | Event::MembershipLost { .. }
            | Event::ChannelDelisted { .. }
            | Event::KeptOut { .. }
            | Event::RoleChanged { .. }
            | Event::SessionEnded { .. }
            | Event::TokenRevoked { .. }
    )
}

/// All connections of a person that may hear a channel: their own, and those of their narrow tokens that
/// know of the channel.
fn everywhere(user: UserId, channel: ChannelId) -> impl Iterator<Item = Target> {
    let rooms = [user_room(user), narrow_room_in(user, channel)];
    rooms.into_iter().flat_map(|room| {
        [APP, CLASSIC].map(|namespace| Target::namespace(namespace).room(room.as_str()))
    })
}

/// Lets a person hear a channel that they are in now. On the classic namespace it is for those who hear
/// the channels that they are in, guests and narrow tokens: members hear all public channels there, or
/// those that they ask for.
fn join(emitter: &Emitter, user: UserId, channel: ChannelId) {
    for room in [user_room(user), narrow_room_in(user, channel)] {
        let theirs = Target::namespace(APP).room(room.as_str());
        emitter.leave(&theirs, &preview_room(channel));
        emitter.join(&theirs, &channel_room(channel));
        let classic = Target::namespace(CLASSIC).room(room).except_room(MEMBERS);
        emitter.join(&classic, &channel_room(channel));
    }
}

/// Takes everybody who only looks at a channel away from it, and everybody on the classic namespace,
/// where only public channels are told of.
fn close_to_others(emitter: &Emitter, channel: ChannelId) {
    let lookers = preview_room(channel);
    emitter.leave(&Target::namespace(APP).room(lookers.as_str()), &lookers);
    let room = channel_room(channel);
    emitter.leave(&Target::namespace(CLASSIC).room(room.as_str()), &room);
}

fn end(emitter: &Emitter, room: &str, why: DisconnectReason) {
    for namespace in [APP, CLASSIC] {
        let target = Target::namespace(namespace).room(room);
        // Only the namespace ends: its client is told that the server ended it, and does not come
        // back. A client that tries all the same has to show its session again.
        emitter.disconnect(&target, DisconnectMode::Namespace, why);
    }
}

/// The connections on [`APP`] that an audience is, or the one on [`DOOR`]; no connection is in two of the
/// targets.
fn each_target(audience: Audience, mut with: impl FnMut(Target)) {
    let all = Target::namespace(APP);
    match audience {
        Audience::Channel(channel) => {
            with(all.clone().room(channel_room(channel)));
            with(all.room(preview_room(channel)));
        }
        Audience::User(user) => with(all.room(user_room(user))),
        Audience::Members => with(all.room(MEMBERS)),
        Audience::Order => with(all.room(ORDER)),
        Audience::MembersFor(channel) => {
            with(all.room(MEMBERS).except_room(kept_out_room(channel)));
        }
        Audience::GuestsIn(channel) => {
            with(all.room(channel_room(channel)).except_room(MEMBERS));
        }
        Audience::AtTheDoor(waiting) => {
            with(Target::namespace(DOOR).room(waiting_room(waiting)));
        }
        Audience::Nobody => {}
    }
}

fn deliver(emitter: &Emitter, frames: Frames, audience: Audience) {
    if let Some(frame) = frames.app {
        each_target(audience, |target| emitter.emit(&target, frame.clone()));
    }
    if let (Some(frame), Audience::Channel(channel)) = (frames.classic, audience) {
        let all = Target::namespace(CLASSIC);
        emitter.emit(&all.clone().room(channel_room(channel)), frame.clone());
        emitter.emit(&all.room(CLASSIC_ALL).except_room(kept_out_room(channel)), frame);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::{ChannelId, Revision, SessionId, TokenId};

    /// An encoder that fails with every event.
    struct Broken;

    impl Encode for Broken {
        fn event(&self, _event: &Event) -> Frames {
            panic!("a defect")
        }

        fn heads(&self, heads: &Heads) -> Frame {
            Frame::event(APP, "heads", &[&format!("{heads:?}")])
        }

        fn presence(&self, news: &PresenceNews) -> Frame {
            Frame::event(APP, "presence", &[&format!("{news:?}")])
        }

        fn typing(&self, spot: Spot, who: &User) -> Frame {
            Frame::event(APP, "typing", &[&format!("{spot:?} {who:?}")])
        }
    }

    #[test]
    fn of_an_event_that_cannot_be_encoded_the_heads_are_told() {
        let live = Live::new(Box::new(Broken));
        let user =
            crate::model::users::User { id: UserId(3), name: "Ada".to_owned(), picture: None };
        let joined =
            Event::MemberJoined { channel: ChannelId(7), user: user.clone(), member_count: 4 };
        let told = live.frames(&joined);
        let heads = Heads { members: vec![(ChannelId(7), 4)], ..Heads::default() };
        assert_eq!((told.app, told.classic), (Some(Broken.heads(&heads)), None));
        let told = live.frames(&Event::PersonChanged { user, place: Revision(9) });
        let heads = Heads { place: Some(Revision(9)), ..Heads::default() };
        assert_eq!(told.app, Some(Broken.heads(&heads)));
    }

    #[test]
    fn a_right_that_is_lost_is_counted_also_before_anybody_is_connected() {
        let live = Live::new(Box::new(Broken));
        let (channel, user) = (ChannelId(7), UserId(3));
        let ada = crate::model::users::User { id: user, name: "Ada".to_owned(), picture: None };
        let joined = Event::MemberJoined { channel, user: ada.clone(), member_count: 4 };
        let losses = [
            Event::MemberLeft { channel, user: ada, member_count: 3 },
            Event::KeptOut { channel, user, kept_out: true },
            Event::SessionEnded { session: SessionId(1), user },
            Event::TokenRevoked { token: TokenId(1), user },
        ];
        live.publish(&joined, Audience::Channel(channel));
        assert_eq!(live.removals(), 0);
        for (before, loss) in losses.iter().enumerate() {
            live.publish(loss, Audience::Nobody);
            assert_eq!(live.removals(), before as u64 + 1, "{loss:?}");
        }
    }

    #[test]
    fn the_heads_of_a_stream_that_changed_are_told_later() {
        let live = Live::new(Box::new(Broken));
        let joined = Event::MemberJoined {
            channel: ChannelId(7),
            user: crate::model::users::User {
                id: UserId(3),
                name: "Ada".to_owned(),
                picture: None,
            },
            member_count: 4,
        };
        live.publish(&joined, Audience::Channel(ChannelId(7)));
        assert!(live.quiet.due(Instant::now()).is_empty(), "not yet");
        let heads = Heads { members: vec![(ChannelId(7), 4)], ..Heads::default() };
        let later = Instant::now() + super::super::HEADS_AFTER;
        assert_eq!(live.quiet.due(later), [(Audience::Channel(ChannelId(7)), heads)]);
    }

    #[test]
    fn nobody_is_not_everybody() {
        let mut targets = 0;
        each_target(Audience::Nobody, |_| targets += 1);
        assert_eq!(targets, 0);
        each_target(Audience::Members, |_| targets += 1);
        assert_eq!(targets, 1);
    }
}
