//! Sessions, devices and tokens.

use chinwag::model::events::Event;
use chinwag::model::ids::{SessionId, TokenId};

use super::world::{Backend, NOW, World, secret, session};

pub async fn a_session_is_found_by_its_token_until_it_expires(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    world.heard();
    let new = session();
    let (token, end) = (new.token, new.expires_at);
    let made = world.store.sign_in(ada, new).await.unwrap();

    let (found, account) = world.store.session(token, NOW).await.unwrap().unwrap();
    assert_eq!((&found, account.user.id), (&made, ada));
    assert!(world.store.session(token, end.plus_ms(-1)).await.unwrap().is_some());
    assert!(world.store.session(token, end).await.unwrap().is_none());
    assert!(world.store.session(secret(), NOW).await.unwrap().is_none());
    assert_eq!(world.store.sessions_of(ada, end).await.unwrap(), []);
    assert_eq!(world.heard(), []);
}

pub async fn using_a_session_moves_its_end(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, first) = world.sign_up("Ada").await.unwrap();
    world.heard();
    let second = world.store.sign_in(ada.user.id, session()).await.unwrap();
    let (later, end) = (NOW.plus_ms(60_000), first.expires_at.plus_ms(60_000));
    let touch = |at, end| world.store.touch_session(first.id, at, end, "2001:db8::1".to_owned());
    touch(later, end).await.unwrap();
    // One that was overtaken moves nothing back.
    touch(NOW, first.expires_at).await.unwrap();

    let mine = world.store.sessions_of(ada.user.id, NOW).await.unwrap();
    let order: Vec<_> = mine.iter().map(|session| session.id).collect();
    assert_eq!(order, [first.id, second.id], "newest use first");
    assert_eq!((mine[0].seen_at, mine[0].expires_at), (later, end));
    assert_eq!(mine[0].address, "2001:db8::1");
    assert_eq!(mine[0].created_at, NOW);
    assert_eq!(world.heard(), []);
}

pub async fn only_her_own_sessions_can_be_ended(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, hers) = world.sign_up("Ada").await.unwrap();
    let bob = world.person("Bob").await;
    world.heard();
    assert!(!world.store.end_session(bob, hers.id).await.unwrap());
    assert!(!world.store.end_session(ada.user.id, SessionId(99)).await.unwrap());
    assert_eq!(world.heard(), []);

    assert!(world.store.end_session(ada.user.id, hers.id).await.unwrap());
    assert!(!world.store.end_session(ada.user.id, hers.id).await.unwrap());
    let ended = Event::SessionEnded { session: hers.id, user: ada.user.id };
    assert_eq!(world.heard(), [ended]);
    assert_eq!(world.store.sessions_of(ada.user.id, NOW).await.unwrap(), []);

    let next = world.store.sign_in(ada.user.id, session()).await.unwrap();
    assert_ne!(next.id, hers.id, "an id is not used again");
}

pub async fn expired_sessions_are_swept_and_told(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, old) = world.sign_up("Ada").await.unwrap();
    world.heard();
    let mut new = session();
    new.expires_at = old.expires_at.plus_ms(1);
    let young = world.store.sign_in(ada.user.id, new).await.unwrap();

    assert_eq!(world.store.sweep_sessions(old.expires_at).await.unwrap(), 1);
    let ended = Event::SessionEnded { session: old.id, user: ada.user.id };
    assert_eq!(world.heard(), [ended]);
    let left = world.store.sessions_of(ada.user.id, NOW).await.unwrap();
    assert_eq!(left, [young]);
}

pub async fn a_device_holds_the_names_it_signed_in_under(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let mut new = session();
    let (device, token) = (new.device, new.token);
    assert!(!world.store.device_holds(device, ada).await.unwrap());
    let made = world.store.sign_in(ada, new.clone()).await.unwrap();
    assert!(world.store.device_holds(device, ada).await.unwrap());
    assert!(!world.store.device_holds(device, bob).await.unwrap());

    // Signing out does not take the name from the browser, and it may hold two.
    world.store.end_session(ada, made.id).await.unwrap();
    assert!(world.store.device_holds(device, ada).await.unwrap());
    new.token = secret();
    world.store.sign_in(bob, new).await.unwrap();
    assert!(world.store.device_holds(device, bob).await.unwrap());
    assert!(!world.store.device_holds(token, ada).await.unwrap());
}

pub async fn a_token_works_until_it_is_revoked(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    world.heard();
    let hash = secret();
    let made = world.store.create_token(ada, "weather".to_owned(), hash, NOW).await.unwrap();
    assert_eq!((made.name.as_str(), made.used_at), ("weather", None));
    world.store.touch_token(made.id, NOW.plus_ms(5)).await.unwrap();
    world.store.touch_token(made.id, NOW).await.unwrap();

    let (found, account) = world.store.token(hash).await.unwrap().unwrap();
    assert_eq!((found.id, account.user.id), (made.id, ada));
    assert_eq!(found.used_at, Some(NOW.plus_ms(5)));
    assert_eq!(world.store.tokens_of(ada).await.unwrap(), [found]);
    assert_eq!(world.store.tokens_of(bob).await.unwrap(), []);

    assert!(!world.store.revoke_token(bob, made.id).await.unwrap());
    assert!(!world.store.revoke_token(ada, TokenId(99)).await.unwrap());
    assert!(world.store.revoke_token(ada, made.id).await.unwrap());
    assert_eq!(world.heard(), [Event::TokenRevoked { token: made.id, user: ada }]);
    assert!(world.store.token(hash).await.unwrap().is_none());
}
