//! Entry point for fuzzers: text in the encoding of the classic events.

use percent_encoding::utf8_percent_encode;

use super::classic::decode_uri;
use super::encode::ENCODE_URI;

/// Encoded text is decoded to what was typed, and other text stays as it is.
pub fn decoded(sent: &str) -> String {
    let encoded = utf8_percent_encode(sent, ENCODE_URI).to_string();
    assert_eq!(decode_uri(&encoded), sent);
    let decoded = decode_uri(sent);
    assert!(decoded == sent || sent.contains('%'));
    assert!(decoded.len() <= sent.len());
    let is_hex = |pair: &str| pair.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    assert!(decoded == sent || sent.split('%').skip(1).all(is_hex), "half of it was decoded");
    decoded
}
