//! `bench-peers`: the same load on what people would use instead, in the same run.
//!
//! A peer stores nothing and knows no people. Chinwag is measured with its sessions, permissions and
//! durable store.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::Args;

use super::budgets::{median, short};
use super::crowds::{cost, load};
use super::server::Server;
use super::setting::{Bench, Setting, WebApp};
use crate::machine;
use crate::pace::Load;
use crate::people::Crowd;
use crate::report;
use crate::swarm::{Dialect, Swarm};

/// The comparison.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    setting: Setting,
    /// The folder with the peers.
    #[arg(long, value_name = "DIR", default_value = "crates/load/peers")]
    peers: PathBuf,
}

/// Listeners in the channel.
const MEMBERS: usize = 1000;
/// Time after which a server is idle that has just taken many connections.
const SETTLING: Duration = Duration::from_secs(1);

/// The kind of a contender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Floor,
    Product,
    Peer { folder: &'static str, dialect: Dialect },
}

const fn peer(folder: &'static str) -> Kind {
    Kind::Peer { folder, dialect: Dialect::SocketIo }
}

/// All contenders, in the order of the table.
const CONTENDERS: &[(&str, Kind)] = &[
    ("the floor", Kind::Floor),
    ("**Chinwag**", Kind::Product),
    ("uWebSockets (socketify), no Socket.IO", peer("uwebsockets")),
    ("nginx with nchan, no Socket.IO", Kind::Peer { folder: "nchan", dialect: Dialect::Plain }),
    ("socketioxide", peer("socketioxide")),
    ("Node socket.io", peer("socketio-node")),
    ("Flask-SocketIO, gevent", peer("flask-socketio")),
];

/// The figures of one contender in one repetition.
#[derive(Debug, Clone, Copy, Default)]
struct Figures {
    one: f64,
    ratio: f64,
    many: f64,
    many_ratio: f64,
    last_p50_ms: f64,
    last_p99_ms: f64,
    idle_kb: f64,
    faults: f64,
}

/// Measures all contenders and prints the table.
pub(crate) fn run(options: &Options) -> Result<()> {
    let bench = options.setting.prepare(&WebApp::default())?;
    bench.cores.place_generator(true)?;
    let runs = options.setting.runs();
    let mut book: BTreeMap<&str, Vec<Figures>> = BTreeMap::new();
    let mut absent: BTreeMap<&str, String> = BTreeMap::new();
    for run in 1..=runs {
        let mut floor = None;
        for (name, kind) in CONTENDERS {
            if absent.contains_key(name) {
                continue;
            }
            eprintln!("run {run} of {runs}: {name}");
            match measure(&bench, options, *kind, floor) {
                Ok(figures) => {
                    floor = floor.or(Some(figures.one));
                    book.entry(name).or_default().push(figures);
                }
                Err(error) if matches!(kind, Kind::Peer { .. }) => {
                    eprintln!("{name}: {error:#}");
                    absent.insert(name, format!("{error:#}"));
                }
                Err(error) => return Err(error.context(*name)),
            }
        }
    }
    let table = table(&book, &absent, runs);
    println!("{table}");
    match &options.setting.markdown {
        Some(path) => report::replace_section(path, "peers", &table),
        None => Ok(()),
    }
}

fn measure(bench: &Bench, options: &Options, kind: Kind, floor: Option<f64>) -> Result<Figures> {
    let (server, dialect) = match kind {
        Kind::Floor => (Server::floor(bench)?, Dialect::SocketIo),
        Kind::Product => (Server::product(bench, true)?, Dialect::SocketIo),
        Kind::Peer { folder, dialect } => {
            let start = std::path::absolute(options.peers.join(folder).join("start"))?;
            (Server::peer(bench, &start, folder)?, dialect)
        }
    };
    let target = server.target()?;
    let crowd = Crowd::gather(&target, MEMBERS, 1)?;
    let before_kb = server.resident_kb()?;
    let mut swarm = Swarm::connect(&target, crowd, dialect)?;
    swarm.rest(SETTLING)?;
    let idle_kb = server.resident_kb()?.saturating_sub(before_kb) as f64 / MEMBERS as f64;
    let one = load(&mut swarm, &server, Load::InFlight(1), bench.seconds(6))?;
    let many = load(&mut swarm, &server, Load::InFlight(16), bench.seconds(6))?;
    let base = floor.unwrap_or(cost(&one)?);
    Ok(Figures {
        one: cost(&one)?,
        ratio: cost(&one)? / base,
        many: cost(&many)?,
        many_ratio: cost(&many)? / base,
        last_p50_ms: one.last.p50_ms,
        last_p99_ms: one.last.p99_ms,
        idle_kb,
        faults: (one.faults() + many.faults()) as f64,
    })
}

fn table(
    book: &BTreeMap<&str, Vec<Figures>>,
    absent: &BTreeMap<&str, String>,
    runs: u32,
) -> String {
    let mut text = format!(
        "{}, {}. `make bench-peers`: {runs} run(s), medians; {MEMBERS} listeners in one \
         channel, server on one core, generator on another, loopback. Ratios are to the floor \
         (a loop that writes each message once to every connection) at one message at a time, \
         measured in the same run.\n\n\
         | server | one at a time, CPU s per million deliveries | ratio | 16 in flight | ratio \
         | last receiver p50 / p99 ms | kB per idle connection | faults |\n\
         |---|---|---|---|---|---|---|---|\n",
        machine::today(),
        machine::describe(),
    );
    for (name, _) in CONTENDERS {
        if let Some(why) = absent.get(name) {
            let why = why.lines().next().unwrap_or("").replace('|', "/");
            text.push_str(&format!("| {name} | not had: {why} | | | | | | |\n"));
        } else if let Some(figures) = book.get(name) {
            let of = |field: fn(&Figures) -> f64| {
                short(median(&mut figures.iter().map(field).collect::<Vec<_>>()))
            };
            text.push_str(&format!(
                "| {name} | {} | {} | {} | {} | {} / {} | {} | {} |\n",
                of(|it| it.one),
                of(|it| it.ratio),
                of(|it| it.many),
                of(|it| it.many_ratio),
                of(|it| it.last_p50_ms),
                of(|it| it.last_p99_ms),
                of(|it| it.idle_kb),
                of(|it| it.faults),
            ));
        }
    }
    text
}
