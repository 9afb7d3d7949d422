//! Errors as answers: problem details (RFC 9457), in the reader's language.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::docs;
use crate::chat;
use crate::model::users::Language;
use crate::wire::problem::Problem;
use crate::words::{Code, Explanation, explain};

/// When to come back to a server that carries all it can, in seconds.
const CROWDED_RETRY_S: u64 = 2;

/// Why a request was not answered as asked. It becomes an answer in `front.rs`, which knows the
/// language.
#[derive(Debug, Clone)]
pub(super) enum Fault {
    /// A use case said no, or failed.
    Chat(chat::Error),
    /// A page of another site asked.
    CrossSite,
    /// Turned away before anything was looked at.
    Turned(Turned),
    /// The request does not have the form that it needs; what exactly, in English, for developers.
    Malformed(StatusCode, String),
    /// The request came too slowly, and was ended.
    TooSlow,
    /// As much is under way as the server carries.
    Crowded,
    /// There is nothing at this address.
    NoRoute,
    /// There is something at this address, but not for this method.
    NoMethod,
}

/// Why a request is turned away at the door.
#[derive(Debug, Clone)]
pub(super) enum Turned {
    /// The request is for a name that this server does not answer to.
    UnknownHost(String),
    /// The request names no host, or several.
    UnclearHost,
    /// A browser that has not shown that it keeps cookies; the address to open when it came by http
    /// where its cookies are for https.
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

/// Writes a fault as the answer to a program.
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

/// Writes down what was the server's own fault.
pub(super) fn note(fault: &Fault) {
    if let Fault::Chat(error) = fault
        && explain(error, Language::English).status >= 500
    {
        tracing::error!(%error, "a request failed");
    }
}

/// What was set before (a cookie, say) stays on the answer that tells of a fault; and when to come
/// back, in seconds.
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

/// A fault in words.
pub(super) fn explanation(fault: &Fault, language: Language) -> Explanation {
    let told = |code| Explanation::new(code, language);
    match fault {
        Fault::Chat(error) => explain(error, language),
        Fault::CrossSite => told(Code::CrossSite),
        Fault::Turned(Turned::UnknownHost(name)) => {
            told(Code::UnknownHost).with("name", name).with("name", name)
        }
        Fault::Turned(Turned::UnclearHost) => told(Code::BadHost),
        Fault::Turned(Turned::NoCookies(Some(url))) => told(Code::HttpsOnly).with("url", url),
        Fault::Turned(Turned::NoCookies(None)) => told(Code::NoCookies),
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
