//! Errors as answers: problem details (RFC 9457), in the reader's language.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::chat;
use crate::model::users::Language;
use crate::wire::problem::Problem;
use crate::words::{Explanation, explain};

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

/// Writes a fault as the answer.
pub(super) fn render(fault: &Fault, language: Language, from: Response) -> Response {
    let told = explanation(fault, language);
    if let Fault::Chat(error) = fault
        && told.status >= 500
    {
        tracing::error!(%error, "a request failed");
    }
    let status = StatusCode::from_u16(told.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let problem = Problem {
        kind: format!("/api/docs#code-{}", told.code),
        title: status.canonical_reason().unwrap_or("Error").to_owned(),
        status: told.status,
        detail: told.detail,
        code: told.code.to_owned(),
        field: told.field.map(str::to_owned),
        retry_after_s: told.retry_after_s,
    };
    let body = serde_json::to_string(&problem).unwrap_or_default();
    let mut response = (status, body).into_response();
    // What was set before (a cookie, say) stays.
    for (name, value) in from.headers() {
        if *name != header::CONTENT_LENGTH && *name != header::CONTENT_TYPE {
            response.headers_mut().append(name, value.clone());
        }
    }
    let headers = response.headers_mut();
    let json = HeaderValue::from_static("application/problem+json");
    headers.insert(header::CONTENT_TYPE, json);
    if let Some(seconds) = told.retry_after_s {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// A fault in words.
pub(super) fn explanation(fault: &Fault, language: Language) -> Explanation {
    let say = |english: &str, chinese: &str| pick(language, english, chinese);
    match fault {
        Fault::Chat(error) => explain(error, language),
        Fault::CrossSite => plain(
            403,
            "cross_site",
            say(
                "The request came from another site. Open this one and try again.",
                "请求来自其他网站。请打开本站后重试。",
            ),
        ),
        Fault::Turned(turned) => explain_turned(turned, language),
        Fault::Malformed(status, why) => plain(
            status.as_u16(),
            match *status {
                StatusCode::PAYLOAD_TOO_LARGE => "too_large",
                StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported",
                StatusCode::PRECONDITION_FAILED => "unsupported_version",
                _ => "bad_request",
            },
            say(
                &format!("The request is not of the form it needs: {why}"),
                &format!("请求格式不正确：{why}"),
            ),
        ),
        Fault::TooSlow => plain(
            408,
            "too_slow",
            say(
                "Too little came for too long, so the request was ended. Try again when the line is \
                 better.",
                "数据传输过慢，请求已中断。请在网络恢复后重试。",
            ),
        ),
        Fault::NoRoute => {
            plain(404, "not_found", say("There is nothing at this address.", "此地址没有内容。"))
        }
        Fault::NoMethod => plain(
            405,
            "bad_method",
            say("This address does not take that method.", "此地址不支持该请求方法。"),
        ),
    }
}

/// In words: the name of the server, and the browser's cookies.
fn explain_turned(turned: &Turned, language: Language) -> Explanation {
    let say = |english: &str, chinese: &str| pick(language, english, chinese);
    match turned {
        Turned::UnknownHost(name) => plain(
            421,
            "unknown_host",
            say(
                &format!(
                    "This server does not answer to the name {name}. Whoever runs it can allow it: \
                     start it with --allowed-host {name}, or with --public-url if people come by \
                     that address."
                ),
                &format!(
                    "此服务器不响应名称 {name}。管理员可以允许它：启动时加上 --allowed-host {name}；\
                     如果这就是大家使用的地址，请加上 --public-url。"
                ),
            ),
        ),
        Turned::UnclearHost => plain(
            400,
            "bad_host",
            say(
                "The request must name one host, in one Host header.",
                "请求必须用一个 Host 标头指明一个主机。",
            ),
        ),
        Turned::NoCookies(Some(url)) => plain(
            403,
            "no_cookies",
            say(
                &format!(
                    "You opened this page over http, where browsers do not keep its cookies, so you \
                     could not stay signed in. Open {url} and try again. The name was not taken."
                ),
                &format!(
                    "您通过 http 打开了此页面，浏览器不会在这里保存它的 Cookie，因此无法保持登录。请打开 \
                     {url} 后重试。名称未被占用。"
                ),
            ),
        ),
        Turned::NoCookies(None) => plain(
            403,
            "no_cookies",
            say(
                "Your browser does not keep this site’s cookies, so you could not stay signed in. \
                 Allow cookies for this address and try again. The name was not taken.",
                "您的浏览器没有保存本站的 Cookie，因此无法保持登录。请允许此地址使用 Cookie 后重试。\
                 名称未被占用。",
            ),
        ),
    }
}

fn plain(status: u16, code: &'static str, detail: String) -> Explanation {
    Explanation { status, code, field: None, detail, retry_after_s: None }
}

fn pick(language: Language, english: &str, chinese: &str) -> String {
    match language {
        Language::English => english.to_owned(),
        Language::Chinese => chinese.to_owned(),
    }
}
