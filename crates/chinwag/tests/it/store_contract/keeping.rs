//! Messages that are pinned, and those that people save for themselves.

use chinwag::model::events::Event;
use chinwag::model::ids::Revision;
use chinwag::model::keeping::{MAX_PINS, Pinned, Saved, Saving};
use chinwag::model::lines::LineKind;
use chinwag::model::permissions::Denial;
use chinwag::store::{ChannelPatch, Constraint, Error};

use super::world::{Backend, NOW, World, change};

pub async fn a_pin_is_a_change_of_its_message(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    let first = world.say(tea, ada, "one").await;
    let second = world.say(tea, ada, "two").await;
    world.heard();
    let pin = |message: &chinwag::model::messages::Message, by, on| {
        world.store.pin(tea, message.number, by, on, NOW)
    };
    let denied = pin(&first, bob, true).await;
    assert!(matches!(denied, Err(Error::Denied(Denial::NotInside))), "{denied:?}");
    let pinned = pin(&first, ada, true).await.unwrap().unwrap();
    let heard = world.heard();
    let [Event::MessagePinned(Pinned { number, revision, pin: Some(by), .. }), line] = &heard[..]
    else {
        panic!("{heard:?}");
    };
    assert_eq!((*number, *revision, by.by.id), (first.number, pinned.revision, ada));
    assert!(matches!(line, Event::LineWritten(row)
        if row.line.as_ref().is_some_and(|line| line.kind == LineKind::Pinned && line.to == "1")));
    assert_eq!(pin(&first, ada, true).await.unwrap().unwrap(), pinned, "the same again");
    assert_eq!(world.heard(), []);
    pin(&second, ada, true).await.unwrap();

    let pins = world.store.pins(tea, bob).await.unwrap().unwrap();
    let numbers: Vec<_> = pins.iter().map(|message| message.number).collect();
    assert_eq!(numbers, [second.number, first.number]);
    let changes = world.store.changes(tea, bob, second.revision, 500).await.unwrap().unwrap();
    assert!(changes.messages.iter().any(|row| row.number == first.number && row.pin.is_some()));

    pin(&second, ada, false).await.unwrap();
    world.delete(&first).await;
    assert_eq!(world.store.pins(tea, bob).await.unwrap().unwrap(), []);
    assert_eq!(pin(&first, ada, true).await.unwrap(), None, "a tombstone is not pinned");
}

pub async fn who_pins_is_a_setting_and_pins_are_bounded(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    world.store.join(tea, bob, NOW).await.unwrap();
    let mut said = Vec::new();
    for _ in 0..=MAX_PINS {
        said.push(world.say(tea, ada, "x").await.number);
    }
    let last = said.pop().unwrap();
    for number in said {
        assert!(world.store.pin(tea, number, bob, true, NOW).await.unwrap().is_some());
    }
    let full = world.store.pin(tea, last, bob, true, NOW).await;
    assert!(matches!(full, Err(Error::Conflict(Constraint::Pins))), "{full:?}");
    let hosts = ChannelPatch { hosts_pin: Some(true), ..ChannelPatch::default() };
    let denied = change(&*world.store, tea, bob, hosts.clone()).await;
    assert!(matches!(denied, Err(Error::Denied(Denial::Forbidden))), "{denied:?}");
    let channel = change(&*world.store, tea, ada, hosts).await.unwrap();
    assert!(channel.state.hosts_pin);
    let denied = world.store.pin(tea, chinwag::model::ids::Number(2), bob, false, NOW).await;
    assert!(matches!(denied, Err(Error::Denied(Denial::Forbidden))), "{denied:?}");
    let view = world.store.channel(tea, bob).await.unwrap().unwrap();
    let list = world.store.channels(bob).await.unwrap();
    assert_eq!((view.channel.state.hosts_pin, &list[0]), (true, &view));
}

pub async fn what_one_saves_is_ones_own(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    let first = world.say(tea, ada, "one").await;
    let second = world.say(tea, ada, "two").await;
    let own = world.store.heads(bob).await.unwrap().own.unwrap();
    world.heard();
    let save = |message: &chinwag::model::messages::Message, note: Option<&str>| {
        let wish = note.map_or(Saving::TakeOut, |note| Saving::With(note.to_owned()));
        world.store.save(tea, message.number, bob, wish, NOW)
    };
    let kept: Saved = save(&first, Some("")).await.unwrap().unwrap();
    assert_eq!(world.heard(), [Event::MessageSaved { user: bob, saved: kept.clone() }]);
    save(&second, Some("later")).await.unwrap();
    let noted = save(&first, Some("read this")).await.unwrap().unwrap();
    assert_eq!((noted.turn, noted.note.as_str()), (kept.turn, "read this"));
    world.heard();
    assert_eq!(save(&first, Some("read this")).await.unwrap().unwrap(), noted);
    let keep = world.store.save(tea, first.number, bob, Saving::Keep, NOW).await;
    assert_eq!(keep.unwrap().unwrap(), noted, "the note stays");
    assert_eq!(world.heard(), []);

    let list = async |before| {
        let page = world.store.saved(bob, before, 1).await.unwrap();
        let rows = page.saved.iter().map(|(saved, message)| (saved.note.clone(), message.number));
        (rows.collect::<Vec<_>>(), page.next)
    };
    let (rows, next) = list(None).await;
    assert_eq!(rows, [("later".to_owned(), second.number)]);
    let (rows, next) = list(next).await;
    assert_eq!(rows, [("read this".to_owned(), first.number)]);
    assert_eq!(list(next).await, (vec![], None));

    // The reader's rows say so; another reader's do not.
    assert!(world.everything_as(tea, bob).await.iter().all(|row| row.saved));
    assert!(world.everything_as(tea, ada).await.iter().all(|row| !row.saved));

    let out = save(&second, None).await.unwrap().unwrap();
    assert_eq!((out.kept, out.note.as_str()), (false, "later"));
    assert!(matches!(
        world.heard().as_slice(),
        [Event::MessageSaved { saved, .. }] if saved.note.is_empty()
    ));
    // The note itself is gone.
    let again = save(&second, None).await.unwrap().unwrap();
    assert_eq!((again.kept, again.note.as_str()), (false, ""));
    let changes = world.store.own_changes(bob, own, 400).await.unwrap().unwrap();
    let told: Vec<_> = changes.saved.iter().map(|saved| (saved.number, saved.kept)).collect();
    assert_eq!(told, [(first.number, true), (second.number, false)]);
    assert!(changes.saved.iter().all(|saved| saved.own_revision > Revision(own.0)));
}
