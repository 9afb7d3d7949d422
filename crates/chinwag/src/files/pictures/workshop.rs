//! The workshop, where the server has thumbnails made: by processes of their own, a few at a time,
//! which never have more memory in all than [`MAX_BYTES`].

use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::child::{ITSELF, Make, Outcome};
use crate::files::Error;

/// The memory that all processes together may take, in bytes.
pub(in crate::files) const MAX_BYTES: u64 = 190 * 1024 * 1024;
/// Processes at the same time. More would only take turns on a small machine.
const AT_ONCE: usize = 2;
/// The memory for all pixels that are decoded at the same time, in bytes.
const PIXEL_BYTES: u64 = MAX_BYTES - (AT_ONCE as u64) * ITSELF;
/// Pictures that may wait for their turn. For more, the server answers that it is busy.
const WAITING: usize = 200;
/// The unit that memory is counted in, in bytes.
const PART: u64 = 1024 * 1024;
/// How long a process may take. Its processor time has a lower bound of its own.
const PATIENCE: Duration = Duration::from_secs(60);
/// The longest answer that is read, in bytes.
const MAX_ANSWER: u64 = 256;
/// Signals that stop a service, which may be sent to all of its processes: HUP, INT and TERM.
const ASKED_TO_STOP: [i32; 3] = [1, 2, 15];

/// Makes thumbnails. Cheap to clone.
#[derive(Clone)]
pub(in crate::files) struct Workshop {
    /// The program to start; without one no thumbnails are made.
    program: Option<Arc<PathBuf>>,
    waiting: Arc<Semaphore>,
    at_once: Arc<Semaphore>,
    parts: Arc<Semaphore>,
}

/// The result of the work on a picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::files) struct Work {
    /// Width and height in pixels, as the picture is shown; `None` when it was not decoded.
    pub(in crate::files) pixels: Option<(u32, u32)>,
    /// Whether a thumbnail was made.
    pub(in crate::files) made: bool,
}

impl Workshop {
    pub(in crate::files) fn new(program: Option<PathBuf>) -> Self {
        Self::with_room_for(WAITING, program)
    }

    fn with_room_for(waiting: usize, program: Option<PathBuf>) -> Self {
        Self {
            program: program.map(Arc::new),
            waiting: Arc::new(Semaphore::new(waiting)),
            at_once: Arc::new(Semaphore::new(AT_ONCE)),
            parts: Arc::new(Semaphore::new(parts_of(PIXEL_BYTES))),
        }
    }

    /// Makes a thumbnail, or the squares of a person's picture, when its turn has come, with `cost` bytes for the pixels. The work goes on
    /// when the caller goes away, and keeps its place until it is done.
    ///
    /// # Errors
    /// `Busy`, or what the disk says.
    pub(in crate::files) async fn make(
        &self,
        source: PathBuf,
        target: PathBuf,
        what: Make,
        cost: u64,
    ) -> Result<Work, Error> {
        let Some(program) = self.program.clone() else { return Ok(Work::default()) };
        if cost > PIXEL_BYTES {
            return Ok(Work::default());
        }
        let place = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| Error::Busy)?;
        let workshop = self.clone();
        let work = tokio::spawn(async move {
            let _place = place;
            let _room = workshop.room(cost).await?;
            let work = work(&program, &source, &target, what, cost).await;
            if !matches!(work, Ok(Work { made: true, .. })) {
                // The process may have ended while it wrote.
                let _ = tokio::fs::remove_file(&target).await;
            }
            work
        });
        work.await.map_err(|error| Error::Io(io::Error::other(error)))?
    }

    /// Waits for a process and for its memory. Work that has both waits for nothing else.
    async fn room(&self, cost: u64) -> Result<[OwnedSemaphorePermit; 2], Error> {
        let turn = Arc::clone(&self.at_once).acquire_owned().await.map_err(|_| Error::Busy)?;
        let parts = u32::try_from(parts_of(cost)).map_err(|_| Error::Busy)?;
        let parts = Arc::clone(&self.parts).acquire_many_owned(parts).await;
        Ok([turn, parts.map_err(|_| Error::Busy)?])
    }
}

fn parts_of(bytes: u64) -> usize {
    usize::try_from(bytes.div_ceil(PART)).unwrap_or(usize::MAX)
}

async fn work(
    program: &Path,
    source: &Path,
    target: &Path,
    what: Make,
    cost: u64,
) -> Result<Work, Error> {
    let mut command = Command::new(program);
    command.arg("thumbnail").arg("--memory").arg(cost.to_string());
    if what == Make::Squares {
        command.arg("--squares");
    }
    command.arg(source).arg(target);
    // It needs no settings of the server. It has a process group of its own, so that Ctrl+C, which
    // goes to the whole group of a server that was started by hand, does not end it.
    command.env_clear().process_group(0).kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error)
            if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::OutOfMemory) =>
        {
            return Err(Error::Busy);
        }
        Err(error) => {
            tracing::error!(%error, program = %program.display(), "thumbnails cannot be made");
            return Ok(Work::default());
        }
    };
    let Ok(ended) = tokio::time::timeout(PATIENCE, answer(&mut child)).await else {
        // Dropping the child kills it.
        tracing::warn!(source = %source.display(), "a thumbnail took too long and was given up");
        return Ok(Work::default());
    };
    let (line, status) = ended?;
    judge(Outcome::parse(&line), status, source)
}

async fn answer(child: &mut Child) -> io::Result<(String, ExitStatus)> {
    let mut line = String::new();
    if let Some(out) = child.stdout.take() {
        out.take(MAX_ANSWER).read_to_string(&mut line).await?;
    }
    Ok((line, child.wait().await?))
}

fn judge(outcome: Option<Outcome>, status: ExitStatus, source: &Path) -> Result<Work, Error> {
    match outcome {
        Some(Outcome::Made(width, height)) if status.success() => {
            Ok(Work { pixels: Some((width, height)), made: true })
        }
        Some(Outcome::Needless(width, height)) => {
            Ok(Work { pixels: Some((width, height)), made: false })
        }
        Some(Outcome::Disk(number)) => Err(io::Error::from_raw_os_error(number).into()),
        // The whole service was asked to stop; the picture is not at fault.
        _ if status.signal().is_some_and(|signal| ASKED_TO_STOP.contains(&signal)) => {
            Err(Error::Busy)
        }
        outcome => {
            if outcome.is_none() {
                tracing::info!(source = %source.display(), %status, "a picture could not be decoded");
            }
            Ok(Work::default())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    use std::time::Duration;

    use tempfile::TempDir;

    use super::{AT_ONCE, Make, PIXEL_BYTES, Work, Workshop};
    use crate::files::Error;

    /// A program that notes that it began, and ends when the test lets it.
    struct Slow(TempDir);

    impl Slow {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("program");
            let at = folder.path().display();
            let script = format!(
                "#!/bin/sh\ntouch {at}/began-$$\nuntil [ -e {at}/go ]; do sleep 0.02; done\n\
                 echo needless 3 2\n"
            );
            fs::write(&path, script).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
            Self(folder)
        }

        fn workshop(&self, waiting: usize) -> Workshop {
            Workshop::with_room_for(waiting, Some(self.0.path().join("program")))
        }

        fn began(&self) -> usize {
            let names =
                fs::read_dir(self.0.path()).unwrap().map(|entry| entry.unwrap().file_name());
            names.filter(|name| name.to_string_lossy().starts_with("began-")).count()
        }

        async fn until_began(&self, count: usize) {
            let all = async {
                while self.began() < count {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            };
            tokio::time::timeout(Duration::from_secs(20), all).await.expect("they begin");
        }

        fn let_go(&self) {
            fs::write(self.0.path().join("go"), "").unwrap();
        }
    }

    async fn make(workshop: Workshop, cost: u64) -> Result<Work, Error> {
        workshop.make("source".into(), "target".into(), Make::Thumbnail, cost).await
    }

    #[tokio::test]
    async fn who_goes_away_leaves_the_place_taken_until_the_work_is_done() {
        let slow = Slow::new();
        let workshop = slow.workshop(AT_ONCE + 1);
        let callers: Vec<_> =
            (0..AT_ONCE).map(|_| tokio::spawn(make(workshop.clone(), 1))).collect();
        slow.until_began(AT_ONCE).await;
        for caller in callers {
            caller.abort();
            assert!(caller.await.is_err(), "it was in the middle of it");
        }
        let next = tokio::spawn(make(workshop.clone(), 1));
        while workshop.waiting.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(workshop.at_once.available_permits(), 0);
        assert!(matches!(make(workshop, 1).await, Err(Error::Busy)), "the queue is full");
        assert_eq!(slow.began(), AT_ONCE, "the next one waits");
        slow.let_go();
        let work = next.await.unwrap().unwrap();
        assert_eq!(work, Work { pixels: Some((3, 2)), made: false });
    }

    #[tokio::test]
    async fn two_that_need_all_the_memory_take_turns() {
        let slow = Slow::new();
        let workshop = slow.workshop(8);
        let one = tokio::spawn(make(workshop.clone(), PIXEL_BYTES));
        slow.until_began(1).await;
        let two = tokio::spawn(make(workshop.clone(), PIXEL_BYTES));
        while workshop.at_once.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(slow.began(), 1);
        slow.let_go();
        assert!(one.await.unwrap().is_ok() && two.await.unwrap().is_ok());
        assert_eq!(slow.began(), 2);
        let too_much = make(workshop, PIXEL_BYTES + 1).await.unwrap();
        assert_eq!((too_much, slow.began()), (Work::default(), 2), "it is not even tried");
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_costs_the_thumbnail_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let workshop = Workshop::new(Some(folder.path().join("gone")));
        assert_eq!(make(workshop, 1).await.unwrap(), Work::default());
    }
}
