//! What all pages have: the state that they carry, their frame, and their cookies.

use askama::Template as _;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use super::address::redirect;
use super::views::{Frame, NoticePage};
use crate::chat::{self, Actor};
use crate::http::app::App;
use crate::http::extract::Visit;
use crate::http::problem::{Fault, explanation};
use crate::http::sessions::session_life_s;
use crate::http::shell::Shell;
use crate::http::state::After;
use crate::http::{compression, flash, state};
use crate::model::refusal::{Noun, Refusal};
use crate::model::users::{Language, Theme};
use crate::wire::state::{Flash, Page, State as AppState};
use crate::words::{Explanation, FlashText, words};

/// The shell without the web app.
static NO_APP: Shell = Shell {
    script: None,
    preloads: Vec::new(),
    styles: Vec::new(),
    first: None,
    waiting: None,
    founding: None,
};

/// The state of a page, and the cookies of its answer.
pub(super) struct PageBase {
    pub(super) state: AppState,
    flashes: Vec<Flash>,
    theme: Option<Theme>,
    cookies: Vec<HeaderValue>,
    language: Language,
}

impl PageBase {
    pub(super) async fn new(
        app: &App,
        visit: &Visit,
        headers: &HeaderMap,
        actor: Option<&Actor>,
        page: Page,
    ) -> Result<Self, Fault> {
        let language = visit.language();
        let jar = app.site.jar(headers);
        let (flashes, forget) = flash::take(&jar, language);
        let state = state::build(app, actor, page, flashes.clone(), language, After(0)).await?;
        let theme = state.me.as_ref().map(|me| me.settings.theme.into());
        // The life of the cookie is extended along with the session's.
        let renewed = match actor.filter(|actor| actor.in_person().is_ok()) {
            Some(actor) => jar.renew(session_life_s(app, actor)),
            None => Vec::new(),
        };
        let cookies = forget.into_iter().chain(renewed).collect();
        Ok(Self { state, flashes, theme, cookies, language })
    }

    pub(super) fn frame<'a>(&'a self, app: &'a App, title: String) -> Frame<'a> {
        // `<` is the only character that could end the element that holds the state.
        let json = serde_json::to_string(&self.state).unwrap_or_default().replace('<', "\\u003c");
        Frame {
            words: words(self.language),
            title,
            workspace: &self.state.workspace.name,
            theme: self.theme,
            shell: &app.shell,
            state_json: json,
            flashes: &self.flashes,
            me: self.state.me.as_ref().map(|me| me.name.as_str()),
            me_picture: self.state.me.as_ref().and_then(|me| me.picture.as_deref()),
            asks_to_leave: self.state.me.as_ref().is_some_and(|me| !me.has_password),
        }
    }

    /// The frame of a page that the web app does not replace.
    pub(super) fn plain_frame<'a>(&'a self, app: &'a App, title: String) -> Frame<'a> {
        Frame { shell: &NO_APP, ..self.frame(app, title) }
    }

    pub(super) fn answer(
        &self,
        request_headers: &HeaderMap,
        page: askama::Result<String>,
    ) -> Result<Response, Fault> {
        let html = page.map_err(|error| chat::Error::Internal(error.to_string()))?;
        let mut response = compression::html(request_headers, html);
        for cookie in &self.cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie.clone());
        }
        Ok(response)
    }
}

/// The page for a refusal. It leads back to a channel if what was refused was tried in one that the
/// person may see.
pub(super) async fn refused(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    error: chat::Error,
    channel: Option<&str>,
) -> Result<Response, Fault> {
    let is_gone = matches!(error, chat::Error::Refused(Refusal::NotFound(Noun::Channel)));
    let told = explanation(&Fault::Chat(error), visit.language());
    let base = PageBase::new(app, visit, headers, visit.actor.as_ref(), Page::Channels).await?;
    let words = words(visit.language());
    let frame = base.frame(app, words.failed.to_owned());
    let page = NoticePage {
        frame,
        heading: words.failed,
        text: &told.detail,
        back: match channel.filter(|_| !is_gone) {
            Some(href) => (href, words.back_to_channel),
            None => ("/channels", words.back),
        },
    };
    let mut response = base.answer(headers, page.render())?;
    refuse(&mut response, &told);
    Ok(response)
}

/// The answer to a form: to a page, with what is told there, or the refusal with the way back to it.
///
/// # Errors
/// What is no refusal.
pub(super) async fn answered(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    page: &str,
    done: chat::Result<Option<FlashText>>,
) -> Result<Response, Fault> {
    match done {
        Ok(told) => {
            let mut response = redirect(page);
            if let Some(told) = told {
                flash::add(response.headers_mut(), &told, &app.site.jar(headers));
            }
            Ok(response)
        }
        Err(error @ chat::Error::Refused(_)) => {
            refused(app, visit, headers, error, Some(page)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Gives a page the status of a refusal, and says when to come back.
pub(super) fn refuse(response: &mut Response, told: &Explanation) {
    *response.status_mut() = StatusCode::from_u16(told.status).unwrap_or_default();
    if let Some(seconds) = told.retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
}

/// A time as people read it, such as `2026-11-22 21:42:00`, from RFC 3339.
pub(super) fn plain_time(rfc3339: &str) -> String {
    rfc3339.get(..19).unwrap_or(rfc3339).replace('T', " ")
}
