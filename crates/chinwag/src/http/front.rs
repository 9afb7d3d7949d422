//! What every request passes: who asks and from where, whether that page may ask, and the headers
//! that every answer carries.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::admission::{admit, follow, weigh};
use super::app::App;
use super::client_address::{Peer, client_address};
use super::hosts::RequestedHost;
use super::language::AnswerLanguage;
use super::origin;
use super::pages::fault::{self, PageRequest};
use super::problem::{Fault, TurnedAway, note, render};
use super::route_class::{has_its_own_times, is_socket};
use super::site::Site;
use super::visitor::visitor;

/// Half a year.
const STAY_HTTPS: HeaderValue = HeaderValue::from_static("max-age=15552000");

/// Checks a request before its handler, and completes its answer after.
pub(super) async fn front(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let visitor = visitor(&app.site, &request);
    let answer_language = AnswerLanguage::of_browser(visitor.browser_language);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let guarded = origin::changes_state(&method) || is_socket(&path);
    let host = app.site.requested_host(request.uri(), request.headers());
    let stays_https = app.site.stays_https(request.headers());
    let own = origin::is_own(request.headers(), app.site.public_url.as_deref());
    let address = visitor.address;
    let is_known = matches!(host, RequestedHost::Known);
    if is_known && guarded && !own {
        origin::tell_of_lost_port(request.headers());
    }
    let page_request = PageRequest::of(&request);
    let connection = request.extensions().get::<Peer>().map(|peer| Arc::clone(&peer.connection));
    let admitted = match (host, client_address(&app.site, &request)) {
        (RequestedHost::Unclear, _) => Err(Fault::TurnedAway(TurnedAway::UnclearHost)),
        (RequestedHost::Unknown(name), _) => Err(Fault::TurnedAway(TurnedAway::UnknownHost(name))),
        (RequestedHost::Known, _) if guarded && !own => Err(Fault::CrossSite),
        (RequestedHost::Known, Err(unreadable)) => Err(unreadable.into()),
        (RequestedHost::Known, Ok(_)) => {
            admit(&app, &mut request, &visitor, connection.as_ref()).await
        }
    };
    request.extensions_mut().insert(visitor);
    request.extensions_mut().insert(answer_language.clone());
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
        response = match page_request {
            Some(page) => fault::answer(&app, &fault, &page, answer_language.language(), response),
            None => render(&fault, answer_language.language(), response),
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

/// The answer, with a deadline if it has one: a body that arrives byte by byte would hold its
/// request for ever.
async fn answer(site: &Site, in_time: bool, next: impl Future<Output = Response>) -> Response {
    if !in_time {
        return next.await;
    }
    match tokio::time::timeout(site.upload_stall * 2, next).await {
        Ok(response) => response,
        Err(_) => Fault::TooSlow.into_response(),
    }
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
    // What a person sees is theirs alone: no cache on the way may keep it, unless the answer says
    // so.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
