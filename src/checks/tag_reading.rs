//! What the value of a page tag says, however it is spelt.

use url::Host;

use crate::indicators::ValueRule;
use crate::page::parse_date_time;

/// Hosts read from one value; nobody lists more in earnest.
const HOSTS: usize = 20;
/// Characters of a value in evidence and identity.
const SHOWN: usize = 60;

/// The hosts that a value names: with or without scheme, port and path, several with commas or spaces between them.
/// What is no name of a host is left out.
pub(super) fn hosts(value: &str) -> Vec<String> {
    value
        .split(|c: char| c.is_whitespace() || ",，;；、|".contains(c))
        .filter(|part| !part.is_empty())
        .take(HOSTS)
        .filter_map(host)
        .collect()
}

fn host(part: &str) -> Option<String> {
    let part = part.split_once("//").map_or(part, |(_, rest)| rest);
    let end = part.find(['/', '\\', '?', '#']).unwrap_or(part.len());
    let authority = &part[..end];
    let name = match authority.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => name,
        _ => authority,
    };
    match Host::parse(name.trim_end_matches('.')).ok()? {
        // Any word is a name to the parser: the name of the organ, `null`, a number of the template.
        Host::Domain(name) => (name.contains('.') || name == "localhost").then_some(name),
        address => Some(address.to_string()),
    }
}

/// A host without its `www.`, which rarely names another site.
pub(super) fn bare(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

/// What a value says: the same for all spellings of one thing.
pub(super) fn said(value: &str, rule: Option<&ValueRule>) -> String {
    let folded = || value.split_whitespace().collect::<Vec<_>>().join(" ");
    match rule {
        Some(ValueRule::Host) => {
            let mut hosts: Vec<String> = hosts(value).iter().map(|host| bare(host).to_owned()).collect();
            hosts.sort_unstable();
            hosts.dedup();
            if hosts.is_empty() { folded().to_lowercase() } else { hosts.join(",") }
        }
        Some(ValueRule::Code { .. }) => folded().to_ascii_lowercase(),
        // One template writes the time, another does not.
        Some(ValueRule::Date { .. }) => {
            parse_date_time(value).map_or_else(folded, |time| time.date().to_string())
        }
        Some(ValueRule::Title { .. } | ValueRule::Position { .. }) | None => folded(),
    }
}

/// A value, cut where it is too long to be shown.
pub(super) fn shown(value: &str) -> String {
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::RuleSet;

    #[test]
    fn hosts_are_read_in_all_their_spellings() {
        let check = |value: &str, expected: &[&str]| assert_eq!(hosts(value), expected, "{value:?}");
        check("www.example.gov.cn", &["www.example.gov.cn"]);
        check("http://WWW.Example.gov.cn/", &["www.example.gov.cn"]);
        check("https://www.example.gov.cn:8443/index.html", &["www.example.gov.cn"]);
        check("//www.example.gov.cn", &["www.example.gov.cn"]);
        check("a.gov.cn,b.gov.cn，c.gov.cn; d.gov.cn", &["a.gov.cn", "b.gov.cn", "c.gov.cn", "d.gov.cn"]);
        check("www.example.gov.cn.", &["www.example.gov.cn"]);
        check("http://[2001:db8::1]:81/", &["[2001:db8::1]"]);
        check("192.0.2.7:80", &["192.0.2.7"]);
        check("示例市.政务", &["xn--fsq956ahru.xn--zfr164b"]);
        check("示例市生态环境局", &[]);
        check("http://", &[]);
        check("<%= host %>", &[]);
        check("", &[]);
    }

    #[test]
    fn spellings_of_one_thing_say_the_same() {
        let rules = RuleSet::built_in();
        let check = |tag: &str, one: &str, other: &str, same: bool| {
            let rule = rules.tags().all().iter().find(|rule| rule.name == tag).expect("there is such a tag");
            let said = |value| said(value, rule.value.as_ref());
            assert_eq!(said(one) == said(other), same, "{tag}: {one:?} {other:?}");
        };
        check("SiteDomain", "http://www.example.gov.cn/", "example.gov.cn", true);
        check("SiteDomain", "a.gov.cn,b.gov.cn", "b.gov.cn, a.gov.cn", true);
        check("SiteDomain", "a.gov.cn", "b.gov.cn", false);
        check("SiteIDCode", "BM17000099", "bm17000099", true);
        check("PubDate", "2026-11-20\u{a0}09∶30", "2026年11月20日", true);
        check("PubDate", "2026-11-20", "2026-11-21", false);
        check("ColumnName", " 要闻  动态", "要闻 动态", true);
        check("ColumnName", "要闻", "公共头", false);
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        assert_eq!(shown("短"), "短");
        let cut = shown(&"长".repeat(1_000));
        assert_eq!(cut.chars().count(), SHOWN + 1);
    }
}
