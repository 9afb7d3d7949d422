//! Names are unique, and what a person chose is kept.

use std::sync::Arc;

use chinwag::model::events::Event;
use chinwag::model::ids::{Revision, UserId};
use chinwag::model::names::{ChannelName, DisplayName};
use chinwag::model::time::Timestamp;
use chinwag::model::users::{Account, LanguageChoice, MAX_OLD_NAMES, Settings, Theme, User};
use chinwag::store::{Constraint, Error, NewName, NewPassword, NewSession, Result};
use tokio::task::JoinHandle;

use super::world::{Backend, DAY_MS, NOW, World, public, session, topic};

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
        world.store.create_channel(public(name, topic(""), paula)).await
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
    one_gets_it(tries).await;
}

/// Of all who try to take a name one gets it, and the others are told that it is taken.
async fn one_gets_it<T>(tries: Vec<JoinHandle<Result<T>>>) {
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

/// Renames a person at a time. What they had is kept for 30 days.
async fn rename(world: &World, who: UserId, name: &str, at: Timestamp) -> Result<Account> {
    let name = DisplayName::parse(name).unwrap();
    let new = NewName { name, at, keep_until: at.plus_ms(30 * DAY_MS) };
    world.store.rename(who, new).await.map(|account| account.expect("the person is there"))
}

/// Takes a name at the door at a time.
async fn take(world: &World, name: &str, at: Timestamp) -> Result<UserId> {
    let session = NewSession { at, ..session() };
    let taken = world.store.take_name(DisplayName::parse(name).unwrap(), session).await;
    taken.map(|(account, _)| account.user.id)
}

async fn kept_for(world: &World, name: &str, at: Timestamp) -> Option<UserId> {
    world.store.kept_for(&DisplayName::parse(name).unwrap(), at).await.unwrap()
}

fn refusal<T>(outcome: Result<T>) -> Option<Constraint> {
    match outcome {
        Ok(_) => None,
        Err(Error::Conflict(constraint)) => Some(constraint),
        Err(other) => panic!("{other}"),
    }
}

pub async fn a_person_takes_another_name(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    let first = world.say(tea, ada, "one").await;
    let before = world.store.overview(ada, first.channel).await.unwrap().unwrap();
    world.heard();

    let account = rename(&world, ada, "Countess", NOW).await.unwrap();
    assert_eq!(account.user, User { id: ada, name: "Countess".to_owned(), picture: None });
    assert_eq!(account.revision, Revision(before.own.0 + 1));
    let place = Revision(before.place.0 + 1);
    let told = Event::PersonChanged { user: account.user.clone(), place };
    assert_eq!(world.heard(), [Event::AccountChanged(account.clone()), told]);
    assert_eq!(world.store.account(ada).await.unwrap().as_ref(), Some(&account));

    // All that they wrote shows the name, and none of it takes a revision.
    let rows = world.everything(tea).await;
    assert_eq!((&rows[0].author, rows[0].revision), (&account.user, first.revision));
    assert_eq!(world.say(tea, ada, "two").await.author, account.user);
    let missed = world.store.place_changes(ada, before.place, 9).await.unwrap();
    assert_eq!((missed.people, missed.revision), (vec![account.user.clone()], place));
    let own = world.store.own_changes(ada, before.own, 9).await.unwrap().unwrap();
    assert_eq!(own.account.map(|found| found.user), Some(account.user));

    // A name that somebody holds, or that looks like one, is refused; nothing is told of it.
    world.heard();
    for held in ["Bob", "BOB"] {
        assert_eq!(refusal(rename(&world, ada, held, NOW).await), Some(Constraint::UserName));
    }
    assert_eq!(refusal(rename(&world, ada, "B0b", NOW).await), Some(Constraint::UserLook));
    // The very name is no change.
    assert_eq!(rename(&world, bob, "Bob", NOW).await.unwrap().user.name, "Bob");
    let name = DisplayName::parse("Nobody").unwrap();
    let nobody = NewName { name, at: NOW, keep_until: NOW };
    assert_eq!(world.store.rename(UserId(99), nobody).await.unwrap(), None);
    assert_eq!(world.heard(), []);
}

pub async fn an_old_name_is_kept_for_its_owner(backend: &dyn Backend) {
    let world = World::open(backend);
    let (paula, bob) = (world.person("Paula").await, world.person("Bob").await);
    rename(&world, paula, "Eve", NOW).await.unwrap();
    let (last, end) = (NOW.plus_ms(30 * DAY_MS - 1), NOW.plus_ms(30 * DAY_MS));
    for at in [NOW, last] {
        assert_eq!(kept_for(&world, "PAULA", at).await, Some(paula));
        for name in ["Paula", "paula"] {
            assert_eq!(refusal(take(&world, name, at).await), Some(Constraint::UserNameKept));
            let renamed = rename(&world, bob, name, at).await;
            assert_eq!(refusal(renamed), Some(Constraint::UserNameKept));
        }
        assert_eq!(refusal(take(&world, "Pau1a", at).await), Some(Constraint::UserLook));
        let renamed = rename(&world, bob, "Раula", at).await;
        assert_eq!(refusal(renamed), Some(Constraint::UserLook));
    }

    // The owner takes it back, in any form; then the other name is the kept one.
    let back = rename(&world, paula, "PAULA", last).await.unwrap();
    assert_eq!(back.user.name, "PAULA");
    assert_eq!(kept_for(&world, "Paula", last).await, None, "it is held again");
    assert_eq!(kept_for(&world, "Eve", last).await, Some(paula));
    assert_eq!(refusal(rename(&world, bob, "Paula", end).await), Some(Constraint::UserName));
    rename(&world, paula, "Eve", last).await.unwrap();

    // When its time is over anybody takes it, swept or not.
    let later = last.plus_ms(30 * DAY_MS);
    assert_eq!(kept_for(&world, "Paula", later).await, None);
    rename(&world, bob, "Paula", later).await.unwrap();
    assert_eq!(refusal(rename(&world, paula, "Paula", later).await), Some(Constraint::UserName));
    assert_eq!(world.store.sweep_old_names(later).await.unwrap(), 0, "it went with the taking");
    let kept = later.plus_ms(30 * DAY_MS);
    assert_eq!(world.store.sweep_old_names(kept.plus_ms(-1)).await.unwrap(), 0);
    assert_eq!(world.store.sweep_old_names(kept).await.unwrap(), 1, "the one that Bob had");
    take(&world, "Bob", later).await.unwrap();
}

pub async fn any_form_of_ones_own_name_is_allowed(backend: &dyn Backend) {
    let world = World::open(backend);
    let paula = world.person("paula").await;
    for form in ["Paula", "PAULA", "Ｐａｕｌａ", "PauIa", "Pau1a", "paula"] {
        assert_eq!(rename(&world, paula, form, NOW).await.unwrap().user.name, form);
    }
    assert_eq!(kept_for(&world, "Paula", NOW).await, None, "it is held");
    assert_eq!(kept_for(&world, "Pau1a", NOW).await, Some(paula));
    // A form that looks like the name of another is refused, even one of the same letters.
    world.person("Ian").await;
    let lan = world.person("Lan").await;
    assert_eq!(refusal(rename(&world, lan, "lan", NOW).await), Some(Constraint::UserLook));
    rename(&world, lan, "LAN", NOW).await.unwrap();
}

pub async fn so_many_old_names_are_kept_and_no_more(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("name 0").await;
    for n in 1..=MAX_OLD_NAMES + 1 {
        rename(&world, ada, &format!("name {n}"), NOW).await.unwrap();
    }
    assert_eq!(kept_for(&world, "name 0", NOW).await, None, "the one given up first is free");
    for n in 1..=MAX_OLD_NAMES {
        assert_eq!(kept_for(&world, &format!("name {n}"), NOW).await, Some(ada), "{n}");
    }
    take(&world, "name 0", NOW).await.unwrap();
    // One that is taken back makes room.
    rename(&world, ada, "name 5", NOW).await.unwrap();
    assert_eq!(kept_for(&world, "name 1", NOW).await, Some(ada));
}

pub async fn of_many_who_change_to_a_name_one_gets_it(backend: &dyn Backend) {
    let world = Arc::new(World::open(backend));
    let mut people = Vec::new();
    for n in 0..20 {
        people.push(world.person(&format!("n{n}")).await);
    }
    let tries: Vec<_> = people
        .into_iter()
        .map(|who| {
            let world = Arc::clone(&world);
            tokio::spawn(async move { rename(&world, who, "Ada", NOW).await })
        })
        .collect();
    one_gets_it(tries).await;
}

pub async fn settings_and_password_follow_the_account(backend: &dyn Backend) {
    let world = World::open(backend);
    let (account, signed_in) = world.sign_up("Ada").await.unwrap();
    let ada = account.user.id;
    world.heard();
    let chosen = Settings {
        language: LanguageChoice::Chinese,
        theme: Theme::Dark,
        enter_sends: true,
        invisible: true,
    };
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
