//! What concerns people: what comes into their activity, what takes it out, and what they have seen.

use chinwag::model::activity::{
    Activity, ActivityFilter, ActivityKind, ActivityPart, MAX_ACTIVITY, MAX_ACTIVITY_PAGE,
    MAX_CALLS_OF_EVERYBODY, NewCall,
};
use chinwag::model::channels::{ChannelKind, ChannelState, MarkKind};
use chinwag::model::edits::Edit;
use chinwag::model::events::Event;
use chinwag::model::ids::{ChannelId, Number, UserId};
use chinwag::model::log::Doer;
use chinwag::model::messages::Message;
use chinwag::model::names::ChannelName;
use chinwag::model::text::MessageText;
use chinwag::model::users::Aside;
use chinwag::store::{EditOutcome, NewChannel, PostOutcome};

use super::world::{Backend, NOW, World, doer, message, public, topic};

/// Posts a text with the mentions that are in it.
async fn say(world: &World, channel: ChannelId, author: UserId, text: &str) -> Message {
    let mut new = message(channel, author, text);
    new.mentions = world.store.called(author, text).await.unwrap();
    match world.store.post_message(new).await.unwrap() {
        PostOutcome::Posted(message) => message,
        other => panic!("not posted: {other:?}"),
    }
}

async fn edit(world: &World, message: &Message, text: &str) -> Message {
    let mentions = world.store.called(message.author.id, text).await.unwrap();
    let text = MessageText::parse(text, false).unwrap();
    let wanted = Edit { edits: None, text, mentions, files: None };
    match world.edit(message, wanted).await {
        EditOutcome::Edited(message, _) => message,
        other => panic!("not edited: {other:?}"),
    }
}

/// All of it, page by page.
async fn all(world: &World, user: UserId, filter: ActivityFilter) -> Vec<Activity> {
    let (mut rows, mut before) = (Vec::new(), None);
    loop {
        let page = world.store.activity(user, filter, before, MAX_ACTIVITY_PAGE).await.unwrap();
        assert!(page.rows.len() <= MAX_ACTIVITY_PAGE);
        rows.extend(page.rows);
        before = page.next;
        if before.is_none() {
            return rows;
        }
    }
}

/// What somebody has: why, the text, and whether it is new. What is told as new is the same.
async fn has(world: &World, user: UserId) -> Vec<(ActivityKind, String, bool)> {
    let rows = all(world, user, ActivityFilter::default()).await;
    let news: Vec<_> = rows.iter().filter(|row| row.new).map(|row| row.message.number).collect();
    let told = world.store.new_calls(user).await.unwrap().calls;
    assert_eq!(told.iter().map(|call| call.number).collect::<Vec<_>>(), news);
    let filter = ActivityFilter { only_new: true, part: ActivityPart::All };
    let only_new = all(world, user, filter).await;
    assert_eq!(only_new.iter().map(|row| row.message.number).collect::<Vec<_>>(), news);
    rows.into_iter().map(|row| (row.kind, row.message.text, row.new)).collect()
}

fn call(kind: ActivityKind, text: &str, new: bool) -> (ActivityKind, String, bool) {
    (kind, text.to_owned(), new)
}

use ActivityKind::{Everybody, Invitation, Mention, Reaction};

async fn read(world: &World, channel: ChannelId, user: UserId, message: &Message) {
    world.store.mark_read(channel, user, message.number, MarkKind::Read).await.unwrap().unwrap();
}

pub async fn who_is_called_finds_it_until_it_is_taken_back(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let cleo = world.person("Cleo").await;
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    let first = say(&world, tea, ada, "@Bob and @bob and @Ada").await;
    let second = say(&world, tea, ada, "@all @Bob").await;
    say(&world, tea, ada, "nobody").await;
    let third = say(&world, tea, ada, "@all").await;
    let of_bob = [
        call(Everybody, "@all", true),
        call(Mention, "@all @Bob", true),
        call(Mention, "@Bob and @bob and @Ada", true),
    ];
    assert_eq!(has(&world, bob).await, of_bob, "each message once, the newest first");
    assert_eq!(has(&world, ada).await, [], "nobody calls themselves");
    assert_eq!(has(&world, cleo).await, [], "she is not in it");

    // Whoever comes later was not called before; they may be called without being in it.
    let late = NOW.plus_ms(1);
    world.store.join(tea, cleo, late).await.unwrap();
    assert_eq!(has(&world, cleo).await, []);

    edit(&world, &first, "Bob and @Ada").await;
    edit(&world, &second, "@all alone").await;
    world.delete(&third).await;
    assert_eq!(has(&world, bob).await, [call(Everybody, "@all alone", true)]);
    edit(&world, &second, "alone").await;
    assert_eq!(has(&world, bob).await, []);
}

pub async fn reading_takes_it_off_and_what_an_edit_adds_below_stays(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let cleo = world.person("Cleo").await;
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    let first = say(&world, tea, ada, "hello").await;
    let second = say(&world, tea, ada, "@Bob").await;
    read(&world, tea, bob, &second).await;
    assert_eq!(has(&world, bob).await, [call(Mention, "@Bob", false)]);
    world.store.mark_read(tea, bob, first.number, MarkKind::Mark).await.unwrap();
    assert_eq!(has(&world, bob).await, [call(Mention, "@Bob", true)], "it is unread again");
    read(&world, tea, bob, &second).await;

    // Below the mark: only the activity tells of it, and reading does not take it off.
    edit(&world, &first, "hello @Bob @Cleo").await;
    let own = [call(Mention, "hello @Bob @Cleo", true), call(Mention, "@Bob", false)];
    assert_eq!(has(&world, bob).await, own);
    let view = world.store.channel(tea, bob).await.unwrap().unwrap();
    assert_eq!(view.membership.unwrap().mentions, 0);
    let told = world.store.new_calls(bob).await.unwrap().calls;
    assert_eq!(told, [NewCall { channel: tea, number: first.number, late: true }]);
    // Cleo is called into a public channel that she is not in.
    assert_eq!(has(&world, cleo).await, [call(Mention, "hello @Bob @Cleo", true)]);
    // A call of everybody too: to Bob, who has read it, and not to Dan, who finds it by reading.
    let dan = world.person("Dan").await;
    world.store.join(tea, dan, NOW).await.unwrap();
    world.store.mark_read(tea, dan, Number(0), MarkKind::Mark).await.unwrap();
    world.heard();
    edit(&world, &second, "@all, @Bob too").await;
    let came = Event::ActivityCame { user: bob };
    assert!(!world.heard().contains(&came), "it called him before");
    let third = say(&world, tea, ada, "nothing").await;
    read(&world, tea, bob, &third).await;
    world.heard();
    edit(&world, &third, "@all").await;
    assert!(world.heard().contains(&came));
    assert_eq!(has(&world, bob).await[0], call(Everybody, "@all", true));
    assert_eq!(has(&world, dan).await[0], call(Everybody, "@all", true));
    read(&world, tea, dan, &third).await;
    assert_eq!(has(&world, dan).await[0], call(Everybody, "@all", false), "reading takes it off");
    let told = world.store.new_calls(bob).await.unwrap().calls;
    assert_eq!(told[0], NewCall { channel: tea, number: third.number, late: true });
    world.store.see_call(bob, tea, third.number).await.unwrap().unwrap();
    edit(&world, &third, "nothing again").await;
    assert!(has(&world, bob).await.iter().all(|(_, text, _)| !text.contains("nothing")));
    // An edit that leaves the call where it is brings nothing new.
    let told = world.store.new_calls(cleo).await.unwrap();
    world.store.see_call(cleo, tea, first.number).await.unwrap().unwrap();
    edit(&world, &first, "hello again @Bob @Cleo").await;
    assert_eq!(has(&world, cleo).await, [call(Mention, "hello again @Bob @Cleo", false)]);
    assert_eq!(world.store.new_calls(cleo).await.unwrap().through, told.through);
}

pub async fn what_was_seen_is_told_by_the_own_stream(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    let first = say(&world, tea, ada, "@Bob one").await;
    let second = say(&world, tea, ada, "@all two").await;
    say(&world, tea, ada, "@Bob three").await;
    world.heard();
    for message in [&first, &second] {
        let seen = world.store.see_call(bob, tea, message.number).await.unwrap().unwrap();
        assert_eq!(world.heard(), [Event::ActivitySeen { user: bob, seen }]);
        let again = world.store.see_call(bob, tea, message.number).await.unwrap().unwrap();
        assert_eq!((again, world.heard()), (seen, vec![]), "the same again");
        let changes = world.store.own_changes(bob, seen.own_revision.before(), 10).await;
        let changes = changes.unwrap().unwrap();
        assert_eq!((changes.activity, changes.revision), (Some(seen), seen.own_revision));
    }
    let rest = |new| {
        [
            call(Mention, "@Bob three", new),
            call(Everybody, "@all two", false),
            call(Mention, "@Bob one", false),
        ]
    };
    assert_eq!(has(&world, bob).await, rest(true));
    let through = world.store.new_calls(bob).await.unwrap().through;
    let seen = world.store.see_activity(bob, through + 9).await.unwrap();
    assert_eq!(seen.through, through, "nobody sees what has not come");
    assert_eq!(has(&world, bob).await, rest(false));
    assert_eq!(world.store.see_activity(bob, 1).await.unwrap(), seen, "it never goes down");
    let unread = world.store.channel(tea, bob).await.unwrap().unwrap().membership.unwrap();
    assert_eq!((unread.unread, unread.mentions), (3, 3), "the channel is as unread as before");
    say(&world, tea, ada, "@Bob four").await;
    assert_eq!(has(&world, bob).await[0], call(Mention, "@Bob four", true));
}

pub async fn reactions_to_a_message_are_one_and_never_new(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let cleo = world.person("Cleo").await;
    let tea = world.channel("tea", ada).await;
    for user in [bob, cleo] {
        world.store.join(tea, user, NOW).await.unwrap();
    }
    let said = say(&world, tea, ada, "tea is ready").await;
    world.react(&said, ada, "🍵", true).await;
    assert_eq!(has(&world, ada).await, [], "one's own reaction is no news");
    world.react(&said, bob, "👍", true).await;
    say(&world, tea, cleo, "@Ada thanks").await;
    world.react(&said, cleo, "👍", true).await;
    world.react(&said, cleo, "🎉", true).await;
    let expected = [call(Reaction, "tea is ready", false), call(Mention, "@Ada thanks", true)];
    assert_eq!(has(&world, ada).await, expected, "it moved up");
    let by = |rows: Vec<Activity>| rows.into_iter().map(|row| (row.by.id, row.others)).next();
    let filter = ActivityFilter { only_new: false, part: ActivityPart::Reactions };
    assert_eq!(by(all(&world, ada, filter).await), Some((cleo, 1)));
    world.store.set_aside(ada, cleo, Some(Aside::Mute)).await.unwrap();
    assert_eq!(by(all(&world, ada, filter).await), Some((bob, 0)), "she is not named");
    world.store.set_aside(ada, cleo, None).await.unwrap();
    world.react(&said, bob, "👍", false).await;
    world.react(&said, cleo, "👍", false).await;
    assert_eq!(by(all(&world, ada, filter).await), Some((cleo, 0)));
    world.heard();
    world.react(&said, cleo, "🎉", false).await;
    assert!(world.heard().contains(&Event::ActivityCame { user: ada }));
    assert_eq!(by(all(&world, ada, filter).await), None, "nobody else's is left");
    world.react(&said, bob, "👍", true).await;
    world.delete(&said).await;
    assert_eq!(all(&world, ada, filter).await, []);
}

pub async fn nothing_is_shown_of_a_place_that_one_lost(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let cleo = world.person("Cleo").await;
    let id = Some(ChannelId((1 << 32) + 5));
    let name = ChannelName::parse("secret").unwrap();
    let state = ChannelState { kind: ChannelKind::Private, ..ChannelState::default() };
    let new = NewChannel { id, state, people: vec![bob], ..public(name, topic(""), ada) };
    let secret = world.store.create_channel(new).await.unwrap().channel.id;
    world.heard();
    let said = say(&world, secret, bob, "@Ada @Cleo @all").await;
    let told = |user| world.heard().contains(&Event::ActivityCame { user });
    assert!(!told(cleo), "whoever is not in it does not learn that they are called");
    assert_eq!(world.store.see_call(cleo, secret, said.number).await.unwrap(), None);
    let answer = say(&world, secret, ada, "@Bob").await;
    world.react(&said, ada, "👍", true).await;
    assert_eq!(has(&world, bob).await.len(), 3, "he was put in, too");
    world.store.leave(secret, bob, NOW).await.unwrap();
    assert_eq!(has(&world, bob).await, []);
    assert_eq!(world.store.see_call(bob, secret, answer.number).await.unwrap(), None);
    world.heard();
    world.react(&said, ada, "🎉", true).await;
    assert!(!told(bob), "he does not hear of his message there");
    let later = Doer { at: NOW.plus_ms(1), ..doer(ada) };
    world.store.add_people(secret, later, vec![cleo]).await.unwrap();
    let invited = [call(Invitation, "", true)];
    assert_eq!(has(&world, cleo).await, invited, "she was not called when she was not in it");

    // Whom one muted or blocked calls in vain, and is heard again afterwards.
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    say(&world, tea, bob, "@Ada").await;
    assert_eq!(has(&world, ada).await.len(), 2);
    for aside in [Aside::Mute, Aside::Block] {
        world.store.set_aside(ada, bob, Some(aside)).await.unwrap();
        assert_eq!(has(&world, ada).await, []);
    }
    world.store.set_aside(ada, bob, None).await.unwrap();
    let last = say(&world, tea, bob, "last").await;
    world.store.clear_channel(tea, doer(ada), last.number).await.unwrap();
    assert_eq!(has(&world, ada).await.len(), 1, "what was cleared is not shown");

    backend.make_owner(bob);
    world.store.deactivate(doer(bob), ada).await.unwrap();
    assert_eq!(has(&world, ada).await, [], "it goes with the account");
}

pub async fn so_much_is_kept_and_no_more(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    for _ in 0..MAX_ACTIVITY + 2 {
        say(&world, tea, ada, "@Bob").await;
    }
    assert_eq!(all(&world, bob, ActivityFilter::default()).await.len(), MAX_ACTIVITY);
    let cups = world.channel("cups", ada).await;
    let cleo = world.person("Cleo").await;
    world.store.join(cups, cleo, NOW).await.unwrap();
    for _ in 0..MAX_CALLS_OF_EVERYBODY + 2 {
        say(&world, cups, ada, "@all").await;
    }
    assert_eq!(all(&world, cleo, ActivityFilter::default()).await.len(), MAX_CALLS_OF_EVERYBODY);
}
