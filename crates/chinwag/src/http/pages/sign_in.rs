//! Signing in by a form.

use std::sync::Arc;

use askama::Template as _;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde::Deserialize;

use super::address::{bad_form, own_path, redirect};
use super::base::{PageBase, refuse};
use super::door::ended::ended_page;
use super::views::SignInPage;
use crate::chat::{self, Entered};
use crate::http::app::App;
use crate::http::extract::{Query, Visit};
use crate::http::flash;
use crate::http::problem::{Fault, explanation};
use crate::http::sessions::{Wanted, asks_for_cookies, request, set_cookies, set_waiting};
use crate::model::place::WayIn;
use crate::wire::state::Page;
use crate::words::{Explanation, FlashText, words};

/// Where to go after signing in.
#[derive(Deserialize)]
pub(in crate::http) struct NextQuery {
    next: Option<String>,
    /// Set where a guest whose visit has ended wants to sign in under another name.
    other: Option<String>,
}

/// `GET /login`; for the browser of a guest whose visit has ended, the page that says so.
pub(in crate::http) async fn login_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(query): Query<NextQuery>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    if visit.actor.is_some() {
        return Ok(redirect("/"));
    }
    let next = query.next.as_deref().and_then(own_path);
    if query.other.is_none()
        && let Some(ended) = app.chat.ended_visit(&visit.visitor).await?
    {
        return ended_page(&app, &visit, &headers, &ended, "/login?other");
    }
    sign_in_page(&app, &visit, &headers, SignInForm { next, ..SignInForm::default() }).await
}

/// The origin's form, and a password where one is needed.
#[derive(Deserialize)]
pub(in crate::http) struct LoginForm {
    #[serde(rename = "displayName", default)]
    display_name: String,
    password: Option<String>,
    next: Option<String>,
    /// Set when others use the computer too.
    shared: Option<String>,
}

/// `POST /login`
pub(in crate::http) async fn login(
    State(app): State<Arc<App>>,
    visit: Visit,
    headers: HeaderMap,
    form: Result<Form<LoginForm>, FormRejection>,
) -> Result<Response, Fault> {
    let Form(form) = form.map_err(bad_form)?;
    let next = form.next.as_deref().and_then(own_path);
    if let Some(fault) = asks_for_cookies(&app, &headers) {
        let told = explanation(&fault, visit.language());
        return refuse_sign_in(&app, &visit, &headers, &form, &told).await;
    }
    let shared = form.shared.is_some();
    let (name, password) = (form.display_name.clone(), form.password.clone());
    let wanted = Wanted { name, password, shared, ..Wanted::default() };
    let wanted = request(&app, &visit.visitor, &headers, wanted);
    match app.chat.sign_in(wanted).await {
        Ok(Entered::Waits(waits)) => {
            let mut response = redirect("/waiting");
            set_waiting(&app, &waits, &headers, response.headers_mut());
            Ok(response)
        }
        Ok(Entered::In(signed_in)) => {
            let mut response = redirect(next.unwrap_or("/"));
            set_cookies(&app, &signed_in, &headers, response.headers_mut());
            if signed_in.created {
                let created = FlashText::NameCreated(signed_in.actor.account.user.name.clone());
                flash::add(response.headers_mut(), &created, &app.site.jar(&headers));
            }
            Ok(response)
        }
        Err(error @ chat::Error::Refused(_)) => {
            let told = explanation(&Fault::Chat(error), visit.language());
            refuse_sign_in(&app, &visit, &headers, &form, &told).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The form again, with a sentence that says what was wrong.
async fn refuse_sign_in(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    form: &LoginForm,
    told: &Explanation,
) -> Result<Response, Fault> {
    let shown = SignInForm {
        name: &form.display_name,
        next: form.next.as_deref().and_then(own_path),
        error: Some(&told.detail),
        shared: form.shared.is_some(),
    };
    let mut response = sign_in_page(app, visit, headers, shown).await?;
    refuse(&mut response, told);
    Ok(response)
}

/// What the sign-in form shows.
#[derive(Default)]
struct SignInForm<'a> {
    name: &'a str,
    next: Option<&'a str>,
    error: Option<&'a str>,
    shared: bool,
}

async fn sign_in_page(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    form: SignInForm<'_>,
) -> Result<Response, Fault> {
    let page = Page::SignIn { next: form.next.map(str::to_owned) };
    let base = PageBase::new(app, visit, headers, None, page).await?;
    let words = words(visit.language());
    let frame = base.frame(app, words.sign_in.to_owned());
    let (text, codes) = match app.chat.place().way_in {
        WayIn::Open => (words.pull_up_text, false),
        WayIn::Invite => (words.by_invite, true),
        WayIn::Approval => (words.by_approval, true),
        WayIn::Closed => (words.closed_text, false),
    };
    let SignInForm { name, next, error, shared } = form;
    let page = SignInPage { frame, text, codes, name, next, error, shared };
    let mut response = base.answer(headers, page.render())?;
    // The form thus shows whether the browser keeps cookies, before a name is taken.
    let probe = app.site.jar(headers).probe();
    response.headers_mut().extend(probe.map(|probe| (header::SET_COOKIE, probe)));
    Ok(response)
}
