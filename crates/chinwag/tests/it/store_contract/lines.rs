//! Lines: what happened in a channel stands in its stream, and makes nothing unread.

use chinwag::model::channels::{ChannelKind, MarkKind};
use chinwag::model::events::Event;
use chinwag::model::ids::{ChannelId, Number, Revision, UserId};
use chinwag::model::lines::{LineKind, MAX_LINE_PEOPLE};
use chinwag::model::messages::{Message, PageAt};
use chinwag::model::names::ChannelName;
use chinwag::model::order::Reason;
use chinwag::store::{ChannelPatch, DeleteOutcome, Grounds};

use super::world::{Backend, NOW, World, change, doer, topic};

/// The kinds of the lines of a channel, and for people who joined (`+`) and left (`-`) who they are.
async fn lines(world: &World, channel: ChannelId, viewer: UserId) -> Vec<(LineKind, String)> {
    let all = world.everything_as(channel, viewer).await;
    all.iter()
        .filter_map(|row| row.line.as_ref())
        .map(|line| {
            let people = line.people.iter().map(|person| {
                format!("{}{}", if person.joined { '+' } else { '-' }, person.who.name)
            });
            (line.kind, people.collect::<Vec<_>>().join(" "))
        })
        .collect()
}

pub async fn joins_and_leaves_go_on_in_the_newest_row(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let cleo = world.person("Cleo").await;
    let tea = world.channel("tea", ada).await;
    world.heard();
    world.store.join(tea, bob, NOW).await.unwrap();
    let later = NOW.plus_ms(5);
    world.store.add_people(tea, doer(ada), vec![cleo]).await.unwrap();
    world.store.leave(tea, bob, later).await.unwrap();
    let all = world.everything(tea).await;
    let [row] = &all[..] else { panic!("{all:?}") };
    let line = row.line.as_ref().unwrap();
    let told: Vec<_> = line
        .people
        .iter()
        .map(|person| (person.who.id, person.joined, person.by.as_ref().map(|by| by.id)))
        .collect();
    assert_eq!(told, [(cleo, true, Some(ada)), (bob, false, None)], "each once, as they did last");
    assert_eq!((row.number, row.revision, row.created_at), (Number(1), Revision(3), later));
    // Everybody hears each step, under a revision of its own.
    let heard: Vec<i64> = world
        .heard()
        .into_iter()
        .filter_map(|event| match event {
            Event::LineWritten(line) => Some(line.revision.0),
            _ => None,
        })
        .collect();
    assert_eq!(heard, [1, 2, 3]);
    let changes = world.store.changes(tea, ada, Revision(2), 9).await.unwrap().unwrap();
    assert_eq!(changes.messages, all, "who has the line of before gets it as it is now");
    world.say(tea, ada, "hello").await;
    world.store.leave(tea, cleo, NOW).await.unwrap();
    let newest = lines(&world, tea, ada).await;
    assert_eq!(newest.len(), 2, "a message lies between");
    assert_eq!(newest[1], (LineKind::Members, "-Cleo".to_owned()));
}

pub async fn what_changes_of_a_channel_stands_in_it(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    let set = async |patch| change(&*world.store, tea, ada, patch).await.unwrap();
    let nothing = ChannelPatch::default;
    let name = Some(ChannelName::parse("coffee").unwrap());
    set(ChannelPatch { name, topic: Some(topic("black")), ..nothing() }).await;
    world.store.set_host(tea, doer(ada), bob, true).await.unwrap();
    set(ChannelPatch { slow_s: Some(30), locked: Some(true), ..nothing() }).await;
    for archived in [true, false] {
        set(ChannelPatch { archived: Some(archived), ..nothing() }).await;
    }
    set(ChannelPatch { kind: Some(ChannelKind::Private), ..nothing() }).await;
    let all = world.everything(tea).await;
    let told: Vec<_> = all.iter().filter_map(|row| row.line.as_ref()).collect();
    let said: Vec<_> =
        told.iter().map(|line| (line.kind, line.from.as_str(), line.to.as_str())).collect();
    assert_eq!(
        said,
        [
            (LineKind::Members, "", ""),
            (LineKind::Renamed, "tea", "coffee"),
            (LineKind::Topic, "", "black"),
            (LineKind::Host, "", ""),
            (LineKind::Slow, "", "30"),
            (LineKind::Archived, "", ""),
            (LineKind::BroughtBack, "", ""),
            (LineKind::MadePrivate, "", ""),
        ]
    );
    assert!(all.iter().skip(1).all(|row| row.author.id == ada), "whoever did it");
    // The names in a line are those of now.
    assert_eq!(told[3].people[0].who.name, "Bob");
    // A private channel's lines are for those who are in it.
    let cleo = world.person("Cleo").await;
    assert_eq!(world.store.messages(tea, cleo, PageAt::Newest, 9).await.unwrap(), None);
    assert_eq!(world.store.changes(tea, cleo, Revision(0), 9).await.unwrap(), None);
}

pub async fn lines_make_nothing_unread_and_are_no_messages(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    let said = world.say(tea, ada, "hello").await;
    let place = async || {
        let view = world.store.channel(tea, bob).await.unwrap().unwrap();
        (view.membership.unwrap(), view.channel)
    };
    for text in ["green", "black", ""] {
        world.set_topic(tea, ada, topic(text)).await.unwrap();
    }
    let (membership, channel) = place().await;
    assert_eq!(membership.unread, 1, "the message alone");
    assert_eq!(channel.last_message.unwrap().number, said.number, "a line is no last message");
    let marked = world.store.mark_read(tea, bob, Number(1), MarkKind::Mark).await.unwrap();
    assert_eq!(marked.unwrap().unread, 1);
    let marked = world.store.mark_read(tea, bob, said.number, MarkKind::Read).await.unwrap();
    assert_eq!(marked.unwrap().unread, 0);
    // Lines do not lie between: a post moves its author's mark over them.
    let own = world.say(tea, bob, "hi").await;
    assert_eq!(place().await.0.read.number, own.number);
    // Nobody deletes, removes or reports a line, also not whoever did what it says.
    let line = world.everything(tea).await.remove(2);
    assert!(line.line.is_some() && line.author.id == ada);
    let gone = world.store.delete_message(tea, line.number, ada, NOW).await.unwrap();
    assert_eq!(gone, DeleteOutcome::NotFound);
    let grounds = || Grounds { reason: Reason::Spam, note: String::new() };
    let gone = world.store.remove_message(doer(ada), tea, line.number, grounds()).await.unwrap();
    assert_eq!(gone, DeleteOutcome::NotFound);
    assert!(!world.store.report_message(doer(bob), tea, line.number, grounds()).await.unwrap());
}

pub async fn a_page_counts_messages_and_not_the_lines_between(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let mut said = Vec::new();
    for n in 0..6 {
        said.push(world.say(tea, ada, "hello").await.number);
        world.set_topic(tea, ada, topic(&format!("topic {n}"))).await.unwrap();
    }
    let newest = world.store.messages(tea, ada, PageAt::Newest, 4).await.unwrap().unwrap();
    let messages = |rows: &[Message]| rows.iter().filter(|row| row.line.is_none()).count();
    assert_eq!((messages(&newest.messages), newest.messages.len()), (4, 8));
    assert!(newest.has_older && !newest.has_newer);
    let first = newest.messages[0].number;
    let older = world.store.messages(tea, ada, PageAt::Before(first), 4).await.unwrap().unwrap();
    assert_eq!(older.messages.last().unwrap().number.0, first.0 - 1, "pages meet");
    assert!(!older.has_older);
    let after = world.store.messages(tea, ada, PageAt::After(Number(0)), 3).await.unwrap().unwrap();
    assert_eq!(messages(&after.messages), 3);
    // There may be more lines than messages: a page has a bound.
    for n in 0..30 {
        world.set_topic(tea, ada, topic(&format!("again {n}"))).await.unwrap();
    }
    let newest = world.store.messages(tea, ada, PageAt::Newest, 4).await.unwrap().unwrap();
    assert_eq!((messages(&newest.messages), newest.messages.len()), (0, 8));
}

pub async fn a_line_is_full_at_some_point_and_large_channels_have_none(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let mut people = Vec::new();
    for n in 0..202 {
        people.push(world.person(&format!("person {n}")).await);
    }
    for person in &people {
        world.store.join(tea, *person, NOW).await.unwrap();
    }
    let rows = world.everything(tea).await;
    let counts: Vec<_> = rows.iter().map(|row| row.line.as_ref().unwrap().people.len()).collect();
    // With Ada, the 199th of them makes two hundred.
    assert_eq!(counts, [MAX_LINE_PEOPLE, MAX_LINE_PEOPLE, MAX_LINE_PEOPLE, 49]);
    world.store.leave(tea, people[0], NOW).await.unwrap();
    assert_eq!(world.everything(tea).await, rows, "nor of somebody who leaves");
}
