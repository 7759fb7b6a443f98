//! `[probe]` and `[[target]]` as written.

use std::collections::HashSet;
use std::time::Duration;

use super::super::section::Section;
use super::super::{Site, values};
use super::{Expect, Probing, Reader, Subject, Target};
use crate::address::Address;

/// Reads `[probe]`.
pub(in super::super) fn probing(section: &mut Section<'_>, probing: &mut Probing) {
    section.set("interval", "\"60s\"", &mut probing.interval, span);
    section.set("doubt_interval", "\"15s\"", &mut probing.doubt_interval, span);
    section.set("timeout", "\"15s\"", &mut probing.timeout, span);
    section.set("slow", "\"5s\"", &mut probing.slow, span);
    section.set("fails", "2", &mut probing.rule.fails, values::at_least_one);
    section.set("of", "3", &mut probing.rule.of, values::at_least_one);
    section.set("recovers", "2", &mut probing.rule.recovers, values::at_least_one);
    section.set("flap_falls", "4", &mut probing.rule.flap.falls, Ok);
    section.set("flap_within", "\"1h\"", &mut probing.rule.flap.within, span);
    section.set("flap_calm", "\"15m\"", &mut probing.rule.flap.calm, span);
    section.set("days_before", "[60, 30, 14, 7, 3, 1, 0]", &mut probing.rule.days_before, Ok);
    section.set_list("references", "[\"223.5.5.5:53\"]", &mut probing.references.addresses, |text| {
        text.parse().map_err(|_| format!("`{text}` is no address with a port"))
    });
    section.set("reference_timeout", "\"5s\"", &mut probing.references.timeout, span);
    section.set_list("registries", "[\"cn whois.cnnic.cn\"]", &mut probing.registries.0, registry);
    section.set("whole_sites", "true", &mut probing.whole_sites, Ok);
    if probing.rule.fails > probing.rule.of {
        section.wrong(
            "`fails` is more than `of`",
            "no target would ever be down: write for example fails = 2, of = 3",
        );
    }
    if probing.doubt_interval > probing.interval {
        section.wrong("`doubt_interval` is longer than `interval`", "doubt should shorten the wait");
    }
}

/// Reads every `[[target]]`.
pub(in super::super) fn targets(
    sections: Vec<Section<'_>>,
    probing: &Probing,
    sites: &[Site],
) -> Vec<Target> {
    let mut ids: HashSet<String> =
        sites.iter().flat_map(|site| probing.targets_of(site)).map(|target| target.id).collect();
    let mut targets = Vec::new();
    for mut section in sections {
        if let Some(target) = target(&mut section, probing, sites) {
            if !ids.insert(target.id.clone()) {
                section.wrong(format!("two targets have the id `{}`", target.id), "give each its own");
            }
            targets.push(target);
        }
        section.finish();
    }
    targets
}

fn target(section: &mut Section<'_>, probing: &Probing, sites: &[Site]) -> Option<Target> {
    for key in ["id", "probe"].into_iter().filter(|key| !section.has(key)) {
        section.wrong(format!("a target without `{key}`"), "a target needs `id` and `probe`");
    }
    let (mut id, mut name, mut site, mut subject, mut reader) = (None, None, None, None, Reader::Desk);
    section.set("id", "\"oa\"", &mut id, |text: String| values::id(text).map(Some));
    section.set("name", "\"办公系统\"", &mut name, |text: String| Ok(Some(text)));
    section.set("site", "\"sthjt\"", &mut site, |text: String| {
        let is_known = sites.iter().any(|site| site.id == text);
        if is_known { Ok(Some(text)) } else { Err(format!("there is no site `{text}`")) }
    });
    section.set("reader", "\"phone\"", &mut reader, |text: String| match text.as_str() {
        "desk" => Ok(Reader::Desk),
        "phone" => Ok(Reader::Phone),
        _ => Err(format!("`{text}` is neither desk nor phone")),
    });
    section.set("probe", "\"https://oa.example.gov.cn/login\"", &mut subject, |text: String| {
        read_subject(&text).map(Some)
    });
    let mut expect = Expect::default();
    section.set("status", "[200]", &mut expect.statuses, Ok);
    section.set("words", "[\"登录\"]", &mut expect.words, Ok);
    section.set("not_words", "[\"系统维护\"]", &mut expect.not_words, Ok);
    section.set_list("json", "[\"/status=UP\"]", &mut expect.json, |text| {
        text.split_once('=')
            .filter(|(pointer, _)| pointer.starts_with('/'))
            .map(|(pointer, value)| (pointer.to_owned(), value.to_owned()))
            .ok_or_else(|| format!("`{text}` is no /pointer=value"))
    });
    section.set_list("addresses", "[\"203.0.113.7\"]", &mut expect.addresses, |text| {
        let address: std::net::IpAddr = text.parse().map_err(|_| format!("`{text}` is no IP address"))?;
        Ok(address.to_string())
    });
    let (mut interval, mut timeout, mut rule) = (probing.interval, probing.timeout, probing.rule.clone());
    section.set("interval", "\"60s\"", &mut interval, span);
    section.set("timeout", "\"15s\"", &mut timeout, span);
    section.set("fails", "2", &mut rule.fails, values::at_least_one);
    section.set("of", "3", &mut rule.of, values::at_least_one);
    section.set("recovers", "2", &mut rule.recovers, values::at_least_one);
    let (id, subject): (String, Subject) = (id?, subject?);
    let subject = match subject {
        Subject::Page(address, _) => Subject::Page(address, reader),
        other => other,
    };
    Some(Target {
        name: name.unwrap_or_else(|| id.clone()),
        id,
        site,
        subject,
        expect,
        interval,
        timeout,
        rule,
    })
}

/// Reads `https://host/path`, `tcp://host:port`, `tls://host:port`, `dns://name`, `domain://name`.
fn read_subject(text: &str) -> Result<Subject, String> {
    let wrong = || {
        format!(
            "`{text}` is none of https://…, http://…, tcp://host:port, tls://host:port, dns://name, domain://name"
        )
    };
    let (scheme, rest) = text.split_once("://").ok_or_else(wrong)?;
    let port = |default: Option<u16>| match rest.rsplit_once(':').filter(|(host, _)| !host.is_empty()) {
        Some((host, port)) if !port.contains(']') => {
            let port = port.parse().map_err(|_| wrong())?;
            Ok((host.trim_matches(['[', ']']).to_owned(), port))
        }
        _ => default.map(|port| (rest.trim_matches(['[', ']']).to_owned(), port)).ok_or_else(wrong),
    };
    if rest.is_empty() {
        return Err(wrong());
    }
    match scheme {
        "http" | "https" => {
            Address::parse(text).map(|address| Subject::Page(address, Reader::Desk)).map_err(|_| wrong())
        }
        "tcp" => port(None).map(|(host, port)| Subject::Port(host, port)),
        "tls" => port(Some(443)).map(|(host, port)| Subject::Certificate(host, port)),
        "dns" => Ok(Subject::Name(rest.to_owned())),
        "domain" => Ok(Subject::Domain(rest.to_owned())),
        _ => Err(wrong()),
    }
}

/// Writes what [`read_subject`] reads.
pub(super) fn show_subject(subject: &Subject) -> String {
    let host = |host: &str| if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    match subject {
        Subject::Page(address, _) => address.to_string(),
        Subject::Port(name, port) => format!("tcp://{}:{port}", host(name)),
        Subject::Certificate(name, port) => format!("tls://{}:{port}", host(name)),
        Subject::Name(name) => format!("dns://{name}"),
        Subject::Domain(name) => format!("domain://{name}"),
    }
}

fn registry(text: &str) -> Result<(String, String), String> {
    let (name, registry) =
        text.split_once(' ').ok_or_else(|| format!("`{text}` is no name with a server behind it"))?;
    Ok((name.trim_start_matches('.').to_owned(), registry.trim().to_owned()))
}

/// A time that is not nothing: without a pause nothing else would get its turn.
fn span(text: String) -> Result<Duration, String> {
    values::duration(&text).and_then(|span| match span {
        Duration::ZERO => Err("must be more than nothing".to_owned()),
        span => Ok(span),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_read_and_written() {
        for text in [
            "https://oa.example.gov.cn/login",
            "tcp://db.example.gov.cn:5432",
            "tcp://[2001:da8::1]:22",
            "tls://www.example.gov.cn:443",
            "dns://www.example.gov.cn",
            "domain://example.gov.cn",
        ] {
            assert_eq!(show_subject(&read_subject(text).unwrap()), text);
        }
        assert_eq!(show_subject(&read_subject("tls://a.test").unwrap()), "tls://a.test:443");
        for text in ["", "oa", "ftp://a.test/", "tcp://a.test", "tcp://a.test:x", "dns://"] {
            assert!(read_subject(text).is_err(), "{text}");
        }
    }
}
