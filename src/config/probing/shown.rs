//! `[probe]` and `[[target]]` as the file that would lead to them.

use serde::Serialize;

use super::super::values::show_duration;
use super::written::show_subject;
use super::{Probing, Reader, Subject, Target};

#[derive(Serialize)]
pub(in super::super) struct ShownProbing {
    interval: String,
    doubt_interval: String,
    timeout: String,
    slow: String,
    fails: usize,
    of: usize,
    recovers: usize,
    flap_falls: usize,
    flap_within: String,
    flap_calm: String,
    days_before: Vec<i32>,
    references: Vec<String>,
    reference_timeout: String,
    registries: Vec<String>,
    whole_sites: bool,
}

impl ShownProbing {
    pub(in super::super) fn of(probing: &Probing) -> ShownProbing {
        let Probing { rule, references, registries, .. } = probing;
        ShownProbing {
            interval: show_duration(probing.interval),
            doubt_interval: show_duration(probing.doubt_interval),
            timeout: show_duration(probing.timeout),
            slow: show_duration(probing.slow),
            fails: rule.fails,
            of: rule.of,
            recovers: rule.recovers,
            flap_falls: rule.flap.falls,
            flap_within: show_duration(rule.flap.within),
            flap_calm: show_duration(rule.flap.calm),
            days_before: rule.days_before.clone(),
            references: references.addresses.iter().map(ToString::to_string).collect(),
            reference_timeout: show_duration(references.timeout),
            registries: registries.0.iter().map(|(name, registry)| format!("{name} {registry}")).collect(),
            whole_sites: probing.whole_sites,
        }
    }
}

#[derive(Serialize)]
pub(in super::super) struct ShownTarget {
    id: String,
    name: String,
    site: Option<String>,
    probe: String,
    reader: Option<&'static str>,
    status: Vec<u16>,
    words: Vec<String>,
    not_words: Vec<String>,
    json: Vec<String>,
    addresses: Vec<String>,
    interval: String,
    timeout: String,
    fails: usize,
    of: usize,
    recovers: usize,
}

impl ShownTarget {
    pub(in super::super) fn of(target: &Target) -> ShownTarget {
        let Target { expect, rule, .. } = target;
        ShownTarget {
            id: target.id.clone(),
            name: target.name.clone(),
            site: target.site.clone(),
            probe: show_subject(&target.subject),
            reader: match target.subject {
                Subject::Page(_, Reader::Phone) => Some("phone"),
                _ => None,
            },
            status: expect.statuses.clone(),
            words: expect.words.clone(),
            not_words: expect.not_words.clone(),
            json: expect.json.iter().map(|(pointer, value)| format!("{pointer}={value}")).collect(),
            addresses: expect.addresses.clone(),
            interval: show_duration(target.interval),
            timeout: show_duration(target.timeout),
            fails: rule.fails,
            of: rule.of,
            recovers: rule.recovers,
        }
    }
}
