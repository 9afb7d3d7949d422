//! The landing page of an invite.

use std::sync::Arc;

use askama::Template as _;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::views::JoinView;
use super::{Chosen, answer, frame, notice};
use crate::chat::{self, Entered};
use crate::http::app::App;
use crate::http::extract::{PathPart, Query, Visit};
use crate::http::pages::address::{bad_form, redirect};
use crate::http::pages::base::refuse;
use crate::http::problem::{Fault, explanation};
use crate::http::sessions::{Wanted, asks_for_cookies, request, set_cookies, set_waiting};
use crate::model::invites::{Door, Invitation};
use crate::model::place::WayIn;
use crate::model::refusal::Refusal;
use crate::model::roles::Role;
use crate::words::{Code, DoorText, Explanation, door_words};

/// `GET /join/{code}`
pub(in crate::http) async fn join_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    PathPart(code): PathPart<String>,
    Query(chosen): Query<Chosen>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let invitation = match open(&app, &visit, &headers, &code).await? {
        Ok(invitation) => invitation,
        Err(page) => return Ok(page),
    };
    if let Some(again) = chosen.answer(&format!("/join/{code}")) {
        return Ok(again);
    }
    // Whoever was here before comes back under their name.
    let before = app.chat.ended_visit(&visit.visitor).await?;
    let name = before.as_ref().map_or("", |before| before.name.as_str());
    page(&app, &visit, &headers, &invitation, Shown { name, ..Shown::default() })
}

/// A name for whoever comes by an invite.
#[derive(Deserialize)]
pub(in crate::http) struct JoinForm {
    #[serde(default)]
    name: String,
    /// The free name that was offered.
    instead: Option<String>,
    password: Option<String>,
    #[serde(default)]
    says: String,
}

/// `POST /join/{code}`
pub(in crate::http) async fn join(
    State(app): State<Arc<App>>,
    visit: Visit,
    PathPart(code): PathPart<String>,
    headers: HeaderMap,
    form: Result<Form<JoinForm>, FormRejection>,
) -> Result<Response, Fault> {
    let invitation = match open(&app, &visit, &headers, &code).await? {
        Ok(invitation) => invitation,
        Err(page) => return Ok(page),
    };
    if let Some(actor) = &visit.actor {
        app.chat.accept(actor, &code).await?;
        return Ok(redirect("/"));
    }
    let Form(form) = form.map_err(bad_form)?;
    let name = form.instead.unwrap_or(form.name);
    if let Some(fault) = asks_for_cookies(&app, &headers) {
        let told = explanation(&fault, visit.language());
        let shown = Shown { name: &name, told: Some(&told), ..Shown::default() };
        return page(&app, &visit, &headers, &invitation, shown);
    }
    let wanted = Wanted {
        name: name.clone(),
        password: form.password,
        invite: Some(code),
        says: form.says,
        ..Wanted::default()
    };
    match app.chat.sign_in(request(&app, &visit.visitor, &headers, wanted)).await {
        Ok(Entered::In(signed_in)) => {
            let mut response = redirect("/");
            set_cookies(&app, &signed_in, &headers, response.headers_mut());
            Ok(response)
        }
        Ok(Entered::Waits(waits)) => {
            let mut response = redirect("/waiting");
            set_waiting(&app, &waits, &headers, response.headers_mut());
            Ok(response)
        }
        Err(error @ chat::Error::Refused(_)) => {
            let told = explanation(&Fault::Chat(error), visit.language());
            let is_taken = matches!(told.code, Code::NameTaken | Code::NameAlike);
            let free = if is_taken { app.chat.free_form(&name).await? } else { None };
            let shown = Shown { name: &name, told: Some(&told), free };
            page(&app, &visit, &headers, &invitation, shown)
        }
        Err(error) => Err(error.into()),
    }
}

/// The invitation of a code, or the page that says why it lets nobody in. An invite that ended is answered
/// as one that never was.
async fn open(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    code: &str,
) -> Result<Result<Invitation, Response>, Fault> {
    let (language, words) = (visit.language(), door_words(visit.language()));
    let found = app.chat.invitation(code).await?;
    let Some((invitation, false)) = found else {
        let told = explanation(&Refusal::InviteEnded.into(), language);
        let (label, button) = (("clock", words.ended), ("/code", words.type_code));
        let mut page = notice(app, headers, language, label, &told.detail, button)?;
        *page.status_mut() = StatusCode::NOT_FOUND;
        return Ok(Err(page));
    };
    let place_closed = app.chat.place().way_in == WayIn::Closed && visit.actor.is_none();
    if place_closed || invitation.invite.grant.door == Door::Closed {
        let host = &invitation.invite.made_by.name;
        let text = DoorText::AskToOpen { host }.text(language);
        let here = format!("/join/{code}");
        let (label, button) = (("lock", words.closed), (here.as_str(), words.try_again));
        let mut page = notice(app, headers, language, label, &text, button)?;
        *page.status_mut() = StatusCode::FORBIDDEN;
        return Ok(Err(page));
    }
    Ok(Ok(invitation))
}

/// What the form shows again.
#[derive(Default)]
struct Shown<'a> {
    name: &'a str,
    told: Option<&'a Explanation>,
    free: Option<String>,
}

fn page(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    invitation: &Invitation,
    shown: Shown<'_>,
) -> Result<Response, Fault> {
    let (language, words) = (visit.language(), door_words(visit.language()));
    let grant = &invitation.invite.grant;
    let host = &invitation.invite.made_by.name;
    let whereto = match &invitation.channel {
        Some((name, ..)) => format!("#{name}"),
        None => app.place_name(),
    };
    let guest = grant.role == Role::Guest;
    let count = invitation.channel.as_ref().map(|(_, _, count)| *count);
    let me = visit
        .actor
        .as_ref()
        .map(|actor| DoorText::AsMyself { name: &actor.account.user.name }.text(language));
    let is_taken = shown.free.is_some();
    let error = shown.told.map(|told| if is_taken { words.taken } else { told.detail.as_str() });
    let view = JoinView {
        frame: frame(app, language, whereto.clone()),
        invites: &DoorText::Invites { host }.text(language),
        whereto: &whereto,
        host,
        topic: invitation.channel.as_ref().map_or("", |(_, topic, _)| topic),
        me,
        name: shown.name,
        name_hint: if guest { words.name_hint_guest } else { words.name_hint_member },
        error,
        free: shown.free.as_deref(),
        asks_password: app.chat.place().needs_password && !guest,
        waits: grant.door == Door::Approval,
        button: &DoorText::Join { whereto: &whereto }.text(language),
        here: &DoorText::Here { count, guest }.text(language),
    };
    let mut response = answer(app, headers, view.render())?;
    if let Some(told) = shown.told {
        refuse(&mut response, told);
    }
    Ok(response)
}
