//! The answers to refused requests: Engine.IO's codes, in its JSON shape.

use bytes::Bytes;
use http::header::{self, HeaderValue};
use http::{Response, StatusCode};
use http_body_util::Full;

use crate::places::NoPlace;
use crate::refusal::Refusal;
use crate::wire::handshake::UpgradeError;

/// A request that is refused.
#[derive(Debug)]
pub(super) enum Problem {
    UnknownTransport,
    UnknownSession,
    BadMethod,
    BadRequest(&'static str),
    UnsupportedVersion,
    WebSocketVersion,
    TooLarge,
    /// No place for another connection.
    Crowded,
    /// No place for another connection from this address.
    CrowdedAddress,
    Closing,
    /// The host did not answer in time.
    TimedOut,
    Refused(Refusal),
    Internal,
}

impl Problem {
    fn parts(&self) -> (StatusCode, u8, &str) {
        let bad = StatusCode::BAD_REQUEST;
        let unavailable = StatusCode::SERVICE_UNAVAILABLE;
        match self {
            Self::UnknownTransport => (bad, 0, "Transport unknown"),
            Self::UnknownSession => (bad, 1, "Session ID unknown"),
            Self::BadMethod => (bad, 2, "Bad handshake method"),
            Self::BadRequest(why) => (bad, 3, why),
            Self::UnsupportedVersion => (bad, 5, "Unsupported protocol version"),
            Self::WebSocketVersion => {
                (StatusCode::UPGRADE_REQUIRED, 3, "WebSocket version 13 is required")
            }
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, 3, "Payload too large"),
            Self::Crowded => (unavailable, 4, "Too many connections"),
            Self::CrowdedAddress => {
                (StatusCode::TOO_MANY_REQUESTS, 4, "Too many connections from this address")
            }
            Self::Closing => (unavailable, 4, "The server is stopping"),
            Self::TimedOut => (unavailable, 4, "The handshake took too long"),
            Self::Refused(refusal) => (refusal.status, refusal.code, &refusal.message),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, 3, "Internal error"),
        }
    }

    pub(super) fn into_response(self) -> Response<Full<Bytes>> {
        let (status, code, message) = self.parts();
        let body = serde_json::json!({ "code": code, "message": message }).to_string();
        let mut response = Response::new(Full::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self {
            Self::WebSocketVersion => {
                headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
            }
            Self::Crowded | Self::CrowdedAddress | Self::Closing | Self::TimedOut => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            }
            _ => {}
        }
        response
    }
}

impl From<NoPlace> for Problem {
    fn from(reason: NoPlace) -> Self {
        match reason {
            NoPlace::InAll => Self::Crowded,
            NoPlace::ForAddress => Self::CrowdedAddress,
        }
    }
}

impl From<UpgradeError> for Problem {
    fn from(error: UpgradeError) -> Self {
        match error {
            UpgradeError::NotAnUpgrade => Self::BadRequest("Bad request"),
            UpgradeError::Version => Self::WebSocketVersion,
        }
    }
}
