//! The command line: reads the settings, starts the log, listens, and runs until it is told to
//! stop.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chinwag::clock::{Clock as _, SystemClock};
use chinwag::config::{Cli, Command, Config, LogFormat};
use chinwag::files::pictures::child::{self, Make};
use chinwag::logs::{self, Sampling};
use chinwag::maintenance::{self, Depth, Outcome, Wanted};
use chinwag::model::text::escaped;
use chinwag::operator::{self, Answer, Request};
use chinwag::{FirstPath, listen, open_files};
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
        Command::Reindex { data } => match maintenance::reindex(&data) {
            Ok(noted) => print(&noted.told.join("\n")),
            refused => told(&refused),
        },
        Command::Backup { file, data, force } => {
            told(&maintenance::backup(&data, &file, force, SystemClock.now()))
        }
        Command::Restore { file, data, keep_sessions } => {
            told(&maintenance::restore(&file, &data, keep_sessions))
        }
        Command::Verify { file, scratch } => told(&maintenance::verify(&file, scratch.as_deref())),
        Command::Audit { data, since, who, act, json } => {
            let since = since.map(jiff::Timestamp::as_millisecond);
            let wanted = Wanted { since, who, act, json };
            match maintenance::audit(&data, &wanted, &mut std::io::stdout().lock()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    let _ = fail(&error.to_string());
                    ExitCode::from(2)
                }
            }
        }
        Command::Owner { name, data } => operators(&data, &Request::Owner(name), None),
        Command::SignInLink { name, data, public_url } => {
            operators(&data, &Request::SignInLink(name), public_url)
        }
        Command::Export { name, file, data } => match std::path::absolute(file) {
            Ok(file) => operators(&data, &Request::Export { name, file }, None),
            Err(error) => fail(&error.to_string()),
        },
        Command::Thumbnail { memory, squares, source, target } => {
            let what = if squares { Make::Squares } else { Make::Thumbnail };
            match child::run(&source, &target, what, memory) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::FAILURE,
            }
        }
    }
}

/// Has a command of the operator carried out, and says what became of it.
fn operators(data: &Path, request: &Request, public_url: Option<String>) -> ExitCode {
    match operator::ask(data, request) {
        Ok(Answer::Owner { name, has_password: true }) => {
            print(&escaped(&format!("{name} is an owner now.")))
        }
        Ok(Answer::Owner { name, has_password: false }) => print(&escaped(&format!(
            "{name} is an owner as soon as they set a password, in Settings: an owner needs one."
        ))),
        Ok(Answer::Link { name, path }) => {
            let base = public_url.or_else(|| noted_url(data));
            let address = match base {
                Some(base) => format!("{base}{path}"),
                None => format!("{path} at the address of your server"),
            };
            print(&escaped(&format!(
                "{name} signs in with a new password by opening, once and within 30 minutes:"
            )));
            print(&address)
        }
        Ok(Answer::Exported { name, bytes }) => {
            print(&escaped(&format!("All that {name} wrote is in the archive: {bytes} bytes.")))
        }
        Ok(Answer::Failed(why)) | Err(why) => fail(&why),
    }
}

/// The address with which the server was started last, as it noted its settings for backups.
fn noted_url(data: &Path) -> Option<String> {
    let noted = std::fs::read_to_string(data.join("settings.json")).ok()?;
    let noted: serde_json::Value = serde_json::from_str(&noted).ok()?;
    let listen = noted["listen"].as_str().filter(|listen| {
        listen.parse::<std::net::SocketAddr>().is_ok_and(|address| address.port() != 0)
    });
    let public = noted["public_url"].as_str().map(str::to_owned);
    public.or_else(|| {
        listen.map(|listen| format!("http://{}", listen.replace("0.0.0.0", "127.0.0.1")))
    })
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
    let base = config.public_url.clone().or_else(|| address.base());
    let ready = move |first: Option<FirstPath>| {
        tracing::info!(place = ?address, "listening");
        let mut told = told;
        if let Some(FirstPath(path)) = first {
            told.push(match base {
                Some(base) => format!("Open {base}{path} to make this place yours."),
                None => format!("Open {path} at this server's address to make this place yours."),
            });
        }
        // For the person who started the server; the log goes to standard error.
        // All of it at once, so that whoever reads it has all or nothing.
        let _ = std::io::stdout().write_all((told.join("\n") + "\n").as_bytes());
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
