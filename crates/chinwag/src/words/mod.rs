//! Every sentence that the server itself says to people, in English and 简体中文: for refusals,
//! faults, flashes and the plain pages. The web app has a catalogue of its own.
//!
//! Nothing internal ever gets into a sentence.

mod broken_rules;
mod codes;
mod door;
mod explain;
mod explanation;
mod lines;
mod members;
mod pages;
mod transcripts;

pub use codes::Code;
pub use door::{DoorText, DoorWords, door_words};
pub use explain::explain;
pub use explanation::Explanation;
pub use lines::line;
pub use members::{MembersWords, came_by, members_words};
pub use pages::{
    FlashText, Words, added_you_to, also_to, mentioned_in, pinned_by, reacted_in, reading_only,
    replied_in, replies, told_everyone_in, words, wrote_to_you,
};
pub use transcripts::{TranscriptWords, exported_by, transcript_words};
