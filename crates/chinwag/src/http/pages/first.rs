//! The first view of a channel: the rows and the sidebar as the web app will draw them, as far as
//! the server can know. What depends on the reader's time zone and fonts is left to the view's own
//! script.

use std::ops::Range;

use super::address::href_of_info;
use super::views::{FirstRow, MessageRow, Piece, SideRow};
use crate::model::channels::{ChannelKind, ChannelState, MANY_UNREAD, Posting};
use crate::model::ids::UserId;
use crate::model::mentions::{Called, Mention};
use crate::model::messages::Message;
use crate::wire::channels::{Channel, ChannelInfo};
use crate::wire::levels::Level;
use crate::wire::time::rfc3339;

/// A message follows up the one before it when it comes within this time. The web app's `rows.ts` has
/// the same rule; both are held to `rows.cases.json`.
const FOLLOWS_WITHIN_MS: i64 = 5 * 60 * 1000;

/// Rows that fill a usual window; a row is at least 28 px high. What is above them is drawn later,
/// because it would cost a slow phone time.
const SCREENFUL: usize = 32;

/// The newest rows are drawn at once; the rest, and what surrounds the messages, a frame later. A
/// slow phone takes 3 ms for a row and as long for each font size.
const AT_ONCE: usize = 8;

/// The app draws as many rows of the sidebar at once (`Sidebar.svelte`), and further ones as they come near.
const ROWS_AT_ONCE: usize = 100;

/// The channels that the reader is a member of.
pub(super) fn sidebar(channels: &[Channel], current: i64) -> Vec<SideRow<'_>> {
    // Direct conversations come with the app, below the channels.
    let of_people = |info: &ChannelInfo| ChannelKind::from(info.kind) == ChannelKind::Direct;
    let joined = channels.iter().filter(|channel| channel.member && !of_people(&channel.info));
    joined
        .take(ROWS_AT_ONCE)
        .map(|Channel { info, unread, mentions, level, .. }| SideRow {
            name: &info.name,
            href: href_of_info(info),
            icon: icon(ChannelState {
                kind: info.kind.into(),
                posting: info.posting.into(),
                ..ChannelState::default()
            }),
            unread: if info.id == current || (*level == Level::Nothing && *mentions == 0) {
                String::new()
            } else {
                count(*unread)
            },
            quiet: *level == Level::Nothing,
            calls: if info.id == current { String::new() } else { count(*mentions) },
            current: info.id == current,
        })
        .collect()
}

/// The icon that tells the kind of a channel, as the app shows it.
pub(super) fn icon(state: ChannelState) -> &'static str {
    match (state.kind, state.posting) {
        (ChannelKind::Public, Posting::Everybody) => "hash",
        (ChannelKind::Public, Posting::Hosts | Posting::OpenThreads) => "mega",
        (ChannelKind::Private, _) => "lock",
        (ChannelKind::Direct, _) => "user",
    }
}

/// The number of unread messages, as the web app's sidebar writes it.
fn count(unread: i64) -> String {
    match unread {
        ..=0 => String::new(),
        MANY_UNREAD.. => format!("{}+", MANY_UNREAD - 1),
        few => few.to_string(),
    }
}

/// What the rows depend on beside the messages.
pub(super) struct Reading {
    /// Who reads.
    pub reader: UserId,
    /// The newest message that the reader had read.
    pub read_number: i64,
    /// Whether there are older messages than these.
    pub has_older: bool,
}

/// The messages of the page, oldest first.
pub(super) struct Rows {
    /// Rows for browsers without script only.
    pub older: Vec<MessageRow>,
    /// Rows that are drawn a frame after the newest.
    pub above: Vec<FirstRow>,
    /// Rows that are drawn at once.
    pub newest: Vec<FirstRow>,
}

/// Splits the messages into these rows; `rows` has one row for each message. When the app `jumps`
/// to one message, nothing is drawn before the app knows where that message stands.
pub(super) fn split(
    messages: &[Message],
    mut rows: Vec<MessageRow>,
    reading: &Reading,
    jumps: bool,
) -> Rows {
    let shown = if jumps { 0 } else { SCREENFUL };
    let above = rows.len().saturating_sub(shown);
    let new_at = new_line(&rows, reading);
    let is_lead =
        |at: usize| new_at == Some(at) || at == 0 || !follows(&messages[at - 1], &messages[at]);
    let drawn = rows.split_off(above).into_iter().zip(messages.iter().skip(above)).enumerate();
    let drawn = drawn.map(|(index, (row, message))| {
        let at = above + index;
        FirstRow {
            paragraphs: paragraphs(
                beginning(&row.text).unwrap_or(&row.text),
                &message.mentions,
                reading.reader,
                row.own,
            ),
            calls: calls(message, reading.reader),
            rest: beginning(&row.text).map(|shown| row.text[shown.len()..].to_owned()),
            row,
            at: rfc3339(message.created_at),
            author: message.author.id.0,
            lead: is_lead(at),
            tail: at + 1 == messages.len() || is_lead(at + 1),
            new_since: (new_at == Some(at))
                .then(|| rfc3339(messages[at.saturating_sub(1)].created_at)),
        }
    });
    let mut above: Vec<FirstRow> = drawn.collect();
    let newest = above.split_off(above.len().saturating_sub(AT_ONCE));
    Rows { older: rows, above, newest }
}

/// The index of the row below the line "New since": the first message by others that the reader has
/// not read and that is not deleted; `None` when older messages could be unread too.
fn new_line(rows: &[MessageRow], reading: &Reading) -> Option<usize> {
    let is_new = |row: &MessageRow| row.number > reading.read_number && !row.own && !row.deleted;
    let at = rows.iter().position(is_new)?;
    (at > 0 || !reading.has_older).then_some(at)
}

fn follows(before: &Message, message: &Message) -> bool {
    let soon = message.created_at.0 - before.created_at.0 < FOLLOWS_WITHIN_MS;
    let stand = before.deleted_at.is_none() && message.deleted_at.is_none();
    // What is said above a name needs the name.
    let marked = message.pin.is_some() || message.saved || message.reply.is_some();
    before.author.id == message.author.id && stand && soon && !marked
}

/// About how many narrow characters fit into a line of the widest column; wide ones count double.
const LINE: usize = 95;
/// A text of more lines than this is folded.
const MOST_LINES: usize = 40;
/// How many lines of a folded text are shown.
const SHOWN_LINES: usize = 22;

/// What the app shows of a long text while it is folded, by the rule of its `text/length.ts`;
/// `None` for a text that is shown whole.
fn beginning(text: &str) -> Option<&str> {
    let lines_of = |line: &str| line.chars().map(width).sum::<usize>().div_ceil(LINE).max(1);
    if text.split('\n').map(lines_of).sum::<usize>() <= MOST_LINES {
        return None;
    }
    let mut left = SHOWN_LINES;
    let mut at = 0;
    for line in text.split('\n') {
        let taken = lines_of(line);
        if taken >= left {
            return Some(&text[..at + cut(line, left * LINE)]);
        }
        left -= taken;
        at += line.len() + 1;
    }
    Some(text)
}

/// How many bytes of a line are at most `most` narrow characters wide.
fn cut(line: &str, most: usize) -> usize {
    let mut left = most;
    for (at, c) in line.char_indices() {
        match left.checked_sub(width(c)) {
            Some(rest) => left = rest,
            None => return at,
        }
    }
    line.len()
}

/// How wide a character is, counted in narrow characters.
fn width(c: char) -> usize {
    match c {
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{10000}'.. => 2,
        _ => 1,
    }
}

/// Whether a message calls the reader. Nobody calls themselves.
fn calls(message: &Message, reader: UserId) -> bool {
    let stands = message.deleted_at.is_none() && message.author.id != reader;
    stands && message.mentions.iter().any(|mention| means(mention.called, reader))
}

fn means(called: Called, reader: UserId) -> bool {
    matches!(called, Called::Everybody) || called == Called::Person(reader)
}

/// The paragraphs of a text, which empty lines separate, with the chips of its mentions. The app draws its
/// marks.
fn paragraphs(text: &str, mentions: &[Mention], reader: UserId, own: bool) -> Vec<Vec<Piece>> {
    let chips = places(text, mentions);
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let (mut at, mut goes_on) = (0, false);
    for line in text.split_inclusive('\n') {
        let end = at + line.trim_end_matches(['\n', '\r']).len();
        let is_empty = line.trim().is_empty();
        match blocks.last_mut().filter(|_| goes_on && !is_empty) {
            Some(block) => block.end = end,
            None if !is_empty => blocks.push(at..end),
            None => {}
        }
        goes_on = !is_empty;
        at += line.len();
    }
    let pieces = |block: Range<usize>| {
        let (mut pieces, mut from) = (Vec::new(), block.start);
        for (place, called) in &chips {
            let Some(chip) = text.get(place.clone()).filter(|_| block.contains(&place.start))
            else {
                continue;
            };
            pieces.extend(text.get(from..place.start).filter(|text| !text.is_empty()).map(plain));
            let is_reader = !own && means(*called, reader);
            let chip = chip.to_owned();
            pieces.push(if is_reader { Piece::Reader(chip) } else { Piece::Other(chip) });
            from = place.end;
        }
        pieces.extend(text.get(from..block.end).filter(|text| !text.is_empty()).map(plain));
        pieces
    };
    blocks.into_iter().map(pieces).collect()
}

fn plain(text: &str) -> Piece {
    Piece::Text(text.to_owned())
}

/// Where mentions stand in the bytes of a text; those that reach beyond it are left out.
fn places(text: &str, mentions: &[Mention]) -> Vec<(Range<usize>, Called)> {
    if mentions.is_empty() {
        return Vec::new();
    }
    let mut bytes = std::collections::HashMap::new();
    let mut units = 0;
    for (at, c) in text.char_indices() {
        bytes.insert(units, at);
        units += c.len_utf16();
    }
    bytes.insert(units, text.len());
    let place = |Mention { start, length, called }: &Mention| {
        Some((*bytes.get(start)?..*bytes.get(&(start + length))?, *called))
    };
    mentions.iter().filter_map(place).collect()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{Piece, Reading, beginning, paragraphs, split};
    use crate::http::pages::views::MessageRow;
    use crate::model::ids::{ChannelId, MessageKey, Number, Revision, UserId};
    use crate::model::keeping::Pin;
    use crate::model::mentions::{Called, Mention};
    use crate::model::messages::Message;
    use crate::model::threads::Reply;
    use crate::model::time::Timestamp;
    use crate::model::users::User;

    /// The same cases as the web app's.
    const LENGTHS: &str = include_str!("../../../../../web/src/text/length.cases.json");
    const ROWS: &str = include_str!("../../../../../web/src/views/chat/rows.cases.json");
    /// The author who is the reader in the cases of rows.
    const READER: i64 = 1;

    #[test]
    fn shows_as_much_of_a_long_text_as_the_app() {
        let cases: Vec<(String, usize, Option<usize>)> =
            serde_json::from_str(LENGTHS).expect("the cases are JSON");
        for (piece, times, shown) in cases {
            let text = piece.repeat(times);
            let units = beginning(&text).map(|text| text.encode_utf16().count());
            assert_eq!(units, shown, "{times} times {piece:?}");
        }
    }

    #[test]
    fn mentions_are_chips_in_their_paragraphs() {
        let at = |start, length, called| Mention { start, length, called };
        let (ann, bob) = (Called::Person(UserId(7)), Called::Person(UserId(8)));
        let text = "😀 @Ann\nand @Bob\n\n@all: x";
        let mentions =
            [at(3, 4, ann), at(12, 4, bob), at(18, 4, Called::Everybody), at(90, 4, ann)];
        let (text_of, other, mine) = (
            |text: &str| Piece::Text(text.to_owned()),
            |text: &str| Piece::Other(text.to_owned()),
            |text: &str| Piece::Reader(text.to_owned()),
        );
        assert_eq!(
            paragraphs(text, &mentions, UserId(7), false),
            [
                vec![text_of("😀 "), mine("@Ann"), text_of("\nand "), other("@Bob")],
                vec![mine("@all"), text_of(": x")],
            ]
        );
        assert_eq!(
            paragraphs(text, &mentions, UserId(7), true)[1],
            [other("@all"), text_of(": x")],
            "nobody calls themselves"
        );
        assert_eq!(
            paragraphs("a\r\nb\n \n\nc\n", &[], UserId(7), false),
            [vec![text_of("a\r\nb")], vec![text_of("c")]]
        );
    }

    #[derive(Deserialize)]
    struct Case {
        name: String,
        messages: Vec<Written>,
        read: Option<i64>,
        #[serde(default)]
        older: bool,
        lead: Vec<bool>,
        tail: Vec<bool>,
        new: Option<usize>,
    }

    /// Author, and seconds since the first message.
    #[derive(Deserialize)]
    struct Written {
        by: i64,
        at: i64,
        #[serde(default)]
        deleted: bool,
        #[serde(default)]
        line: bool,
        #[serde(default)]
        pinned: bool,
        #[serde(default)]
        saved: bool,
        #[serde(default)]
        also: bool,
    }

    #[test]
    fn rows_lead_follow_and_are_new_as_in_the_app() {
        let cases: Vec<Case> = serde_json::from_str(ROWS).expect("the cases are JSON");
        for case in cases {
            let numbered = || case.messages.iter().zip(1..);
            let messages: Vec<Message> = numbered().map(|(one, at)| message(at, one)).collect();
            let rows: Vec<MessageRow> = numbered().map(|(one, at)| row(at, one)).collect();
            let all_read = i64::try_from(messages.len()).expect("a few");
            let reading = Reading {
                reader: UserId(READER),
                read_number: case.read.unwrap_or(all_read),
                has_older: case.older,
            };
            let shown = split(&messages, rows, &reading, false);
            let drawn: Vec<_> = shown.above.iter().chain(&shown.newest).collect();
            let lead: Vec<bool> = drawn.iter().map(|row| row.lead).collect();
            let tail: Vec<bool> = drawn.iter().map(|row| row.tail).collect();
            let new = drawn.iter().position(|row| row.new_since.is_some());
            assert_eq!((lead, tail, new), (case.lead, case.tail, case.new), "{}", case.name);
        }
    }

    fn message(number: i64, written: &Written) -> Message {
        let Written { by, at, deleted, line, pinned, saved, also } = written;
        Message {
            channel: ChannelId(7),
            number: Number(number),
            revision: Revision(number),
            key: MessageKey([0; 16]),
            author: User { id: UserId(*by), name: String::new(), picture: None },
            text: String::new(),
            created_at: Timestamp(at * 1000),
            deleted_at: (*deleted || *line).then_some(Timestamp(0)),
            removed: false,
            attachments: Vec::new(),
            line: None,
            edits: 0,
            edited_at: None,
            mentions: Vec::new(),
            quote: None,
            forwarded: None,
            pin: pinned.then(|| Pin {
                by: User { id: UserId(READER), name: String::new(), picture: None },
                at: Timestamp(0),
            }),
            saved: *saved,
            reactions: Vec::new(),
            reply: also.then_some(Reply { root: Number(1), in_run: true }),
            gap: 0,
            thread: None,
        }
    }

    fn row(number: i64, Written { by, deleted, line, .. }: &Written) -> MessageRow {
        MessageRow {
            number,
            found: false,
            author: String::new(),
            picture: None,
            text: String::new(),
            marked: None,
            at: String::new(),
            own: *by == READER,
            deleted: *deleted || *line,
            removed: false,
            line: line.then(String::new),
            edited_at: None,
            pinned: None,
            saved: false,
            quote: None,
            quotes: false,
            forwarded: None,
            files: Vec::new(),
            reactions: Vec::new(),
            thread: None,
            answered: false,
            root: None,
        }
    }
}
