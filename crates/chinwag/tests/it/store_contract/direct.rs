//! Direct conversations: whose they are, and who sees them when.

use chinwag::model::channels::{ChannelKind, ChannelView, MembersQuery};
use chinwag::model::direct::People;
use chinwag::model::events::Event;
use chinwag::model::ids::{ChannelId, Number, Revision, UserId};
use chinwag::model::messages::PageAt;
use chinwag::model::names::ChannelName;
use chinwag::model::permissions::Denial;
use chinwag::store::{ChannelPatch, Error, NewDirect, PostOutcome};

use super::world::{Backend, NOW, World, change, message};

const FIRST: i64 = 1 << 40;

fn conversation(id: i64, by: UserId, others: &[UserId]) -> NewDirect {
    let people = People::of(by, others).unwrap();
    NewDirect { id: ChannelId(FIRST + id), by, people, at: NOW }
}

async fn open(world: &World, id: i64, by: UserId, others: &[UserId]) -> ChannelView {
    world.store.open_direct(conversation(id, by, others)).await.unwrap()
}

fn names(view: &ChannelView) -> Vec<&str> {
    view.channel.people.iter().map(|person| person.name.as_str()).collect()
}

pub async fn the_same_people_have_one_conversation(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let eve = world.person("Eve").await;
    let two = open(&world, 1, ada, &[bob]).await;
    assert_eq!((two.channel.state.kind, two.channel.name.as_str()), (ChannelKind::Direct, ""));
    assert_eq!((names(&two), two.channel.member_count), (vec!["Ada", "Bob"], 1));
    assert_eq!(open(&world, 2, ada, &[bob, ada, bob]).await, two);
    let theirs = open(&world, 3, bob, &[ada]).await;
    assert_eq!((theirs.channel.id, theirs.channel.member_count), (two.channel.id, 2));

    let group = open(&world, 4, eve, &[bob, ada]).await;
    assert_eq!(names(&group), ["Ada", "Bob", "Eve"]);
    let notes = open(&world, 5, ada, &[]).await;
    assert_eq!(names(&notes), ["Ada"]);
    let ids = [&two, &group, &notes].map(|view| view.channel.id);
    assert_eq!(ids, [1, 4, 5].map(|id| ChannelId(FIRST + id)));
    assert_eq!(open(&world, 6, ada, &[ada]).await.channel.id, notes.channel.id);

    world.heard();
    let nobody = world.store.open_direct(conversation(7, ada, &[UserId(99)])).await;
    assert!(matches!(nobody, Err(Error::Denied(Denial::NotFound))), "{nobody:?}");
    assert_eq!(world.heard(), []);
    let overview = world.store.overview(ada, ChannelId(0)).await.unwrap().unwrap();
    let listed: Vec<_> =
        overview.channels.iter().map(|view| (view.channel.id, names(view))).collect();
    let expected = [(ids[0], vec!["Ada", "Bob"]), (ids[2], vec!["Ada"])];
    assert_eq!(listed, expected, "the group is none of hers yet");
}

pub async fn who_opens_at_the_same_moment_gets_the_same(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let opened = (0..20).map(|id| {
        let (by, with) = if id % 2 == 0 { (ada, bob) } else { (bob, ada) };
        world.store.open_direct(conversation(id, by, &[with]))
    });
    let opened = futures_util::future::join_all(opened).await;
    let first = opened[0].as_ref().unwrap().channel.id;
    for view in opened {
        assert_eq!(view.unwrap().channel.id, first);
    }
    assert_eq!(world.store.channels(ada).await.unwrap().len(), 1);
}

pub async fn the_others_learn_of_it_with_the_first_message(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let eve = world.person("Eve").await;
    let id = open(&world, 1, ada, &[bob]).await.channel.id;
    for event in world.heard() {
        let of_bob = matches!(&event,
            Event::MembershipChanged { user, .. } if *user == bob)
            || matches!(&event, Event::MemberJoined { user, .. } if user.id == bob);
        assert!(!of_bob, "{event:?}");
    }
    let unseen = async |who| {
        let store = &world.store;
        assert_eq!(store.channel(id, who).await.unwrap(), None);
        assert_eq!(store.messages(id, who, PageAt::Newest, 10).await.unwrap(), None);
        assert_eq!(store.members(id, who, MembersQuery::first(10)).await.unwrap(), None);
        assert_eq!(store.heads(who).await.unwrap().channels, []);
        let said = store.post_message(message(id, who, "hello?")).await;
        assert!(matches!(said, Err(Error::Denied(Denial::NotFound))), "{said:?}");
    };
    unseen(bob).await;
    unseen(eve).await;
    assert_eq!(world.heard(), []);

    let said = world.say(id, ada, "hello").await;
    let heard = world.heard();
    let theirs = world.store.channel(id, bob).await.unwrap().unwrap();
    let before = match &heard[..2] {
        [
            Event::MemberJoined { channel, user, member_count: 2 },
            Event::MembershipChanged { user: told, view },
        ] if *channel == id && user.id == bob && *told == bob => view,
        other => panic!("{other:?}"),
    };
    assert_eq!((before.channel.revision, before.membership.unwrap().unread), (Revision(0), 0));
    assert_eq!(before.own_revision, Revision(1), "of his own stream");
    assert_eq!(heard[2], Event::MessagePosted(said));
    assert_eq!(theirs.membership.unwrap().unread, 1, "it is new to him");
    let mine = world.store.channel(id, ada).await.unwrap().unwrap().membership.unwrap();
    assert_eq!((mine.unread, mine.read.number), (0, Number(1)));
    unseen(eve).await;

    world.say(id, bob, "hi").await;
    let changed = world.store.own_changes(bob, Revision(0), 10).await.unwrap().unwrap();
    assert_eq!(changed.channels.len(), 1);
    assert!(matches!(&world.heard()[..], [Event::MessagePosted(_)]), "his mark stays before hers");
}

pub async fn a_hidden_conversation_comes_back_with_a_message(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let id = open(&world, 1, ada, &[bob]).await.channel.id;
    world.say(id, ada, "one").await;
    world.store.visit(id, bob).await.unwrap().unwrap();
    world.heard();

    let hidden = world.store.hide_direct(id, bob, true).await.unwrap();
    assert!(hidden.membership.unwrap().hidden);
    assert_eq!(world.store.account(bob).await.unwrap().unwrap().last_channel, None);
    assert_eq!(world.store.hide_direct(id, bob, true).await.unwrap(), hidden);
    let heard = world.heard();
    assert!(matches!(&heard[..], [Event::AccountChanged(_), Event::MembershipChanged { .. }]));
    assert!(!world.store.channel(id, ada).await.unwrap().unwrap().membership.unwrap().hidden);

    let new = message(id, ada, "two");
    let PostOutcome::Posted(said) = world.store.post_message(new.clone()).await.unwrap() else {
        panic!("not posted");
    };
    let heard = world.heard();
    let Event::MembershipChanged { user, view } = &heard[0] else { panic!("{heard:?}") };
    assert_eq!((*user, view.membership.unwrap().hidden), (bob, false));
    assert_eq!(view.own_revision.0, hidden.own_revision.0 + 1);
    assert_eq!(heard[1], Event::MessagePosted(said.clone()));

    // Whoever sends the same again shows it to nobody.
    world.store.hide_direct(id, bob, true).await.unwrap();
    world.heard();
    assert_eq!(world.store.post_message(new).await.unwrap(), PostOutcome::Replayed(said));
    assert_eq!(world.heard(), []);

    // Writing shows it to the writer too, in order.
    let before = world.store.heads(bob).await.unwrap().own.unwrap();
    world.say(id, bob, "three").await;
    let heard = world.heard();
    let Event::MembershipChanged { view, .. } = &heard[0] else { panic!("{heard:?}") };
    assert_eq!(view.own_revision.0, before.0 + 1);
    let mine = world.store.channel(id, bob).await.unwrap().unwrap();
    assert!(!mine.membership.unwrap().hidden);
    assert_eq!(world.store.heads(bob).await.unwrap().own.unwrap(), mine.own_revision);

    // Opening shows it as well.
    world.store.hide_direct(id, bob, true).await.unwrap();
    assert!(!open(&world, 2, bob, &[ada]).await.membership.unwrap().hidden);
}

pub async fn a_group_takes_a_name_and_gives_it_up(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let eve = world.person("Eve").await;
    let rename = |name: &str| ChannelPatch {
        name: Some(ChannelName::parse(name).unwrap()),
        ..ChannelPatch::default()
    };
    let nameless = ChannelPatch { nameless: true, ..ChannelPatch::default() };
    let group = open(&world, 1, eve, &[bob, ada]).await.channel.id;
    world.say(group, eve, "hello").await;
    world.heard();
    let named = change(&*world.store, group, bob, rename("tea")).await.unwrap();
    assert_eq!(named.name, "tea");
    let heard = world.heard();
    assert_eq!(heard[0], Event::ChannelChanged { channel: named, place: None });
    assert!(matches!(&heard[1..], [Event::LineWritten(_)]), "{heard:?}");
    // It is nobody else's name.
    world.channel("tea", ada).await;
    change(&*world.store, group, ada, nameless.clone()).await.unwrap();
    assert_eq!(world.store.channel(group, eve).await.unwrap().unwrap().channel.name, "");

    // In a conversation of two, a name would be what one of them calls the other.
    for people in [&[bob][..], &[]] {
        let id = open(&world, 2 + people.len() as i64, ada, people).await.channel.id;
        let refused = change(&*world.store, id, ada, rename("boss")).await;
        assert!(matches!(refused, Err(Error::Denied(Denial::Forbidden))), "{refused:?}");
    }
    // A channel keeps its name.
    let tea = world.channel("milk", ada).await;
    assert_eq!(change(&*world.store, tea, ada, nameless).await.unwrap().name, "milk");
}

pub async fn a_channel_is_no_conversation(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, eve) = (world.person("Ada").await, world.person("Eve").await);
    let tea = world.channel("tea", ada).await;
    let refused = world.store.hide_direct(tea, ada, true).await;
    assert!(matches!(refused, Err(Error::Denied(Denial::Forbidden))), "{refused:?}");
    let id = open(&world, 1, ada, &[]).await.channel.id;
    for nowhere in [id, ChannelId(99)] {
        let refused = world.store.hide_direct(nowhere, eve, true).await;
        assert!(matches!(refused, Err(Error::Denied(Denial::NotFound))), "{refused:?}");
        let joined = world.store.join(nowhere, eve, NOW).await;
        assert!(matches!(joined, Err(Error::Denied(Denial::NotFound))), "{joined:?}");
    }
    let left = world.store.leave(id, ada, NOW).await;
    assert!(matches!(left, Err(Error::Denied(Denial::Forbidden))), "nobody leaves: {left:?}");
    let named = world.set_topic(id, ada, super::world::topic("x")).await;
    assert!(matches!(named, Err(Error::Denied(Denial::Forbidden))), "{named:?}");
}
