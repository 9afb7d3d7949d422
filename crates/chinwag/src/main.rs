//! The command line: reads the settings, starts the log, listens, and runs until told to stop.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use chinwag::care::{self, Depth, Outcome};
use chinwag::clock::{Clock as _, SystemClock};
use chinwag::config::{Cli, Command, Config, LimitConfig, LogFormat};
use chinwag::listen;
use clap::Parser as _;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
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
        Command::Restore { file, data } => told(&care::restore(&file, &data)),
        Command::Verify { file, scratch } => told(&care::verify(&file, scratch.as_deref())),
        Command::Thumbnail { memory, source, target } => {
            match chinwag::files::pictures::child::run(&source, &target, memory) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::FAILURE,
            }
        }
    }
}

/// The program that runs: what thumbnails are made with. On Linux by the name that leads to it also
/// after its file was replaced by a newer version.
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

/// What an operator's command came to: 0 all is well, 1 something is wrong with the data, 2 it could
/// not be done.
fn told(outcome: &Result<Outcome, care::Error>) -> ExitCode {
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "chinwag: {error}");
            return ExitCode::from(if error.is_finding() { 1 } else { 2 });
        }
    };
    let mut out = std::io::stdout().lock();
    let mut told = outcome.findings.iter().chain(&outcome.told);
    // Whoever closed the output does not want to read on.
    let _ = told.by_ref().try_for_each(|sentence| writeln!(out, "{sentence}"));
    if outcome.more > 0 {
        let _ = writeln!(out, "{} more findings are not listed.", outcome.more);
    }
    let end =
        if outcome.is_sound() { "Nothing is wrong." } else { "Something is wrong; see above." };
    let _ = writeln!(out, "{end}");
    if outcome.is_sound() { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

fn serve(config: Config) -> ExitCode {
    if let Err(sentence) = start_log(&config) {
        return fail(&sentence);
    }
    raise_file_limit(&config.limits);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("could not start: {error}")),
    };
    match runtime.block_on(listen_and_run(config)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => fail(&sentence),
    }
}

async fn listen_and_run(config: Config) -> Result<(), String> {
    let wanted = config.listen.clone();
    let (listener, place) = listen::bind(&wanted, config.listen_mode).await.map_err(|error| {
        format!("could not listen on {wanted}: {error}. Choose another with --listen.")
    })?;
    // Caught before anybody is told that the server is there.
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
        None => place.told(),
    };
    let ready = move || {
        tracing::info!(?place, "listening");
        // For the person who started it; the log goes to standard error.
        let _ = writeln!(std::io::stdout(), "{}", told.join("\n"));
    };
    chinwag::run(config, listener, ready, stop).await.map_err(|error| error.to_string())
}

fn start_log(config: &Config) -> Result<(), String> {
    let filter = EnvFilter::try_new(&config.log)
        .map_err(|error| format!("the setting CHINWAG_LOG / --log is not usable: {error}"))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Plain => {
            log.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init();
        }
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}

/// Every socket is an open file; the usual limit is 1,024. Asks for as many as the settings let
/// in, and says so when the system allows too few for them, or for a large room.
fn raise_file_limit(limits: &LimitConfig) {
    /// For requests, the database, and files on their way.
    const BESIDE_SOCKETS: u64 = 2_000;
    /// Who runs a room for more people sets more.
    const LARGE_ROOM: u64 = 10_000;
    let sockets = match u64::from(limits.limit_connections) {
        0 => 60_000,
        sockets => sockets,
    };
    match rlimit::increase_nofile_limit(sockets + BESIDE_SOCKETS) {
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

fn fail(sentence: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "chinwag: {sentence}");
    ExitCode::FAILURE
}
