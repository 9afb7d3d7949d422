//! How many wrong passwords may be tried.

use std::net::IpAddr;

use super::meter::{MINUTE, Meter};
use crate::chat::Result;
use crate::model::addresses::block;
use crate::model::ids::UserId;
use crate::model::time::Uptime;

/// What a password is asked for. Strangers who guess at a sign-in do not keep the holder of the
/// name from changing their password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::chat) enum PasswordUse {
    /// Somebody signs in under a name.
    SignIn,
    /// Somebody who is signed in changes their own password.
    Settings,
}

/// One name takes this many times as many wrong passwords from all addresses together as from one.
const GUESSES_FROM_EVERYWHERE: u32 = 10;

/// Meters of wrong passwords. A password is counted before it is checked, and given back when it is
/// right. So when many are sent at once, no more are checked than may be wrong.
pub(in crate::chat) struct Guesses {
    /// For one name from one address, so that a stranger's guesses do not count against its holder.
    near: Meter<(UserId, IpAddr)>,
    /// For one name from everywhere.
    everywhere: Meter<UserId>,
    /// For the own password of somebody who is signed in.
    own: Meter<UserId>,
}

impl Guesses {
    pub(super) fn new(count: u32) -> Self {
        let many = count.saturating_mul(GUESSES_FROM_EVERYWHERE);
        Self {
            near: Meter::new(count, MINUTE, count),
            everywhere: Meter::new(many, MINUTE, many),
            own: Meter::new(count, MINUTE, count),
        }
    }

    /// Counts a password, before it is checked.
    ///
    /// # Errors
    /// `TooMany` with the seconds until the next one.
    pub(in crate::chat) fn take(
        &self,
        whose: UserId,
        usage: PasswordUse,
        address: IpAddr,
        now: Uptime,
    ) -> Result<()> {
        match usage {
            PasswordUse::Settings => self.own.take(whose, now),
            PasswordUse::SignIn => {
                self.near.take((whose, block(address)), now)?;
                self.everywhere.take(whose, now)
            }
        }
    }

    /// Takes back the count of a password that was right, or was not checked.
    pub(in crate::chat) fn give_back(&self, whose: UserId, usage: PasswordUse, address: IpAddr) {
        match usage {
            PasswordUse::Settings => self.own.give_back(&whose),
            PasswordUse::SignIn => {
                self.near.give_back(&(whose, block(address)));
                self.everywhere.give_back(&whose);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::{Guesses, PasswordUse, Uptime, UserId};

    #[test]
    fn a_name_takes_ten_times_as_many_guesses_from_everywhere_as_from_one_address() {
        let guesses = Guesses::new(2);
        let (ada, at) = (UserId(1), Uptime(1_000));
        let guess = |n: u8, usage| guesses.take(ada, usage, IpAddr::from([198, 51, 100, n]), at);
        for n in 0..10 {
            assert!(
                guess(n, PasswordUse::SignIn).is_ok() && guess(n, PasswordUse::SignIn).is_ok(),
                "{n}"
            );
            assert!(guess(n, PasswordUse::SignIn).is_err(), "{n}");
        }
        assert!(guess(10, PasswordUse::SignIn).is_err(), "from everywhere together");
        assert!(guess(10, PasswordUse::Settings).is_ok(), "their own count is their own");
        guesses.give_back(ada, PasswordUse::SignIn, IpAddr::from([198, 51, 100, 0]));
        assert!(guess(0, PasswordUse::SignIn).is_ok());
    }

    #[test]
    fn a_block_of_addresses_guesses_as_one() {
        let guesses = Guesses::new(2);
        let guess = |address: &str| {
            let address: IpAddr = address.parse().unwrap();
            guesses.take(UserId(1), PasswordUse::SignIn, address, Uptime(1_000))
        };
        assert!(guess("2001:db8::1").is_ok() && guess("2001:db8::2").is_ok());
        assert!(guess("2001:db8::3").is_err());
        assert!(guess("2001:db8:0:1::1").is_ok());
    }

    #[test]
    fn what_was_right_is_given_back_for_each_use() {
        let guesses = Guesses::new(1);
        let address = IpAddr::from([198, 51, 100, 1]);
        for usage in [PasswordUse::SignIn, PasswordUse::Settings] {
            for _ in 0..30 {
                assert!(guesses.take(UserId(1), usage, address, Uptime(1_000)).is_ok());
                guesses.give_back(UserId(1), usage, address);
            }
            assert!(guesses.take(UserId(1), usage, address, Uptime(1_000)).is_ok());
            assert!(guesses.take(UserId(1), usage, address, Uptime(1_000)).is_err());
        }
    }
}
