//! Messages that quote another: what is told of the original, what can be quoted, and what a key stands for.

use chinwag::model::events::Event;
use chinwag::model::ids::{ChannelId, Number, Revision, UserId};
use chinwag::model::messages::{MAX_PAGE, Message, PageAt};
use chinwag::model::quotes::{MAX_BEGINNING, Original, Quote};
use chinwag::store::{NewMessage, PostOutcome};

use super::world::{Backend, NOW, World, doer, message, wording};

fn quoting(channel: ChannelId, author: UserId, text: &str, number: Number) -> NewMessage {
    NewMessage { quote: Some(number), ..message(channel, author, text) }
}

async fn post(world: &World, new: &NewMessage) -> Message {
    match world.store.post_message(new.clone()).await.unwrap() {
        PostOutcome::Posted(message) => message,
        other => panic!("not posted: {other:?}"),
    }
}

/// What is told of the message that the newest one quotes.
async fn quoted(world: &World, channel: ChannelId) -> Quote {
    let page = world.store.messages(channel, UserId(1), PageAt::Newest, 1).await.unwrap().unwrap();
    let read = page.messages.last().unwrap().quote.clone().expect("a quote");
    // Who caught up is told the same.
    let missed = world.store.changes(channel, UserId(1), Revision(0), 500).await.unwrap().unwrap();
    let missed = missed.messages.into_iter().max_by_key(|message| message.number).unwrap();
    assert_eq!(missed.quote.as_ref(), Some(&read));
    read
}

pub async fn a_quote_shows_the_original_as_it_is_now(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    let long = "长".repeat(MAX_BEGINNING + 1);
    let said = world.say(tea, ada, &long).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    world.heard();
    let answer = post(&world, &quoting(tea, bob, "yes", said.number)).await;
    let mut original = Original {
        edits: 0,
        author: said.author.clone(),
        aside: None,
        beginning: "长".repeat(MAX_BEGINNING),
        file: None,
        created_at: said.created_at,
        deleted_at: None,
        removed: false,
    };
    let told =
        |original: &Original| Quote { number: said.number, original: Some(original.clone()) };
    assert_eq!(answer.quote, Some(told(&original)));
    assert_eq!(world.heard()[0], Event::MessagePosted(answer.clone()), "the event has it too");
    assert_eq!(quoted(&world, tea).await, told(&original));

    world.reword(&said, "short").await;
    original = Original { edits: 1, beginning: "short".to_owned(), ..original };
    assert_eq!(quoted(&world, tea).await, told(&original));
    // An edit of the message that quotes keeps the quote.
    assert_eq!(world.reword(&answer, "yes!").await.quote, Some(told(&original)));
    let (gone, _) = world.delete(&said).await;
    let deleted_at = gone.deleted_at;
    original = Original { edits: 0, beginning: String::new(), deleted_at, ..original };
    assert_eq!(quoted(&world, tea).await, told(&original));
    let answer = post(&world, &quoting(tea, ada, "again", answer.number)).await;
    world.store.clear_channel(tea, doer(ada), Number(answer.number.0 - 1)).await.unwrap();
    let page = world.everything(tea).await;
    let left = page.iter().find(|message| message.number == answer.number).unwrap();
    let number = Number(answer.number.0 - 1);
    assert_eq!(left.quote, Some(Quote { number, original: None }), "it is not kept any more");
    // A tombstone quotes nothing.
    assert_eq!(world.delete(left).await.0.quote, None);
}

pub async fn only_a_message_that_stands_can_be_quoted(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let (tea, other) = (world.channel("tea", ada).await, world.channel("other", ada).await);
    for _ in 0..5 {
        world.say(other, ada, "elsewhere").await;
    }
    let cleared = world.say(tea, ada, "cleared").await;
    world.store.clear_channel(tea, doer(ada), cleared.number).await.unwrap();
    world.store.join(tea, bob, NOW).await.unwrap();
    let gone = world.say(tea, ada, "gone").await;
    world.delete(&gone).await;
    let file = world.upload(ada, "pier.png").await;
    let new = NewMessage { attachments: vec![file], ..message(tea, ada, "") };
    let picture = post(&world, &new).await;
    world.heard();
    let line = Number(cleared.number.0 + 1);
    let next = Number(picture.number.0 + 1);
    for number in [cleared.number, line, gone.number, next, Number(99), Number(0), Number(-1)] {
        let outcome = world.store.post_message(quoting(tea, bob, "x", number)).await.unwrap();
        assert_eq!(outcome, PostOutcome::NoQuoted, "{number:?}");
    }
    assert_eq!(world.heard(), [], "nothing was written");
    let answer = post(&world, &quoting(tea, bob, "nice", picture.number)).await;
    let original = answer.quote.unwrap().original.unwrap();
    assert_eq!((original.beginning.as_str(), original.file.as_deref()), ("", Some("pier.png")));
    // A page of messages that all quote is whole.
    for _ in 0..MAX_PAGE {
        post(&world, &quoting(tea, bob, "again", picture.number)).await;
    }
    let page = world.store.messages(tea, ada, PageAt::Newest, MAX_PAGE).await.unwrap().unwrap();
    assert_eq!(page.messages.len(), MAX_PAGE);
    let originals = page.messages.iter().map(|one| one.quote.as_ref()?.original.as_ref());
    assert!(originals.map(Option::unwrap).all(|one| one.file.as_deref() == Some("pier.png")));
}

pub async fn a_quote_is_a_part_of_what_a_key_stands_for(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let (one, two) = (world.say(tea, ada, "one").await, world.say(tea, ada, "two").await);
    let new = quoting(tea, ada, "yes", one.number);
    let posted = post(&world, &new).await;
    let again = async |new: &NewMessage| world.store.post_message(new.clone()).await.unwrap();
    let others = [None, Some(two.number)].map(|quote| NewMessage { quote, ..new.clone() });
    assert_eq!(again(&new).await, PostOutcome::Replayed(posted.clone()));
    for other in &others {
        assert_eq!(again(other).await, PostOutcome::KeyReused);
    }
    // The digest of an edited message holds it too.
    let edited = world.edit(&posted, wording("yes!")).await;
    assert!(matches!(again(&new).await, PostOutcome::Replayed(_)), "{edited:?}");
    for other in &others {
        assert_eq!(again(other).await, PostOutcome::KeyReused);
    }
    // What was quoted may be gone: the message was posted all the same.
    world.delete(&one).await;
    assert!(matches!(again(&new).await, PostOutcome::Replayed(_)));
}
