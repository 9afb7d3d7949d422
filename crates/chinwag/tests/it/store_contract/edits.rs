//! Changing messages: what becomes of each edit, which earlier texts are kept, and by what a message is
//! known when it is posted again.

use chinwag::model::channels::{ChannelState, Posting};
use chinwag::model::edits::{Edit, MAX_VERSIONS};
use chinwag::model::events::Event;
use chinwag::model::ids::{ChannelId, Number, Revision, UploadId, UserId};
use chinwag::model::messages::Message;
use chinwag::model::order::Reason;
use chinwag::model::permissions::Denial;
use chinwag::model::place::{EditTime, PlaceChange};
use chinwag::model::reactions::Emoji;
use chinwag::model::text::MessageText;
use chinwag::store::{ChannelPatch, EditOutcome, Error, Grounds, NewMessage, PostOutcome};

use super::world::{Backend, DAY_MS, NOW, World, change, doer, message, wording};

/// The earlier texts of a message, the newest first.
async fn earlier(world: &World, of: &Message, viewer: UserId) -> Option<Vec<String>> {
    let versions = world.store.versions(of.channel, of.number, viewer).await.unwrap();
    versions.map(|versions| versions.into_iter().map(|version| version.text).collect())
}

async fn post(world: &World, new: &NewMessage) -> Message {
    match world.store.post_message(new.clone()).await.unwrap() {
        PostOutcome::Posted(message) => message,
        other => panic!("not posted: {other:?}"),
    }
}

fn replied(new: &NewMessage, text: &str) -> NewMessage {
    NewMessage { text: MessageText::parse(text, true).unwrap(), ..new.clone() }
}

pub async fn an_edit_is_a_change_that_keeps_the_earlier_text(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    let first = world.say(tea, ada, "helo").await;
    world.say(tea, ada, "stays").await;
    world.react(&first, ada, "👍", true).await;
    world.heard();

    let at = NOW.plus_ms(7);
    let edit = Edit { edits: Some(0), ..wording("hello") };
    let edited = world.store.edit_message(tea, first.number, ada, edit, at).await.unwrap();
    let EditOutcome::Edited(told, freed) = edited else { panic!("{edited:?}") };
    let stored = Message {
        revision: Revision(4),
        text: "hello".to_owned(),
        edits: 1,
        edited_at: Some(at),
        ..first.clone()
    };
    assert_eq!(world.heard(), [Event::MessageEdited(stored.clone())], "without the reactions");
    assert_eq!((told.reactions.len(), freed), (1, Vec::new()), "its author sees them");
    assert_eq!(Message { reactions: Vec::new(), ..told.clone() }, stored);
    assert_eq!(world.everything_as(tea, ada).await[0], told);

    let versions = world.store.versions(tea, first.number, bob).await.unwrap().unwrap();
    assert_eq!((versions.len(), versions[0].text.as_str()), (1, "helo"), "Bob may read it");
    assert_eq!(versions[0].at, NOW, "since it was posted");
    world.reword(&told, "hello!").await;
    let versions = world.store.versions(tea, first.number, ada).await.unwrap().unwrap();
    let told: Vec<_> = versions.iter().map(|one| (one.at, one.text.as_str())).collect();
    assert_eq!(told, [(at, "hello"), (NOW, "helo")]);
    // Nothing that is counted of messages changes.
    let view = world.store.channel(tea, ada).await.unwrap().unwrap();
    assert_eq!(view.channel.last_message.unwrap().number, Number(2));
    assert_eq!((view.channel.revision, view.membership.unwrap().unread), (Revision(5), 0));
}

pub async fn each_edit_that_does_nothing_says_why(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    let said = world.say(tea, ada, "hello").await;
    world.store.join(tea, bob, NOW).await.unwrap();
    let line = Number(2);
    let gone = world.say(tea, ada, "gone").await;
    world.delete(&gone).await;
    let edited = world.reword(&said, "second").await;
    world.heard();

    let try_it = async |channel, number, by, edit| {
        world.store.edit_message(channel, number, by, edit, NOW).await.unwrap()
    };
    let none = UploadId([9; 16]);
    let with_none = Edit { files: Some(vec![none]), ..wording("third") };
    let (at, old) = (said.number, Edit { edits: Some(0), ..wording("third") });
    for (outcome, expected) in [
        (try_it(tea, at, bob, wording("third")).await, EditOutcome::NotAuthor),
        (try_it(tea, Number(99), ada, wording("third")).await, EditOutcome::NotFound),
        (try_it(ChannelId(99), at, ada, wording("third")).await, EditOutcome::NotFound),
        (try_it(tea, gone.number, ada, wording("third")).await, EditOutcome::NotFound),
        (try_it(tea, line, bob, wording("third")).await, EditOutcome::NotFound),
        (try_it(tea, at, ada, wording("")).await, EditOutcome::Empty),
        (try_it(tea, at, ada, with_none).await, EditOutcome::NoUpload(none)),
        (try_it(tea, at, ada, old).await, EditOutcome::Meanwhile(edited.clone())),
        (try_it(tea, at, ada, wording("second")).await, EditOutcome::Unchanged(edited.clone())),
        // The answer to it was lost: it knows an older form, and wants what is there.
        (
            try_it(tea, at, ada, Edit { edits: Some(0), ..wording("second") }).await,
            EditOutcome::Unchanged(edited.clone()),
        ),
    ] {
        assert_eq!(outcome, expected);
    }
    assert_eq!(world.heard(), []);
    assert_eq!(world.everything(tea).await[0], edited);
    assert_eq!(earlier(&world, &said, ada).await, Some(vec!["hello".to_owned()]));
}

pub async fn an_edit_that_took_effect_is_answered_also_to_whoever_may_not_write(
    backend: &dyn Backend,
) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    let new = message(tea, bob, "one");
    let said = post(&world, &new).await;
    let edited = world.reword(&said, "two").await;
    let liked = world.react(&said, bob, "👍", true).await;
    let archived = ChannelPatch { archived: Some(true), ..ChannelPatch::default() };
    change(&*world.store, tea, ada, archived).await.unwrap();
    world.heard();

    let (again, edited) = (world.edit(&said, wording("two")).await, Message { ..edited });
    let present =
        Message { revision: liked.revision, reactions: liked.reactions.clone(), ..edited };
    assert_eq!(again, EditOutcome::Unchanged(present.clone()));
    assert_eq!(world.react(&said, bob, "👍", true).await, present);
    let replayed = world.store.post_message(new).await.unwrap();
    assert_eq!(replayed, PostOutcome::Replayed(present));
    assert_eq!(world.heard(), []);
}

/// Why Bob may not change his message, and why he may not react to it.
async fn refusals(world: &World, said: &Message, by: UserId) -> [Option<Denial>; 2] {
    let why = |error: Option<Error>| match error {
        None => None,
        Some(Error::Denied(denial)) => Some(denial),
        Some(other) => panic!("{other}"),
    };
    let Message { channel, number, .. } = *said;
    let text = format!("{} again", said.text);
    let edit = world.store.edit_message(channel, number, by, wording(&text), NOW).await;
    let wish = (Emoji::parse("🎉").unwrap(), true);
    let react = world.store.react(channel, number, by, wish, NOW).await;
    [why(edit.err()), why(react.err())]
}

pub async fn who_may_not_write_does_not_edit_nor_react(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let usual = ChannelPatch {
        locked: Some(false),
        all_muted: Some(false),
        posting: Some(Posting::Everybody),
        ..ChannelPatch::default()
    };
    let tea = world.channel("tea", ada).await;
    let said = world.say(tea, bob, "of Bob").await;
    let locked = ChannelPatch { locked: Some(true), ..usual.clone() };
    let archived = ChannelPatch { archived: Some(true), ..usual.clone() };
    let all_muted = ChannelPatch { all_muted: Some(true), ..usual.clone() };
    for (patch, denial) in
        [(locked, Denial::Locked), (archived, Denial::Archived), (all_muted, Denial::AllMuted)]
    {
        change(&*world.store, tea, ada, patch).await.unwrap();
        world.heard();
        assert_eq!(refusals(&world, &said, bob).await, [Some(denial); 2]);
        assert_eq!(world.heard(), [], "a refusal changes nothing");
        let open = ChannelPatch { archived: Some(false), ..ChannelPatch::default() };
        change(&*world.store, tea, ada, open).await.unwrap();
        change(&*world.store, tea, ada, usual.clone()).await.unwrap();
    }
    let until = Some(NOW.plus_ms(1));
    world.store.mute_member(tea, doer(ada), bob, until).await.unwrap();
    assert_eq!(refusals(&world, &said, bob).await, [Some(Denial::Muted); 2]);
    world.store.mute_member(tea, doer(ada), bob, None).await.unwrap();
    world.store.leave(tea, bob, NOW).await.unwrap();
    assert_eq!(refusals(&world, &said, bob).await, [Some(Denial::NotInside); 2]);
    world.store.join(tea, bob, NOW).await.unwrap();
    // Where only hosts begin to write, others answer.
    let announcements = ChannelPatch { posting: Some(Posting::Hosts), ..usual };
    let told = change(&*world.store, tea, ada, announcements).await.unwrap();
    assert_eq!(told.state, ChannelState { posting: Posting::Hosts, ..ChannelState::default() });
    assert_eq!(refusals(&world, &said, bob).await, [None; 2]);
    // Somebody who is kept out finds nothing.
    world.store.take_out(tea, doer(ada), bob, true).await.unwrap();
    let gone = world.edit(&said, wording("more")).await;
    assert_eq!(gone, EditOutcome::NotFound);
    let wish = (Emoji::parse("👍").unwrap(), true);
    assert_eq!(world.store.react(tea, said.number, bob, wish, NOW).await.unwrap(), None);
    assert_eq!(earlier(&world, &said, bob).await, None);
    assert_eq!(world.store.reactors(tea, said.number, wish.0, bob).await.unwrap(), None);
}

pub async fn the_time_for_edits_is_the_places(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    backend.make_owner(ada);
    let tea = world.channel("tea", bob).await;
    let said = world.say(tea, bob, "one").await;
    let set = async |time| {
        let change = PlaceChange { editing: Some(time), ..PlaceChange::default() };
        assert_eq!(world.store.set_place(doer(ada), change).await.unwrap().editing, time);
        // What else is changed leaves it as it is.
        let other = PlaceChange { needs_password: Some(false), ..PlaceChange::default() };
        assert_eq!(world.store.set_place(doer(ada), other).await.unwrap().editing, time);
    };
    let at = async |ms, text| {
        let now = NOW.plus_ms(ms);
        world.store.edit_message(tea, said.number, bob, wording(text), now).await.unwrap()
    };
    set(EditTime::Day).await;
    assert!(matches!(at(DAY_MS, "two").await, EditOutcome::Edited(..)));
    world.heard();
    assert_eq!(at(DAY_MS + 1, "three").await, EditOutcome::TooLate);
    set(EditTime::Never).await;
    assert_eq!(at(0, "three").await, EditOutcome::TooLate);
    assert!(matches!(at(0, "two").await, EditOutcome::Unchanged(_)), "it took effect before");
    assert_eq!(world.heard(), []);
    set(EditTime::Always).await;
    assert!(matches!(at(999 * DAY_MS, "three").await, EditOutcome::Edited(..)));
}

pub async fn the_newest_twenty_earlier_texts_are_kept(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let said = world.say(tea, ada, "0").await;
    let other = world.say(tea, ada, "other").await;
    world.reword(&other, "another").await;
    for number in 1..=25 {
        let edited = world.reword(&said, &number.to_string()).await;
        assert_eq!(edited.edits, number);
        let kept = earlier(&world, &said, ada).await.unwrap();
        let newest = (0..number).rev().take(MAX_VERSIONS).map(|number| number.to_string());
        assert!(kept.iter().cloned().eq(newest), "{kept:?}");
    }
    assert_eq!(earlier(&world, &other, ada).await, Some(vec!["other".to_owned()]));
}

pub async fn the_first_text_alone_is_known_by_the_key(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let new = message(tea, ada, "first");
    let said = post(&world, &new).await;
    world.reword(&said, "second").await;
    let present = world.reword(&said, "third").await;
    world.heard();
    let again = async |text: &str| world.store.post_message(replied(&new, text)).await.unwrap();
    assert_eq!(again("first").await, PostOutcome::Replayed(present.clone()), "its present form");
    assert_eq!(again("second").await, PostOutcome::KeyReused);
    assert_eq!(again("third").await, PostOutcome::KeyReused, "the text that it has now");
    let mut with_file = new.clone();
    with_file.attachments = vec![UploadId([9; 16])];
    assert_eq!(world.store.post_message(with_file).await.unwrap(), PostOutcome::KeyReused);
    // Also when it has its first text again.
    let back = world.reword(&present, "first").await;
    world.heard();
    assert_eq!(again("first").await, PostOutcome::Replayed(back));
    assert_eq!(again("third").await, PostOutcome::KeyReused);
    let (tombstone, _) = world.delete(&said).await;
    assert_eq!((tombstone.edits, tombstone.edited_at), (0, None), "nothing of it is left");
    world.heard();
    for text in ["first", "third", "whatever"] {
        assert_eq!(again(text).await, PostOutcome::Replayed(tombstone.clone()));
    }
    assert_eq!(world.heard(), []);
}

pub async fn files_are_taken_out_and_their_ids_freed(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let mut files = Vec::new();
    for name in ["a.png", "b.png", "c.png"] {
        files.push(world.upload(ada, name).await);
    }
    let loose = world.upload(ada, "loose.png").await;
    let mut new = message(tea, ada, "look");
    new.attachments = files.clone();
    let said = post(&world, &new).await;
    world.heard();
    let keep =
        |files: &[UploadId], text: &str| Edit { files: Some(files.to_vec()), ..wording(text) };

    // A file that is in no message, or is there already, is not put in by an edit.
    let outcome = world.edit(&said, keep(&[files[0], loose], "look")).await;
    assert_eq!(outcome, EditOutcome::NoUpload(loose));
    let outcome = world.edit(&said, keep(&[files[2], files[0]], "look")).await;
    let EditOutcome::Edited(edited, freed) = outcome else { panic!("{outcome:?}") };
    assert_eq!(freed, [files[1]]);
    let ids: Vec<_> = edited.attachments.iter().map(|file| file.id).collect();
    assert_eq!((ids, edited.edits), (vec![files[0], files[2]], 1), "in the order that they had");
    assert_eq!(world.heard(), [Event::MessageEdited(edited.clone())]);
    assert_eq!(world.store.upload(files[1]).await.unwrap(), None);
    assert_eq!(earlier(&world, &said, ada).await, Some(Vec::new()), "its text is the same");
    let repeated = world.edit(&said, keep(&[files[0], files[2]], "look")).await;
    assert_eq!(repeated, EditOutcome::Unchanged(edited.clone()));

    // Whoever posts it again names the files that it had first.
    let again = world.store.post_message(new.clone()).await.unwrap();
    assert_eq!(again, PostOutcome::Replayed(edited.clone()));
    let fewer = NewMessage { attachments: vec![files[0], files[2]], ..new.clone() };
    assert_eq!(world.store.post_message(fewer).await.unwrap(), PostOutcome::KeyReused);
    let turned = NewMessage { attachments: files.iter().rev().copied().collect(), ..new.clone() };
    assert_eq!(world.store.post_message(turned).await.unwrap(), PostOutcome::KeyReused);

    // The text goes, as long as a file stays; then the last files do not go.
    let outcome = world.edit(&said, keep(&[files[2]], "")).await;
    assert!(matches!(&outcome, EditOutcome::Edited(_, freed) if *freed == [files[0]]));
    assert_eq!(world.edit(&said, keep(&[], "")).await, EditOutcome::Empty);
    let outcome = world.edit(&said, keep(&[], "only words")).await;
    assert!(matches!(&outcome, EditOutcome::Edited(_, freed) if *freed == [files[2]]));
    let outcome = world.store.post_message(new).await.unwrap();
    assert!(matches!(outcome, PostOutcome::Replayed(told) if told.attachments.is_empty()));
    assert!(world.store.upload(loose).await.unwrap().is_some());
}

pub async fn what_wipes_a_message_wipes_its_earlier_texts_and_its_reactions(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let eve = world.person("Eve").await;
    backend.make_owner(ada);
    let (tea, milk) = (world.channel("tea", ada).await, world.channel("milk", ada).await);
    let make = async |channel, author| {
        let said = world.say(channel, author, "one").await;
        world.reword(&said, "two").await;
        world.react(&said, ada, "👍", true).await;
        said
    };
    let (deleted, removed) = (make(tea, bob).await, make(tea, bob).await);
    let of_eve = make(tea, eve).await;
    let emoji = Emoji::parse("👍").unwrap();
    let gone = async |of: &Message| {
        let who = world.store.reactors(of.channel, of.number, emoji, ada).await.unwrap();
        let rows = world.everything_as(tea, ada).await;
        let row = rows.into_iter().find(|row| row.number == of.number && row.channel == of.channel);
        let left = row.is_some_and(|row| !row.reactions.is_empty() || row.edits > 0);
        earlier(&world, of, ada).await.is_none() && who.is_none() && !left
    };
    assert!(!gone(&deleted).await && !gone(&removed).await && !gone(&of_eve).await);
    let (tombstone, _) = world.delete(&deleted).await;
    assert!(tombstone.reactions.is_empty() && gone(&deleted).await);
    let grounds = Grounds { reason: Reason::Spam, note: String::new() };
    world.store.remove_message(doer(ada), tea, removed.number, grounds).await.unwrap();
    assert!(gone(&removed).await && !gone(&of_eve).await);
    world.store.remove_data(doer(ada), eve).await.unwrap();
    while world.store.wipe_next().await.unwrap().is_some() {}
    assert!(gone(&of_eve).await);
    let cleared = make(tea, bob).await;
    world.store.clear_channel(tea, doer(ada), cleared.number).await.unwrap();
    assert!(gone(&cleared).await, "at once");
    while world.store.sweep_deleted_channels().await.unwrap().is_some() {}
    assert!(gone(&cleared).await, "and when its row is gone");
    let inside = make(milk, bob).await;
    world.store.delete_channel(milk, doer(ada)).await.unwrap();
    assert!(gone(&inside).await);
    while world.store.sweep_deleted_channels().await.unwrap().is_some() {}
    assert!(gone(&inside).await);
}

pub async fn whoever_slept_gets_each_row_in_its_present_form(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    let mut said = Vec::new();
    for number in 0..6 {
        said.push(world.say(tea, ada, &number.to_string()).await);
    }
    world.store.join(tea, bob, NOW).await.unwrap();
    let asleep = world.store.channel(tea, bob).await.unwrap().unwrap().channel.revision;
    world.reword(&said[0], "early").await;
    world.react(&said[1], bob, "👍", true).await;
    world.react(&said[1], ada, "👍", true).await;
    world.react(&said[1], ada, "🎉", true).await;
    let late = world.say(tea, ada, "late").await;
    world.reword(&said[0], "earlier").await;
    world.react(&said[2], ada, "❤️", true).await;
    world.react(&said[2], ada, "❤️", false).await;
    world.reword(&late, "later").await;
    world.react(&said[3], bob, "👍", true).await;
    world.delete(&said[3]).await;
    for viewer in [ada, bob] {
        let present = world.everything_as(tea, viewer).await;
        for limit in 1..=7 {
            let (mut known, mut rows) = (asleep, Vec::new());
            loop {
                let changes = world.store.changes(tea, viewer, known, limit).await;
                let changes = changes.unwrap().unwrap();
                assert!(changes.messages.len() <= limit, "a revision is one row");
                let ascending = changes.messages.is_sorted_by(|a, b| a.revision < b.revision);
                assert!(ascending && changes.messages.iter().all(|row| row.revision > known));
                let last = changes.messages.last().map(|row| row.revision);
                assert!(changes.complete || last == Some(changes.reached));
                (known, rows) = (changes.reached, [rows, changes.messages].concat());
                if changes.complete {
                    break;
                }
            }
            let numbers: Vec<_> = rows.iter().map(|row| row.number.0).collect();
            assert_eq!(numbers, [2, 1, 3, 8, 4], "each row once, by its newest revision");
            for row in rows {
                assert_eq!(present[row.number.0 as usize - 1], row);
            }
        }
    }
    let of_bob = &world.everything_as(tea, bob).await[1].reactions;
    let seen: Vec<_> = of_bob.iter().map(|kind| (kind.emoji.as_str(), kind.mine)).collect();
    assert_eq!(seen, [("👍", true), ("🎉", false)]);
}
