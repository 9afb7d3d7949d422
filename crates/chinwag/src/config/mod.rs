//! Every setting, its default and its environment variable. Nothing else reads the environment.

mod cli;
mod limits;
mod listen;
mod values;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ipnet::IpNet;
use serde::Serialize;

pub use cli::{Cli, Command};
pub use limits::LimitConfig;
pub use listen::{Listen, SocketMode};
use values::{parse_host, parse_proxy, parse_public_url, parse_workspace_name};

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Plain,
    /// One JSON object a line.
    Json,
}

/// The settings of the server.
#[derive(Debug, Clone, Args, Serialize)]
pub struct Config {
    /// What to listen on: a port (8080, on this machine alone), :8080 (every IPv4 address),
    /// 192.168.1.5:8080, localhost:8080, [::]:8080, or `unix:/run/chinwag.sock`.
    #[arg(long, env = "CHINWAG_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: Listen,

    /// Permissions of the socket in the file system, where --listen names one.
    #[arg(long, env = "CHINWAG_LISTEN_MODE", default_value = "660", value_name = "MODE")]
    pub listen_mode: SocketMode,

    /// Folder that holds everything: database and files. It is made when it is missing.
    #[arg(long, env = "CHINWAG_DATA", default_value = "data")]
    #[serde(skip)]
    pub data: PathBuf,

    /// The address people type: scheme and host. With https, cookies are Secure.
    #[arg(long, env = "CHINWAG_PUBLIC_URL", value_name = "URL", value_parser = parse_public_url)]
    pub public_url: Option<String>,

    /// What this place is called; shown at sign-in and above the channels.
    #[arg(long, env = "CHINWAG_NAME", default_value = "Chinwag", value_parser = parse_workspace_name)]
    pub name: String,

    /// Address of a reverse proxy whose X-Forwarded-For and X-Forwarded-Proto are believed, or a
    /// range of them such as 10.0.0.0/8. May be given several times, or as a list with commas. A
    /// proxy that comes by a socket in the file system is 127.0.0.1.
    #[arg(long, env = "CHINWAG_TRUSTED_PROXY", value_delimiter = ',', value_parser = parse_proxy)]
    pub trusted_proxy: Vec<IpNet>,

    /// A name that this server answers to, beside the one in --public-url, addresses, and names that
    /// public DNS does not give out (localhost, one word, .local, .lan, .home.arpa, .internal). May
    /// be given several times, or as a list with commas.
    #[arg(long, env = "CHINWAG_ALLOWED_HOST", value_delimiter = ',', value_name = "NAME", value_parser = parse_host)]
    pub allowed_host: Vec<String>,

    /// How log lines look.
    #[arg(long, env = "CHINWAG_LOG_FORMAT", default_value = "plain", value_enum)]
    pub log_format: LogFormat,

    /// What is logged: error, warn, info, debug, trace; or by module, such as
    /// chinwag=debug,socketio=info.
    #[arg(long, env = "CHINWAG_LOG", default_value = "info")]
    pub log: String,

    /// Days a session lives without being used.
    #[arg(long, env = "CHINWAG_SESSION_DAYS", default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=400))]
    pub session_days: u16,

    /// The largest file that may be uploaded, in megabytes.
    #[arg(long, env = "CHINWAG_UPLOAD_LIMIT_MB", default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..=102_400))]
    pub upload_limit_mb: u32,

    /// Hours after which an uploaded file that no message carries is removed, and an unfinished
    /// one that no more comes of.
    #[arg(long, env = "CHINWAG_UPLOAD_KEEP_HOURS", default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=8_760))]
    pub upload_keep_hours: u16,

    /// Megabytes that the files of one person may take; 0 is no limit.
    #[arg(long, env = "CHINWAG_QUOTA_PERSON_MB", default_value_t = 10_000, value_name = "MB")]
    pub quota_person_mb: u32,

    /// Megabytes that the files of everybody together may take; 0 is no limit but the disk.
    #[arg(long, env = "CHINWAG_QUOTA_MB", default_value_t = 0, value_name = "MB")]
    pub quota_mb: u32,

    /// Megabytes of the disk that files leave free for messages: with less, no file is taken.
    #[arg(long, env = "CHINWAG_DISK_FLOOR_MB", default_value_t = 256, value_name = "MB")]
    pub disk_floor_mb: u32,

    /// Seconds after which an upload of which (almost) nothing arrives is ended. Any other request is
    /// ended after twice as many, and so is an answer of which the client reads nothing.
    #[arg(long, env = "CHINWAG_UPLOAD_STALL_S", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=3_600))]
    pub upload_stall_s: u16,

    /// Threads that own the sockets.
    #[arg(long, env = "CHINWAG_SHARDS", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub shards: u16,

    /// The program that makes thumbnails, which is this one; without it there are none.
    #[arg(skip)]
    #[serde(skip)]
    pub program: Option<PathBuf>,

    /// How often each thing may be done.
    #[command(flatten)]
    #[serde(flatten)]
    pub limits: LimitConfig,
}

impl Config {
    /// The settings in force as JSON, for a backup to keep; none of them is a secret.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }

    /// Whether people use the server by https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}
