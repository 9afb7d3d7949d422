//! How far a bot token reaches: some channels or all that its person sees, and reading or writing too.

use std::collections::BTreeSet;

use super::ids::ChannelId;

/// The most channels that a token can be limited to: each is a socket room of every connection of it.
pub const MAX_REACH: usize = 20;

/// The limits of a bot token. Within them a token may do what its person may, and nothing more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// The only channels that it knows of, at most [`MAX_REACH`]; all that its person sees if there is
    /// no such limit. It may become empty: then it knows of none.
    pub channels: Option<BTreeSet<ChannelId>>,
    /// Whether it only reads.
    pub reads_only: bool,
}

impl Reach {
    /// Whether it is limited to some channels. Then it knows neither the directory, nor the people of
    /// the place, nor the other channels of its person.
    #[must_use]
    pub const fn is_narrow(&self) -> bool {
        self.channels.is_some()
    }

    /// Whether it may know of a channel, if its person does.
    #[must_use]
    pub fn covers(&self, channel: ChannelId) -> bool {
        self.channels.as_ref().is_none_or(|channels| channels.contains(&channel))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_limit_all_is_covered_and_with_one_no_more_than_it_names() {
        let all = Reach::default();
        assert!(!all.is_narrow() && all.covers(ChannelId(7)));
        let some = Reach { channels: Some([ChannelId(7)].into()), reads_only: true };
        assert!(some.is_narrow() && some.covers(ChannelId(7)) && !some.covers(ChannelId(8)));
        let none = Reach { channels: Some(BTreeSet::new()), reads_only: false };
        assert!(none.is_narrow() && !none.covers(ChannelId(7)), "its channels were deleted");
    }
}
