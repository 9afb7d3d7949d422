//! The operator's commands on a data folder: `chinwag owner`, `chinwag sign-in-link` and `chinwag export`.
//!
//! While a server runs, it alone writes into its folder. So it listens on a socket in the folder, which
//! only its own user may open (mode 0600): one line of JSON asks, one line of JSON answers. Without a
//! server the command opens the folder itself, under the lock that keeps a server from starting meanwhile.

use std::error::Error;
use std::fs::Permissions;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixListener;

use crate::chat::{self, Chat, Limits, Quota, Rules};
use crate::clock::SystemClock;
use crate::disk;
use crate::files::Files;
use crate::http::export_body;
use crate::model::users::Language;
use crate::store::sqlite::{DATABASE, FILES, SqliteConfig, SqliteStore};
use crate::words::explain;

/// The socket, in the data folder.
const SOCKET: &str = "operator.sock";
/// The longest line that is read, in bytes.
const MAX_LINE: u64 = 4_096;
/// How long one command may take.
const WITHIN: Duration = Duration::from_secs(20);
/// How long it may take to write an archive of what somebody wrote.
const EXPORT_WITHIN: Duration = Duration::from_secs(3_600);

/// What the operator wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// That a person becomes an owner.
    Owner(String),
    /// A one-time sign-in link for a person.
    SignInLink(String),
    /// All that a person wrote, as an archive.
    Export {
        /// Their name.
        name: String,
        /// The file to write, from the root of the disk on.
        file: PathBuf,
    },
}

impl Request {
    /// How long it may take.
    fn within(&self) -> Duration {
        match self {
            Self::Owner(_) | Self::SignInLink(_) => WITHIN,
            Self::Export { .. } => EXPORT_WITHIN,
        }
    }
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It was done.
    Owner {
        /// The name as it is held.
        name: String,
        /// Whether the role begins now: it waits for a password.
        has_password: bool,
    },
    /// The path of a link.
    Link {
        /// For whom it is.
        name: String,
        /// Where it is opened, below the address of the server.
        path: String,
    },
    /// The archive is written.
    Exported {
        /// Whose data it is.
        name: String,
        /// Its length.
        bytes: u64,
    },
    /// It was not done, and why.
    Failed(String),
}

/// Answers the operator's commands, for ever. A server that cannot listen for them works on.
pub(super) async fn listen(data: PathBuf, chat: Arc<Chat>) {
    let path = data.join(SOCKET);
    // Whoever holds the folder's lock is the only one who listens here.
    let _ = std::fs::remove_file(&path);
    let bound = UnixListener::bind(&path)
        .and_then(|bound| std::fs::set_permissions(&path, mode()).map(|()| bound));
    let listener = match bound {
        Ok(listener) => listener,
        Err(error) => {
            tracing::warn!(%error, "the operator's commands do not reach this server while it runs");
            return std::future::pending().await;
        }
    };
    let _file = Remove(path);
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        // One at a time: most take moments, and only the server's own user can connect.
        serve(stream, &chat).await;
    }
}

/// Removes the socket when the server stops.
struct Remove(PathBuf);

impl Drop for Remove {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn mode() -> Permissions {
    Permissions::from_mode(0o600)
}

async fn serve(stream: tokio::net::UnixStream, chat: &Arc<Chat>) {
    let (reading, mut writing) = stream.into_split();
    let mut line = String::new();
    let mut reader = tokio::io::BufReader::new(reading.take(MAX_LINE));
    let Ok(Ok(_)) = tokio::time::timeout(WITHIN, reader.read_line(&mut line)).await else {
        return;
    };
    let answer = match serde_json::from_str::<Request>(&line) {
        Ok(request) => {
            let within = request.within();
            let acted = tokio::time::timeout(within, act(chat, request)).await;
            acted.unwrap_or_else(|_| Answer::Failed("it took too long".to_owned()))
        }
        Err(error) => Answer::Failed(format!("the server does not know that command: {error}")),
    };
    let mut text = serde_json::to_string(&answer).unwrap_or_default();
    text.push('\n');
    let _ = writing.write_all(text.as_bytes()).await;
}

async fn act(chat: &Arc<Chat>, request: Request) -> Answer {
    let done = match request {
        Request::Owner(name) => chat.name_owner(&name).await.map(|named| {
            named.map(|account| Answer::Owner {
                has_password: account.password_hash.is_some(),
                name: account.user.name,
            })
        }),
        Request::SignInLink(name) => chat.operators_sign_in_link(&name).await.map(|made| {
            made.map(|(secret, user)| Answer::Link {
                name: user.name,
                path: format!("/link/{}", secret.text()),
            })
        }),
        Request::Export { name, file } => return export(chat, &name, &file).await,
    };
    match done {
        Ok(Some(answer)) => answer,
        Ok(None) => Answer::Failed("nobody has that name".to_owned()),
        Err(error @ chat::Error::Refused(_)) => {
            Answer::Failed(explain(&error, Language::English).detail)
        }
        Err(error) => Answer::Failed(error.to_string()),
    }
}

/// Writes the archive of what a person wrote. A file that could not be finished does not stay.
async fn export(chat: &Arc<Chat>, name: &str, file: &Path) -> Answer {
    let export = match chat.operators_export(name).await {
        Ok(Some(export)) => export,
        Ok(None) => return Answer::Failed("nobody has that name".to_owned()),
        Err(error) => return Answer::Failed(error.to_string()),
    };
    let name = export.account.user.name.clone();
    let target = match disk::create_private(file) {
        Ok(target) => target,
        Err(error) => return Answer::Failed(format!("{}: {error}", file.display())),
    };
    match write(export_body(Arc::clone(chat), export), target).await {
        Ok(bytes) => Answer::Exported { name, bytes },
        Err(error) => {
            let _ = std::fs::remove_file(file);
            Answer::Failed(format!("{}: {error}", file.display()))
        }
    }
}

/// Writes what a body holds into a file, and syncs it; returns how many bytes that are.
async fn write(
    mut body: impl hyper::body::Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Unpin,
    file: std::fs::File,
) -> io::Result<u64> {
    let mut file = tokio::fs::File::from_std(file);
    let mut bytes = 0;
    while let Some(frame) = body.frame().await {
        if let Ok(piece) = frame.map_err(io::Error::other)?.into_data() {
            file.write_all(&piece).await?;
            bytes += piece.len() as u64;
        }
    }
    file.sync_all().await?;
    Ok(bytes)
}

/// Has a command carried out on a data folder: by the server that uses it, or without one.
///
/// # Errors
/// A sentence that says why not.
pub fn ask(data: &Path, request: &Request) -> Result<Answer, String> {
    let path = data.join(SOCKET);
    match UnixStream::connect(&path) {
        Ok(stream) => ask_server(&stream, request).map_err(|error| {
            format!("the server that uses {} did not answer: {error}", data.display())
        }),
        // There is no server, or it was killed and left its socket.
        Err(_) => ask_folder(data, request.clone()),
    }
}

fn ask_server(mut stream: &UnixStream, request: &Request) -> io::Result<Answer> {
    stream.set_read_timeout(Some(request.within()))?;
    let mut line = serde_json::to_string(request)?;
    line.push('\n');
    stream.write_all(line.as_bytes())?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    Ok(serde_json::from_str(&answer)?)
}

fn ask_folder(data: &Path, request: Request) -> Result<Answer, String> {
    if !data.join(DATABASE).exists() {
        return Err(format!("there is no data of Chinwag in {}", data.display()));
    }
    let told = |error: &dyn std::error::Error| error.to_string();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| told(&error))?.block_on(async {
        let config = SqliteConfig { data: data.to_owned(), readers: 1 };
        let store = SqliteStore::open(config, Arc::new(|_| {})).map_err(|error| told(&error))?;
        let files = Files::open(&data.join(FILES), 1, 0).map_err(|error| told(&error))?;
        let chat = Arc::new(Chat::new(Arc::new(store), files, Arc::new(SystemClock), rules()));
        let answer = act(&chat, request).await;
        chat.close().await;
        Ok(answer)
    })
}

/// None of these matters to the commands.
fn rules() -> Rules {
    Rules {
        session_ms: 0,
        upload_limit_bytes: 0,
        quota: Quota { person_bytes: 0, all_bytes: 0 },
        upload_keep_ms: 0,
        limits: Limits::default(),
    }
}
