//! Waiting at the door: the page hears that somebody let the name in, or asks again by itself, and goes on.

use std::sync::Arc;

use askama::Template as _;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde::Deserialize;

use super::views::WaitingView;
use super::{Chosen, answer, frame, notice};
use crate::http::app::App;
use crate::http::cookies::Kind;
use crate::http::extract::{Query, Visit};
use crate::http::pages::address::{bad_form, redirect};
use crate::http::problem::Fault;
use crate::http::sessions::{Wanted, request, set_cookies};
use crate::model::place::AtTheDoor;
use crate::secrets::Secret;
use crate::words::{DoorText, door_words};

/// How often the page asks without script, in seconds.
const REFRESH_S: u32 = 4;

/// `GET /waiting`
pub(in crate::http) async fn waiting_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(chosen): Query<Chosen>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let Some(secret) = secret(&app, &headers) else { return Ok(redirect("/")) };
    if let Some(again) = chosen.answer("/waiting") {
        return Ok(again);
    }
    let (language, words) = (visit.language(), door_words(visit.language()));
    match app.chat.at_the_door(&secret).await? {
        AtTheDoor::Gone => Ok(redirect("/login")),
        AtTheDoor::LetIn { .. } => {
            let wanted = request(&app, &visit.visitor, &headers, Wanted::default());
            let mut response = redirect("/");
            if let Some(signed_in) = app.chat.enter_by_door(&secret, wanted).await? {
                set_cookies(&app, &signed_in, &headers, response.headers_mut());
                forget(&app, &headers, &mut response);
            }
            Ok(response)
        }
        AtTheDoor::Refused { name, by, invite } => {
            let text = DoorText::Refused { by: by.as_deref(), name: &name }.text(language);
            let again = invite.map_or("/login".to_owned(), |code| format!("/join/{code}"));
            let button = (again.as_str(), words.another_name);
            notice(&app, &headers, language, ("lock", words.refused), &text, button)
        }
        AtTheDoor::Waits { name, host, .. } => {
            let heading = match &host {
                Some(host) => DoorText::HostLetsIn { host }.text(language),
                None => words.waiting.to_owned(),
            };
            let mut frame = frame(&app, language, words.waiting.to_owned());
            frame.refresh_s = Some(REFRESH_S);
            frame.script = app.shell.waiting.as_deref();
            let view = WaitingView { frame, heading: &heading, name: &name };
            answer(&app, &headers, view.render())
        }
    }
}

/// What to do instead of waiting.
#[derive(Deserialize)]
pub(in crate::http) struct LeaveForm {
    #[serde(default)]
    then: String,
}

/// `POST /waiting`: takes the name from the door.
pub(in crate::http) async fn leave(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    form: Result<Form<LeaveForm>, FormRejection>,
) -> Result<Response, Fault> {
    let Form(form) = form.map_err(bad_form)?;
    let Some(secret) = secret(&app, &headers) else { return Ok(redirect("/login")) };
    let before = app.chat.at_the_door(&secret).await?;
    app.chat.stop_waiting(&secret).await?;
    let back = match before {
        AtTheDoor::Waits { invite: Some(code), .. } if form.then == "again" => {
            format!("/join/{code}")
        }
        _ => "/login".to_owned(),
    };
    let mut response = redirect(&back);
    forget(&app, &headers, &mut response);
    Ok(response)
}

fn secret(app: &App, headers: &HeaderMap) -> Option<Secret> {
    app.site.jar(headers).present(Kind::Waiting).and_then(Secret::parse)
}

fn forget(app: &App, headers: &HeaderMap, response: &mut Response) {
    let line = app.site.jar(headers).set(Kind::Waiting, "", Some(0));
    response.headers_mut().extend(line.map(|line| (header::SET_COOKIE, line)));
}
