//! Random histories, compared with a second implementation of the rules over plain collections.
//!
//! They also check promise 3: what a client held at any moment, together with what changed since, is
//! what a fresh client loads.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};

use chinwag::model::channels::ChannelView;
use chinwag::model::edits::Edit;
use chinwag::model::ids::{ChannelId, MessageKey, Number, Revision, UserId};
use chinwag::model::messages::Message;
use chinwag::model::names::DisplayName;
use chinwag::model::permissions::Denial;
use chinwag::model::reactions::Emoji;
use chinwag::model::text::{MessageText, Topic};
use chinwag::model::threads::Follow;
use chinwag::store::{
    ChannelPatch, Constraint, DeleteOutcome, EditOutcome, Error, NewMessage, NewName, PostOutcome,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::rules::{Answer, Kind, Plain, Rules};
use super::steps::{CHANNELS, EMOJI, NAMES, PEOPLE, Step, steps};
use super::world::{Backend, DAY_MS, NOW, World, change, doer, wording};

struct Stage {
    world: World,
    /// Made the channels, is in them, and does nothing else but clear them.
    host: UserId,
    people: Vec<UserId>,
    channels: Vec<ChannelId>,
    round: usize,
}

impl Stage {
    async fn set(backend: &dyn Backend, round: usize) -> Self {
        let world = World::open(backend);
        let (mut people, mut channels) = (Vec::new(), Vec::new());
        let host = world.person(&format!("host {round}")).await;
        for person in 0..PEOPLE {
            people.push(world.person(&format!("person {round} {person}")).await);
        }
        for channel in 0..CHANNELS {
            channels.push(world.channel(&format!("channel {round} {channel}"), host).await);
        }
        Self { world, host, people, channels, round }
    }

    async fn answer(&self, step: &Step) -> Answer {
        let store = &self.world.store;
        match *step {
            Step::Post { channel, author, key, text, reply } => {
                let posted = store.post_message(NewMessage {
                    channel: self.channels[channel],
                    author: self.people[author],
                    key: MessageKey([key; 16]),
                    text: MessageText::parse(&format!("text {text}"), false).unwrap(),
                    mentions: Vec::new(),
                    quote: None,
                    forward: None,
                    reply,
                    attachments: Vec::new(),
                    at: NOW,
                });
                match posted.await.unwrap() {
                    PostOutcome::Posted(row) => Answer::Posted(row.number.0, row.revision.0),
                    PostOutcome::Replayed(row) => Answer::Replayed(row.number.0, row.revision.0),
                    PostOutcome::KeyReused => Answer::KeyReused,
                    PostOutcome::NoThread => Answer::NoThread,
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
            Step::Edit { .. } | Step::React { .. } => self.talk(step).await,
            Step::Follow { .. } | Step::ReadThread { .. } => self.thread(step).await,
            Step::Leave { channel, user } => {
                store.leave(self.channels[channel], self.people[user], NOW).await.unwrap();
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
            Step::Clear { channel, through, sweeps } => {
                let (id, by) = (self.channels[channel], doer(self.host));
                let told = store.clear_channel(id, by, Number(through)).await.unwrap();
                while sweeps && store.sweep_deleted_channels().await.unwrap().is_some() {}
                Answer::Cleared(told.revision.0)
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

    /// The answer to an edit or a reaction.
    async fn talk(&self, step: &Step) -> Answer {
        let store = &self.world.store;
        match *step {
            Step::Edit { channel, number, by, text, edits } => {
                let (channel, by) = (self.channels[channel], self.people[by]);
                let edit = Edit { edits, ..wording(&format!("text {text}")) };
                match store.edit_message(channel, Number(number), by, edit, NOW).await {
                    Ok(EditOutcome::Edited(row, _)) => Answer::Edited(row.revision.0),
                    Ok(EditOutcome::Unchanged(row)) => Answer::Unchanged(row.revision.0),
                    Ok(EditOutcome::Meanwhile(row)) => Answer::Meanwhile(row.revision.0),
                    Ok(EditOutcome::NotAuthor) => Answer::NotAuthor,
                    Ok(EditOutcome::NotFound) => Answer::NotFound,
                    Err(Error::Denied(Denial::NotInside)) => Answer::NotInside,
                    other => panic!("{other:?}"),
                }
            }
            Step::React { channel, number, by, emoji, on } => {
                let (channel, by) = (self.channels[channel], self.people[by]);
                let wish = (Emoji::parse(EMOJI[emoji]).unwrap(), on);
                match store.react(channel, Number(number), by, wish, NOW).await {
                    Ok(Some(row)) => Answer::Reacted(row.revision.0, kinds(&row)),
                    Ok(None) => Answer::NotFound,
                    Err(Error::Denied(Denial::NotInside)) => Answer::NotInside,
                    Err(other) => panic!("{other}"),
                }
            }
            _ => unreachable!("neither an edit nor a reaction"),
        }
    }

    /// The answer to a step about a thread.
    async fn thread(&self, step: &Step) -> Answer {
        let store = &self.world.store;
        let told = match *step {
            Step::Follow { channel, root, user, on } => {
                let (channel, user) = (self.channels[channel], self.people[user]);
                store.follow(channel, Number(root), user, on, NOW).await
            }
            Step::ReadThread { channel, root, user, number, kind } => {
                let (channel, user) = (self.channels[channel], self.people[user]);
                store.mark_thread_read(channel, Number(root), user, Number(number), kind).await
            }
            _ => unreachable!("not about a thread"),
        };
        match told {
            Ok(Some(follow)) => {
                Answer::Followed(Some((follow.following, follow.read.number.0)), follow.unread)
            }
            Ok(None) => Answer::Followed(None, 0),
            Err(Error::Denied(Denial::NotInside)) => Answer::NotInside,
            Err(error) => panic!("{error}"),
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
        for row in rows.values_mut() {
            let people = row.line.iter_mut().flat_map(|line| &mut line.people);
            let faces = row.thread.iter_mut().flat_map(|thread| &mut thread.faces);
            let named = people.map(|person| &mut person.who).chain([&mut row.author]).chain(faces);
            for person in named {
                person.name = names.get(&person.id).unwrap_or(&person.name).clone();
            }
        }
        loop {
            let user = self.people[0];
            let changes = self.world.store.changes(channel, user, known, 4).await.unwrap().unwrap();
            for row in changes.messages {
                rows.insert(row.number, row);
            }
            let floor = changes.view.channel.floor;
            // Of a thread whose root is gone, nobody holds a part.
            rows.retain(|number, row| {
                *number > floor && row.reply.is_none_or(|reply| reply.in_run || reply.root > floor)
            });
            known = changes.reached;
            if changes.complete {
                return rows.into_values().collect();
            }
        }
    }
}

/// The kinds of reactions to a message, with their emoji as the rules number them.
fn kinds(row: &Message) -> Vec<Kind> {
    let number = |emoji: &str| EMOJI.iter().position(|known| *known == emoji).unwrap();
    row.reactions.iter().map(|kind| (number(&kind.emoji), kind.count, kind.mine)).collect()
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
        if let Answer::Posted(..) | Answer::Deleted(_) | Answer::Reacted(..) = answer {
            for (index, &channel) in stage.channels.iter().enumerate() {
                let rows = stage.world.everything_with_threads(channel, stage.people[0]).await;
                let revision = Revision(rules.channels[index].revision);
                snapshots.push(Held { channel, revision, place: stage.place().await, rows });
            }
        }
    }
    for held in snapshots {
        let fresh = stage.world.everything_with_threads(held.channel, stage.people[0]).await;
        prop_assert_eq!(stage.catch_up(held).await, fresh);
    }
    for (channel, plain) in stage.channels.iter().zip(&rules.channels) {
        stage.compare(*channel, plain).await?;
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
    /// The threads that they follow.
    follows: BTreeMap<(ChannelId, Number), Number>,
}

/// The part of a membership that the person's own stream tells. The number of unread messages is not
/// in it, because it also depends on the channel's stream.
type Kept = (Option<(Number, Revision)>, Revision);

/// A thread and how far somebody has read it, which their own stream tells.
fn stands(follow: &Follow) -> ((ChannelId, Number), Number) {
    ((follow.channel, follow.root), follow.read.number)
}

fn kept(view: &ChannelView) -> Kept {
    (view.membership.map(|member| (member.read.number, member.read.step)), view.own_revision)
}

impl Stage {
    /// The messages of a channel with their earlier texts and their reactions, compared with the rules.
    async fn compare(&self, channel: ChannelId, plain: &Plain) -> Result<(), TestCaseError> {
        let run = self.world.everything_as(channel, self.host).await;
        prop_assert_eq!(&self.world.backwards(channel, self.host).await, &run);
        let mut before = None;
        for row in &run {
            let previous = row.number.0 - 1 - row.gap;
            prop_assert_eq!(before.unwrap_or(previous), previous);
            before = Some(row.number.0);
        }
        for (index, &reader) in self.people.iter().enumerate() {
            for row in self.world.everything_with_threads(channel, reader).await {
                let rule = &plain.rows[row.number.0 as usize - 1];
                let earlier = self.world.store.versions(channel, row.number, reader).await.unwrap();
                prop_assert_eq!(row.in_run(), rule.in_run());
                let thread = row.thread.as_ref();
                let thread = thread.map(|thread| (thread.replies, thread.last_number.0));
                prop_assert_eq!(thread, plain.thread(row.number.0));
                prop_assert_eq!(kinds(&row), rule.kinds(index));
                prop_assert_eq!(earlier.is_none(), rule.deleted);
                let Some(earlier) = earlier else { continue };
                prop_assert_eq!(row.edits, earlier.len() as i64);
                let texts = rule.earlier.iter().chain([&rule.text]).rev();
                let told = earlier.iter().map(|version| &version.text);
                let told: Vec<_> = [&row.text].into_iter().chain(told).cloned().collect();
                prop_assert_eq!(told, texts.map(|text| format!("text {text}")).collect::<Vec<_>>());
            }
        }
        Ok(())
    }

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
            let follows = self.world.store.follows(user).await.unwrap();
            for (&channel, plain) in self.channels.iter().zip(&rules.channels) {
                let told = follows.iter().filter(|follow| follow.channel == channel);
                let told = told.map(|follow| {
                    (follow.root.0, follow.read.number.0, follow.unread, follow.last_number.0)
                });
                let rule = plain.followed(index).filter(|(_, (following, _))| *following);
                let rule = rule.map(|(root, (_, read))| {
                    let last = plain.thread(root).map_or(root, |(_, last)| last);
                    (root, read, plain.unread_in(root, index, read), last)
                });
                prop_assert_eq!(told.collect::<Vec<_>>(), rule.collect::<Vec<_>>());
            }
            let follows = follows.iter().map(stands).collect();
            held.push(Own { revision, memberships, follows });
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
        let Own { mut revision, mut memberships, mut follows } = held;
        loop {
            let changes = self.world.store.own_changes(user, revision, 1).await.unwrap().unwrap();
            for view in &changes.channels {
                memberships.insert(view.channel.id, kept(view));
                follows.retain(|(channel, _), _| *channel != view.channel.id);
            }
            for follow in &changes.follows {
                let (thread, read) = stands(follow);
                follows.remove(&thread);
                if follow.following {
                    follows.insert(thread, read);
                }
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
            // What was cleared is told by the channel.
            let id = view.channel.id;
            follows.retain(|(channel, root), _| *channel != id || *root > view.channel.floor);
        }
        let told = self.world.store.follows(user).await.unwrap();
        prop_assert_eq!(follows, told.iter().map(stands).collect());
        Ok(())
    }
}
