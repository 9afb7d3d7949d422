//! The list of what one is in, and the directory of all public channels.

use chinwag::model::channels::ChannelKind;
use chinwag::model::directory::{DirectoryOrder, DirectoryPage, DirectoryQuery};
use chinwag::model::ids::{ChannelId, UserId};
use chinwag::model::names::ChannelName;
use chinwag::model::permissions::Denial;
use chinwag::model::roles::Role;
use chinwag::store::{ChannelPatch, Error};

use super::world::{Backend, NOW, World, change, doer, topic};

/// All of the directory for somebody, so many channels at a time.
async fn listed(
    world: &World,
    viewer: UserId,
    order: DirectoryOrder,
    letters: &str,
    limit: usize,
) -> Vec<String> {
    let (mut names, mut after) = (Vec::new(), None);
    loop {
        let query = DirectoryQuery { letters: letters.to_owned(), order, after, limit };
        let DirectoryPage { channels, next } = world.store.directory(viewer, query).await.unwrap();
        assert!(channels.len() <= limit && (next.is_none() || channels.len() == limit));
        names.extend(channels.into_iter().map(|channel| channel.name));
        after = next;
        if after.is_none() {
            return names;
        }
    }
}

pub async fn the_list_holds_what_one_is_in(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let (tea, milk) = (world.channel("tea", ada).await, world.channel("milk", ada).await);
    world.store.join(tea, bob, NOW).await.unwrap();
    let overview = world.store.overview(bob, ChannelId(0)).await.unwrap().unwrap();
    let alone = world.store.channel(tea, bob).await.unwrap().unwrap();
    assert_eq!((overview.channels, overview.visited), (vec![alone], None));
    assert_eq!(world.store.channels(ada).await.unwrap().len(), 2);

    // The one that they looked at last comes along, as long as they are not in it and may know of it.
    world.store.visit(milk, bob).await.unwrap();
    let visited = async || world.store.overview(bob, ChannelId(0)).await.unwrap().unwrap().visited;
    assert_eq!(visited().await.map(|view| view.channel.id), Some(milk));
    world.store.join(milk, bob, NOW).await.unwrap();
    assert_eq!(visited().await, None);
    world.store.leave(milk, bob, NOW).await.unwrap();
    world.store.visit(milk, bob).await.unwrap();
    let private = ChannelPatch { kind: Some(ChannelKind::Private), ..ChannelPatch::default() };
    change(&*world.store, milk, ada, private).await.unwrap();
    assert_eq!(visited().await, None);
}

pub async fn it_comes_in_pages_that_hold_each_channel_once(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let made = ["tea", "Zebra", "apple", "茶水间", "!", "Bücher", "10", "9"];
    for name in made {
        world.channel(name, ada).await;
    }
    let by_name = ["!", "10", "9", "apple", "Bücher", "tea", "Zebra", "茶水间"];
    for limit in [1, 2, 3, 100] {
        assert_eq!(listed(&world, bob, DirectoryOrder::Name, "", limit).await, by_name);
        assert_eq!(listed(&world, bob, DirectoryOrder::Oldest, "", limit).await, made);
    }
    let tea = ChannelId(1);
    world.store.join(tea, bob, NOW).await.unwrap();
    world.set_topic(tea, bob, topic("green")).await.unwrap();
    let query = DirectoryQuery { order: DirectoryOrder::Oldest, limit: 2, ..Default::default() };
    let page = world.store.directory(bob, query).await.unwrap();
    let told = |at: usize| {
        let channel = &page.channels[at];
        (channel.member, channel.member_count, channel.topic.as_str(), channel.created_at)
    };
    assert_eq!((told(0), told(1)), ((true, 2, "green", NOW), (false, 1, "", NOW)));

    // What is renamed or made between two pages hides none of the others.
    let first = DirectoryQuery { limit: 4, ..DirectoryQuery::default() };
    let page = world.store.directory(bob, first).await.unwrap();
    let name = Some(ChannelName::parse("zoo").unwrap());
    change(&*world.store, tea, ada, ChannelPatch { name, ..ChannelPatch::default() })
        .await
        .unwrap();
    world.channel("banana", ada).await;
    let rest = DirectoryQuery { after: page.next, limit: 100, ..DirectoryQuery::default() };
    let rest = world.store.directory(bob, rest).await.unwrap().channels;
    let names: Vec<_> = rest.iter().map(|channel| channel.name.as_str()).collect();
    assert_eq!(names, ["banana", "Bücher", "Zebra", "zoo", "茶水间"]);
    // Whatever somebody sends as the place to go on from, they get channels of the directory.
    for after in ["", " 1", "nonsense", "-5", "\u{10ffff}"] {
        for order in [DirectoryOrder::Name, DirectoryOrder::Oldest] {
            let after = Some(after.to_owned());
            let query = DirectoryQuery { order, after, limit: 0, ..DirectoryQuery::default() };
            assert!(world.store.directory(bob, query).await.unwrap().channels.len() <= 1);
        }
    }
}

pub async fn it_is_narrowed_down_by_letters(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    for name in ["Ferry-App", "general", "茶水间", "offers"] {
        world.channel(name, ada).await;
    }
    world.set_topic(ChannelId(2), ada, topic("Who takes the FERRY?")).await.unwrap();
    for (letters, names) in [
        (" ferry", &["Ferry-App", "general"][..]),
        ("Ｆｅｒｒｙ", &["Ferry-App"]),
        ("水", &["茶水间"]),
        ("fe", &["Ferry-App", "general", "offers"]),
        ("%", &[]),
        ("  ", &["Ferry-App", "general", "茶水间", "offers"]),
    ] {
        let found = listed(&world, ada, DirectoryOrder::Oldest, letters, 1).await;
        assert_eq!(found, names, "{letters}");
    }
}

pub async fn it_lists_no_channel_that_one_may_not_know_of(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let (tea, milk) = (world.channel("tea", ada).await, world.channel("milk", ada).await);
    world.channel("salt", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    world.store.take_out(tea, doer(ada), bob, true).await.unwrap();
    let private = ChannelPatch { kind: Some(ChannelKind::Private), ..ChannelPatch::default() };
    change(&*world.store, milk, ada, private).await.unwrap();
    for order in [DirectoryOrder::Name, DirectoryOrder::Oldest] {
        assert_eq!(listed(&world, bob, order, "", 1).await, ["salt"], "kept out, and private");
        assert_eq!(listed(&world, bob, order, "t", 9).await, ["salt"]);
        assert_eq!(listed(&world, ada, order, "", 1).await.len(), 2);
    }
    world.store.let_back_in(tea, doer(ada), bob).await.unwrap();
    assert_eq!(listed(&world, bob, DirectoryOrder::Oldest, "", 1).await, ["tea", "salt"]);

    backend.make_owner(ada);
    world.store.set_role(doer(ada), bob, Role::Guest).await.unwrap();
    for who in [bob, UserId(99)] {
        let refused = world.store.directory(who, DirectoryQuery::default()).await;
        assert!(matches!(refused, Err(Error::Denied(Denial::NotFound))), "{refused:?}");
    }
}
