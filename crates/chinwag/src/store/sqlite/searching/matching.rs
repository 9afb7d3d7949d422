//! A search as FTS5 takes it. Everything in it is made of tokens, which have no signs of FTS5's own.

use std::fmt::Write as _;

use super::wanted::Wanted;
use crate::model::search::{Has, Kind, Phrase, Tag};

/// The expression for what the index knows of a search. `None`: it asks for nothing that the index knows.
pub(super) fn expression(wanted: &Wanted) -> Option<String> {
    let asked = &wanted.asked;
    let mut parts = Vec::new();
    if let Some(words) = words(&wanted.phrases, wanted.any) {
        let columns = match wanted.kind {
            Kind::Messages => "body names",
            Kind::Files => "names",
        };
        parts.push(format!("({{{columns}}} : ({words}))"));
    }
    let mut tagged = |tags: Vec<Tag>| {
        if !tags.is_empty() {
            parts.push(format!("(tags : ({}))", one_of(&tags)));
        }
    };
    tagged(asked.from.iter().map(|person| Tag::By(*person)).collect());
    tagged(asked.inside.iter().map(|channel| Tag::In(*channel)).collect());
    asked.has.iter().for_each(|has| tagged(vec![Tag::Has(*has)]));
    if wanted.kind == Kind::Files && !asked.has.contains(&Has::File) {
        tagged(vec![Tag::Has(Has::File)]);
    }
    if asked.mentions_me {
        let (me, mine) =
            (one_of(&[Tag::Mentions(wanted.viewer)]), one_of(&[Tag::By(wanted.viewer)]));
        let all = one_of(&[Tag::Everybody]);
        parts.push(format!("(tags : ({me} OR ({all} NOT {mine})))"));
    }
    (!parts.is_empty()).then(|| parts.join(" AND "))
}

fn words(phrases: &[Phrase], any: bool) -> Option<String> {
    let mut text = String::new();
    for phrase in phrases {
        if !text.is_empty() {
            text.push_str(if any { " OR " } else { " AND " });
        }
        let star = if phrase.is_prefix() { " *" } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(text, "\"{}\"{star}", phrase.tokens().join(" "));
    }
    (!text.is_empty()).then_some(text)
}

fn one_of(tags: &[Tag]) -> String {
    let tokens: Vec<String> = tags.iter().map(|tag| format!("\"{}\"", tag.token())).collect();
    tokens.join(" OR ")
}
