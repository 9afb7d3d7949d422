//! QR codes as SVG.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// The quiet zone around the code, in modules (ISO/IEC 18004, 5.3.8).
const QUIET: i32 = 4;

/// The code of an address, dark on white, with its quiet zone. Empty for a text that no code holds.
pub(super) fn svg(text: &str) -> String {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return String::new() };
    let size = code.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let mut length = 0;
            while code.get_module(x + length, y) {
                length += 1;
            }
            if length > 0 {
                let _ = write!(path, "M{} {}h{length}v1h-{length}z", x + QUIET, y + QUIET);
            }
            x += length.max(1);
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" role=\"img\" \
         aria-label=\"QR\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/>\
         <path fill=\"#14181c\" d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::svg;

    #[test]
    fn a_code_has_its_three_corners_and_a_quiet_zone() {
        let code = svg("http://192.168.1.20:8080/join/AAAAAAAAAAAAAAAAAAAAAA");
        assert!(code.starts_with("<svg ") && code.ends_with("</svg>"));
        // The corners are 7 modules wide and stand behind the quiet zone of 4.
        assert!(code.contains("M4 4h7v1h-7z"), "{code}");
        assert!(svg(&"x".repeat(10_000)).is_empty());
    }
}
