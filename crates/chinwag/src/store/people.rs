//! People as others see them, what they say of themselves, and who may come in no more.

use async_trait::async_trait;

use super::Result;
use crate::model::ids::{PictureId, UserId};
use crate::model::log::Doer;
use crate::model::people::{PeoplePage, Person, Together, Which};
use crate::model::profiles::Profile;
use crate::model::time::Timestamp;
use crate::model::users::{Account, Aside};

/// A picture of a person, in its sizes.
#[derive(Debug, Clone)]
pub struct NewPicture {
    /// Its id.
    pub id: PictureId,
    /// The length of a side in pixels, and the bytes of the square.
    pub squares: Vec<(u32, Vec<u8>)>,
}

/// People as others see them.
#[async_trait]
pub trait People: Send + Sync {
    /// A person as `viewer` sees them. `None`: there is no such person, or `viewer` may not know of
    /// them: a guest knows the people in their channels alone.
    async fn person(&self, viewer: UserId, whom: UserId) -> Result<Option<Person>>;

    /// The channels that `viewer` and a person are in together.
    async fn together(&self, viewer: UserId, whom: UserId) -> Result<Together>;

    /// Those of these people of whom `viewer` may know, as in [`Self::person`]. For members of the place,
    /// who know everybody, they are not looked up: ids that nobody has stay.
    ///
    /// # Errors
    /// `Denied` when there is no such viewer, or their account is deactivated.
    async fn known_to(&self, viewer: UserId, whom: &[UserId]) -> Result<Vec<UserId>>;

    /// The list of those who keep order: people whose name contains `query` (folded as the key of a
    /// name is) and who are `which`, those after `after`.
    ///
    /// # Errors
    /// `Denied` when `by` may not see it.
    async fn list_people(
        &self,
        by: UserId,
        query: &str,
        which: Which,
        after: Option<UserId>,
    ) -> Result<PeoplePage>;

    /// Deactivates an account: all of its sessions and tokens end, and nobody signs in with it. It is
    /// written into the log. Nothing happens if it is deactivated already. Events: `SessionEnded` for
    /// each session, `TokenRevoked` for each token, `AccountChanged`, `PersonChanged`.
    ///
    /// # Errors
    /// `Denied` when `by` may not do that, or is the person.
    async fn deactivate(&self, by: Doer, whom: UserId) -> Result<()>;

    /// Brings an account back, which is written into the log. Its person signs in again as they did
    /// before. Events: `AccountChanged`, `PersonChanged`.
    ///
    /// # Errors
    /// `Denied` when `by` may not do that, or is the person.
    async fn bring_back(&self, by: Doer, whom: UserId) -> Result<()>;

    /// Mutes a person everywhere until then, or lets them write again (`None`). It is written into the log.
    /// Nothing happens if it is so already. Event: `AccountChanged`; nobody else is told.
    ///
    /// # Errors
    /// `Denied` when `by` may not do that, or is the person.
    async fn mute_person(&self, by: Doer, whom: UserId, until: Option<Timestamp>) -> Result<()>;

    /// Frees the name of a guest whose visit has ended, which is written into the log: they get their name
    /// with the date of the visit, and nobody comes back under it. Events: `PersonChanged`,
    /// `AccountChanged`; `SessionEnded`, `TokenRevoked` for what they had.
    ///
    /// # Errors
    /// `Denied` when `by` may not do that; `Conflict(VisitGoesOn)`.
    async fn free_name(&self, by: Doer, whom: UserId) -> Result<()>;

    /// Replaces what a person says of themselves. `None`: no such person. Events: `AccountChanged`,
    /// `PersonChanged`.
    ///
    /// # Errors
    /// `Denied` for words that are new, when the person is muted everywhere at `at`.
    async fn set_profile(
        &self,
        user: UserId,
        profile: Profile,
        at: Timestamp,
    ) -> Result<Option<Account>>;

    /// Replaces a person's picture, or takes it away. The one before is gone. `None`: no such person.
    /// Events: `AccountChanged`, `PersonChanged`.
    ///
    /// # Errors
    /// `Denied` for a new one, when the person is muted everywhere at `at`.
    async fn set_picture(
        &self,
        user: UserId,
        picture: Option<NewPicture>,
        at: Timestamp,
    ) -> Result<Option<Account>>;

    /// The smallest square of a picture that is at least `side` wide, else the largest. `None`: there
    /// is no such picture.
    async fn picture(&self, id: PictureId, side: u32) -> Result<Option<Vec<u8>>>;

    /// Sets a person aside for `user` alone, in another way than before, or not any more (`None`). They
    /// are not told. Event: `AccountChanged`, if it was otherwise.
    ///
    /// # Errors
    /// `Denied` when `user` may not know of the person, or is the person;
    /// `Conflict(SetAside)` when [`MAX_ASIDE`](crate::model::users::MAX_ASIDE) are set aside.
    async fn set_aside(&self, user: UserId, whom: UserId, how: Option<Aside>) -> Result<Account>;

    /// Ends the statuses that are over at `at`, so that nothing is kept of them; returns how many.
    async fn sweep_statuses(&self, at: Timestamp) -> Result<usize>;
}
