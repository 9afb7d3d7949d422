//! A one-time sign-in link: whoever opens it sets a new password.

use std::sync::Arc;

use askama::Template as _;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::views::LinkView;
use super::{Chosen, answer, frame, notice};
use crate::chat;
use crate::http::app::App;
use crate::http::extract::{PathPart, Query, Visit};
use crate::http::flash;
use crate::http::pages::address::{bad_form, redirect};
use crate::http::pages::base::refuse;
use crate::http::problem::{Fault, explanation};
use crate::http::sessions::{Wanted, request, set_cookies};
use crate::model::refusal::Refusal;
use crate::words::{DoorText, Explanation, FlashText, door_words};

/// `GET /link/{secret}`
pub(in crate::http) async fn link_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    PathPart(secret): PathPart<String>,
    Query(chosen): Query<Chosen>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let name = match app.chat.sign_in_link(&secret).await {
        Ok((user, _)) => user.name,
        Err(chat::Error::Refused(Refusal::LinkEnded)) => return ended(&app, &visit, &headers),
        Err(error) => return Err(error.into()),
    };
    if let Some(again) = chosen.answer(&format!("/link/{secret}")) {
        return Ok(again);
    }
    page(&app, &visit, &headers, &name, None)
}

/// A new password.
#[derive(Deserialize)]
pub(in crate::http) struct LinkForm {
    #[serde(default)]
    password: String,
}

/// `POST /link/{secret}`
pub(in crate::http) async fn use_link(
    State(app): State<Arc<App>>,
    visit: Visit,
    PathPart(secret): PathPart<String>,
    headers: HeaderMap,
    form: Result<Form<LinkForm>, FormRejection>,
) -> Result<Response, Fault> {
    let Form(form) = form.map_err(bad_form)?;
    let (user, by) = match app.chat.sign_in_link(&secret).await {
        Ok(found) => found,
        Err(chat::Error::Refused(Refusal::LinkEnded)) => return ended(&app, &visit, &headers),
        Err(error) => return Err(error.into()),
    };
    let wanted = Wanted { password: Some(form.password), ..Wanted::default() };
    let wanted = request(&app, &visit.visitor, &headers, wanted);
    match app.chat.use_sign_in_link(&secret, wanted).await {
        Ok(signed_in) => {
            let mut response = redirect("/");
            set_cookies(&app, &signed_in, &headers, response.headers_mut());
            let by = by.map(|by| by.name).unwrap_or_default();
            let told = FlashText::CameByLink(by);
            flash::add(response.headers_mut(), &told, &app.site.jar(&headers));
            Ok(response)
        }
        Err(error @ chat::Error::Refused(_)) => {
            let told = explanation(&Fault::Chat(error), visit.language());
            page(&app, &visit, &headers, &user.name, Some(&told))
        }
        Err(error) => Err(error.into()),
    }
}

fn ended(app: &App, visit: &Visit, headers: &HeaderMap) -> Result<Response, Fault> {
    let (language, words) = (visit.language(), door_words(visit.language()));
    let told = explanation(&Refusal::LinkEnded.into(), language);
    let (label, button) = (("clock", words.link_ended), ("/login", words.to_sign_in));
    let mut page = notice(app, headers, language, label, &told.detail, button)?;
    *page.status_mut() = StatusCode::NOT_FOUND;
    Ok(page)
}

fn page(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    name: &str,
    told: Option<&Explanation>,
) -> Result<Response, Fault> {
    let (language, words) = (visit.language(), door_words(visit.language()));
    let text = format!("{} {}", DoorText::LinkFor { name }.text(language), words.link_text);
    let view = LinkView {
        frame: frame(app, language, words.link.to_owned()),
        heading: words.link,
        text: &text,
        name,
        error: told.map(|told| told.detail.as_str()),
    };
    let mut response = answer(app, headers, view.render())?;
    if let Some(told) = told {
        refuse(&mut response, told);
    }
    Ok(response)
}
