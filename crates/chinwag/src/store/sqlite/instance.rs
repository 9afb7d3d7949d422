//! Which installation a database belongs to, and whether it is the one that was here before.
//!
//! The database holds an id, made once, and an epoch, made anew by every restore. Beside it the
//! file `INSTANCE` notes both, and how far the streams had come: a database that bears another id,
//! or that stands before what was noted, was put here by hand, and gets a new epoch. What cannot be
//! seen that way: a whole folder that was replaced together with its note, and changes that were
//! lost behind the last note, which is written at every start and every orderly stop.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::disk;
use crate::model::hex::hex;
use crate::model::instance::Instance;

/// The note's name in the data folder.
const NOTE: &str = "INSTANCE";

/// Writes the row of a database that has none yet.
pub(super) fn found(db: &Connection) -> rusqlite::Result<()> {
    let (id, epoch) = (random_hex()?, random_hex()?);
    db.execute("INSERT INTO instance (id, epoch) VALUES (?1, ?2)", [id, epoch])?;
    Ok(())
}

/// The instance of a database that is being opened, compared with what was noted beside it.
pub(super) fn settle(db: &Connection, data: &Path) -> rusqlite::Result<(Instance, Note)> {
    let note = Note { path: data.join(NOTE) };
    let mut instance = read(db)?;
    let noted = fs::read_to_string(&note.path).ok();
    if let Some((before, advance)) = noted.as_deref().and_then(parse)
        && (before != instance || stands(db)? < advance)
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

/// The file beside the database.
pub(super) struct Note {
    path: PathBuf,
}

impl Note {
    /// Notes where the database stands. Without the note less can be seen; that is no reason to
    /// refuse service.
    pub(super) fn write(&self, db: &Connection) {
        let written = self.try_write(db);
        if let Err(reason) = written {
            tracing::warn!(reason, "could not note where the database stands");
        }
    }

    fn try_write(&self, db: &Connection) -> Result<(), String> {
        let said = |error: &dyn std::fmt::Display| error.to_string();
        let instance = read(db).map_err(|error| said(&error))?;
        let advance = stands(db).map_err(|error| said(&error))?;
        let mut partial = self.path.clone().into_os_string();
        partial.push(".partial");
        let text = format!("{} {} {advance}\n", instance.id, instance.epoch);
        let mut options = disk::private();
        let file = options.write(true).create(true).truncate(true).open(&partial);
        let mut file = file.map_err(|error| said(&error))?;
        file.write_all(text.as_bytes()).map_err(|error| said(&error))?;
        file.sync_all().map_err(|error| said(&error))?;
        fs::rename(&partial, &self.path).map_err(|error| said(&error))
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

/// A new epoch: what browsers hold of it is not to be trusted any more.
pub(super) fn renew(db: &Connection) -> rusqlite::Result<()> {
    db.execute("UPDATE instance SET epoch = ?1", [random_hex()?])?;
    Ok(())
}

/// How far all streams have come together. No stream ever goes back.
fn stands(db: &Connection) -> rusqlite::Result<i64> {
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
