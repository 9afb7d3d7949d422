//! The first run: whoever opens the address that the server printed becomes the owner.

use std::sync::Arc;

use askama::Template as _;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::views::FirstView;
use super::{Chosen, answer, frame};
use crate::chat::{self, Foundation, InviteDraft};
use crate::http::app::App;
use crate::http::extract::{PathPart, Query, Visit};
use crate::http::pages::address::{bad_form, redirect};
use crate::http::pages::base::refuse;
use crate::http::problem::{Fault, explanation};
use crate::http::sessions::{Wanted, asks_for_cookies, request, set_cookies};
use crate::model::invites::Door;
use crate::model::place::WayIn;
use crate::model::refusal::{Noun, Refusal};
use crate::model::roles::Role;
use crate::words::{Explanation, door_words};

/// `GET /first/{secret}`
pub(in crate::http) async fn first_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    PathPart(secret): PathPart<String>,
    Query(chosen): Query<Chosen>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    if !app.chat.may_found(&secret) {
        return Err(Refusal::NotFound(Noun::Page).into());
    }
    if let Some(again) = chosen.answer(&format!("/first/{secret}")) {
        return Ok(again);
    }
    let name = visit.actor.as_ref().map(|actor| actor.account.user.name.clone());
    let form = FirstForm {
        place: app.chat.place().name.clone().unwrap_or_default(),
        name: name.unwrap_or_default(),
        password: String::new(),
        way_in: WayIn::Invite.code().to_owned(),
    };
    page(&app, &visit, &headers, &form, None)
}

/// The answers to the three questions.
#[derive(Deserialize)]
pub(in crate::http) struct FirstForm {
    #[serde(default)]
    place: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    way_in: String,
}

/// `POST /first/{secret}`
pub(in crate::http) async fn found(
    State(app): State<Arc<App>>,
    visit: Visit,
    PathPart(secret): PathPart<String>,
    headers: HeaderMap,
    form: Result<Form<FirstForm>, FormRejection>,
) -> Result<Response, Fault> {
    if !app.chat.may_found(&secret) {
        return Err(Refusal::NotFound(Noun::Page).into());
    }
    let Form(form) = form.map_err(bad_form)?;
    if let Some(fault) = asks_for_cookies(&app, &headers) {
        return page(&app, &visit, &headers, &form, Some(&explanation(&fault, visit.language())));
    }
    let way_in = WayIn::of_code(&form.way_in).unwrap_or(WayIn::Invite);
    let password = Some(form.password.clone());
    let wanted = Wanted { name: form.name.clone(), password, ..Wanted::default() };
    let owner = request(&app, &visit.visitor, &headers, wanted);
    let foundation = Foundation { place: form.place.clone(), way_in, owner };
    let signed_in = match app.chat.found(&secret, foundation).await {
        Ok(signed_in) => signed_in,
        Err(error @ chat::Error::Refused(_)) => {
            let told = explanation(&Fault::Chat(error), visit.language());
            return page(&app, &visit, &headers, &form, Some(&told));
        }
        Err(error) => return Err(error.into()),
    };
    // Where the address alone does not let people in, there is an invite to give out.
    let next = if way_in == WayIn::Invite {
        let draft = InviteDraft {
            label: String::new(),
            role: Role::Member,
            channels: Vec::new(),
            door: Door::Open,
            lives_ms: None,
            max_uses: None,
            visit_ms: None,
            visit_ends_at: None,
        };
        let invite = app.chat.create_invite(&signed_in.actor, draft).await?;
        format!("/invites/{}", invite.id)
    } else {
        "/invites/address".to_owned()
    };
    let mut response = redirect(&next);
    set_cookies(&app, &signed_in, &headers, response.headers_mut());
    Ok(response)
}

fn page(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    form: &FirstForm,
    told: Option<&Explanation>,
) -> Result<Response, Fault> {
    let language = visit.language();
    let mut frame = frame(app, language, door_words(language).first_title.to_owned());
    frame.script = app.shell.founding.as_deref();
    let error = told.map(|told| told.detail.as_str());
    let wrong = match told.and_then(|told| told.field) {
        Some(field @ ("place" | "name" | "password")) => field,
        // The length of a password is told of a new one.
        Some("new") => "password",
        _ => "",
    };
    let FirstForm { place, name, way_in, .. } = form;
    let view = FirstView { frame, error, wrong, place, name, way_in };
    let mut response = answer(app, headers, view.render())?;
    if let Some(told) = told {
        refuse(&mut response, told);
    }
    Ok(response)
}
