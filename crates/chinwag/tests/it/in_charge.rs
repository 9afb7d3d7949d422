//! People who are in charge from the beginning of a story.

use std::path::Path;

use crate::app::{TestApp, User};

/// Gives a person of a data folder that role, and something that counts as a password. The sums of the
/// table are not kept, so that the folder is good for no restart.
pub fn make(data: &Path, user: i64, role: &str) {
    let db = rusqlite::Connection::open(data.join(chinwag::store::sqlite::DATABASE)).unwrap();
    db.busy_timeout(crate::app::DEADLINE).unwrap();
    let set = "UPDATE users SET role = ?2, password_hash = coalesce(password_hash, 'none')
               WHERE id = ?1";
    assert_eq!(db.execute(set, (user, role)).unwrap(), 1);
}

impl TestApp {
    /// A person in charge: `moderator` or `owner`.
    pub async fn in_charge(&self, name: &str, role: &str) -> User {
        let user = self.user(name).await;
        make(&self.data(), user.id, role);
        user
    }
}
