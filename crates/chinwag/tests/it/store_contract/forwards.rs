//! Messages that carry another one: what is copied, for whom, and what stays.

use chinwag::model::channels::ChannelKind;
use chinwag::model::forwards::{FileCopy, Forwarded, NewForward, Source};
use chinwag::model::ids::{ChannelId, Number, UploadId, UserId};
use chinwag::model::messages::Message;
use chinwag::store::{ChannelPatch, EditOutcome, NewMessage, PostOutcome};

use super::world::{Backend, World, change, file, message, wording};

fn source(of: &Message) -> Source {
    Source { channel: of.channel, number: of.number }
}

fn forward(to: ChannelId, by: UserId, text: &str, of: &Message) -> NewMessage {
    let copy = |file: UploadId| FileCopy { of: file, id: UploadId(file.0.map(|byte| !byte)) };
    let copies = of.attachments.iter().map(|file| copy(file.id)).collect();
    let forward = Some(NewForward { source: source(of), copies });
    NewMessage { forward, ..message(to, by, text) }
}

async fn post(world: &World, new: &NewMessage) -> Message {
    match world.store.post_message(new.clone()).await.unwrap() {
        PostOutcome::Posted(message) => message,
        other => panic!("not posted: {other:?}"),
    }
}

pub async fn a_forward_is_a_copy_that_stays(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let (tea, news) = (world.channel("tea", ada).await, world.channel("news", ada).await);
    let picture = world.upload(ada, "pier.png").await;
    let new = NewMessage { attachments: vec![picture], ..message(tea, ada, "@all look") };
    let said = post(&world, &new).await;
    let (stored, _) = world.store.stored_bytes(bob).await.unwrap();
    let told = post(&world, &forward(news, bob, "for the notes", &said)).await;
    let carried = Forwarded {
        author: said.author.clone(),
        text: "@all look".to_owned(),
        at: said.created_at,
    };
    assert_eq!(told.forwarded, Some(carried.clone()));
    assert_eq!((told.text.as_str(), told.author.id), ("for the notes", bob));
    assert_eq!(told.mentions, [], "it calls nobody once more");
    let copy = told.attachments[0].id;
    assert_ne!(copy, picture);
    let upload = world.store.upload(copy).await.unwrap().unwrap();
    assert_eq!((upload.owner, upload.message), (bob, Some((news, told.number))));
    let (now, _) = world.store.stored_bytes(bob).await.unwrap();
    assert_eq!(now - stored, file(bob, "x").attachment.size_bytes, "it counts as Bob's");

    // It stays when the original is changed and goes; what it said is edited alone.
    world.reword(&said, "changed").await;
    let (_, freed) = world.delete(&said).await;
    assert_eq!(freed, [picture]);
    let EditOutcome::Edited(edited, _) = world.edit(&told, wording("")).await else { panic!() };
    assert_eq!((edited.forwarded.as_ref(), edited.text.as_str()), (Some(&carried), ""));
    assert_eq!(world.everything_as(news, bob).await.last(), Some(&edited));
    // One that says nothing of its own hands on what it carries.
    let again = post(&world, &forward(tea, ada, "", &edited)).await;
    assert_eq!(again.forwarded, Some(carried));
    let (gone, freed) = world.delete(&edited).await;
    assert_eq!((gone.forwarded, freed), (None, vec![copy]));
}

pub async fn only_what_one_may_read_is_forwarded(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    let private = ChannelPatch { kind: Some(ChannelKind::Private), ..ChannelPatch::default() };
    let secret = world.channel("ops", ada).await;
    change(&*world.store, secret, ada, private).await.unwrap();
    let hidden = world.say(secret, ada, "secret").await;
    let gone = world.say(tea, ada, "gone").await;
    world.delete(&gone).await;
    world.heard();
    let absent = Message { number: Number(99), ..gone.clone() };
    let nowhere = Message { channel: ChannelId(99), ..gone.clone() };
    for of in [&hidden, &gone, &absent, &nowhere] {
        assert_eq!(world.store.forwardable(source(of), bob).await.unwrap(), None);
        let outcome = world.store.post_message(forward(tea, bob, "", of)).await.unwrap();
        assert_eq!(outcome, PostOutcome::NoSource);
    }
    assert_eq!(world.heard(), [], "nothing was written");
    // Ada may take it out of there; nobody is told from where.
    let told = post(&world, &forward(tea, ada, "", &hidden)).await;
    assert_eq!(told.forwarded.unwrap().text, "secret");
}

pub async fn a_forward_is_known_by_its_key(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let picture = world.upload(ada, "pier.png").await;
    let new = NewMessage { attachments: vec![picture], ..message(tea, ada, "one") };
    let (one, two) = (post(&world, &new).await, world.say(tea, ada, "two").await);
    let new = forward(tea, ada, "yes", &one);
    let posted = post(&world, &new).await;
    let again = async |new: &NewMessage| world.store.post_message(new.clone()).await.unwrap();
    let other = NewMessage { key: new.key, ..forward(tea, ada, "yes", &two) };
    let plain = NewMessage { forward: None, ..new.clone() };
    // Each try has copies of its own.
    let copies = vec![FileCopy { of: picture, id: UploadId([9; 16]) }];
    let anew = Some(NewForward { source: source(&one), copies });
    let retried = NewMessage { forward: anew, ..new.clone() };
    for edited in [false, true] {
        if edited {
            world.reword(&posted, "yes!").await;
        }
        assert!(matches!(again(&retried).await, PostOutcome::Replayed(_)), "{edited}");
        for other in [&other, &plain] {
            assert_eq!(again(other).await, PostOutcome::KeyReused, "{edited}");
        }
    }
    assert_eq!(world.store.upload(UploadId([9; 16])).await.unwrap(), None, "no row for a replay");
    // The original may be gone: it was forwarded all the same.
    world.delete(&one).await;
    assert!(matches!(again(&retried).await, PostOutcome::Replayed(_)));
}
