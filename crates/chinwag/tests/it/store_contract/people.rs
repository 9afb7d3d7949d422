//! Names are unique, and what a person chose is kept.

use std::sync::Arc;

use chinwag::model::events::Event;
use chinwag::model::ids::UserId;
use chinwag::model::names::{ChannelName, DisplayName};
use chinwag::model::users::{LanguageChoice, Settings, Theme};
use chinwag::store::{Constraint, Error, NewPassword};

use super::world::{Backend, NOW, World, session, topic};

pub async fn one_name_is_held_once(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ann, signed_in) = world.sign_up("Ann").await.unwrap();
    assert_eq!(ann.user.name, "Ann");
    assert_eq!((ann.created_at, ann.password_hash.as_deref()), (NOW, None));
    assert_eq!(signed_in.user, ann.user.id);

    for alike in ["Ann", "ANN", "Ａｎｎ"] {
        let refused = world.sign_up(alike).await;
        assert!(matches!(refused, Err(Error::Conflict(Constraint::UserName))), "{alike}");
        let held = world.store.account_named(&DisplayName::parse(alike).unwrap()).await.unwrap();
        assert_eq!(held.as_ref(), Some(&ann));
    }
    assert_eq!(world.store.account(ann.user.id).await.unwrap(), Some(ann));
    assert_eq!(world.store.account(UserId(99)).await.unwrap(), None);
    let unknown = DisplayName::parse("Bob").unwrap();
    assert_eq!(world.store.account_named(&unknown).await.unwrap(), None);
}

pub async fn a_name_that_looks_like_a_held_one_is_refused(backend: &dyn Backend) {
    let world = World::open(backend);
    let paula = world.person("Paula").await;
    for alike in ["Раula", "PauIa", "Pau1a", "ᴘᴀᴜʟᴀ", "РАULА"] {
        let refused = world.sign_up(alike).await;
        assert!(matches!(refused, Err(Error::Conflict(Constraint::UserLook))), "{alike}");
    }
    world.sign_up("Paul").await.unwrap();
    world.channel("general", paula).await;
    let make = async |name: &str| {
        let name = ChannelName::parse(name).unwrap();
        world.store.create_channel(name, topic(""), paula, NOW).await
    };
    assert!(matches!(make("generaI").await, Err(Error::Conflict(Constraint::ChannelLook))));
    assert!(matches!(make("General").await, Err(Error::Conflict(Constraint::ChannelName))));
    assert!(make("generals").await.is_ok());
}

pub async fn of_many_who_take_a_name_one_gets_it(backend: &dyn Backend) {
    let world = Arc::new(World::open(backend));
    let tries: Vec<_> = (0..20)
        .map(|_| {
            let world = Arc::clone(&world);
            tokio::spawn(async move { world.sign_up("Ada").await })
        })
        .collect();
    let mut got = 0;
    for attempt in tries {
        match attempt.await.unwrap() {
            Ok(_) => got += 1,
            Err(Error::Conflict(Constraint::UserName)) => {}
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(got, 1);
}

pub async fn settings_and_password_follow_the_account(backend: &dyn Backend) {
    let world = World::open(backend);
    let (account, signed_in) = world.sign_up("Ada").await.unwrap();
    let ada = account.user.id;
    world.heard();
    let chosen =
        Settings { language: LanguageChoice::Chinese, theme: Theme::Dark, enter_sends: true };
    let told = world.store.set_settings(ada, chosen).await.unwrap().unwrap();
    assert_eq!(told.settings, chosen);
    let password =
        NewPassword { hash: "$argon2id$…".to_owned(), replaces: None, session: signed_in.id };
    let told = world.store.set_password(ada, password.clone()).await.unwrap().unwrap();
    assert_eq!(told.password_hash.as_deref(), Some("$argon2id$…"));
    assert_eq!(told.settings, chosen);
    assert_eq!(world.store.account(ada).await.unwrap().as_ref(), Some(&told));

    let heard = world.heard();
    assert_eq!(heard.len(), 2);
    assert_eq!(heard.last(), Some(&Event::AccountChanged(told)));
    let again = world.store.set_password(ada, password).await.unwrap();
    assert_eq!(again, None, "it was changed since");
    assert_eq!(world.store.set_settings(UserId(99), chosen).await.unwrap(), None);
    assert_eq!(world.heard(), []);
}

pub async fn people_are_found_by_any_part_of_a_name(backend: &dyn Backend) {
    let world = World::open(backend);
    for name in ["Grace Hopper", "ada", "Адам", "Ada L.", "100%_sure"] {
        world.store.take_name(DisplayName::parse(name).unwrap(), session()).await.unwrap();
    }
    let found = async |query: &str, limit| -> Vec<String> {
        let people = world.store.people(query, limit).await.unwrap();
        people.into_iter().map(|user| user.name).collect()
    };
    assert_eq!(found("ADA", 50).await, ["ada", "Ada L."]);
    assert_eq!(found("ADA", 1).await, ["ada"]);
    assert_eq!(found("hop", 50).await, ["Grace Hopper"]);
    assert_eq!(found("аД", 50).await, ["Адам"]);
    assert_eq!(found("%", 50).await, ["100%_sure"]);
    assert_eq!(found("", 50).await.len(), 5);
    assert_eq!(found("nobody", 50).await, Vec::<String>::new());
}
