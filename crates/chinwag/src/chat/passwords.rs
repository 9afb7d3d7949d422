//! Passwords: Argon2id (RFC 9106), off the async threads, few at a time.
//!
//! A hash takes 19 MiB and some 30 ms of a core, and goes on when the client that asked for it has
//! hung up. So the permit to run belongs to the work and not to the request. The number of requests
//! that wait is bounded in all and for each account, so that many requests for one name keep nobody
//! else waiting.

use std::sync::Arc;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::limits::{PasswordUse, Slots};
use super::{Error, Result};
use crate::model::ids::UserId;
use crate::model::refusal::Refusal;
use crate::secrets;

/// The fewest characters of a password (NIST SP 800-63B, 3.1.1).
pub const MIN: usize = 8;
/// The most characters of a password.
pub const MAX: usize = 200;
/// Hashes that are computed at the same time.
const AT_ONCE: usize = 2;
/// Hashes that are computed or waited for, in all. The last one waits about a second.
const IN_ALL: usize = 64;
/// Hashes that are computed or waited for, for one account and use.
const PER_ACCOUNT: u32 = 2;

/// Hashes and checks passwords.
pub(super) struct Passwords {
    running: Arc<Semaphore>,
    places: Arc<Semaphore>,
    per_account: Slots<(UserId, PasswordUse)>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            running: Arc::new(Semaphore::new(AT_ONCE)),
            places: Arc::new(Semaphore::new(IN_ALL)),
            per_account: Slots::new(PER_ACCOUNT),
        }
    }
}

impl Passwords {
    /// Checks the length, and makes a hash in PHC form.
    pub(super) async fn hash(&self, whose: UserId, password: String) -> Result<String> {
        check_length(&password)?;
        self.compute(Some((whose, PasswordUse::Settings)), move || make(&password)).await
    }

    /// The same for somebody who has no account yet. Only the places in all bound it.
    pub(super) async fn hash_of_newcomer(&self, password: String) -> Result<String> {
        check_length(&password)?;
        self.compute(None, move || make(&password)).await
    }

    /// Whether `hash` is of `password`.
    pub(super) async fn verify(
        &self,
        whose: UserId,
        usage: PasswordUse,
        password: String,
        hash: String,
    ) -> Result<bool> {
        if password.chars().count() > MAX {
            return Ok(false);
        }
        self.compute(Some((whose, usage)), move || {
            let hash = PasswordHash::new(&hash).map_err(internal)?;
            Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
    }

    /// Runs the work when its turn comes. A caller that gives up before that leaves the queue. Work
    /// that runs keeps its places until it ends, whether anybody still waits for it or not.
    ///
    /// # Errors
    /// `TooMany` when the account has its places taken, `Unavailable` when all are.
    async fn compute<T: Send + 'static>(
        &self,
        whose: Option<(UserId, PasswordUse)>,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let slot = whose.map(|whose| self.per_account.take(whose)).transpose()?;
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| {
            Error::Unavailable("too many passwords are being checked at once".to_owned())
        })?;
        let permit = Arc::clone(&self.running).acquire_owned().await.map_err(internal)?;
        let work = move || {
            let done = work();
            drop((permit, place, slot));
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(internal)?
    }
}

fn make(password: &str) -> Result<String> {
    let salt = secrets::salt()?;
    let hash = argon2()?.hash_password_with_salt(password.as_bytes(), &salt);
    let hash: PasswordHash = hash.map_err(internal)?;
    Ok(hash.to_string())
}

/// Checks the length of a new password.
///
/// # Errors
/// `PasswordLength`.
pub(super) fn check_length(password: &str) -> Result<()> {
    if (MIN..=MAX).contains(&password.chars().count()) {
        Ok(())
    } else {
        Err(Refusal::PasswordLength { min: MIN, max: MAX }.into())
    }
}

/// Argon2id as OWASP recommends it first: 19 MiB, two passes, one lane.
fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("password hashing: {error}"))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    /// What holds a piece of work: it says when it begins, and then waits.
    struct Gate {
        begun: mpsc::Sender<i64>,
        go: mpsc::Receiver<()>,
    }

    fn held(begun: &mpsc::Sender<i64>) -> (Gate, mpsc::Sender<()>) {
        let (open, go) = mpsc::channel();
        (Gate { begun: begun.clone(), go }, open)
    }

    fn start(
        passwords: &Arc<Passwords>,
        who: i64,
        gate: Gate,
    ) -> tokio::task::JoinHandle<Result<()>> {
        let passwords = Arc::clone(passwords);
        tokio::spawn(async move {
            let work = move || {
                let _ = gate.begun.send(who);
                let _ = gate.go.recv();
                Ok(())
            };
            passwords.compute(Some((UserId(who), PasswordUse::SignIn)), work).await
        })
    }

    const DEADLINE: Duration = Duration::from_secs(20);

    #[tokio::test(flavor = "multi_thread")]
    async fn work_whose_asker_hung_up_keeps_its_permit() {
        let passwords = Arc::new(Passwords::default());
        let (begun, begins) = mpsc::channel();
        let mut open = Vec::new();
        for who in 1..=2 {
            let (gate, opener) = held(&begun);
            let asker = start(&passwords, who, gate);
            assert_eq!(begins.recv_timeout(DEADLINE), Ok(who));
            asker.abort();
            assert!(asker.await.is_err_and(|error| error.is_cancelled()));
            open.push(opener);
        }
        let (gate, third) = held(&begun);
        let asker = start(&passwords, 3, gate);
        while passwords.places.available_permits() > IN_ALL - 3 {
            tokio::task::yield_now().await;
        }
        assert_eq!(passwords.running.available_permits(), 0, "both still run");
        assert!(begins.try_recv().is_err());
        drop(open);
        assert_eq!(begins.recv_timeout(DEADLINE), Ok(3));
        drop(third);
        assert!(asker.await.unwrap().is_ok());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_account_takes_no_more_than_its_places_and_all_have_a_bound() {
        let passwords = Arc::new(Passwords::default());
        let (begun, _begins) = mpsc::channel();
        let mut open = Vec::new();
        let mut askers = Vec::new();
        for who in [1, 1] {
            let (gate, opener) = held(&begun);
            askers.push(start(&passwords, who, gate));
            open.push(opener);
        }
        while passwords.places.available_permits() > IN_ALL - 2 {
            tokio::task::yield_now().await;
        }
        let refused = passwords.compute(Some((UserId(1), PasswordUse::SignIn)), || Ok(())).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::TooMany { .. }))));
        for who in 2..=i64::try_from(IN_ALL - 1).unwrap() {
            let (gate, opener) = held(&begun);
            askers.push(start(&passwords, who, gate));
            open.push(opener);
        }
        while passwords.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused =
            passwords.compute(Some((UserId(1_000), PasswordUse::SignIn)), || Ok(())).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))));
        drop(open);
        for asker in askers {
            assert!(asker.await.unwrap().is_ok());
        }
        let (settings, mine) =
            ((UserId(1), PasswordUse::Settings), (UserId(1), PasswordUse::SignIn));
        assert!(passwords.compute(Some(settings), || Ok(())).await.is_ok());
        assert!(passwords.compute(Some(mine), || Ok(())).await.is_ok());
    }
}
