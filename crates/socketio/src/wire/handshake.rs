//! The HTTP side of a connection: what the query asks for, and the WebSocket upgrade headers.
//!
//! These functions only read. Who may connect is decided in `front` and by the host.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{self, HeaderMap, HeaderName};
use sha1::{Digest, Sha1};

/// The transport that a request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    Polling,
    WebSocket,
}

/// What the query of a request asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query<'a> {
    pub version: Option<&'a str>,
    pub transport: Option<Transport>,
    pub sid: Option<&'a str>,
}

impl<'a> Query<'a> {
    /// Reads the known keys. Their valid values never need percent-decoding.
    pub(crate) fn parse(query: &'a str) -> Self {
        let mut found = Self::default();
        for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            match (key, value) {
                ("EIO", value) => found.version = Some(value),
                ("transport", "polling") => found.transport = Some(Transport::Polling),
                ("transport", "websocket") => found.transport = Some(Transport::WebSocket),
                ("sid", value) => found.sid = Some(value),
                _ => {}
            }
        }
        found
    }
}

/// Why a request is not a WebSocket upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UpgradeError {
    #[error("not a WebSocket upgrade request")]
    NotAnUpgrade,
    #[error("unsupported WebSocket version")]
    Version,
}

/// The value of `Sec-WebSocket-Accept` that answers these headers.
pub(crate) fn accept_key(headers: &HeaderMap) -> Result<String, UpgradeError> {
    let asked = has_token(headers, &header::CONNECTION, "upgrade")
        && has_token(headers, &header::UPGRADE, "websocket");
    if !asked {
        return Err(UpgradeError::NotAnUpgrade);
    }
    if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err(UpgradeError::Version);
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY).ok_or(UpgradeError::NotAnUpgrade)?;
    let nonce = STANDARD.decode(key).map_err(|_| UpgradeError::NotAnUpgrade)?;
    if nonce.len() != 16 {
        return Err(UpgradeError::NotAnUpgrade);
    }
    let mut hash = Sha1::new();
    hash.update(key.as_bytes());
    hash.update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    Ok(STANDARD.encode(hash.finalize()))
}

/// Whether a comma-separated header holds a token, in upper or lower case.
fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|part| part.trim().eq_ignore_ascii_case(token))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn upgrade() -> HeaderMap {
        [
            (header::CONNECTION, "keep-alive, Upgrade"),
            (header::UPGRADE, "WebSocket"),
            (header::SEC_WEBSOCKET_VERSION, "13"),
            (header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="),
        ]
        .into_iter()
        .map(|(name, value)| (name, HeaderValue::from_static(value)))
        .collect()
    }

    #[test]
    fn the_example_of_the_rfc_is_answered_as_there() {
        assert_eq!(accept_key(&upgrade()).as_deref(), Ok("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    }

    #[test]
    fn a_missing_or_wrong_header_is_refused() {
        for name in [header::CONNECTION, header::UPGRADE, header::SEC_WEBSOCKET_KEY] {
            let mut headers = upgrade();
            headers.remove(&name);
            assert_eq!(accept_key(&headers), Err(UpgradeError::NotAnUpgrade), "{name}");
        }
        let mut headers = upgrade();
        headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("8"));
        assert_eq!(accept_key(&headers), Err(UpgradeError::Version));
        let mut headers = upgrade();
        headers.insert(header::SEC_WEBSOCKET_KEY, HeaderValue::from_static("c2hvcnQ="));
        assert_eq!(accept_key(&headers), Err(UpgradeError::NotAnUpgrade));
    }

    #[test]
    fn the_query_takes_what_it_knows() {
        let query = Query::parse("EIO=4&transport=polling&t=x&sid=abc&flag");
        assert_eq!(query.version, Some("4"));
        assert_eq!(query.transport, Some(Transport::Polling));
        assert_eq!(query.sid, Some("abc"));
        assert_eq!(Query::parse("transport=abc").transport, None);
    }
}
