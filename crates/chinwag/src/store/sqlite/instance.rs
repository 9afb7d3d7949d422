//! Which installation a database belongs to, and whether it is the one that was here before.
//!
//! The database has an id, which is made once, and an epoch, which every restore makes anew. The file
//! `INSTANCE` beside it notes both, and how far the streams had come. A database with another id or
//! epoch, or whose streams are behind what was noted, was put here by hand and gets a new epoch. Not
//! noticed are a folder that was replaced together with its note, and the loss of changes after the
//! last note; an open web app notices that the streams are behind what it holds. The note is written at
//! every start and every orderly stop.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::disk;
use crate::model::hex::hex;
use crate::model::instance::Instance;

/// The name of the note in the data folder.
const NOTE: &str = "INSTANCE";

/// Gives a database its id and its first epoch.
pub(super) fn make(db: &Connection) -> rusqlite::Result<()> {
    let (id, epoch) = (random_hex()?, random_hex()?);
    db.execute("INSERT INTO instance (id, epoch) VALUES (?1, ?2)", [id, epoch])?;
    Ok(())
}

/// Compares a database that is being opened with the note beside it, and gives it a new epoch if they
/// differ. Returns its instance, and the note to write at the end.
pub(super) fn settle(db: &Connection, data: &Path) -> rusqlite::Result<(Instance, Note)> {
    let note = Note { path: data.join(NOTE) };
    let mut instance = read(db)?;
    let noted = fs::read_to_string(&note.path).ok();
    if let Some((before, noted_progress)) = noted.as_deref().and_then(parse)
        && (before != instance || progress(db)? < noted_progress)
    {
        tracing::warn!(
            "the database is not the one that was here before, or an earlier state of it; \
             browsers load everything anew"
        );
        renew(db)?;
        instance = read(db)?;
    }
    note.write(db);
    Ok((instance, note))
}

/// The file `INSTANCE`.
pub(super) struct Note {
    path: PathBuf,
}

impl Note {
    /// Notes how far the streams have come. A failure is only logged: without the note less is noticed,
    /// but the server works.
    pub(super) fn write(&self, db: &Connection) {
        let written = self.try_write(db);
        if let Err(reason) = written {
            tracing::warn!(reason, "could not note where the database stands");
        }
    }

    fn try_write(&self, db: &Connection) -> Result<(), String> {
        let said = |error: &dyn std::fmt::Display| error.to_string();
        let instance = read(db).map_err(|error| said(&error))?;
        let progress = progress(db).map_err(|error| said(&error))?;
        let mut partial = self.path.clone().into_os_string();
        partial.push(".partial");
        let text = format!("{} {} {progress}\n", instance.id, instance.epoch);
        let mut options = disk::private();
        let file = options.write(true).create(true).truncate(true).open(&partial);
        let mut file = file.map_err(|error| said(&error))?;
        file.write_all(text.as_bytes()).map_err(|error| said(&error))?;
        file.sync_all().map_err(|error| said(&error))?;
        disk::put_in_place(Path::new(&partial), &self.path).map_err(|error| said(&error))
    }
}

fn parse(text: &str) -> Option<(Instance, i64)> {
    let mut words = text.split_whitespace();
    let (id, epoch) = (words.next()?.to_owned(), words.next()?.to_owned());
    Some((Instance { id, epoch }, words.next()?.parse().ok()?))
}

fn read(db: &Connection) -> rusqlite::Result<Instance> {
    db.query_row("SELECT id, epoch FROM instance", [], |row| {
        Ok(Instance { id: row.get(0)?, epoch: row.get(1)? })
    })
}

/// Makes a new epoch: browsers no longer trust what they hold of this installation.
pub(super) fn renew(db: &Connection) -> rusqlite::Result<()> {
    db.execute("UPDATE instance SET epoch = ?1", [random_hex()?])?;
    Ok(())
}

/// The sum of the revisions of all streams. No revision ever goes back.
fn progress(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row(
        "SELECT (SELECT revision FROM place) + (SELECT coalesce(sum(revision), 0) FROM channels)
              + (SELECT coalesce(sum(own_revision), 0) FROM users)",
        [],
        |row| row.get(0),
    )
}

/// 128 random bits, as 32 hexadecimal digits.
fn random_hex() -> rusqlite::Result<String> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    Ok(hex(&bits))
}
