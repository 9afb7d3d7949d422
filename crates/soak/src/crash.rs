//! `crash`: kills the server at random moments, under load, again and again.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use fastrand::Rng;
use tokio::process::Command;
use tokio::sync::watch;

use crate::audit;
use crate::cli::Crash;
use crate::copy::Copy;
use crate::http::Client;
use crate::keeper::Order;
use crate::reader::Reader;
use crate::room::Room;
use crate::server::{Installation, Server};
use crate::talk::EMOJI;
use crate::wisher::Wisher;
use crate::wishes::{self, Wishes};
use crate::writer::Writer;

/// The server is killed within so many milliseconds after it listens.
const LIFE_MS: u64 = 700;
/// One in so many kills is followed by one while the server starts.
const WHILE_STARTING: u32 = 8;
/// A server that starts is killed within so many milliseconds.
const START_MS: u64 = 120;
/// How long a reader waits before it connects again, in milliseconds.
const COME_BACK_MS: std::ops::Range<u64> = 5..120;

/// The server's installation, and the people who use it.
struct Scene {
    installation: Installation,
    room: Room,
    readers: Vec<Reader>,
    /// What each reader wished for: their name, a connection of theirs, and the book.
    wishes: Vec<(String, Client, Arc<Mutex<Wishes>>)>,
    /// A connection of each writer.
    writers: Vec<Client>,
    _order: Order,
    auditor: Client,
    stored: BTreeMap<i64, Copy>,
    stop: watch::Sender<bool>,
}

/// Kills the server until the options say that it is enough, and checks everything.
///
/// # Errors
/// When something was lost, doubled, out of order or different.
pub(crate) async fn run(options: &Crash) -> Result<()> {
    let seed = options.seed.unwrap_or_else(|| fastrand::u64(..));
    println!("seed {seed}");
    let folder = tempfile::Builder::new().prefix("chinwag-soak-").tempdir()?;
    let installation = Installation::new(&options.server, &folder.path().join("data"))?;
    let result = kill_again_and_again(options, seed, installation).await;
    if result.is_err() && options.keep {
        println!("the data is in {}", folder.keep().display());
    }
    result
}

async fn kill_again_and_again(
    options: &Crash,
    seed: u64,
    installation: Installation,
) -> Result<()> {
    let (began, mut rng) = (Instant::now(), Rng::with_seed(seed));
    let mut server = installation.start().await?;
    let mut scene = Scene::open(options, seed, installation).await?;
    let mut kills = 0;
    let enough = Duration::from_secs(options.seconds);
    while kills < options.kills && began.elapsed() < enough {
        server = scene.kill(server, &mut rng, &mut kills).await?;
        if kills % options.check_every == 0 {
            scene.check_everything().await?;
            scene.report(kills, began.elapsed());
        }
    }
    // Writers that wait at the gate end now.
    let _ = scene.stop.send(true);
    scene.check_everything().await?;
    let stored = scene.compare_all().await?;
    scene.fail_on_faults()?;
    scene.report(kills, began.elapsed());
    server.stop().await?;
    scene.check_folder().await?;
    println!(
        "{kills} kills survived; {stored} messages stored, each acknowledged one exactly once"
    );
    Ok(())
}

impl Scene {
    async fn open(options: &Crash, seed: u64, installation: Installation) -> Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let mut auditor = Client::sign_in(installation.address, "auditor").await?;
        let room = Room::open(&mut auditor, options.channels, stopped).await?;
        let (mut readers, mut wishes) = (Vec::new(), Vec::new());
        for number in 0..options.readers {
            let name = format!("reader {number}");
            let person = room.person(installation.address, &name).await?;
            // Another connection of the same person: what it wishes, the reader hears.
            let (wishing, again) = (person.twin(), person.twin());
            readers.push(Reader::start(room.clone(), person, COME_BACK_MS));
            let (share, seed) = ((number, options.readers), seed.rotate_left(32) ^ number as u64);
            let (book, _) = Wisher::start(room.clone(), wishing, name.clone(), seed, share);
            wishes.push((name, again, book));
        }
        let mut writers = Vec::new();
        for number in 0..options.writers {
            let name = format!("writer {number}");
            let person = room.person(installation.address, &name).await?;
            writers.push(person.twin());
            // Two connections of one person, whose messages race each other.
            for (connection, person) in [person.twin(), person].into_iter().enumerate() {
                let seed = seed ^ (2 * number + connection) as u64;
                let writer =
                    Writer::new(room.clone(), person, &format!("{name}/{connection}"), seed);
                // One of them, so that it is clear which name was the last.
                writer.renaming(connection == 0).reacting(EMOJI[connection]).start();
            }
        }
        let order = Order::start(room.clone(), &installation, !seed).await?;
        Ok(Self {
            installation,
            room,
            readers,
            wishes,
            writers,
            _order: order,
            auditor,
            stored: BTreeMap::new(),
            stop,
        })
    }

    /// Kills the server at a random moment, and starts it again; now and then it is killed while it
    /// starts, too.
    async fn kill(&self, server: Server, rng: &mut Rng, kills: &mut u32) -> Result<Server> {
        tokio::time::sleep(Duration::from_millis(rng.u64(0..LIFE_MS))).await;
        server.kill().await?;
        *kills += 1;
        while rng.u32(0..WHILE_STARTING) == 0 {
            let starting = self.installation.spawn()?;
            tokio::time::sleep(Duration::from_millis(rng.u64(0..START_MS))).await;
            starting.kill().await?;
            *kills += 1;
        }
        self.installation.start().await
    }

    async fn check_everything(&mut self) -> Result<()> {
        let _still = audit::standstill(&self.room).await?;
        audit::readers(&self.room, &self.readers, &mut self.auditor, &mut self.stored).await?;
        for ((name, person, book), reader) in self.wishes.iter_mut().zip(&self.readers) {
            let book = book.lock().unwrap_or_else(PoisonError::into_inner).clone();
            audit::wishes(&self.room, name, person, &book, reader).await?;
        }
        self.fail_on_faults()?;
        // Every row must be as it was written, also while the server works.
        self.check_folder().await
    }

    /// Loads everything anew and compares it with all books. Returns how many messages there are.
    async fn compare_all(&mut self) -> Result<usize> {
        let stored = audit::everything(&self.room, &mut self.auditor, &self.stored).await?;
        let mut pinned = BTreeSet::new();
        for (_, person, book) in &mut self.wishes {
            audit::counts(&self.room, person, &stored, true).await?;
            pinned.append(&mut book.lock().unwrap_or_else(PoisonError::into_inner).pins.clone());
        }
        for person in &mut self.writers {
            audit::counts(&self.room, person, &stored, false).await?;
        }
        for fault in wishes::pin_faults(&pinned, &stored) {
            self.room.ledger.fault(fault);
        }
        Ok(stored.len())
    }

    /// Fails if anything was wrong so far.
    fn fail_on_faults(&self) -> Result<()> {
        let faults = self.room.ledger.faults();
        if !faults.is_empty() {
            bail!("{} faults:\n  {}", faults.len(), faults.join("\n  "));
        }
        Ok(())
    }

    fn report(&self, kills: u32, elapsed: Duration) {
        let counts = self.room.ledger.counts();
        println!(
            "{:>6} s  {kills} kills  {} posted ({} with a file, {} replies, {} leaning)  {} wishes  {} deleted  {} edited  {} reacted  {} renamed  {} rights  {} looks  {} retried  {} replayed  \
             {} heard  {} came back  {} caught up",
            elapsed.as_secs(),
            counts.posted,
            counts.with_files,
            counts.replies,
            counts.quoted,
            counts.wished,
            counts.deleted,
            counts.edited,
            counts.reacted,
            counts.renamed,
            counts.rights,
            counts.looks,
            counts.retried,
            counts.replayed,
            counts.heard,
            counts.connected,
            counts.caught_up,
        );
        // Standard output may be a pipe whose reader waits for the line.
        let _ = std::io::stdout().flush();
    }

    /// Runs `chinwag check` on the data folder, beside the server.
    async fn check_folder(&self) -> Result<()> {
        let mut check = Command::new(&self.installation.binary);
        check.arg("check").arg("--data").arg(&self.installation.data);
        let output = check.output().await.context("cannot run the check")?;
        if !output.status.success() {
            bail!("chinwag check: {}", String::from_utf8_lossy(&output.stdout));
        }
        Ok(())
    }
}
