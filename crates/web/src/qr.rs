//! QR codes as one SVG path.
//!
//! Owns: drawing. Does not own: what stands in a code. What a newcomer gets wrong: leaving out the
//! quiet border of four squares; many readers then see nothing.

use qrcodegen::{QrCode, QrCodeEcc};

/// The empty squares around a code.
const BORDER: i32 = 4;

/// A code, ready for `viewBox="0 0 SIDE SIDE"` and a `path`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    /// How many squares wide it is, border included.
    pub side: i32,
    /// The dark squares.
    pub path: String,
}

impl Qr {
    /// The code of a text, or nothing where no code is large enough.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Low).ok()?;
        let mut path = String::new();
        for y in 0..code.size() {
            for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
                path.push_str(&format!("M{} {}h1v1h-1z", x + BORDER, y + BORDER));
            }
        }
        Some(Self { side: code.size() + 2 * BORDER, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_quiet_border_and_a_text_too_long_has_no_code() {
        let code = Qr::of("가").unwrap();
        assert_eq!(code.side, 21 + 8);
        assert!(code.path.starts_with("M4 4h1v1h-1z"), "the corner of the finder stands behind the border");
        assert_eq!(Qr::of(&"x".repeat(2_953)).map(|code| code.side), Some(177 + 8));
        assert_eq!(Qr::of(&"x".repeat(2_954)), None);
    }
}
