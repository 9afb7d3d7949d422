//! The addresses of pages, and where a redirect may lead.

use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::chat::ChannelAddress;
use crate::http::app::App;
use crate::http::cookies::Kind;
use crate::http::flash;
use crate::http::problem::Fault;
use crate::model::channels::{Channel, ChannelKind};
use crate::model::ids::ChannelId;
use crate::wire;
use crate::wire::channels::ChannelInfo;
use crate::words::FlashText;

/// The characters that are not encoded in one segment of a path (RFC 3986, 3.3: unreserved).
pub(in crate::http) const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The address of a channel.
pub(super) fn href_of(channel: &Channel) -> String {
    if channel.state.kind == ChannelKind::Public {
        channel_href(&channel.name)
    } else {
        id_href(channel.id)
    }
}

/// The address of a channel that is on the wire.
pub(super) fn href_of_info(channel: &ChannelInfo) -> String {
    if channel.kind == wire::channels::ChannelKind::Public {
        channel_href(&channel.name)
    } else {
        id_href(ChannelId(channel.id))
    }
}

/// The address as it was asked for.
pub(super) fn href_at(address: &ChannelAddress) -> String {
    match address {
        ChannelAddress::Name(name) => channel_href(name),
        ChannelAddress::Id(id) => id_href(*id),
    }
}

/// The path of an address to which the forms of a channel add theirs.
pub(super) fn path_at(address: &ChannelAddress) -> String {
    match address {
        ChannelAddress::Name(name) => channel_path(name),
        ChannelAddress::Id(id) => id_href(*id),
    }
}

fn id_href(id: ChannelId) -> String {
    format!("/c/{id}")
}

/// The address of a public channel, as the app's `route.ts` makes it.
pub(in crate::http) fn channel_href(name: &str) -> String {
    match dots(name) {
        Some(dots) => format!("/channels?open={dots}"),
        None => format!("/channel/{}", utf8_percent_encode(name, SEGMENT)),
    }
}

/// The path to which the forms of a channel add theirs, such as `/join`. The space after a name of
/// dots does not count in a name.
pub(super) fn channel_path(name: &str) -> String {
    match dots(name) {
        Some(dots) => format!("/channel/{dots}%20"),
        None => channel_href(name),
    }
}

/// A name that browsers take out of a path, even percent-encoded (URL standard, "double-dot URL
/// path segment").
fn dots(name: &str) -> Option<&str> {
    Some(name.trim()).filter(|name| matches!(*name, "." | ".."))
}

/// Redirects to the sign-in form, and back here after it. A browser without a session, which
/// follows a link for the first time, is not told that nobody is logged in.
pub(super) fn to_login_from_link(app: &App, headers: &HeaderMap, back: &str) -> Response {
    if app.site.jar(headers).get(Kind::Session).is_some() {
        return to_login(app, headers, back);
    }
    let next = utf8_percent_encode(back, NON_ALPHANUMERIC);
    redirect(&format!("/login?next={next}"))
}

/// Redirects to the sign-in form, and back here after it.
pub(super) fn to_login(app: &App, headers: &HeaderMap, back: &str) -> Response {
    let next = utf8_percent_encode(back, NON_ALPHANUMERIC);
    let mut response = redirect(&format!("/login?next={next}"));
    flash::add(response.headers_mut(), &FlashText::NotLoggedIn, &app.site.jar(headers));
    response
}

/// Redirects with 303: the next request is a GET, whatever this one is.
pub(super) fn redirect(to: &str) -> Response {
    let location = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// A path that is on this server; `None` for the address of another server, and for a path that
/// logs out.
pub(in crate::http) fn own_path(next: &str) -> Option<&str> {
    let plain = next.bytes().all(|byte| byte > b' ' && byte != b'\\' && byte.is_ascii_graphic());
    let own = plain && next.starts_with('/') && !next.starts_with("//");
    (own && !logs_out(next)).then_some(next)
}

/// Whether a path logs out, also through `.` and `..`, which browsers resolve before they ask.
fn logs_out(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match percent_decode_str(segment).decode_utf8_lossy().as_ref() {
            "" | "." => {}
            ".." => drop(segments.pop()),
            name => segments.push(name.to_ascii_lowercase()),
        }
    }
    segments == ["logout"]
}

/// The fault of a form without the fields that it needs.
pub(super) fn bad_form(rejection: FormRejection) -> Fault {
    Fault::Malformed(StatusCode::BAD_REQUEST, rejection.body_text())
}

#[cfg(test)]
mod tests {
    use super::{channel_href, channel_path, own_path};

    #[test]
    fn a_name_is_one_segment() {
        assert_eq!(channel_href("general"), "/channel/general");
        assert_eq!(channel_href("a/b?c#d%e&f+\"g"), "/channel/a%2Fb%3Fc%23d%25e%26f%2B%22g");
        assert_eq!(channel_href("设计 🎉"), "/channel/%E8%AE%BE%E8%AE%A1%20%F0%9F%8E%89");
        assert_eq!(channel_href("..."), "/channel/...");
    }

    #[test]
    fn a_name_that_browsers_take_out_of_a_path_is_in_the_query() {
        for (name, dots) in [(".", "."), ("..", ".."), (".. ", "..")] {
            assert_eq!(channel_href(name), format!("/channels?open={dots}"));
            assert_eq!(channel_path(name), format!("/channel/{dots}%20"));
        }
        assert_eq!(channel_path("a b"), "/channel/a%20b");
    }

    #[test]
    fn only_own_paths_come_after_signing_in() {
        assert_eq!(own_path("/channel/a%20b"), Some("/channel/a%20b"));
        for foreign in ["//evil.example", "https://evil.example", "/\\evil", "/a b", "x", "", "/\n"]
        {
            assert_eq!(own_path(foreign), None, "{foreign}");
        }
        for leaving in [
            "/logout",
            "/logout/",
            "/logout?x",
            "/logout#x",
            "/./logout",
            "/x/../logout",
            "/Logout",
            "/%6cogout",
            "/x/%2e%2E/logout",
            "/x//../../logout",
        ] {
            assert_eq!(own_path(leaving), None, "{leaving}");
        }
        for staying in ["/channel/logout", "/logouts", "/channel/..%2Flogout", "/?next=/logout"] {
            assert_eq!(own_path(staying), Some(staying), "{staying}");
        }
    }
}
