//! What holds when a command, a commit, or the hook fails.

use std::fs::File;
use std::sync::{Arc, Mutex, mpsc};

use rusqlite::Connection;

use super::writer::{Tx, Writer};
use crate::model::events::Event;
use crate::model::ids::{SessionId, UserId};
use crate::store::{Error, OnCommit, Result};

/// A writer over a database with a table that holds numbers, and what its hook heard.
struct Scene {
    writer: Writer,
    heard: Arc<Mutex<Vec<i64>>>,
}

impl Scene {
    /// `pages` bounds the size of the database, as a full disk does.
    fn new(pages: u32) -> Self {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(&format!(
            "PRAGMA max_page_count = {pages};
             PRAGMA foreign_keys = ON;
             CREATE TABLE parents (id INTEGER PRIMARY KEY);
             CREATE TABLE children (
                 id INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
             CREATE TABLE numbers (number INTEGER NOT NULL CHECK (number > 0), filler BLOB);"
        ))
        .unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ear = Arc::clone(&heard);
        let on_commit: OnCommit = Arc::new(move |event| {
            let Event::SessionEnded { session, .. } = event else { return };
            assert_ne!(session.0, 13, "the hook may panic and nothing else happens");
            ear.lock().unwrap().push(session.0);
        });
        let lock = File::open(std::env::current_exe().unwrap()).unwrap();
        Self { writer: Writer::start(db, lock, on_commit, |_| ()).unwrap(), heard }
    }

    /// Writes a number and as many bytes, and tells of it.
    async fn write(&self, number: i64, bytes: i64) -> Result<()> {
        self.writer
            .run(move |tx| {
                tx.happened(Event::SessionEnded { session: SessionId(number), user: UserId(1) });
                tx.db.execute("INSERT INTO numbers VALUES (?1, zeroblob(?2))", (number, bytes))?;
                assert_ne!(number, 666, "a command with a defect");
                Ok(())
            })
            .await
    }

    /// Two futures: the first keeps the writer busy until the second is polled. What is polled
    /// between them waits in the queue and shares a transaction.
    fn gate(&self) -> (impl Future<Output = Result<()>>, impl Future<Output = ()>) {
        let (open, opened) = mpsc::channel();
        let busy = self.writer.run(move |_| opened.recv().map_err(|_| Error::Closed));
        (busy, async move { open.send(()).unwrap() })
    }

    async fn stored(&self) -> Vec<i64> {
        let all = |tx: &mut Tx<'_>| {
            let mut find = tx.db.prepare("SELECT number FROM numbers ORDER BY rowid")?;
            let found = find.query_map([], |row| row.get(0))?;
            Ok(found.collect::<rusqlite::Result<Vec<i64>>>()?)
        };
        self.writer.run(all).await.unwrap()
    }
}

#[tokio::test]
async fn a_command_that_fails_takes_no_other_with_it() {
    let scene = Scene::new(1_000);
    let (busy, open) = scene.gate();
    let (_, one, refused, panicked, two, ()) = tokio::join!(
        busy,
        scene.write(1, 0),
        scene.write(-1, 0),
        scene.write(666, 0),
        scene.write(2, 0),
        open
    );
    assert!(one.is_ok() && two.is_ok());
    assert!(matches!(refused, Err(Error::Io(_))));
    assert!(matches!(panicked, Err(Error::Io(reason)) if reason.contains("panicked")));
    assert_eq!(scene.stored().await, [1, 2]);
    assert_eq!(*scene.heard.lock().unwrap(), [1, 2]);
}

#[tokio::test]
async fn a_full_disk_is_said_and_leaves_what_was_there() {
    let scene = Scene::new(10);
    scene.write(1, 0).await.unwrap();
    let full = scene.write(2, 1_000_000).await;
    assert!(matches!(full, Err(Error::Full(_))), "{full:?}");
    scene.write(3, 0).await.unwrap();
    assert_eq!(scene.stored().await, [1, 3]);
    assert_eq!(*scene.heard.lock().unwrap(), [1, 3]);
}

#[tokio::test]
async fn a_failed_commit_answers_everybody_and_tells_nobody() {
    let scene = Scene::new(1_000);
    // A deferred key is looked at when the transaction ends.
    let fails_late = |tx: &mut Tx<'_>| {
        tx.db.execute("INSERT INTO children VALUES (1)", [])?;
        Ok(())
    };
    let (busy, open) = scene.gate();
    let (_, one, late, ()) =
        tokio::join!(busy, scene.write(1, 0), scene.writer.run(fails_late), open);
    assert!(matches!((one, late), (Err(Error::Io(_)), Err(Error::Io(_)))));
    assert_eq!(scene.stored().await, Vec::<i64>::new());
    assert_eq!(*scene.heard.lock().unwrap(), Vec::<i64>::new());
    scene.write(2, 0).await.unwrap();
    assert_eq!(scene.stored().await, [2]);
}

#[tokio::test]
async fn a_hook_that_panics_stops_nothing() {
    let scene = Scene::new(1_000);
    scene.write(13, 0).await.unwrap();
    scene.write(14, 0).await.unwrap();
    assert_eq!(*scene.heard.lock().unwrap(), [14]);
    scene.writer.close().await;
    assert!(matches!(scene.write(15, 0).await, Err(Error::Closed)));
}
