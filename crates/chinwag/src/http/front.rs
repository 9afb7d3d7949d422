//! What every request passes: who is asking and from where, whether that page may ask, and the
//! headers that every answer carries.

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http_body_util::Full;

use super::admission::{admit, follow, weigh};
use super::connections::Connection;
use super::cookies::{self, Kind};
use super::hosts;
use super::origin;
use super::pages::fault;
use super::pages::posting::is_multipart;
use super::problem::{Fault, Turned, note, render};
use super::router::{App, Site};
use crate::chat::Visitor;
use crate::model::addresses::block;
use crate::model::users::Language;
use crate::secrets::Secret;

/// Characters of a header that the log shows.
const MOST_LOGGED: usize = 100;

/// Where a request came in.
#[derive(Clone)]
pub(super) struct Peer {
    /// The other end of the connection.
    pub address: SocketAddr,
    /// The connection's place.
    pub connection: Arc<Connection>,
}

/// The language of the answer: what the browser asks for, until somebody is found who chose one.
#[derive(Clone)]
pub(super) struct Speech {
    asked: Language,
    chosen: Arc<OnceLock<Language>>,
}

impl Speech {
    /// The language to answer in.
    pub(super) fn language(&self) -> Language {
        self.chosen.get().copied().unwrap_or(self.asked)
    }

    /// Somebody was found who chose this one.
    pub(super) fn choose(&self, language: Language) {
        let _ = self.chosen.set(language);
    }
}

/// What answers everything under `/socket.io/`.
pub type SocketDoor = Arc<
    dyn Fn(
            Request,
            IpAddr,
        ) -> Pin<Box<dyn Future<Output = axum::http::Response<Full<Bytes>>> + Send>>
        + Send
        + Sync,
>;

/// For half a year.
const STAY_HTTPS: HeaderValue = HeaderValue::from_static("max-age=15552000");

/// Looks at a request before anything else does, and at its answer after.
pub(super) async fn front(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let visitor = visitor(&app.site, &request);
    let speech = Speech { asked: visitor.asked, chosen: Arc::default() };
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let guarded = origin::changes_state(&method) || is_socket(&path);
    let host = app.site.asked_host(request.uri(), request.headers());
    let stays_https = app.site.stays_https(request.headers());
    let own = origin::is_own(request.headers(), app.site.public_url.as_deref());
    let address = visitor.address;
    let is_known = matches!(host, hosts::Asked::Known);
    if is_known && guarded && !own {
        origin::tell_of_lost_port(request.headers());
    }
    let asked = fault::Asked::of(&request);
    let connection = request.extensions().get::<Peer>().map(|peer| Arc::clone(&peer.connection));
    let admitted = match (host, client_address(&app.site, &request)) {
        (hosts::Asked::Unclear, _) => Err(Fault::Turned(Turned::UnclearHost)),
        (hosts::Asked::Unknown(name), _) => Err(Fault::Turned(Turned::UnknownHost(name))),
        (hosts::Asked::Known, _) if guarded && !own => Err(Fault::CrossSite),
        (hosts::Asked::Known, Err(unreadable)) => Err(unreadable.into()),
        (hosts::Asked::Known, Ok(_)) => {
            admit(&app, &mut request, &visitor, connection.as_ref()).await
        }
    };
    request.extensions_mut().insert(visitor);
    request.extensions_mut().insert(speech.clone());
    let in_time = !has_its_own_times(&path, request.headers());
    let mut response = match admitted {
        Err(fault) => fault.into_response(),
        Ok(admitted) => admitted.settle(answer(&app.site, in_time, next.run(request)).await),
    };
    if let Some(Err(fault)) = connection.as_ref().map(|connection| weigh(&response, connection)) {
        response = fault.into_response();
    }
    if let Some(fault) = response.extensions_mut().remove::<Fault>() {
        note(&fault);
        response = match asked {
            Some(asked) => fault::answer(&app, &fault, &asked, speech.language(), response),
            None => render(&fault, speech.language(), response),
        };
    }
    add_headers(response.headers_mut(), &app.policy);
    if stays_https {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, STAY_HTTPS);
    }
    let (status, took) = (response.status().as_u16(), started.elapsed());
    tracing::debug!(%method, path, status, %address, took_us = took.as_micros(), "request");
    follow(response, &method, connection.as_ref())
}

/// Whether a path leads to the Socket.IO server, with a slash at its end or without.
pub(super) fn is_socket(path: &str) -> bool {
    path.strip_prefix("/socket.io").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a request is ended by a rule of its own when it dribbles: uploads, which are streamed, and
/// sockets.
fn has_its_own_times(path: &str, headers: &HeaderMap) -> bool {
    is_streamed(path, headers) || is_socket(path)
}

/// Whether a body brings files, and is never held in memory.
pub(super) fn is_streamed(path: &str, headers: &HeaderMap) -> bool {
    let brings_files = path.starts_with("/channel/") && is_multipart(headers);
    brings_files || path.starts_with("/api/uploads")
}

/// The answer, in its time if it has one: a body that dribbles would hold its request for ever.
async fn answer(site: &Site, in_time: bool, next: impl Future<Output = Response>) -> Response {
    if !in_time {
        return next.await;
    }
    match tokio::time::timeout(site.upload_stall * 2, next).await {
        Ok(response) => response,
        Err(_) => Fault::TooSlow.into_response(),
    }
}

/// Hands a request to the Socket.IO server.
pub(super) async fn socket(State(app): State<Arc<App>>, request: Request) -> Response {
    let address = request.extensions().get::<Visitor>().map(|visitor| visitor.address);
    match address {
        // Sockets are counted by the same rule as everything else per address.
        Some(address) => (app.socket)(request, block(address)).await.into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

pub(super) fn visitor(site: &Site, request: &Request<Body>) -> Visitor {
    let headers = request.headers();
    let jar = site.jar(headers);
    let secret = |kind| jar.get(kind).and_then(Secret::parse).map(|secret| secret.hash());
    Visitor {
        session: secret(Kind::Session),
        device: secret(Kind::Device),
        bearer: bearer(headers),
        address: client_address(site, request).unwrap_or_else(|unreadable| unreadable.told_by),
        asked: asked(headers),
    }
}

/// A bearer token that does not parse is a wrong one, not none: it must not fall back to a cookie.
fn bearer(headers: &HeaderMap) -> Option<crate::model::ids::SecretHash> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().unwrap_or_default();
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let secret = Secret::parse(token.trim());
    Some(secret.map_or(crate::model::ids::SecretHash([0; 32]), |secret| secret.hash()))
}

/// What a trusted proxy says of its client is no address.
struct Unreadable {
    told_by: IpAddr,
    hop: String,
}

impl From<Unreadable> for Fault {
    /// Refused, because all whom the proxy tells of so would share one limit. It is the operator's to
    /// mend, so the log says it too.
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

/// The client's address: told by proxies that are trusted, from the last one backwards.
fn client_address(site: &Site, request: &Request<Body>) -> Result<IpAddr, Unreadable> {
    let headers = request.headers();
    let peer = request.extensions().get::<Peer>();
    let peer = peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.address.ip().to_canonical());
    let mut address = peer;
    // What is no text is no address either.
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

/// The language that a browser asks for: the cookie of the sign-in page, else `Accept-Language`
/// (RFC 9110, 12.5.4), of which only the order of Chinese and the rest matters.
fn asked(headers: &HeaderMap) -> Language {
    match cookies::get(headers, cookies::LANGUAGE) {
        Some("zh") => return Language::Chinese,
        Some("en") => return Language::English,
        _ => {}
    }
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let mut best = (Language::English, 0.0);
    for range in accepted.unwrap_or_default().split(',').take(16) {
        let mut parts = range.split(';');
        let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok());
        let weight = weight.unwrap_or(1.0);
        let language = match tag.split('-').next() {
            Some("zh") => Language::Chinese,
            Some("en") => Language::English,
            _ => continue,
        };
        if weight > best.1 {
            best = (language, weight);
        }
    }
    best.0
}

fn add_headers(headers: &mut HeaderMap, policy: &HeaderValue) {
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| policy.clone());
    let always: [(HeaderName, &'static str); 5] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in always {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    // What a person sees is hers: no cache between here and her may keep it, unless it says so.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, Language, asked, hop_address};

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

    #[test]
    fn the_language_follows_the_browser() {
        let cases = [
            ("", Language::English),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
            ("en-GB,en;q=0.9,zh;q=0.8", Language::English),
            ("de,fr;q=0.9", Language::English),
            ("de,zh-Hant;q=0.5,en;q=0.1", Language::Chinese),
            (";;;,q=,zh;q=x", Language::Chinese),
        ];
        for (accepted, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert("accept-language", accepted.parse().unwrap());
            assert_eq!(asked(&headers), expected, "{accepted}");
        }
    }
}
