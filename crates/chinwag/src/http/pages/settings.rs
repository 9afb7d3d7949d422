//! The settings. Without script they are one form, which changes one's own name.

use std::sync::Arc;

use askama::Template as _;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::address::{bad_form, redirect, to_login};
use super::base::{PageBase, refuse};
use super::views::SettingsPage;
use crate::chat::{self, Actor};
use crate::http::app::App;
use crate::http::extract::Visit;
use crate::http::flash;
use crate::http::problem::{Fault, explanation};
use crate::wire::state::Page;
use crate::words::{FlashText, words};

/// `GET /settings`
pub(in crate::http) async fn settings_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let Some(actor) = &visit.actor else { return Ok(to_login(&app, &headers, "/settings")) };
    show(&app, &visit, actor, &headers, &actor.account.user.name, None).await
}

/// The form.
#[derive(Deserialize)]
pub(in crate::http) struct NameForm {
    #[serde(rename = "displayName", default)]
    display_name: String,
}

/// `POST /settings`
pub(in crate::http) async fn rename(
    State(app): State<Arc<App>>,
    visit: Visit,
    headers: HeaderMap,
    form: Result<Form<NameForm>, FormRejection>,
) -> Result<Response, Fault> {
    let Some(actor) = &visit.actor else { return Ok(to_login(&app, &headers, "/settings")) };
    let Form(form) = form.map_err(bad_form)?;
    match app.chat.rename(actor, &form.display_name).await {
        Ok(account) => {
            let mut response = redirect("/settings");
            let renamed = FlashText::NameChanged(account.user.name);
            flash::add(response.headers_mut(), &renamed, &app.site.jar(&headers));
            Ok(response)
        }
        Err(error @ chat::Error::Refused(_)) => {
            let told = explanation(&Fault::Chat(error), visit.language());
            let name = &form.display_name;
            let page = show(&app, &visit, actor, &headers, name, Some(&told.detail)).await;
            let mut response = page?;
            refuse(&mut response, &told);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// The form with a name in it, and with a sentence that says what was wrong.
async fn show(
    app: &App,
    visit: &Visit,
    actor: &Actor,
    headers: &HeaderMap,
    name: &str,
    error: Option<&str>,
) -> Result<Response, Fault> {
    let base = PageBase::new(app, visit, headers, Some(actor), Page::Settings).await?;
    let frame = base.frame(app, words(visit.language()).settings.to_owned());
    base.answer(headers, SettingsPage { frame, name, error }.render())
}
