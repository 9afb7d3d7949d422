//! Signing in and out over REST, and the list of sessions.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::app::App;
use super::cookies::{Kind, LONGEST_S};
use super::extract::{Body, PathPart, Query, Visit};
use super::header_text::text;
use super::problem::{Fault, TurnedAway};
use super::{origin, user_agent};
use crate::chat::{self, Actor, Credential, Entered, SignedIn, Visitor, Waits};
use crate::model::ids::SessionId;
use crate::model::place::WAITING_MS;
use crate::model::refusal::Refusal;
use crate::secrets::Secret;
use crate::wire::place::{AtTheDoor, DoorState};
use crate::wire::problem::Problem;
use crate::wire::sessions::{Session, Sessions, SignIn};
use crate::wire::users::Me;

/// Sign in: take a free name, or return to a name of one's own
#[utoipa::path(post, path = "/api/session", tag = "account", request_body = SignIn,
    responses((status = 201, body = Me, description = "Signed in; the cookies are set."),
        (status = 202, body = AtTheDoor,
            description = "The name waits at the door; the page at `/waiting` goes on by itself."),
        (status = "default", body = Problem)))]
pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    visit: Visit,
    headers: HeaderMap,
    Body(form): Body<SignIn>,
) -> Result<Response, Fault> {
    if let Some(fault) = asks_for_cookies(&app, &headers) {
        let mut refused = fault.into_response();
        let probe = app.site.jar(&headers).probe();
        refused.headers_mut().extend(probe.map(|probe| (header::SET_COOKIE, probe)));
        return Ok(refused);
    }
    let wanted = Wanted {
        name: form.name,
        password: form.password,
        shared: form.shared,
        invite: form.invite,
        says: form.says,
    };
    let signed_in = match app.chat.sign_in(request(&app, &visit.visitor, &headers, wanted)).await? {
        Entered::In(signed_in) => signed_in,
        Entered::Waits(waits) => {
            let state = DoorState::Waits;
            let told = AtTheDoor { state, name: waits.name.clone() };
            let mut response = (StatusCode::ACCEPTED, Json(told)).into_response();
            set_waiting(&app, &waits, &headers, response.headers_mut());
            return Ok(response);
        }
    };
    visit.answer_language.choose(signed_in.actor.language(visit.visitor.browser_language));
    let me = Me::from(&signed_in.actor.account);
    let mut response = (StatusCode::CREATED, Json(me)).into_response();
    set_cookies(&app, &signed_in, &headers, response.headers_mut());
    Ok(response)
}

/// The fault for a browser that has not shown that it keeps cookies; it is answered before a name
/// is taken that the browser could not keep. The answer sets a probe cookie, so the same request
/// succeeds when it is sent again. Programs are not asked, because they keep what they want.
pub(super) fn asks_for_cookies(app: &App, headers: &HeaderMap) -> Option<Fault> {
    if app.site.jar(headers).is_kept() || !origin::is_browser(headers) {
        return None;
    }
    let is_lost = app.site.https && origin::is_from_http(headers);
    let open = app.site.public_url.clone().filter(|_| is_lost);
    Some(Fault::TurnedAway(TurnedAway::NoCookies(open)))
}

/// What somebody says who wants to come in.
#[derive(Default)]
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) password: Option<String>,
    /// Whether others use the computer too.
    pub(super) shared: bool,
    /// The code of the invite that they come by.
    pub(super) invite: Option<String>,
    /// What they say at the door.
    pub(super) says: String,
}

/// What the use case needs to know of a sign-in.
pub(super) fn request(
    app: &App,
    visitor: &Visitor,
    headers: &HeaderMap,
    wanted: Wanted,
) -> chat::SignIn {
    let jar = app.site.jar(headers);
    chat::SignIn {
        name: wanted.name,
        password: wanted.password,
        invite: wanted.invite,
        says: wanted.says,
        waiting: jar.present(Kind::Waiting).and_then(Secret::parse),
        device: jar.present(Kind::Device).and_then(Secret::parse),
        older_device: jar.older(Kind::Device).and_then(Secret::parse),
        shared: wanted.shared,
        user_agent: text(headers, header::USER_AGENT).unwrap_or_default().to_owned(),
        address: visitor.address,
    }
}

/// Sets the secret of somebody whose name waits at the door.
pub(super) fn set_waiting(
    app: &App,
    waits: &Waits,
    request_headers: &HeaderMap,
    to: &mut HeaderMap,
) {
    let jar = app.site.jar(request_headers);
    let line = jar.set(Kind::Waiting, &waits.secret.text(), Some(WAITING_MS / 1_000));
    to.extend(line.map(|line| (header::SET_COOKIE, line)));
}

/// Sets the session and the device key of somebody who signed in.
pub(super) fn set_cookies(
    app: &App,
    signed_in: &SignedIn,
    request_headers: &HeaderMap,
    to: &mut HeaderMap,
) {
    let jar = app.site.jar(request_headers);
    // A cookie of an older version, or of http, must not count again when this one is gone.
    let mut lines = jar.remove_older(Kind::Session);
    let life_s = session_life_s(app, &signed_in.actor);
    lines.extend(jar.set(Kind::Session, &signed_in.token.text(), life_s));
    if let Some(device) = &signed_in.device {
        lines.extend(jar.set(Kind::Device, &device.text(), Some(LONGEST_S)));
        lines.extend(jar.let_old_device_end());
    }
    to.extend(lines.into_iter().map(|line| (header::SET_COOKIE, line)));
}

/// How long the session cookie lives, in seconds; `None` on a computer that others use too, where
/// it ends with the browser.
pub(super) fn session_life_s(app: &App, actor: &Actor) -> Option<i64> {
    (!actor.shared).then_some(app.site.session_s)
}

/// Removes the session cookie. The device key stays, for other names that it opens. Browsers that
/// support it also drop their cache of pages and files.
pub(super) fn clear_cookie(app: &App, request_headers: &HeaderMap, to: &mut HeaderMap) {
    if app.site.is_secure(request_headers) {
        to.insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    }
    let lines = app.site.jar(request_headers).remove_session();
    to.extend(lines.into_iter().map(|line| (header::SET_COOKIE, line)));
}

/// How to log out.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SignOutQuery {
    /// Whether the browser is forgotten, so that it does not return by the name alone. With a
    /// password that is always so; without one nobody can return to the name.
    #[serde(default)]
    forget: bool,
}

/// Log out: the session ends, and its sockets are closed
#[utoipa::path(delete, path = "/api/session", tag = "account", params(SignOutQuery),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn sign_out(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(query): Query<SignOutQuery>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let done = match &visit.actor {
        Some(actor) => {
            actor.in_person()?;
            app.chat.sign_out(actor, query.forget).await
        }
        None => Err(Refusal::NotSignedIn.into()),
    };
    // Whatever became of the session, this browser does not send it again.
    let mut response = match done {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => Fault::from(error).into_response(),
    };
    clear_cookie(&app, &headers, response.headers_mut());
    Ok(response)
}

/// Sessions that have not ended
#[utoipa::path(get, path = "/api/me/sessions", tag = "account",
    responses((status = 200, body = Sessions), (status = "default", body = Problem)))]
pub(super) async fn sessions(
    State(app): State<Arc<App>>,
    actor: Actor,
) -> Result<Json<Sessions>, Fault> {
    let sessions = app.chat.sessions(&actor).await?;
    let sessions = sessions.iter().map(|session| {
        let current = actor.credential == Credential::Session(session.id);
        Session::new(session, current, user_agent::describe(&session.user_agent))
    });
    Ok(Json(Sessions { sessions: sessions.collect() }))
}

/// End a session; its device is forgotten too, unless it is the one that asks
#[utoipa::path(delete, path = "/api/me/sessions/{id}", tag = "account",
    params(("id" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn end_session(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<StatusCode, Fault> {
    app.chat.end_session(&actor, SessionId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
