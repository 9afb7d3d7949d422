//! Signing in and out over REST, and the list of sessions.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::cookies;
use super::extract::{Body, Guest, In, Signed};
use super::problem::Fault;
use super::router::App;
use super::user_agent;
use crate::chat::{self, Credential, SignedIn, Visitor};
use crate::model::ids::SessionId;
use crate::secrets::Secret;
use crate::wire::problem::Problem;
use crate::wire::sessions::{Session, Sessions, SignIn};
use crate::wire::users::Me;

/// Sign in: take a free name, or get back into a held one
#[utoipa::path(post, path = "/api/session", tag = "account", request_body = SignIn,
    responses((status = 201, body = Me, description = "Signed in; the cookies are set."),
        (status = "default", body = Problem)))]
pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    guest: Guest,
    headers: HeaderMap,
    Body(form): Body<SignIn>,
) -> Result<Response, Fault> {
    let request = request(&guest.visitor, &headers, form.name, form.password);
    let signed_in = app.chat.sign_in(request).await?;
    guest.speech.choose(signed_in.actor.language(guest.visitor.asked));
    let me = Me::from(&signed_in.actor.account);
    let mut response = (StatusCode::CREATED, Json(me)).into_response();
    set_cookies(&app, &signed_in, &headers, response.headers_mut());
    Ok(response)
}

/// What the use case needs to know of somebody who signs in.
pub(super) fn request(
    visitor: &Visitor,
    headers: &HeaderMap,
    name: String,
    password: Option<String>,
) -> chat::SignIn {
    chat::SignIn {
        name,
        password,
        device: cookies::get(headers, cookies::DEVICE).and_then(Secret::parse),
        user_agent: text(headers, header::USER_AGENT.as_str()),
        address: visitor.address,
    }
}

/// Hands somebody who signed in her session and her device key.
pub(super) fn set_cookies(app: &App, signed_in: &SignedIn, asked: &HeaderMap, to: &mut HeaderMap) {
    let secure = app.site.is_secure(asked);
    let session =
        cookies::set(cookies::SESSION, &signed_in.token.text(), app.site.session_s, secure);
    let device =
        cookies::set(cookies::DEVICE, &signed_in.device.text(), cookies::LONGEST_S, secure);
    for cookie in [session, device].into_iter().flatten() {
        to.append(header::SET_COOKIE, cookie);
    }
}

/// Takes the session cookie back; the device key stays. What the browser keeps of pages and files
/// goes too, where browsers listen to that.
pub(super) fn clear_cookie(app: &App, asked: &HeaderMap, to: &mut HeaderMap) {
    if app.site.is_secure(asked) {
        to.insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    }
    if let Some(cookie) = cookies::set(cookies::SESSION, "", 0, app.site.is_secure(asked)) {
        to.append(header::SET_COOKIE, cookie);
    }
}

/// Log out: the session ends, its sockets are closed
#[utoipa::path(delete, path = "/api/session", tag = "account",
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn sign_out(
    State(app): State<Arc<App>>,
    Signed(actor): Signed,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    app.chat.sign_out(&actor).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    clear_cookie(&app, &headers, response.headers_mut());
    Ok(response)
}

/// Signed-in browsers
#[utoipa::path(get, path = "/api/me/sessions", tag = "account",
    responses((status = 200, body = Sessions), (status = "default", body = Problem)))]
pub(super) async fn sessions(
    State(app): State<Arc<App>>,
    Signed(actor): Signed,
) -> Result<Json<Sessions>, Fault> {
    let sessions = app.chat.sessions(&actor).await?;
    let sessions = sessions.iter().map(|session| {
        let current = actor.credential == Credential::Session(session.id);
        Session::new(session, current, user_agent::describe(&session.user_agent))
    });
    Ok(Json(Sessions { sessions: sessions.collect() }))
}

/// Sign another browser out
#[utoipa::path(delete, path = "/api/me/sessions/{id}", tag = "account",
    params(("id" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn end_session(
    State(app): State<Arc<App>>,
    Signed(actor): Signed,
    In(id): In<i64>,
) -> Result<StatusCode, Fault> {
    app.chat.end_session(&actor, SessionId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}
