//! What the pages call a channel: its name, or the people whose direct conversation it is.

use crate::model::channels::ChannelKind;
use crate::model::people::former_number;
use crate::model::users::Language;
use crate::wire::channels::ChannelInfo;
use crate::words::words;

/// The name of a person: whoever's data was removed has one in each language.
pub(super) fn name_of_person(name: &str, language: Language) -> String {
    match (former_number(name), language) {
        (Some(number), Language::Chinese) => format!("前成员 {number}"),
        _ => name.to_owned(),
    }
}

/// The name as the app writes it beside an icon, for a reader.
pub(super) fn name_of(channel: &ChannelInfo, reader: i64, language: Language) -> String {
    if ChannelKind::from(channel.kind) != ChannelKind::Direct || !channel.name.is_empty() {
        return channel.name.clone();
    }
    let others = channel.people.iter().filter(|person| person.id != reader);
    let others: Vec<String> = others.map(|person| name_of_person(&person.name, language)).collect();
    match (others.is_empty(), language) {
        (true, _) => words(language).notes.to_owned(),
        (false, Language::English) => others.join(", "),
        (false, Language::Chinese) => others.join("、"),
    }
}
