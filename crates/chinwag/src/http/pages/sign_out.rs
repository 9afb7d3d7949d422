//! Logging out by a link or a form.

use std::sync::Arc;

use askama::Template as _;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::address::redirect;
use super::base::PageBase;
use super::views::SignOutPage;
use crate::chat::Actor;
use crate::http::app::App;
use crate::http::extract::{Query, Visit};
use crate::http::origin::Meant;
use crate::http::problem::Fault;
use crate::http::sessions::clear_cookie;
use crate::http::{flash, origin};
use crate::wire::state::Page;
use crate::words::{FlashText, words};

/// The query of the link.
#[derive(Deserialize)]
pub(in crate::http) struct LogoutQuery {
    /// Set when the question is wanted.
    ask: Option<String>,
}

/// `GET /logout`: asks a browser first, because anybody can post a link to here in a message; logs
/// a program out at once.
pub(in crate::http) async fn logout_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(query): Query<LogoutQuery>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let meant = origin::is_meant(&headers, app.site.public_url.as_deref());
    let asks = meant == Meant::Unsure || query.ask.is_some() || origin::is_browser(&headers);
    match &visit.actor {
        _ if meant == Meant::No => Ok(redirect("/")),
        Some(actor) if asks => ask(&app, &visit, actor, &headers).await,
        _ => leave(&app, &visit, &headers, false).await,
    }
}

/// The answer to the question.
#[derive(Default, Deserialize)]
pub(in crate::http) struct LogoutForm {
    /// Set when the browser is to be forgotten.
    forget: Option<String>,
}

/// `POST /logout`
pub(in crate::http) async fn logout(
    State(app): State<Arc<App>>,
    visit: Visit,
    headers: HeaderMap,
    form: Result<Form<LogoutForm>, FormRejection>,
) -> Result<Response, Fault> {
    // A client of the classic interface posts no form at all.
    let form = form.map(|Form(form)| form).unwrap_or_default();
    leave(&app, &visit, &headers, form.forget.is_some()).await
}

async fn leave(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    forget: bool,
) -> Result<Response, Fault> {
    let told = match &visit.actor {
        Some(actor) => {
            actor.in_person()?;
            match app.chat.sign_out(actor, forget).await {
                Ok(()) => FlashText::LoggedOut,
                Err(error) => {
                    tracing::error!(%error, "a session could not be ended");
                    FlashText::LoggedOutHere
                }
            }
        }
        None => FlashText::NotLoggedIn,
    };
    let mut response = redirect("/login");
    // Whatever became of the session, this browser does not send it again.
    clear_cookie(app, headers, response.headers_mut());
    flash::add(response.headers_mut(), &told, &app.site.jar(headers));
    Ok(response)
}

async fn ask(
    app: &App,
    visit: &Visit,
    actor: &Actor,
    headers: &HeaderMap,
) -> Result<Response, Fault> {
    let base = PageBase::new(app, visit, headers, Some(actor), Page::Settings).await?;
    let words = words(visit.language());
    let is_open = actor.account.password_hash.is_none();
    let text = match (is_open, actor.shared) {
        (false, _) => words.log_out_text,
        (true, false) => words.log_out_text_open,
        (true, true) => words.log_out_text_lost,
    };
    let frame = base.plain_frame(app, words.log_out.to_owned());
    let page = SignOutPage { frame, text, may_forget: is_open && !actor.shared };
    base.answer(headers, page.render())
}
