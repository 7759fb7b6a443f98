//! Until when a domain is registered: what WHOIS servers and RDAP answer.
//!
//! There is no RDAP for `.cn`; its registry answers WHOIS in lines of its own. What cannot be read is unknown, never
//! fine.

use jiff::civil::Date;

/// Labels behind which registries write the last day, lower case.
const LABELS: [&str; 7] = [
    "expiration time",
    "registry expiry date",
    "registrar registration expiration date",
    "expiration date",
    "expiry date",
    "paid-till",
    "expires",
];

/// The last day in the answer of a WHOIS server.
pub(super) fn whois(answer: &str) -> Option<Date> {
    answer.lines().find_map(|line| {
        let (label, value) = line.split_once(':')?;
        let label = label.trim().trim_end_matches('.').to_ascii_lowercase();
        LABELS.contains(&label.as_str()).then(|| day(value)).flatten()
    })
}

/// The last day in an answer of RDAP.
pub(super) fn rdap(answer: &[u8]) -> Option<Date> {
    let answer: serde_json::Value = serde_json::from_slice(answer).ok()?;
    let events = answer.get("events")?.as_array()?;
    let end = events.iter().find(|event| event["eventAction"] == "expiration")?;
    day(end.get("eventDate")?.as_str()?)
}

/// The date at the head of a time: `2027-03-01 12:00:00`, `2027-03-01T12:00:00Z`, `2027.03.01`, `2027/03/01`.
fn day(text: &str) -> Option<Date> {
    let head: String =
        text.trim().chars().take(10).map(|c| if c == '.' || c == '/' { '-' } else { c }).collect();
    head.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registries_write_it_each_in_its_way() {
        let check = |answer: &str, expected: Option<&str>| {
            let expected = expected.map(|day| day.parse().unwrap());
            assert_eq!(whois(answer), expected, "{answer}");
        };
        check(
            "Domain Name: example.cn\nRegistration Time: 2003-01-01 00:00:00\nExpiration Time: 2027-03-17 12:48:36\n",
            Some("2027-03-17"),
        );
        check("   Registry Expiry Date: 2028-08-13T04:00:00Z\r\n", Some("2028-08-13"));
        check("paid-till:     2027.05.01\n", Some("2027-05-01"));
        check("no matching record.\n", None);
        check("Expiration Time: soon\n", None);
        check("", None);
    }

    #[test]
    fn rdap_lists_events() {
        let answer = br#"{"events":[{"eventAction":"registration","eventDate":"2011-01-01T00:00:00Z"},
            {"eventAction":"expiration","eventDate":"2027-01-09T02:00:00Z"}]}"#;
        assert_eq!(rdap(answer), Some(jiff::civil::date(2027, 1, 9)));
        assert_eq!(rdap(b"{}"), None);
        assert_eq!(rdap(b"<html>"), None);
    }
}
