//! Sessions, devices and tokens.

use chinwag::model::channels::{ChannelKind, ChannelState};
use chinwag::model::events::Event;
use chinwag::model::ids::{ChannelId, SessionId, TokenId};
use chinwag::model::names::ChannelName;
use chinwag::model::permissions::Denial;
use chinwag::model::reach::Reach;
use chinwag::model::sessions::{DeviceKey, Session};
use chinwag::store::{Error, NewChannel, NewPassword, NewSession, Proof};

use super::world::{Backend, NOW, World, doer, public, secret, session, topic};

pub async fn a_session_is_found_by_its_token_until_it_expires(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    world.heard();
    let new = session();
    let (token, end) = (new.token, new.expires_at);
    let made = world.sign_in(ada, new).await;

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
    let second = world.sign_in(ada.user.id, session()).await;
    let (later, end) = (NOW.plus_ms(60_000), first.expires_at.plus_ms(60_000));
    let touch =
        |at, end| world.store.touch_session(first.id, at, end, "2001:db8::1".to_owned(), None);
    touch(later, end).await.unwrap();
    // An earlier use that arrives later moves nothing back.
    touch(NOW, first.expires_at).await.unwrap();

    let mine = world.store.sessions_of(ada.user.id, NOW).await.unwrap();
    let order: Vec<_> = mine.iter().map(|session| session.id).collect();
    assert_eq!(order, [first.id, second.id], "newest use first");
    assert_eq!((mine[0].seen_at, mine[0].expires_at), (later, end));
    assert_eq!(mine[0].address, "2001:db8::1");
    assert_eq!(mine[0].created_at, NOW);
    assert_eq!(world.heard(), []);
}

pub async fn only_ones_own_sessions_can_be_ended(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, session_of_ada) = world.sign_up("Ada").await.unwrap();
    let bob = world.person("Bob").await;
    world.heard();
    assert!(!world.store.end_session(bob, session_of_ada.id, true).await.unwrap());
    assert!(!world.store.end_session(ada.user.id, SessionId(99), true).await.unwrap());
    assert_eq!(world.heard(), []);

    assert!(world.store.end_session(ada.user.id, session_of_ada.id, false).await.unwrap());
    assert!(!world.store.end_session(ada.user.id, session_of_ada.id, false).await.unwrap());
    let ended = Event::SessionEnded { session: session_of_ada.id, user: ada.user.id };
    assert_eq!(world.heard(), [ended]);
    assert_eq!(world.store.sessions_of(ada.user.id, NOW).await.unwrap(), []);

    let next = world.sign_in(ada.user.id, session()).await;
    assert_ne!(next.id, session_of_ada.id, "an id is not used again");
}

pub async fn expired_sessions_are_swept_and_told(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, old) = world.sign_up("Ada").await.unwrap();
    world.heard();
    let mut new = session();
    new.expires_at = old.expires_at.plus_ms(1);
    let young = world.sign_in(ada.user.id, new).await;

    assert_eq!(world.store.sweep_sessions(old.expires_at, NOW, NOW).await.unwrap(), 1);
    let ended = Event::SessionEnded { session: old.id, user: ada.user.id };
    assert_eq!(world.heard(), [ended]);
    let left = world.store.sessions_of(ada.user.id, NOW).await.unwrap();
    assert_eq!(left, [young]);
}

pub async fn a_device_holds_the_names_it_signed_in_under(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let mut new = session();
    let (device, token) = (new.device.unwrap(), new.token);
    assert!(!world.store.device_holds(device, ada).await.unwrap());
    let made = world.sign_in(ada, new.clone()).await;
    assert!(world.store.device_holds(device, ada).await.unwrap());
    assert!(!world.store.device_holds(device, bob).await.unwrap());

    // After signing out the browser still holds the name, and it may hold two names.
    world.store.end_session(ada, made.id, false).await.unwrap();
    assert!(world.store.device_holds(device, ada).await.unwrap());
    new.token = secret();
    world.sign_in(bob, new).await;
    assert!(world.store.device_holds(device, bob).await.unwrap());
    assert!(!world.store.device_holds(token, ada).await.unwrap());
}

pub async fn a_device_is_forgotten_with_its_sessions(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let new = session();
    let device = new.device.unwrap();
    let one = world.sign_in(ada, new.clone()).await;
    let two = world.sign_in(ada, NewSession { token: secret(), ..new.clone() }).await;
    world.sign_in(bob, NewSession { token: secret(), ..new }).await;
    let other = world.sign_in(ada, session()).await;
    assert_eq!(one.device, two.device);
    assert_ne!(one.device, other.device);
    world.heard();

    let listed = world.store.devices_of(ada, NOW).await.unwrap();
    assert_eq!(listed.len(), 3, "the first browser, and these two");
    let kept = DeviceKey::Kept(one.device.unwrap());
    let mine = listed.iter().find(|device| device.id == kept).unwrap();
    assert_eq!(mine.sessions.len(), 2);
    assert!(!world.store.forget_device(bob, one.device.unwrap()).await.unwrap());
    assert_eq!(world.heard(), []);

    assert!(world.store.end_session(ada, one.id, true).await.unwrap());
    let mut ended = world.heard();
    ended.sort_by_key(|event| format!("{event:?}"));
    let told = |session: &Session| Event::SessionEnded { session: session.id, user: ada };
    assert_eq!(ended, [told(&one), told(&two)]);
    assert!(!world.store.device_holds(device, ada).await.unwrap());
    assert!(world.store.device_holds(device, bob).await.unwrap(), "his name is his own");
    assert!(world.store.forget_device(ada, other.device.unwrap()).await.unwrap());
    assert_eq!(world.heard(), [told(&other)]);
    assert!(!world.store.forget_device(ada, other.device.unwrap()).await.unwrap());
}

pub async fn devices_are_listed_by_their_last_use(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, first) = world.sign_up("Ada").await.unwrap();
    let ada = ada.user.id;
    let at = |ms: i64| NOW.plus_ms(ms);
    let new = session();
    let second = world.sign_in(ada, NewSession { at: at(1), ..new.clone() }).await;
    let shared = world.sign_in(ada, NewSession { device: None, at: at(2), ..session() }).await;
    let touched = world.store.touch_session(first.id, at(3), at(9), "192.0.2.9".to_owned(), None);
    touched.await.unwrap();
    let listed = async || -> Vec<(DeviceKey, i64)> {
        let devices = world.store.devices_of(ada, NOW).await.unwrap();
        devices.iter().map(|one| (one.id, one.seen_at.0 - NOW.0)).collect()
    };
    let kept = |session: &Session| DeviceKey::Kept(session.device.unwrap());
    let own = DeviceKey::Session(shared.id);
    assert_eq!(listed().await, [(kept(&first), 3), (own, 2), (kept(&second), 1)]);

    let again = NewSession { token: secret(), at: at(4), ..new };
    let again = world.sign_in(ada, again).await;
    for session in [&first, &second, &again] {
        world.store.end_session(ada, session.id, false).await.unwrap();
    }
    let expected = [(kept(&second), 4), (kept(&first), 3), (own, 2)];
    assert_eq!(listed().await, expected, "also when nobody is signed in there");
    let devices = world.store.devices_of(ada, NOW).await.unwrap();
    assert_eq!(devices[1].address, "192.0.2.9");
}

pub async fn a_computer_of_others_is_not_kept(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, first) = world.sign_up("Ada").await.unwrap();
    let ada = ada.user.id;
    let shared = world.sign_in(ada, NewSession { device: None, ..session() }).await;
    assert_eq!((shared.device, shared.shared), (None, true));
    // It does not get a device either when it is used with the key of one.
    let known = session();
    let device = known.device.unwrap();
    world.sign_in(ada, known).await;
    let end = shared.expires_at;
    let touched = world.store.touch_session(shared.id, NOW, end, String::new(), Some(device)).await;
    touched.unwrap();
    let listed = world.store.devices_of(ada, NOW).await.unwrap();
    let own = listed.iter().find(|one| one.id == DeviceKey::Session(shared.id)).unwrap();
    assert_eq!(own.sessions, [shared.id]);
    // Without a password the kept browser is the only way back.
    let new = NewSession { device: None, ..session() };
    assert!(world.store.sign_in(ada, new, Proof::Device(device)).await.unwrap().is_some());
    assert!(world.store.device_holds(device, ada).await.unwrap());

    // If there is a password, "not my computer" forgets a browser that was kept before.
    let password = NewPassword { hash: "hash".to_owned(), replaces: None, session: first.id };
    world.store.set_password(ada, password).await.unwrap().unwrap();
    let known = session();
    let device = known.device.unwrap();
    world.sign_in(ada, known).await;
    let new = NewSession { device: None, ..session() };
    let made = world.store.sign_in(ada, new, Proof::Device(device)).await.unwrap();
    assert!(made.unwrap().shared);
    assert!(!world.store.device_holds(device, ada).await.unwrap());
}

pub async fn a_proof_is_looked_at_again(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, first) = world.sign_up("Ada").await.unwrap();
    let ada = ada.user.id;
    let set = async |hash: &str, replaces: Option<&str>| {
        let (hash, replaces) = (hash.to_owned(), replaces.map(str::to_owned));
        let password = NewPassword { hash, replaces, session: first.id };
        world.store.set_password(ada, password).await.unwrap().unwrap();
    };
    let device = Proof::Device(secret());
    assert_eq!(world.store.sign_in(ada, session(), device).await.unwrap(), None);
    set("one", None).await;
    let known = || Proof::Password("one".to_owned());
    assert!(world.store.sign_in(ada, session(), known()).await.unwrap().is_some());
    set("two", Some("one")).await;
    assert_eq!(world.store.sign_in(ada, session(), known()).await.unwrap(), None);
}

pub async fn a_new_password_ends_everything_else(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, first) = world.sign_up("Ada").await.unwrap();
    let ada = ada.user.id;
    let other = world.sign_in(ada, session()).await;
    let shared = world.sign_in(ada, NewSession { device: None, ..session() }).await;
    let bob = world.sign_up("Bob").await.unwrap().1;
    world.heard();
    let password = NewPassword { hash: "hash".to_owned(), replaces: None, session: first.id };
    let told = world.store.set_password(ada, password).await.unwrap().unwrap();
    let ended = |session: &Session| Event::SessionEnded { session: session.id, user: ada };
    assert_eq!(world.heard(), [Event::AccountChanged(told), ended(&other), ended(&shared)]);
    let left = world.store.devices_of(ada, NOW).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].id, DeviceKey::Kept(first.device.unwrap()));
    assert_eq!(world.store.devices_of(bob.user, NOW).await.unwrap().len(), 1);
}

pub async fn devices_that_nobody_needs_are_swept(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, first) = world.sign_up("Ada").await.unwrap();
    let (bob, _) = world.sign_up("Bob").await.unwrap();
    let other = world.sign_in(ada.user.id, session()).await;
    let password = NewPassword { hash: "hash".to_owned(), replaces: None, session: first.id };
    world.store.set_password(ada.user.id, password).await.unwrap().unwrap();
    world.sign_in(ada.user.id, session()).await;
    let count = async |user| world.store.devices_of(user, NOW).await.unwrap().len();
    assert_eq!((count(ada.user.id).await, count(bob.user.id).await), (2, 1));
    let (end, idle) = (other.expires_at, NOW.plus_ms(1));
    world.store.sweep_sessions(end.plus_ms(-1), idle, NOW).await.unwrap();
    assert_eq!((count(ada.user.id).await, count(bob.user.id).await), (2, 1), "in use");
    world.store.sweep_sessions(end, idle, NOW).await.unwrap();
    assert_eq!(
        (count(ada.user.id).await, count(bob.user.id).await),
        (0, 1),
        "Bob has no other way"
    );
    world.store.sweep_sessions(end, idle, idle).await.unwrap();
    assert_eq!(count(bob.user.id).await, 0);
}

pub async fn a_token_keeps_its_limits(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let open = world.channel("open", ada).await;
    let secret_one = ChannelId(1 << 33);
    let state = ChannelState { kind: ChannelKind::Private, ..ChannelState::default() };
    let name = ChannelName::parse("team").unwrap();
    let private = public(name, topic(""), ada);
    let private = NewChannel { id: Some(secret_one), state, ..private };
    world.store.create_channel(private).await.unwrap();
    let make = async |user, channels: Option<&[ChannelId]>, reads_only| {
        let channels = channels.map(|channels| channels.iter().copied().collect());
        let (hash, reach) = (secret(), Reach { channels, reads_only });
        let made = world.store.create_token(user, "bot".to_owned(), reach.clone(), hash, NOW).await;
        made.map(|token| (token, hash, reach))
    };
    for (channels, reads_only) in
        [(None, false), (None, true), (Some([open, secret_one]), false), (Some([open, open]), true)]
    {
        let channels = channels.as_ref().map(<[_; 2]>::as_slice);
        let (made, hash, reach) = make(ada, channels, reads_only).await.unwrap();
        assert_eq!(made.reach, reach);
        assert_eq!(world.store.token(hash).await.unwrap().unwrap().0, made);
        assert_eq!(world.store.tokens_of(ada).await.unwrap().last(), Some(&made));
    }
    // A channel that they do not see is refused as one that does not exist, and nothing is made.
    for unseen in [secret_one, ChannelId(99)] {
        let refused = make(bob, Some(&[open, unseen]), false).await.map(drop);
        assert!(matches!(refused, Err(Error::Denied(Denial::NotFound))), "{refused:?}");
    }
    assert_eq!(world.store.tokens_of(bob).await.unwrap(), []);
    // When its channel is deleted, it does not become a token without a limit.
    let (_, hash, _) = make(ada, Some(&[secret_one]), false).await.unwrap();
    world.store.delete_channel(secret_one, doer(ada)).await.unwrap();
    while world.store.sweep_deleted_channels().await.unwrap().is_some() {}
    let left = world.store.token(hash).await.unwrap().unwrap().0.reach;
    assert_eq!(left, Reach { channels: Some([].into()), reads_only: false });
}

pub async fn a_token_works_until_it_is_revoked(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    world.heard();
    let hash = secret();
    let made = world
        .store
        .create_token(ada, "weather".to_owned(), Reach::default(), hash, NOW)
        .await
        .unwrap();
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
