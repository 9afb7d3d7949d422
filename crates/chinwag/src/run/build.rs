//! Building the parts of a server and connecting them.

use std::sync::Arc;

use super::error::StartError;
use super::settings::{megabytes, rules, site, socket_config, unlimited, workspace};
use crate::chat::{Chat, Projectors, audience};
use crate::clock::Clock;
use crate::config::Config;
use crate::disk;
use crate::files::Files;
use crate::http::{CookieNames, Doors, SocketDoor, SocketPulse, open};
use crate::live::Live;
use crate::socket::{Encoder, Gate};
use crate::store::sqlite::{SqliteConfig, SqliteStore};
use crate::store::{OnCommit, Store};

/// The parts of a server, connected with each other.
pub(crate) struct Parts {
    pub(crate) chat: Arc<Chat>,
    pub(super) live: Arc<Live>,
    pub(super) sockets: socketio::Server<Gate>,
    /// Answers requests.
    pub(crate) doors: Doors,
}

/// Builds the parts.
///
/// # Errors
/// When the data folder cannot be opened, or a thread not started.
pub(crate) async fn build(config: &Config, clock: Arc<dyn Clock>) -> Result<Parts, StartError> {
    let projectors = Arc::new(Projectors::new(Arc::clone(&clock)));
    let (store, live) = open_store(config, &projectors).await?;
    note_settings(config);
    let at_once = unlimited(config.limits.limit_uploads_in_all);
    let floor_bytes = megabytes(config.disk_floor_mb);
    let files = Files::open(&config.data.join("files"), at_once, floor_bytes)?
        .with_thumbnails_by(config.program.clone());
    let cookies = CookieNames::of(&store.instance().id);
    let chat = Chat::new(store, files, clock, rules(config)).with_projectors(projectors);
    let chat = Arc::new(chat);
    chat.learn_place().await.map_err(|error| StartError::Place(error.to_string()))?;
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

/// Opens the store, which publishes its changes through `live`.
async fn open_store(
    config: &Config,
    projectors: &Arc<Projectors>,
) -> Result<(Arc<dyn Store>, Arc<Live>), StartError> {
    let encoder = Arc::new(Encoder::default());
    let live = Arc::new(Live::new(Box::new(Arc::clone(&encoder))));
    let on_commit: OnCommit = {
        let (live, projectors) = (Arc::clone(&live), Arc::clone(projectors));
        Arc::new(move |event| audience::publish(&live, &projectors, &event))
    };
    let sqlite = SqliteConfig { data: config.data.clone(), ..SqliteConfig::default() };
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(sqlite, on_commit)?);
    encoder.belongs_to(store.instance());
    for channel in store.public_channels().await? {
        encoder.learn(&channel);
    }
    Ok((store, live))
}

/// Writes the current settings into the data folder, so that a backup keeps them. The server never
/// reads them; when they cannot be written, it only logs that.
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
