//! What still holds when a command, a commit or the hook fails.

use std::sync::{Arc, Mutex, mpsc};

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization, TransactionOperation};

use super::{Ballast, Keep, Tx, Writer};
use crate::model::events::Event;
use crate::model::ids::{SessionId, UserId};
use crate::store::sqlite::readers::Readers;
use crate::store::sqlite::sums::{self, Sums};
use crate::store::sqlite::{connection, folder, migrations, wal};
use crate::store::{Error, OnCommit, Result};

/// A writer over a database with a table of numbers, and the numbers that its hook heard of.
struct Scene {
    writer: Writer,
    heard: Arc<Mutex<Vec<i64>>>,
}

impl Scene {
    /// `pages` is the most pages that the database may have, as on a disk that gets full.
    fn new(pages: u32) -> Self {
        Self::with(pages, |_: AuthContext<'_>| Authorization::Allow)
    }

    fn with(
        pages: u32,
        allow: impl FnMut(AuthContext<'_>) -> Authorization + Send + 'static,
    ) -> Self {
        let mut db = Connection::open_in_memory().unwrap();
        db.execute_batch(&format!(
            "PRAGMA max_page_count = {pages};
             PRAGMA foreign_keys = ON;
             CREATE TABLE parents (id INTEGER PRIMARY KEY);
             CREATE TABLE children (
                 id INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
             CREATE TABLE numbers (number INTEGER NOT NULL CHECK (number > 0), filler BLOB);"
        ))
        .unwrap();
        db.authorizer(Some(allow)).unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ear = Arc::clone(&heard);
        let on_commit: OnCommit = Arc::new(move |event| {
            let Event::SessionEnded { session, .. } = event else { return };
            assert_ne!(session.0, 13, "the hook may panic and nothing else happens");
            ear.lock().unwrap().push(session.0);
        });
        let lock = tempfile::tempfile().unwrap();
        let keep = Keep {
            lock,
            ballast: Ballast::none(),
            sums: Sums::default(),
            at_end: Box::new(|_| ()),
        };
        Self { writer: Writer::start(db, keep, on_commit).unwrap(), heard }
    }

    /// A scene whose connection refuses to roll back so many times (by its authorizer).
    fn that_does_not_roll_back(times: u32) -> Self {
        let mut refused = 0;
        Self::with(1_000, move |context: AuthContext<'_>| match context.action {
            AuthAction::Transaction { operation: TransactionOperation::Rollback }
                if refused < times =>
            {
                refused += 1;
                Authorization::Deny
            }
            _ => Authorization::Allow,
        })
    }

    /// Writes a number with so many bytes beside it, and notes an event.
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

    /// Two futures: the first keeps the writer busy until the second is polled. Commands that are
    /// polled between them wait in the queue and share one transaction.
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
    // SQLite checks a deferred foreign key when the transaction ends.
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

/// A batch that is done again, a command that is undone in it, and a transaction that is lost add
/// nothing to the sums of the rows.
#[tokio::test]
async fn the_sums_are_those_of_what_was_committed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chinwag.db");
    let mut db = connection::open_writer(&path).unwrap();
    migrations::migrate(&mut db, &path).unwrap();
    let sums = Sums::install(&mut db).unwrap();
    let lock = tempfile::tempfile().unwrap();
    let keep = Keep { lock, ballast: Ballast::none(), sums, at_end: Box::new(|_| ()) };
    let writer = Writer::start(db, keep, Arc::new(|_| {})).unwrap();
    let scene = Scene { writer, heard: Arc::default() };
    let add = |name: &'static str, end: fn() -> Result<()>| {
        scene.writer.run(move |tx| {
            let insert =
                "INSERT INTO users (name, name_key, created_at, language, theme, enter_sends)
                          VALUES (?1, ?1, 0, 'auto', 'auto', 0)";
            tx.db.execute(insert, [name])?;
            end()
        })
    };
    let fails = || Err(Error::Io("the disk".to_owned()));
    let (busy, open) = scene.gate();
    let (_, ada, grace, rain, ()) = tokio::join!(
        busy,
        add("Ada", || Ok(())),
        add("Grace", fails),
        add("Rain", || Ok(())),
        open
    );
    assert!(ada.is_ok() && grace.is_err() && rain.is_ok());
    // SQLite checks the reference when the transaction ends.
    let fails_late = |tx: &mut Tx<'_>| {
        tx.db.execute_batch(
            "PRAGMA defer_foreign_keys = ON;
             INSERT INTO members (channel_id, user_id, joined_at) VALUES (7, 1, 0)",
        )?;
        Ok(())
    };
    assert!(scene.writer.run(fails_late).await.is_err());
    add("Tove", || Ok(())).await.unwrap();
    scene.writer.close().await;
    let db = Connection::open(&path).unwrap();
    let names = "SELECT group_concat(name, ' ') FROM (SELECT name FROM users ORDER BY id)";
    let names: String = db.query_row(names, [], |row| row.get(0)).unwrap();
    assert_eq!(names, "Ada Rain Tove");
    assert!(sums::changed(&db).unwrap().is_empty(), "the sums are of these rows");
}

#[tokio::test]
async fn a_rollback_that_fails_once_is_tried_again() {
    let scene = Scene::that_does_not_roll_back(2);
    assert!(scene.write(-1, 0).await.is_err());
    scene.write(1, 0).await.unwrap();
    assert_eq!(scene.stored().await, [1]);
    scene.writer.alive().await.unwrap();
}

#[tokio::test]
async fn a_writer_that_cannot_go_on_ends_and_says_so() {
    let scene = Scene::that_does_not_roll_back(u32::MAX);
    assert!(scene.write(-1, 0).await.is_err());
    scene.writer.ended().await;
    assert!(matches!(scene.writer.alive().await, Err(Error::Closed)));
    assert!(matches!(scene.write(1, 0).await, Err(Error::Closed)));
    scene.writer.close().await;
}

struct Panics;

impl Drop for Panics {
    fn drop(&mut self) {
        panic!("outside of every command");
    }
}

/// Ends the thread by a panic outside of every command.
async fn panic_in(writer: &Writer) {
    let trap = Panics;
    let work = move |_: &mut Tx<'_>| {
        let _held = &trap;
        Ok(())
    };
    let _ = writer.run(work).await;
    writer.ended().await;
}

/// The last connection that closes must not remove a log that is noted as needed.
#[tokio::test]
async fn a_writer_that_panics_leaves_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chinwag.db");
    let db = connection::open_writer(&path).unwrap();
    connection::copy_back_on_close(&db, true).unwrap();
    let lock = tempfile::tempfile().unwrap();
    let noted = lock.try_clone().unwrap();
    let keep =
        Keep { lock, ballast: Ballast::none(), sums: Sums::default(), at_end: Box::new(|_| ()) };
    let writer = Writer::start(db, keep, Arc::new(|_| {})).unwrap();
    let readers = Readers::open(&path, 2).unwrap();
    let make = |tx: &mut Tx<'_>| Ok(tx.db.execute_batch("CREATE TABLE said (what TEXT)")?);
    writer.run(make).await.unwrap();
    assert!(folder::is_log_needed(&noted).unwrap());
    panic_in(&writer).await;
    readers.close().await;
    assert_eq!(wal::damage(&path, true).unwrap(), None, "the log is there");
}

#[tokio::test]
async fn a_writer_that_panics_ends_and_says_so() {
    let scene = Scene::new(1_000);
    scene.writer.alive().await.unwrap();
    panic_in(&scene.writer).await;
    assert!(matches!(scene.writer.alive().await, Err(Error::Closed)));
    assert!(matches!(scene.write(1, 0).await, Err(Error::Closed)));
}
