//! The page for a browser where a program gets problem details, in the reader's language.

use askama::Template as _;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};

use super::address::own_path;
use super::views::{Frame, NoticePage};
use crate::http::app::App;
use crate::http::compression;
use crate::http::problem::{Fault, explanation, keep_headers, render};
use crate::http::shell::Shell;
use crate::model::users::Language;
use crate::words::words;

/// A request of a browser that asks for a page.
pub(in crate::http) struct PageRequest {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

impl PageRequest {
    /// The request, if it asks for a page. Programs, and the web app's own requests, do not name
    /// `text/html` in `Accept`.
    pub(in crate::http) fn of<B>(request: &Request<B>) -> Option<Self> {
        let accepted = request.headers().get_all(header::ACCEPT).iter();
        let mut accepted = accepted.filter_map(|value| value.to_str().ok());
        let is_page = accepted.any(|line| {
            line.split(',').any(|range| {
                let kind = range.split(';').next().unwrap_or_default().trim();
                kind.eq_ignore_ascii_case("text/html")
            })
        });
        is_page.then(|| Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            headers: request.headers().clone(),
        })
    }

    /// The address without its trailing slashes, if it has any and is a GET.
    fn without_slash(&self) -> Option<String> {
        if !matches!(self.method, Method::GET | Method::HEAD) {
            return None;
        }
        let path = own_path(self.uri.path())?;
        let trimmed = path.trim_end_matches('/');
        if trimmed.is_empty() || trimmed.len() == path.len() {
            return None;
        }
        let query = self.uri.query().map(|query| format!("?{query}"));
        own_path(&format!("{trimmed}{}", query.unwrap_or_default())).map(str::to_owned)
    }
}

/// The answer to a browser.
pub(in crate::http) fn answer(
    app: &App,
    fault: &Fault,
    page: &PageRequest,
    language: Language,
    from: Response,
) -> Response {
    if let (Fault::NoRoute, Some(address)) = (fault, page.without_slash())
        && let Ok(location) = HeaderValue::from_str(&address)
    {
        return (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response();
    }
    let told = explanation(fault, language);
    let words = words(language);
    let heading = if told.status == 404 { words.nothing_here } else { words.failed };
    let shell = Shell::default();
    let workspace = app.place_name();
    let frame = Frame {
        words,
        title: heading.to_owned(),
        workspace: &workspace,
        theme: None,
        me_picture: None,
        shell: &shell,
        state_json: String::new(),
        flashes: &[],
        me: None,
        asks_to_leave: false,
    };
    let notice = NoticePage { frame, heading, text: &told.detail, back: ("/", words.start) };
    let Ok(html) = notice.render() else { return render(fault, language, from) };
    let mut response = compression::html(&page.headers, html);
    *response.status_mut() =
        StatusCode::from_u16(told.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    keep_headers(&mut response, from.headers(), told.retry_after_s);
    response
}
