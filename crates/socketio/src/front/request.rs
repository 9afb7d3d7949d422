//! One HTTP request: what it asks for, who may make it, and the answer.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use http::header::{self, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::upgrade::OnUpgrade;
use tokio::sync::oneshot;

use crate::DisconnectReason;
use crate::body::RequestBody;
use crate::command::{Command, Opening, OpeningTransport, Posted};
use crate::frame::Frame;
use crate::id::{Address, SessionId};
use crate::link::{Link, Protocol, Shared};
use crate::places::Place;
use crate::sessions::Found;
use crate::wire::handshake::{Query, Transport, accept_key};
use crate::wire::payload;

use super::Front;
use super::problem::Problem;

type Answer = Result<Response<Full<Bytes>>, Problem>;

impl<P: Protocol> Front<P> {
    pub(super) async fn answer<B: RequestBody>(&self, mut req: Request<B>, peer: IpAddr) -> Answer {
        if req.method() == Method::OPTIONS {
            return Ok(options());
        }
        let upgrade = hyper::upgrade::on(&mut req);
        let (parts, body) = req.into_parts();
        let query = Query::parse(parts.uri.query().unwrap_or(""));
        let transport = query.transport.ok_or(Problem::UnknownTransport)?;
        if query.version != Some("4") {
            return Err(Problem::UnsupportedVersion);
        }
        match (query.sid, transport) {
            (None, _) if parts.method != Method::GET => Err(Problem::BadMethod),
            (None, Transport::Polling) => self.open_polling(&parts, peer).await,
            (None, Transport::WebSocket) => self.open_websocket(&parts, peer, upgrade).await,
            (Some(sid), transport) => {
                let Found { link, has_upgraded } = self.find(sid, &parts)?;
                match (transport, &parts.method) {
                    (Transport::WebSocket, &Method::GET) if has_upgraded => {
                        self.turn_away_second(&parts, peer, upgrade)
                    }
                    _ if has_upgraded => Err(Problem::UnknownSession),
                    (Transport::WebSocket, &Method::GET) => self.probe(&link, &parts, upgrade),
                    (Transport::Polling, &Method::GET) => poll(&link).await,
                    (Transport::Polling, &Method::POST) => post(&link, body).await,
                    _ => Err(Problem::BadRequest("Bad request")),
                }
            }
        }
    }

    /// The session of a request, if it comes from the client that opened it.
    fn find(&self, sid: &str, parts: &Parts) -> Result<Found<Link<P>>, Problem> {
        let found = SessionId::parse(sid)
            .and_then(|sid| self.shared.sessions.find(sid))
            .ok_or(Problem::UnknownSession)?;
        if self.shared.protocol.same_client(&found.link.session, parts) {
            Ok(found)
        } else {
            // The same answer as for an unknown session: somebody who guesses ids learns nothing.
            Err(Problem::UnknownSession)
        }
    }

    /// Takes a place and asks the host.
    async fn admit(&self, parts: &Parts, peer: IpAddr) -> Result<(Arc<Link<P>>, Place), Problem> {
        if self.shared.closing.load(Ordering::Acquire) || *self.shared.hub.died.borrow() {
            return Err(Problem::Closing);
        }
        let place = self.shared.places.take(peer)?;
        let handshake = self.shared.protocol.handshake(parts, peer);
        let limit = self.shared.config().handshake_timeout;
        let session = tokio::time::timeout(limit, handshake)
            .await
            .map_err(|_| Problem::TimedOut)?
            .map_err(Problem::Refused)?;
        let sid = SessionId::new().map_err(|error| {
            tracing::error!(%error, "no randomness for a session id");
            Problem::Internal
        })?;
        Ok((Link::new(Arc::clone(&self.shared), session, sid), place))
    }

    async fn open_polling(&self, parts: &Parts, peer: IpAddr) -> Answer {
        let (link, place) = self.admit(parts, peer).await?;
        if !self.shared.sessions.list(link.sid, &link) {
            return Err(Problem::Crowded);
        }
        let (reply, answer) = oneshot::channel();
        let opening = Opening {
            upper: Arc::clone(&link) as _,
            hello: Some(hello(&link, r#"["websocket"]"#)),
            place: Some(place),
            transport: OpeningTransport::Polling { reply },
            joins: self.joins,
        };
        self.shared.hub.to(self.next_shard(), Command::Open(Box::new(opening)));
        match answer.await {
            Ok(packets) => Ok(text(packets)),
            Err(_) => {
                self.shared.sessions.unlist(link.sid);
                Err(Problem::Closing)
            }
        }
    }

    async fn open_websocket(&self, parts: &Parts, peer: IpAddr, upgrade: OnUpgrade) -> Answer {
        let accept = accept_key(&parts.headers)?;
        let (link, place) = self.admit(parts, peer).await?;
        let (hello, joins, shard) = (hello(&link, "[]"), self.joins, self.next_shard());
        self.hand_over(upgrade, shard, move |stream, early| Opening {
            upper: link,
            hello: Some(hello),
            place: Some(place),
            transport: OpeningTransport::WebSocket { stream, early },
            joins,
        });
        Ok(switching(&accept))
    }

    /// Answers a WebSocket for a session that has one already. It is accepted and closed, as the
    /// reference server does: clients handle a close better than an answer that is no upgrade.
    fn turn_away_second(&self, parts: &Parts, peer: IpAddr, upgrade: OnUpgrade) -> Answer {
        let accept = accept_key(&parts.headers)?;
        let place = self.shared.places.take(peer)?;
        self.turn_away(upgrade, place);
        Ok(switching(&accept))
    }

    /// Answers a WebSocket that is to take over from a polling session.
    fn probe(&self, link: &Arc<Link<P>>, parts: &Parts, upgrade: OnUpgrade) -> Answer {
        let accept = accept_key(&parts.headers)?;
        let target = link.address().ok_or(Problem::UnknownSession)?;
        let link = Arc::clone(link);
        self.hand_over(upgrade, target.shard, move |stream, early| Opening {
            upper: link,
            hello: None,
            place: None,
            transport: OpeningTransport::Probe { stream, early, target },
            joins: false,
        });
        Ok(switching(&accept))
    }
}

/// The open packet.
fn hello<P: Protocol>(link: &Link<P>, upgrades: &str) -> Frame {
    let config = link.shared.config();
    Frame::text(&format!(
        r#"0{{"sid":"{}","upgrades":{upgrades},"pingInterval":{},"pingTimeout":{},"maxPayload":{}}}"#,
        link.sid,
        config.ping_interval.as_millis(),
        config.ping_timeout.as_millis(),
        config.max_payload_bytes,
    ))
}

/// Waits for packets.
async fn poll<P: Protocol>(link: &Arc<Link<P>>) -> Answer {
    let at = link.address().ok_or(Problem::UnknownSession)?;
    let (reply, answer) = oneshot::channel();
    link.shared.hub.to(at.shard, Command::Poll { at, reply });
    let mut guard = PollGuard { shared: &link.shared, at: Some(at) };
    let answer = answer.await;
    guard.at = None;
    match answer {
        Ok(packets) => Ok(text(packets)),
        Err(_) => Err(Problem::UnknownSession),
    }
}

/// Tells the shard when the client of a poll goes away. Otherwise packets could be lost in an answer
/// that nobody reads.
struct PollGuard<'a, P: Protocol> {
    shared: &'a Shared<P>,
    at: Option<Address>,
}

impl<P: Protocol> Drop for PollGuard<'_, P> {
    fn drop(&mut self) {
        if let Some(at) = self.at {
            self.shared.hub.to(at.shard, Command::PollGone { at });
        }
    }
}

/// The right to post to a session. One request has it at a time, so that a session holds one body.
struct PostGuard<'a, P: Protocol>(&'a Link<P>);

impl<'a, P: Protocol> PostGuard<'a, P> {
    fn take(link: &'a Link<P>) -> Option<Self> {
        (!link.is_posting.swap(true, Ordering::AcqRel)).then_some(Self(link))
    }
}

impl<P: Protocol> Drop for PostGuard<'_, P> {
    fn drop(&mut self) {
        self.0.is_posting.store(false, Ordering::Release);
    }
}

/// Takes packets. A second post beside one that is under way ends the session, as a second poll
/// does, because the order of the packets would not be known.
async fn post<P: Protocol, B: RequestBody>(link: &Arc<Link<P>>, body: B) -> Answer {
    let Some(_guard) = PostGuard::take(link) else {
        link.close(DisconnectReason::ParseError);
        return Err(Problem::BadRequest("Another post is under way"));
    };
    let config = link.shared.config();
    let limit = match P::has_joined(link) {
        true => config.max_payload_bytes,
        false => config.max_payload_bytes.min(config.max_unjoined_payload_bytes),
    };
    let collect = Limited::new(body, limit).collect();
    let body = match tokio::time::timeout(config.ping_timeout, collect).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            link.close(DisconnectReason::TooLarge);
            return Err(Problem::TooLarge);
        }
        Ok(Err(_)) | Err(_) => return Err(Problem::BadRequest("The body did not arrive")),
    };
    let records = std::str::from_utf8(&body).ok().and_then(|body| payload::decode(body).ok());
    let Some(records) = records else {
        link.close(DisconnectReason::ParseError);
        return Err(Problem::BadRequest("Malformed payload"));
    };
    let at = link.address().ok_or(Problem::UnknownSession)?;
    let (reply, answer) = oneshot::channel();
    link.shared.hub.to(at.shard, Command::Post { at, records, reply });
    match answer.await {
        Ok(Posted::Taken) => Ok(text("ok".to_owned())),
        Ok(Posted::Refused) => Err(Problem::BadRequest("Malformed packet")),
        Err(_) => Err(Problem::UnknownSession),
    }
}

fn text(body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=UTF-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn options() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, POST, OPTIONS"));
    response
}

fn switching(accept: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    let Ok(accept) = HeaderValue::from_str(accept) else {
        return Problem::Internal.into_response();
    };
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    response
}
