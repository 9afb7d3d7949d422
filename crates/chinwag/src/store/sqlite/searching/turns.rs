//! Whose search runs when: few run at one time, and one of each person.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::model::ids::UserId;
use crate::store::{Error, Result};

/// How long a search waits for its turn.
const WAIT: Duration = Duration::from_secs(5);

/// The searches that run at one time: so few that most readers are left to others, who need them for moments. Whoever
/// asks for more than one waits for the first, and keeps nobody else waiting.
pub(crate) struct Turns {
    all: Arc<Semaphore>,
    people: Arc<Mutex<HashMap<UserId, Arc<Semaphore>>>>,
}

impl Turns {
    /// Among so many readers.
    pub(crate) fn among(readers: usize) -> Self {
        let all = Arc::new(Semaphore::new((readers / 2).max(1)));
        Self { all, people: Arc::default() }
    }

    /// Waits until a search of this person may run, as long as its turn lives.
    ///
    /// # Errors
    /// `Busy` when it takes too long, `Closed`.
    pub(super) async fn turn(&self, of: UserId) -> Result<Turn> {
        let person = Waiting { people: Arc::clone(&self.people), of };
        let own = person.permits();
        let both = async {
            let own = own.acquire_owned().await?;
            Ok((own, Arc::clone(&self.all).acquire_owned().await?))
        };
        let permits: std::result::Result<_, tokio::sync::AcquireError> =
            timeout(WAIT, both).await.map_err(|_| Error::Busy)?;
        Ok(Turn { _permits: permits.map_err(|_| Error::Closed)?, _person: person })
    }
}

/// The right to search. The permits go before the person is forgotten.
pub(super) struct Turn {
    _permits: (OwnedSemaphorePermit, OwnedSemaphorePermit),
    _person: Waiting,
}

/// A person who searches or waits for it.
struct Waiting {
    people: Arc<Mutex<HashMap<UserId, Arc<Semaphore>>>>,
    of: UserId,
}

impl Waiting {
    fn permits(&self) -> Arc<Semaphore> {
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(people.entry(self.of).or_insert_with(|| Arc::new(Semaphore::new(1))))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        // The map alone has it: nobody else of this person waits or searches.
        if people.get(&self.of).is_some_and(|permits| Arc::strong_count(permits) == 1) {
            people.remove(&self.of);
        }
    }
}
