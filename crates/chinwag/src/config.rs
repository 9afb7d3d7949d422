//! Every setting, its default and its environment variable. Nothing else reads the environment.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::Serialize;

/// A chat room for your class or team: one binary, one data folder, one command.
#[derive(Debug, Parser)]
#[command(name = "chinwag", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the binary does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the server.
    Serve(Box<Config>),
    /// Print the OpenAPI document of the REST interface.
    Openapi,
    /// Look a data folder over: the database, and every file. Changes nothing; a server may run.
    Check {
        /// The data folder.
        #[arg(long, env = "CHINWAG_DATA", default_value = "data")]
        data: PathBuf,
        /// Look at the files' lengths only, not at their bytes.
        #[arg(long)]
        quick: bool,
    },
    /// Write everything into one file, while the server runs.
    Backup {
        /// The file to write.
        file: PathBuf,
        /// The data folder.
        #[arg(long, env = "CHINWAG_DATA", default_value = "data")]
        data: PathBuf,
        /// Replace the file when it is there already.
        #[arg(long)]
        force: bool,
    },
    /// Make a data folder out of a backup.
    Restore {
        /// The backup.
        file: PathBuf,
        /// The data folder; empty, or not there yet.
        #[arg(long, env = "CHINWAG_DATA", default_value = "data")]
        data: PathBuf,
    },
    /// Prove that a backup can be restored.
    Verify {
        /// The backup.
        file: PathBuf,
        /// Where to unpack it meanwhile; beside it when not given.
        #[arg(long)]
        scratch: Option<PathBuf>,
    },
}

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
    /// Address and port to listen on.
    #[arg(long, env = "CHINWAG_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

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

    /// Address of a reverse proxy whose X-Forwarded-For and X-Forwarded-Proto are believed.
    /// May be given several times, or as a list with commas.
    #[arg(long, env = "CHINWAG_TRUSTED_PROXY", value_delimiter = ',')]
    pub trusted_proxy: Vec<IpAddr>,

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

    /// Seconds after which an upload that brings (almost) nothing is ended; any other request has
    /// twice as long in all.
    #[arg(long, env = "CHINWAG_UPLOAD_STALL_S", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=3_600))]
    pub upload_stall_s: u16,

    /// Threads that own the sockets.
    #[arg(long, env = "CHINWAG_SHARDS", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub shards: u16,

    /// How often each thing may be done.
    #[command(flatten)]
    #[serde(flatten)]
    pub limits: LimitConfig,
}

/// How often each thing may be done. 0 switches a limit off; where there is one per person and one
/// per address, the first also switches the second off.
///
/// The defaults per address let a lecture room of 500 people sit behind one.
#[derive(Debug, Clone, Args, Serialize)]
#[command(next_help_heading = "Limits (0 = off)")]
pub struct LimitConfig {
    /// Sign-ins of names that are held, per address and minute.
    #[arg(long, env = "CHINWAG_LIMIT_SIGN_INS", default_value_t = 600, value_name = "N")]
    pub limit_sign_ins: u32,

    /// Wrong passwords, per name, address and minute; ten times as many per name from everywhere.
    #[arg(long, env = "CHINWAG_LIMIT_WRONG_PASSWORDS", default_value_t = 10, value_name = "N")]
    pub limit_wrong_passwords: u32,

    /// New names, per address and minute.
    #[arg(long, env = "CHINWAG_LIMIT_NEW_NAMES", default_value_t = 600, value_name = "N")]
    pub limit_new_names: u32,

    /// Messages posted or deleted, per person and second in the long run.
    #[arg(long, env = "CHINWAG_LIMIT_MESSAGES", default_value_t = 10, value_name = "N")]
    pub limit_messages: u32,

    /// Messages posted or deleted at once, before that rate counts.
    #[arg(long, env = "CHINWAG_LIMIT_MESSAGES_BURST", default_value_t = 50, value_name = "N")]
    pub limit_messages_burst: u32,

    /// Messages posted or deleted, per address and second in the long run; four times as many at
    /// once.
    #[arg(
        long,
        env = "CHINWAG_LIMIT_MESSAGES_PER_ADDRESS",
        default_value_t = 500,
        value_name = "N"
    )]
    pub limit_messages_per_address: u32,

    /// New channels, per person and hour.
    #[arg(long, env = "CHINWAG_LIMIT_NEW_CHANNELS", default_value_t = 60, value_name = "N")]
    pub limit_new_channels: u32,

    /// New channels, per address and hour.
    #[arg(
        long,
        env = "CHINWAG_LIMIT_NEW_CHANNELS_PER_ADDRESS",
        default_value_t = 600,
        value_name = "N"
    )]
    pub limit_new_channels_per_address: u32,

    /// Uploaded files, per person and hour.
    #[arg(long, env = "CHINWAG_LIMIT_UPLOADS", default_value_t = 500, value_name = "N")]
    pub limit_uploads: u32,

    /// Uploaded files, per address and hour.
    #[arg(
        long,
        env = "CHINWAG_LIMIT_UPLOADS_PER_ADDRESS",
        default_value_t = 10_000,
        value_name = "N"
    )]
    pub limit_uploads_per_address: u32,

    /// Files that one person sends at one time.
    #[arg(long, env = "CHINWAG_LIMIT_UPLOADS_AT_ONCE", default_value_t = 8, value_name = "N")]
    pub limit_uploads_at_once: u32,

    /// Files that are sent from one address at one time.
    #[arg(
        long,
        env = "CHINWAG_LIMIT_UPLOADS_AT_ONCE_PER_ADDRESS",
        default_value_t = 200,
        value_name = "N"
    )]
    pub limit_uploads_at_once_per_address: u32,

    /// Files that all people together send at one time.
    #[arg(long, env = "CHINWAG_LIMIT_UPLOADS_IN_ALL", default_value_t = 256, value_name = "N")]
    pub limit_uploads_in_all: u32,

    /// Files that one person has begun to send and not finished.
    #[arg(long, env = "CHINWAG_LIMIT_UNFINISHED_UPLOADS", default_value_t = 50, value_name = "N")]
    pub limit_unfinished_uploads: u32,

    /// Reports of web apps that found their copy of a channel wrong, per person and minute.
    #[arg(long, env = "CHINWAG_LIMIT_REPORTS", default_value_t = 6, value_name = "N")]
    pub limit_reports: u32,

    /// Sockets in all.
    #[arg(long, env = "CHINWAG_LIMIT_CONNECTIONS", default_value_t = 50_000, value_name = "N")]
    pub limit_connections: u32,

    /// Sockets from one address.
    #[arg(
        long,
        env = "CHINWAG_LIMIT_CONNECTIONS_PER_ADDRESS",
        default_value_t = 2_000,
        value_name = "N"
    )]
    pub limit_connections_per_address: u32,

    /// Sockets of one person.
    #[arg(
        long,
        env = "CHINWAG_LIMIT_CONNECTIONS_PER_PERSON",
        default_value_t = 100,
        value_name = "N"
    )]
    pub limit_connections_per_person: u32,

    /// Socket.IO packets, per connection and second in the long run.
    #[arg(long, env = "CHINWAG_LIMIT_PACKETS", default_value_t = 50, value_name = "N")]
    pub limit_packets: u32,
}

impl Config {
    /// The settings as they are in force, for a backup to keep; none of them is a secret.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }

    /// Whether people come by https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// An origin: scheme and host, nothing behind it.
fn parse_public_url(text: &str) -> Result<String, String> {
    let uri: http::Uri = text.parse().map_err(|_| "it is not an address".to_owned())?;
    let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"));
    let scheme = scheme.ok_or("it must begin with http:// or https://")?;
    let authority = uri.authority().ok_or("it has no host")?;
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return Err("it must end after the host; a path is not supported".to_owned());
    }
    Ok(format!("{scheme}://{authority}"))
}

/// A name alone: no scheme, no port.
fn parse_host(text: &str) -> Result<String, String> {
    let name = text.trim().trim_end_matches('.').to_ascii_lowercase();
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if name.is_empty() || name.len() > 253 || !plain {
        return Err("it must be a name alone, without http:// and port".to_owned());
    }
    Ok(name)
}

fn parse_workspace_name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > 64 || name.chars().any(char::is_control) {
        return Err("it must have 1 to 64 characters on one line".to_owned());
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Cli, parse_host, parse_public_url};
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_allowed_host_is_a_name_alone() {
        assert_eq!(parse_host(" Chat.Example. ").unwrap(), "chat.example");
        for bad in ["", ".", "http://chat.example", "chat.example:80", "a b", "*", "chat/x"] {
            assert!(parse_host(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_public_url_is_an_origin() {
        assert_eq!(parse_public_url("https://a.example/").unwrap(), "https://a.example");
        for bad in ["a.example", "ftp://a.example", "https://a.example/chat", "", "https://"] {
            assert!(parse_public_url(bad).is_err(), "{bad}");
        }
    }
}
