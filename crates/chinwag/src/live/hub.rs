//! Publishing: an event is encoded once and handed to the hub with its audience.
//!
//! Rooms of a namespace: `u<id>` all connections of a person, `s<id>` of one session, `t<id>` of
//! one bot token, `c<id>` of a channel's hearers, and on the classic namespace `all` for those who
//! never asked for a channel of their own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use socketio::{DisconnectMode, DisconnectReason, Emitter, Frame, Target};

use super::heads::{self, QuietStreams};
use crate::model::events::{Audience, Event};
use crate::model::ids::{ChannelId, SessionId, TokenId, UserId};
use crate::model::streams::Heads;

/// The namespace of the web app and of bots.
pub const APP: &str = "/app";
/// The namespace of the origin's page.
pub const CLASSIC: &str = "/";
/// The classic clients that hear every public channel.
pub const CLASSIC_ALL: &str = "all";

/// Why a socket ends with its session.
const SIGNED_OUT: DisconnectReason = DisconnectReason::Host("signed out");

/// One event as each namespace hears it; `None` where it is not told.
pub struct Frames {
    /// For [`APP`].
    pub app: Option<Frame>,
    /// For [`CLASSIC`].
    pub classic: Option<Frame>,
}

/// Turns events into frames; given by whoever knows the wire.
pub trait Encode: Send + Sync + 'static {
    /// An event in the form of each namespace.
    fn event(&self, event: &Event) -> Frames;
    /// Where streams stand.
    fn heads(&self, heads: &Heads) -> Frame;
}

/// The room of all connections of a person.
#[must_use]
pub fn user_room(user: UserId) -> String {
    format!("u{user}")
}

/// The room of all connections of a session.
#[must_use]
pub fn session_room(session: SessionId) -> String {
    format!("s{session}")
}

/// The room of all connections of a bot token.
#[must_use]
pub fn token_room(token: TokenId) -> String {
    format!("t{token}")
}

/// The room of those who hear a channel.
#[must_use]
pub fn channel_room(channel: ChannelId) -> String {
    format!("c{channel}")
}

/// The one way out.
pub struct Live {
    emitter: OnceLock<Emitter>,
    encode: Box<dyn Encode>,
    quiet: QuietStreams,
    removals: AtomicU64,
}

impl Live {
    /// Nobody is connected yet: what is published before [`Live::attach`] is heard by nobody.
    #[must_use]
    pub fn new(encode: Box<dyn Encode>) -> Self {
        Self {
            emitter: OnceLock::new(),
            encode,
            quiet: QuietStreams::default(),
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

    /// How often a right to hear something was taken away. Whoever reads what somebody may hear,
    /// then subscribes her, then finds the same count as before the reading, knows that it still
    /// holds: from the subscription on, a removal finds it.
    #[must_use]
    pub fn removals(&self) -> u64 {
        self.removals.load(Ordering::SeqCst)
    }

    /// Publishes a change. Called in the order of the commits; keeps that order for every hearer.
    pub fn publish(&self, event: &Event, audience: Audience) {
        if takes_away(event) {
            // Before the hub is told: it may be told before a subscription that is under way.
            self.removals.fetch_add(1, Ordering::SeqCst);
        }
        let Some(emitter) = self.emitter.get() else { return };
        self.subscribe(emitter, event);
        self.quiet.changed(event);
        if audience != Audience::Nobody {
            match self.frames(event) {
                Ok(frames) => deliver(emitter, frames, audience),
                Err(lost) => self.emit_heads(emitter, audience, &lost),
            }
        }
        self.unsubscribe(emitter, event);
    }

    /// The event for the wire. Where it cannot be encoded, which is a defect, the heads of its streams
    /// instead: everybody whom it is for hears at once where they stand, and asks for the change.
    fn frames(&self, event: &Event) -> Result<Frames, Heads> {
        catch_unwind(AssertUnwindSafe(|| self.encode.event(event))).map_err(|_| {
            tracing::error!("an event could not be encoded; its hearers are told the heads");
            heads::of(event)
        })
    }

    /// Says where streams stand that have been quiet for [`super::HEADS_AFTER`]. A change whose
    /// event was lost between commit and delivery is found by this, even before a quiet hour.
    pub async fn tell_heads(&self) {
        loop {
            let heads = self.quiet.next().await;
            let Some(emitter) = self.emitter.get() else { continue };
            for (audience, heads) in heads {
                self.emit_heads(emitter, audience, &heads);
            }
        }
    }

    fn emit_heads(&self, emitter: &Emitter, audience: Audience, heads: &Heads) {
        emitter.emit(&app_target(audience), self.encode.heads(heads));
    }

    /// What must be in force before the event itself is heard.
    fn subscribe(&self, emitter: &Emitter, event: &Event) {
        match event {
            Event::MemberJoined { channel, user, .. } => join(emitter, user.id, *channel),
            Event::ChannelCreated { channel, .. } => {
                join(emitter, channel.created_by.id, channel.id);
            }
            _ => {}
        }
    }

    /// What must be in force before anything later is heard.
    fn unsubscribe(&self, emitter: &Emitter, event: &Event) {
        match event {
            Event::MemberLeft { channel, user, .. } => {
                let hers = Target::namespace(APP).room(user_room(user.id));
                emitter.leave(&hers, &channel_room(*channel));
            }
            Event::SessionEnded { session, .. } => end(emitter, &session_room(*session)),
            Event::TokenRevoked { token, .. } => end(emitter, &token_room(*token)),
            _ => {}
        }
    }
}

/// Whether somebody hears less from now on.
fn takes_away(event: &Event) -> bool {
    matches!(
        event,
        Event::MemberLeft { .. } | Event::SessionEnded { .. } | Event::TokenRevoked { .. }
    )
}

fn join(emitter: &Emitter, user: UserId, channel: ChannelId) {
    let hers = Target::namespace(APP).room(user_room(user));
    emitter.join(&hers, &channel_room(channel));
}

fn end(emitter: &Emitter, room: &str) {
    for namespace in [APP, CLASSIC] {
        let target = Target::namespace(namespace).room(room);
        // Only the namespace: its client is told that the server ended it, and does not come back.
        // Whoever tries all the same is asked for her session again.
        emitter.disconnect(&target, DisconnectMode::Namespace, SIGNED_OUT);
    }
}

/// Who of [`APP`] an audience is.
fn app_target(audience: Audience) -> Target {
    let target = Target::namespace(APP);
    match audience {
        Audience::Channel(channel) => target.room(channel_room(channel)),
        Audience::User(user) => target.room(user_room(user)),
        Audience::Everyone | Audience::Nobody => target,
    }
}

fn deliver(emitter: &Emitter, frames: Frames, audience: Audience) {
    if let Some(frame) = frames.app {
        emitter.emit(&app_target(audience), frame);
    }
    if let (Some(frame), Audience::Channel(channel)) = (frames.classic, audience) {
        for room in [channel_room(channel).as_str(), CLASSIC_ALL] {
            emitter.emit(&Target::namespace(CLASSIC).room(room), frame.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::{ChannelId, Revision};

    /// Cannot encode any event.
    struct Broken;

    impl Encode for Broken {
        fn event(&self, _event: &Event) -> Frames {
            panic!("a defect")
        }

        fn heads(&self, _heads: &Heads) -> Frame {
            Frame::event(APP, "heads", &["{}"])
        }
    }

    #[test]
    fn of_an_event_that_cannot_be_encoded_the_heads_are_told() {
        let live = Live::new(Box::new(Broken));
        let user = crate::model::users::User { id: UserId(3), name: "Ada".to_owned() };
        let joined =
            Event::MemberJoined { channel: ChannelId(7), user: user.clone(), member_count: 4 };
        let lost = live.frames(&joined).err().map(|heads| heads.members);
        assert_eq!(lost, Some(vec![(ChannelId(7), 4)]));
        let person = Event::PersonCreated { user, place: Revision(9) };
        assert_eq!(live.frames(&person).err().and_then(|heads| heads.place), Some(Revision(9)));
    }
}
