//! The form that opens a direct conversation, for browsers without script.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::address::{bad_form, href_of, redirect, to_login};
use super::base::answered;
use crate::chat::{self, Actor};
use crate::http::app::App;
use crate::http::extract::Visit;
use crate::http::problem::Fault;
use crate::model::direct::MAX_PEOPLE;
use crate::model::refusal::{Noun, Refusal};

/// The form.
#[derive(Deserialize)]
pub(in crate::http) struct Names {
    /// The names of the others, one on each line; none for notes to oneself.
    #[serde(default)]
    names: String,
}

/// `POST /direct`
pub(in crate::http) async fn open(
    State(app): State<Arc<App>>,
    visit: Visit,
    headers: HeaderMap,
    form: Result<Form<Names>, FormRejection>,
) -> Result<Response, Fault> {
    let Some(actor) = &visit.actor else { return Ok(to_login(&app, &headers, "/channels")) };
    let Form(form) = form.map_err(bad_form)?;
    match opened(&app, actor, &form.names).await {
        Ok(href) => Ok(redirect(&href)),
        Err(error) => answered(&app, &visit, &headers, "/channels", Err(error)).await,
    }
}

/// Opens the conversation with these people; returns its address.
async fn opened(app: &App, actor: &Actor, names: &str) -> chat::Result<String> {
    let names: Vec<&str> = names.lines().map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.len() > MAX_PEOPLE {
        return Err(Refusal::TooManyOf { noun: Noun::User, max: MAX_PEOPLE }.into());
    }
    let mut people = Vec::with_capacity(names.len());
    for name in names {
        people.push(app.chat.person_named(actor, name).await?.id);
    }
    Ok(href_of(&app.chat.open_direct(actor, &people).await?.channel))
}
