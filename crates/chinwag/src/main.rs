//! The command line: reads the settings, starts the log, listens, and runs until it is told to
//! stop.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use chinwag::clock::{Clock as _, SystemClock};
use chinwag::config::{Cli, Command, Config, LogFormat};
use chinwag::files::pictures::child::{self, Make};
use chinwag::logs::{self, Sampling};
use chinwag::maintenance::{self, Depth, Outcome};
use chinwag::model::text::escaped;
use chinwag::{listen, open_files};
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
        Command::Permissions => print(chinwag::model::permissions_document::document().trim_end()),
        Command::Check { data, quick } => {
            told(&maintenance::check(&data, if quick { Depth::Quick } else { Depth::Whole }))
        }
        Command::Backup { file, data, force } => {
            told(&maintenance::backup(&data, &file, force, SystemClock.now()))
        }
        Command::Restore { file, data, keep_sessions } => {
            told(&maintenance::restore(&file, &data, keep_sessions))
        }
        Command::Verify { file, scratch } => told(&maintenance::verify(&file, scratch.as_deref())),
        Command::Thumbnail { memory, squares, source, target } => {
            let what = if squares { Make::Squares } else { Make::Thumbnail };
            match child::run(&source, &target, what, memory) {
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
fn told(outcome: &Result<Outcome, maintenance::Error>) -> ExitCode {
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "chinwag: {}", escaped(&error.to_string()));
            return ExitCode::from(if error.is_finding() { 1 } else { 2 });
        }
    };
    let mut out = std::io::stdout().lock();
    let mut told = outcome.findings.iter().chain(&outcome.missing).chain(&outcome.told);
    // A closed output means that nobody reads on.
    let _ = told.by_ref().try_for_each(|sentence| writeln!(out, "{}", escaped(sentence)));
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
    open_files::raise_limit(&mut config.limits);
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

fn fail(sentence: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "chinwag: {}", escaped(sentence));
    ExitCode::FAILURE
}
