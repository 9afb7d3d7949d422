//! Who hears what: a security decision, made in one place.

use crate::live::Live;
use crate::model::events::{Audience, Event};

/// Up to how many members a channel tells all of them that somebody came or went. In a larger one
/// that would be members × members deliveries when everybody comes back after a restart; there only
/// the person herself is told.
const MEMBERS_TOLD: i64 = 200;

/// Who may hear of a change. All channels are public for now: their list is for everybody, their
/// content for those who hear them.
#[must_use]
pub fn of(event: &Event) -> Audience {
    match event {
        Event::MessagePosted(message) | Event::MessageDeleted { message, .. } => {
            Audience::Channel(message.channel)
        }
        Event::ChannelCreated { .. }
        | Event::ChannelChanged { .. }
        | Event::PersonCreated { .. } => Audience::Everyone,
        Event::MemberJoined { channel, user, member_count }
        | Event::MemberLeft { channel, user, member_count } => {
            if *member_count <= MEMBERS_TOLD {
                Audience::Channel(*channel)
            } else {
                Audience::User(user.id)
            }
        }
        Event::MembershipChanged { user, .. } | Event::ReadMoved { user, .. } => {
            Audience::User(*user)
        }
        Event::AccountChanged(account) => Audience::User(account.user.id),
        Event::SessionEnded { .. } | Event::TokenRevoked { .. } => Audience::Nobody,
    }
}

/// What the store does with every change, in the order of the commits.
pub fn publish(live: &Live, event: &Event) {
    live.publish(event, of(event));
}
