//! Starting to listen, and the sentences that say at which addresses.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use tokio::net::{TcpListener, TcpSocket, UnixListener, UnixStream};

use crate::config::{Listen, SocketMode};
use crate::http::{Listener, SocketFile};

/// Connections that the kernel holds until they are accepted. With the usual 128, most of ten
/// thousand clients that connect again after a restart would be turned away, and each would try
/// again only after a second or more. The kernel's own bound is `net.core.somaxconn`.
const BACKLOG: u32 = 4_096;
/// Bytes of an answer that the kernel holds for one client, the same as for sockets; accepted
/// connections inherit it. The kernel's default is megabytes for a client that does not read.
const SEND_BUFFER_BYTES: u32 = 64 * 1024;
/// How the names of interfaces begin that connect containers and virtual machines: nobody else in
/// the network reaches them.
const INTERNAL: [&str; 6] = ["docker", "br-", "veth", "virbr", "podman", "lxc"];

/// Starts to listen, and answers the address that was bound.
///
/// # Errors
/// What the system says, such as that the address is taken.
pub async fn bind(wanted: &Listen, mode: SocketMode) -> io::Result<(Listener, ListenAddress)> {
    let listener = match wanted {
        Listen::Address(address) => bind_address(*address)?,
        Listen::Name(host, port) => bind_name(host, *port).await?,
        Listen::Unix(path) => {
            let listener = bind_file(path, mode).await?;
            let file = SocketFile(path.clone());
            return Ok((Listener::Unix(listener, file), ListenAddress::File(wanted.to_string())));
        }
    };
    let address = listener.local_addr()?;
    Ok((listener.into(), ListenAddress::Address(address)))
}

/// The address that the server listens on.
#[derive(Debug, Clone)]
pub enum ListenAddress {
    /// An IP address and a port.
    Address(SocketAddr),
    /// A socket in the file system, as the setting names it.
    File(String),
}

impl ListenAddress {
    /// The address that a browser on this machine opens; `None` for a socket in the file system.
    #[must_use]
    pub fn base(&self) -> Option<String> {
        let Self::Address(address) = self else { return None };
        let mut address = *address;
        if address.ip().is_unspecified() {
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        Some(format!("http://{address}"))
    }

    /// The lines for the person who starts the server: the address, and when the server listens on
    /// all addresses of the machine, those that others in the network type.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let address = match self {
            Self::File(path) => return vec![format!("Chinwag is listening on {path}")],
            Self::Address(address) => *address,
        };
        if !address.ip().is_unspecified() {
            return vec![format!("Chinwag is listening on http://{address}")];
        }
        let here = SocketAddr::from((Ipv4Addr::LOCALHOST, address.port()));
        let mut lines = vec![format!("Chinwag is listening on http://{here}")];
        for ip in reachable() {
            let typed = match address.port() {
                80 => ip.to_string(),
                port => SocketAddr::from((ip, port)).to_string(),
            };
            lines.push(format!("In your network people type http://{typed}"));
        }
        lines
    }
}

fn bind_address(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A restart must not wait for what is left of connections that ended.
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Binds the first address of a name that can be bound, IPv4 before IPv6, as most programs do for
/// `localhost`.
async fn bind_name(host: &str, port: u16) -> io::Result<TcpListener> {
    let mut addresses: Vec<SocketAddr> = tokio::net::lookup_host((host, port)).await?.collect();
    addresses.sort_by_key(SocketAddr::is_ipv6);
    let mut failed = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in addresses {
        match bind_address(address) {
            Ok(listener) => return Ok(listener),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// Binds a socket file. A file that a killed server left behind is replaced; one that a server
/// listens on is not.
async fn bind_file(path: &Path, mode: SocketMode) -> io::Result<UnixListener> {
    let listener = match UnixListener::bind(path) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse && is_left_behind(path).await => {
            std::fs::remove_file(path)?;
            UnixListener::bind(path)?
        }
        bound => bound?,
    };
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode.0))?;
    Ok(listener)
}

async fn is_left_behind(path: &Path) -> bool {
    let connected = UnixStream::connect(path).await;
    connected.is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

/// The addresses of this machine that others in its network reach, IPv4 first.
fn reachable() -> Vec<IpAddr> {
    use nix::net::if_::InterfaceFlags;
    let Ok(interfaces) = nix::ifaddrs::getifaddrs() else { return Vec::new() };
    let up = interfaces.filter(|interface| {
        interface.flags.contains(InterfaceFlags::IFF_UP | InterfaceFlags::IFF_RUNNING)
            && !interface.flags.contains(InterfaceFlags::IFF_LOOPBACK)
            && !INTERNAL.iter().any(|name| interface.interface_name.starts_with(name))
    });
    let addresses = up.filter_map(|interface| {
        let address = interface.address?;
        address.as_sockaddr_in().map(|found| found.ip())
    });
    let mut found: Vec<IpAddr> =
        addresses.filter(|ip| !ip.is_link_local()).map(IpAddr::V4).collect();
    found.sort();
    found.dedup();
    found
}
