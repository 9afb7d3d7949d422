//! Whom messages call, and how the calls of a person are counted.

use chinwag::model::channels::MarkKind;
use chinwag::model::edits::Edit;
use chinwag::model::ids::{ChannelId, Number, UserId};
use chinwag::model::mentions::{Called, Mention};
use chinwag::model::messages::Message;
use chinwag::model::place::{Callers, PlaceChange};
use chinwag::model::text::MessageText;
use chinwag::model::users::Aside;
use chinwag::store::{EditOutcome, PostOutcome};

use super::world::{Backend, NOW, World, doer, message};

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
    let edit = Edit { edits: None, text, mentions, files: None };
    let Message { channel, number, author, .. } = message;
    match world.store.edit_message(*channel, *number, author.id, edit, NOW).await.unwrap() {
        EditOutcome::Edited(message, _) => message,
        other => panic!("not edited: {other:?}"),
    }
}

/// How many messages call a person in a channel: by the view of the channel and by the list, which say
/// the same.
async fn calls(world: &World, channel: ChannelId, user: UserId) -> i64 {
    let view = world.store.channel(channel, user).await.unwrap().unwrap();
    let list = world.store.channels(user).await.unwrap();
    let listed = list.iter().find(|view| view.channel.id == channel).unwrap();
    assert_eq!(listed.membership, view.membership);
    view.membership.unwrap().mentions
}

pub async fn a_text_calls_those_whom_its_author_may_know_of(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let (ann, lee) = (world.person("Ann").await, world.person("Ann Lee").await);
    let zhang = world.person("张三").await;
    let person = |start, length, whom| Mention { start, length, called: Called::Person(whom) };
    let all = |start, length| Mention { start, length, called: Called::Everybody };
    for (text, found) in [
        ("hi @ann lee!", vec![person(3, 8, lee)]),
        ("@Ann, @Annika", vec![person(0, 4, ann)]),
        ("😀请@张三看 @所有人", vec![person(3, 3, zhang), all(8, 4)]),
        ("@nobody @ `@Ann`", vec![]),
        ("@Ann Leeward", vec![person(0, 4, ann)]),
    ] {
        assert_eq!(world.store.called(ada, text).await.unwrap(), found, "{text}");
    }
    let many = "@Ann ".repeat(60);
    assert_eq!(world.store.called(ada, &many).await.unwrap().len(), 50);
    backend.make_owner(ada);
    world.store.deactivate(doer(ada), ann).await.unwrap();
    let gone = world.store.called(ada, "@Ann Lee @Ann").await.unwrap();
    assert_eq!(gone, [person(0, 8, lee)], "whoever is deactivated is not called");
}

pub async fn calls_above_the_mark_are_counted(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    assert_eq!(calls(&world, tea, bob).await, 0);
    let first = say(&world, tea, ada, "@Bob @bob look").await;
    assert_eq!(first.mentions.len(), 2);
    assert_eq!(calls(&world, tea, bob).await, 1, "a message counts once");
    let second = say(&world, tea, ada, "@all").await;
    say(&world, tea, ada, "nobody").await;
    assert_eq!(calls(&world, tea, bob).await, 2);
    assert_eq!(calls(&world, tea, ada).await, 0, "nobody calls themselves");

    // Changes of what was said change what is counted, and no message is more unread by that.
    let edited = edit(&world, &first, "Bob look").await;
    assert_eq!((edited.mentions.len(), calls(&world, tea, bob).await), (0, 1));
    edit(&world, &first, "@Bob look again").await;
    assert_eq!(calls(&world, tea, bob).await, 2);
    world.delete(&second).await;
    assert_eq!(calls(&world, tea, bob).await, 1);

    // The mark moves over it and back.
    let read = |number, kind| world.store.mark_read(tea, bob, number, kind);
    let state = read(first.number, MarkKind::Read).await.unwrap().unwrap();
    assert_eq!((state.mentions, calls(&world, tea, bob).await), (0, 0));
    let state = read(Number(1), MarkKind::Mark).await.unwrap().unwrap();
    assert_eq!((state.mentions, calls(&world, tea, bob).await), (1, 1));

    // Whom one set aside calls in vain.
    world.store.set_aside(bob, ada, Some(Aside::Mute)).await.unwrap();
    assert_eq!(calls(&world, tea, bob).await, 0);
}

pub async fn who_calls_everybody_is_a_setting(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    assert_eq!(say(&world, tea, bob, "@all").await.mentions.len(), 1);
    backend.make_owner(ada);
    let hosts = PlaceChange { callers: Some(Callers::Hosts), ..PlaceChange::default() };
    world.store.set_place(doer(ada), hosts).await.unwrap();
    let said = say(&world, tea, bob, "@all @Ada").await;
    let ada_alone = Mention { start: 5, length: 4, called: Called::Person(ada) };
    assert_eq!(said.mentions, [ada_alone]);
    assert_eq!(say(&world, tea, ada, "@here").await.mentions.len(), 1, "a host does");
}
