//! The rules of channels as a second implementation over plain collections, for random histories.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chinwag::model::channels::MarkKind;
use chinwag::model::threads::Reply;

use super::steps::{CHANNELS, Step};

#[derive(Debug, PartialEq)]
pub enum Answer {
    Posted(i64, i64),
    Replayed(i64, i64),
    KeyReused,
    NoThread,
    /// Whether they follow it, their mark, and how much is unread above it.
    Followed(Option<Stand>, i64),
    Deleted(i64),
    AlreadyDeleted(i64),
    NotAuthor,
    NotFound,
    NotInside,
    /// The revision of the message.
    Edited(i64),
    Unchanged(i64),
    Meanwhile(i64),
    /// The revision of the message, and its kinds of reactions as the person sees them.
    Reacted(i64, Vec<Kind>),
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

/// How somebody stands to a thread: whether they follow it, and up to which number they have read it.
pub type Stand = (bool, i64);

/// A kind of reaction: the emoji, how many have it, and whether the reader does.
pub type Kind = (usize, i64, bool);

/// The rules of the product, without a database.
#[derive(Default)]
pub struct Rules {
    pub channels: [Plain; CHANNELS],
    /// For each author and key the channel, number and text of the first message, and what it answers.
    keys: HashMap<(usize, u8), First>,
    /// The name of each person who took another one.
    pub names: BTreeMap<usize, usize>,
    /// Whose each name was that was given up.
    old_names: BTreeMap<usize, usize>,
}

/// The channel, number and text of a message that was posted under a key, and what it answers.
type First = (usize, usize, u8, Option<Reply>);

#[derive(Default)]
pub struct Plain {
    pub revision: i64,
    topic: u8,
    /// Row 1 is the first.
    pub rows: Vec<PlainRow>,
    /// Rows up to this number were cleared.
    floor: i64,
    /// Rows up to this number are removed.
    swept: i64,
    /// The read marks of the members.
    pub read: BTreeMap<usize, i64>,
    /// How people stand to threads, by person and root.
    pub follows: BTreeMap<(usize, i64), Stand>,
}

/// A row of a channel.
pub struct PlainRow {
    by: By,
    revision: i64,
    pub deleted: bool,
    reply: Option<Reply>,
    pub text: u8,
    /// The texts that it had before, the oldest first.
    pub earlier: Vec<u8>,
    /// Who has each kind of reaction, in the order in which the kinds came.
    reactions: Vec<(usize, BTreeSet<usize>)>,
}

impl PlainRow {
    pub fn in_run(&self) -> bool {
        self.reply.is_none_or(|reply| reply.in_run)
    }

    fn answers(&self, root: i64) -> bool {
        self.reply.is_some_and(|reply| reply.root.0 == root)
    }

    /// The kinds of reactions as somebody sees them.
    pub fn kinds(&self, reader: usize) -> Vec<Kind> {
        let kinds = self.reactions.iter();
        kinds.map(|(emoji, who)| (*emoji, who.len() as i64, who.contains(&reader))).collect()
    }
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
            Step::Post { channel, author, key, text, reply } => {
                self.post(channel, author, (key, text), reply)
            }
            Step::Follow { channel, root, user, on } => {
                self.channels[channel].follow(root, user, on)
            }
            Step::ReadThread { channel, root, user, number, kind } => {
                self.channels[channel].read_thread(root, user, number, kind)
            }
            Step::Delete { channel, number, by } => self.channels[channel].delete(number, by),
            Step::Edit { channel, number, by, text, edits } => {
                self.channels[channel].edit(number, by, text, edits)
            }
            Step::React { channel, number, by, emoji, on } => {
                self.channels[channel].react(number, by, emoji, on)
            }
            Step::Leave { channel, user } => {
                let plain = &mut self.channels[channel];
                if plain.read.remove(&user).is_some() {
                    plain.passed();
                    plain.follows.retain(|(follower, _), _| *follower != user);
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

    fn post(
        &mut self,
        channel: usize,
        author: usize,
        (key, text): (u8, u8),
        reply: Option<Reply>,
    ) -> Answer {
        if let Some(&(there, number, first, answered)) = self.keys.get(&(author, key)) {
            let PlainRow { revision, deleted, .. } = self.channels[there].rows[number - 1];
            let (at, of) = (number as i64, &self.channels[there]);
            // What was cleared elsewhere is known where something was cleared too.
            let known = there == channel || (at <= of.swept && self.channels[channel].floor > 0);
            if at <= of.floor && known {
                return Answer::Replayed(at, 0);
            }
            if at > of.swept {
                return if there == channel && (deleted || (first, answered) == (text, reply)) {
                    Answer::Replayed(at, revision)
                } else {
                    Answer::KeyReused
                };
            }
        }
        let plain = &mut self.channels[channel];
        if reply.is_some_and(|reply| !plain.is_root(reply.root.0)) {
            return Answer::NoThread;
        }
        let joins = !plain.read.contains_key(&author);
        if joins {
            plain.passed();
        }
        // A post does not move its author's mark over unread messages of others.
        let reads_on = plain.unread(author) == 0;
        plain.row(By::Person(author), text, reply);
        let number = plain.rows.len();
        let in_run = reply.is_none_or(|reply| reply.in_run);
        if joins || (reads_on && in_run) {
            plain.read.insert(author, number as i64);
        }
        if let Some(Reply { root, .. }) = reply {
            plain.replied(root.0, author, number as i64);
        }
        self.keys.insert((author, key), (channel, number, text, reply));
        Answer::Posted(number as i64, plain.revision)
    }
}

impl Plain {
    /// How many messages by others above a member's mark are not deleted; 0 for others.
    pub fn unread(&self, user: usize) -> i64 {
        let mark = self.read.get(&user).copied().unwrap_or(self.rows.len() as i64);
        let above = self.rows.iter().skip(mark.max(self.floor) as usize);
        let counts = |row: &&PlainRow| row.by != By::Person(user) && !row.deleted && row.in_run();
        above.filter(counts).count() as i64
    }

    /// How many replies by others above a mark are neither deleted nor in the run.
    pub fn unread_in(&self, root: i64, user: usize, read: i64) -> i64 {
        let above = self.rows.iter().skip(read as usize).filter(|row| row.answers(root));
        let counts = |row: &&PlainRow| row.by != By::Person(user) && !row.deleted && !row.in_run();
        above.filter(counts).count() as i64
    }

    /// How many replies stand under a message, and the number of the newest; `None` if nobody ever answered it.
    pub fn thread(&self, root: i64) -> Option<(i64, i64)> {
        let all = self.rows.iter().zip(1..).filter(|(row, _)| row.answers(root));
        let standing = all.clone().filter(|(row, _)| !row.deleted);
        all.clone().next()?;
        Some((standing.clone().count() as i64, standing.last().map_or(root, |(_, number)| number)))
    }

    /// The threads that somebody follows, as they stand to them.
    pub fn followed(&self, user: usize) -> impl Iterator<Item = (i64, Stand)> {
        let theirs = self.follows.iter().filter(move |((follower, _), _)| *follower == user);
        theirs.map(|((_, root), stand)| (*root, *stand)).filter(|(root, _)| *root > self.floor)
    }

    /// Whether a message begins a thread or could.
    fn is_root(&self, number: i64) -> bool {
        let row = usize::try_from(number - 1).ok().and_then(|index| self.rows.get(index));
        number > self.floor
            && row.is_some_and(|row| {
                let stands = !row.deleted || self.thread(number).is_some();
                row.reply.is_none() && stands && matches!(row.by, By::Person(_))
            })
    }

    /// Counts a reply under its root, and lets those follow who take part.
    fn replied(&mut self, root: i64, author: usize, number: i64) {
        let row = &mut self.rows[root as usize - 1];
        row.revision = self.revision;
        let By::Person(began) = row.by else { return };
        let stand = self.follows.entry((author, root)).or_insert((false, 0));
        if !stand.0 {
            *stand = (true, number);
        }
        if began != author && self.read.contains_key(&began) {
            self.follows.entry((began, root)).or_insert((true, number - 1));
        }
    }

    fn follow(&mut self, root: i64, user: usize, on: bool) -> Answer {
        if !self.is_root(root) {
            return Answer::Followed(None, 0);
        }
        if !self.read.contains_key(&user) {
            return Answer::NotInside;
        }
        let newest = self.thread(root).map_or(root, |(_, last)| last);
        let stand = self.follows.entry((user, root)).or_insert((on, newest));
        stand.0 = on;
        let stand = *stand;
        Answer::Followed(Some(stand), self.unread_in(root, user, stand.1))
    }

    fn read_thread(&mut self, root: i64, user: usize, number: i64, kind: MarkKind) -> Answer {
        let last = self.rows.len() as i64;
        let stand = self.follows.get_mut(&(user, root)).filter(|_| root > self.floor);
        let Some(stand) = stand else { return Answer::Followed(None, 0) };
        let wanted = number.clamp(root, last);
        stand.1 = if kind == MarkKind::Read { wanted.max(stand.1) } else { wanted };
        let stand = *stand;
        Answer::Followed(Some(stand), self.unread_in(root, user, stand.1))
    }

    /// Adds a row.
    fn row(&mut self, by: By, text: u8, reply: Option<Reply>) {
        self.revision += 1;
        self.rows.push(PlainRow {
            by,
            revision: self.revision,
            deleted: !matches!(by, By::Person(_)),
            reply,
            text,
            earlier: Vec::new(),
            reactions: Vec::new(),
        });
    }

    /// Adds a line.
    fn line(&mut self, by: By) {
        self.row(by, 0, None);
    }

    /// A message that stands, whose number is above the floor.
    fn standing(&mut self, number: i64) -> Option<&mut PlainRow> {
        let index = usize::try_from(number - 1).ok().filter(|_| number > self.floor)?;
        self.rows.get_mut(index).filter(|row| !row.deleted)
    }

    fn edit(&mut self, number: i64, by: usize, text: u8, edits: Option<i64>) -> Answer {
        let (revision, inside) = (self.revision + 1, self.read.contains_key(&by));
        let Some(row) = self.standing(number) else { return Answer::NotFound };
        if row.by != By::Person(by) {
            return Answer::NotAuthor;
        }
        if row.text == text {
            return Answer::Unchanged(row.revision);
        }
        if !inside {
            return Answer::NotInside;
        }
        if edits.is_some_and(|edits| edits != row.earlier.len() as i64) {
            return Answer::Meanwhile(row.revision);
        }
        row.earlier.push(row.text);
        (row.text, row.revision) = (text, revision);
        self.revision = revision;
        Answer::Edited(revision)
    }

    fn react(&mut self, number: i64, by: usize, emoji: usize, on: bool) -> Answer {
        let (revision, inside) = (self.revision + 1, self.read.contains_key(&by));
        let Some(row) = self.standing(number) else { return Answer::NotFound };
        let at = row.reactions.iter().position(|(kind, _)| *kind == emoji);
        let had = at.is_some_and(|at| row.reactions[at].1.contains(&by));
        if had == on {
            return Answer::Reacted(row.revision, row.kinds(by));
        }
        if !inside {
            return Answer::NotInside;
        }
        match at {
            None => row.reactions.push((emoji, BTreeSet::from([by]))),
            Some(at) if on => drop(row.reactions[at].1.insert(by)),
            Some(at) => drop(row.reactions[at].1.remove(&by)),
        }
        row.reactions.retain(|(_, who)| !who.is_empty());
        row.revision = revision;
        let kinds = row.kinds(by);
        self.revision = revision;
        Answer::Reacted(revision, kinds)
    }

    /// Somebody joins or leaves.
    fn passed(&mut self) {
        let floor = self.floor;
        let run = self.rows.iter_mut().zip(1..).filter(|(row, _)| row.in_run());
        match run.last() {
            Some((row, number)) if number > floor && row.by == By::Passage => {
                self.revision += 1;
                row.revision = self.revision;
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
        let Some(row) = row else { return Answer::NotFound };
        if number <= self.floor || matches!(row.by, By::Passage | By::Fact) {
            return Answer::NotFound;
        }
        if row.by != By::Person(by) {
            return Answer::NotAuthor;
        }
        if row.deleted {
            return Answer::AlreadyDeleted(row.revision);
        }
        self.revision += 1;
        (row.revision, row.deleted) = (self.revision, true);
        row.reactions.clear();
        if let Some(Reply { root, .. }) = row.reply
            && root.0 > self.floor
        {
            self.rows[root.0 as usize - 1].revision = self.revision;
        }
        Answer::Deleted(self.revision)
    }
}
