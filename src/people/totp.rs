//! Codes of authenticator apps (RFC 6238: SHA-1, six digits, 30 seconds).

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha1::Sha1;

/// Seconds of a step.
const STEP: i64 = 30;
/// Steps before and after the present one whose codes are taken, for clocks that differ.
const AROUND: i64 = 1;

/// The letters of base 32 (RFC 4648).
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The secret that an app and the record share. Never shown by accident.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotpSecret(Vec<u8>);

impl TotpSecret {
    /// A new one.
    pub fn random() -> TotpSecret {
        let mut bytes = vec![0; 20];
        getrandom::fill(&mut bytes).expect("the system has random bytes");
        TotpSecret(bytes)
    }

    /// The secret that [`base32`](Self::base32) writes; `None` for anything else.
    pub fn of_base32(text: &str) -> Option<TotpSecret> {
        let (mut bytes, mut number, mut bits) = (Vec::new(), 0_u64, 0);
        for letter in text.bytes().take(64) {
            let value = LETTERS.iter().position(|known| *known == letter)?;
            number = (number << 5 | value as u64) & 0xffff;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                bytes.push((number >> bits) as u8);
            }
        }
        (bytes.len() >= 16).then_some(TotpSecret(bytes))
    }

    /// As apps take it when it is typed: base 32.
    pub fn base32(&self) -> String {
        let mut text = String::new();
        for chunk in self.0.chunks(5) {
            let mut bits = [0; 5];
            bits[..chunk.len()].copy_from_slice(chunk);
            let number = bits.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
            for place in 0..(chunk.len() * 8).div_ceil(5) {
                text.push(char::from(LETTERS[(number >> (35 - 5 * place)) as usize & 31]));
            }
        }
        text
    }

    /// The address that apps read from a QR code or a link.
    pub fn uri(&self, login: &str) -> String {
        let login: String = url::form_urlencoded::byte_serialize(login.as_bytes()).collect();
        format!("otpauth://totp/sitewarden:{login}?secret={}&issuer=sitewarden", self.base32())
    }

    fn code(&self, step: i64) -> u32 {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let at = usize::from(hash[19] & 15);
        let number = u32::from_be_bytes([hash[at], hash[at + 1], hash[at + 2], hash[at + 3]]);
        (number & 0x7fff_ffff) % 1_000_000
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The step of a code, where it is good at `now` and later than the step that was used last.
pub fn is_code(secret: &TotpSecret, text: &str, last: Option<i64>, now: Timestamp) -> Option<i64> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if text.len() != 6 {
        return None;
    }
    let code: u32 = text.parse().ok()?;
    let present = now.as_second().div_euclid(STEP);
    let steps = (present - AROUND)..=(present + AROUND);
    steps.filter(|step| last.is_none_or(|last| *step > last)).find(|step| secret.code(*step) == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rfc() -> TotpSecret {
        TotpSecret(b"12345678901234567890".to_vec())
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, last six digits.
        for (second, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            let now = Timestamp::from_second(second).unwrap();
            assert_eq!(is_code(&rfc(), code, None, now), Some(second / STEP), "{second}");
        }
        assert_eq!(rfc().base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(TotpSecret::of_base32(&rfc().base32()), Some(rfc()));
        assert_eq!(TotpSecret::of_base32("GEZDGNBV"), None);
        assert_eq!(TotpSecret::of_base32("gezdgnbvgy3tqojqgezdgnbvgy3tqojq"), None);
    }

    #[test]
    fn a_code_works_once_and_for_a_minute_and_a_half() {
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        assert_eq!(is_code(&rfc(), "287 082", None, at(59)), Some(1));
        assert_eq!(is_code(&rfc(), "287082", None, at(89)), Some(1));
        assert_eq!(is_code(&rfc(), "287082", None, at(90)), None);
        assert_eq!(is_code(&rfc(), "287082", Some(1), at(59)), None);
        assert_eq!(is_code(&rfc(), "28708", None, at(59)), None);
        assert_eq!(is_code(&rfc(), "+87082", None, at(59)), None);
    }
}
