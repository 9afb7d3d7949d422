//! People in charge: roles, accounts that are deactivated, and who sees whom.

use chinwag::model::events::Event;
use chinwag::model::ids::{PictureId, UserId};
use chinwag::model::log::Doer;
use chinwag::model::people::{MAX_LISTED, Which};
use chinwag::model::permissions::Denial;
use chinwag::model::profiles::{Profile, Status};
use chinwag::model::reach::Reach;
use chinwag::model::roles::Role;
use chinwag::model::time::Timestamp;
use chinwag::model::users::{Aside, MAX_ASIDE};
use chinwag::store::{Constraint, Error, NewPassword, NewPicture, Proof, Result};

use super::world::{Backend, NOW, World, message, secret, session};

fn by(user: UserId) -> Doer {
    Doer { user, address: "192.0.2.7".to_owned(), at: NOW }
}

async fn owner(world: &World, backend: &dyn Backend, name: &str) -> UserId {
    let owner = world.person(name).await;
    backend.make_owner(owner);
    owner
}

async fn give(world: &World, from: UserId, whom: UserId, role: Role) -> Result<Role> {
    world.store.set_role(by(from), whom, role).await.map(|account| account.role())
}

/// Sets a password, in a session of its own.
async fn protect(world: &World, user: UserId) {
    let session = world.sign_in(user, session()).await.id;
    let password = NewPassword { hash: "hash".to_owned(), replaces: None, session };
    assert!(world.store.set_password(user, password).await.unwrap().is_some());
}

fn is_denied<T>(answer: &Result<T>, why: Denial) -> bool {
    matches!(answer, Err(Error::Denied(denial)) if *denial == why)
}

pub async fn roles_are_given_by_an_owner_and_the_last_one_stays(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let mei = owner(&world, backend, "Mei").await;
    assert!(is_denied(&give(&world, ada, bob, Role::Moderator).await, Denial::Forbidden));
    assert!(is_denied(&give(&world, mei, UserId(99), Role::Member).await, Denial::NotFound));
    world.heard();
    // Without a password a role in charge waits.
    assert_eq!(give(&world, mei, ada, Role::Moderator).await.unwrap(), Role::Member);
    assert!(is_denied(&give(&world, ada, bob, Role::Guest).await, Denial::Forbidden));
    protect(&world, ada).await;
    let account = world.store.account(ada).await.unwrap().unwrap();
    assert_eq!((account.named_role, account.role()), (Role::Moderator, Role::Moderator));
    assert!(is_denied(&give(&world, ada, bob, Role::Moderator).await, Denial::Forbidden));

    // An owner who cannot act yet is none: the last one who can stays.
    let last = |answer: Result<Role>| {
        assert!(matches!(answer, Err(Error::Conflict(Constraint::LastOwner))), "{answer:?}");
    };
    last(give(&world, mei, mei, Role::Member).await);
    assert_eq!(give(&world, mei, bob, Role::Owner).await.unwrap(), Role::Member);
    last(give(&world, mei, mei, Role::Member).await);
    protect(&world, bob).await;
    world.store.deactivate(by(mei), bob).await.unwrap();
    last(give(&world, mei, mei, Role::Member).await);
    world.store.bring_back(by(mei), bob).await.unwrap();
    assert_eq!(give(&world, mei, mei, Role::Member).await.unwrap(), Role::Member);
    let told = world.heard();
    let changed = Event::RoleChanged { user: mei, before: Role::Owner, role: Role::Member };
    assert!(told.contains(&changed), "{told:?}");
}

pub async fn a_deactivated_account_ends_everywhere(backend: &dyn Backend) {
    let world = World::open(backend);
    let mei = owner(&world, backend, "Mei").await;
    let (first, at_home) = (session(), session());
    let ada = world.person("Ada").await;
    let (one, two) = (world.sign_in(ada, first.clone()).await, world.sign_in(ada, at_home).await);
    let bot = secret();
    let token =
        world.store.create_token(ada, "bot".to_owned(), Reach::default(), bot, NOW).await.unwrap();
    let channel = world.channel("general", ada).await;
    let said = world.say(channel, ada, "hello").await;
    world.heard();

    world.store.deactivate(by(mei), ada).await.unwrap();
    let told = world.heard();
    for session in [one.id, two.id] {
        assert!(told.contains(&Event::SessionEnded { session, user: ada }), "{told:?}");
    }
    assert!(told.contains(&Event::TokenRevoked { token: token.id, user: ada }), "{told:?}");
    assert!(
        told.iter()
            .any(|event| matches!(event, Event::PersonChanged { user, .. } if user.id == ada))
    );
    assert_eq!(world.store.session(first.token, NOW).await.unwrap(), None);
    assert_eq!(world.store.token(bot).await.unwrap(), None);
    // A token that was being made meanwhile opens nothing either.
    let late = secret();
    world.store.create_token(ada, "late".to_owned(), Reach::default(), late, NOW).await.unwrap();
    assert_eq!(world.store.token(late).await.unwrap(), None);
    let again = world.store.sign_in(ada, session(), Proof::Vouched).await;
    assert!(matches!(again, Err(Error::Conflict(Constraint::Deactivated))), "{again:?}");
    let posted = world.store.post_message(message(channel, ada, "still here?")).await;
    assert!(is_denied(&posted, Denial::NotFound), "{posted:?}");
    // Who cannot prove anything learns nothing of it.
    let guess = Proof::Password("wrong".to_owned());
    assert_eq!(world.store.sign_in(ada, session(), guess).await.unwrap(), None);

    // The name stays held, and what was written stays.
    let taken = world.sign_up("Ada").await;
    assert!(matches!(taken, Err(Error::Conflict(Constraint::UserName))));
    assert_eq!(world.store.people("ada", 9).await.unwrap(), []);
    let card = world.store.person(mei, ada).await.unwrap().unwrap();
    assert!(card.deactivated);
    assert_eq!(world.everything_as(channel, mei).await, [said]);
    world.store.deactivate(by(mei), ada).await.unwrap();
    world.heard();
    world.store.deactivate(by(mei), ada).await.unwrap();
    assert_eq!(world.heard(), [], "nothing happens twice");

    world.store.bring_back(by(mei), ada).await.unwrap();
    world.sign_in(ada, session()).await;
    world.say(channel, ada, "back").await;
    assert!(!world.store.person(mei, ada).await.unwrap().unwrap().deactivated);
}

pub async fn moderators_deactivate_those_below_them(backend: &dyn Backend) {
    let world = World::open(backend);
    let mei = owner(&world, backend, "Mei").await;
    let mut people = Vec::new();
    for name in ["Ada", "Bob", "Cyd"] {
        people.push(world.person(name).await);
    }
    let [ada, bob, cyd] = people[..] else { unreachable!() };
    for moderator in [ada, bob] {
        protect(&world, moderator).await;
        give(&world, mei, moderator, Role::Moderator).await.unwrap();
    }
    for (who, whom) in
        [(cyd, ada), (ada, bob), (ada, mei), (ada, ada), (mei, mei), (cyd, UserId(99))]
    {
        let refused = world.store.deactivate(by(who), whom).await;
        assert!(is_denied(&refused, Denial::Forbidden), "{who} {whom}");
        let refused = world.store.bring_back(by(who), whom).await;
        assert!(is_denied(&refused, Denial::Forbidden), "{who} {whom}");
    }
    world.store.deactivate(by(ada), cyd).await.unwrap();
    // Whoever is deactivated is in charge of nothing.
    world.store.deactivate(by(mei), ada).await.unwrap();
    assert!(is_denied(&world.store.bring_back(by(ada), cyd).await, Denial::NotFound));
    let listed = world.store.list_people(ada, "", Which::Everybody, None).await;
    assert!(is_denied(&listed, Denial::NotFound));
}

pub async fn the_list_of_people_comes_in_parts(backend: &dyn Backend) {
    let world = World::open(backend);
    let count = MAX_LISTED + 3;
    for number in 0..count {
        world.person(&format!("Person number {number:03}")).await;
    }
    let (mei, zoe) = (owner(&world, backend, "Mei").await, world.person("Zoe").await);
    let refused = world.store.list_people(zoe, "", Which::Everybody, None).await;
    assert!(is_denied(&refused, Denial::Forbidden));
    world.store.deactivate(by(mei), UserId(1)).await.unwrap();

    let list = async |query: &str, which, after| {
        let page = world.store.list_people(mei, query, which, after).await.unwrap();
        let ids: Vec<_> = page.people.iter().map(|listed| listed.person.user.id).collect();
        (ids, page.total, page.complete)
    };
    let (mut all, total, complete) = list("", Which::Everybody, None).await;
    assert_eq!(
        (all.len(), total, complete),
        (MAX_LISTED, i64::try_from(count + 2).unwrap(), false)
    );
    let (rest, _, complete) = list("", Which::Everybody, all.last().copied()).await;
    assert!(complete);
    all.extend(rest);
    let mut each = all.clone();
    each.sort_unstable();
    each.dedup();
    assert_eq!((all.len(), each.len()), (count + 2, count + 2), "everybody once");
    assert_eq!((all.first(), all.last()), (Some(&mei), Some(&UserId(1))));
    assert_eq!(list("ZO", Which::Everybody, None).await, (vec![zoe], 1, true));
    assert_eq!(list("", Which::Role(Role::Owner), None).await, (vec![mei], 1, true));
    assert_eq!(list("", Which::Deactivated, None).await, (vec![UserId(1)], 1, true));
    assert_eq!(list("mei", Which::Deactivated, None).await, (vec![], 0, true));
    let page = world.store.list_people(mei, "number 000", Which::Everybody, None).await.unwrap();
    let (since, who) = page.people[0].deactivated.clone().unwrap();
    assert_eq!((since, who.id, page.people[0].seen_at), (NOW, mei, None));
}

pub async fn a_guest_knows_the_people_in_their_channels(backend: &dyn Backend) {
    let world = World::open(backend);
    let mei = owner(&world, backend, "Mei").await;
    let (gus, ada, bob) =
        (world.person("Gus").await, world.person("Ada").await, world.person("Bob").await);
    let channel = world.channel("general", ada).await;
    world.store.join(channel, gus, NOW).await.unwrap();
    give(&world, mei, gus, Role::Guest).await.unwrap();
    let sees = async |whom| world.store.person(gus, whom).await.unwrap().is_some();
    assert!(sees(ada).await && sees(gus).await);
    assert!(!sees(bob).await && !sees(mei).await && !sees(UserId(99)).await);
    let together = world.store.together(ada, gus).await.unwrap();
    let names: Vec<_> = together.channels.iter().map(|channel| channel.id).collect();
    assert_eq!((names, together.total), (vec![channel], 1));
    assert_eq!(world.store.together(mei, gus).await.unwrap().total, 0);
    world.store.leave(channel, ada, NOW).await.unwrap();
    assert!(!sees(ada).await, "they share nothing any more");
    assert!(world.store.person(ada, bob).await.unwrap().is_some(), "a member sees everybody");
}

pub async fn what_people_say_of_themselves_is_told_by_the_place(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let until = NOW.plus_ms(3_600_000);
    let status = Status {
        emoji: "🚢".to_owned(),
        text: "On the water".to_owned(),
        until: Some(until),
        quiet: true,
    };
    let profile = Profile {
        about: "Screens and boards.".to_owned(),
        zone: "Europe/Vienna".to_owned(),
        status: Some(status),
    };
    let before = world.store.heads(bob).await.unwrap().place.unwrap();
    world.heard();
    let account = world.store.set_profile(ada, profile.clone(), NOW).await.unwrap().unwrap();
    assert_eq!(account.profile, profile);
    let missed = world.store.place_changes(bob, before, 10).await.unwrap();
    assert_eq!(missed.people, std::slice::from_ref(&account.user));
    let place = missed.revision;
    let told = Event::PersonChanged { user: account.user.clone(), place };
    assert_eq!(world.heard(), [Event::AccountChanged(account), told]);
    assert_eq!(world.store.person(bob, ada).await.unwrap().unwrap().profile, profile);
    world.store.set_profile(ada, profile, NOW).await.unwrap();
    assert_eq!(world.heard(), [], "nothing changed");
    assert_eq!(world.store.set_profile(UserId(99), Profile::default(), NOW).await.unwrap(), None);

    assert_eq!(world.store.sweep_statuses(Timestamp(until.0 - 1)).await.unwrap(), 0);
    assert_eq!(world.store.sweep_statuses(until).await.unwrap(), 1);
    let left = world.store.person(bob, ada).await.unwrap().unwrap().profile;
    assert_eq!((left.status, left.zone.as_str()), (None, "Europe/Vienna"));
}

pub async fn a_picture_takes_the_place_of_the_one_before(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let (one, two) = (PictureId([1; 16]), PictureId([2; 16]));
    let set = async |id: Option<PictureId>| {
        let squares = vec![(216, vec![216]), (108, vec![108]), (72, vec![72])];
        let picture = id.map(|id| NewPicture { id, squares });
        world.store.set_picture(ada, picture, NOW).await.unwrap().unwrap().user.picture
    };
    assert_eq!(set(Some(one)).await, Some(one));
    let square = async |id, side| world.store.picture(id, side).await.unwrap();
    for (asked, got) in [(1, 72), (72, 72), (73, 108), (200, 216), (500, 216)] {
        assert_eq!(square(one, asked).await, Some(vec![got]), "{asked}");
    }
    let channel = world.channel("general", ada).await;
    assert_eq!(world.say(channel, ada, "hello").await.author.picture, Some(one));
    assert_eq!(set(Some(two)).await, Some(two));
    assert_eq!((square(one, 72).await, square(two, 72).await), (None, Some(vec![72])));
    assert_eq!(world.everything(channel).await[0].author.picture, Some(two));
    assert_eq!(set(None).await, None);
    assert_eq!(square(two, 72).await, None);
}

pub async fn people_are_set_aside_for_oneself_alone(backend: &dyn Backend) {
    let world = World::open(backend);
    let mei = owner(&world, backend, "Mei").await;
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    world.heard();
    let set = async |user, whom, how| world.store.set_aside(user, whom, how).await;
    let account = set(ada, bob, Some(Aside::Mute)).await.unwrap();
    assert_eq!(account.aside, [(bob, Aside::Mute)]);
    assert_eq!(world.heard(), [Event::AccountChanged(account)], "only they are told");
    assert_eq!(world.store.account(bob).await.unwrap().unwrap().aside, []);
    set(ada, mei, Some(Aside::Block)).await.unwrap();
    let account = set(ada, bob, Some(Aside::Block)).await.unwrap();
    assert_eq!(account.aside, [(mei, Aside::Block), (bob, Aside::Block)]);
    set(ada, bob, None).await.unwrap();
    world.heard();
    let account = set(ada, bob, None).await.unwrap();
    assert_eq!((account.aside, world.heard()), (vec![(mei, Aside::Block)], vec![]));

    assert!(is_denied(&set(ada, ada, Some(Aside::Mute)).await, Denial::Forbidden));
    assert!(is_denied(&set(ada, UserId(99), Some(Aside::Mute)).await, Denial::NotFound));
    give(&world, mei, bob, Role::Guest).await.unwrap();
    assert!(is_denied(&set(bob, ada, Some(Aside::Mute)).await, Denial::NotFound));

    for number in 1..MAX_ASIDE {
        let other = world.person(&format!("Other number {number:03}")).await;
        set(ada, other, Some(Aside::Mute)).await.unwrap();
    }
    let full = set(ada, bob, Some(Aside::Mute)).await;
    assert!(matches!(full, Err(Error::Conflict(Constraint::SetAside))), "{full:?}");
    set(ada, mei, Some(Aside::Mute)).await.unwrap();
}
