//! Whether a request comes from a page of our own.
//!
//! Cookies are `SameSite=Lax`, which already keeps them out of foreign posts. This is the second
//! protection, and the only one for WebSockets and for browsers that do not know `SameSite`.

use axum::http::{HeaderMap, Method, Uri, header};

use super::header_text::text;

/// Whether the page that sent a request may send it.
///
/// `Sec-Fetch-Site` decides where it is sent (Fetch Metadata, W3C); otherwise `Origin` must be the
/// public address or the host of the request. `curl` and bots send neither, and they do not carry
/// somebody's cookies by accident.
pub(super) fn is_own(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    if let Some(site) = text(headers, "sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(headers, "origin") else { return true };
    if public_url == Some(origin) {
        return true;
    }
    // Without a scheme it is no origin of a page: a sandboxed frame sends `null`, which parses as a
    // host, and a request for a host of that name must not make it our own.
    let host = origin.parse::<Uri>().ok().and_then(|uri| {
        uri.scheme()?;
        Some(uri.authority()?.to_string())
    });
    host.is_some() && host.as_deref() == text(headers, header::HOST)
}

/// Whether a method changes anything.
pub(super) fn changes_state(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a GET that changes something (opening a channel, logging out) is a person's visit to a
/// page, and not a picture or a frame in somebody else's page.
pub(super) fn is_navigation(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let destination = text(headers, "sec-fetch-dest");
    destination.is_none_or(|destination| destination == "document")
        && is_own_or_plain(headers, public_url)
}

/// Whether a link that changes something was meant by the person who followed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meant {
    /// The link is on a page of ours, the address was typed, or a program asks.
    Yes,
    /// The link is on a page of another site.
    No,
    /// A browser asks and does not say where the link is: over plain http it need not.
    Unsure,
}

/// Whether the person who followed a link meant what it does.
pub(super) fn is_meant(headers: &HeaderMap, public_url: Option<&str>) -> Meant {
    if text(headers, "sec-fetch-site").is_some() || !is_own(headers, public_url) {
        return if is_navigation(headers, public_url) { Meant::Yes } else { Meant::No };
    }
    match text(headers, "referer") {
        Some(_) if is_own_or_plain(headers, public_url) => Meant::Yes,
        None if !is_browser(headers) => Meant::Yes,
        _ => Meant::Unsure,
    }
}

/// Whether a browser asks. A browser, unlike a program, can be made to ask by pages of other sites.
/// Programs send none of these headers by themselves; every browser sends `Origin` with other
/// methods than GET, and accepts HTML when a form is sent.
pub(super) fn is_browser(headers: &HeaderMap) -> bool {
    text(headers, "sec-fetch-site").is_some()
        || text(headers, "origin").is_some()
        || text(headers, "accept").is_some_and(|accept| accept.contains("text/html"))
}

/// Whether the page that sent the request was opened over http.
pub(super) fn is_from_http(headers: &HeaderMap) -> bool {
    text(headers, "origin").is_some_and(|origin| origin.starts_with("http://"))
}

fn is_own_or_plain(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    if !is_own(headers, public_url) {
        return false;
    }
    // Browsers without Fetch Metadata say at least on which page the link is.
    let Some(referer) =
        text(headers, "referer").filter(|_| text(headers, "sec-fetch-site").is_none())
    else {
        return true;
    };
    let host = referer.parse::<Uri>().ok().and_then(|uri| Some(uri.authority()?.to_string()));
    host.as_deref() == text(headers, header::HOST)
        || public_url.is_some_and(|url| referer == url || referer.starts_with(&format!("{url}/")))
}

/// Warns the operator, once, of a proxy that leaves the port out of `Host`: then every page of this
/// server seems to be one of another site, and nobody can sign in.
pub(super) fn tell_of_lost_port(headers: &HeaderMap) {
    static TOLD: std::sync::Once = std::sync::Once::new();
    if let Some((origin, host)) = lost_port(headers) {
        TOLD.call_once(|| {
            tracing::warn!(
                origin,
                host,
                "a page was refused as one of another site because the port in its Origin is not \
                 the one in Host: the proxy in front must pass Host on whole, in nginx by \
                 `proxy_set_header Host $http_host;`"
            );
        });
    }
}

/// `Origin` and `Host`, where they differ by the port alone.
fn lost_port(headers: &HeaderMap) -> Option<(&str, &str)> {
    let (origin, host) = (text(headers, "origin")?, text(headers, header::HOST)?);
    let uri = origin.parse::<Uri>().ok()?;
    let asked = host.parse::<axum::http::uri::Authority>().ok()?;
    let from = uri.authority()?;
    (from.host() == asked.host() && from != &asked).then_some((origin, host))
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, Meant, is_meant, is_navigation, is_own, lost_port};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_our_own_pages_and_programs_may_ask() {
        let host = ("host", "chat.example:8080");
        let cases = [
            (vec![host], true),
            (vec![host, ("sec-fetch-site", "same-origin")], true),
            (vec![host, ("sec-fetch-site", "none")], true),
            (vec![host, ("sec-fetch-site", "same-site")], false),
            (vec![host, ("sec-fetch-site", "cross-site")], false),
            (vec![host, ("origin", "http://chat.example:8080")], true),
            (vec![host, ("origin", "https://public.example")], true),
            (vec![host, ("origin", "http://evil.example")], false),
            (vec![host, ("origin", "null")], false),
            (vec![("host", "null"), ("origin", "null")], false),
            (vec![("host", "chat.example"), ("origin", "chat.example")], false),
            (vec![("origin", "/")], false),
            (vec![host, ("origin", "http://chat.example")], false),
        ];
        for (pairs, expected) in cases {
            let own = is_own(&headers(&pairs), Some("https://public.example"));
            assert_eq!(own, expected, "{pairs:?}");
        }
    }

    #[test]
    fn a_link_does_something_only_where_it_is_known_to_be_ours() {
        let host = ("host", "chat.example");
        let page = ("accept", "text/html,*/*");
        for (pairs, expected) in [
            (vec![host], Meant::Yes),
            (vec![host, page], Meant::Unsure),
            (vec![host, page, ("referer", "http://chat.example/channels")], Meant::Yes),
            (vec![host, page, ("referer", "http://evil.example/")], Meant::Unsure),
            (vec![host, page, ("origin", "http://evil.example")], Meant::No),
            (vec![host, page, ("sec-fetch-site", "none")], Meant::Yes),
            (vec![host, page, ("sec-fetch-site", "same-origin")], Meant::Yes),
            (vec![host, page, ("sec-fetch-site", "cross-site")], Meant::No),
            (vec![host, ("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "image")], Meant::No),
        ] {
            assert_eq!(is_meant(&headers(&pairs), None), expected, "{pairs:?}");
        }
    }

    #[test]
    fn a_port_that_a_proxy_lost_is_noticed() {
        let lost =
            |origin, host| lost_port(&headers(&[("origin", origin), ("host", host)])).is_some();
        assert!(lost("http://chat.example:8443", "chat.example"));
        assert!(lost("http://chat.example:8443", "chat.example:8080"));
        assert!(!lost("http://chat.example:8443", "chat.example:8443"));
        assert!(!lost("http://evil.example", "chat.example"));
        assert!(!lost("null", "chat.example"));
    }

    #[test]
    fn a_link_on_a_page_of_the_public_address_is_ours() {
        let public = "https://public.example";
        for (referer, expected) in [
            ("https://public.example", Meant::Yes),
            ("https://public.example/channels", Meant::Yes),
            ("https://public.example.evil.example/", Meant::Unsure),
            ("https://public.example:444/", Meant::Unsure),
        ] {
            let pairs = [("host", "inner:8080"), ("accept", "text/html"), ("referer", referer)];
            assert_eq!(is_meant(&headers(&pairs), Some(public)), expected, "{referer}");
        }
    }

    #[test]
    fn an_embedded_link_is_no_navigation() {
        let host = ("host", "chat.example");
        assert!(is_navigation(&headers(&[host]), None));
        assert!(is_navigation(&headers(&[host, ("referer", "http://chat.example/x")]), None));
        assert!(!is_navigation(&headers(&[host, ("referer", "http://evil.example/")]), None));
        assert!(!is_navigation(
            &headers(&[host, ("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "image")]),
            None
        ));
    }
}
