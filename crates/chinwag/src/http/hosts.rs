//! Which host names this server answers to.
//!
//! A page of another site can let its own name lead here (DNS rebinding). The browser then takes
//! both for one site, whose pages may ask and read. Only the name gives it away. So the server
//! answers only to names that public DNS does not give out, and to those that the operator
//! configured.

use axum::http::{HeaderMap, Uri, header};

/// The ends of names that public DNS does not give out (RFC 6761, 6762, 8375; ICANN's `.internal`).
const PRIVATE: [&str; 5] = [".local", ".localhost", ".lan", ".home.arpa", ".internal"];
/// The most characters of a name (RFC 1035, 2.3.4).
const MAX_NAME: usize = 253;

/// The host that a request names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RequestedHost {
    /// A host that this server answers to.
    Known,
    /// Another host: the name without its port, in lower case.
    Unknown(String),
    /// No host, several, or a name that cannot be one.
    Unclear,
}

/// The host that a request names, where `allowed` are the names that the operator configured.
pub(super) fn requested<'a>(
    uri: &Uri,
    headers: &HeaderMap,
    allowed: impl Iterator<Item = &'a str>,
) -> RequestedHost {
    let mut lines = headers.get_all(header::HOST).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return RequestedHost::Unclear };
    let Some(name) = line.to_str().ok().and_then(name) else { return RequestedHost::Unclear };
    // A request to a proxy names its host in the first line as well (RFC 9112, 3.2.2).
    if uri.host().is_some_and(|host| self::name(host) != Some(name.clone())) {
        return RequestedHost::Unclear;
    }
    if is_private(&name) || allowed.into_iter().any(|allowed| allowed.eq_ignore_ascii_case(&name)) {
        RequestedHost::Known
    } else {
        RequestedHost::Unknown(name)
    }
}

/// The name in `name:port`, in lower case and without a dot at its end.
pub(super) fn name(host: &str) -> Option<String> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let (address, behind) = rest.split_once(']')?;
            (address, behind)
        }
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let port_is_fine =
        port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    if !port_is_fine {
        return None;
    }
    if host.starts_with('[') {
        return name.parse::<std::net::Ipv6Addr>().ok().map(|address| address.to_string());
    }
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    (plain && !name.is_empty() && name.len() <= MAX_NAME).then_some(name)
}

/// Whether a name is an address, has only one label, or is one that public DNS does not give out.
fn is_private(name: &str) -> bool {
    name.parse::<std::net::IpAddr>().is_ok()
        || !name.contains('.')
        || PRIVATE.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(host: &str) -> RequestedHost {
        let headers = [(header::HOST, host.parse().unwrap())].into_iter().collect();
        requested(&Uri::from_static("/"), &headers, ["chat.example"].into_iter())
    }

    #[test]
    fn only_names_of_our_own_are_answered_to() {
        for host in [
            "localhost",
            "localhost:8080",
            "LOCALHOST",
            "127.0.0.1:8080",
            "192.168.1.7",
            "[::1]:8080",
            "[2001:db8::1]",
            "schoolserver",
            "schoolserver:80",
            "pi.local",
            "pi.local.",
            "a.b.lan",
            "nas.home.arpa",
            "chat.internal",
            "app.localhost",
            "chat.example",
            "Chat.Example:443",
        ] {
            assert_eq!(look(host), RequestedHost::Known, "{host}");
        }
        for host in [
            "evil.example",
            "evil.chat.example",
            "chat.example.evil.example",
            "xlocalhost.example",
            "local.example",
            "notlan.com",
            "127.0.0.1.nip.io",
            "chat.example.:443x.evil.example",
            "1.2.3.4.5",
        ] {
            assert_ne!(look(host), RequestedHost::Known, "{host}");
        }
        for host in [
            "",
            ":80",
            "a b",
            "a/b",
            "user@chat.example",
            "[::1",
            "[x]",
            "chat.example:",
            "localhost:99999",
            "é.example",
        ] {
            assert_eq!(look(host), RequestedHost::Unclear, "{host}");
        }
    }

    #[test]
    fn a_request_names_one_host() {
        let none = HeaderMap::new();
        assert_eq!(
            requested(&Uri::from_static("/"), &none, [].into_iter()),
            RequestedHost::Unclear
        );
        let mut two = HeaderMap::new();
        two.append(header::HOST, "localhost".parse().unwrap());
        two.append(header::HOST, "localhost".parse().unwrap());
        assert_eq!(requested(&Uri::from_static("/"), &two, [].into_iter()), RequestedHost::Unclear);
        let one = [(header::HOST, "localhost".parse().unwrap())].into_iter().collect();
        let whole = Uri::from_static("http://evil.example/");
        assert_eq!(requested(&whole, &one, [].into_iter()), RequestedHost::Unclear);
        let whole = Uri::from_static("http://localhost:80/");
        assert_eq!(requested(&whole, &one, [].into_iter()), RequestedHost::Known);
    }
}
