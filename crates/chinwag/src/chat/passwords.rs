//! Passwords: Argon2id (RFC 9106), off the async threads, few at a time.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::{Error, Result};
use crate::model::refusal::Refusal;
use crate::secrets;

/// The fewest characters of a password (NIST SP 800-63B, 3.1.1).
pub const MIN: usize = 8;
/// The most characters of a password.
pub const MAX: usize = 200;
/// Hashes that are computed at once: each takes 19 MiB and some 30 ms of a core.
const AT_ONCE: usize = 2;

/// Hashes and checks passwords.
pub(super) struct Passwords {
    room: Semaphore,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { room: Semaphore::new(AT_ONCE) }
    }
}

impl Passwords {
    /// Checks the length, and makes a hash in PHC form.
    pub(super) async fn hash(&self, password: String) -> Result<String> {
        let length = password.chars().count();
        if !(MIN..=MAX).contains(&length) {
            return Err(Refusal::PasswordLength { min: MIN, max: MAX }.into());
        }
        self.compute(move || {
            let salt = secrets::salt()?;
            let hash = argon2()?.hash_password_with_salt(password.as_bytes(), &salt);
            let hash: PasswordHash = hash.map_err(internal)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether that is the password of that hash.
    pub(super) async fn verify(&self, password: String, hash: String) -> Result<bool> {
        if password.chars().count() > MAX {
            return Ok(false);
        }
        self.compute(move || {
            let hash = PasswordHash::new(&hash).map_err(internal)?;
            Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _room = self.room.acquire().await.map_err(internal)?;
        tokio::task::spawn_blocking(work).await.map_err(internal)?
    }
}

/// OWASP's first choice: 19 MiB, two passes, one lane.
fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("password hashing: {error}"))
}
