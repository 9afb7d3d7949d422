//! What was acknowledged of edits and reactions, and whether it is stored.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::copy::{integer, reactions};

/// An emoji, and how it is written in an address.
pub(crate) type Emoji = (&'static str, &'static str);

/// The emoji of the two connections of a person: each has its own, so that it knows what it has put where.
pub(crate) const EMOJI: [[Emoji; 3]; 2] = [
    [("👍", "%F0%9F%91%8D"), ("🎉", "%F0%9F%8E%89"), ("❤️", "%E2%9D%A4")],
    [("😀", "%F0%9F%98%80"), ("🇭🇰", "%F0%9F%87%AD%F0%9F%87%B0"), ("👀", "%F0%9F%91%80")],
];

/// Edits and reactions that were acknowledged.
#[derive(Default)]
pub(crate) struct Talk {
    /// The text that a message was given last and how often it was edited, by its key.
    edited: HashMap<String, (String, i64)>,
    /// Who has put an emoji to a message, by its channel and number.
    put: BTreeMap<(i64, i64), BTreeMap<&'static str, BTreeSet<String>>>,
}

impl Talk {
    /// Notes an edit.
    pub(crate) fn edited(&mut self, key: &str, text: &str, edits: i64) {
        self.edited.insert(key.to_owned(), (text.to_owned(), edits));
    }

    /// Notes that somebody put an emoji to a message, or took it back.
    pub(crate) fn reacted(&mut self, to: (i64, i64), emoji: &'static str, who: &str, on: bool) {
        let people = self.put.entry(to).or_default().entry(emoji).or_default();
        if on {
            people.insert(who.to_owned());
        } else {
            people.remove(who);
        }
    }

    /// What of it is not so in `stored`, which is every message of every channel.
    pub(crate) fn faults(&self, stored: &[Value]) -> Vec<String> {
        let mut faults = Vec::new();
        for message in stored.iter().filter(|message| message["deleted_at"].is_null()) {
            let key = message["key"].as_str().unwrap_or_default();
            if let Some((text, edits)) = self.edited.get(key)
                && (message["text"] != text.as_str() || message["edits"] != *edits)
            {
                faults.push(format!("{key} was edited to {text:?} ({edits}) and is {message}"));
            }
            let at = (integer(&message["channel"]), integer(&message["number"]));
            let counts = self.put.get(&at).into_iter().flatten();
            let counts: BTreeMap<String, i64> = counts
                .filter(|(_, people)| !people.is_empty())
                .map(|(emoji, people)| ((*emoji).to_owned(), people.len() as i64))
                .collect();
            let told: BTreeMap<String, i64> = reactions(message).into_iter().collect();
            if told != counts {
                faults.push(format!("reactions to {at:?} are {told:?} and not {counts:?}"));
            }
        }
        faults
    }
}
