//! Building the parts, running them, and stopping in order.

use std::sync::Arc;
use std::time::Duration;

use socketio::DisconnectReason;
use tokio::sync::watch;

use crate::chat::{Chat, Limits, PerPerson, Quota, Rules, audience};
use crate::clock::{Clock, SteadyClock, SystemClock};
use crate::config::Config;
use crate::disk;
use crate::files::Files;
use crate::http::{
    ConnectionLimits, CookieNames, Doors, Listener, Site, SocketDoor, SocketPulse, into_tcp, open,
    serve,
};
use crate::live::Live;
use crate::model::channels::MAX_MEMBERSHIPS;
use crate::model::ids::UserId;
use crate::socket::{Encoder, Gate};
use crate::store::sqlite::{OpenError, SqliteConfig, SqliteStore};
use crate::store::{self, OnCommit, Store};
use crate::wire::state::Workspace;

/// A dead connection is found on both sides within the two together, less than 30 s. More often
/// than the reference server's 25 s and 20 s, and still under 1 % of a core for 10,000 people.
const PING_EVERY: Duration = Duration::from_secs(20);
/// The longest that a ping may stay unanswered.
const PONG_WITHIN: Duration = Duration::from_secs(9);
/// How often what outlived its use is removed.
const SWEEP_EVERY: Duration = Duration::from_secs(600);
/// The longest that clients may take to be told that the server stops.
const GOODBYE: Duration = Duration::from_secs(3);
const DAY_MS: i64 = 24 * 3_600_000;

/// Why the server did not start, or did not go on.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder is held, damaged, or of a newer version.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// The store opened but does not answer.
    #[error("could not read the data: {0}")]
    Read(#[from] store::Error),
    /// The store ended while the server ran.
    #[error(
        "the store cannot go on, so the server ends; what was acknowledged is on disk. The log says \
         more. Start it again"
    )]
    StoreDied,
    /// A folder or a thread could not be made.
    #[error("could not start: {0}")]
    Io(#[from] std::io::Error),
    /// A thread that owns sockets died. What was acknowledged is safe.
    #[error("a thread that owns sockets died, so the server ends; start it again")]
    ShardDied,
}

/// Runs the server on that listener by the computer's clocks; see [`run_by`].
///
/// # Errors
/// When a part could not be started, or could not go on.
pub async fn run(
    config: Config,
    listener: impl Into<Listener>,
    ready: impl FnOnce(),
    stop: impl Future<Output = ()>,
) -> Result<(), StartError> {
    run_by(Arc::new(SystemClock), config, listener, ready, stop).await
}

/// Runs the server by those clocks on that listener, says `ready`, and goes on until `stop` ends; then finishes what is in flight, tells the
/// sockets to come back, and closes the store.
///
/// # Errors
/// When a part could not be started.
pub async fn run_by(
    clock: Arc<dyn Clock>,
    config: Config,
    listener: impl Into<Listener>,
    ready: impl FnOnce(),
    stop: impl Future<Output = ()>,
) -> Result<(), StartError> {
    let clock: Arc<dyn Clock> = Arc::new(SteadyClock::over(clock));
    let Parts { chat, live, sockets, doors } = build(&config, Arc::clone(&clock)).await?;
    let (stopping, stopped) = watch::channel(false);
    let server = tokio::spawn(serve(listener.into(), doors, stopped));
    let heads = tokio::spawn(async move { live.tell_heads().await });
    let sweeper = tokio::spawn(sweep(Arc::clone(&chat), clock));
    ready();
    let ended = tokio::select! {
        () = stop => Ok(()),
        () = sockets.died() => Err(StartError::ShardDied),
        () = chat.store_ended() => Err(StartError::StoreDied),
    };
    tracing::info!("stopping");
    heads.abort();
    sweeper.abort();
    let _ = stopping.send(true);
    let told = tokio::time::timeout(GOODBYE, sockets.close(DisconnectReason::Shutdown));
    let (told, served) = tokio::join!(told, server);
    if told.is_err() {
        tracing::warn!("some sockets were not told in time");
    }
    if let Err(error) = served {
        tracing::error!(%error, "the accept loop failed");
    }
    chat.close().await;
    ended
}

/// The parts of a server, put together.
pub(crate) struct Parts {
    pub(crate) chat: Arc<Chat>,
    live: Arc<Live>,
    sockets: socketio::Server<Gate>,
    /// Answers requests.
    pub(crate) doors: Doors,
}

/// Puts the parts together.
pub(crate) async fn build(config: &Config, clock: Arc<dyn Clock>) -> Result<Parts, StartError> {
    let (store, live) = open_store(config).await?;
    note_settings(config);
    let at_once = unlimited(config.limits.limit_uploads_in_all);
    let floor_bytes = megabytes(config.disk_floor_mb);
    let files = Files::open(&config.data.join("files"), at_once, floor_bytes)?
        .with_thumbnails_by(config.program.clone());
    let cookies = CookieNames::of(&store.instance().id);
    let chat = Arc::new(Chat::new(store, files, clock, rules(config)));
    let gate = Gate::new(Arc::clone(&chat), Arc::clone(&live));
    let sockets = socketio::Server::start(socket_config(config), gate)?;
    live.attach(sockets.emitter());
    let door: SocketDoor = {
        let sockets = sockets.clone();
        Arc::new(move |request, address| {
            let sockets = sockets.clone();
            Box::pin(async move { sockets.serve(request, address).await })
        })
    };
    let pulse: SocketPulse = {
        let sockets = sockets.clone();
        Arc::new(move |within| {
            let sockets = sockets.clone();
            Box::pin(async move { sockets.answers(within).await })
        })
    };
    let site = site(config, cookies);
    let doors = open(Arc::clone(&chat), site, workspace(config), door, pulse);
    Ok(Parts { chat, live, sockets, doors })
}

/// Opens the store with its changes going out through `live`.
async fn open_store(config: &Config) -> Result<(Arc<dyn Store>, Arc<Live>), StartError> {
    let encoder = Arc::new(Encoder::default());
    let live = Arc::new(Live::new(Box::new(Arc::clone(&encoder))));
    let on_commit: OnCommit = {
        let live = Arc::clone(&live);
        Arc::new(move |event| audience::publish(&live, &event))
    };
    let sqlite = SqliteConfig { data: config.data.clone(), ..SqliteConfig::default() };
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(sqlite, on_commit)?);
    encoder.belongs_to(store.instance());
    for view in store.channels(UserId(0)).await? {
        encoder.learn(&view.channel);
    }
    Ok((store, live))
}

/// Writes the settings in force into the data folder, for a backup to keep. The server itself never
/// reads them, and goes on without.
fn note_settings(config: &Config) {
    let path = config.data.join("settings.json");
    let json = config.to_json();
    if std::fs::read_to_string(&path).is_ok_and(|noted| noted == json) {
        return;
    }
    let written = disk::private()
        .create(true)
        .truncate(true)
        .write(true)
        .open(&path)
        .and_then(|mut file| std::io::Write::write_all(&mut file, json.as_bytes()));
    if let Err(error) = written {
        tracing::warn!(%error, "the settings could not be noted for the next backup");
    }
}

async fn sweep(chat: Arc<Chat>, clock: Arc<dyn Clock>) {
    loop {
        if let Err(error) = chat.sweep().await {
            tracing::error!(%error, "could not remove what is old");
        }
        clock.pause(SWEEP_EVERY).await;
    }
}

fn rules(config: &Config) -> Rules {
    let limits = &config.limits;
    Rules {
        session_ms: i64::from(config.session_days) * DAY_MS,
        upload_limit_bytes: megabytes(config.upload_limit_mb),
        quota: Quota {
            person_bytes: megabytes(config.quota_person_mb),
            all_bytes: megabytes(config.quota_mb),
        },
        upload_keep_ms: i64::from(config.upload_keep_hours) * 3_600_000,
        limits: Limits {
            sign_ins: limits.limit_sign_ins,
            wrong_passwords: limits.limit_wrong_passwords,
            new_names: limits.limit_new_names,
            messages: PerPerson {
                person: limits.limit_messages,
                address: limits.limit_messages_per_address,
            },
            messages_burst: limits.limit_messages_burst,
            message_kb: PerPerson {
                person: limits.limit_message_kb,
                address: limits.limit_message_kb_per_address,
            },
            commands: PerPerson {
                person: limits.limit_commands,
                address: limits.limit_commands_per_address,
            },
            topics: PerPerson {
                person: limits.limit_topics,
                address: limits.limit_topics_per_address,
            },
            new_channels: PerPerson {
                person: limits.limit_new_channels,
                address: limits.limit_new_channels_per_address,
            },
            uploads: PerPerson {
                person: limits.limit_uploads,
                address: limits.limit_uploads_per_address,
            },
            uploads_at_once: PerPerson {
                person: limits.limit_uploads_at_once,
                address: limits.limit_uploads_at_once_per_address,
            },
            connections: limits.limit_connections_per_person,
            unfinished_uploads: limits.limit_unfinished_uploads,
            reports: limits.limit_reports,
        },
    }
}

fn socket_config(config: &Config) -> socketio::Config {
    let limits = &config.limits;
    socketio::Config {
        ping_interval: PING_EVERY,
        ping_timeout: PONG_WITHIN,
        shards: usize::from(config.shards),
        max_connections: unlimited(limits.limit_connections),
        max_connections_per_address: limits.limit_connections_per_address as usize,
        packets_per_second: limits.limit_packets,
        // A room for each membership, and those of the person, the session and the namespace.
        max_rooms_per_socket: MAX_MEMBERSHIPS + 16,
        into_tcp,
        ..socketio::Config::default()
    }
}

fn megabytes(count: u32) -> u64 {
    u64::from(count) * 1024 * 1024
}

/// 0 is no limit.
fn unlimited(count: u32) -> usize {
    if count == 0 { usize::MAX } else { count as usize }
}

fn site(config: &Config, cookies: CookieNames) -> Site {
    let stall = Duration::from_secs(u64::from(config.upload_stall_s));
    Site {
        public_url: config.public_url.clone(),
        trusted_proxy: config.trusted_proxy.clone(),
        allowed_hosts: config.allowed_host.clone(),
        cookies,
        https: config.is_https(),
        session_s: i64::from(config.session_days) * DAY_MS / 1_000,
        upload_stall: stall,
        connections: ConnectionLimits {
            in_all: unlimited(config.limits.limit_http_connections),
            per_address: unlimited(config.limits.limit_http_connections_per_address),
            stall: stall * 2,
        },
    }
}

fn workspace(config: &Config) -> Workspace {
    Workspace {
        name: config.name.clone(),
        upload_limit_bytes: megabytes(config.upload_limit_mb),
        text_limit: crate::model::text::MessageText::MAX,
        version: Some(env!("CARGO_PKG_VERSION").to_owned()),
    }
}
