//! Who may hear of which change: a security decision, made in one place.

use super::projectors::Projectors;
use crate::live::Live;
use crate::model::events::{Audience, Event};

/// Channels with at most this many members tell all of them when somebody joins or leaves. In a
/// larger channel that would be members × members deliveries when everybody comes back after a
/// restart, so there only the person who joins or leaves is told.
const MEMBERS_TOLD: i64 = 200;

/// Who may hear of a change. The connections in a channel's room hear its content: of its members, and
/// of those who look at it while it is public. The directory is for members of the place.
#[must_use]
pub fn of(event: &Event) -> Audience {
    match event {
        Event::MessagePosted(message)
        | Event::Replied { message, .. }
        | Event::MessageEdited(message)
        | Event::LineWritten(message)
        | Event::MessageDeleted { message, .. } => Audience::Channel(message.channel),
        Event::Reacted(reacted) => Audience::Channel(reacted.channel),
        Event::MessagePinned(pinned) => Audience::Channel(pinned.channel),
        Event::ChannelCreated { .. } | Event::PersonChanged { .. } => Audience::Members,
        Event::ReportsChanged { .. } => Audience::Order,
        Event::ChannelChanged { channel, place: None } => Audience::Channel(channel.id),
        Event::ChannelChanged { channel, place: Some(_) } => Audience::MembersFor(channel.id),
        Event::ChannelDelisted { channel, .. } => Audience::MembersFor(*channel),
        Event::MemberJoined { channel, user, member_count }
        | Event::MemberLeft { channel, user, member_count }
        | Event::MemberChanged { channel, user, member_count } => {
            if *member_count <= MEMBERS_TOLD {
                Audience::Channel(*channel)
            } else {
                Audience::User(user.id)
            }
        }
        Event::MembershipChanged { user, .. }
        | Event::MembershipLost { user, .. }
        | Event::MessageSaved { user, .. }
        | Event::FollowChanged { user, .. }
        | Event::ActivityCame { user }
        | Event::ActivitySeen { user, .. }
        | Event::ReadMoved { user, .. } => Audience::User(*user),
        Event::AccountChanged(account) => Audience::User(account.user.id),
        Event::WaitingChanged { .. } => Audience::Order,
        Event::InviteChanged { maker, .. } => Audience::User(*maker),
        Event::DoorAnswered { waiting } => Audience::AtTheDoor(*waiting),
        Event::KeptOut { .. }
        | Event::RoleChanged { .. }
        | Event::SessionEnded { .. }
        | Event::TokenRevoked { .. } => Audience::Nobody,
    }
}

/// Publishes a change. The store calls this for every change, in the order of the commits.
///
/// Guests do not hear the place's stream: facts of a public channel that they are in are told to them under
/// the channel's revision alone. Whoever shows an invite hears of it as its maker does: they see it, and a
/// projector of theirs asks every few seconds whether they still do.
pub fn publish(live: &Live, projectors: &Projectors, event: &Event) {
    live.publish(event, of(event));
    if let Event::InviteChanged { invite, maker } = event {
        for user in projectors.showing(*invite).into_iter().filter(|user| user != maker) {
            live.publish(event, Audience::User(user));
        }
    }
    if let Event::ChannelChanged { channel, place: Some(_) } = event {
        let told = Event::ChannelChanged { channel: channel.clone(), place: None };
        live.publish(&told, Audience::GuestsIn(channel.id));
    }
}
