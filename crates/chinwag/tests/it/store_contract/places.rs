//! Kinds of channels: who knows of them, and whose their names are.

use chinwag::model::channels::{ChannelKind, ChannelState, MembersQuery};
use chinwag::model::events::Event;
use chinwag::model::ids::{ChannelId, Revision, UserId};
use chinwag::model::messages::PageAt;
use chinwag::model::names::ChannelName;
use chinwag::model::permissions::Denial;
use chinwag::store::{Error, NewChannel};

use super::world::{Backend, NOW, World, message, public, topic};

/// Above all counted ids.
const RANDOM: ChannelId = ChannelId(1 << 40);

fn private(id: ChannelId, name: &str, by: UserId, people: &[UserId]) -> NewChannel {
    let name = ChannelName::parse(name).unwrap();
    let state = ChannelState { kind: ChannelKind::Private, ..ChannelState::default() };
    NewChannel { id: Some(id), state, people: people.to_vec(), ..public(name, topic(""), by) }
}

pub async fn only_those_inside_know_of_a_private_channel(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob, cleo) =
        (world.person("Ada").await, world.person("Bob").await, world.person("Cleo").await);
    let place = world.store.place_changes(cleo, Revision(0), 99).await.unwrap().revision;
    world.heard();
    let made = world.store.create_channel(private(RANDOM, "tea", ada, &[bob])).await.unwrap();
    assert_eq!((made.channel.id, made.channel.member_count), (RANDOM, 2));
    assert!(made.membership.unwrap().host, "its maker");
    let mut heard = world.heard();
    // The line says it to those inside, and his activity to the one who was put in.
    heard.retain(|event| !matches!(event, Event::LineWritten(_)));
    let told: Vec<_> = heard.iter().map(whom).collect();
    let of_bob = [("joined", bob), ("membership", bob), ("activity", bob)];
    let everybody = [[("joined", ada), ("membership", ada)].as_slice(), &of_bob].concat();
    assert_eq!(told, everybody, "and nobody else");

    world.say(RANDOM, bob, "hello").await;
    let store = &world.store;
    assert!(store.channel(RANDOM, bob).await.unwrap().is_some());
    assert_eq!(store.channel(RANDOM, cleo).await.unwrap(), None);
    let name = ChannelName::parse("tea").unwrap();
    assert_eq!(store.channel_named(&name, ada).await.unwrap(), None, "no name leads there");
    assert!(!store.channels(cleo).await.unwrap().iter().any(|view| view.channel.id == RANDOM));
    assert_eq!(store.messages(RANDOM, cleo, PageAt::Newest, 9).await.unwrap(), None);
    assert_eq!(store.changes(RANDOM, cleo, Revision(0), 9).await.unwrap(), None);
    assert_eq!(store.digest(RANDOM, cleo, 9).await.unwrap(), None);
    assert_eq!(store.members(RANDOM, cleo, MembersQuery::first(9)).await.unwrap(), None);
    assert_eq!(store.visit(RANDOM, cleo).await.unwrap(), None);
    let refused = [
        store.join(RANDOM, cleo, NOW).await.map(drop),
        store.leave(RANDOM, cleo, NOW).await,
        world.set_topic(RANDOM, cleo, topic("x")).await.map(drop),
        store.post_message(message(RANDOM, cleo, "x")).await.map(drop),
    ];
    for refused in refused {
        assert!(matches!(refused, Err(Error::Denied(Denial::NotFound))), "{refused:?}");
    }
    world.heard();
    world.set_topic(RANDOM, bob, topic("green")).await.unwrap();
    let heard = world.heard();
    assert!(matches!(
        &heard[..],
        [Event::ChannelChanged { place: None, .. }, Event::LineWritten(_)]
    ));
    let now = store.place_changes(cleo, Revision(0), 99).await.unwrap();
    assert_eq!((now.revision, now.channels.len()), (place, 0), "the place's stream stands");
}

pub async fn whoever_leaves_a_private_channel_loses_it(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    world.store.create_channel(private(RANDOM, "tea", ada, &[bob])).await.unwrap();
    world.store.visit(RANDOM, ada).await.unwrap();
    let before = world.store.heads(ada).await.unwrap().own.unwrap();
    world.heard();
    world.store.leave(RANDOM, ada, NOW).await.unwrap();
    let mut heard = world.heard();
    assert!(matches!(heard.remove(0), Event::LineWritten(_)));
    assert!(matches!(&heard[0], Event::MemberLeft { member_count: 1, .. }));
    assert!(matches!(&heard[1], Event::MembershipLost { user, .. } if *user == ada));
    assert!(matches!(&heard[2], Event::AccountChanged(ada) if ada.last_channel.is_none()));
    // Bob is left, and runs it now.
    let handed = matches!(&heard[3], Event::MembershipChanged { user, view }
        if *user == bob && view.membership.unwrap().host);
    assert!(handed, "{heard:?}");
    let missed = world.store.own_changes(ada, before, 9).await.unwrap().unwrap();
    assert_eq!((missed.channels.len(), missed.lost), (0, vec![RANDOM]));
    assert_eq!(world.store.channel(RANDOM, ada).await.unwrap(), None);
}

pub async fn a_private_name_is_nobodys_and_public_ids_go_on_counting(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let first = world.channel("milk", ada).await;
    for id in [RANDOM, ChannelId(RANDOM.0 + 1)] {
        world.store.create_channel(private(id, "tea", ada, &[])).await.unwrap();
    }
    let tea = world.channel("tea", ada).await;
    assert_eq!(tea.0, first.0 + 1);
    // A private channel may have the name of a public one.
    world.store.create_channel(private(ChannelId(RANDOM.0 + 2), "tea", ada, &[])).await.unwrap();
}

fn whom(event: &Event) -> (&'static str, UserId) {
    match event {
        Event::MemberJoined { user, .. } => ("joined", user.id),
        Event::MembershipChanged { user, .. } => ("membership", *user),
        Event::ActivityCame { user } => ("activity", *user),
        other => panic!("{other:?}"),
    }
}
