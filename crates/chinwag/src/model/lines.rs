//! Lines: rows of a channel that say what happened in it, between the messages.

use super::ids::UserId;
use super::time::Timestamp;
use super::users::User;

/// Channels with more members than this have no lines of people who join and leave.
pub const MOST_MEMBERS_WITH_LINES: i64 = 200;
/// The most people that one line names.
pub const MAX_LINE_PEOPLE: usize = 50;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident: $code:literal;)*) => {
        /// What a line says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum LineKind {
            $($(#[$doc])* $name,)*
        }

        impl LineKind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its code, in the database and on the wire.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The kind of a code. `None`: there is no such kind.
            #[must_use]
            pub fn of_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.code() == code)
            }
        }
    };
}

kinds! {
    /// People joined or left.
    Members: "members";
    /// The channel was renamed, `from` one name `to` another.
    Renamed: "renamed";
    /// The topic is `to` now; empty when it was taken away.
    Topic: "topic";
    /// The person became a host.
    Host: "host";
    /// The person is no host any more.
    NoHost: "no_host";
    /// Slow mode is on, with `to` seconds between two messages; 0 when it was turned off.
    Slow: "slow";
    /// The channel was archived.
    Archived: "archived";
    /// The channel was brought back from the archive.
    BroughtBack: "brought_back";
    /// The channel was made private.
    MadePrivate: "made_private";
    /// The channel was made public.
    MadePublic: "made_public";
    /// The messages before this line were cleared.
    Cleared: "cleared";
    /// The message with the number `to` was pinned.
    Pinned: "pinned";
    /// A transcript of the channel was made.
    Exported: "exported";
}

/// A line. Who did it is the author of its row; of people who join and leave that is the first of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<P = User> {
    /// What it says.
    pub kind: LineKind,
    /// Whom it is about, at most [`MAX_LINE_PEOPLE`]; each stands in it once.
    pub people: Vec<Passage<P>>,
    /// What was before; empty for most kinds.
    pub from: String,
    /// What is now; empty for most kinds.
    pub to: String,
}

/// A person in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage<P = User> {
    /// The person.
    pub who: P,
    /// Whether they joined last, and did not leave.
    pub joined: bool,
    /// When that was.
    pub at: Timestamp,
    /// Who put them into the channel, if it was somebody else.
    pub by: Option<P>,
}

impl Line<UserId> {
    /// A line that needs no more than its kind.
    #[must_use]
    pub const fn of(kind: LineKind) -> Self {
        Self { kind, people: Vec::new(), from: String::new(), to: String::new() }
    }

    /// A line about one person.
    #[must_use]
    pub fn about(kind: LineKind, person: Passage<UserId>) -> Self {
        Self { people: vec![person], ..Self::of(kind) }
    }

    /// Adds a person who joined or left: somebody who stands in it already stands at the end now, with
    /// what they did last. `false`: the line is full.
    pub fn goes_on(&mut self, person: Passage<UserId>) -> bool {
        let others = self.people.iter().filter(|known| known.who != person.who).count();
        if others >= MAX_LINE_PEOPLE {
            return false;
        }
        self.people.retain(|known| known.who != person.who);
        self.people.push(person);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(who: i64, joined: bool) -> Passage<UserId> {
        Passage { who: UserId(who), joined, at: Timestamp(who), by: None }
    }

    #[test]
    fn a_line_names_a_person_once_and_has_a_bound() {
        let mut line = Line::about(LineKind::Members, passage(0, true));
        for who in 1..50 {
            assert!(line.goes_on(passage(who, true)));
        }
        assert!(!line.goes_on(passage(50, true)), "it is full");
        assert!(line.goes_on(passage(7, false)), "but not for somebody who stands in it");
        assert_eq!(line.people.len(), MAX_LINE_PEOPLE);
        assert_eq!(line.people.last(), Some(&passage(7, false)));
    }
}
