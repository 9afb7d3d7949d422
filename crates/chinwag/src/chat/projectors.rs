//! Invites that are shown on projectors, and the short codes that work as long as they are.
//!
//! They are in memory alone: a projector says every [`BEAT_S`] that it still shows its invite, and one that
//! was closed, lost its line or may not see the invite any more ends its code within [`GONE_AFTER_MS`]. After
//! a restart of the server each projector gets another code with its next word.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::limits::{HOUR, MINUTE, Meter};
use super::{Actor, Chat, Result};
use crate::clock::Clock;
use crate::model::addresses::block;
use crate::model::ids::{SecretHash, UserId};
use crate::model::invites::{Projected, ShortCode};
use crate::model::place::Waiting;
use crate::model::refusal::{Noun, Refusal};
use crate::model::time::Uptime;
use crate::secrets::{self, InviteCode};

/// How often a projector says that it still shows its invite, in seconds.
pub const BEAT_S: u32 = 20;
/// How long a code works after the last word of a projector, in milliseconds.
const GONE_AFTER_MS: i64 = 60_000;
/// How long one code works at most, in milliseconds: a day. Then the projector gets another one.
const CODE_MS: i64 = 24 * 3_600_000;
/// The most invites that are shown at one time.
const MAX_SHOWN: usize = 200;
/// The most invites that one person shows at one time.
const MAX_SHOWN_BY_ONE: usize = 10;
/// The most people who show one invite at one time.
const MAX_SHOWING: usize = 10;
/// How long a projector is told to wait for which there is no room, in seconds.
const RETRY_S: u64 = 5;
/// Wrong codes, per address and minute.
const WRONG_CODES: u32 = 20;
/// Wrong codes in all, per hour.
const WRONG_CODES_IN_ALL: u32 = 1_000;
/// The most people, and the most names at the door, that a projector shows.
const MAX_LISTED: usize = 100;

/// An invite on at least one projector.
struct Shown {
    invite: i64,
    /// What the invite is looked up by.
    hash: SecretHash,
    code: ShortCode,
    made_at: Uptime,
    /// Who shows it, and when their projector said so last.
    by: Vec<(UserId, Uptime)>,
}

/// What is shown on projectors now.
pub struct Projectors {
    clock: Arc<dyn Clock>,
    shown: Mutex<Vec<Shown>>,
}

impl Projectors {
    /// Starts with none.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, shown: Mutex::default() }
    }

    /// What is shown, without what is not any more.
    fn now<T>(&self, with: impl FnOnce(&mut Vec<Shown>, Uptime) -> T) -> T {
        let now = self.clock.uptime();
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        for one in shown.iter_mut() {
            one.by.retain(|(_, at)| now.0 - at.0 < GONE_AFTER_MS);
        }
        shown.retain(|one| !one.by.is_empty());
        with(&mut shown, now)
    }

    /// Notes that somebody shows an invite; returns its code. `fresh` is the code that it gets if it needs
    /// one.
    fn show(
        &self,
        invite: i64,
        hash: SecretHash,
        by: UserId,
        fresh: ShortCode,
    ) -> Result<ShortCode> {
        self.now(|shown, now| {
            let of_one = shown.iter().filter(|one| one.by.iter().any(|(user, _)| *user == by));
            let of_one = of_one.filter(|one| one.invite != invite).count();
            let is_shown = shown.iter().any(|one| one.invite == invite);
            if of_one >= MAX_SHOWN_BY_ONE {
                return Err(Refusal::TooManyOf { noun: Noun::Invite, max: of_one }.into());
            }
            // Of two that are the same, neither would be found for certain.
            let is_used = shown.iter().any(|one| one.code.is(&fresh));
            if !is_shown {
                if is_used || shown.len() >= MAX_SHOWN {
                    return Err(Refusal::TooMany { retry_after_s: RETRY_S }.into());
                }
                shown.push(Shown { invite, hash, code: fresh, made_at: now, by: Vec::new() });
            }
            let found = shown.iter_mut().find(|one| one.invite == invite);
            let Some(one) = found else { return Ok(fresh) };
            if now.0 - one.made_at.0 >= CODE_MS && !is_used {
                (one.code, one.made_at) = (fresh, now);
            }
            one.by.retain(|(user, _)| *user != by);
            one.by.truncate(MAX_SHOWING - 1);
            one.by.insert(0, (by, now));
            Ok(one.code)
        })
    }

    /// Notes that somebody does not show an invite any more, or may not.
    fn hide(&self, invite: i64, by: UserId) {
        self.now(|shown, _| {
            for one in shown.iter_mut().filter(|one| one.invite == invite) {
                one.by.retain(|(user, _)| *user != by);
            }
            shown.retain(|one| !one.by.is_empty());
        });
    }

    /// Who shows an invite.
    #[must_use]
    pub fn showing(&self, invite: i64) -> Vec<UserId> {
        self.now(|shown, _| {
            let found = shown.iter().find(|one| one.invite == invite);
            found.map_or(Vec::new(), |one| one.by.iter().map(|(user, _)| *user).collect())
        })
    }

    /// The invite with that code, by which it is looked up. All codes are compared, whichever it is; where
    /// none is the same, the hash is that of no invite.
    fn find(&self, code: &ShortCode) -> SecretHash {
        self.now(|shown, now| {
            let mut found = SecretHash([0; 32]);
            for one in shown.iter() {
                let is_it = one.code.is(code) & (now.0 - one.made_at.0 < CODE_MS);
                let mask = u8::from(is_it).wrapping_neg();
                for (byte, its) in found.0.iter_mut().zip(one.hash.0) {
                    *byte |= its & mask;
                }
            }
            found
        })
    }
}

/// How often a wrong code may be typed. A code is counted before it is looked at, and given back when it is
/// right.
pub(super) struct CodeMeters {
    near: Meter<IpAddr>,
    in_all: Meter<()>,
}

impl Default for CodeMeters {
    fn default() -> Self {
        Self {
            near: Meter::new(WRONG_CODES, MINUTE, WRONG_CODES),
            in_all: Meter::new(WRONG_CODES_IN_ALL, HOUR, WRONG_CODES_IN_ALL),
        }
    }
}

impl CodeMeters {
    fn take(&self, from: IpAddr, now: Uptime) -> Result<()> {
        // Whoever may not try any more takes nothing from the others.
        self.near.take(block(from), now)?;
        self.in_all.take((), now)
    }

    fn give_back(&self, from: IpAddr) {
        self.near.give_back(&block(from));
        self.in_all.give_back(&());
    }
}

/// What a projector shows.
pub struct Projection {
    /// The invite, where it leads, and who came by it.
    pub projected: Projected,
    /// The short code; `None` when the invite lets nobody in any more.
    pub code: Option<ShortCode>,
    /// Who waits by it, in the order in which they came, and how many; nobody for whoever may not let them in.
    pub waiting: (Vec<Waiting>, i64),
}

impl Chat {
    /// Shows an invite on a projector, or says that it is still shown.
    ///
    /// # Errors
    /// `Forbidden` for a bot, `NotFound`, `TooManyOf`.
    pub async fn project(&self, actor: &Actor, id: i64) -> Result<Projection> {
        actor.in_person()?;
        let now = self.clock.now();
        let projected = self.store.projected(id, actor.id(), now, MAX_LISTED).await?;
        let Some(projected) = projected else {
            self.projectors.hide(id, actor.id());
            return Err(Refusal::NotFound(Noun::Invite).into());
        };
        let code = if projected.invite.is_over(now) {
            self.projectors.hide(id, actor.id());
            None
        } else {
            let hash = InviteCode::parse(&projected.invite.code).map(|code| code.hash());
            let hash = hash.ok_or(Refusal::NotFound(Noun::Invite))?;
            Some(self.projectors.show(id, hash, actor.id(), secrets::short_code()?)?)
        };
        let waiting = self.store.waiting_by(id, actor.doer(now), MAX_LISTED).await?;
        Ok(Projection { projected, code, waiting: waiting.unwrap_or_default() })
    }

    /// Does not show an invite any more: its code ends, unless somebody else shows it too.
    ///
    /// # Errors
    /// `Forbidden` for a bot, `NotFound`.
    pub async fn stop_projecting(&self, actor: &Actor, id: i64) -> Result<()> {
        actor.in_person()?;
        self.projectors.hide(id, actor.id());
        self.invite(actor, id).await.map(drop)
    }

    /// The long code of the invite that a short code stands for. Wrong codes and those that ended are
    /// answered alike, with the same work.
    ///
    /// # Errors
    /// `WrongCode`, `TooMany`.
    pub async fn invite_of_code(&self, typed: &str, from: IpAddr) -> Result<String> {
        let now = self.clock.uptime();
        self.codes.take(from, now)?;
        // A text that is no code is one that nobody has.
        let code = ShortCode::parse(typed).unwrap_or_else(|| ShortCode::of_number(0));
        let hash = self.projectors.find(&code);
        let found = self.store.invitation(hash).await?;
        let alive = found.filter(|found| !found.invite.is_over(self.clock.now()));
        let invite = alive.filter(|_| ShortCode::parse(typed).is_some());
        let invite = invite.ok_or(Refusal::WrongCode)?.invite;
        self.codes.give_back(from);
        Ok(invite.code)
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::sync::Arc;

    use super::{CodeMeters, GONE_AFTER_MS, Projectors, SecretHash, ShortCode, Uptime, UserId};
    use crate::clock::ManualClock;
    use crate::model::time::Timestamp;

    const ADA: UserId = UserId(1);
    const BEA: UserId = UserId(2);

    fn projectors() -> (Arc<ManualClock>, Projectors) {
        let clock = Arc::new(ManualClock::at(Timestamp(0)));
        (Arc::clone(&clock), Projectors::new(clock))
    }

    fn hash(of: u8) -> SecretHash {
        SecretHash([of; 32])
    }

    #[test]
    fn a_code_works_as_long_as_somebody_shows_it() {
        let (clock, projectors) = projectors();
        let show = |invite: i64, by, fresh| {
            let fresh = ShortCode::of_number(fresh);
            projectors.show(invite, hash(invite as u8), by, fresh).unwrap()
        };
        let code = show(7, ADA, 11);
        assert!(show(7, BEA, 12).is(&code), "one invite has one code");
        assert!(!show(8, ADA, 13).is(&code));
        assert_eq!(projectors.find(&code), hash(7));
        assert_eq!(projectors.find(&ShortCode::of_number(99)), hash(0));
        clock.advance_ms(GONE_AFTER_MS - 1);
        show(7, BEA, 14);
        clock.advance_ms(GONE_AFTER_MS - 1);
        assert_eq!(projectors.find(&code), hash(7), "one of two projectors is left");
        assert_eq!(projectors.showing(7), [BEA]);
        clock.advance_ms(1);
        assert_eq!(projectors.find(&code), hash(0));
        assert!(!show(7, ADA, 15).is(&code), "a code that ended does not come back");
        projectors.hide(7, ADA);
        assert_eq!(projectors.find(&ShortCode::of_number(15)), hash(0));
    }

    #[test]
    fn a_code_ends_after_a_day_also_while_it_is_shown() {
        let (clock, projectors) = projectors();
        let show = |fresh| projectors.show(7, hash(7), ADA, ShortCode::of_number(fresh)).unwrap();
        let first = show(1);
        for _ in 0..24 * 60 * 2 - 1 {
            clock.advance_ms(30_000);
            assert!(show(2).is(&first));
        }
        clock.advance_ms(30_000);
        assert_eq!(projectors.find(&first), hash(0), "also before the projector says a word");
        assert!(!show(3).is(&first));
        assert_eq!(projectors.find(&ShortCode::of_number(3)), hash(7));
    }

    #[test]
    fn wrong_codes_are_counted_by_address_and_in_all() {
        let meters = CodeMeters::default();
        let from = |n: u32| IpAddr::from(n.to_be_bytes());
        for _ in 0..20 {
            meters.take(from(1), Uptime(0)).unwrap();
        }
        assert!(meters.take(from(1), Uptime(0)).is_err());
        for n in 0..980 {
            meters.take(from(10 + n / 20), Uptime(0)).unwrap();
        }
        assert!(meters.take(from(500), Uptime(0)).is_err(), "in all");
        meters.give_back(from(10));
        assert!(meters.take(from(501), Uptime(0)).is_ok());
    }

    #[test]
    fn there_is_a_bound_for_each_person() {
        let (_, projectors) = projectors();
        for invite in 0..10 {
            let fresh = ShortCode::of_number(invite as u64);
            projectors.show(invite, hash(1), ADA, fresh).unwrap();
        }
        assert!(projectors.show(10, hash(1), ADA, ShortCode::of_number(10)).is_err());
        assert!(projectors.show(3, hash(1), ADA, ShortCode::of_number(11)).is_ok(), "it is shown");
        assert!(projectors.show(10, hash(1), BEA, ShortCode::of_number(10)).is_ok());
    }
}
