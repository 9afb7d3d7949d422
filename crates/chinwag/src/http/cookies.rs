//! The cookies: their names, and how they are read and set.
//!
//! A browser keeps the cookies of a host, whatever the port (RFC 6265, 8.5). So the names contain
//! the installation: two servers on one host do not sign each other's people out. Over https the
//! names have the prefix `__Host-`: no other host, and no page over http, can set such a cookie.
//! `Set-Cookie` is written here: the `cookie` crate would bring `time` and its crates for the five
//! lines of `line`.

use axum::http::{HeaderMap, HeaderValue, header};

/// The language that was chosen before signing in. The web app writes it; it is the browser's, not
/// the installation's.
pub(super) const LANGUAGE: &str = "chinwag_language";
/// The longest life that browsers grant a cookie, in seconds (RFC 6265bis, 5.5): 400 days.
pub(super) const LONGEST_S: i64 = 400 * 24 * 3600;
/// How long the device key stays under its old name, in seconds: 30 days. Another installation on
/// this host may know the key too, and has to find it once.
const OLD_DEVICE_S: i64 = 30 * 24 * 3600;
/// How long it is remembered that a browser keeps cookies, in seconds: a day.
const PROBE_S: i64 = 24 * 3600;
/// How many digits of the installation's id a name contains.
const TAIL: usize = 8;

/// What a cookie is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The session token.
    Session,
    /// The device key. It opens the names that were taken in this browser, until the browser is
    /// forgotten.
    Device,
    /// The one-time message for the next page.
    Flash,
    /// Shows that the browser keeps cookies.
    Probe,
    /// The secret of a browser whose name waits at the door.
    Waiting,
}

impl Kind {
    pub(super) const ALL: [Self; 5] =
        [Self::Session, Self::Device, Self::Flash, Self::Probe, Self::Waiting];

    /// The name in versions whose names did not contain the installation.
    pub(super) fn base(self) -> &'static str {
        match self {
            Self::Session => "chinwag_session",
            Self::Device => "chinwag_device",
            Self::Flash => "chinwag_flash",
            Self::Probe => "chinwag_probe",
            Self::Waiting => "chinwag_waiting",
        }
    }
}

/// The names of the cookies of this installation.
#[derive(Debug, Clone)]
pub struct CookieNames {
    tail: String,
}

impl CookieNames {
    /// The names of an installation, by its id.
    #[must_use]
    pub fn of(instance: &str) -> Self {
        Self { tail: instance.chars().take(TAIL).collect() }
    }

    fn plain(&self, kind: Kind) -> String {
        format!("{}_{}", kind.base(), self.tail)
    }

    fn name(&self, kind: Kind, secure: bool) -> String {
        let prefix = if secure { "__Host-" } else { "" };
        format!("{prefix}{}", self.plain(kind))
    }
}

/// The cookies of one request, and those of its answer.
pub(super) struct Jar<'a> {
    names: &'a CookieNames,
    headers: &'a HeaderMap,
    secure: bool,
}

impl<'a> Jar<'a> {
    pub(super) fn new(names: &'a CookieNames, headers: &'a HeaderMap, secure: bool) -> Self {
        Self { names, headers, secure }
    }

    /// The value of a cookie. Where the current name is missing, a cookie of an older version or
    /// one that was set over http counts.
    pub(super) fn get(&self, kind: Kind) -> Option<&'a str> {
        self.present(kind).or_else(|| self.older(kind))
    }

    /// The value of a cookie under its current name.
    pub(super) fn present(&self, kind: Kind) -> Option<&'a str> {
        get(self.headers, &self.names.name(kind, self.secure))
    }

    /// The value of a cookie of an older version, or of one that was set over http. Over https
    /// another site of the same domain can plant such a cookie: a device key from here may prove
    /// what it opened before, and must not open anything new.
    pub(super) fn older(&self, kind: Kind) -> Option<&'a str> {
        get(self.headers, &self.older_name(kind)?)
    }

    fn older_name(&self, kind: Kind) -> Option<String> {
        let plain = self.secure.then(|| self.names.plain(kind));
        let mut names = plain.into_iter().chain([kind.base().to_owned()]);
        names.find(|name| get(self.headers, name).is_some())
    }

    /// Whether the browser sent back any cookie that it was given here: then it keeps cookies. One
    /// that was set over http, or by an older version, does not show that it keeps those of https.
    pub(super) fn is_kept(&self) -> bool {
        Kind::ALL.into_iter().any(|kind| self.present(kind).is_some())
    }

    /// A `Set-Cookie` for this host, which scripts cannot read and which is not sent with foreign
    /// posts. A cookie with a life of `None` ends with the browser, one of 0 at once. `value` must
    /// consist of characters that are safe in a cookie.
    pub(super) fn set(&self, kind: Kind, value: &str, life_s: Option<i64>) -> Option<HeaderValue> {
        line(&self.names.name(kind, self.secure), value, life_s, self.secure)
    }

    /// A cookie that the browser is to send back, to show that it keeps cookies.
    pub(super) fn probe(&self) -> Option<HeaderValue> {
        self.set(Kind::Probe, "1", Some(PROBE_S))
    }

    /// Gives the session its current name, and the session and the device key their full lives
    /// again. Only for a session that is good: an old cookie may be another installation's. A device
    /// key under an older name keeps that name until its browser signs in and gets a new key.
    /// `session_s` is the life of the session in seconds; `None` is a session that ends with the
    /// browser.
    pub(super) fn renew(&self, session_s: Option<i64>) -> Vec<HeaderValue> {
        let mut lines = Vec::new();
        if let Some(token) = self.get(Kind::Session) {
            lines.extend(self.set(Kind::Session, token, session_s));
            if self.present(Kind::Session).is_none() {
                lines.extend(self.remove_older(Kind::Session));
            }
        }
        if session_s.is_none() {
            return lines;
        }
        if let Some(key) = self.present(Kind::Device) {
            lines.extend(self.set(Kind::Device, key, Some(LONGEST_S)));
        } else if let Some(name) = self.older_name(Kind::Device)
            && let Some(key) = get(self.headers, &name)
        {
            lines.extend(line(&name, key, Some(LONGEST_S), self.secure));
        }
        lines
    }

    /// Gives the device key of an older version the end of its life, if there is one.
    pub(super) fn let_old_device_end(&self) -> Option<HeaderValue> {
        if self.present(Kind::Device).is_some() {
            return None;
        }
        let key = get(self.headers, Kind::Device.base())?;
        line(Kind::Device.base(), key, Some(OLD_DEVICE_S), self.secure)
    }

    /// Removes the session cookie, under every name that it may have.
    pub(super) fn remove_session(&self) -> Vec<HeaderValue> {
        let mut lines: Vec<_> = self.set(Kind::Session, "", Some(0)).into_iter().collect();
        lines.extend(self.remove_older(Kind::Session));
        lines
    }

    /// Removes a cookie under the names of older versions and of http.
    pub(super) fn remove_older(&self, kind: Kind) -> Vec<HeaderValue> {
        let plain = self.secure.then(|| self.names.plain(kind));
        let names = plain.into_iter().chain([kind.base().to_owned()]);
        names
            .filter(|name| get(self.headers, name).is_some())
            .filter_map(|name| line(&name, "", Some(0), self.secure))
            .collect()
    }
}

/// The value of the first cookie with that name.
pub(super) fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).find_map(
        |line| {
            line.split(';').find_map(|pair| {
                let (key, value) = pair.trim().split_once('=')?;
                (key == name).then_some(value)
            })
        },
    )
}

fn line(name: &str, value: &str, life_s: Option<i64>, secure: bool) -> Option<HeaderValue> {
    let life = life_s.map_or_else(String::new, |life_s| format!("; Max-Age={life_s}"));
    let secure = if secure { "; Secure" } else { "" };
    let line = format!("{name}={value}; Path=/{life}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&line).ok()
}

#[cfg(test)]
mod tests {
    use super::{CookieNames, HeaderMap, Jar, Kind, get};

    fn names() -> CookieNames {
        CookieNames::of("0123456789abcdef0123456789abcdef")
    }

    fn headers(line: &str) -> HeaderMap {
        [("cookie".parse().unwrap(), line.parse().unwrap())].into_iter().collect()
    }

    #[test]
    fn finds_the_whole_name_only() {
        let mut headers = HeaderMap::new();
        headers.append("cookie", "xchinwag_session=a; chinwag_session=b".parse().unwrap());
        headers.append("cookie", "other=c".parse().unwrap());
        assert_eq!(get(&headers, "chinwag_session"), Some("b"));
        assert_eq!(get(&headers, "other"), Some("c"));
        assert_eq!(get(&headers, "session"), None);
    }

    #[test]
    fn the_present_name_counts_before_the_older_ones() {
        let names = names();
        let all = "chinwag_session=old; chinwag_session_01234567=plain; \
                   __Host-chinwag_session_01234567=host; chinwag_session_ffffffff=other";
        for (line, secure, expected) in [
            (all, true, Some("host")),
            (all, false, Some("plain")),
            ("chinwag_session=old; chinwag_session_01234567=plain", true, Some("plain")),
            ("chinwag_session=old", true, Some("old")),
            ("chinwag_session=old", false, Some("old")),
            ("__Host-chinwag_session_01234567=host", false, None),
            ("chinwag_session_ffffffff=other", false, None),
        ] {
            let headers = headers(line);
            let jar = Jar::new(&names, &headers, secure);
            assert_eq!(jar.get(Kind::Session), expected, "{line} {secure}");
        }
    }

    #[test]
    fn what_the_version_before_has_set_is_replaced() {
        let names = names();
        let headers = headers("chinwag_session=s; chinwag_device=d");
        let lines = Jar::new(&names, &headers, false).renew(Some(60));
        let lines: Vec<_> = lines.iter().map(|line| line.to_str().unwrap()).collect();
        for begin in ["chinwag_session_01234567=s; ", "chinwag_session=; ", "chinwag_device=d; "] {
            assert!(lines.iter().any(|line| line.starts_with(begin)), "{begin} in {lines:?}");
        }
        // Whoever planted the old key knows it.
        assert!(!lines.iter().any(|line| line.starts_with("chinwag_device_")), "{lines:?}");
    }
}
