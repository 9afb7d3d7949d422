//! Who asks: the credentials of a request, as they were sent. The use cases look them up.

use axum::extract::Request;
use axum::http::{HeaderMap, header};

use super::client_address::client_address;
use super::cookies::Kind;
use super::language::browser_language;
use super::site::Site;
use crate::chat::Visitor;
use crate::model::ids::SecretHash;
use crate::secrets::Secret;

/// The visitor of a request.
pub(super) fn visitor(site: &Site, request: &Request) -> Visitor {
    let headers = request.headers();
    let jar = site.jar(headers);
    let secret = |kind| jar.get(kind).and_then(Secret::parse).map(|secret| secret.hash());
    Visitor {
        session: secret(Kind::Session),
        device: secret(Kind::Device),
        bearer: bearer(headers),
        waiting: jar.present(Kind::Waiting).and_then(Secret::parse).map(|secret| secret.hash()),
        address: client_address(site, request).unwrap_or_else(|unreadable| unreadable.told_by),
        browser_language: browser_language(headers),
    }
}

/// The token of `Authorization: Bearer`. One that does not parse counts as a wrong token, not as
/// none: the request must not be answered by its cookie.
fn bearer(headers: &HeaderMap) -> Option<SecretHash> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().unwrap_or_default();
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let secret = Secret::parse(token.trim());
    Some(secret.map_or(SecretHash([0; 32]), |secret| secret.hash()))
}
