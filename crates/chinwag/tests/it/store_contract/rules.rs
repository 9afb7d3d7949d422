//! The rules of channels as a second implementation over plain collections, for random histories.

use std::collections::{BTreeMap, HashMap};

use chinwag::model::channels::MarkKind;
use proptest::prelude::*;

pub const PEOPLE: usize = 3;
pub const CHANNELS: usize = 2;
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
    },
    Delete {
        channel: usize,
        number: i64,
        by: usize,
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

#[derive(Debug, PartialEq)]
pub enum Answer {
    Posted(i64, i64),
    Replayed(i64, i64),
    KeyReused,
    Deleted(i64),
    AlreadyDeleted(i64),
    NotAuthor,
    NotFound,
    Left,
    Joined,
    /// A read mark, and how much is unread above it.
    Read(Option<(i64, i64)>),
    /// The revision; `None` for somebody who is not in the channel.
    Topic(Option<i64>),
    /// The revision.
    Cleared(i64),
    Named,
    NameHeld,
    NameKept,
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (channel, person) = (0..CHANNELS, 0..PEOPLE);
    let step = prop_oneof![
        5 => (channel.clone(), person.clone(), 0..20_u8, 0..3_u8)
            .prop_map(|(channel, author, key, text)| Step::Post { channel, author, key, text }),
        3 => (channel.clone(), 0..12_i64, person.clone())
            .prop_map(|(channel, number, by)| Step::Delete { channel, number, by }),
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

/// The rules of the product, without a database.
#[derive(Default)]
pub struct Rules {
    pub channels: [Plain; CHANNELS],
    /// For each author and key the channel, number and text of the first message.
    keys: HashMap<(usize, u8), (usize, usize, u8)>,
    /// The name of each person who took another one.
    pub names: BTreeMap<usize, usize>,
    /// Whose each name was that was given up.
    old_names: BTreeMap<usize, usize>,
}

#[derive(Default)]
pub struct Plain {
    pub revision: i64,
    topic: u8,
    /// For each row whose it is, its revision and whether it is deleted; row 1 is the first.
    rows: Vec<(By, i64, bool)>,
    /// Rows up to this number were cleared.
    floor: i64,
    /// Rows up to this number are removed.
    swept: i64,
    /// The read marks of the members.
    pub read: BTreeMap<usize, i64>,
}

/// Whose a row is.
#[derive(Clone, Copy, PartialEq)]
enum By {
    /// A message of that person.
    Person(usize),
    /// A line of people who joined and left.
    Passage,
    /// A line of something else.
    Fact,
}

impl Rules {
    pub fn answer(&mut self, step: &Step) -> Answer {
        match *step {
            Step::Post { channel, author, key, text } => self.post(channel, author, key, text),
            Step::Delete { channel, number, by } => self.channels[channel].delete(number, by),
            Step::Leave { channel, user } => {
                let plain = &mut self.channels[channel];
                if plain.read.remove(&user).is_some() {
                    plain.passed();
                }
                Answer::Left
            }
            Step::Join { channel, user } => {
                let plain = &mut self.channels[channel];
                if !plain.read.contains_key(&user) {
                    plain.passed();
                    plain.read.insert(user, plain.rows.len() as i64);
                }
                Answer::Joined
            }
            Step::Clear { channel, through, sweeps } => {
                let answer = self.channels[channel].clear(through);
                if sweeps {
                    self.channels.iter_mut().for_each(|plain| plain.swept = plain.floor);
                }
                answer
            }
            Step::Read { channel, user, number, kind } => {
                let plain = &mut self.channels[channel];
                let Some(mark) = plain.read.get(&user).copied() else {
                    return Answer::Read(None);
                };
                let wanted = number.clamp(plain.floor, plain.rows.len() as i64);
                let mark = if kind == MarkKind::Read { wanted.max(mark) } else { wanted };
                plain.read.insert(user, mark);
                Answer::Read(Some((mark, plain.unread(user))))
            }
            Step::Topic { channel, by, topic } => {
                let plain = &mut self.channels[channel];
                if !plain.read.contains_key(&by) {
                    return Answer::Topic(None);
                }
                let revision = plain.revision + i64::from(plain.topic != topic);
                if plain.topic != topic {
                    plain.revision = revision;
                    plain.line(By::Fact);
                }
                plain.topic = topic;
                Answer::Topic(Some(revision))
            }
            Step::Rename { user, name } => self.rename(user, name),
        }
    }

    fn rename(&mut self, user: usize, name: usize) -> Answer {
        if self.names.iter().any(|(other, held)| *other != user && *held == name) {
            return Answer::NameHeld;
        }
        if self.old_names.get(&name).is_some_and(|owner| *owner != user) {
            return Answer::NameKept;
        }
        self.old_names.remove(&name);
        match self.names.insert(user, name) {
            Some(before) if before != name => drop(self.old_names.insert(before, user)),
            _ => {}
        }
        Answer::Named
    }

    fn post(&mut self, channel: usize, author: usize, key: u8, text: u8) -> Answer {
        if let Some(&(there, number, first)) = self.keys.get(&(author, key)) {
            let (_, revision, deleted) = self.channels[there].rows[number - 1];
            let (at, of) = (number as i64, &self.channels[there]);
            // What was cleared elsewhere is known where something was cleared too.
            let known = there == channel || (at <= of.swept && self.channels[channel].floor > 0);
            if at <= of.floor && known {
                return Answer::Replayed(at, 0);
            }
            if at > of.swept {
                return if there == channel && (deleted || first == text) {
                    Answer::Replayed(at, revision)
                } else {
                    Answer::KeyReused
                };
            }
        }
        let plain = &mut self.channels[channel];
        if !plain.read.contains_key(&author) {
            plain.passed();
        }
        // A post does not move its author's mark over unread messages of others.
        let reads_on = plain.unread(author) == 0;
        plain.revision += 1;
        plain.rows.push((By::Person(author), plain.revision, false));
        let number = plain.rows.len();
        if reads_on {
            plain.read.insert(author, number as i64);
        }
        self.keys.insert((author, key), (channel, number, text));
        Answer::Posted(number as i64, plain.revision)
    }
}

impl Plain {
    /// How many messages by others above a member's mark are not deleted; 0 for others.
    pub fn unread(&self, user: usize) -> i64 {
        let mark = self.read.get(&user).copied().unwrap_or(self.rows.len() as i64);
        let above = self.rows.iter().skip(mark.max(self.floor) as usize);
        above.filter(|(by, _, deleted)| *by != By::Person(user) && !deleted).count() as i64
    }

    /// Adds a line.
    fn line(&mut self, by: By) {
        self.revision += 1;
        self.rows.push((by, self.revision, true));
    }

    /// Somebody joins or leaves.
    fn passed(&mut self) {
        let stands = self.rows.len() as i64 > self.floor;
        match self.rows.last_mut() {
            Some((By::Passage, revision, _)) if stands => {
                self.revision += 1;
                *revision = self.revision;
            }
            _ => self.line(By::Passage),
        }
    }

    fn clear(&mut self, through: i64) -> Answer {
        let through = through.min(self.rows.len() as i64);
        if through <= self.floor {
            return Answer::Cleared(self.revision);
        }
        self.floor = through;
        self.revision += 1;
        let revision = self.revision;
        self.line(By::Fact);
        Answer::Cleared(revision)
    }

    fn delete(&mut self, number: i64, by: usize) -> Answer {
        let row = usize::try_from(number - 1).ok().and_then(|index| self.rows.get_mut(index));
        let Some((whose, revision, deleted)) = row else { return Answer::NotFound };
        if number <= self.floor || matches!(whose, By::Passage | By::Fact) {
            return Answer::NotFound;
        }
        if *whose != By::Person(by) {
            return Answer::NotAuthor;
        }
        if *deleted {
            return Answer::AlreadyDeleted(*revision);
        }
        self.revision += 1;
        (*revision, *deleted) = (self.revision, true);
        Answer::Deleted(self.revision)
    }
}
