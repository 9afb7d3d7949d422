//! Kills at random moments, under load, again and again.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use fastrand::Rng;
use tokio::process::Command;
use tokio::sync::watch;

use crate::cli::Crash;
use crate::copy::Copy;
use crate::http::Session;
use crate::reader::Reader;
use crate::room::Room;
use crate::server::{Server, Site};
use crate::writer::Writer;

/// How long the server lives at most before it is killed, in milliseconds after it listens.
const LIFE_MS: u64 = 700;
/// One in so many is killed while it starts.
const WHILE_STARTING: u32 = 8;
/// How long a start takes at most before such a kill, in milliseconds.
const START_MS: u64 = 120;
/// How soon a reader comes back, in milliseconds.
const COME_BACK_MS: std::ops::Range<u64> = 5..120;

/// Everybody, running.
struct Scene {
    site: Site,
    room: Room,
    readers: Vec<Reader>,
    auditor: Session,
    stored: BTreeMap<i64, Copy>,
    stop: watch::Sender<bool>,
}

/// Kills until it is enough, and looks everything over.
///
/// # Errors
/// The first thing that was lost, doubled, out of order or different.
pub(crate) async fn run(options: &Crash) -> Result<()> {
    let seed = options.seed.unwrap_or_else(|| fastrand::u64(..));
    println!("seed {seed}");
    let folder = tempfile::Builder::new().prefix("chinwag-soak-").tempdir()?;
    let site = Site::new(&options.server, &folder.path().join("data"))?;
    let result = kill_again_and_again(options, seed, site).await;
    if result.is_err() && options.keep {
        println!("the data is in {}", folder.keep().display());
    }
    result
}

async fn kill_again_and_again(options: &Crash, seed: u64, site: Site) -> Result<()> {
    let (began, mut rng) = (Instant::now(), Rng::with_seed(seed));
    let mut server = site.start().await?;
    let mut scene = Scene::open(options, seed, site).await?;
    let mut kills = 0;
    let enough = Duration::from_secs(options.seconds);
    while kills < options.kills && began.elapsed() < enough {
        server = scene.kill(server, &mut rng, &mut kills).await?;
        if kills % options.check_every == 0 {
            scene.look_over().await?;
            scene.report(kills, began.elapsed());
        }
    }
    // Whoever waits at the gate goes home instead of through it.
    let _ = scene.stop.send(true);
    scene.look_over().await?;
    let stored = scene.room.audit_all(&mut scene.auditor, &scene.stored).await?;
    scene.settle()?;
    scene.report(kills, began.elapsed());
    server.stop().await?;
    scene.check_folder().await?;
    println!(
        "{kills} kills survived; {stored} messages stored, each acknowledged one exactly once"
    );
    Ok(())
}

impl Scene {
    async fn open(options: &Crash, seed: u64, site: Site) -> Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let mut auditor = Session::sign_in(site.address, "auditor").await?;
        let room = Room::open(&mut auditor, options.channels, stopped).await?;
        let mut readers = Vec::new();
        for number in 0..options.readers {
            let person = room.person(site.address, &format!("reader {number}")).await?;
            readers.push(Reader::start(room.clone(), person, COME_BACK_MS));
        }
        for number in 0..options.writers {
            let name = format!("writer {number}");
            let person = room.person(site.address, &name).await?;
            // Two hands of one person: her messages race each other.
            for (hand, person) in [person.twin(), person].into_iter().enumerate() {
                let seed = seed ^ (2 * number + hand) as u64;
                Writer::start(room.clone(), person, &format!("{name}/{hand}"), seed);
            }
        }
        Ok(Self { site, room, readers, auditor, stored: BTreeMap::new(), stop })
    }

    /// Kills the server at some moment, and starts it again; now and then it is killed while it
    /// starts, too.
    async fn kill(&self, server: Server, rng: &mut Rng, kills: &mut u32) -> Result<Server> {
        tokio::time::sleep(Duration::from_millis(rng.u64(0..LIFE_MS))).await;
        server.kill().await?;
        *kills += 1;
        while rng.u32(0..WHILE_STARTING) == 0 {
            let starting = self.site.spawn()?;
            tokio::time::sleep(Duration::from_millis(rng.u64(0..START_MS))).await;
            starting.kill().await?;
            *kills += 1;
        }
        self.site.start().await
    }

    async fn look_over(&mut self) -> Result<()> {
        self.room.audit(&self.readers, &mut self.auditor, &mut self.stored).await?;
        self.settle()?;
        // Every row is as it was written, also in the middle of all this.
        self.check_folder().await
    }

    fn settle(&self) -> Result<()> {
        let faults = self.room.ledger.faults();
        if !faults.is_empty() {
            bail!("{} faults:\n  {}", faults.len(), faults.join("\n  "));
        }
        Ok(())
    }

    fn report(&self, kills: u32, elapsed: Duration) {
        let counts = self.room.ledger.counts();
        println!(
            "{:>6} s  {kills} kills  {} posted ({} with a file)  {} deleted  {} retried  {} replayed  \
             {} heard  {} came back  {} caught up",
            elapsed.as_secs(),
            counts.posted,
            counts.with_files,
            counts.deleted,
            counts.retried,
            counts.replayed,
            counts.heard,
            counts.connected,
            counts.caught_up,
        );
        // It may go into a pipe, and be waited for.
        let _ = std::io::stdout().flush();
    }

    /// The product's own look at what is on disk, beside a server and without one.
    async fn check_folder(&self) -> Result<()> {
        let mut check = Command::new(&self.site.binary);
        check.arg("check").arg("--data").arg(&self.site.data);
        let output = check.output().await.context("cannot run the check")?;
        if !output.status.success() {
            bail!("chinwag check: {}", String::from_utf8_lossy(&output.stdout));
        }
        Ok(())
    }
}
