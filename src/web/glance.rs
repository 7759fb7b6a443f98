//! A site at a glance: what its card on the overview says, computed from plain values.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::config::{Settings, Site};
use crate::finding::Category;
use crate::indicators::RuleSet;
use crate::ledger::{Interval, State};
use crate::life::Life;
use crate::report::completeness::{Completeness, share};
use crate::report::html::finding::shown;
use crate::report::{figures, wording};
use crate::schedule::{Calendars, Job, JobKind, next_due};
use crate::store::{CaseTally, ScanResult, TurnTally};

/// What is known of a site.
pub(super) struct Known<'a> {
    pub(super) site: &'a Site,
    /// The last scan that ended with a result.
    pub(super) last: Option<&'a ScanResult>,
    /// What its targets did of late.
    pub(super) intervals: &'a [Interval],
    /// How many findings stand how, of all sites.
    pub(super) tallies: &'a [CaseTally],
    /// What became of findings today, of all sites.
    pub(super) turns: &'a [TurnTally],
}

/// A word with its look.
pub(super) struct Mark {
    pub(super) words: &'static str,
    pub(super) class: &'static str,
}

/// A card.
pub(super) struct Card {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) state: Mark,
    pub(super) total: Option<String>,
    pub(super) full: String,
    pub(super) vetoes: Vec<String>,
    pub(super) open: String,
    /// Findings by severity, worst first: word, class, number.
    pub(super) severities: Vec<(&'static str, &'static str, String)>,
    /// Findings by part of the inspection, most first.
    pub(super) groups: Vec<(&'static str, String)>,
    pub(super) opened: String,
    pub(super) fixed: String,
    pub(super) scanned: Option<String>,
    pub(super) next: Option<String>,
    pub(super) coverage: Option<Coverage>,
}

/// How much the last scan saw.
pub(super) struct Coverage {
    pub(super) label: &'static str,
    pub(super) class: &'static str,
    pub(super) share: String,
}

impl Card {
    pub(super) fn new(known: &Known<'_>, settings: &Settings, rules: &RuleSet, now: Timestamp) -> Card {
        let Known { site, last, tallies, turns, .. } = known;
        let standing = || {
            let of_site = tallies.iter().filter(|tally| tally.site == site.id);
            of_site.filter(|tally| tally.state != Life::Dismissed)
        };
        let severities = wording::SEVERITIES.map(|severity| {
            let number =
                standing().filter(|tally| tally.severity == severity).map(|tally| tally.number).sum();
            (
                wording::severity(severity).label,
                crate::report::words::severity(severity),
                figures::count(number),
            )
        });
        let came = |wanted: &[Life]| {
            let turns = turns.iter().filter(|turn| turn.site == site.id && wanted.contains(&turn.after));
            figures::count(turns.map(|turn| turn.number).sum())
        };
        Card {
            id: site.id.clone(),
            name: site.title().to_owned(),
            state: state(known, rules.availability().silence, now),
            total: last.and_then(|last| last.score.total).map(figures::points),
            full: last.map_or_else(String::new, |last| figures::points(last.score.full)),
            vetoes: last.map_or_else(Vec::new, vetoes),
            open: figures::count(standing().map(|tally| tally.number).sum()),
            severities: severities.into(),
            groups: groups(standing()),
            opened: came(&[Life::New, Life::Reopened]),
            fixed: came(&[Life::Fixed]),
            scanned: last.map(|last| figures::minute(last.finished)),
            next: next(known, settings, rules, now),
            coverage: last.map(|last| coverage(&last.coverage)),
        }
    }
}

/// The worst of what its targets are now; nothing is claimed of what nobody has looked at of late.
fn state(known: &Known<'_>, silence: SignedDuration, now: Timestamp) -> Mark {
    let interval =
        SignedDuration::try_from(known.site.schedule.probe_interval).unwrap_or(SignedDuration::MAX);
    let patience = interval.saturating_add(silence);
    let current =
        known.intervals.iter().filter(|one| one.end.is_none() && now.duration_since(one.last) <= patience);
    let order = |state: State| match state {
        State::Up => 0,
        State::Unknown => 1,
        State::Maintenance => 2,
        State::Degraded => 3,
        State::Down => 4,
    };
    match current.map(|one| one.state).max_by_key(|state| order(*state)) {
        Some(State::Up) => Mark { words: "正常", class: "up" },
        Some(State::Degraded) => Mark { words: "降级", class: "warn" },
        Some(State::Down) => Mark { words: "无法访问", class: "down" },
        Some(State::Maintenance) => Mark { words: "维护中", class: "plain" },
        Some(State::Unknown) => Mark { words: "无法判断", class: "plain" },
        None => Mark { words: "未监测", class: "plain" },
    }
}

/// The vetoes that hold, with their names; those that nobody has confirmed are candidates.
fn vetoes(last: &ScanResult) -> Vec<String> {
    let score = &last.score;
    let told = |id: &String| {
        let name = score.lines.iter().find(|line| line.id == *id).map_or("", |line| line.name.as_str());
        let state = if score.confirmed.contains(id) { "已认定" } else { "候选" };
        shown(&format!("{id} {name}（{state}）"))
    };
    score.vetoes.iter().map(told).collect()
}

fn groups<'a>(standing: impl Iterator<Item = &'a CaseTally>) -> Vec<(&'static str, String)> {
    let mut numbers: BTreeMap<Category, u64> = BTreeMap::new();
    for tally in standing {
        if let Some(check) = crate::checks::find(&tally.check) {
            *numbers.entry(check.about().category).or_default() += tally.number;
        }
    }
    let mut all: Vec<(Category, u64)> = numbers.into_iter().collect();
    all.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    all.into_iter().map(|(group, number)| (wording::category(group), figures::count(number))).collect()
}

/// When it is scanned in full next.
fn next(known: &Known<'_>, settings: &Settings, rules: &RuleSet, now: Timestamp) -> Option<String> {
    let availability = rules.availability();
    let length = |length: SignedDuration| length.try_into().unwrap_or_default();
    let calendars = Calendars {
        zone: settings.timezone.clone(),
        spread: length(availability.spread),
        quarter_lead: length(availability.quarter_lead),
    };
    let job = Job {
        site: &known.site.id,
        subject: &known.site.id,
        kind: JobKind::FullScan,
        schedule: &known.site.schedule,
        cadence: None,
        known_since: now,
        last: known.last.map(|last| last.finished),
    };
    next_due(&job, &calendars, now).map(figures::minute)
}

/// How much a scan saw. The record keeps no list of checks that could not run, so that only coverage is judged.
pub(super) fn coverage(coverage: &crate::facts::Coverage) -> Coverage {
    let completeness = Completeness::of(coverage, 0);
    Coverage {
        label: completeness.label(),
        class: match completeness {
            Completeness::Complete => "good",
            Completeness::Partial(_) => "warn",
            Completeness::Failed => "bad",
        },
        share: share(coverage).unwrap_or_else(|| "—".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;
    use crate::ledger::Target;

    #[test]
    fn the_worst_target_tells_and_old_signs_do_not() {
        let home = Address::parse("http://a.example.gov.cn/").unwrap();
        let site = Site::at(&home, &[]);
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let interval = |state, ago: i64, end| {
            let at = now - SignedDuration::from_mins(ago);
            Interval {
                id: 1,
                target: Target { site: site.id.clone(), name: "home".to_owned() },
                cause: String::new(),
                state,
                earliest: at,
                start: at,
                last: at,
                end,
            }
        };
        let check = |intervals: &[Interval], expected: &str| {
            let known = Known { site: &site, last: None, intervals, tallies: &[], turns: &[] };
            let card = Card::new(&known, &Settings::default(), &RuleSet::built_in(), now);
            assert_eq!(card.state.words, expected);
        };
        check(&[], "未监测");
        check(&[interval(State::Up, 1, None), interval(State::Down, 1, None)], "无法访问");
        check(&[interval(State::Up, 1, None), interval(State::Down, 2, Some(now))], "正常");
        check(&[interval(State::Up, 60, None)], "未监测");
    }
}
