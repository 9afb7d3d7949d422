//! Guests of a channel: the end of their visits, and who keeps their door; and transcripts.

use chinwag::model::events::Event;
use chinwag::model::ids::{Number, UserId};
use chinwag::model::invites::{Door, Entry, Grant, NewInvite};
use chinwag::model::names::DisplayName;
use chinwag::model::permissions::Denial;
use chinwag::model::roles::Role;
use chinwag::model::thread_pages::TranscriptPlace;
use chinwag::store::{Ended, Error, Newcomer, Result};

use super::world::{Backend, NOW, World, doer, secret, session};

fn is_denied<T>(answer: &Result<T>, why: Denial) -> bool {
    matches!(answer, Err(Error::Denied(denial)) if *denial == why)
}

pub async fn visits_end_with_their_sessions_and_the_door_closes(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, eve) = (world.person("Ada").await, world.person("Eve").await);
    let class = world.channel("class", ada).await;
    let hash = secret();
    let grant = Grant {
        label: String::new(),
        role: Role::Guest,
        channels: vec![class],
        door: Door::Open,
        expires_at: None,
        max_uses: None,
        visit_ms: None,
        visit_ends_at: None,
    };
    let new = NewInvite { code: "code".to_owned(), hash, by: doer(ada), grant };
    let invite = world.store.create_invite(new).await.unwrap();
    let name = DisplayName::parse("Ka Yan").unwrap();
    let entry = Entry::Invite(hash);
    let newcomer = Newcomer { name, session: session(), password_hash: None, entry };
    let (account, visit) = world.store.come_in(newcomer).await.unwrap();
    let guest = account.user.id;
    let door = world.store.channel_door(class, ada, NOW, 9).await.unwrap();
    assert_eq!((door.guests, door.invites.len(), door.total), (1, 1, 0));
    let refused = [
        world.store.channel_door(class, eve, NOW, 9).await.map(drop),
        world.store.end_visits_in(class, doer(eve), true).await.map(drop),
        world.store.end_visit_in(class, doer(eve), guest).await,
        world.store.end_visit(doer(ada), guest).await,
        world.store.end_visit_in(class, doer(ada), ada).await,
    ];
    for (at, refused) in refused.iter().enumerate() {
        assert!(is_denied(refused, Denial::Forbidden), "{at}: {refused:?}");
    }
    let absent = world.store.end_visit_in(class, doer(ada), UserId(99)).await;
    assert!(matches!(absent, Err(Error::NoSuchPerson)), "{absent:?}");

    world.heard();
    let ended = world.store.end_visits_in(class, doer(ada), true).await.unwrap();
    assert_eq!(ended, Ended { guests: 1, more: false });
    let heard = world.heard();
    let ends = Event::SessionEnded { session: visit.id, user: guest };
    assert!(
        matches!(&heard[..], [Event::InviteChanged { .. }, Event::AccountChanged(told), last]
        if told.visit_ends_at == Some(NOW) && *last == ends),
        "{heard:?}"
    );
    assert!(world.store.sessions_of(guest, NOW).await.unwrap().is_empty());
    let (closed, _) = world.store.invite(invite.id, ada, 9).await.unwrap().unwrap();
    assert_eq!(closed.grant.door, Door::Closed);
    let again = world.store.end_visits_in(class, doer(ada), true).await.unwrap();
    assert_eq!((again.guests, world.heard().len()), (0, 0), "once");
    assert_eq!(world.store.channel_door(class, ada, NOW, 9).await.unwrap().guests, 0);
}

pub async fn a_transcript_is_read_by_whoever_may_make_it(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, eve) = (world.person("Ada").await, world.person("Eve").await);
    let class = world.channel("class", ada).await;
    for text in ["one", "two", "three"] {
        world.say(class, ada, text).await;
    }
    let refused = world.store.begin_transcript(class, doer(eve)).await;
    assert!(is_denied(&refused, Denial::Forbidden), "{refused:?}");
    let (channel, through) = world.store.begin_transcript(class, doer(ada)).await.unwrap();
    assert_eq!((channel.id, through), (class, Number(3)));
    world.say(class, ada, "after it was begun").await;
    let page = world
        .store
        .transcript_page(class, ada, TranscriptPlace::behind(Number(1)), through)
        .await
        .unwrap();
    let texts: Vec<_> = page.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["two", "three"]);
    let rest = world
        .store
        .transcript_page(class, ada, TranscriptPlace::behind(through), through)
        .await
        .unwrap();
    assert!(rest.is_empty());
    let refused = world.store.transcript_page(class, eve, TranscriptPlace::BEGIN, through).await;
    assert!(is_denied(&refused, Denial::Forbidden), "{refused:?}");
}
