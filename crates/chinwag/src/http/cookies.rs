//! The cookies: session, device key, language, flash.

use axum::http::{HeaderMap, HeaderValue, header};

/// The session token.
pub(super) const SESSION: &str = "chinwag_session";
/// The device key: logging out does not clear it.
pub(super) const DEVICE: &str = "chinwag_device";
/// The language that was chosen before signing in; written by the web app.
pub(super) const LANGUAGE: &str = "chinwag_language";
/// The one-time message for the next page.
pub(super) const FLASH: &str = "chinwag_flash";

/// The longest life that browsers grant a cookie, in seconds (RFC 6265bis, 5.5): 400 days.
pub(super) const LONGEST_S: i64 = 400 * 24 * 3600;

/// The value of a cookie.
pub(super) fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).find_map(
        |line| {
            line.split(';').find_map(|pair| {
                let (key, value) = pair.trim().split_once('=')?;
                (key == name).then_some(value)
            })
        },
    )
}

/// A `Set-Cookie` for this host: out of reach of script, not sent with foreign posts. A life of 0
/// removes it. `value` must be of cookie-safe characters.
pub(super) fn set(name: &str, value: &str, life_s: i64, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    let line = format!("{name}={value}; Path=/; Max-Age={life_s}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&line).ok()
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, get};

    #[test]
    fn finds_the_whole_name_only() {
        let mut headers = HeaderMap::new();
        headers.append("cookie", "xchinwag_session=a; chinwag_session=b".parse().unwrap());
        headers.append("cookie", "other=c".parse().unwrap());
        assert_eq!(get(&headers, "chinwag_session"), Some("b"));
        assert_eq!(get(&headers, "other"), Some("c"));
        assert_eq!(get(&headers, "session"), None);
    }
}
