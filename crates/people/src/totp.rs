//! One-time codes of RFC 6238 (일회용 번호): SHA-1, 30 seconds, six digits.
//!
//! Owns: the computation, the window, the address an authenticator app reads. Does not own: where
//! the secret lies (see `seal`) or which step was used last (see `store`).
//! What a newcomer gets wrong: a right code is not enough. Each step opens the door once, so the
//! caller stores the step that [`matching_step`] returns and passes it back the next time.

use hmac::{Hmac, KeyInit, Mac};
use iljari_base::Timestamp;
use sha1::Sha1;
use subtle::ConstantTimeEq;

/// Seconds a code is shown.
pub const STEP_SECONDS: i64 = 30;

/// How many steps before and after the present one are let in, for clocks that differ.
const WINDOW: i64 = 1;

/// Bytes of a secret: as long as the hash, as RFC 4226 advises.
pub const SECRET_BYTES: usize = 20;

/// The step an instant lies in.
pub fn step_at(at: Timestamp) -> i64 {
    at.as_second().div_euclid(STEP_SECONDS)
}

/// The six digits of a step.
pub fn code(secret: &[u8], step: i64) -> String {
    format!("{:06}", truncated(secret, step) % 1_000_000)
}

/// RFC 4226 section 5.3: 31 bits from where the last four bits of the hash point.
fn truncated(secret: &[u8], step: i64) -> u32 {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else {
        // HMAC takes keys of every length; there is no other way to fail.
        return 0;
    };
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash[19] & 15);
    u32::from_be_bytes([hash[offset] & 0x7f, hash[offset + 1], hash[offset + 2], hash[offset + 3]])
}

/// The step whose code `typed` is, if it lies in the window and after `last_used`.
///
/// All steps of the window are computed whatever is found, so that the time says nothing.
pub fn matching_step(secret: &[u8], typed: &str, now: Timestamp, last_used: Option<i64>) -> Option<i64> {
    let digits = plain_digits(typed);
    let present = step_at(now);
    let mut found = None;
    for step in (present - WINDOW)..=(present + WINDOW) {
        let same = bool::from(code(secret, step).as_bytes().ct_eq(digits.as_bytes()));
        let fresh = last_used.is_none_or(|last| step > last);
        if same && fresh && found.is_none() {
            found = Some(step);
        }
    }
    found
}

/// The earliest code that would be accepted now: the demo prints it, so that two sign-ins in
/// half a minute both work.
pub fn next_usable_code(secret: &[u8], now: Timestamp, last_used: Option<i64>) -> String {
    let present = step_at(now);
    let step = last_used.map_or(present, |last| present.max(last.saturating_add(1)));
    code(secret, step)
}

/// Apps show "123 456"; people type it with the gap, or with full-width digits.
fn plain_digits(typed: &str) -> String {
    typed
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| match letter {
            '０'..='９' => char::from_digit(u32::from(letter) - u32::from('０'), 10).unwrap_or(letter),
            other => other,
        })
        .collect()
}

/// Base 32 of RFC 4648 without padding, as authenticator apps want it.
pub fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut out = String::new();
    let (mut pending, mut bits) = (0_u32, 0_u32);
    for byte in bytes {
        pending = (pending << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(letter(LETTERS, pending >> bits));
        }
        pending &= (1 << bits) - 1;
    }
    if bits > 0 {
        out.push(letter(LETTERS, pending << (5 - bits)));
    }
    out
}

fn letter(letters: &[u8; 32], value: u32) -> char {
    usize::try_from(value & 31).ok().and_then(|place| letters.get(place)).map_or('A', |byte| char::from(*byte))
}

/// The secret in groups of four, for those who type it.
pub fn in_groups(secret: &[u8]) -> String {
    let text: Vec<char> = base32(secret).chars().collect();
    text.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// The `otpauth://` address that an authenticator app reads from the picture. Hash, digits and
/// seconds are every app's defaults; left out, the picture has fewer and larger squares.
pub fn address(place: &str, login: &str, secret: &[u8]) -> String {
    let (place, login) = (percent(place), percent(login));
    format!("otpauth://totp/{place}:{login}?secret={}&issuer={place}", base32(secret))
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_microsecond(second * 1_000_000)
    }

    #[test]
    fn the_vectors_of_rfc_6238_appendix_b_come_out() {
        let secret = b"12345678901234567890";
        for (second, eight_digits) in [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ] {
            let step = step_at(at(second));
            assert_eq!(truncated(secret, step) % 100_000_000, eight_digits, "at {second}");
            assert_eq!(code(secret, step), format!("{:06}", eight_digits % 1_000_000), "at {second}");
        }
    }

    #[test]
    fn a_code_is_good_one_step_early_and_late_and_only_once() {
        let secret = b"12345678901234567890";
        let now = at(1_111_111_111);
        let step = step_at(now);
        for (offset, accepted) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let found = matching_step(secret, &code(secret, step + offset), now, None);
            assert_eq!(found, accepted.then_some(step + offset), "offset {offset}");
        }
        assert_eq!(matching_step(secret, &code(secret, step), now, Some(step)), None);
        assert_eq!(matching_step(secret, &code(secret, step - 1), now, Some(step)), None);
        assert_eq!(matching_step(secret, &next_usable_code(secret, now, Some(step)), now, Some(step)), Some(step + 1));
        assert_eq!(matching_step(secret, "", now, None), None);
    }

    #[test]
    fn a_code_may_be_typed_with_a_gap_or_full_width() {
        let secret = b"12345678901234567890";
        let now = at(59);
        assert_eq!(code(secret, 1), "287082");
        assert_eq!(matching_step(secret, "287 082", now, None), Some(1));
        assert_eq!(matching_step(secret, "２８７０８２", now, None), Some(1));
    }

    #[test]
    fn base_32_agrees_with_rfc_4648() {
        for (plain, coded) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(plain.as_bytes()), coded);
        }
        assert_eq!(in_groups(b"foobar"), "MZXW 6YTB OI");
        assert!(address("나루구 일자리", "한시범", b"foobar").starts_with("otpauth://totp/%EB%82%98"));
    }
}
