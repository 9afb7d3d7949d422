//! The streams beside the channels', read marks, what is unread, and the size of answers.

use chinwag::model::channels::{MANY_UNREAD, MarkKind, Membership, ReadState};
use chinwag::model::events::Event;
use chinwag::model::ids::{ChannelId, Number, Revision, UserId};
use chinwag::model::messages::{MAX_ANSWER_BYTES, PageAt};
use chinwag::model::streams::OwnChanges;
use chinwag::model::users::{LanguageChoice, Settings, Theme};

use super::world::{Backend, NOW, World, topic};

async fn own(world: &World, user: UserId, since: i64) -> OwnChanges {
    world.store.own_changes(user, Revision(since), 500).await.unwrap().unwrap()
}

async fn set(world: &World, channel: ChannelId, user: UserId, number: i64) -> ReadState {
    let mark = world.store.mark_read(channel, user, Number(number), MarkKind::Mark);
    mark.await.unwrap().unwrap()
}

async fn place_of(world: &World, channel: ChannelId, user: UserId) -> Membership {
    world.store.channel(channel, user).await.unwrap().unwrap().membership.unwrap()
}

pub async fn every_change_of_ones_own_takes_the_next_revision(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let (tea, milk) = (world.channel("tea", ada).await, world.channel("milk", ada).await);
    world.say(tea, ada, "hi").await;
    world.heard();
    world.store.join(tea, bob, NOW).await.unwrap();
    world.store.visit(tea, bob).await.unwrap();
    world.store.join(milk, bob, NOW).await.unwrap();
    world.say(tea, ada, "unread").await;
    set(&world, tea, bob, 3).await;
    let chosen = Settings {
        language: LanguageChoice::Chinese,
        theme: Theme::Dark,
        enter_sends: true,
        invisible: true,
    };
    world.store.set_settings(bob, chosen).await.unwrap();
    world.store.leave(milk, bob, NOW).await.unwrap();
    let told: Vec<i64> = world
        .heard()
        .iter()
        .filter_map(|event| match event {
            Event::MembershipChanged { user, view } if *user == bob => Some(view.own_revision.0),
            Event::ReadMoved { user, state } if *user == bob => Some(state.read.step.0),
            Event::AccountChanged(account) if account.user.id == bob => Some(account.revision.0),
            _ => None,
        })
        .collect();
    assert_eq!(told, [1, 2, 3, 4, 5, 6], "joined, last channel, joined, read, settings, left");

    let all = own(&world, bob, 0).await;
    assert_eq!((all.revision, all.reached, all.complete), (Revision(6), Revision(6), true));
    let rows: Vec<_> = all
        .channels
        .iter()
        .map(|view| (view.channel.id, view.own_revision.0, view.membership.is_some()))
        .collect();
    assert_eq!(rows, [(tea, 4, true), (milk, 6, false)], "left is told as well");
    assert_eq!(all.account, world.store.account(bob).await.unwrap());
    let later = own(&world, bob, 5).await;
    assert_eq!((later.account, later.channels.len()), (None, 1));
    let cut = world.store.own_changes(bob, Revision(0), 1).await.unwrap().unwrap();
    assert_eq!((cut.reached, cut.complete, cut.channels.len()), (Revision(4), false, 1));
    let cut = world.store.own_changes(bob, cut.reached, 1).await.unwrap().unwrap();
    assert_eq!((cut.reached, cut.complete), (Revision(5), false));
    assert!(cut.account.is_some() && cut.channels.is_empty());
    assert_eq!(own(&world, bob, 6).await.channels, []);
    assert_eq!(world.store.own_changes(UserId(99), Revision(0), 9).await.unwrap(), None);

    world.store.join(milk, bob, NOW).await.unwrap();
    let back = own(&world, bob, 6).await;
    assert!(back.channels.len() == 1 && back.channels[0].membership.is_some());
    let overview = world.store.overview(bob, ChannelId(0)).await.unwrap().unwrap();
    assert_eq!((overview.own, overview.complete), (Revision(7), true));
    assert_eq!(overview.channels, world.store.channels(bob).await.unwrap());
}

pub async fn people_and_the_directory_share_the_places_stream(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    world.person("Bob").await;
    let cut = world.store.place_changes(ada, Revision(0), 2).await.unwrap();
    assert_eq!((cut.reached, cut.complete), (Revision(2), false));
    assert_eq!((cut.people.len(), cut.channels.len()), (1, 1), "in the order of the revisions");
    let rest = world.store.place_changes(ada, cut.reached, 1).await.unwrap();
    assert_eq!((rest.reached, rest.people.len(), rest.complete), (Revision(3), 1, true));
    world.set_topic(tea, ada, topic("green")).await.unwrap();
    let revisions: Vec<i64> = world
        .heard()
        .iter()
        .filter_map(|event| match event {
            Event::PersonChanged { place, .. } | Event::ChannelCreated { place, .. } => {
                Some(place.0)
            }
            Event::ChannelChanged { place, .. } => place.map(|place| place.0),
            _ => None,
        })
        .collect();
    assert_eq!(revisions, [1, 2, 3, 4]);
    let all = world.store.place_changes(ada, Revision(0), 500).await.unwrap();
    assert_eq!((all.revision, all.reached, all.complete), (Revision(4), Revision(4), true));
    let names: Vec<_> = all.people.iter().map(|user| user.name.as_str()).collect();
    assert_eq!(names, ["Ada", "Bob"]);
    assert_eq!(all.channels, [world.store.channel(tea, ada).await.unwrap().unwrap().channel]);
    let cut = world.store.place_changes(ada, Revision(0), 2).await.unwrap();
    assert_eq!((cut.reached, cut.complete), (Revision(3), false));
    let rest = world.store.place_changes(ada, cut.reached, 2).await.unwrap();
    assert_eq!((rest.channels.len(), rest.people.len(), rest.complete), (1, 0, true));
    let cut = world.store.place_changes(ada, Revision(0), 1).await.unwrap();
    assert_eq!((cut.reached, cut.people.len(), cut.complete), (Revision(1), 1, false));
    world.person("Cem").await;
    world.person("Dan").await;
    let cut = world.store.place_changes(ada, Revision(4), 1).await.unwrap();
    assert_eq!((cut.reached, cut.complete), (Revision(5), false), "there are more people");
}

pub async fn a_topic_changes_under_the_channels_revision(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let first = world.say(tea, ada, "one").await;
    world.set_topic(tea, ada, topic("green")).await.unwrap();
    world.say(tea, ada, "two").await;
    world.delete(&first).await;
    world.set_topic(tea, ada, topic("black")).await.unwrap();
    // A topic takes a revision, and the line that says so another one.
    for since in 0..=7 {
        let changes = world.store.changes(tea, ada, Revision(since), 9).await.unwrap().unwrap();
        assert_eq!((changes.revision, changes.reached), (Revision(7), Revision(7)));
        assert_eq!(changes.view.channel.topic, "black");
        let rows: Vec<_> = changes.messages.iter().map(|row| row.revision.0).collect();
        let expected: Vec<i64> =
            [3, 4, 5, 7].into_iter().filter(|revision| *revision > since).collect();
        assert!(changes.complete && rows == expected, "since {since}: {rows:?}");
    }
    let cut = world.store.changes(tea, ada, Revision(0), 1).await.unwrap().unwrap();
    assert_eq!((cut.reached, cut.complete), (Revision(3), false));
}

pub async fn own_messages_and_tombstones_are_never_unread(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    let stands = async || {
        let place = place_of(&world, tea, bob).await;
        (place.read.number.0, place.unread)
    };
    world.say(tea, bob, "own").await;
    assert_eq!(stands().await, (2, 0), "with nothing unread before it, a post moves the mark");
    let second = world.say(tea, ada, "two").await;
    let own = world.say(tea, bob, "own").await;
    assert_eq!(stands().await, (2, 1), "nobody has read over what lies between");
    let fourth = world.say(tea, ada, "four").await;
    world.delete(&own).await;
    assert_eq!(stands().await, (2, 2));
    world.delete(&second).await;
    assert_eq!(stands().await, (2, 1));
    world.delete(&fourth).await;
    assert_eq!(stands().await, (2, 0), "all that was unread is gone");
    world.say(tea, bob, "own").await;
    assert_eq!(stands().await, (6, 0), "tombstones do not lie between");

    world.say(tea, ada, "six").await;
    world.say(tea, bob, "seven").await;
    world.say(tea, ada, "eight").await;
    for (number, unread) in [(9, 0), (0, 2), (7, 1), (6, 2), (8, 1), (2, 2)] {
        assert_eq!(set(&world, tea, bob, number).await.unread, unread, "marked at {number}");
        assert_eq!(stands().await, (number, unread));
    }
    world.store.leave(tea, bob, NOW).await.unwrap();
    world.say(tea, ada, "nine").await;
    world.store.join(tea, bob, NOW).await.unwrap();
    assert_eq!(stands().await, (12, 0), "who comes back begins at the newest");
}

pub async fn the_later_step_of_a_mark_is_higher_also_downwards(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    for _ in 0..4 {
        world.say(tea, ada, "hi").await;
    }
    let up = set(&world, tea, bob, 5).await;
    let down = set(&world, tea, bob, 2).await;
    assert!(down.read.step > up.read.step && down.read.number < up.read.number);
    assert_eq!((down.unread, down.channel_revision), (3, Revision(5)));
    assert_eq!(set(&world, tea, bob, 2).await, down, "where it stands it does not move");
    let place = place_of(&world, tea, bob).await;
    assert_eq!((place.read, place.unread), (down.read, 3));
}

pub async fn unread_is_exact_up_to_999(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    let mut newest = world.say(tea, ada, "hi").await;
    for _ in 1..999 {
        newest = world.say(tea, ada, "hi").await;
    }
    assert_eq!(place_of(&world, tea, bob).await.unread, 999);
    world.say(tea, ada, "hi").await;
    world.say(tea, ada, "hi").await;
    assert_eq!(place_of(&world, tea, bob).await.unread, MANY_UNREAD);
    world.delete(&newest).await;
    assert_eq!(place_of(&world, tea, bob).await.unread, MANY_UNREAD);
    assert_eq!(set(&world, tea, bob, 2).await.unread, 999);
}

pub async fn answers_end_at_about_a_megabyte(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let long = "\u{1F389}".repeat(10_000);
    let mut said = Vec::new();
    for _ in 0..60 {
        said.push(world.say(tea, ada, &long).await);
    }
    for gone in &said[..20] {
        world.delete(gone).await;
    }
    let (mut since, mut rows, mut answers) = (Revision(0), 0, 0);
    loop {
        let changes = world.store.changes(tea, ada, since, 500).await.unwrap().unwrap();
        let bytes: usize = changes.messages.iter().map(|message| message.text.len()).sum();
        assert!(bytes <= MAX_ANSWER_BYTES && !changes.messages.is_empty());
        assert!(changes.reached > since);
        (since, rows, answers) = (changes.reached, rows + changes.messages.len(), answers + 1);
        if changes.complete {
            break;
        }
    }
    assert_eq!((since, rows, answers), (Revision(80), 60, 2), "40 long ones, 20 tombstones");
    let mut at = PageAt::Newest;
    let mut pages = Vec::new();
    loop {
        let page = world.store.messages(tea, ada, at, 100).await.unwrap().unwrap();
        let bytes: usize = page.messages.iter().map(|message| message.text.len()).sum();
        assert!(bytes <= MAX_ANSWER_BYTES);
        pages.push(page.messages.len());
        at = PageAt::Before(page.messages[0].number);
        if !page.has_older {
            break;
        }
    }
    assert_eq!(pages.iter().sum::<usize>(), 60);
    let up = world.store.messages(tea, ada, PageAt::After(Number(45)), 100).await.unwrap().unwrap();
    assert!(!up.has_newer && up.messages.len() == 15);
}

pub async fn an_instance_stays_the_same(backend: &dyn Backend) {
    let world = World::open(backend);
    let before = world.store.instance().clone();
    for part in [&before.id, &before.epoch] {
        assert!(part.len() == 32 && part.bytes().all(|byte| byte.is_ascii_hexdigit()), "{part}");
    }
    let ada = world.person("Ada").await;
    world.channel("tea", ada).await;
    world.store.close().await;
    drop(world);
    let world = World::open(backend);
    assert_eq!(*world.store.instance(), before);
}
