//! Lines as texts of their rows, and the rows at the end of a channel.
//!
//! The first line of a text is the code of its kind. People follow with a line for each: their id, `+` or
//! `-`, the time in milliseconds, and the id of whoever put them in, 0 for nobody. Without people, what was
//! before and what is now follow.

use rusqlite::{Connection, OptionalExtension as _};

use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::lines::{Line, LineKind, MAX_LINE_PEOPLE, Passage};
use crate::model::time::Timestamp;
use crate::store::Result;

/// The text of a line.
pub(crate) fn text_of(line: &Line<UserId>) -> String {
    let code = line.kind.code();
    if line.people.is_empty() {
        return format!("{code}\n{}\n{}", line.from, line.to);
    }
    let people = line.people.iter().map(|person| {
        let Passage { who, joined, at, by } = person;
        let sign = if *joined { '+' } else { '-' };
        format!("\n{} {sign} {} {}", who.0, at.0, by.map_or(0, |by| by.0))
    });
    format!("{code}{}", people.collect::<String>())
}

/// The line of a text; `None` for the text of a tombstone, and for one that this version does not know.
pub(crate) fn line_of(text: &str) -> Option<Line<UserId>> {
    let (code, rest) = text.split_once('\n')?;
    let kind = LineKind::of_code(code)?;
    let has_people = matches!(kind, LineKind::Members | LineKind::Host | LineKind::NoHost);
    if has_people {
        let people = rest.lines().take(MAX_LINE_PEOPLE).map(passage).collect::<Option<_>>()?;
        return Some(Line { people, ..Line::of(kind) });
    }
    let (from, to) = rest.split_once('\n')?;
    Some(Line { from: from.to_owned(), to: to.to_owned(), ..Line::of(kind) })
}

fn passage(text: &str) -> Option<Passage<UserId>> {
    let mut fields = text.split(' ');
    let who = UserId(fields.next()?.parse().ok()?);
    let joined = fields.next()? == "+";
    let at = Timestamp(fields.next()?.parse().ok()?);
    let by = fields.next()?.parse().ok()?;
    Some(Passage { who, joined, at, by: (by > 0).then_some(UserId(by)) })
}

/// Adds a line at the end of a channel's run, under its next number and revision.
pub(crate) fn add(
    db: &Connection,
    channel: ChannelId,
    by: UserId,
    at: Timestamp,
    line: &Line<UserId>,
) -> Result<()> {
    let mut insert = db.prepare_cached(
        "INSERT INTO messages (channel_id, number, revision, posted_revision, author_id, key,
                               created_at, deleted_at, text, gap, off_count)
         SELECT id, last_number + 1, revision + 1, revision + 1, ?2, randomblob(16), ?3, ?3, ?4,
                last_number - last_in_run, off_count
         FROM channels WHERE id = ?1",
    )?;
    insert.execute((channel.0, by.0, at.0, text_of(line)))?;
    let mut head = db.prepare_cached(
        "UPDATE channels SET last_number = last_number + 1, revision = revision + 1,
                             last_quiet = last_number + 1, last_in_run = last_number + 1
         WHERE id = ?1",
    )?;
    head.execute([channel.0])?;
    Ok(())
}

/// Changes the line at the end of a channel's run, under the channel's next revision.
pub(crate) fn change(
    db: &Connection,
    channel: ChannelId,
    at: Timestamp,
    line: &Line<UserId>,
) -> Result<()> {
    let mut head =
        db.prepare_cached("UPDATE channels SET revision = revision + 1 WHERE id = ?1")?;
    head.execute([channel.0])?;
    let mut update = db.prepare_cached(
        "UPDATE messages SET revision = c.revision, created_at = ?2, deleted_at = ?2, text = ?3
         FROM channels c
         WHERE c.id = ?1 AND messages.channel_id = c.id AND messages.number = c.last_in_run",
    )?;
    update.execute((channel.0, at.0, text_of(line)))?;
    Ok(())
}

/// What stands for the words of a topic that were removed.
const GONE: &str = "…";

/// Removes the words from a line that says a new topic, under the channel's next revision. `false`: the row is
/// no such line, or it has no words.
pub(crate) fn remove_topic(db: &Connection, channel: ChannelId, number: Number) -> Result<bool> {
    let mut find = db.prepare_cached(
        "SELECT text FROM messages
         WHERE channel_id = ?1 AND number = ?2 AND deleted_at IS NOT NULL",
    )?;
    let text = find.query_row((channel.0, number.0), |row| row.get::<_, String>(0)).optional()?;
    let line = text
        .as_deref()
        .and_then(line_of)
        .filter(|line| line.kind == LineKind::Topic && !line.to.is_empty() && line.to != GONE);
    let Some(line) = line else { return Ok(false) };
    let blank = Line { to: GONE.to_owned(), ..line };
    let mut head = db.prepare_cached(
        "UPDATE channels SET revision = revision + 1 WHERE id = ?1 RETURNING revision",
    )?;
    let revision: i64 = head.query_row([channel.0], |row| row.get(0))?;
    let mut update = db.prepare_cached(
        "UPDATE messages SET revision = ?3, text = ?4 WHERE channel_id = ?1 AND number = ?2",
    )?;
    update.execute((channel.0, number.0, revision, text_of(&blank)))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let person = |who, joined, by| Passage { who, joined, at: Timestamp(17), by };
        for kind in LineKind::ALL {
            let has_people = matches!(kind, LineKind::Members | LineKind::Host | LineKind::NoHost);
            let line = if has_people {
                let mut line = Line::about(*kind, person(UserId(3), true, Some(UserId(9))));
                line.people.push(person(UserId(4), false, None));
                line
            } else {
                Line { from: "a b".to_owned(), to: String::new(), ..Line::of(*kind) }
            };
            assert_eq!(line_of(&text_of(&line)), Some(line));
        }
    }

    #[test]
    fn other_texts_are_no_lines() {
        for text in ["", "members", "who knows\nx\ny", "members\n3 + x 0", "members\n3 +"] {
            assert_eq!(line_of(text), None, "{text:?}");
        }
    }
}
