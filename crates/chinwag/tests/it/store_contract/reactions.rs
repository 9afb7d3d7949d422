//! Reactions: what is counted, in which order kinds stand, and who reacted.

use chinwag::model::events::Event;
use chinwag::model::ids::{ChannelId, Number, Revision, UserId};
use chinwag::model::messages::Message;
use chinwag::model::reactions::{Emoji, MAX_KINDS, MAX_PEOPLE, Reacted};
use chinwag::store::{Constraint, Error};

use super::world::{Backend, NOW, World};

/// The kinds under a message as somebody reads it: the emoji, how many have it, and whether they do.
async fn kinds(world: &World, of: &Message, reader: UserId) -> Vec<(String, i64, bool)> {
    let rows = world.everything_as(of.channel, reader).await;
    let row = rows.into_iter().find(|row| row.number == of.number).unwrap();
    row.reactions.into_iter().map(|kind| (kind.emoji, kind.count, kind.mine)).collect()
}

fn kind(emoji: &str, count: i64, mine: bool) -> (String, i64, bool) {
    (emoji.to_owned(), count, mine)
}

/// Emoji of the list, each of another kind.
fn many(count: usize) -> Vec<Emoji> {
    let all = ('\u{1f600}'..='\u{1f640}').filter_map(|c| Emoji::parse(&c.to_string()));
    let all: Vec<Emoji> = all.take(count).collect();
    assert_eq!(all.len(), count);
    all
}

pub async fn a_reaction_is_a_change_of_its_message(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.sign_up("Ada").await.unwrap().0.user, world.person("Bob").await);
    let tea = world.channel("tea", ada.id).await;
    let said = world.say(tea, ada.id, "hello").await;
    world.store.join(tea, bob, NOW).await.unwrap();
    world.heard();
    // An emoji may come without what makes it a picture; it is kept with it.
    let told = world.react(&said, ada.id, "❤", true).await;
    let heart = Emoji::parse("❤️").unwrap();
    let event = |revision, on, count| {
        let (channel, number, user) = (tea, said.number, ada.clone());
        let revision = Revision(revision);
        Event::Reacted(Reacted { channel, number, revision, user, emoji: heart, on, count })
    };
    assert_eq!(world.heard(), [event(3, true, 1)]);
    assert_eq!((told.revision, told.text.as_str()), (Revision(3), "hello"));
    assert_eq!(told, world.everything_as(tea, ada.id).await[0]);
    assert_eq!(kinds(&world, &said, ada.id).await, [kind("❤️", 1, true)]);
    assert_eq!(kinds(&world, &said, bob).await, [kind("❤️", 1, false)]);
    // The same wish again changes nothing, and is answered with the message.
    assert_eq!(world.react(&said, ada.id, "❤️", true).await, told);
    assert_eq!(world.heard(), []);

    world.react(&said, bob, "❤️", true).await;
    world.heard();
    let told = world.react(&said, ada.id, "❤️", false).await;
    assert_eq!(world.heard(), [event(5, false, 1)]);
    assert_eq!(kinds(&world, &said, bob).await, [kind("❤️", 1, true)]);
    assert_eq!(world.react(&said, ada.id, "❤️", false).await, told);
    assert_eq!(world.react(&said, ada.id, "🎉", false).await, told, "nobody had that");
    assert_eq!(world.heard(), []);
    let last = world.react(&said, bob, "❤️", false).await;
    assert_eq!((last.reactions.len(), last.revision), (0, Revision(6)), "it goes with the last");
    assert!(matches!(
        &world.heard()[..],
        [Event::Reacted(Reacted { count: 0, on: false, .. }), Event::ActivityCame { user }] if *user == ada.id
    ));
    // Reactions make nothing unread, and are no messages.
    let view = world.store.channel(tea, bob).await.unwrap().unwrap();
    assert_eq!((view.membership.unwrap().unread, view.channel.last_number), (0, Number(2)));
}

pub async fn kinds_stand_in_the_order_in_which_they_came(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    let said = world.say(tea, ada, "hello").await;
    let other = world.say(tea, ada, "other").await;
    world.store.join(tea, bob, NOW).await.unwrap();
    for (by, emoji, on) in [
        (ada, "🎉", true),
        (ada, "👍", true),
        (bob, "❤️", true),
        (bob, "👍", true),
        // The first one goes and comes back: it stands last.
        (ada, "🎉", false),
        (bob, "🎉", true),
        (ada, "👍", false),
    ] {
        world.react(&said, by, emoji, on).await;
    }
    world.react(&other, bob, "👍🏽", true).await;
    let expected = [kind("👍", 1, true), kind("❤️", 1, true), kind("🎉", 1, true)];
    assert_eq!(kinds(&world, &said, bob).await, expected);
    let expected = expected.map(|(emoji, count, _)| (emoji, count, false));
    assert_eq!(kinds(&world, &said, ada).await, expected);
    assert_eq!(kinds(&world, &other, bob).await, [kind("👍🏽", 1, true)], "a kind of its own");
}

pub async fn a_message_has_so_many_kinds_and_no_more(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    let said = world.say(tea, ada, "hello").await;
    world.store.join(tea, bob, NOW).await.unwrap();
    let emoji = many(MAX_KINDS + 1);
    for one in &emoji[..MAX_KINDS] {
        world.react(&said, ada, one.as_str(), true).await;
    }
    world.heard();
    let (more, head) = ((emoji[MAX_KINDS], true), world.everything_as(tea, bob).await);
    let refused = world.store.react(tea, said.number, bob, more, NOW).await;
    assert!(matches!(refused, Err(Error::Conflict(Constraint::ReactionKinds))), "{refused:?}");
    assert_eq!((world.heard(), world.everything_as(tea, bob).await), (Vec::new(), head));
    // One of those that are there has room, and where one goes another may come.
    let told = world.react(&said, bob, emoji[0].as_str(), true).await;
    assert_eq!((told.reactions.len(), told.reactions[0].count), (MAX_KINDS, 2));
    world.react(&said, ada, emoji[1].as_str(), false).await;
    let told = world.react(&said, bob, more.0.as_str(), true).await;
    assert_eq!(told.reactions.last().unwrap().emoji, more.0.as_str());
    assert_eq!(told.reactions.len(), MAX_KINDS);
}

pub async fn who_reacted_is_told_in_the_order_in_which_they_came(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let said = world.say(tea, ada, "hello").await;
    let mut people = Vec::new();
    for number in 0..=MAX_PEOPLE {
        let person = world.person(&format!("person {number}")).await;
        world.store.join(tea, person, NOW).await.unwrap();
        people.push(person);
    }
    let thumb = Emoji::parse("👍").unwrap();
    // The one who came first has the highest id.
    for person in people.iter().rev() {
        world.react(&said, *person, "👍", true).await;
    }
    let told = world.store.reactors(tea, said.number, thumb, ada).await.unwrap().unwrap();
    let first = people.iter().rev().copied().take(MAX_PEOPLE);
    assert!(told.people.iter().map(|person| person.id).eq(first));
    assert_eq!(told.total, MAX_PEOPLE as i64 + 1);
    world.react(&said, people[MAX_PEOPLE], "👍", false).await;
    let told = world.store.reactors(tea, said.number, thumb, ada).await.unwrap().unwrap();
    assert!(told.people.iter().map(|person| person.id).eq(people.iter().rev().skip(1).copied()));
    let other = Emoji::parse("🎉").unwrap();
    let nobody = world.store.reactors(tea, said.number, other, ada).await.unwrap().unwrap();
    assert_eq!((nobody.people, nobody.total), (Vec::new(), 0));
}

pub async fn nothing_is_put_to_what_does_not_stand(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    let gone = world.say(tea, ada, "gone").await;
    world.delete(&gone).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    let line = Number(2);
    world.heard();
    let thumb = Emoji::parse("👍").unwrap();
    let nowhere = ChannelId(99);
    for (channel, number) in [(tea, gone.number), (tea, line), (tea, Number(9)), (nowhere, line)] {
        for on in [true, false] {
            let told = world.store.react(channel, number, ada, (thumb, on), NOW).await;
            assert_eq!(told.unwrap(), None, "{channel} {number}");
        }
        assert_eq!(world.store.reactors(channel, number, thumb, ada).await.unwrap(), None);
        assert_eq!(world.store.versions(channel, number, ada).await.unwrap(), None);
    }
    assert_eq!(world.heard(), []);
}
