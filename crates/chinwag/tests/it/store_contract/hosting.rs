//! What those who run a channel do.

use chinwag::model::channels::{
    Channel, ChannelKind, ChannelState, FOR_GOOD, MAX_NEWCOMER_CHANNELS, MembersQuery, Posting,
};
use chinwag::model::events::Event;
use chinwag::model::ids::{ChannelId, Revision, UserId};
use chinwag::model::lines::LineKind;
use chinwag::model::names::ChannelName;
use chinwag::model::permissions::Denial;
use chinwag::store::{ChannelPatch, Constraint, Error, NewChannel, PostOutcome, Result};

use super::world::{Backend, NOW, World, change, doer, message, topic};

fn name(typed: &str) -> ChannelName {
    ChannelName::parse(typed).unwrap()
}

fn named(typed: &str) -> ChannelPatch {
    ChannelPatch { name: Some(name(typed)), ..ChannelPatch::default() }
}

fn of_kind(kind: ChannelKind) -> ChannelPatch {
    ChannelPatch { kind: Some(kind), ..ChannelPatch::default() }
}

/// A private channel with an id that nobody guesses.
async fn private(world: &World, by: UserId, people: &[UserId]) -> ChannelId {
    let state = ChannelState { kind: ChannelKind::Private, ..ChannelState::default() };
    let (id, people) = (Some(ChannelId(1 << 40)), people.to_vec());
    let new = NewChannel { id, name: name("team"), topic: topic(""), state, by, people, at: NOW };
    world.store.create_channel(new).await.unwrap().channel.id
}

fn denial<T>(outcome: Result<T>) -> Denial {
    match outcome {
        Err(Error::Denied(denial)) => denial,
        Err(other) => panic!("not denied but {other}"),
        Ok(_) => panic!("allowed"),
    }
}

async fn found(world: &World, typed: &str, by: UserId) -> Option<ChannelId> {
    let found = world.store.channel_named(&name(typed), by).await.unwrap();
    found.map(|view| view.channel.id)
}

pub async fn a_host_changes_a_channel_and_others_do_not(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    world.heard();
    let patch = ChannelPatch {
        posting: Some(Posting::Hosts),
        locked: Some(true),
        slow_s: Some(30),
        all_muted: Some(true),
        ..ChannelPatch::default()
    };
    assert_eq!(denial(change(&*world.store, tea, bob, patch.clone()).await), Denial::Forbidden);
    assert_eq!(world.heard(), []);
    let told = change(&*world.store, tea, ada, patch.clone()).await.unwrap();
    let Channel { state, locked_by, muted_by, revision, .. } = told.clone();
    assert_eq!((state.posting, state.locked, state.slow_s), (Posting::Hosts, true, 30));
    assert_eq!((locked_by.unwrap().id, muted_by.unwrap().id), (ada, ada));
    assert_eq!(revision, Revision(2), "all of it is one change, after Bob joined");
    change(&*world.store, tea, ada, patch).await.unwrap();
    let heard = world.heard();
    let [Event::ChannelChanged { channel, .. }, Event::LineWritten(line)] = &heard[..] else {
        panic!("{heard:?}");
    };
    assert_eq!(*channel, told, "once is enough");
    assert_eq!(line.line.as_ref().map(|line| line.kind), Some(LineKind::Slow));
    assert_eq!(denial(world.store.post_message(message(tea, bob, "x")).await), Denial::Locked);
    world.say(tea, ada, "hosts write").await;
    // Something that one may not do takes the rest with it.
    let mixed = ChannelPatch { topic: Some(topic("green")), locked: Some(false), ..named("milk") };
    assert_eq!(denial(change(&*world.store, tea, bob, mixed).await), Denial::Forbidden);
    let stands = world.store.channel(tea, bob).await.unwrap().unwrap().channel;
    assert_eq!((stands.topic.as_str(), stands.name.as_str()), ("", "tea"));
}

pub async fn nothing_new_comes_into_an_archived_channel(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.say(tea, ada, "before").await;
    let archive = |archived| ChannelPatch { archived: Some(archived), ..ChannelPatch::default() };
    let told = change(&*world.store, tea, ada, archive(true)).await.unwrap();
    assert_eq!(told.archived_at, Some(NOW));
    for who in [ada, bob] {
        assert_eq!(
            denial(world.store.post_message(message(tea, who, "x")).await),
            Denial::Archived
        );
    }
    assert_eq!(denial(world.store.join(tea, bob, NOW).await), Denial::Archived);
    assert_eq!(denial(world.set_topic(tea, ada, topic("x")).await), Denial::Archived);
    assert!(world.store.channel(tea, bob).await.unwrap().is_some(), "it is still read");
    let back = change(&*world.store, tea, ada, archive(false)).await.unwrap();
    assert_eq!(back.archived_at, None);
    world.say(tea, bob, "and back").await;
}

pub async fn an_old_address_leads_on_until_the_name_is_taken(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let (tea, milk) = (world.channel("tea", ada).await, world.channel("milk", ada).await);
    let taken = change(&*world.store, tea, ada, named("MILK")).await;
    assert!(matches!(taken, Err(Error::Conflict(Constraint::ChannelName))));
    let alike = change(&*world.store, tea, ada, named("mi1k")).await;
    assert!(matches!(alike, Err(Error::Conflict(Constraint::ChannelLook))));
    change(&*world.store, tea, ada, named("TEA")).await.unwrap();
    assert_eq!(found(&world, "tea", ada).await, Some(tea), "another form of its own name");
    change(&*world.store, tea, ada, named("coffee")).await.unwrap();
    for typed in ["coffee", "tea"] {
        assert_eq!(found(&world, typed, ada).await, Some(tea), "{typed}");
    }
    // A name that only leads on is free, by renaming and by making a channel.
    change(&*world.store, milk, ada, named("tea")).await.unwrap();
    assert_eq!(found(&world, "tea", ada).await, Some(milk));
    assert_eq!(found(&world, "milk", ada).await, Some(milk));
    let new = world.channel("milk", ada).await;
    assert_eq!(found(&world, "milk", ada).await, Some(new));
    // Back to an old name of one's own.
    change(&*world.store, tea, ada, named("cocoa")).await.unwrap();
    change(&*world.store, tea, ada, named("coffee")).await.unwrap();
    assert_eq!(found(&world, "cocoa", ada).await, Some(tea));
    for old in 0..12 {
        change(&*world.store, tea, ada, named(&format!("number {old}{old}"))).await.unwrap();
    }
    assert_eq!(found(&world, "cocoa", ada).await, None, "ten are kept");
    assert_eq!(found(&world, "number 11", ada).await, Some(tea));
}

pub async fn a_channel_that_becomes_private_is_gone_for_others(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let cleo = world.person("Cleo").await;
    let tea = world.channel("tea", ada).await;
    change(&*world.store, tea, ada, named("coffee")).await.unwrap();
    world.store.join(tea, bob, NOW).await.unwrap();
    let before = world.store.place_changes(cleo, Revision(0), 500).await.unwrap();
    world.heard();
    let told = change(&*world.store, tea, ada, of_kind(ChannelKind::Private)).await.unwrap();
    let place = Revision(before.revision.0 + 1);
    let heard = world.heard();
    let [changed, delisted, Event::LineWritten(line)] = &heard[..] else { panic!("{heard:?}") };
    assert_eq!(*changed, Event::ChannelChanged { channel: told.clone(), place: None });
    assert_eq!(*delisted, Event::ChannelDelisted { channel: tea, place });
    assert_eq!(line.line.as_ref().map(|line| line.kind), Some(LineKind::MadePrivate));
    assert_eq!(world.store.channel(tea, cleo).await.unwrap(), None);
    assert!(world.store.channel(tea, bob).await.unwrap().is_some());
    for typed in ["coffee", "tea"] {
        assert_eq!(found(&world, typed, bob).await, None, "{typed} leads nowhere");
    }
    let changes = world.store.place_changes(cleo, before.revision, 500).await.unwrap();
    assert_eq!((changes.delisted, changes.channels.len()), (vec![tea], 0));
    // The name is free, and then going public asks for another.
    world.channel("coffee", bob).await;
    let taken = change(&*world.store, tea, ada, of_kind(ChannelKind::Public)).await;
    assert!(matches!(taken, Err(Error::Conflict(Constraint::ChannelName))));
    let patch = ChannelPatch { kind: Some(ChannelKind::Public), ..named("cocoa") };
    let told = change(&*world.store, tea, ada, patch).await.unwrap();
    assert_eq!(told.id, tea, "it keeps its id");
    assert_eq!(found(&world, "cocoa", cleo).await, Some(tea));
    let changes = world.store.place_changes(cleo, changes.revision, 500).await.unwrap();
    assert_eq!((changes.delisted, changes.channels.len()), (vec![], 2));
}

pub async fn people_are_added_taken_out_and_kept_out(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let (cleo, dan) = (world.person("Cleo").await, world.person("Dan").await);
    let team = private(&world, ada, &[bob]).await;
    let store = &world.store;
    assert_eq!(denial(store.add_people(team, doer(cleo), vec![dan]).await), Denial::NotFound);
    world.heard();
    store.add_people(team, doer(bob), vec![cleo, bob, cleo]).await.unwrap();
    let heard = world.heard();
    assert_eq!(heard.len(), 4, "once, and not for whoever is in it: {heard:?}");
    assert!(store.channel(team, cleo).await.unwrap().is_some());
    let nobody = store.add_people(team, doer(bob), vec![dan, UserId(99)]).await;
    assert!(matches!(nobody, Err(Error::NoSuchPerson)));
    assert_eq!(store.channel(team, dan).await.unwrap(), None, "all or none");

    assert_eq!(denial(store.take_out(team, doer(bob), cleo, false).await), Denial::Forbidden);
    assert_eq!(denial(store.take_out(team, doer(ada), ada, false).await), Denial::Forbidden);
    world.heard();
    store.take_out(team, doer(ada), cleo, false).await.unwrap();
    let mut heard = world.heard();
    assert!(matches!(heard.remove(0), Event::LineWritten(line) if line.channel == team));
    assert!(matches!(heard[0], Event::MemberLeft { channel, .. } if channel == team));
    assert!(matches!(heard[1], Event::MembershipLost { user, .. } if user == cleo));
    assert_eq!(store.channel(team, cleo).await.unwrap(), None);
    let again = store.take_out(team, doer(ada), cleo, false).await;
    assert!(matches!(again, Err(Error::NoSuchPerson)));
    let changes = store.own_changes(cleo, Revision(0), 500).await.unwrap().unwrap();
    assert_eq!(changes.lost, [team]);

    // Kept out of a public channel: it is not there for them.
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    world.heard();
    store.take_out(tea, doer(ada), bob, true).await.unwrap();
    let heard = world.heard();
    assert!(matches!(heard[0], Event::KeptOut { user, kept_out: true, .. } if user == bob));
    assert!(matches!(heard[3], Event::MembershipLost { user, .. } if user == bob), "{heard:?}");
    assert_eq!(store.channel(tea, bob).await.unwrap(), None);
    assert_eq!(found(&world, "tea", bob).await, None);
    assert_eq!(denial(store.join(tea, bob, NOW).await), Denial::NotFound);
    assert_eq!(denial(store.post_message(message(tea, bob, "x")).await), Denial::NotFound);
    let added = store.add_people(tea, doer(ada), vec![bob]).await;
    assert!(matches!(added, Err(Error::Conflict(Constraint::KeptOut))));
    let kept: Vec<_> = store.kept_out(tea, ada, 9).await.unwrap();
    assert_eq!(kept.iter().map(|user| user.id).collect::<Vec<_>>(), [bob]);
    assert_eq!(denial(store.kept_out(tea, cleo, 9).await), Denial::Forbidden);
    store.let_back_in(tea, doer(ada), bob).await.unwrap();
    assert!(store.join(tea, bob, NOW).await.unwrap().membership.is_some());
}

pub async fn a_mute_outlives_leaving(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    let until = NOW.plus_ms(60_000);
    let mute = async |until| world.store.mute_member(tea, doer(ada), bob, until).await.unwrap();
    let posts = || world.store.post_message(message(tea, bob, "x"));
    mute(Some(until)).await;
    let membership = world.store.channel(tea, bob).await.unwrap().unwrap().membership.unwrap();
    assert_eq!(membership.muted_until, Some(until));
    assert_eq!(denial(posts().await), Denial::Muted);
    world.store.leave(tea, bob, NOW).await.unwrap();
    assert_eq!(denial(posts().await), Denial::Muted, "writing would join");
    world.store.join(tea, bob, NOW).await.unwrap();
    assert_eq!(denial(posts().await), Denial::Muted, "also after coming back");
    let mut later = message(tea, bob, "later");
    later.at = until;
    let posted = world.store.post_message(later).await.unwrap();
    assert!(matches!(posted, PostOutcome::Posted(_)), "a mute ends");
    mute(Some(FOR_GOOD)).await;
    assert_eq!(denial(posts().await), Denial::Muted);
    mute(None).await;
    assert!(matches!(posts().await.unwrap(), PostOutcome::Posted(_)));
    let page = world.store.members(tea, bob, MembersQuery::first(9)).await.unwrap().unwrap();
    assert!(page.members.iter().all(|member| member.muted_until.is_none()), "hosts alone are told");
}

pub async fn a_channel_keeps_a_host(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    let host = async |by, whom, is| world.store.set_host(tea, doer(by), whom, is).await;
    assert!(matches!(host(ada, bob, true).await, Err(Error::NoSuchPerson)), "not in it");
    world.store.join(tea, bob, NOW).await.unwrap();
    assert_eq!(denial(host(bob, bob, true).await), Denial::Forbidden);
    assert!(matches!(host(ada, ada, false).await, Err(Error::Conflict(Constraint::LastHost))));
    world.heard();
    host(ada, bob, true).await.unwrap();
    let mut heard = world.heard();
    assert!(matches!(heard.remove(0), Event::LineWritten(_)));
    assert!(matches!(&heard[0], Event::MembershipChanged { user, view }
        if *user == bob && view.membership.unwrap().host));
    assert!(matches!(&heard[1], Event::MemberChanged { user, .. } if user.id == bob));
    // Any host ends it for any other, and nobody for the last one, whose account can be used.
    host(bob, ada, false).await.unwrap();
    assert_eq!(denial(host(ada, ada, true).await), Denial::Forbidden);
    let last =
        async |by| matches!(host(by, bob, false).await, Err(Error::Conflict(Constraint::LastHost)));
    assert!(last(bob).await);
    let mei = world.person("Mei").await;
    backend.make_owner(mei);
    assert!(last(mei).await, "whoever keeps order in the place does not either");
    world.store.join(tea, mei, NOW).await.unwrap();
    host(bob, ada, true).await.unwrap();
    world.store.deactivate(doer(mei), ada).await.unwrap();
    assert!(last(mei).await, "a host who is deactivated runs nothing");
    world.store.bring_back(doer(mei), ada).await.unwrap();
    host(bob, ada, false).await.unwrap();
    world.store.leave(tea, bob, NOW).await.unwrap();
    let handed = world.store.channel(tea, ada).await.unwrap().unwrap().membership.unwrap();
    assert!(handed.host, "the last host hands over");
}

pub async fn newcomers_come_into_the_channels_for_them(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let newcomers = ChannelPatch { newcomers: Some(true), ..ChannelPatch::default() };
    let (tea, milk) = (world.channel("tea", ada).await, world.channel("milk", ada).await);
    let refused = change(&*world.store, tea, ada, newcomers.clone()).await;
    assert_eq!(denial(refused), Denial::Forbidden, "a host does not decide for the whole place");
    backend.make_owner(ada);
    for channel in [tea, milk] {
        change(&*world.store, channel, ada, newcomers.clone()).await.unwrap();
    }
    let archive = ChannelPatch { archived: Some(true), ..ChannelPatch::default() };
    change(&*world.store, milk, ada, archive).await.unwrap();
    let bob = world.person("Bob").await;
    let heads = world.store.heads(bob).await.unwrap();
    assert_eq!(heads.channels.iter().map(|head| head.0).collect::<Vec<_>>(), [tea]);
    for more in 0..MAX_NEWCOMER_CHANNELS - 2 {
        let channel = world.channel(&format!("more {more}{more}"), ada).await;
        change(&*world.store, channel, ada, newcomers.clone()).await.unwrap();
    }
    let last = world.channel("one too many", ada).await;
    let refused = change(&*world.store, last, ada, newcomers).await;
    assert!(matches!(refused, Err(Error::Conflict(Constraint::Newcomers))));
}

pub async fn a_deleted_channel_is_gone_at_once_and_its_rows_soon(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    let file = world.upload(bob, "plan.png").await;
    let mut with_file = message(tea, bob, "look");
    with_file.attachments = vec![file];
    world.store.post_message(with_file).await.unwrap();
    for _ in 0..600 {
        world.say(tea, ada, "canary").await;
    }
    world.store.visit(tea, bob).await.unwrap();
    assert_eq!(denial(world.store.delete_channel(tea, doer(bob)).await), Denial::Forbidden);
    world.heard();
    world.store.delete_channel(tea, doer(ada)).await.unwrap();
    let heard = world.heard();
    let lost = heard.iter().filter(|event| matches!(event, Event::MembershipLost { .. })).count();
    assert_eq!(lost, 2, "{heard:?}");
    assert!(
        matches!(heard.last(), Some(Event::ChannelDelisted { channel, .. }) if *channel == tea)
    );
    for who in [ada, bob] {
        assert_eq!(world.store.channel(tea, who).await.unwrap(), None);
        assert_eq!(
            denial(world.store.post_message(message(tea, who, "x")).await),
            Denial::NotFound
        );
    }
    assert_eq!(denial(world.store.delete_channel(tea, doer(ada)).await), Denial::NotFound);
    world.channel("tea", bob).await;
    let mut freed = Vec::new();
    let mut batches = 0;
    while let Some(files) = world.store.sweep_deleted_channels().await.unwrap() {
        freed.extend(files);
        batches += 1;
    }
    assert_eq!((freed, batches), (vec![file], 2), "in batches");
    assert_eq!(world.store.upload(file).await.unwrap(), None);
    let account = world.store.account(bob).await.unwrap().unwrap();
    assert_eq!(account.last_channel, None);
}
