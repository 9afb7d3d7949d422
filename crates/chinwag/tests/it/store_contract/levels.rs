//! How much of a channel its members want to be told of.

use chinwag::model::events::Event;
use chinwag::model::levels::Level;

use super::world::{Backend, NOW, World};

pub async fn a_level_is_a_change_of_ones_membership(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    assert_eq!(world.store.set_level(tea, bob, Level::All).await.unwrap(), None, "not in it");
    let joined = world.store.join(tea, bob, NOW).await.unwrap();
    assert_eq!(joined.membership.unwrap().level, Level::Mentions);
    world.heard();
    for level in [Level::Nothing, Level::All, Level::Mentions] {
        let view = world.store.set_level(tea, bob, level).await.unwrap().unwrap();
        assert_eq!(view.membership.unwrap().level, level);
        let told = Event::MembershipChanged { user: bob, view: view.clone() };
        assert_eq!(world.heard(), [told]);
        let again = world.store.set_level(tea, bob, level).await.unwrap().unwrap();
        assert_eq!((again, world.heard()), (view.clone(), vec![]), "the same again");
        // Whoever slept learns it, and the list says the same.
        let missed = world.store.own_changes(bob, view.own_revision.before(), 10).await;
        assert_eq!(missed.unwrap().unwrap().channels, [view]);
        let list = world.store.channels(bob).await.unwrap();
        assert_eq!(list[0].membership.unwrap().level, level);
    }
    let of_ada = world.store.channel(tea, ada).await.unwrap().unwrap();
    assert_eq!(of_ada.membership.unwrap().level, Level::Mentions, "it is one's own");
    world.store.set_level(tea, bob, Level::Nothing).await.unwrap();
    world.store.leave(tea, bob, NOW).await.unwrap();
    let back = world.store.join(tea, bob, NOW).await.unwrap();
    assert_eq!(back.membership.unwrap().level, Level::Mentions);
}
