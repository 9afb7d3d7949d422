//! Every setting, its default and its environment variable. Nothing else reads the environment.

mod listen;

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use ipnet::IpNet;
use serde::Serialize;

pub use listen::{Listen, SocketMode};

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
        /// Let sessions and bot tokens of the backup go on, also those that were ended since.
        #[arg(long)]
        keep_sessions: bool,
    },
    /// Prove that a backup can be restored.
    Verify {
        /// The backup.
        file: PathBuf,
        /// Where to unpack it meanwhile; beside it when not given.
        #[arg(long)]
        scratch: Option<PathBuf>,
    },
    /// Make one thumbnail under strict limits and end. The server starts it.
    #[command(hide = true)]
    Thumbnail {
        /// The most memory for the picture, in bytes.
        #[arg(long)]
        memory: u64,
        /// The picture.
        source: PathBuf,
        /// Where its thumbnail goes.
        target: PathBuf,
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

    /// Seconds after which an upload that brings (almost) nothing is ended. Any other request has
    /// twice as long in all, and a client as long to take some of its answer.
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

    /// Text of messages, in kilobytes per person and second in the long run; sixteen times as much
    /// at once. No limit where --limit-messages is 0.
    #[arg(long, env = "CHINWAG_LIMIT_MESSAGE_KB", default_value_t = 100, value_name = "KB")]
    pub limit_message_kb: u32,

    /// Text of messages, in kilobytes per address and second; sixteen times as much at once.
    #[arg(
        long,
        env = "CHINWAG_LIMIT_MESSAGE_KB_PER_ADDRESS",
        default_value_t = 500,
        value_name = "KB"
    )]
    pub limit_message_kb_per_address: u32,

    /// Other changes (joining, leaving, topics, marks, settings, tokens), per person and second in
    /// the long run; five times as many at once.
    #[arg(long, env = "CHINWAG_LIMIT_COMMANDS", default_value_t = 20, value_name = "N")]
    pub limit_commands: u32,

    /// Other changes, per address and second; five times as many at once.
    #[arg(
        long,
        env = "CHINWAG_LIMIT_COMMANDS_PER_ADDRESS",
        default_value_t = 500,
        value_name = "N"
    )]
    pub limit_commands_per_address: u32,

    /// Topics that one person sets, and that one channel gets, per minute.
    #[arg(long, env = "CHINWAG_LIMIT_TOPICS", default_value_t = 12, value_name = "N")]
    pub limit_topics: u32,

    /// Topics, per address and minute.
    #[arg(long, env = "CHINWAG_LIMIT_TOPICS_PER_ADDRESS", default_value_t = 60, value_name = "N")]
    pub limit_topics_per_address: u32,

    /// New channels, per person and hour.
    #[arg(long, env = "CHINWAG_LIMIT_NEW_CHANNELS", default_value_t = 30, value_name = "N")]
    pub limit_new_channels: u32,

    /// New channels, per address and hour.
    #[arg(
        long,
        env = "CHINWAG_LIMIT_NEW_CHANNELS_PER_ADDRESS",
        default_value_t = 120,
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

    /// HTTP connections in all; sockets do not count. When they are taken, the one that has waited
    /// longest for its client gives way.
    #[arg(
        long,
        env = "CHINWAG_LIMIT_HTTP_CONNECTIONS",
        default_value_t = 20_000,
        value_name = "N"
    )]
    pub limit_http_connections: u32,

    /// HTTP connections from one address; a trusted proxy's are counted for whoever their request is
    /// from.
    #[arg(
        long,
        env = "CHINWAG_LIMIT_HTTP_CONNECTIONS_PER_ADDRESS",
        default_value_t = 4_000,
        value_name = "N"
    )]
    pub limit_http_connections_per_address: u32,

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

/// One address, or a range of them.
fn parse_proxy(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let net = match text.parse::<IpAddr>() {
        Ok(address) => Ok(IpNet::from(address.to_canonical())),
        Err(_) => text.parse::<IpNet>().map(|net| net.trunc()),
    };
    net.map_err(|_| "it is neither an address nor a range such as 10.0.0.0/8".to_owned())
}

/// An origin, as browsers write it (RFC 6454, 6.2): scheme and host in lower case, the port where it
/// is not the scheme's own, nothing behind it.
fn parse_public_url(text: &str) -> Result<String, String> {
    let text = text.trim();
    if !text.is_ascii() {
        return Err("write the name of the host in its ASCII form, which begins with xn--".into());
    }
    let uri: http::Uri = text.parse().map_err(|_| "it is not an address".to_owned())?;
    let scheme = uri.scheme_str().map(str::to_ascii_lowercase).unwrap_or_default();
    let own_port = match scheme.as_str() {
        "http" => 80,
        "https" => 443,
        _ => return Err("it must begin with http:// or https://".to_owned()),
    };
    let authority = uri.authority().ok_or("it has no host")?;
    if authority.as_str().contains('@') {
        return Err("it must not hold a user name".to_owned());
    }
    let host = authority.host().to_ascii_lowercase();
    if host.is_empty() {
        return Err("it has no host".to_owned());
    }
    let port = match authority.as_str()[authority.host().len()..].strip_prefix(':') {
        None | Some("") => own_port,
        Some(digits) => digits.parse::<u16>().map_err(|_| "its port is none".to_owned())?,
    };
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return Err("it must end after the host; a path is not supported".to_owned());
    }
    Ok(if port == own_port {
        format!("{scheme}://{host}")
    } else {
        format!("{scheme}://{host}:{port}")
    })
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
    use super::{Cli, parse_host, parse_proxy, parse_public_url};
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
        for (typed, meant) in [
            ("https://a.example/", "https://a.example"),
            ("HTTPS://A.Example", "https://a.example"),
            ("https://a.example:443", "https://a.example"),
            ("http://a.example:80/", "http://a.example"),
            ("https://a.example:80", "https://a.example:80"),
            ("http://a.example:08080", "http://a.example:8080"),
            (" http://[::1]:8080/ ", "http://[::1]:8080"),
            ("http://[2001:DB8::1]", "http://[2001:db8::1]"),
        ] {
            assert_eq!(parse_public_url(typed).as_deref(), Ok(meant), "{typed}");
        }
        for bad in [
            "a.example",
            "ftp://a.example",
            "https://a.example/chat",
            "",
            "https://",
            "https://ada@a.example",
            "https://a.example:99999",
            "https://学校.example",
        ] {
            assert!(parse_public_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_proxy_is_an_address_or_a_range() {
        for (typed, meant) in [
            ("127.0.0.1", "127.0.0.1/32"),
            ("::ffff:10.1.2.3", "10.1.2.3/32"),
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("fd00::/8", "fd00::/8"),
        ] {
            assert_eq!(parse_proxy(typed).unwrap().to_string(), meant);
        }
        for bad in ["", "proxy", "10.0.0.0/33", "10.0.0.0/8/8"] {
            assert!(parse_proxy(bad).is_err(), "{bad}");
        }
    }
}
