//! Signing in and out by forms.

use std::sync::Arc;

use askama::Template as _;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::address::{bad_form, own_path, redirect};
use super::draft::{PageDraft, refuse};
use super::views::SignInPage;
use crate::chat;
use crate::http::extract::{Asked, Guest};
use crate::http::problem::{Fault, explanation};
use crate::http::router::App;
use crate::http::sessions::{clear_cookie, request, set_cookies};
use crate::http::{flash, origin};
use crate::wire::state::Page;
use crate::words::{FlashText, words};

/// Where to go after signing in.
#[derive(Deserialize)]
pub(in crate::http) struct NextQuery {
    next: Option<String>,
}

/// `GET /login`
pub(in crate::http) async fn login_page(
    State(app): State<Arc<App>>,
    guest: Guest,
    Asked(query): Asked<NextQuery>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    if guest.actor.is_some() {
        return Ok(redirect("/"));
    }
    let next = query.next.as_deref().and_then(own_path);
    sign_in_page(&app, &guest, &headers, SignInForm { next, ..SignInForm::default() }).await
}

/// The origin's form, and a password where one is needed.
#[derive(Deserialize)]
pub(in crate::http) struct LoginForm {
    #[serde(rename = "displayName", default)]
    display_name: String,
    password: Option<String>,
    next: Option<String>,
}

/// `POST /login`
pub(in crate::http) async fn login(
    State(app): State<Arc<App>>,
    guest: Guest,
    headers: HeaderMap,
    form: Result<Form<LoginForm>, FormRejection>,
) -> Result<Response, Fault> {
    let Form(form) = form.map_err(bad_form)?;
    let next = form.next.as_deref().and_then(own_path);
    let wanted = request(&guest.visitor, &headers, form.display_name.clone(), form.password);
    match app.chat.sign_in(wanted).await {
        Ok(signed_in) => {
            let mut response = redirect(next.unwrap_or("/"));
            set_cookies(&app, &signed_in, &headers, response.headers_mut());
            if signed_in.created {
                let created = FlashText::NameCreated(signed_in.actor.account.user.name.clone());
                flash::add(response.headers_mut(), &created, app.site.is_secure(&headers));
            }
            Ok(response)
        }
        Err(error @ chat::Error::Refused(_)) => {
            let told = explanation(&Fault::Chat(error), guest.language());
            let shown = SignInForm { name: &form.display_name, next, error: Some(&told.detail) };
            let mut response = sign_in_page(&app, &guest, &headers, shown).await?;
            refuse(&mut response, &told);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// What the sign-in form shows.
#[derive(Default)]
struct SignInForm<'a> {
    name: &'a str,
    next: Option<&'a str>,
    error: Option<&'a str>,
}

async fn sign_in_page(
    app: &App,
    guest: &Guest,
    headers: &HeaderMap,
    form: SignInForm<'_>,
) -> Result<Response, Fault> {
    let page = Page::SignIn { next: form.next.map(str::to_owned) };
    let draft = PageDraft::new(app, guest, headers, None, page).await?;
    let frame = draft.frame(app, words(guest.language()).sign_in.to_owned());
    let SignInForm { name, next, error } = form;
    draft.answer(headers, SignInPage { frame, name, next, error }.render())
}

/// `GET /logout` and `POST /logout`
pub(in crate::http) async fn logout(
    State(app): State<Arc<App>>,
    guest: Guest,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    if !origin::is_navigation(&headers, app.site.public_url.as_deref())
        && !origin::is_own(&headers, app.site.public_url.as_deref())
    {
        return Ok(redirect("/"));
    }
    let mut response = redirect("/login");
    let told = match &guest.actor {
        Some(actor) => {
            app.chat.sign_out(actor).await?;
            clear_cookie(&app, &headers, response.headers_mut());
            FlashText::LoggedOut
        }
        None => FlashText::NotLoggedIn,
    };
    flash::add(response.headers_mut(), &told, app.site.is_secure(&headers));
    Ok(response)
}
