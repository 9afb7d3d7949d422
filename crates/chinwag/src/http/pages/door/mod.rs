//! The pages at the door: the first run, an invite, waiting, a sign-in link. They need no script, and
//! look like the sign-in page by the web app's stylesheet.

pub(in crate::http) mod code;
pub(in crate::http) mod ended;
pub(in crate::http) mod first;
pub(in crate::http) mod invite;
pub(in crate::http) mod join;
pub(in crate::http) mod link;
mod views;
pub(in crate::http) mod waiting;

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde::Deserialize;

use self::views::{DoorFrame, NoticeView};
use super::address::redirect;
use crate::chat;
use crate::http::app::App;
use crate::http::compression;
use crate::http::cookies::LANGUAGE;
use crate::http::problem::Fault;
use crate::model::users::Language;
use crate::words::{DoorText, door_words};

/// How long a choice of language lives, in seconds: a year.
const LANGUAGE_S: i64 = 365 * 24 * 3_600;

/// Which language was chosen on the page.
#[derive(Deserialize)]
pub(in crate::http) struct Chosen {
    lang: Option<String>,
}

impl Chosen {
    /// Goes to the page again, in the language that was chosen on it.
    fn answer(&self, path: &str) -> Option<Response> {
        let language = Language::of_code(self.lang.as_deref()?)?;
        let mut response = redirect(path);
        let cookie =
            format!("{LANGUAGE}={}; Path=/; Max-Age={LANGUAGE_S}; SameSite=Lax", language.code());
        let line = HeaderValue::from_str(&cookie).ok();
        response.headers_mut().extend(line.map(|line| (header::SET_COOKIE, line)));
        Some(response)
    }
}

fn frame(app: &App, language: Language, title: String) -> DoorFrame<'_> {
    let place = app.place_name();
    let foot = DoorText::Foot { place: &place }.text(language);
    let about = app.chat.place().about.clone();
    DoorFrame {
        words: door_words(language),
        title,
        place,
        about,
        foot,
        styles: &app.styles,
        refresh_s: None,
        script: None,
    }
}

/// A page, and a cookie that shows whether the browser keeps cookies, before a name is taken.
fn answer(app: &App, headers: &HeaderMap, page: askama::Result<String>) -> Result<Response, Fault> {
    let html = page.map_err(|error| chat::Error::Internal(error.to_string()))?;
    let mut response = compression::html(headers, html);
    let probe = app.site.jar(headers).probe();
    response.headers_mut().extend(probe.map(|probe| (header::SET_COOKIE, probe)));
    Ok(response)
}

/// A page that says one thing and what to do next.
fn notice(
    app: &App,
    headers: &HeaderMap,
    language: Language,
    (icon, heading): (&'static str, &'static str),
    text: &str,
    button: (&str, &str),
) -> Result<Response, Fault> {
    let frame = frame(app, language, heading.to_owned());
    answer(
        app,
        headers,
        askama::Template::render(&NoticeView { frame, icon, heading, text, button }),
    )
}
