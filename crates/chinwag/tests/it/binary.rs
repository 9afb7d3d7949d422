//! The real binary, started like its users start it, for tests of what a process must survive.

use std::io::BufRead as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::app::DEADLINE;

/// The real binary on a data folder.
pub struct Binary {
    pub child: Child,
    pub address: std::net::SocketAddr,
}

impl Binary {
    /// `serve` on that folder, not yet started.
    pub fn command(data: &Path) -> Command {
        Self::command_under(&[], data)
    }

    /// The same under another program, such as a tracer, with its arguments.
    pub fn command_under(wrapper: &[String], data: &Path) -> Command {
        let chinwag = env!("CARGO_BIN_EXE_chinwag").to_owned();
        let mut words = wrapper.iter().chain([&chinwag]);
        let mut command = Command::new(words.next().unwrap());
        command.args(words);
        command.args(["serve", "--listen", "127.0.0.1:0", "--limit-messages", "0"]);
        command.args(["--limit-uploads", "0", "--limit-connections-per-address", "0"]);
        command.args(["--limit-connections-per-person", "0", "--data"]);
        command.arg(data).stdout(Stdio::piped()).stderr(Stdio::null());
        command
    }

    /// Starts, and waits until it says where it listens.
    pub fn start(data: &Path) -> Self {
        Self::spawn(Self::command(data))
    }

    /// Starts that command, and waits until it says where it listens.
    pub fn spawn(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        std::io::BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit("http://").next().unwrap();
        Self { address: address.parse().unwrap_or_else(|_| panic!("{line}")), child }
    }

    /// Sends SIGKILL.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
    /// Sends SIGTERM, and waits for the end.
    pub async fn stop(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let ended = tokio::task::spawn_blocking(move || self.child.wait().unwrap());
        let status = tokio::time::timeout(DEADLINE, ended).await.expect("it stops").unwrap();
        assert!(status.success(), "{status}");
    }
}
