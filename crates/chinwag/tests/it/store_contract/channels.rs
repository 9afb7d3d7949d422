//! Channels, membership and reading.

use chinwag::model::channels::{MarkKind, MembersQuery};
use chinwag::model::events::Event;
use chinwag::model::ids::{ChannelId, Number, Revision, UserId};
use chinwag::model::names::ChannelName;
use chinwag::model::permissions::Denial;
use chinwag::model::readings::Letters;
use chinwag::store::{Constraint, Error};

use super::world::{Backend, NOW, World, public, topic};

pub async fn one_channel_name_is_held_once(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let name = |typed| ChannelName::parse(typed).unwrap();
    let made =
        world.store.create_channel(public(name("Tea / Café"), topic("hot"), ada)).await.unwrap();
    assert_eq!((made.channel.name.as_str(), made.channel.topic.as_str()), ("Tea / Café", "hot"));
    assert_eq!(made.channel.created_by.name, "Ada");
    assert_eq!((made.channel.member_count, made.channel.revision), (1, Revision(0)));
    assert!(made.membership.is_some(), "its maker is in it");
    let heard = world.heard();
    let created = Event::ChannelCreated { channel: made.channel.clone(), place: Revision(2) };
    let joined = Event::MembershipChanged { user: ada, view: made.clone() };
    assert_eq!(heard[1..], [created, joined], "after the person");

    let again = world.store.create_channel(public(name("TEA / CAFE\u{301}"), topic(""), ada)).await;
    assert!(matches!(again, Err(Error::Conflict(Constraint::ChannelName))));
    assert_eq!(world.heard(), []);
    let found = world.store.channel_named(&name("tea / café"), ada).await.unwrap();
    assert_eq!(found.as_ref(), Some(&made));
    assert_eq!(world.store.channel(made.channel.id, ada).await.unwrap(), found);
    assert_eq!(world.store.channel(ChannelId(99), ada).await.unwrap(), None);
    assert_eq!(world.store.channel_named(&name("x"), ada).await.unwrap(), None);
}

pub async fn a_topic_is_told_when_it_differs(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    world.heard();
    let told = world.set_topic(tea, ada, topic("green")).await.unwrap();
    assert_eq!(told.topic, "green");
    assert_eq!(told.revision, Revision(1), "the channel's next");
    let again = world.set_topic(tea, ada, topic("green")).await.unwrap();
    assert_eq!(again.revision, Revision(2), "that of the line that says so");
    let heard = world.heard();
    let [Event::ChannelChanged { channel, place }, Event::LineWritten(line)] = &heard[..] else {
        panic!("{heard:?}");
    };
    assert_eq!((channel, place), (&told, &Some(Revision(3))));
    assert_eq!((line.revision, line.number), (Revision(2), Number(1)));
    let nowhere = world.set_topic(ChannelId(99), ada, topic("x")).await;
    assert!(matches!(nowhere, Err(Error::Denied(Denial::NotFound))));
}

pub async fn joining_and_leaving_count_members(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.heard();

    assert!(world.store.channel(tea, bob).await.unwrap().unwrap().membership.is_none());
    let view = world.store.join(tea, bob, NOW.plus_ms(1)).await.unwrap();
    assert_eq!(view.membership.unwrap().joined_at, NOW.plus_ms(1));
    assert_eq!(view.channel.member_count, 2);
    let again = world.store.join(tea, bob, NOW.plus_ms(9)).await.unwrap();
    assert_eq!(again, view, "joining twice is joining once");
    let heads = world.store.heads(bob).await.unwrap();
    assert_eq!(heads.channels, [(tea, Revision(1))]);
    assert_eq!(
        (heads.members, heads.own, heads.place),
        (vec![(tea, 2)], Some(Revision(1)), Some(Revision(3)))
    );

    world.store.leave(tea, bob, NOW).await.unwrap();
    world.store.leave(tea, bob, NOW).await.unwrap();
    let heads = world.store.heads(bob).await.unwrap();
    assert_eq!((heads.channels, heads.own), (vec![], Some(Revision(2))));
    let counts: Vec<_> = world
        .heard()
        .into_iter()
        .filter_map(|event| match event {
            Event::MemberJoined { channel, user, member_count } => {
                Some((channel, user.id, member_count))
            }
            Event::MemberLeft { channel, user, member_count } => {
                Some((channel, user.id, -member_count))
            }
            Event::MembershipChanged { user, .. } if user == bob => None,
            Event::LineWritten(_) => None,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(counts, [(tea, bob, 2), (tea, bob, -1)]);
    let joined = world.store.join(ChannelId(99), bob, NOW).await.map(drop);
    let left = world.store.leave(ChannelId(99), bob, NOW).await;
    for nowhere in [joined, left] {
        assert!(matches!(nowhere, Err(Error::Denied(Denial::NotFound))));
    }
}

pub async fn the_last_channel_is_the_one_visited(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let (tea, milk) = (world.channel("tea", ada).await, world.channel("milk", ada).await);
    world.heard();
    let last = async || world.store.account(bob).await.unwrap().unwrap().last_channel;
    assert_eq!(last().await, None);

    let view = world.store.visit(tea, bob).await.unwrap().unwrap();
    assert!(view.membership.is_none(), "looking is not joining");
    assert_eq!(last().await, Some(tea));
    let heard = world.heard();
    assert!(matches!(&heard[..], [Event::AccountChanged(bob)] if bob.last_channel == Some(tea)));
    world.store.visit(tea, bob).await.unwrap();
    assert_eq!(world.heard(), [], "nothing changed");

    for channel in [tea, milk] {
        world.store.join(channel, bob, NOW).await.unwrap();
    }
    world.store.visit(milk, bob).await.unwrap();
    world.store.leave(tea, bob, NOW).await.unwrap();
    assert_eq!(last().await, Some(milk), "leaving another forgets nothing");
    world.heard();
    world.store.leave(milk, bob, NOW).await.unwrap();
    assert_eq!(last().await, None);
    let mut heard = world.heard();
    assert!(matches!(heard.remove(0), Event::LineWritten(line) if line.channel == milk));
    assert!(matches!(heard[0], Event::MemberLeft { channel, .. } if channel == milk));
    assert!(matches!(&heard[1], Event::MembershipChanged { user, .. } if *user == bob));
    assert!(matches!(&heard[2], Event::AccountChanged(bob) if bob.last_channel.is_none()));
    assert_eq!(world.store.visit(ChannelId(99), bob).await.unwrap(), None);
}

pub async fn reading_never_moves_a_mark_down(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    for _ in 0..5 {
        world.say(tea, ada, "hi").await;
    }
    let mark = |user, number| world.store.mark_read(tea, user, Number(number), MarkKind::Read);
    world.heard();
    // The first row says that Bob joined.
    for (asked, stands) in [(4, 4), (3, 4), (-1, 4), (4, 4), (99, 6), (5, 6)] {
        let state = mark(bob, asked).await.unwrap().unwrap();
        assert_eq!(state.read.number, Number(stands), "asked for {asked}");
        assert_eq!(state.unread, 6 - stands);
    }
    let moved: Vec<_> = world.heard().into_iter().map(moved).collect();
    // Joining was the first step of Bob's own stream.
    assert_eq!(moved, [(bob, 4, 2), (bob, 6, 3)]);
    let outsider = world.person("Cleo").await;
    assert_eq!(mark(outsider, 3).await.unwrap(), None, "not in it");
    let none = world.store.mark_read(ChannelId(99), bob, Number(1), MarkKind::Read).await.unwrap();
    assert_eq!(none, None);
}

/// Whose mark moved, its number and its step.
fn moved(event: Event) -> (UserId, i64, i64) {
    match event {
        Event::ReadMoved { user, state } => (user, state.read.number.0, state.read.step.0),
        other => panic!("{other:?}"),
    }
}

pub async fn the_list_shows_the_newest_message_that_is_left(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let (tea, milk) = (world.channel("tea", ada).await, world.channel("milk", ada).await);
    let first = world.say(tea, ada, "stays").await;
    let second = world.say(tea, ada, "gone").await;
    let list = world.store.channels(ada).await.unwrap();
    let ids: Vec<_> = list.iter().map(|view| view.channel.id).collect();
    assert_eq!(ids, [tea, milk], "oldest first");
    assert_eq!(list[0].channel.last_message.unwrap().number, second.number);
    assert_eq!(list[0].channel.last_number, second.number);
    assert_eq!(list[1].channel.last_message, None);

    world.delete(&second).await;
    let list = world.store.channels(ada).await.unwrap();
    let newest = list[0].channel.last_message.unwrap();
    assert_eq!((newest.number, newest.created_at), (first.number, NOW));
    assert_eq!((list[0].channel.last_number, list[0].channel.revision), (Number(2), Revision(3)));
    world.delete(&first).await;
    assert_eq!(world.store.channels(ada).await.unwrap()[0].channel.last_message, None);
}

pub async fn members_are_listed_by_name(backend: &dyn Backend) {
    let world = World::open(backend);
    let cleo = world.person("Cleo").await;
    let tea = world.channel("tea", cleo).await;
    let mut joined = Vec::new();
    for name in ["bob", "Ada", "Zoë", "张三"] {
        let user = world.person(name).await;
        world.store.join(tea, user, NOW).await.unwrap();
        joined.push(user);
    }
    world.person("Elsewhere").await;
    let read = async |letters: &str, after| {
        let query = MembersQuery { letters: Letters::of(letters), after, limit: 3 };
        let page = world.store.members(tea, UserId(1), query).await.unwrap().unwrap();
        assert_eq!(page.total, 5, "whatever is looked for");
        let names: Vec<_> = page.members.iter().map(|one| one.user.name.clone()).collect();
        (names.join(" "), page.complete)
    };
    assert_eq!(read("", None).await, ("Cleo Ada bob".to_owned(), false), "the host first");
    assert_eq!(read("", Some(cleo)).await, ("Ada bob Zoë".to_owned(), false));
    assert_eq!(read("", Some(joined[0])).await, ("Zoë 张三".to_owned(), true));
    assert_eq!(read("zs", None).await, ("张三".to_owned(), true), "as it is read");
    assert_eq!(read("z", None).await, ("Zoë 张三".to_owned(), true));
    assert_eq!(read("z", Some(joined[2])).await, ("张三".to_owned(), true));
    let anew = read("", Some(UserId(99))).await;
    assert_eq!(anew, read("", None).await, "nobody, and whoever is elsewhere, are alike");
    let nowhere = world.store.members(ChannelId(99), UserId(1), MembersQuery::first(3));
    assert_eq!(nowhere.await.unwrap(), None);
}
