//! Posting messages. Each takes the channel's next number and revision.
//!
//! A command checks everything that can refuse it before it writes: a refusal is an outcome and not an
//! error, so nothing is rolled back.

use std::collections::HashSet;

use rusqlite::Connection;

use super::direct::Absent;
use super::editing::digest;
use super::members::take_seat;
use super::rows::head::Head;
use super::rows::members::MemberRow;
use super::rows::users::Author;
use super::rows::{
    channels, forwards, members, mentions, messages, quotes, revisions, spent_keys, sql_count,
    standing, uploads, users,
};
use super::writer::Tx;
use super::{activity, calling, forwarding, lines, reading, threading};
use crate::model::channels::{ChannelKind, ChannelState, ReadState};
use crate::model::events::Event;
use crate::model::forwards::Forwarded;
use crate::model::ids::{Number, Revision, UploadId, UserId};
use crate::model::lines::Passage;
use crate::model::mentions::Mention;
use crate::model::messages::Message;
use crate::model::permissions::{Action, Denial, may, runs, sees};
use crate::model::quotes::Quote;
use crate::model::roles::{Seat, Standing};
use crate::model::threads::Reply;
use crate::model::uploads::{Attachment, Upload};
use crate::model::users::User;
use crate::store::{Error, NewMessage, PostOutcome, Result};

/// See [`Messages::post_message`](crate::store::Messages::post_message).
pub(super) fn post(tx: &mut Tx<'_>, new: &NewMessage) -> Result<PostOutcome> {
    let Some((mut head, state)) = channels::head_and_state(tx.db, new.channel)? else {
        return Err(Error::Denied(Denial::NotFound));
    };
    let member = members::row(tx.db, new.channel, new.author)?;
    let author = users::author(tx.db, new.author)?;
    let standing = standing(tx.db, new, &author, member)?;
    if !sees(standing, state.kind) {
        return Err(Error::Denied(Denial::NotFound));
    }
    if let Err(refused) = check(tx.db, new, standing, state, member) {
        return replayed(tx.db, new, head, refused);
    }
    let root = match new.reply {
        None => None,
        Some(reply) => match threading::root(tx.db, new.channel, reply.root, head)? {
            Some(root) => Some((reply, root)),
            None => return earlier(tx.db, new, head, PostOutcome::NoThread),
        },
    };
    let absent = match state.kind {
        ChannelKind::Direct => match Absent::of(tx, new) {
            Err(refused @ Error::Denied(_)) => return replayed(tx.db, new, head, refused),
            absent => Some(absent?),
        },
        ChannelKind::Public | ChannelKind::Private => None,
    };
    let (brought, copies) = match brought(tx.db, new)? {
        Ok(brought) => brought,
        Err(refused) => return earlier(tx.db, new, head, refused),
    };
    let absent = absent.filter(|absent| !absent.is_empty());
    // What is written before the message, and rows that are gone, leave the index of keys no say.
    if (absent.is_some() || member.is_none() || head.floor.0 > 0 || !copies.is_empty())
        && let Some(known) = known(tx.db, new, head)?
    {
        return Ok(known);
    }
    let Author { user, mut own_revision, .. } = author;
    if let Some(absent) = absent {
        absent.call(tx, new)?;
        own_revision = revisions::own(tx.db, new.author)?.unwrap_or(own_revision);
    }
    if member.is_none() {
        let joins = Passage { who: new.author, joined: true, at: new.at, by: None };
        lines::passed(tx, new.channel, joins)?;
        head = channels::head(tx.db, new.channel)?.unwrap_or(head);
    }
    let mentions = calling::allowed(tx.db, &new.mentions, standing, state)?;
    let message = next(new, head, user, mentions, brought);
    if !insert(tx.db, &message, head)? {
        return earlier(tx.db, new, head, PostOutcome::KeyReused);
    }
    take_number(tx.db, &message, head)?;
    carry(tx.db, new, &message, &copies)?;
    mentions::add(tx.db, &message, &message.mentions)?;
    let moved = match member {
        Some(_) if !message.in_run() => None,
        Some(member) => reading::posted(tx, new.channel, new.author, own_revision, head, member)?,
        // A new member has read everything, the new message included.
        None => take_seat(tx, new.channel, new.author, new.at, Seat::Inside).map(|_| None)?,
    };
    if state.slow_s > 0 {
        members::wrote(tx.db, new.channel, new.author, new.at)?;
    }
    tell(tx, &message, root, moved)?;
    if state.kind == ChannelKind::Direct && message.in_run() {
        activity::wrote(tx, &message)?;
    }
    Ok(PostOutcome::Posted(message))
}

/// The message under the next number and revision of its channel, which ends at `head`.
fn next(
    new: &NewMessage,
    head: Head,
    author: User,
    mentions: Vec<Mention>,
    brought: Brought,
) -> Message {
    let in_run = new.reply.is_none_or(|reply| reply.in_run);
    Message {
        channel: new.channel,
        number: Number(head.last_number.0 + 1),
        revision: Revision(head.revision.0 + 1),
        key: new.key,
        author,
        text: new.text.as_str().to_owned(),
        created_at: new.at,
        deleted_at: None,
        removed: false,
        attachments: brought.attachments,
        line: None,
        edits: 0,
        edited_at: None,
        mentions,
        quote: brought.quote,
        forwarded: brought.forwarded,
        pin: None,
        saved: false,
        reactions: Vec::new(),
        reply: new.reply,
        gap: if in_run { head.last_number.0 - head.last_in_run.0 } else { 0 },
        thread: None,
    }
}

/// Tells of a message that was stored, and of all that it changes beside its channel's run: its thread, its
/// author's mark, and who follows. `root` is the message that begins the thread of a reply.
fn tell(
    tx: &mut Tx<'_>,
    message: &Message,
    root: Option<(Reply, Message)>,
    moved: Option<ReadState>,
) -> Result<()> {
    match &root {
        None => tx.happened(Event::MessagePosted(message.clone())),
        Some((reply, _)) => {
            let head = threading::replied(tx, message, *reply)?;
            tx.happened(Event::Replied { message: message.clone(), head });
        }
    }
    if let Some(state) = moved {
        tx.happened(Event::ReadMoved { user: message.author.id, state });
    }
    if let Some((_, root)) = root {
        threading::take_part(tx, message, &root)?;
    }
    activity::called(tx, message, &message.mentions, message.created_at, false)
}

/// What a message brings beside its text.
struct Brought {
    attachments: Vec<Attachment>,
    quote: Option<Quote>,
    forwarded: Option<Forwarded>,
}

/// Looks up what a message brings and the files of a forward, whose rows are not written yet; or what becomes of
/// the message when a part of that is not there.
fn brought(
    db: &Connection,
    new: &NewMessage,
) -> Result<std::result::Result<(Brought, Vec<Upload>), PostOutcome>> {
    let mut brought = match unused(db, new.author, &new.attachments)? {
        Ok(attachments) => Brought { attachments, quote: None, forwarded: None },
        Err(id) => return Ok(Err(PostOutcome::NoUpload(id))),
    };
    if let Some(number) = new.quote {
        brought.quote = quotes::of_standing(db, new.channel, number)?;
        if brought.quote.is_none() {
            return Ok(Err(PostOutcome::NoQuoted));
        }
    }
    let mut copies = Vec::new();
    if let Some(forward) = &new.forward {
        let Some((forwarded, files)) = forwarding::take(db, forward, new.author, new.at)? else {
            return Ok(Err(PostOutcome::NoSource));
        };
        brought.attachments = files.iter().map(|file| file.attachment.clone()).collect();
        (brought.forwarded, copies) = (Some(forwarded), files);
    }
    Ok(Ok((brought, copies)))
}

/// Writes the files of a message, which is stored already, and what it carries.
fn carry(db: &Connection, new: &NewMessage, message: &Message, copies: &[Upload]) -> Result<()> {
    for copy in copies {
        uploads::add(db, copy)?;
    }
    uploads::attach(db, message)?;
    if let (Some(forwarded), Some(forward)) = (&message.forwarded, &new.forward) {
        forwards::add(db, (message.channel, message.number), forwarded, forward.source)?;
    }
    Ok(())
}

/// A message that was posted before is replayed, also where it would be refused now.
fn replayed(db: &Connection, new: &NewMessage, head: Head, refused: Error) -> Result<PostOutcome> {
    known(db, new, head)?.ok_or(refused)
}

/// What the author is in the channel. It costs a post of a member no statement: those of the author and
/// of the member read it.
fn standing(
    db: &Connection,
    new: &NewMessage,
    author: &Author,
    member: Option<MemberRow>,
) -> Result<Standing> {
    let (kept_out, muted_until) = match member {
        Some(member) => (false, member.muted_until),
        None => (
            standing::is_kept_out(db, new.channel, new.author)?,
            standing::left_muted_until(db, new.channel, new.author)?,
        ),
    };
    let ends = [author.muted_until, muted_until];
    Ok(Standing {
        role: author.role,
        seat: standing::seat(member.map(|member| member.host), kept_out),
        muted: ends.into_iter().flatten().any(|until| until > new.at),
    })
}

/// Checks that the author may write now.
///
/// # Errors
/// `Denied`, `Slow`, `Conflict(Memberships)`.
fn check(
    db: &Connection,
    new: &NewMessage,
    standing: Standing,
    state: ChannelState,
    member: Option<MemberRow>,
) -> Result<()> {
    let is_aside = new.reply.is_some_and(|reply| !reply.in_run);
    let action = if is_aside { Action::Reply } else { Action::Post };
    may(standing, action, state).map_err(Error::Denied)?;
    let Some(member) = member else { return members::check_room_for_one_more(db, new.author) };
    let pause_ms = i64::from(state.slow_s) * 1_000;
    if let Some(wrote) = member.wrote_at.filter(|_| pause_ms > 0 && !runs(standing, state.kind)) {
        // If the clock was set back, nobody waits for longer than the pause.
        let wait_ms = (wrote.0 + pause_ms - new.at.0).min(pause_ms);
        if wait_ms > 0 {
            return Err(Error::Slow { wait_ms });
        }
    }
    Ok(())
}

/// Why a message is not posted: `otherwise`, unless its key was used before.
fn earlier(
    db: &Connection,
    new: &NewMessage,
    head: Head,
    otherwise: PostOutcome,
) -> Result<PostOutcome> {
    Ok(known(db, new, head)?.unwrap_or(otherwise))
}

/// What becomes of a message whose key was used before: it is replayed if it is the same message, and
/// refused if it is another. Of one that was cleared nothing is left but that it was there. `None`: the key
/// was not used.
fn known(db: &Connection, new: &NewMessage, head: Head) -> Result<Option<PostOutcome>> {
    let Some(first) = messages::with_key(db, new.author, new.key)? else {
        if head.floor.0 == 0 {
            return Ok(None);
        }
        let spent = spent_keys::number(db, new.author, new.key)?;
        let spent = spent.map(|number| cleared(db, new, number)).transpose()?;
        return Ok(spent.map(PostOutcome::Replayed));
    };
    if first.channel == new.channel && first.number <= head.floor {
        return cleared(db, new, first.number).map(PostOutcome::Replayed).map(Some);
    }
    // A forward has copies, which are made anew with each try.
    let same_files = || {
        new.forward.is_some()
            || first.attachments.iter().map(|file| file.id).eq(new.attachments.iter().copied())
    };
    let same_quote = || first.quote.as_ref().map(|quote| quote.number) == new.quote;
    let source = new.forward.as_ref().map(|forward| forward.source);
    let same_source = match (&first.forwarded, source) {
        (None, None) => true,
        _ => forwards::source(db, first.channel, first.number)? == source,
    };
    let same_content = if first.deleted_at.is_some() {
        true
    } else if first.edits > 0 {
        let files = new.attachments.iter().copied();
        let digest = digest(new.text.as_str(), files, new.quote, source);
        messages::first_digest(db, first.channel, first.number)? == Some(digest)
    } else {
        first.text == new.text.as_str() && same_files() && same_quote() && same_source
    };
    let same_place =
        first.channel == new.channel && (first.reply == new.reply || first.deleted_at.is_some());
    Ok(Some(if same_place && same_content {
        PostOutcome::Replayed(first)
    } else {
        PostOutcome::KeyReused
    }))
}

/// What is told of a message that was cleared: a tombstone under no revision, below the channel's floor.
fn cleared(db: &Connection, new: &NewMessage, number: Number) -> Result<Message> {
    Ok(Message {
        channel: new.channel,
        number,
        revision: Revision(0),
        key: new.key,
        author: users::user(db, new.author)?,
        text: String::new(),
        created_at: new.at,
        deleted_at: Some(new.at),
        removed: false,
        attachments: Vec::new(),
        line: None,
        edits: 0,
        edited_at: None,
        mentions: Vec::new(),
        quote: None,
        forwarded: None,
        pin: None,
        saved: false,
        reactions: Vec::new(),
        reply: new.reply,
        gap: 0,
        thread: None,
    })
}

/// The files in their order, or the first that may not be used. A file may be used only once.
fn unused(
    db: &Connection,
    owner: UserId,
    ids: &[UploadId],
) -> Result<std::result::Result<Vec<Attachment>, UploadId>> {
    let mut seen = HashSet::new();
    let mut attachments = Vec::with_capacity(ids.len());
    for &id in ids {
        match uploads::upload(db, id)? {
            Some(upload)
                if upload.owner == owner && upload.message.is_none() && seen.insert(id) =>
            {
                attachments.push(upload.attachment);
            }
            _ => return Ok(Err(id)),
        }
    }
    Ok(Ok(attachments))
}

/// Writes the number and the revision of the message as the channel's newest. They were read before:
/// `RETURNING` here would cost more than everything else that a post does, because SQLite builds a
/// table for the row that it returns.
fn take_number(db: &Connection, message: &Message, before: Head) -> Result<()> {
    let mut update = db.prepare_cached(
        "UPDATE channels SET last_number = ?2, revision = ?3, last_in_run = ?4, off_count = ?5
         WHERE id = ?1",
    )?;
    let Message { channel, number, revision, .. } = message;
    let last_in_run = if message.in_run() { *number } else { before.last_in_run };
    let off_count = off_count(message, before);
    update.execute((channel.0, number.0, revision.0, last_in_run.0, off_count))?;
    Ok(())
}

/// How many rows of the channel are off the run, with the message that comes after `before`.
fn off_count(message: &Message, before: Head) -> i64 {
    before.off_count + i64::from(!message.in_run())
}

/// Adds the row; `false` if its author used the key before, then nothing is written. SQLite has to
/// check the unique index anyway, so a query before would only cost time.
fn insert(db: &Connection, message: &Message, before: Head) -> Result<bool> {
    let mut insert = db.prepare_cached(
        "INSERT INTO messages
             (channel_id, number, revision, posted_revision, author_id, key, created_at,
              attachments, text, mentions, root, off_run, gap, off_count, quote, forwarded)
         VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
         ON CONFLICT (key, author_id) DO NOTHING",
    )?;
    let inserted = insert.execute((
        message.channel.0,
        message.number.0,
        message.revision.0,
        message.author.id.0,
        message.key.0,
        message.created_at.0,
        sql_count(message.attachments.len()),
        &message.text,
        sql_count(message.mentions.len()),
        message.reply.map(|reply| reply.root.0),
        !message.in_run(),
        message.gap,
        off_count(message, before),
        message.quote.as_ref().map_or(0, |quote| quote.number.0),
        message.forwarded.is_some(),
    ))?;
    Ok(inserted > 0)
}
