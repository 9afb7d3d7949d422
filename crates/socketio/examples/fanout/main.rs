//! Measures what a delivery costs: by the hub, and by a loop that writes the same frame to the same
//! number of sockets. The server runs on core 0, the load on core 1, over loopback.
//!
//! `cargo run --release -p chinwag-socketio --example fanout -- <members>` prints the CPU time per
//! delivery of both and their ratio, with one message at a time, with 16 under way, and at 200
//! messages a second; and memory and heartbeats of idle connections. Needs `taskset`.

mod load;
mod proc;
mod server;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use load::{Load, Report};

/// Runs of each kind; the median counts.
const RUNS: usize = 3;

/// A server in a process of its own, on core 0.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(kind: &str, members: usize) -> std::io::Result<Self> {
        let mut child = Command::new("taskset")
            .args(["-c", "0"])
            .arg(std::env::current_exe()?)
            .args([kind, &members.to_string()])
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let stdout = child.stdout.take().ok_or(std::io::ErrorKind::BrokenPipe)?;
        BufReader::new(stdout).read_line(&mut line)?;
        let port = line.trim().parse().map_err(std::io::Error::other)?;
        Ok(Self { child, port })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The server may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How the messages come.
#[derive(Clone, Copy)]
enum Rhythm {
    Window(usize),
    PerSecond(u32),
}

fn run(kind: &str, members: usize, rhythm: Rhythm) -> std::io::Result<Report> {
    let server = Server::start(kind, members)?;
    let mut load = Load::connect(server.port, members, kind == "hub")?;
    let pid = server.child.id();
    let time = Duration::from_secs(4);
    match rhythm {
        Rhythm::Window(window) => load.windowed(pid, window, time),
        Rhythm::PerSecond(rate) => load.paced(pid, rate, time),
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn compare(members: usize, name: &str, rhythm: Rhythm) -> std::io::Result<()> {
    let (mut raw, mut hub, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let mut last = Report::default();
    for _ in 0..RUNS {
        // The loop writes once per delivery in every rhythm, so it is measured in the best one.
        let floor = run("raw", members, Rhythm::Window(1))?.cpu_us_per_delivery;
        last = run("hub", members, rhythm)?;
        raw.push(floor);
        hub.push(last.cpu_us_per_delivery);
        ratios.push(last.cpu_us_per_delivery / floor);
    }
    println!(
        "{members:>6} members, {name:<18} loop {:>5.2} us, hub {:>5.2} us, ratio {:.2}; \
         core {:.0} %, last receiver p50 {:.1} ms, p99 {:.1} ms",
        median(&mut raw),
        median(&mut hub),
        median(&mut ratios),
        last.core * 100.0,
        last.last_ms(0.5),
        last.last_ms(0.99),
    );
    Ok(())
}

fn idle(members: usize) -> std::io::Result<()> {
    let server = Server::start("hub", members)?;
    let pid = server.child.id();
    let empty = proc::resident_bytes(pid)?;
    let mut load = Load::connect(server.port, members, true)?;
    let bytes = proc::resident_bytes(pid)?.saturating_sub(empty);
    let share = load.rest(pid, Duration::from_secs(50))?;
    println!(
        "{members:>6} members, idle: {} bytes each, {:.2} % of a core for heartbeats",
        bytes / members as u64,
        share * 100.0
    );
    Ok(())
}

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let members = args.last().and_then(|last| last.parse().ok()).unwrap_or(1_000);
    match args.first().map(String::as_str) {
        Some("raw") => server::raw(members),
        Some("hub") => server::hub(),
        Some("load") => {
            compare(members, "one at a time", Rhythm::Window(1))?;
            compare(members, "16 under way", Rhythm::Window(16))?;
            if members <= 1_000 {
                compare(members, "200 a second", Rhythm::PerSecond(200))?;
            }
            idle(members)
        }
        _ => {
            let me = std::env::current_exe()?;
            let arguments = ["load".to_owned(), members.to_string()];
            Command::new("taskset").args(["-c", "1"]).arg(me).args(arguments).status()?;
            Ok(())
        }
    }
}
