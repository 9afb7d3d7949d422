//! Starting and ending the real binary, on one data folder and one port.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::pause;

/// The binary, its data folder and its address.
#[derive(Debug, Clone)]
pub(crate) struct Installation {
    pub binary: PathBuf,
    pub data: PathBuf,
    pub address: SocketAddr,
}

/// A running server. It is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
}

impl Installation {
    /// Chooses a port that is free now.
    ///
    /// # Errors
    /// When there is no such binary, or no free port.
    pub(crate) fn new(binary: &Path, data: &Path) -> Result<Self> {
        let binary = binary.canonicalize().with_context(|| format!("no {}", binary.display()))?;
        let free = std::net::TcpListener::bind("127.0.0.1:0").context("no free port")?;
        Ok(Self { binary, data: data.to_owned(), address: free.local_addr()? })
    }

    /// Starts the server without waiting until it listens. Its limits are off, because all clients have
    /// one address.
    pub(crate) fn spawn(&self) -> Result<Server> {
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.data.with_extension("log"))
            .context("cannot write the server's log")?;
        let mut command = Command::new(&self.binary);
        command.arg("serve").arg("--listen").arg(self.address.to_string());
        command.arg("--data").arg(&self.data);
        for limit in [
            "messages",
            "new-names",
            "sign-ins",
            "new-channels",
            "uploads",
            "commands",
            "renames",
            "topics",
            "connections",
            "connections-per-address",
            "http-connections-per-address",
        ] {
            command.arg(format!("--limit-{limit}")).arg("0");
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
        let child = command.spawn().context("cannot start the server")?;
        Ok(Server { child })
    }

    /// Starts the server and waits until it says that it listens.
    pub(crate) async fn start(&self) -> Result<Server> {
        let mut server = self.spawn()?;
        server.ready(self).await?;
        Ok(server)
    }
}

impl Server {
    /// Waits until the server says that it listens.
    pub(crate) async fn ready(&mut self, installation: &Installation) -> Result<()> {
        let out = self.child.stdout.take().context("its output is read once")?;
        let mut line = String::new();
        let mut out = BufReader::new(out);
        let read = tokio::time::timeout(pause::START, out.read_line(&mut line)).await;
        read.context("the server did not start in time")??;
        if !line.contains("listening") {
            let log = std::fs::read_to_string(installation.data.with_extension("log"))
                .unwrap_or_default();
            let end: Vec<&str> = log.lines().rev().take(5).collect();
            bail!("the server did not start: {}", end.join(" / "));
        }
        Ok(())
    }

    /// Kills the server (SIGKILL): it announces nothing and flushes nothing.
    pub(crate) async fn kill(mut self) -> Result<()> {
        self.child.kill().await.context("cannot kill the server")
    }

    /// Stops the server in order (SIGTERM), and waits for its end.
    pub(crate) async fn stop(mut self) -> Result<()> {
        let pid = self.child.id().context("it has ended already")?.to_string();
        Command::new("kill").args(["-TERM", &pid]).status().await?;
        let ended = tokio::time::timeout(pause::START, self.child.wait()).await;
        let status = ended.context("the server did not stop in time")??;
        if !status.success() {
            bail!("the server ended with {status}");
        }
        Ok(())
    }
}
