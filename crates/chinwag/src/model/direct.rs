//! Direct conversations: whose one is, and what makes it the same one again.

use super::ids::UserId;

/// The most people of a direct conversation, whoever opens it among them.
pub const MAX_PEOPLE: usize = 8;

/// The fewest people of a group, which may have a name of its own.
pub const FEWEST_IN_GROUP: usize = 3;

/// The people of a direct conversation: of one person (notes to themselves), of two, or of a group. They
/// never change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct People(Vec<UserId>);

impl People {
    /// Somebody and the others whom they name, each once. `None`: those are more than [`MAX_PEOPLE`].
    #[must_use]
    pub fn of(by: UserId, others: &[UserId]) -> Option<Self> {
        // A list that repeats one person for ever is not sorted first.
        if others.len() > MAX_PEOPLE * 2 {
            return None;
        }
        let mut all = others.to_vec();
        all.push(by);
        all.sort_unstable();
        all.dedup();
        (all.len() <= MAX_PEOPLE).then_some(Self(all))
    }

    /// What is the same for the same people.
    #[must_use]
    pub fn key(&self) -> String {
        let ids: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        ids.join(",")
    }

    /// Their ids, ascending.
    #[must_use]
    pub fn ids(&self) -> &[UserId] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_PEOPLE, People, UserId};

    #[test]
    fn the_same_people_are_one_conversation_in_any_order() {
        let of = |by, others: &[i64]| {
            let others: Vec<UserId> = others.iter().copied().map(UserId).collect();
            People::of(UserId(by), &others)
        };
        assert_eq!(of(3, &[20, 1]).unwrap().key(), "1,3,20");
        assert_eq!(of(20, &[1, 3, 1, 20]), of(3, &[20, 1]));
        assert_eq!(of(7, &[]), of(7, &[7]), "notes to oneself");
        let others: Vec<i64> = (1..).take(MAX_PEOPLE).collect();
        assert!(of(99, &others[1..]).is_some());
        assert!(of(99, &others).is_none());
        assert!(of(1, &[1; 1_000]).is_none());
    }
}
