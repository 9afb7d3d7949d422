//! Every sentence that the server itself says to people, in English and 简体中文.
//!
//! The web app has its own catalogue; here are refusals, faults, flashes and the plain pages.
//! Nothing internal ever gets into a sentence.

mod codes;
mod explain;
mod pages;

pub use codes::Code;
pub use explain::{Explanation, explain};
pub use pages::{FlashText, Words, reading_only, words};
