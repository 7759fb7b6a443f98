//! Single values as a person writes them, in the file or on the command line.
//!
//! Each reader says what is wrong in a few words that fit behind the name of the key.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::address::{Address, NoAddress, ScopeEntry};
use crate::net::guard::{Network, NotANetwork};

/// The port of name servers.
const DNS_PORT: u16 = 53;

/// Reads a home page.
pub fn home(text: &str) -> Result<Address, String> {
    Address::parse(text).map_err(|why| match why {
        NoAddress::NotFetchable => format!("`{text}` is no http or https address"),
        NoAddress::Malformed(_) => format!("`{text}` cannot be read as an address"),
    })
}

/// Reads the id of a site or a target.
pub(super) fn id(text: String) -> Result<String, String> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !text.is_empty() && text.bytes().all(fits) {
        Ok(text)
    } else {
        Err(format!("`{text}` has other characters than a-z, 0-9 and -"))
    }
}

/// Reads a duration: `30s`, `15m`, `1h30m`, `500ms`.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no duration");
    let signed: SignedDuration = text.trim().parse().map_err(|_| wrong())?;
    Duration::try_from(signed).map_err(|_| wrong())
}

/// Writes a duration as [`duration`] reads it.
pub fn show_duration(duration: Duration) -> String {
    let signed = SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
    format!("{signed:#}").replace(' ', "")
}

/// Reads a moment of the calendar, `2026-12-05 02:00`, by the clock of `zone`.
pub fn moment(text: &str, zone: &TimeZone) -> Result<Timestamp, String> {
    let wrong = || format!("`{text}` is no moment like `2026-12-05 02:00`");
    let civil: DateTime = text.trim().parse().map_err(|_| wrong())?;
    civil.to_zoned(zone.clone()).map(|zoned| zoned.timestamp()).map_err(|_| wrong())
}

/// Reads a time zone by its name.
pub fn time_zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text).map_err(|_| format!("there is no time zone `{text}`"))
}

/// Reads a text that says something.
pub fn not_empty(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("must not be empty".to_owned()) } else { Ok(text.to_owned()) }
}

/// Reads requests per second, where 0 stands for no limit.
pub fn rate(per_second: f64) -> Result<Option<f64>, String> {
    match per_second {
        0.0 => Ok(None),
        _ if per_second.is_finite() && per_second > 0.0 => Ok(Some(per_second)),
        _ => Err(format!("{per_second} is no rate")),
    }
}

/// Reads a name server, with port 53 unless another one is given.
pub fn name_server(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .or_else(|_| text.parse::<IpAddr>().map(|address| SocketAddr::new(address, DNS_PORT)))
        .map_err(|_| format!("`{text}` is no IP address with an optional port"))
}

/// Reads a network, `10.0.0.0/8`, or one address.
pub fn network(text: &str) -> Result<Network, String> {
    text.parse().map_err(|wrong: NotANetwork| wrong.to_string())
}

/// Reads an entry of a scope, and keeps it as written.
pub fn scope(text: &str) -> Result<String, String> {
    text.parse().map(|_: ScopeEntry| text.to_owned()).map_err(|wrong| format!("`{text}` {wrong}"))
}

/// Reads a number of which none at all would stop the work.
pub fn at_least_one(count: usize) -> Result<usize, String> {
    if count == 0 { Err("0 is too few".to_owned()) } else { Ok(count) }
}

/// Reads the path of a file that must be there.
pub fn existing_file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.is_file() { Ok(path) } else { Err(format!("there is no file `{text}`")) }
}

/// Reads the path of a folder that must be there.
pub fn existing_folder(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.is_dir() { Ok(path) } else { Err(format!("there is no folder `{text}`")) }
}

/// One of some ids; the refusal names them all.
pub(super) fn known<'a>(
    text: &str,
    ids: impl Iterator<Item = &'a str>,
    what: &str,
) -> Result<String, String> {
    let ids: Vec<&str> = ids.collect();
    match (ids.contains(&text), ids.is_empty()) {
        (true, _) => Ok(text.to_owned()),
        (false, true) => Err(format!("there is no {what} `{text}`, nor any other")),
        (false, false) => Err(format!("there is no {what} `{text}`; there are {}", ids.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_survive_a_round_trip() {
        let check = |text: &str, millis: u64, shown: &str| {
            let read = duration(text).unwrap();
            assert_eq!(read, Duration::from_millis(millis), "{text}");
            assert_eq!(show_duration(read), shown, "{text}");
        };
        check("5s", 5_000, "5s");
        check("15m", 900_000, "15m");
        check("1h30m", 5_400_000, "1h30m");
        check("1h 30m", 5_400_000, "1h30m");
        check("500ms", 500, "500ms");
        check("0s", 0, "0s");
        for wrong in ["", "5", "soon", "-5s", "5x"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn networks() {
        let check = |text: &str, expected: Option<(&str, u8)>| {
            let read = network(text).ok().map(|network| (network.address.to_string(), network.prefix));
            assert_eq!(read, expected.map(|(address, prefix)| (address.to_owned(), prefix)), "{text}");
        };
        check("127.0.0.0/8", Some(("127.0.0.0", 8)));
        check("10.1.2.3", Some(("10.1.2.3", 32)));
        check("fd00::/8", Some(("fd00::", 8)));
        check("10.0.0.0/33", None);
        check("10.0.0/8", None);
        check("10.0.0.0/", None);
    }

    #[test]
    fn name_servers() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(
                name_server(text).ok().map(|server| server.to_string()).as_deref(),
                expected,
                "{text}"
            );
        };
        check("127.0.0.1", Some("127.0.0.1:53"));
        check("127.0.0.1:5353", Some("127.0.0.1:5353"));
        check("::1", Some("[::1]:53"));
        check("[::1]:54", Some("[::1]:54"));
        check("dns.example.test", None);
    }

    #[test]
    fn rates() {
        assert_eq!(rate(0.0), Ok(None));
        assert_eq!(rate(2.5), Ok(Some(2.5)));
        assert!(rate(-1.0).is_err() && rate(f64::NAN).is_err() && rate(f64::INFINITY).is_err());
    }
}
