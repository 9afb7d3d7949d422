//! The command line: what the binary does.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use super::Config;
use super::values::{parse_public_url, parse_since};

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
    /// Prints who may do what, as Markdown.
    Permissions,
    /// Look a data folder over: the database, and every file. Changes nothing; a server may run.
    Check {
        /// The data folder.
        #[arg(long, env = "CHINWAG_DATA", default_value = "data")]
        data: PathBuf,
        /// Look at the files' lengths only, not at their bytes.
        #[arg(long)]
        quick: bool,
    },
    /// Have the index for searching made anew by the next start, in the background; no server may run.
    Reindex {
        /// The data folder.
        #[arg(long, env = "CHINWAG_DATA", default_value = "data")]
        data: PathBuf,
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
    /// Print the log of what owners, moderators and hosts did, the oldest first: all of it, private places
    /// too; a server may run.
    Audit {
        /// The data folder.
        #[arg(long, env = "CHINWAG_DATA", default_value = "data")]
        data: PathBuf,
        /// Only what was done then or later: a day such as `2026-03-18`, or a time such as
        /// `2026-03-18T10:00:00Z`.
        #[arg(long, value_name = "TIME", value_parser = parse_since)]
        since: Option<jiff::Timestamp>,
        /// Only what the person with this name did, or was done to them.
        #[arg(long, value_name = "NAME")]
        who: Option<String>,
        /// Only such acts: for example `remove_message`, `mute`, `deactivate`. A wrong one lists all.
        #[arg(long)]
        act: Option<String>,
        /// One object of JSON a line.
        #[arg(long)]
        json: bool,
    },
    /// Make somebody an owner of the place, by the name that they hold; a server may run.
    Owner {
        /// Their name.
        name: String,
        /// The data folder.
        #[arg(long, env = "CHINWAG_DATA", default_value = "data")]
        data: PathBuf,
    },
    /// Print a link by which somebody who is locked out signs in once, within 30 minutes; a server may
    /// run.
    SignInLink {
        /// Their name.
        name: String,
        /// The data folder.
        #[arg(long, env = "CHINWAG_DATA", default_value = "data")]
        data: PathBuf,
        /// The address that people type, such as `https://chat.example`; where it is left out, the one
        /// with which the server was started last.
        #[arg(long, env = "CHINWAG_PUBLIC_URL", value_name = "URL", value_parser = parse_public_url)]
        public_url: Option<String>,
    },
    /// Write all that somebody wrote, and their files, into one ZIP archive, also of an account that is
    /// deactivated; a server may run.
    Export {
        /// Their name.
        name: String,
        /// The file to write. It must not be there yet.
        file: PathBuf,
        /// The data folder.
        #[arg(long, env = "CHINWAG_DATA", default_value = "data")]
        data: PathBuf,
    },
    /// Make one thumbnail under strict limits and end. The server starts it.
    #[command(hide = true)]
    Thumbnail {
        /// The most memory for the picture, in bytes.
        #[arg(long)]
        memory: u64,
        /// Make the squares of a person's picture instead.
        #[arg(long)]
        squares: bool,
        /// The picture.
        source: PathBuf,
        /// Where its thumbnail goes.
        target: PathBuf,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Cli;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
