//! Keeping order: removing and reporting messages, and reading the log.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, named_params};

use super::SqliteStore;
use super::logbook;
use super::rows::log::{self, About};
use super::rows::{channels, members, messages, reports, sql_count, standing, users};
use super::tombstones::wipe;
use super::writer::Tx;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::log::{Act, Doer, LogPage};
use crate::model::messages::Message;
use crate::model::order::{
    MAX_OPEN_REPORTS, MAX_REPORTED, OpenReport, Outcome, Reason, Removal, ReportedMessage,
};
use crate::model::permissions::{Action, Denial, PlaceAction, may_in_place, runs};
use crate::model::time::Timestamp;
use crate::store::{Constraint, DeleteOutcome, Error, Grounds, LogFilter, Order, Result};

#[async_trait]
impl Order for SqliteStore {
    async fn remove_message(
        &self,
        by: Doer,
        channel: ChannelId,
        number: Number,
        grounds: Grounds,
    ) -> Result<DeleteOutcome> {
        self.writer.run_freeing(move |tx| remove(tx, &by, channel, number, &grounds)).await
    }

    async fn removal(
        &self,
        channel: ChannelId,
        number: Number,
        viewer: UserId,
    ) -> Result<Option<Removal>> {
        self.readers.read(move |db| removal(db, channel, number, viewer)).await
    }

    async fn report_message(
        &self,
        by: Doer,
        channel: ChannelId,
        number: Number,
        grounds: Grounds,
    ) -> Result<bool> {
        self.writer.run(move |tx| report(tx, &by, channel, number, &grounds)).await
    }

    async fn reported_messages(&self, viewer: UserId) -> Result<Vec<ReportedMessage>> {
        self.readers.read(move |db| reported(db, viewer)).await
    }

    async fn leave_reported(&self, by: Doer, channel: ChannelId, number: Number) -> Result<bool> {
        self.writer
            .run_freeing(move |tx| {
                check_place(tx.db, by.user, PlaceAction::DealWithReports)?;
                let closed = close(tx.db, channel, number, Some(by.user), by.at, Outcome::Left)?;
                if closed {
                    let about =
                        About { channel: Some(channel), number: Some(number), ..About::default() };
                    log::add(tx.db, &by, Act::LeaveReported, &about)?;
                    reports::changed(tx)?;
                }
                Ok(closed)
            })
            .await
    }

    async fn log(&self, viewer: UserId, filter: LogFilter) -> Result<LogPage> {
        self.readers.read(move |db| logbook::page(db, viewer, filter)).await
    }

    async fn sweep_order(
        &self,
        at: Timestamp,
        before: Timestamp,
        entries: Timestamp,
    ) -> Result<()> {
        self.writer
            .run_freeing(move |tx| {
                let mut expire = tx.db.prepare_cached(
                    "UPDATE message_reports SET closed_at = ?2, outcome = ?3, text = ''
                     WHERE closed_at IS NULL AND at < ?1",
                )?;
                let expired = expire.execute((before.0, at.0, Outcome::Expired.code()))?;
                if expired > 0 {
                    reports::changed(tx)?;
                }
                tx.db.prepare_cached("DELETE FROM log WHERE at < ?1")?.execute([entries.0])?;
                Ok(())
            })
            .await
    }
}

/// Checks that somebody may do something that concerns the whole place.
///
/// # Errors
/// `Denied`.
fn check_place(db: &Connection, user: UserId, action: PlaceAction) -> Result<()> {
    let role = users::existing(db, user)?.role();
    if may_in_place(role, action) { Ok(()) } else { Err(Error::Denied(Denial::Forbidden)) }
}

fn remove(
    tx: &mut Tx<'_>,
    by: &Doer,
    channel: ChannelId,
    number: Number,
    grounds: &Grounds,
) -> Result<DeleteOutcome> {
    let seen = standing::check(tx.db, channel, by.user, Action::RemoveMessage, by.at)?;
    let stands = |message: &Message| message.line.is_none() && number > seen.head.floor;
    let Some(message) = messages::message(tx.db, channel, number)?.filter(stands) else {
        return Ok(DeleteOutcome::NotFound);
    };
    if message.deleted_at.is_some() {
        return Ok(DeleteOutcome::AlreadyDeleted(message));
    }
    let mut note = tx.db.prepare_cached(
        "INSERT INTO removals (channel_id, number, reason, note, by, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let reason = grounds.reason.code();
    note.execute((channel.0, number.0, reason, &grounds.note, by.user.0, by.at.0))?;
    if close(tx.db, channel, number, Some(by.user), by.at, Outcome::Removed)? {
        reports::changed(tx)?;
    }
    let detail = format!("{reason} {}", grounds.note);
    let about = About {
        whom: Some(message.author.id),
        channel: Some(channel),
        number: Some(number),
        detail: detail.trim(),
    };
    log::add(tx.db, by, Act::RemoveMessage, &about)?;
    wipe(tx, message, by.at)
}

fn removal(
    db: &Connection,
    channel: ChannelId,
    number: Number,
    viewer: UserId,
) -> Result<Option<Removal>> {
    let Some(seen) = standing::seen(db, channel, viewer, Timestamp(0))? else { return Ok(None) };
    let mut find = db.prepare_cached(
        "SELECT r.reason, r.note, r.at, m.author_id FROM removals r
         JOIN messages m ON m.channel_id = r.channel_id AND m.number = r.number
         WHERE r.channel_id = ?1 AND r.number = ?2",
    )?;
    let found = find.query_row((channel.0, number.0), |row| {
        let reason = Reason::of_code(row.get_ref(0)?.as_str()?).unwrap_or(Reason::Other);
        let removal = Removal { reason, note: row.get(1)?, at: Timestamp(row.get(2)?) };
        Ok((removal, UserId(row.get(3)?)))
    });
    let found = found.optional()?;
    let runs = runs(seen.standing, seen.state.kind);
    let found = found.filter(|_| number > seen.head.floor);
    Ok(found.filter(|(_, author)| runs || *author == viewer).map(|(removal, _)| removal))
}

fn report(
    tx: &mut Tx<'_>,
    by: &Doer,
    channel: ChannelId,
    number: Number,
    grounds: &Grounds,
) -> Result<bool> {
    let seen = standing::check(tx.db, channel, by.user, Action::Report, by.at)?;
    let message = messages::message(tx.db, channel, number)?.filter(|_| number > seen.head.floor);
    let reportable =
        |message: &Message| message.deleted_at.is_none() && message.author.id != by.user;
    let Some(message) = message.filter(reportable) else { return Ok(false) };
    let mut open = tx.db.prepare_cached(
        "SELECT count(*) FROM message_reports WHERE by = ?1 AND closed_at IS NULL
             AND NOT (channel_id = ?2 AND number = ?3)",
    )?;
    let open: i64 = open.query_row((by.user.0, channel.0, number.0), |row| row.get(0))?;
    if open >= sql_count(MAX_OPEN_REPORTS) {
        return Err(Error::Conflict(Constraint::OpenReports));
    }
    let mut insert = tx.db.prepare_cached(
        "INSERT INTO message_reports (channel_id, number, author, by, at, reason, note, text)
         VALUES (:channel, :number, :author, :by, :at, :reason, :note, :text)
         ON CONFLICT (channel_id, number, by) WHERE closed_at IS NULL
         DO UPDATE SET reason = excluded.reason, note = excluded.note",
    )?;
    insert.execute(named_params! {
        ":channel": channel.0,
        ":number": number.0,
        ":author": message.author.id.0,
        ":by": by.user.0,
        ":at": by.at.0,
        ":reason": grounds.reason.code(),
        ":note": grounds.note,
        ":text": message.whole_text(),
    })?;
    reports::changed(tx)?;
    Ok(true)
}

/// Closes the open reports about a message, and wipes what they kept of it. Returns whether there were
/// any.
pub(super) fn close(
    db: &Connection,
    channel: ChannelId,
    number: Number,
    by: Option<UserId>,
    at: Timestamp,
    outcome: Outcome,
) -> Result<bool> {
    let mut update = db.prepare_cached(
        "UPDATE message_reports SET closed_at = ?3, closed_by = ?4, outcome = ?5, text = ''
         WHERE channel_id = ?1 AND number = ?2 AND closed_at IS NULL",
    )?;
    let by = by.map(|user| user.0);
    Ok(update.execute((channel.0, number.0, at.0, by, outcome.code()))? > 0)
}

fn reported(db: &Connection, viewer: UserId) -> Result<Vec<ReportedMessage>> {
    check_place(db, viewer, PlaceAction::DealWithReports)?;
    let mut find = db.prepare_cached(
        "SELECT r.channel_id, r.number, r.author, r.text, r.by, r.at, r.reason, r.note,
                coalesce(m.created_at, r.at), m.number IS NULL OR m.deleted_at IS NOT NULL
         FROM message_reports r
         LEFT JOIN messages m ON m.channel_id = r.channel_id AND m.number = r.number
         WHERE r.closed_at IS NULL ORDER BY r.id",
    )?;
    let mut rows = find.query([])?;
    let mut reported: Vec<ReportedMessage> = Vec::new();
    while let Some(row) = rows.next()? {
        let (channel, number) = (ChannelId(row.get(0)?), Number(row.get(1)?));
        let reason: String = row.get(6)?;
        let report = OpenReport {
            by: users::user(db, UserId(row.get(4)?))?,
            at: Timestamp(row.get(5)?),
            reason: Reason::of_code(&reason).unwrap_or(Reason::Other),
            note: row.get(7)?,
        };
        let known = reported.iter_mut().find(|of| (of.channel, of.number) == (channel, number));
        if let Some(known) = known {
            known.reports.push(report);
        } else if reported.len() < MAX_REPORTED {
            let view = channels::view(db, channel, viewer)?;
            let author = users::existing(db, UserId(row.get(2)?))?;
            let inside = members::row(db, channel, author.user.id)?.is_some();
            reported.push(ReportedMessage {
                channel,
                channel_kind: view.as_ref().map(|view| view.channel.state.kind),
                author_inside: view.is_some() && inside,
                channel_name: view.map(|view| view.channel.name),
                number,
                sent_at: Timestamp(row.get(8)?),
                deleted: row.get(9)?,
                author_role: author.role(),
                author_muted_until: author.muted_until,
                author: author.user,
                text: row.get(3)?,
                reports: vec![report],
            });
        }
    }
    Ok(reported)
}
