//! What turns events into frames.

use socketio::Frame;

use crate::model::events::Event;
use crate::model::presence::{PresenceNews, Spot};
use crate::model::streams::Heads;
use crate::model::users::User;

/// One event in the form of each namespace; `None` where it is not sent.
pub struct Frames {
    /// For [`APP`](super::APP), or for [`DOOR`](super::DOOR) what only a browser at the door hears.
    pub app: Option<Frame>,
    /// For [`CLASSIC`](super::CLASSIC).
    pub classic: Option<Frame>,
}

/// Turns events into frames. `socket/` implements it, because this room does not know the wire.
pub trait Encode: Send + Sync + 'static {
    /// An event in the form of each namespace.
    fn event(&self, event: &Event) -> Frames;
    /// Where streams stand.
    fn heads(&self, heads: &Heads) -> Frame;
    /// How the people are whom a connection watches.
    fn presence(&self, news: &PresenceNews) -> Frame;
    /// Somebody is typing in a channel or a thread.
    fn typing(&self, spot: Spot, who: &User) -> Frame;
}
