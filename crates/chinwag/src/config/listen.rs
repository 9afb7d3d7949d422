//! What to listen on, as people write it: `8080`, `:8080`, `localhost:8080`, `unix:/run/chat.sock`.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// What to listen on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// One address and port.
    Address(SocketAddr),
    /// A name, such as `localhost`, and a port.
    Name(String, u16),
    /// A socket in the file system.
    Unix(PathBuf),
}

impl FromStr for Listen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Some(path) = text.strip_prefix("unix:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return match path {
                "" => Err("the path of the socket is missing, as in unix:/run/chinwag.sock".into()),
                path => Ok(Self::Unix(PathBuf::from(path))),
            };
        }
        if let Ok(address) = text.parse() {
            return Ok(Self::Address(address));
        }
        let (host, port) = text.rsplit_once(':').unwrap_or(("127.0.0.1", text));
        let port = port.parse::<u16>().ok().filter(|_| port.bytes().all(|b| b.is_ascii_digit()));
        let port = port.ok_or("it needs a port, as in 8080, :8080 or 127.0.0.1:8080")?;
        if host.is_empty() || host == "*" {
            return Ok(Self::Address((Ipv4Addr::UNSPECIFIED, port).into()));
        }
        if let Ok(address) = host.parse::<Ipv4Addr>() {
            return Ok(Self::Address((address, port).into()));
        }
        let is_name = host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
        if !is_name {
            return Err("an IPv6 address stands in brackets, as in [::1]:8080".to_owned());
        }
        Ok(Self::Name(host.to_owned(), port))
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => write!(f, "{address}"),
            Self::Name(host, port) => write!(f, "{host}:{port}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl Serialize for Listen {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// The permissions of a socket in the file system, in octal digits as `chmod` takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SocketMode(pub u32);

impl FromStr for SocketMode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mode = u32::from_str_radix(text, 8).ok().filter(|mode| *mode <= 0o777);
        mode.map(Self).ok_or_else(|| "it has three octal digits, as in 660".to_owned())
    }
}

impl fmt::Display for SocketMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:o}", self.0)
    }
}

impl Serialize for SocketMode {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::{Listen, SocketMode};

    #[test]
    fn every_way_to_write_it_is_understood() {
        for (typed, meant) in [
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("0.0.0.0:80", "0.0.0.0:80"),
            ("[::1]:8080", "[::1]:8080"),
            ("[::]:0", "[::]:0"),
            ("8080", "127.0.0.1:8080"),
            (" 8080 ", "127.0.0.1:8080"),
            (":8080", "0.0.0.0:8080"),
            ("*:8080", "0.0.0.0:8080"),
            ("localhost:8080", "localhost:8080"),
            ("chat.school.lan:80", "chat.school.lan:80"),
            ("unix:/run/chinwag.sock", "unix:/run/chinwag.sock"),
            ("unix:///run/chinwag.sock", "unix:/run/chinwag.sock"),
            ("unix:here.sock", "unix:here.sock"),
        ] {
            let listen: Listen = typed.parse().unwrap_or_else(|why| panic!("{typed}: {why}"));
            assert_eq!(listen.to_string(), meant);
        }
        for odd in ["", "localhost", "::1:8080", "a:b", ":65536", ":+80", "http://a:80", "unix:"] {
            assert!(odd.parse::<Listen>().is_err(), "{odd}");
        }
    }

    #[test]
    fn a_mode_is_octal() {
        assert_eq!("660".parse(), Ok(SocketMode(0o660)));
        for odd in ["", "888", "1777", "rw"] {
            assert!(odd.parse::<SocketMode>().is_err(), "{odd}");
        }
    }
}
