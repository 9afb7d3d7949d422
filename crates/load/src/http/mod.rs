//! As much HTTP/1.1 as a load needs: requests in one buffer, responses with a `Content-Length`, and
//! connections that are kept open. A general client would cost more than the server under load.
//!
//! [`lane`] is one connection, [`pool`] drives many of them over a list of requests.

pub(crate) mod lane;
pub(crate) mod pool;

use thiserror::Error;

/// The most header lines of a response. A server that sends more is broken.
const MAX_HEADERS: usize = 64;
/// The longest answer that is kept.
const MAX_BODY: usize = 16 << 20;

/// A request to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    /// GET, POST, …
    pub method: &'a str,
    /// Path and query.
    pub path: &'a str,
    /// The `Cookie` header, empty for none.
    pub cookie: &'a str,
    /// A JSON body.
    pub body: Option<&'a str>,
}

impl Request<'_> {
    /// The bytes to write.
    pub(crate) fn encode(&self, host: &str) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\nHost: {host}\r\n", self.method, self.path);
        if !self.cookie.is_empty() {
            head.push_str("Cookie: ");
            head.push_str(self.cookie);
            head.push_str("\r\n");
        }
        match self.body {
            Some(body) => {
                let length = body.len();
                head.push_str("Content-Type: application/json\r\n");
                head.push_str(&format!("Content-Length: {length}\r\n\r\n{body}"));
            }
            None if self.method == "GET" => head.push_str("\r\n"),
            None => head.push_str("Content-Length: 0\r\n\r\n"),
        }
        head.into_bytes()
    }
}

/// A response, whole.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Response {
    /// The status code.
    pub status: u16,
    /// `name=value` of every cookie that was set.
    pub cookies: Vec<String>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether the server closes the connection after it.
    pub closes: bool,
}

/// A response that cannot be understood.
#[derive(Debug, Error)]
pub(crate) enum ResponseError {
    /// Not HTTP.
    #[error("not an HTTP response: {0}")]
    Head(#[from] httparse::Error),
    /// The response has no length, although its status means that it has a body.
    #[error("a response without Content-Length")]
    NoLength,
    /// Longer than [`MAX_BODY`].
    #[error("a response of {0} bytes")]
    TooLong(usize),
}

/// Reads the response at the start of `bytes` and how many bytes it takes; `None` when it is
/// not there whole yet.
pub(crate) fn parse(bytes: &[u8]) -> Result<Option<(Response, usize)>, ResponseError> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut head = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(start) = head.parse(bytes)? else { return Ok(None) };
    let status = head.code.unwrap_or(0);
    let mut length = None;
    let mut cookies = Vec::new();
    let mut closes = false;
    for header in head.headers.iter() {
        let value = std::str::from_utf8(header.value).unwrap_or("").trim();
        if header.name.eq_ignore_ascii_case("content-length") {
            length = value.parse().ok();
        } else if header.name.eq_ignore_ascii_case("set-cookie") {
            cookies.push(value.split(';').next().unwrap_or("").to_owned());
        } else if header.name.eq_ignore_ascii_case("connection") {
            closes = value.eq_ignore_ascii_case("close");
        }
    }
    let length = match (status, length) {
        (100..=199 | 204 | 304, _) => 0,
        (_, Some(length)) if length > MAX_BODY => return Err(ResponseError::TooLong(length)),
        (_, Some(length)) => length,
        (_, None) => return Err(ResponseError::NoLength),
    };
    let Some(body) = bytes.get(start..start + length) else { return Ok(None) };
    Ok(Some((Response { status, cookies, body: body.to_vec(), closes }, start + length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_is_read_when_it_is_whole() {
        let bytes =
            b"HTTP/1.1 201 Created\r\nSet-Cookie: s=1; HttpOnly\r\ncontent-length: 2\r\n\r\n{}HT";
        let (response, used) = parse(bytes).unwrap().unwrap();
        assert_eq!((response.status, response.body.as_slice()), (201, b"{}".as_slice()));
        assert_eq!(response.cookies, ["s=1"]);
        assert_eq!(used, bytes.len() - 2);
        for end in 0..used {
            assert!(parse(&bytes[..end]).unwrap().is_none());
        }
    }

    #[test]
    fn a_response_without_a_length_is_refused_unless_it_has_no_body() {
        assert!(parse(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(parse(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap().is_some());
        assert!(parse(b"hello there, this is not HTTP\r\n\r\n").is_err());
    }

    #[test]
    fn a_request_says_how_long_its_body_is() {
        let request = Request { method: "POST", path: "/x", cookie: "s=1", body: Some("{}") };
        let text = String::from_utf8(request.encode("h")).unwrap();
        assert!(text.starts_with("POST /x HTTP/1.1\r\nHost: h\r\nCookie: s=1\r\n"));
        assert!(text.ends_with("Content-Length: 2\r\n\r\n{}"));
    }
}
