//! What a certificate is known by, and until when it is valid, read from its DER bytes.
//!
//! A whole X.509 library would be much code for one date; whether the certificate can be trusted is for TLS to say.

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

/// DER tags met on the way.
const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xA0;

/// A certificate that a server has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The last day, in UTC, on which it is valid; `None` where it cannot be read.
    pub until: Option<Date>,
    /// SHA-256 of its DER bytes.
    pub print: [u8; 32],
}

impl Shown {
    /// Reads DER bytes.
    pub fn of(der: &[u8]) -> Shown {
        Shown { until: last_day(der), print: Sha256::digest(der).into() }
    }
}

/// The last day, in UTC, on which a certificate is valid; `None` where it cannot be read.
pub fn last_day(der: &[u8]) -> Option<Date> {
    let (SEQUENCE, certificate, _) = element(der)? else { return None };
    let (SEQUENCE, mut signed, _) = element(certificate)? else { return None };
    if let (VERSION, _, rest) = element(signed)? {
        signed = rest;
    }
    // Serial number, signature algorithm, issuer.
    for expected in [INTEGER, SEQUENCE, SEQUENCE] {
        let (tag, _, rest) = element(signed)?;
        signed = (tag == expected).then_some(rest)?;
    }
    let (SEQUENCE, validity, _) = element(signed)? else { return None };
    let (_, _, not_after) = element(validity)?;
    let (tag, time, _) = element(not_after)?;
    day(tag, time)
}

/// The first element: its tag, its content, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first & 0x7F);
    if first & 0x80 != 0 {
        // A length of more than four bytes would be a certificate of gigabytes.
        let (bytes, after) = rest.split_at_checked(length).filter(|(bytes, _)| bytes.len() <= 4)?;
        length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        rest = after;
    }
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// `YYMMDD…` or `YYYYMMDD…`.
fn day(tag: u8, time: &[u8]) -> Option<Date> {
    let number = |from: usize, length: usize| -> Option<i16> {
        std::str::from_utf8(time.get(from..from + length)?).ok()?.parse().ok()
    };
    let (year, at) = match tag {
        // RFC 5280: two digits below 50 are of this century.
        UTC_TIME => (number(0, 2).map(|year| if year < 50 { 2000 + year } else { 1900 + year })?, 2),
        GENERALIZED_TIME => (number(0, 4)?, 4),
        _ => return None,
    };
    let (month, day) = (i8::try_from(number(at, 2)?).ok()?, i8::try_from(number(at + 2, 2)?).ok()?);
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn certificate(year: i32, month: u8, day: u8) -> Vec<u8> {
        let mut params = rcgen::CertificateParams::new(vec!["www.example.test".to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(year, month, day);
        params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    #[test]
    fn reads_both_forms_of_time() {
        assert_eq!(last_day(&certificate(2026, 12, 3)), Some(date(2026, 12, 3)));
        assert_eq!(last_day(&certificate(2051, 1, 31)), Some(date(2051, 1, 31)));
    }

    #[test]
    fn anything_else_is_unreadable() {
        let whole = certificate(2026, 12, 3);
        for length in 0..whole.len().min(300) {
            assert_eq!(last_day(&whole[..length]), None);
        }
        for bytes in [&b"\x30\x84\xFF\xFF\xFF\xFF"[..], b"\x30\xFF", b"\x30\x80\x30\x80", b"GET / HTTP/1.1"] {
            assert_eq!(last_day(bytes), None, "{bytes:?}");
        }
        assert_eq!(day(UTC_TIME, b"261332000000Z"), None);
    }
}
