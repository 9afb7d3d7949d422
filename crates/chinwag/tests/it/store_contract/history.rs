//! Random histories, compared with a second implementation of the rules over plain collections.
//!
//! They also check promise 3: what a client held at any moment, together with what changed since, is
//! what a fresh client loads.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};

use chinwag::model::channels::{ChannelView, MarkKind};
use chinwag::model::ids::{ChannelId, MessageKey, Number, Revision, UserId};
use chinwag::model::messages::Message;
use chinwag::model::names::DisplayName;
use chinwag::model::permissions::Denial;
use chinwag::model::text::{MessageText, Topic};
use chinwag::store::{
    ChannelPatch, Constraint, DeleteOutcome, Error, NewMessage, NewName, PostOutcome,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::world::{Backend, DAY_MS, NOW, World, change};

const PEOPLE: usize = 3;
const CHANNELS: usize = 2;
/// The names that people take, beside those that they have at first.
const NAMES: [&str; 4] = ["Cleo", "Dora", "Eve", "Frida"];

/// Numbers are indexes of the people and channels of the history.
#[derive(Debug, Clone)]
enum Step {
    Post { channel: usize, author: usize, key: u8, text: u8 },
    Delete { channel: usize, number: i64, by: usize },
    Leave { channel: usize, user: usize },
    Join { channel: usize, user: usize },
    Read { channel: usize, user: usize, number: i64, kind: MarkKind },
    Topic { channel: usize, by: usize, topic: u8 },
    Rename { user: usize, name: usize },
}

#[derive(Debug, PartialEq)]
enum Answer {
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
    Named,
    NameHeld,
    NameKept,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
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
        1 => (channel, person, 0..3_u8)
            .prop_map(|(channel, by, topic)| Step::Topic { channel, by, topic }),
    ];
    prop::collection::vec(step, 1..60)
}

/// The rules of the product, without a database.
#[derive(Default)]
struct Rules {
    channels: [Plain; CHANNELS],
    /// For each author and key the channel, number and text of the first message.
    keys: HashMap<(usize, u8), (usize, usize, u8)>,
    /// The name of each person who took another one.
    names: BTreeMap<usize, usize>,
    /// Whose each name was that was given up.
    old_names: BTreeMap<usize, usize>,
}

#[derive(Default)]
struct Plain {
    revision: i64,
    topic: u8,
    /// For each message its author, its revision and whether it is deleted; message 1 is the first.
    rows: Vec<(usize, i64, bool)>,
    /// The read marks of the members.
    read: BTreeMap<usize, i64>,
}

impl Rules {
    fn answer(&mut self, step: &Step) -> Answer {
        match *step {
            Step::Post { channel, author, key, text } => self.post(channel, author, key, text),
            Step::Delete { channel, number, by } => self.channels[channel].delete(number, by),
            Step::Leave { channel, user } => {
                self.channels[channel].read.remove(&user);
                Answer::Left
            }
            Step::Join { channel, user } => {
                let Plain { rows, read, .. } = &mut self.channels[channel];
                read.entry(user).or_insert(rows.len() as i64);
                Answer::Joined
            }
            Step::Read { channel, user, number, kind } => {
                let plain = &mut self.channels[channel];
                let Some(mark) = plain.read.get(&user).copied() else {
                    return Answer::Read(None);
                };
                let wanted = number.clamp(0, plain.rows.len() as i64);
                let mark = if kind == MarkKind::Read { wanted.max(mark) } else { wanted };
                plain.read.insert(user, mark);
                Answer::Read(Some((mark, plain.unread(user))))
            }
            Step::Topic { channel, by, topic } => {
                let plain = &mut self.channels[channel];
                if !plain.read.contains_key(&by) {
                    return Answer::Topic(None);
                }
                plain.revision += i64::from(plain.topic != topic);
                plain.topic = topic;
                Answer::Topic(Some(plain.revision))
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
            return if there == channel && (deleted || first == text) {
                Answer::Replayed(number as i64, revision)
            } else {
                Answer::KeyReused
            };
        }
        let plain = &mut self.channels[channel];
        // A post does not move its author's mark over unread messages of others.
        let reads_on = plain.unread(author) == 0;
        plain.revision += 1;
        plain.rows.push((author, plain.revision, false));
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
    fn unread(&self, user: usize) -> i64 {
        let mark = self.read.get(&user).copied().unwrap_or(self.rows.len() as i64);
        let above = self.rows.iter().skip(mark as usize);
        above.filter(|(author, _, deleted)| *author != user && !deleted).count() as i64
    }

    fn delete(&mut self, number: i64, by: usize) -> Answer {
        let row = usize::try_from(number - 1).ok().and_then(|index| self.rows.get_mut(index));
        let Some((author, revision, deleted)) = row else { return Answer::NotFound };
        if *author != by {
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

struct Stage {
    world: World,
    people: Vec<UserId>,
    channels: Vec<ChannelId>,
    round: usize,
}

impl Stage {
    async fn set(backend: &dyn Backend, round: usize) -> Self {
        let world = World::open(backend);
        let (mut people, mut channels) = (Vec::new(), Vec::new());
        for person in 0..PEOPLE {
            people.push(world.person(&format!("person {round} {person}")).await);
        }
        for channel in 0..CHANNELS {
            let id = world.channel(&format!("channel {round} {channel}"), people[0]).await;
            world.store.leave(id, people[0]).await.unwrap();
            channels.push(id);
        }
        Self { world, people, channels, round }
    }

    async fn answer(&self, step: &Step) -> Answer {
        let store = &self.world.store;
        match *step {
            Step::Post { channel, author, key, text } => {
                let posted = store.post_message(NewMessage {
                    channel: self.channels[channel],
                    author: self.people[author],
                    key: MessageKey([key; 16]),
                    text: MessageText::parse(&format!("text {text}"), false).unwrap(),
                    attachments: Vec::new(),
                    at: NOW,
                });
                match posted.await.unwrap() {
                    PostOutcome::Posted(row) => Answer::Posted(row.number.0, row.revision.0),
                    PostOutcome::Replayed(row) => Answer::Replayed(row.number.0, row.revision.0),
                    PostOutcome::KeyReused => Answer::KeyReused,
                    other => panic!("{other:?}"),
                }
            }
            Step::Delete { channel, number, by } => {
                let (channel, by) = (self.channels[channel], self.people[by]);
                match store.delete_message(channel, Number(number), by, NOW).await.unwrap() {
                    DeleteOutcome::Deleted(row, _) => Answer::Deleted(row.revision.0),
                    DeleteOutcome::AlreadyDeleted(row) => Answer::AlreadyDeleted(row.revision.0),
                    DeleteOutcome::NotAuthor => Answer::NotAuthor,
                    DeleteOutcome::NotFound => Answer::NotFound,
                }
            }
            Step::Leave { channel, user } => {
                store.leave(self.channels[channel], self.people[user]).await.unwrap();
                Answer::Left
            }
            Step::Join { channel, user } => {
                store.join(self.channels[channel], self.people[user], NOW).await.unwrap();
                Answer::Joined
            }
            Step::Read { channel, user, number, kind } => {
                let (channel, user) = (self.channels[channel], self.people[user]);
                let state = store.mark_read(channel, user, Number(number), kind).await.unwrap();
                Answer::Read(state.map(|state| (state.read.number.0, state.unread)))
            }
            Step::Topic { channel, by, topic } => {
                let text = Topic::parse(&"x".repeat(topic.into())).unwrap();
                let patch = ChannelPatch { topic: Some(text), ..ChannelPatch::default() };
                let told = change(&**store, self.channels[channel], self.people[by], patch).await;
                Answer::Topic(match told {
                    Ok(channel) => Some(channel.revision.0),
                    Err(Error::Denied(Denial::NotInside)) => None,
                    Err(error) => panic!("{error}"),
                })
            }
            Step::Rename { user, name } => {
                let name = DisplayName::parse(&self.name(name)).unwrap();
                let new = NewName { name, at: NOW, keep_until: NOW.plus_ms(30 * DAY_MS) };
                match store.rename(self.people[user], new).await {
                    Ok(_) => Answer::Named,
                    Err(Error::Conflict(Constraint::UserName)) => Answer::NameHeld,
                    Err(Error::Conflict(Constraint::UserNameKept)) => Answer::NameKept,
                    Err(other) => panic!("{other}"),
                }
            }
        }
    }

    fn name(&self, name: usize) -> String {
        format!("{} {}", NAMES[name], self.round)
    }

    /// The head of the place's stream.
    async fn place(&self) -> Revision {
        self.world.store.heads(self.people[0]).await.unwrap().place.unwrap()
    }

    /// The people whose names changed after `since`, a few rows at a time.
    async fn names_since(&self, mut since: Revision) -> HashMap<UserId, String> {
        let mut names = HashMap::new();
        loop {
            let changes = self.world.store.place_changes(self.people[0], since, 2).await.unwrap();
            names.extend(changes.people.into_iter().map(|person| (person.id, person.name)));
            since = changes.reached;
            if changes.complete {
                return names;
            }
        }
    }

    /// Brings what a client held up to date, a few rows at a time. A name that changed is told by
    /// the place alone.
    async fn catch_up(&self, held: Held) -> Vec<Message> {
        let Held { channel, revision: mut known, place, rows } = held;
        let mut rows: BTreeMap<Number, Message> =
            rows.into_iter().map(|row| (row.number, row)).collect();
        let names = self.names_since(place).await;
        for author in rows.values_mut().map(|row| &mut row.author) {
            author.name = names.get(&author.id).unwrap_or(&author.name).clone();
        }
        loop {
            let user = self.people[0];
            let changes = self.world.store.changes(channel, user, known, 4).await.unwrap().unwrap();
            for row in changes.messages {
                rows.insert(row.number, row);
            }
            known = changes.reached;
            if changes.complete {
                return rows.into_values().collect();
            }
        }
    }
}

/// What a client held of a channel.
struct Held {
    channel: ChannelId,
    revision: Revision,
    /// The head of the place's stream.
    place: Revision,
    rows: Vec<Message>,
}

pub async fn random_histories_follow_the_rules(backend: &dyn Backend) {
    let runtime = tokio::runtime::Handle::current();
    // All histories use one store, each with its own people and channels.
    let round = AtomicUsize::new(0);
    tokio::task::block_in_place(|| {
        let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
        let told = TestRunner::new(config).run(&steps(), |steps| {
            let round = round.fetch_add(1, Ordering::Relaxed);
            runtime.block_on(play(backend, round, &steps))
        });
        told.unwrap_or_else(|failure| panic!("{failure}"));
    });
}

async fn play(backend: &dyn Backend, round: usize, steps: &[Step]) -> Result<(), TestCaseError> {
    let stage = Stage::set(backend, round).await;
    let told = play_on(&stage, steps).await;
    // Also after a failure: a shorter history that fails too is looked for on the same data.
    stage.world.store.close().await;
    told
}

async fn play_on(stage: &Stage, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut rules = Rules::default();
    let mut snapshots = Vec::new();
    let mut own = Vec::new();
    for step in steps {
        let answer = stage.answer(step).await;
        prop_assert_eq!(&answer, &rules.answer(step), "{:?}", step);
        own.push(stage.own(&mut rules).await?);
        if let Answer::Posted(..) | Answer::Deleted(_) = answer {
            for (index, &channel) in stage.channels.iter().enumerate() {
                let rows = stage.world.everything(channel).await;
                let revision = Revision(rules.channels[index].revision);
                snapshots.push(Held { channel, revision, place: stage.place().await, rows });
            }
        }
    }
    for held in snapshots {
        let fresh = stage.world.everything(held.channel).await;
        prop_assert_eq!(stage.catch_up(held).await, fresh);
    }
    for (index, &user) in stage.people.iter().enumerate() {
        let account = stage.world.store.account(user).await.unwrap().unwrap();
        let named = rules.names.get(&index).map(|&name| stage.name(name));
        prop_assert_eq!(&account.user.name, named.as_ref().unwrap_or(&account.user.name));
        prop_assert_eq!(named.is_none(), account.user.name.starts_with("person"));
    }
    for held in own {
        for (user, held) in stage.people.iter().zip(held) {
            stage.catch_up_own(*user, held).await?;
        }
    }
    Ok(())
}

/// A person's memberships by channel, at a revision of their own stream.
struct Own {
    revision: Revision,
    memberships: BTreeMap<ChannelId, Kept>,
}

/// The part of a membership that the person's own stream tells. The number of unread messages is not
/// in it, because it also depends on the channel's stream.
type Kept = (Option<(Number, Revision)>, Revision);

fn kept(view: &ChannelView) -> Kept {
    (view.membership.map(|member| (member.read.number, member.read.step)), view.own_revision)
}

impl Stage {
    /// Everybody's memberships as they are now, compared with the rules.
    async fn own(&self, rules: &mut Rules) -> Result<Vec<Own>, TestCaseError> {
        let mut held = Vec::new();
        for (index, &user) in self.people.iter().enumerate() {
            let (revision, fresh) = self.fresh(user).await?;
            for (view, plain) in fresh.iter().zip(&rules.channels) {
                let mark = view.membership.map(|member| (member.read.number.0, member.unread));
                let rule = plain.read.get(&index).map(|mark| (*mark, plain.unread(index)));
                prop_assert_eq!(mark, rule);
            }
            let memberships = fresh.iter().map(|view| (view.channel.id, kept(view))).collect();
            held.push(Own { revision, memberships });
        }
        Ok(held)
    }

    /// The channels as a person sees them now, and the head of their own stream. The list has those that they
    /// are in, as each of them is answered alone.
    async fn fresh(&self, user: UserId) -> Result<(Revision, Vec<ChannelView>), TestCaseError> {
        let store = &self.world.store;
        let mut fresh = Vec::new();
        for &id in &self.channels {
            fresh.push(store.channel(id, user).await.unwrap().unwrap());
        }
        let overview = store.overview(user, ChannelId(0)).await.unwrap().unwrap();
        let listed = overview.channels.into_iter();
        let listed: Vec<_> =
            listed.filter(|view| self.channels.contains(&view.channel.id)).collect();
        let inside = fresh.iter().filter(|view| view.membership.is_some());
        prop_assert_eq!(listed, inside.cloned().collect::<Vec<_>>());
        Ok((overview.own, fresh))
    }

    /// What a person held once, together with what changed since, is what a fresh load shows.
    async fn catch_up_own(&self, user: UserId, held: Own) -> Result<(), TestCaseError> {
        let Own { mut revision, mut memberships } = held;
        loop {
            let changes = self.world.store.own_changes(user, revision, 1).await.unwrap().unwrap();
            for view in &changes.channels {
                memberships.insert(view.channel.id, kept(view));
            }
            revision = changes.reached;
            if changes.complete {
                break;
            }
        }
        let (head, fresh) = self.fresh(user).await?;
        prop_assert_eq!(revision, head);
        for view in &fresh {
            prop_assert_eq!(memberships.get(&view.channel.id), Some(&kept(view)));
        }
        Ok(())
    }
}
