//! Values of settings that have a form of their own.

use std::net::IpAddr;

use ipnet::IpNet;

/// Reads one address, or a range of them.
pub(super) fn parse_proxy(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let net = match text.parse::<IpAddr>() {
        Ok(address) => Ok(IpNet::from(address.to_canonical())),
        Err(_) => text.parse::<IpNet>().map(|net| net.trunc()),
    };
    net.map_err(|_| "it is neither an address nor a range such as 10.0.0.0/8".to_owned())
}

/// Reads an origin, as browsers write it (RFC 6454, 6.2): scheme and host in lower case, the port
/// where it is not the scheme's own, nothing behind it.
pub(super) fn parse_public_url(text: &str) -> Result<String, String> {
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

/// Reads a time, or a day, which begins at midnight in UTC.
pub(super) fn parse_since(text: &str) -> Result<jiff::Timestamp, String> {
    let text = text.trim();
    let midnight = || format!("{text}T00:00:00Z").parse();
    text.parse().or_else(|_: jiff::Error| midnight()).map_err(|_: jiff::Error| {
        "it is neither a day such as 2026-03-18 nor a time such as 2026-03-18T10:00:00Z".to_owned()
    })
}

/// Reads the name of a host: no scheme, no port.
pub(super) fn parse_host(text: &str) -> Result<String, String> {
    let name = text.trim().trim_end_matches('.').to_ascii_lowercase();
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if name.is_empty() || name.len() > 253 || !plain {
        return Err("it must be a name alone, without http:// and port".to_owned());
    }
    Ok(name)
}

/// Reads the name of this place: one line of 1 to 64 characters.
pub(super) fn parse_workspace_name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > 64 || name.chars().any(char::is_control) {
        return Err("it must have 1 to 64 characters on one line".to_owned());
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{parse_host, parse_proxy, parse_public_url};

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
