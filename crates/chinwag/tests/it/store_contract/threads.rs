//! Threads: what a reply changes and who is told, who follows, and what is not counted.

use chinwag::model::channels::{ChannelKind, MarkKind, Posting};
use chinwag::model::events::Event;
use chinwag::model::ids::{Number, UserId};
use chinwag::model::mentions::{Called, Mention};
use chinwag::model::messages::PageAt;
use chinwag::model::permissions::Denial;
use chinwag::model::thread_pages::ThreadsPart;
use chinwag::model::threads::{MAX_FACES, Reply};
use chinwag::store::{ChannelPatch, Error, NewMessage, PostOutcome};

use super::world::{Backend, NOW, World, change, message};

/// The threads that a person follows: the root, how much is unread, and how many replies of that call them.
async fn followed(world: &World, user: UserId) -> Vec<(i64, i64, i64)> {
    let follows = world.store.follows(user).await.unwrap();
    follows.into_iter().map(|one| (one.root.0, one.unread, one.mentions)).collect()
}

pub async fn a_reply_changes_its_root_and_not_the_run(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    let root = world.say(tea, ada, "who comes?").await;
    world.heard();
    let reply = world.reply(&root, bob, "me", false).await;
    assert_eq!((reply.number, reply.gap), (Number(root.number.0 + 1), 0));
    let heard = world.heard();
    let [Event::Replied { message, head }, Event::FollowChanged { user: first, .. }, rest @ ..] =
        &heard[..]
    else {
        panic!("{heard:?}");
    };
    assert_eq!((message, head.root, *first), (&reply, root.number, bob));
    assert_eq!((head.thread.replies, head.thread.last_number), (1, reply.number));
    assert_eq!(head.thread.faces.iter().map(|face| face.id).collect::<Vec<_>>(), [bob]);
    let [Event::FollowChanged { user, follow }] = rest else { panic!("{rest:?}") };
    assert_eq!((*user, follow.root, follow.unread), (ada, root.number, 1), "it is her message");

    // In the run, only the root changed. Nothing is unread there, and nothing is its newest message.
    let run = world.everything(tea).await;
    assert_eq!(
        run.last().map(|row| (row.number, row.revision)),
        Some((root.number, reply.revision))
    );
    let view = world.store.channel(tea, ada).await.unwrap().unwrap();
    assert_eq!(view.membership.unwrap().unread, 0);
    assert_eq!(view.channel.last_message.unwrap().number, root.number);
    assert_eq!((view.channel.last_number, view.channel.last_in_run), (reply.number, root.number));
    // The next row of the run says what stands between.
    let next = world.say(tea, bob, "so be it").await;
    assert_eq!((next.number, next.gap), (Number(reply.number.0 + 1), 1));
    let also = world.reply(&root, bob, "and I said so", true).await;
    let run = world.everything(tea).await;
    assert_eq!(run.last().map(|row| (row.number, row.gap)), Some((also.number, 0)));
    // Whoever was away is told of what came in the run alone.
    for (number, count) in
        [(root.number, 2), (reply.number, 2), (next.number, 1), (also.number, 0), (Number(99), 0)]
    {
        let above = world.store.in_run_above(tea, ada, number).await.unwrap();
        assert_eq!(above, Some(count), "above {number}");
    }
    let all = world.store.in_run_above(tea, ada, Number(-1)).await.unwrap();
    assert_eq!(all, Some(i64::try_from(run.len()).unwrap()));
    let view = world.store.channel(tea, ada).await.unwrap().unwrap();
    assert_eq!(view.membership.unwrap().unread, 2);
    assert_eq!(followed(&world, ada).await, [(root.number.0, 1, 0)], "it counts in the channel");

    // A reply that is deleted is counted no more; the root goes on without its text.
    world.heard();
    world.delete(&also).await;
    let heard = world.heard();
    let [Event::MessageDeleted { head: Some(head), .. }] = &heard[..] else { panic!("{heard:?}") };
    assert_eq!((head.thread.replies, head.thread.last_number), (1, reply.number));
    world.delete(&root).await;
    let told =
        world.store.thread(tea, root.number, bob, PageAt::Newest, 10).await.unwrap().unwrap();
    let gone = told.root.unwrap();
    assert_eq!((gone.text.as_str(), gone.thread.unwrap().replies), ("", 1));
    world.reply(&root, ada, "still", false).await;
    assert_eq!(world.replies(tea, root.number, bob).await.len(), 3);
}

pub async fn whoever_takes_part_follows_and_whoever_chose_not_to_does_not(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let (cleo, dora) = (world.person("Cleo").await, world.person("Dora").await);
    let tea = world.channel("tea", ada).await;
    for person in [bob, cleo] {
        world.store.join(tea, person, NOW).await.unwrap();
    }
    let root = world.say(tea, ada, "who comes?").await;
    let call = |person, start| Mention { start, length: 5, called: Called::Person(person) };
    let calls = |mentions| NewMessage {
        reply: Some(Reply { root: root.number, in_run: false }),
        mentions,
        ..message(tea, bob, "@Cleo @Dora come")
    };
    let posted = world.store.post_message(calls(vec![call(cleo, 0), call(dora, 6)])).await.unwrap();
    assert!(matches!(posted, PostOutcome::Posted(_)), "{posted:?}");
    let number = root.number.0;
    assert_eq!(followed(&world, ada).await, [(number, 1, 0)]);
    assert_eq!(followed(&world, bob).await, [(number, 0, 0)]);
    assert_eq!(followed(&world, cleo).await, [(number, 1, 1)]);
    assert_eq!(followed(&world, dora).await, [], "she is not in the channel");
    let view = world.store.channel(tea, cleo).await.unwrap().unwrap();
    assert_eq!(view.membership.unwrap().mentions, 0, "it calls her in the thread");

    // Her choice stands whoever calls her, until she writes.
    world.store.follow(tea, root.number, cleo, false, NOW).await.unwrap().unwrap();
    world.store.post_message(calls(vec![call(cleo, 0)])).await.unwrap();
    assert_eq!(followed(&world, cleo).await, []);
    world.reply(&root, cleo, "fine", false).await;
    assert_eq!(followed(&world, cleo).await, [(number, 0, 0)]);
    // Marks move as in a channel.
    let read = |kind, to| world.store.mark_thread_read(tea, root.number, ada, Number(to), kind);
    let told = read(MarkKind::Read, number + 100).await.unwrap().unwrap();
    assert_eq!((told.unread, told.read.number.0 > number), (0, true));
    assert_eq!(read(MarkKind::Read, number).await.unwrap().unwrap().unread, 0);
    assert_eq!(read(MarkKind::Mark, number).await.unwrap().unwrap().unread, 3);
    // Leaving forgets.
    world.store.leave(tea, ada, NOW).await.unwrap();
    assert_eq!(followed(&world, ada).await, []);
    assert_eq!(read(MarkKind::Mark, number).await.unwrap(), None);
    world.store.join(tea, ada, NOW).await.unwrap();
    assert_eq!(followed(&world, ada).await, []);
    let told = world.store.follow(tea, root.number, ada, true, NOW).await.unwrap().unwrap();
    assert_eq!(told.unread, 0, "from now on");
}

pub async fn what_begins_no_thread_is_not_answered(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    let line = world.everything(tea).await[0].clone();
    let (root, gone) = (world.say(tea, ada, "one").await, world.say(tea, ada, "two").await);
    let (aside, also) = (
        world.reply(&root, bob, "in the thread", false).await,
        world.reply(&root, bob, "in both", true).await,
    );
    world.delete(&gone).await;
    for root in [line.number, gone.number, aside.number, also.number, Number(0), Number(99)] {
        let reply = Some(Reply { root, in_run: false });
        let new = NewMessage { reply, ..message(tea, ada, "no") };
        assert_eq!(world.store.post_message(new).await.unwrap(), PostOutcome::NoThread, "{root}");
        let followed = world.store.follow(tea, root, ada, true, NOW).await.unwrap();
        assert_eq!(followed, None, "{root}");
    }
    // The thread is also found by one of its replies.
    let page = world.store.thread(tea, aside.number, ada, PageAt::Newest, 10).await.unwrap();
    assert_eq!(page.map(|page| page.number), Some(root.number));
    assert_eq!(world.store.thread(tea, line.number, ada, PageAt::Newest, 9).await.unwrap(), None);

    // A key is for one place: the channel, or one thread.
    let new = message(tea, ada, "once");
    world.store.post_message(new.clone()).await.unwrap();
    let reply = Some(Reply { root: root.number, in_run: false });
    let elsewhere = NewMessage { reply, ..new.clone() };
    let told = world.store.post_message(elsewhere).await.unwrap();
    assert_eq!(told, PostOutcome::KeyReused);
    let new = NewMessage { reply, key: super::world::key(), ..new };
    let first = world.store.post_message(new.clone()).await.unwrap();
    let PostOutcome::Posted(first) = first else { panic!("{first:?}") };
    let again = world.store.post_message(new.clone()).await.unwrap();
    assert_eq!(again, PostOutcome::Replayed(first));
    let also = NewMessage { reply: reply.map(|it| Reply { in_run: true, ..it }), ..new };
    assert_eq!(world.store.post_message(also).await.unwrap(), PostOutcome::KeyReused);
}

pub async fn where_hosts_write_threads_may_be_open_to_all(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    let root = world.say(tea, ada, "hear").await;
    let reply = async |in_run| {
        let reply = Some(Reply { root: root.number, in_run });
        world.store.post_message(NewMessage { reply, ..message(tea, bob, "I hear") }).await
    };
    let posting = |posting| ChannelPatch { posting: Some(posting), ..ChannelPatch::default() };
    for (which, aside) in [(Posting::Hosts, false), (Posting::OpenThreads, true)] {
        let channel = change(&*world.store, tea, ada, posting(which)).await.unwrap();
        assert_eq!((channel.state.posting, channel.state.kind), (which, ChannelKind::Public));
        let view = world.store.channel(tea, bob).await.unwrap().unwrap();
        assert_eq!(view.channel.state.posting, which);
        let refused = reply(true).await;
        let denied = matches!(refused, Err(Error::Denied(Denial::HostsWrite)));
        assert!(denied, "{refused:?}");
        assert_eq!(reply(false).await.is_ok(), aside, "{which:?}");
    }
}

pub async fn a_thread_shows_who_wrote_last(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let root = world.say(tea, ada, "who comes?").await;
    let mut people = Vec::new();
    for number in 0..MAX_FACES + 2 {
        let person = world.person(&format!("person {number}")).await;
        people.push(person);
        world.reply(&root, person, "me", false).await;
        world.reply(&root, person, "indeed", false).await;
    }
    let faces = async || {
        let row = world.everything(tea).await.into_iter().find(|row| row.number == root.number);
        row.unwrap().thread.unwrap().faces.into_iter().map(|face| face.id).collect::<Vec<_>>()
    };
    let latest: Vec<UserId> = people.iter().rev().take(MAX_FACES).copied().collect();
    assert_eq!(faces().await, latest);
    let newest = world.replies(tea, root.number, ada).await.pop().unwrap();
    world.delete(&newest).await;
    assert_eq!(faces().await, latest, "one more of theirs is there");
}

pub async fn the_list_of_threads_has_unread_ones_first(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    let mut roots = Vec::new();
    for number in 0..45 {
        let root = world.say(tea, ada, "root").await;
        let text = format!("reply {number}");
        let reply = Some(Reply { root: root.number, in_run: false });
        let at = NOW.plus_ms(number);
        world
            .store
            .post_message(NewMessage { reply, at, ..message(tea, bob, &text) })
            .await
            .unwrap();
        roots.push(root.number);
    }
    for read in &roots[40..] {
        let told = world.store.mark_thread_read(tea, *read, ada, Number(999), MarkKind::Read).await;
        assert_eq!(told.unwrap().unwrap().unread, 0);
    }
    let (mut after, mut seen, mut sizes) = (None, Vec::new(), Vec::new());
    loop {
        let page = world.store.threads(ada, ThreadsPart { mine: false, after }).await.unwrap();
        sizes.push(page.threads.len());
        for thread in &page.threads {
            assert_eq!(thread.newest.len(), 1);
            seen.push(thread.root.number);
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let expected: Vec<Number> =
        roots[..40].iter().rev().chain(roots[40..].iter().rev()).copied().collect();
    assert_eq!((seen, sizes), (expected, vec![20, 20, 5]));
}
