//! Keeping order: removing and reporting messages, and reading the log.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, named_params};

use super::SqliteStore;
use super::posting::wipe;
use super::rows::log::{self, About};
use super::rows::{channels, messages, sql_count, standing, users};
use super::writer::Tx;
use crate::model::channels::ChannelKind;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::log::{Act, Doer, LogEntry};
use crate::model::messages::Message;
use crate::model::order::{
    MAX_OPEN_REPORTS, MAX_REPORTED, OpenReport, Outcome, Reason, Removal, ReportedMessage,
};
use crate::model::permissions::{Action, Denial, PlaceAction, may_in_place, runs};
use crate::model::time::Timestamp;
use crate::store::{
    Constraint, DeleteOutcome, Error, Grounds, LogFilter, MAX_ENTRIES, Order, Result,
};

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
                }
                Ok(closed)
            })
            .await
    }

    async fn log(&self, viewer: UserId, filter: LogFilter) -> Result<(Vec<LogEntry>, bool)> {
        self.readers.read(move |db| entries(db, viewer, filter)).await
    }

    async fn sweep_order(
        &self,
        at: Timestamp,
        reports: Timestamp,
        entries: Timestamp,
    ) -> Result<()> {
        self.writer
            .run_freeing(move |tx| {
                let mut expire = tx.db.prepare_cached(
                    "UPDATE message_reports SET closed_at = ?2, outcome = ?3, text = ''
                     WHERE closed_at IS NULL AND at < ?1",
                )?;
                expire.execute((reports.0, at.0, Outcome::Expired.code()))?;
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
    close(tx.db, channel, number, Some(by.user), by.at, Outcome::Removed)?;
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
        ":text": message.text,
    })?;
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
        "SELECT channel_id, number, author, text, by, at, reason, note FROM message_reports
         WHERE closed_at IS NULL ORDER BY id",
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
            reported.push(ReportedMessage {
                channel,
                channel_name: view.map(|view| view.channel.name),
                number,
                author: users::user(db, UserId(row.get(2)?))?,
                text: row.get(3)?,
                reports: vec![report],
            });
        }
    }
    Ok(reported)
}

fn entries(db: &Connection, viewer: UserId, filter: LogFilter) -> Result<(Vec<LogEntry>, bool)> {
    check_place(db, viewer, PlaceAction::ReadLog)?;
    let mut find = db.prepare_cached(
        "SELECT id, at, by, address, act, whom, channel_id, number, detail FROM log
         WHERE id < coalesce(:before, 9223372036854775807)
           AND (:by IS NULL OR by = :by) AND (:whom IS NULL OR whom = :whom)
           AND (:act IS NULL OR act = :act)
         ORDER BY id DESC",
    )?;
    let mut rows = find.query(named_params! {
        ":before": filter.before,
        ":by": filter.by.map(|user| user.0),
        ":whom": filter.whom.map(|user| user.0),
        ":act": filter.act.map(Act::code),
    })?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let channel = row.get::<_, Option<i64>>(6)?.map(ChannelId);
        if !may_read_about(db, channel, viewer)? {
            continue;
        }
        if entries.len() == MAX_ENTRIES {
            return Ok((entries, true));
        }
        // An act of a later version is not shown by this one.
        let act: String = row.get(4)?;
        let Some(act) = Act::of_code(&act) else { continue };
        entries.push(LogEntry {
            id: row.get(0)?,
            at: Timestamp(row.get(1)?),
            by: row.get::<_, Option<i64>>(2)?.map(UserId),
            address: row.get(3)?,
            act,
            whom: row.get::<_, Option<i64>>(5)?.map(UserId),
            channel,
            number: row.get::<_, Option<i64>>(7)?.map(Number),
            detail: row.get(8)?,
        });
    }
    Ok((entries, false))
}

/// Whether somebody who reads the log may read what is about a channel: about a public one always, about
/// any other if they are in it, and about one that is gone if it was public in the end.
fn may_read_about(db: &Connection, channel: Option<ChannelId>, viewer: UserId) -> Result<bool> {
    let Some(channel) = channel else { return Ok(true) };
    match channels::head_and_state(db, channel)? {
        Some((_, state)) if state.kind == ChannelKind::Public => Ok(true),
        Some(_) => Ok(standing::head_for(db, channel, viewer)?.is_some()),
        None => {
            let mut find = db.prepare_cached(
                "SELECT 1 FROM log WHERE channel_id = ?1 AND act = 'delete_channel'",
            )?;
            Ok(find.exists([channel.0])?)
        }
    }
}
