//! Errors as answers: problem details (RFC 9457), in the reader's language.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::docs;
use crate::chat;
use crate::model::users::Language;
use crate::wire::problem::Problem;
use crate::words::{Code, Explanation, explain};

/// When to try again when the server carries all that it can, in seconds.
const CROWDED_RETRY_S: u64 = 2;

/// Why a request failed. It becomes an answer in `front.rs`, which knows the language.
#[derive(Debug, Clone)]
pub(super) enum Fault {
    /// A use case refused, or failed.
    Chat(chat::Error),
    /// A page of another site sent the request.
    CrossSite,
    /// Refused before any handler saw it.
    TurnedAway(TurnedAway),
    /// The request does not have the required form; the text says in English, for developers, what
    /// is wrong.
    Malformed(StatusCode, String),
    /// The request came too slowly, and was ended.
    TooSlow,
    /// The server has as much in progress as it can carry.
    Crowded,
    /// There is nothing at this address.
    NoRoute,
    /// There is something at this address, but not for this method.
    NoMethod,
}

/// Why a request is refused before any handler sees it.
#[derive(Debug, Clone)]
pub(super) enum TurnedAway {
    /// The request is for a name that this server does not answer to.
    UnknownHost(String),
    /// The request names no host, or several.
    UnclearHost,
    /// The browser has not shown that it keeps cookies. The address is the one to open instead,
    /// when the page came by http and the cookies are for https.
    NoCookies(Option<String>),
}

impl<E: Into<chat::Error>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::Chat(error.into())
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The answer to a program: problem details.
pub(super) fn render(fault: &Fault, language: Language, from: Response) -> Response {
    let told = explanation(fault, language);
    let status = StatusCode::from_u16(told.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let problem = Problem {
        kind: format!("{}{}", docs::CODES, told.code.as_str()),
        title: status.canonical_reason().unwrap_or("Error").to_owned(),
        status: told.status,
        detail: told.detail,
        code: told.code.as_str().to_owned(),
        field: told.field.map(str::to_owned),
        retry_after_s: told.retry_after_s,
    };
    let body = serde_json::to_string(&problem).unwrap_or_default();
    let mut response = (status, body).into_response();
    let json = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    keep_headers(&mut response, from.headers(), told.retry_after_s);
    response
}

/// Logs a fault that is the server's own.
pub(super) fn note(fault: &Fault) {
    if let Fault::Chat(error) = fault
        && explain(error, Language::English).status >= 500
    {
        tracing::error!(%error, "a request failed");
    }
}

/// Copies the headers that were set before, such as cookies, to the answer that reports a fault,
/// and sets when to try again, in seconds.
pub(super) fn keep_headers(to: &mut Response, from: &HeaderMap, retry_after_s: Option<u64>) {
    for (name, value) in from {
        if *name != header::CONTENT_LENGTH && *name != header::CONTENT_TYPE {
            to.headers_mut().append(name, value.clone());
        }
    }
    if let Some(seconds) = retry_after_s {
        to.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
}

/// Explains a fault in that language.
pub(super) fn explanation(fault: &Fault, language: Language) -> Explanation {
    let told = |code| Explanation::new(code, language);
    match fault {
        Fault::Chat(error) => explain(error, language),
        Fault::CrossSite => told(Code::CrossSite),
        Fault::TurnedAway(TurnedAway::UnknownHost(name)) => {
            told(Code::UnknownHost).with("name", name).with("name", name)
        }
        Fault::TurnedAway(TurnedAway::UnclearHost) => told(Code::BadHost),
        Fault::TurnedAway(TurnedAway::NoCookies(Some(url))) => {
            told(Code::HttpsOnly).with("url", url)
        }
        Fault::TurnedAway(TurnedAway::NoCookies(None)) => told(Code::NoCookies),
        Fault::Malformed(status, why) => {
            let code = match *status {
                StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
                StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::Unsupported,
                StatusCode::PRECONDITION_FAILED => Code::UnsupportedVersion,
                _ => Code::BadRequest,
            };
            let detail = Code::BadRequest.sentence(language).replacen("{why}", why, 1);
            Explanation { status: status.as_u16(), detail, ..told(code) }
        }
        Fault::TooSlow => told(Code::TooSlow),
        Fault::Crowded => told(Code::Crowded).again_in(CROWDED_RETRY_S),
        Fault::NoRoute => told(Code::NotFound),
        Fault::NoMethod => told(Code::BadMethod),
    }
}
