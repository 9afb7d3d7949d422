//! The address of a client: the other end of its connection, or what a trusted proxy says.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;

use super::connections::Connection;
use super::problem::Fault;
use super::site::Site;

/// Characters of a header that the log shows.
const MOST_LOGGED: usize = 100;

/// The connection that a request came by.
#[derive(Clone)]
pub(super) struct Peer {
    /// The other end of the connection.
    pub address: SocketAddr,
    /// The connection and its slot.
    pub connection: Arc<Connection>,
}

/// The error of a trusted proxy whose `X-Forwarded-For` holds no address.
pub(super) struct Unreadable {
    /// The proxy.
    pub told_by: IpAddr,
    hop: String,
}

impl From<Unreadable> for Fault {
    /// Such a request is refused, because all clients of the proxy would share one limit. The log
    /// says it too, because only the operator can mend it.
    fn from(Unreadable { told_by, hop }: Unreadable) -> Self {
        tracing::warn!(
            proxy = %told_by,
            hop,
            "a trusted proxy sends an X-Forwarded-For that holds no address; let it send the \
             client's address alone"
        );
        let why = "the proxy's X-Forwarded-For holds no address".to_owned();
        Self::Malformed(StatusCode::BAD_REQUEST, why)
    }
}

/// The address of the client. Each trusted proxy names the one before it, so the list is read from
/// its end.
pub(super) fn client_address(site: &Site, request: &Request) -> Result<IpAddr, Unreadable> {
    let headers = request.headers();
    let peer = request.extensions().get::<Peer>();
    let peer = peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.address.ip().to_canonical());
    let mut address = peer;
    // A value that is no text is no address either.
    let forwarded = headers.get_all("x-forwarded-for").iter();
    let forwarded = forwarded.map(|value| value.to_str().unwrap_or("?"));
    let hops: Vec<&str> = forwarded.flat_map(|line| line.split(',')).collect();
    for hop in hops.iter().rev() {
        if !site.trusted_proxy.iter().any(|net| net.contains(&address)) {
            break;
        }
        let Some(next) = hop_address(hop.trim()) else {
            let hop = hop.chars().take(MOST_LOGGED).collect();
            return Err(Unreadable { told_by: address, hop });
        };
        address = next.to_canonical();
    }
    Ok(address)
}

/// An address as proxies write it: some add the port, or put brackets around IPv6.
pub(super) fn hop_address(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    let with_port = || hop.parse::<SocketAddr>().ok().map(|address| address.ip());
    bare.parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::hop_address;

    #[test]
    fn an_address_is_read_as_proxies_write_it() {
        for (hop, expected) in [
            ("203.0.113.7", Some("203.0.113.7")),
            ("203.0.113.7:4711", Some("203.0.113.7")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("[2001:db8::1]:443", Some("2001:db8::1")),
            ("unknown", None),
            ("", None),
            ("203.0.113", None),
            ("[203.0.113.7", None),
        ] {
            assert_eq!(hop_address(hop), expected.map(|text| text.parse().unwrap()), "{hop}");
        }
    }
}
