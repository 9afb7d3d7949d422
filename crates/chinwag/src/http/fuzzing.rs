//! Entry points for fuzzers: queries, headers and addresses as they are received.

use std::net::IpAddr;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Query;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, Response, Uri, header};
use http_body_util::BodyExt as _;
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use tower_service::Service as _;

use super::connections::ConnectionLimits;
use super::cookies::{CookieNames, Jar, Kind};
use super::header_text::text;
use super::pages::address::{channel_href, own_path};
use super::ranges::{Part, part};
use super::router::Doors;
use super::site::Site;
use super::uploads::{self, tus};
use super::{
    accounts, channels, client_address, cookies, files, flash, hosts, messages, origin, state,
    user_agent, visitor,
};
use crate::chat::Visitor;
use crate::model::ids::UploadId;
use crate::model::search::{Place, SENTENCE, marks, tokens};
use crate::model::uploads::Attachment;

/// What the server answers to a whole request.
pub async fn answer(doors: &Doors, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
    let Ok(answer) = doors.router.clone().call(request.map(Body::from)).await;
    let (head, body) = answer.into_parts();
    let body = body.collect().await.expect("an answer comes whole").to_bytes();
    Response::from_parts(head, body.to_vec())
}

/// The query of every route that reads one.
pub fn queries(text: &str) {
    let Ok(uri) = format!("/x?{text}").parse::<Uri>() else { return };
    read::<messages::MessagesQuery>(&uri);
    read::<messages::ChangesQuery>(&uri);
    read::<messages::DigestQuery>(&uri);
    read::<channels::MembersQuery>(&uri);
    read::<accounts::PeopleQuery>(&uri);
    read::<uploads::UploadQuery>(&uri);
    read::<state::StateQuery>(&uri);
    read::<super::pages::sign_in::NextQuery>(&uri);
    if let Ok(Query(parameters)) = Query::<Vec<(String, String)>>::try_from_uri(&uri) {
        searches(&parameters);
    }
}

/// What is searched for, and words: each has a place in its text, and nothing that a query could mistake.
fn searches(parameters: &[(String, String)]) {
    let Ok(query) = super::search::read(parameters) else { return };
    assert_eq!(query.asked.words.len(), query.asked.phrases.len());
    for phrase in &query.asked.phrases {
        let text = phrase.tokens().join(" ");
        assert!(!text.is_empty() && !text.contains('"'));
    }
    if let Some(place) = query.after {
        assert_eq!(Place::parse(&place.to_string()), Some(place));
    }
    for (_, text) in parameters {
        let words = tokens(text);
        let mut end = 0;
        for word in &words {
            assert!(!word.text.is_empty() && !word.text.contains([' ', '"']), "{text:?}");
            // A character may be several words.
            assert!(word.at.end >= end && text.get(word.at.clone()).is_some(), "{text:?}");
            end = word.at.end;
        }
        assert!(words.windows(2).all(|pair| pair.iter().any(|word| word.text != SENTENCE)));
        let units = text.encode_utf16().count();
        let marks = marks(text, &query.asked.phrases);
        assert!(marks.windows(2).all(|pair| pair[0].end < pair[1].start));
        assert!(marks.iter().all(|mark| mark.start < mark.end && mark.end <= units));
    }
}

fn read<T: DeserializeOwned>(uri: &Uri) {
    // A sentence says what is wrong with it.
    if let Err(rejection) = Query::<T>::try_from_uri(uri) {
        assert!(!rejection.body_text().is_empty());
    }
}

/// `name: value` lines as the headers of a request, and everything that is read from them before
/// the actor is known.
pub fn headers(lines: &str) {
    let headers = header_map(lines);
    let names = names();
    let jar = Jar::new(&names, &headers, true);
    for value in Kind::ALL.into_iter().filter_map(|kind| jar.get(kind)) {
        assert!(!value.contains(';'));
    }
    assert!(cookies::get(&headers, cookies::LANGUAGE).is_none_or(|value| !value.contains(';')));
    for line in jar.renew(Some(1)).into_iter().chain(jar.remove_session()) {
        let line = line.to_str().expect("a cookie is plain");
        assert!(
            line.contains("; Path=/; Max-Age=")
                && line.ends_with("; HttpOnly; SameSite=Lax; Secure")
        );
    }
    let _any = hosts::requested(&Uri::from_static("/"), &headers, ["chat.example"].into_iter());
    let _any = origin::is_meant(&headers, None);
    visitors(&headers);
    origins(&headers);
    if let Some(value) = jar.get(Kind::Flash)
        && let Some(told) = flash::read(value)
    {
        let set = flash::set(&told, &jar).expect("what was read can be set");
        let line = set.to_str().expect("a cookie is plain");
        let value = line.split(['=', ';']).nth(1).expect("it has a value");
        assert_eq!(flash::read(value), Some(told));
    }
    let agent = text(&headers, header::USER_AGENT);
    assert!(user_agent::describe(agent.unwrap_or_default()).len() < 40);
}

/// The visitor and the client's address: only a trusted proxy may name another address.
fn visitors(headers: &HeaderMap) {
    let trusting = IpAddr::from([0, 0, 0, 0]);
    let alone = look(headers, Vec::new());
    assert_eq!(alone.address, trusting, "nobody's word counts");
    let told = look(headers, vec![ipnet::IpNet::from(trusting)]);
    let listed = |address: IpAddr| {
        let lines = headers.get_all("x-forwarded-for").iter();
        lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).any(|hop| {
            client_address::hop_address(hop.trim()).is_some_and(|hop| hop.to_canonical() == address)
        })
    };
    assert!(told.address == trusting || listed(told.address));
    assert_eq!((told.session, told.bearer), (alone.session, alone.bearer));
    if alone.bearer.is_some() {
        assert!(headers.contains_key(header::AUTHORIZATION));
    }
}

fn look(headers: &HeaderMap, trusted_proxy: Vec<ipnet::IpNet>) -> Visitor {
    let site = Site {
        public_url: None,
        trusted_proxy,
        allowed_hosts: Vec::new(),
        cookies: names(),
        https: false,
        session_s: 1,
        upload_stall: Duration::from_secs(1),
        connections: ConnectionLimits { in_all: 1, per_address: 1, stall: Duration::from_secs(1) },
    };
    let mut request = Request::new(Body::empty());
    *request.headers_mut() = headers.clone();
    visitor::visitor(&site, &request)
}

fn names() -> CookieNames {
    CookieNames::of("0123456789abcdef")
}

/// A page of another host is always refused, whatever else it says.
fn origins(headers: &HeaderMap) {
    let own = origin::is_own(headers, None);
    assert!(own || !origin::is_navigation(headers, None), "navigation is the stricter one");
    if let (None, Some(from)) = (text(headers, "sec-fetch-site"), text(headers, "origin")) {
        let rest = from.split_once("://").map_or(from, |(_, rest)| rest);
        let authority = rest.split(['/', '?', '#']).next();
        assert!(!own || authority == text(headers, "host"), "{from} is not this site");
    }
}

/// `name: value` lines as the headers of a resumable upload; what is read of a file can be written
/// and read again.
pub fn resumable(text: &str) {
    let headers = header_map(text);
    let _ = (tus::check_version(&headers).is_ok(), tus::is_octets(&headers).is_ok());
    for name in ["upload-length", "upload-offset", "content-length"] {
        if let Ok(Some(count)) = tus::count(&headers, name) {
            let text = headers[name].to_str().expect("it was read").trim();
            assert_eq!(text.trim_start_matches('0'), count.to_string().trim_start_matches('0'));
        }
    }
    let Ok(raw) = tus::raw_metadata(&headers) else { return };
    let Ok(read) = tus::metadata(raw) else { return };
    let media_type = read.media_type.clone().unwrap_or_default();
    let again = tus::metadata(&tus::write_metadata(&read.name, &media_type)).ok();
    let expected = tus::Metadata { name: read.name, media_type: Some(media_type) };
    assert_eq!(again, Some(expected), "written and read again");
}

/// A `Range` header and, on the next line, the length of the file: the part is in the file.
pub fn range(text: &str) {
    let (header, length) = text.split_once('\n').unwrap_or((text, "10"));
    let length: u64 = length.trim().parse().unwrap_or(10);
    match part(Some(header), length) {
        Part::Whole | Part::Unsatisfiable => {}
        Part::Range(first, last) => assert!(first <= last && last < length, "{first}-{last}"),
    }
}

/// Where a browser is sent after signing in: always to this site, as browsers read addresses.
pub fn next_page(text: &str) {
    let Some(path) = own_path(text) else { return };
    assert_eq!(path, text);
    assert!(HeaderValue::from_str(path).is_ok(), "it fits into a header");
    // What browsers do first (WHATWG URL, 4.4): trim, drop tabs and line breaks, turn backslashes.
    let seen: String = path
        .trim_matches(|c: char| c <= ' ')
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .map(|c| if c == '\\' { '/' } else { c })
        .collect();
    assert!(seen.starts_with('/') && !seen.starts_with("//"), "{text:?} leaves the site");
}

/// The address of a channel is one segment that decodes to its name, or a query for a name of dots.
pub fn channel_address(name: &str) {
    let href = channel_href(name);
    assert!(href.parse::<Uri>().is_ok(), "{href}");
    if let Some(dots) = href.strip_prefix("/channels?open=") {
        assert!(matches!(dots, "." | "..") && dots == name.trim());
        return;
    }
    let segment = href.strip_prefix("/channel/").expect("it begins so");
    assert!(!segment.contains(['/', '?', '#', '\\']) && !matches!(segment, "." | ".."));
    assert_eq!(percent_decode_str(segment).decode_utf8().as_deref(), Ok(name));
}

/// The headers that deliver a file of that name and media type: it is shown inline only when it is
/// an image, and the name is not changed.
pub fn file_headers(name: &str, media_type: &str) {
    let attachment = Attachment {
        id: UploadId([0; 16]),
        name: name.to_owned(),
        size_bytes: 1,
        media_type: media_type.to_owned(),
        pixels: Some((1, 1)),
        moving: false,
        thumbnail: false,
    };
    let headers = files::headers(&attachment, false, "\"0\"");
    let text = |name: HeaderName| headers[name].to_str().expect("plain").to_owned();
    let disposition = text(header::CONTENT_DISPOSITION);
    let (kind, encoded) = disposition.split_once("; filename*=UTF-8''").expect("both parts");
    assert_eq!(percent_decode_str(encoded).decode_utf8().as_deref(), Ok(name));
    assert_eq!(kind == "inline", text(header::CONTENT_TYPE).starts_with("image/"), "{kind}");
    assert!(!text(header::CONTENT_TYPE).contains("svg"), "an image that can hold script");
}

/// At most 100 headers from `name: value` lines; lines that are no header are left out.
pub(crate) fn header_map(text: &str) -> HeaderMap {
    let pairs = text.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        let name = HeaderName::from_bytes(name.trim().as_bytes()).ok()?;
        Some((name, HeaderValue::from_str(value.trim()).ok()?))
    });
    let mut headers = HeaderMap::new();
    for (name, value) in pairs.take(100) {
        headers.append(name, value);
    }
    headers
}

/// Whether a fault is answered with a page, where a program gets a problem.
#[must_use]
pub fn asks_for_page(request: &Request<Vec<u8>>) -> bool {
    super::pages::fault::PageRequest::of(request).is_some()
}
