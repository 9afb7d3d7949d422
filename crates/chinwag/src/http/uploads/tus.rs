//! The headers of tus 1.0.0, read strictly: what does not have its form is refused.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::chat::{Checksum, Progress};
use crate::http::problem::Fault;

/// The only version of the protocol that is spoken.
pub(in crate::http) const VERSION: &str = "1.0.0";
/// The extensions that are spoken beside the core protocol.
pub(in crate::http) const EXTENSIONS: &str =
    "checksum,creation,creation-with-upload,expiration,termination";
/// The algorithms that `Upload-Checksum` may name.
pub(in crate::http) const ALGORITHMS: &str = "sha1,sha256";
/// The media type of a body that brings bytes of an upload.
const OCTETS: &str = "application/offset+octet-stream";
/// The longest `Upload-Metadata`: a name of 255 characters of 4 bytes, encoded, three times over.
const MAX_METADATA: usize = 4 * 1024;
/// The most pairs in `Upload-Metadata`.
const MAX_PAIRS: usize = 16;

/// Base64 with padding or without: clients differ.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What `Upload-Metadata` says of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::http) struct Metadata {
    pub(in crate::http) name: String,
    pub(in crate::http) media_type: Option<String>,
}

/// Refuses a request in another version of the protocol.
pub(in crate::http) fn check_version(headers: &HeaderMap) -> Result<(), Fault> {
    match one(headers, "tus-resumable")? {
        Some(VERSION) => Ok(()),
        _ => Err(Fault::Malformed(
            StatusCode::PRECONDITION_FAILED,
            format!("Tus-Resumable must be {VERSION}"),
        )),
    }
}

/// Reads a count of bytes. `None` when the header is not there.
pub(in crate::http) fn count(
    headers: &HeaderMap,
    name: &'static str,
) -> Result<Option<u64>, Fault> {
    let Some(text) = one(headers, name)? else { return Ok(None) };
    // `parse` alone would also take a sign.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let count = text.parse().ok().filter(|_| digits);
    count.map(Some).ok_or_else(|| bad(format!("{name} must be a count of bytes")))
}

/// Whether the body brings bytes; any other media type is refused.
pub(in crate::http) fn is_octets(headers: &HeaderMap) -> Result<bool, Fault> {
    match one(headers, header::CONTENT_TYPE.as_str())? {
        None => Ok(false),
        Some(kind) if kind.eq_ignore_ascii_case(OCTETS) => Ok(true),
        Some(_) => Err(unsupported()),
    }
}

/// The answer to a body of another media type.
pub(in crate::http) fn unsupported() -> Fault {
    Fault::Malformed(StatusCode::UNSUPPORTED_MEDIA_TYPE, format!("Content-Type must be {OCTETS}"))
}

/// Reads `Upload-Checksum`: what the bytes of the request add up to, if the client says so.
pub(in crate::http) fn checksum(headers: &HeaderMap) -> Result<Option<Checksum>, Fault> {
    let Some(text) = one(headers, "upload-checksum")? else { return Ok(None) };
    let (algorithm, value) = text.split_once(' ').unwrap_or((text, ""));
    let expected = LENIENT.decode(value.trim());
    let expected = expected.map_err(|_| bad("Upload-Checksum is not base64".to_owned()))?;
    match (algorithm, expected.len()) {
        ("sha1", 20) => Ok(Some(Checksum::Sha1 { expected, found: Box::default() })),
        ("sha256", 32) => Ok(Some(Checksum::Sha256 { expected, found: Box::default() })),
        _ => Err(bad(format!("Upload-Checksum must be one of {ALGORITHMS}, with its value"))),
    }
}

/// Reads `Upload-Metadata`, as it was sent.
pub(in crate::http) fn raw_metadata(headers: &HeaderMap) -> Result<&str, Fault> {
    let text = one(headers, "upload-metadata")?.unwrap_or_default();
    if text.len() > MAX_METADATA {
        return Err(bad(format!("Upload-Metadata has at most {MAX_METADATA} bytes")));
    }
    Ok(text)
}

/// Reads the file's name and media type from `Upload-Metadata`; other keys are ignored.
pub(in crate::http) fn metadata(text: &str) -> Result<Metadata, Fault> {
    let (mut name, mut media_type) = (None, None);
    if text.split(',').count() > MAX_PAIRS {
        return Err(bad(format!("Upload-Metadata has at most {MAX_PAIRS} pairs")));
    }
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let decoded = LENIENT.decode(value.trim()).ok();
        let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        let value = decoded.ok_or_else(|| bad("Upload-Metadata is not base64 of UTF-8".into()))?;
        let field = match key {
            "filename" => &mut name,
            "filetype" => &mut media_type,
            _ => continue,
        };
        if field.replace(value).is_some() {
            return Err(bad(format!("Upload-Metadata has {key} twice")));
        }
    }
    Ok(Metadata { name: name.unwrap_or_default(), media_type })
}

/// Writes `Upload-Metadata` for a file whose own is not kept any more.
pub(in crate::http) fn write_metadata(name: &str, media_type: &str) -> String {
    format!("filename {},filetype {}", STANDARD.encode(name), STANDARD.encode(media_type))
}

/// Adds the headers that tell how far a file has come.
pub(in crate::http) fn add_progress(headers: &mut HeaderMap, progress: &Progress) {
    headers.insert("upload-offset", HeaderValue::from(progress.offset));
    if let Some(expires) = progress.expires {
        add(headers, "upload-expires", &httpdate::fmt_http_date(expires));
    }
}

/// Adds a header, unless its value cannot be one.
pub(in crate::http) fn add(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// Reads a header that may be there once.
fn one<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Fault> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    match (value.to_str(), values.next()) {
        (Ok(text), None) => Ok(Some(text.trim())),
        _ => Err(bad(format!("{name} must be there once, in plain characters"))),
    }
}

/// The answer to a header that does not have its form.
pub(in crate::http) fn bad(why: String) -> Fault {
    Fault::Malformed(StatusCode::BAD_REQUEST, why)
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, Metadata, check_version, count, metadata, write_metadata};

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_count_is_digits_and_nothing_else() {
        let read = |text: &str| count(&headers(&[("upload-length", text)]), "upload-length").ok();
        assert_eq!(count(&headers(&[]), "upload-length").unwrap(), None);
        assert_eq!(read("18446744073709551615"), Some(Some(u64::MAX)));
        for odd in ["", "+5", "-1", "1e3", "0x10", "5.0", "1 2", "18446744073709551616", "٣"] {
            assert_eq!(read(odd), None, "{odd}");
        }
        let twice = headers(&[("upload-length", "1"), ("upload-length", "1")]);
        assert!(count(&twice, "upload-length").is_err());
    }

    #[test]
    fn metadata_is_read_whole_or_refused() {
        let text = write_metadata("码头.txt", "text/plain");
        let read = Metadata { name: "码头.txt".into(), media_type: Some("text/plain".into()) };
        assert_eq!(metadata(&text).unwrap(), read);
        assert_eq!(metadata("").unwrap(), Metadata::default());
        assert_eq!(metadata("is_secret, filename YQ").unwrap().name, "a", "no padding, no value");
        for odd in ["filename !!", "filename YQ==,filename YQ==", "filename /w==", "a%20b %%"] {
            assert!(metadata(odd).is_err(), "{odd}");
        }
        assert!(metadata(&"a,".repeat(17)).is_err());
    }

    #[test]
    fn only_one_version_is_spoken() {
        assert!(check_version(&headers(&[("tus-resumable", "1.0.0")])).is_ok());
        assert!(check_version(&headers(&[("tus-resumable", "0.2.2")])).is_err());
        assert!(check_version(&headers(&[])).is_err());
    }
}
