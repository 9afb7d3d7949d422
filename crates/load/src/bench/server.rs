//! A server of the bench: the product on an empty folder, the floor, or a peer. Dropping the value ends
//! the process.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::cores::Cores;
use super::setting::Bench;
use crate::process;
use crate::target::Target;

/// The product limits what one address may ask for. The generator is one address, so these are off.
const LIMITS_OFF: [&str; 12] = [
    "CHINWAG_LIMIT_SIGN_INS",
    "CHINWAG_LIMIT_NEW_NAMES",
    "CHINWAG_LIMIT_MESSAGES",
    "CHINWAG_LIMIT_COMMANDS",
    "CHINWAG_LIMIT_TOPICS",
    "CHINWAG_LIMIT_CONNECTIONS",
    "CHINWAG_LIMIT_CONNECTIONS_PER_ADDRESS",
    "CHINWAG_LIMIT_CONNECTIONS_PER_PERSON",
    "CHINWAG_LIMIT_HTTP_CONNECTIONS_PER_ADDRESS",
    "CHINWAG_LIMIT_UPLOADS",
    "CHINWAG_LIMIT_NEW_CHANNELS",
    "CHINWAG_LIMIT_PACKETS",
];

/// A server that has not answered after this time will not answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// A peer may have to be installed and built first.
const INSTALLING: Duration = Duration::from_secs(900);

/// How the product is started, again and again on the same address and folder.
struct Product {
    binary: PathBuf,
    cores: Cores,
    is_pinned: bool,
    address: SocketAddr,
    data: PathBuf,
    settings: Vec<(&'static str, &'static str)>,
}

/// A running server.
pub(super) struct Server {
    child: Child,
    address: SocketAddr,
    product: Option<Product>,
    /// The folder that is removed with the server.
    own_data: Option<PathBuf>,
    /// From starting the process to its first answer.
    pub started_in: Duration,
}

impl Server {
    /// The product, on an empty folder.
    pub(super) fn product(bench: &Bench, is_pinned: bool) -> Result<Self> {
        Self::product_with(bench, is_pinned, &[])
    }

    /// The product on an empty folder, with settings of its own.
    pub(super) fn product_with(
        bench: &Bench,
        is_pinned: bool,
        settings: &[(&'static str, &'static str)],
    ) -> Result<Self> {
        let address = free_address()?;
        let data = bench.folder.join(format!("chinwag-bench-{}", address.port()));
        let mut server = Self::start(bench, is_pinned, address, &data, settings)?;
        server.own_data = Some(data);
        Ok(server)
    }

    /// The product on a folder that stays.
    pub(super) fn product_on(bench: &Bench, data: &Path) -> Result<Self> {
        Self::start(bench, false, free_address()?, data, &[])
    }

    fn start(
        bench: &Bench,
        is_pinned: bool,
        address: SocketAddr,
        data: &Path,
        settings: &[(&'static str, &'static str)],
    ) -> Result<Self> {
        fs::create_dir_all(data).with_context(|| format!("cannot make {}", data.display()))?;
        let product = Product {
            binary: bench.server.clone(),
            cores: bench.cores,
            is_pinned,
            address,
            data: data.to_owned(),
            settings: settings.to_vec(),
        };
        let started = Instant::now();
        let child = product.spawn()?;
        let mut server = Self::of(child, address);
        server.product = Some(product);
        server.await_answer("/healthz", PATIENCE)?;
        server.started_in = started.elapsed();
        Ok(server)
    }

    fn of(child: Child, address: SocketAddr) -> Self {
        Self { child, address, product: None, own_data: None, started_in: Duration::ZERO }
    }

    /// Ends the server as an operator would, and waits until it has ended.
    pub(super) fn stop(&mut self) -> Result<()> {
        let pid = self.pid().to_string();
        let status = Command::new("sh").args(["-c", "kill -TERM \"$0\"", &pid]).status()?;
        if !status.success() {
            bail!("the server could not be told to end");
        }
        self.child.wait().context("waiting for the server's end")?;
        Ok(())
    }

    /// Starts the server again on the same address and folder, after [`Self::stop`].
    pub(super) fn start_again(&mut self) -> Result<()> {
        let product = self.product.as_ref().context("only the product is started again")?;
        let started = Instant::now();
        self.child = product.spawn()?;
        self.await_answer("/healthz", PATIENCE)?;
        self.started_in = started.elapsed();
        Ok(())
    }

    /// The floor, on the server's core.
    pub(super) fn floor(bench: &Bench) -> Result<Self> {
        let address = free_address()?;
        let own = std::env::current_exe().context("where is this binary?")?;
        let mut command = bench.cores.command(&own, true);
        command.args(["floor", "--listen", &address.to_string()]).stdout(Stdio::null());
        let child = command.spawn().context("cannot start the floor")?;
        let mut server = Self::of(child, address);
        server.await_answer("/api/channels/1", PATIENCE)?;
        Ok(server)
    }

    /// A peer. The script `start` installs it into its own folder of the bench and then runs it.
    pub(super) fn peer(bench: &Bench, start: &Path, name: &str) -> Result<Self> {
        let address = free_address()?;
        let mut command = bench.cores.command(start, true);
        command.arg(address.port().to_string()).arg(bench.folder.join("peers").join(name));
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        let mut server = Self::of(child, address);
        server.await_answer("/api/channels/1", INSTALLING)?;
        Ok(server)
    }

    /// Where to aim.
    pub(super) fn target(&self) -> Result<Target> {
        Target::parse(&format!("http://{}", self.address))
    }

    /// Its address, for another program.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its process.
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its resident memory.
    pub(super) fn resident_kb(&self) -> Result<u64> {
        process::resident_kb(self.pid())
    }

    fn await_answer(&mut self, path: &str, patience: Duration) -> Result<()> {
        let end = Instant::now() + patience;
        while answer(self.address, path).is_none() {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status}: {}", self.log());
            }
            if Instant::now() >= end {
                bail!("the server did not answer within {} s", patience.as_secs());
            }
            // There is no event to wait for: a port that is not open yet refuses at once.
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    fn log(&self) -> String {
        let path = self.product.as_ref().map(Product::log);
        path.and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing of the server is needed any more, so an error here changes nothing.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(data) = &self.own_data {
            let _ = fs::remove_dir_all(data);
        }
        if let Some(product) = &self.product {
            let _ = fs::remove_file(product.log());
        }
    }
}

impl Product {
    fn spawn(&self) -> Result<Child> {
        let mut command = self.cores.command(&self.binary, self.is_pinned);
        command.args(["serve", "--listen", &self.address.to_string(), "--data"]).arg(&self.data);
        command.envs(LIMITS_OFF.map(|name| (name, "0"))).envs(self.settings.iter().copied());
        let log = fs::File::create(self.log()).context("cannot write a log")?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        command.spawn().context("cannot start the server")
    }

    fn log(&self) -> PathBuf {
        self.data.with_extension("log")
    }
}

/// A port that was free a moment ago.
fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no free port")?;
    Ok(listener.local_addr()?)
}

/// Asks for `path`. `None` if the server did not answer with a success.
fn answer(address: SocketAddr, path: &str) -> Option<()> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut first = [0; 12];
    stream.read_exact(&mut first).ok()?;
    first.starts_with(b"HTTP/1.1 2").then_some(())
}
