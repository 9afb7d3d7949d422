//! The command line: reads the settings, starts the log, listens, and runs until it is told to
//! stop.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use chinwag::care::{self, Depth, Outcome};
use chinwag::clock::{Clock as _, SystemClock};
use chinwag::config::{Cli, Command, Config, LimitConfig, LogFormat};
use chinwag::listen;
use chinwag::logs::{self, Sampling};
use clap::Parser as _;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

fn main() -> ExitCode {
    chinwag::disk::close_new_files_to_others();
    match Cli::parse().command {
        Command::Serve(mut config) => {
            config.program = this_program();
            serve(*config)
        }
        Command::Openapi => print(&chinwag::http::openapi()),
        Command::Check { data, quick } => {
            told(&care::check(&data, if quick { Depth::Quick } else { Depth::Whole }))
        }
        Command::Backup { file, data, force } => {
            told(&care::backup(&data, &file, force, SystemClock.now()))
        }
        Command::Restore { file, data, keep_sessions } => {
            told(&care::restore(&file, &data, keep_sessions))
        }
        Command::Verify { file, scratch } => told(&care::verify(&file, scratch.as_deref())),
        Command::Thumbnail { memory, source, target } => {
            match chinwag::files::pictures::child::run(&source, &target, memory) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::FAILURE,
            }
        }
    }
}

/// The path of the running program, which makes thumbnails. On Linux it is a name that stays valid
/// after a newer version replaced the file.
fn this_program() -> Option<PathBuf> {
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() { Some(running) } else { std::env::current_exe().ok() }
}

fn print(text: &str) -> ExitCode {
    match writeln!(std::io::stdout(), "{text}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Prints the outcome of an operator's command, and returns its exit code: 0 nothing is wrong, 1
/// something is wrong with the data, 2 the command could not be carried out, 3 it was carried out
/// without what could not be read.
fn told(outcome: &Result<Outcome, care::Error>) -> ExitCode {
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "chinwag: {error}");
            return ExitCode::from(if error.is_finding() { 1 } else { 2 });
        }
    };
    let mut out = std::io::stdout().lock();
    let mut told = outcome.findings.iter().chain(&outcome.missing).chain(&outcome.told);
    // A closed output means that nobody reads on.
    let _ = told.by_ref().try_for_each(|sentence| writeln!(out, "{sentence}"));
    if outcome.more > 0 {
        let _ = writeln!(out, "{} more findings are not listed.", outcome.more);
    }
    let (end, code) = match (outcome.is_whole(), outcome.is_sound()) {
        (true, true) => ("Nothing is wrong.", ExitCode::SUCCESS),
        (true, false) => ("Something is wrong; see above.", ExitCode::from(1)),
        (false, _) => (
            "Not everything could be read, and what is named above is missing in it.",
            ExitCode::from(3),
        ),
    };
    let _ = writeln!(out, "{end}");
    code
}

fn serve(mut config: Config) -> ExitCode {
    let sampling = match start_log(&config) {
        Ok(sampling) => sampling,
        Err(sentence) => return fail(&sentence),
    };
    raise_file_limit(&mut config.limits);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("could not start: {error}")),
    };
    runtime.spawn(tell_what_was_left_out(sampling));
    match runtime.block_on(listen_and_run(config)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => fail(&sentence),
    }
}

async fn listen_and_run(config: Config) -> Result<(), String> {
    let wanted = config.listen.clone();
    let (listener, address) = listen::bind(&wanted, config.listen_mode).await.map_err(|error| {
        format!("could not listen on {wanted}: {error}. Choose another with --listen.")
    })?;
    // The signals are caught before the server says that it is ready.
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| error.to_string())?;
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    let told = match &config.public_url {
        Some(url) => vec![format!("Chinwag is listening on {url}")],
        None => address.lines(),
    };
    let ready = move || {
        tracing::info!(place = ?address, "listening");
        // For the person who started the server; the log goes to standard error.
        let _ = writeln!(std::io::stdout(), "{}", told.join("\n"));
    };
    chinwag::run(config, listener, ready, stop).await.map_err(|error| error.to_string())
}

/// Logs every minute which lines were left out because they came too often.
async fn tell_what_was_left_out(sampling: Sampling) {
    let mut tick = tokio::time::interval(logs::PERIOD);
    loop {
        tick.tick().await;
        sampling.tell();
    }
}

fn start_log(config: &Config) -> Result<Sampling, String> {
    let filter = EnvFilter::try_new(&config.log)
        .map_err(|error| format!("the setting CHINWAG_LOG / --log is not usable: {error}"))?;
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match config.log_format {
        LogFormat::Plain => {
            lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).boxed()
        }
        LogFormat::Json => lines.json().boxed(),
    };
    let sampling = Sampling::default();
    tracing_subscriber::registry().with(lines).with(filter).with(sampling.clone()).init();
    Ok(sampling)
}

/// The sockets to open files for when the settings name no limit.
const MOST_SOCKETS: u64 = 60_000;

/// Raises the limit of open files (usually 1,024) to what the settings need, since every connection
/// is an open file. When the system allows fewer, the log says so if they are too few for a large
/// room, and the limits of connections are lowered: one connection more would take its file from
/// the database and uploads.
fn raise_file_limit(limits: &mut LimitConfig) {
    /// Files for requests, the database and uploads.
    const BESIDE_SOCKETS: u64 = 2_000;
    /// For more people than this an operator sets a limit.
    const LARGE_ROOM: u64 = 10_000;
    let or = |limit: u32, unlimited: u64| if limit == 0 { unlimited } else { u64::from(limit) };
    let sockets = or(limits.limit_connections, MOST_SOCKETS);
    // Each may read a file, too.
    let http = 2 * or(limits.limit_http_connections, 20_000);
    let limit = rlimit::increase_nofile_limit(sockets + http + BESIDE_SOCKETS);
    if let Ok(limit) = limit {
        fit_files(limits, limit);
    }
    match limit {
        Ok(limit) if limit < sockets.min(LARGE_ROOM) + BESIDE_SOCKETS => {
            let people = limit.saturating_sub(BESIDE_SOCKETS);
            tracing::warn!(
                limit,
                "the system allows so few open files that about {people} people can be connected; \
                 raise it with `ulimit -n` or LimitNOFILE of systemd, or lower --limit-connections"
            );
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "could not raise the limit of open files"),
    }
}

/// Lowers the limits of connections to what `files` open files are enough for. Both limits are
/// never reached together for long (a socket was an HTTP connection before), so the shares overlap
/// a little.
fn fit_files(limits: &mut LimitConfig, files: u64) {
    /// Files for the database, uploads and HTTP; half of all if that is more.
    const BESIDE_SOCKETS: u64 = 1_000;
    /// Files for each HTTP connection: the connection, and the file that it may be reading.
    const PER_REQUEST: u64 = 2;
    let most = |limit: u32, files: u64| {
        let files = u32::try_from(files).unwrap_or(u32::MAX).max(1);
        if limit == 0 { files } else { files.min(limit) }
    };
    let sockets = files.saturating_sub(BESIDE_SOCKETS).max(files / 2);
    limits.limit_connections = most(limits.limit_connections, sockets.min(MOST_SOCKETS));
    let beside = BESIDE_SOCKETS.min(files / 8);
    let left = files.saturating_sub(u64::from(limits.limit_connections) + beside);
    let http = (left / PER_REQUEST).max(files / 8);
    limits.limit_http_connections = most(limits.limit_http_connections, http);
}

fn fail(sentence: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "chinwag: {sentence}");
    ExitCode::FAILURE
}
