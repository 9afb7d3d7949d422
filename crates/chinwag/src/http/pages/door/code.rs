//! Where the short code is typed that stands on a projector.

use std::sync::Arc;

use askama::Template as _;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::views::CodeView;
use super::{Chosen, answer, frame};
use crate::chat;
use crate::http::app::App;
use crate::http::extract::{Query, Visit};
use crate::http::pages::address::{bad_form, redirect};
use crate::http::pages::base::refuse;
use crate::http::problem::{Fault, explanation};
use crate::words::{Explanation, door_words};

/// `GET /code`
pub(in crate::http) async fn code_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(chosen): Query<Chosen>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    if let Some(again) = chosen.answer("/code") {
        return Ok(again);
    }
    page(&app, &visit, &headers, "", None)
}

/// What was typed.
#[derive(Deserialize)]
pub(in crate::http) struct CodeForm {
    #[serde(default)]
    code: String,
}

/// `POST /code`: leads to the page of the invite.
pub(in crate::http) async fn open_code(
    State(app): State<Arc<App>>,
    visit: Visit,
    headers: HeaderMap,
    form: Result<Form<CodeForm>, FormRejection>,
) -> Result<Response, Fault> {
    let Form(form) = form.map_err(bad_form)?;
    match app.chat.invite_of_code(&form.code, visit.visitor.address).await {
        Ok(long) => Ok(redirect(&format!("/join/{long}"))),
        Err(error @ chat::Error::Refused(_)) => {
            let told = explanation(&Fault::Chat(error), visit.language());
            page(&app, &visit, &headers, &form.code, Some(&told))
        }
        Err(error) => Err(error.into()),
    }
}

fn page(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    typed: &str,
    told: Option<&Explanation>,
) -> Result<Response, Fault> {
    let language = visit.language();
    let frame = frame(app, language, door_words(language).code_title.to_owned());
    let view = CodeView { frame, typed, error: told.map(|told| told.detail.as_str()) };
    let mut response = answer(app, headers, view.render())?;
    if let Some(told) = told {
        refuse(&mut response, told);
    }
    Ok(response)
}
