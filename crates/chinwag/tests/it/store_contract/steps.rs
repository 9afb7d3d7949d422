//! What people do in random histories.

use chinwag::model::channels::MarkKind;
use chinwag::model::ids::Number;
use chinwag::model::threads::Reply;
use proptest::prelude::*;

pub const PEOPLE: usize = 3;
pub const CHANNELS: usize = 2;
/// The emoji that people react with.
pub const EMOJI: [&str; 3] = ["👍", "🎉", "❤️"];
/// The names that people take, beside those that they have at first.
pub const NAMES: [&str; 4] = ["Cleo", "Dora", "Eve", "Frida"];

/// Numbers are indexes of the people and channels of the history.
#[derive(Debug, Clone)]
pub enum Step {
    Post {
        channel: usize,
        author: usize,
        key: u8,
        text: u8,
        reply: Option<Reply>,
    },
    Follow {
        channel: usize,
        root: i64,
        user: usize,
        on: bool,
    },
    ReadThread {
        channel: usize,
        root: i64,
        user: usize,
        number: i64,
        kind: MarkKind,
    },
    Delete {
        channel: usize,
        number: i64,
        by: usize,
    },
    /// `edits`: how often the author believes that it was edited.
    Edit {
        channel: usize,
        number: i64,
        by: usize,
        text: u8,
        edits: Option<i64>,
    },
    React {
        channel: usize,
        number: i64,
        by: usize,
        emoji: usize,
        on: bool,
    },
    Leave {
        channel: usize,
        user: usize,
    },
    Join {
        channel: usize,
        user: usize,
    },
    Read {
        channel: usize,
        user: usize,
        number: i64,
        kind: MarkKind,
    },
    Topic {
        channel: usize,
        by: usize,
        topic: u8,
    },
    Rename {
        user: usize,
        name: usize,
    },
    /// `sweeps`: what is to be removed goes at once.
    Clear {
        channel: usize,
        through: i64,
        sweeps: bool,
    },
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (channel, person) = (0..CHANNELS, 0..PEOPLE);
    let step = prop_oneof![
        8 => (channel.clone(), person.clone(), 0..20_u8, 0..3_u8, replies())
            .prop_map(|(channel, author, key, text, reply)| {
                Step::Post { channel, author, key, text, reply }
            }),
        1 => (channel.clone(), 0..6_i64, person.clone(), any::<bool>())
            .prop_map(|(channel, root, user, on)| Step::Follow { channel, root, user, on }),
        1 => (channel.clone(), 0..6_i64, person.clone(), 0..20_i64, any::<bool>())
            .prop_map(|(channel, root, user, number, down)| {
                let kind = if down { MarkKind::Mark } else { MarkKind::Read };
                Step::ReadThread { channel, root, user, number, kind }
            }),
        3 => (channel.clone(), 0..12_i64, person.clone())
            .prop_map(|(channel, number, by)| Step::Delete { channel, number, by }),
        3 => (channel.clone(), 0..12_i64, person.clone(), 0..3_u8, prop::option::of(0..3_i64))
            .prop_map(|(channel, number, by, text, edits)| {
                Step::Edit { channel, number, by, text, edits }
            }),
        3 => (channel.clone(), 0..12_i64, person.clone(), 0..EMOJI.len(), any::<bool>())
            .prop_map(|(channel, number, by, emoji, on)| {
                Step::React { channel, number, by, emoji, on }
            }),
        1 => (channel.clone(), person.clone())
            .prop_map(|(channel, user)| Step::Leave { channel, user }),
        1 => (channel.clone(), person.clone())
            .prop_map(|(channel, user)| Step::Join { channel, user }),
        1 => (person.clone(), 0..NAMES.len())
            .prop_map(|(user, name)| Step::Rename { user, name }),
        2 => (channel.clone(), person.clone(), -1..12_i64, any::<bool>())
            .prop_map(|(channel, user, number, down)| {
                let kind = if down { MarkKind::Mark } else { MarkKind::Read };
                Step::Read { channel, user, number, kind }
            }),
        1 => (channel.clone(), person, 0..3_u8)
            .prop_map(|(channel, by, topic)| Step::Topic { channel, by, topic }),
        1 => (channel, 0..12_i64, any::<bool>())
            .prop_map(|(channel, through, sweeps)| Step::Clear { channel, through, sweeps }),
    ];
    prop::collection::vec(step, 1..60)
}

/// Half of the messages are replies, and most of these are in their thread alone.
fn replies() -> impl Strategy<Value = Option<Reply>> {
    let reply = (0..6_i64, prop::bool::weighted(0.2))
        .prop_map(|(root, in_run)| Reply { root: Number(root), in_run });
    prop::option::of(reply)
}
