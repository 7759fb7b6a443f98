//! What changed: the findings of one scan against those that the record remembers.
//!
//! This is the life of a finding as a pure function of what was remembered, what was found and when. Keeping the
//! rows is left to [`store`](crate::store), telling people to whoever reads the [`Changes`].

use std::collections::HashMap;

use jiff::Timestamp;

use crate::finding::{Finding, Fingerprint};
use crate::life::{Life, Reported};

/// A finding as the record remembers it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredFinding {
    /// What a report shows of it.
    pub reported: Reported,
    /// Dedup key of its page: with the check's id, what decides whether a scan could have seen it again.
    pub page_key: String,
    /// Since when it is in its present state.
    pub since: Timestamp,
    /// The end of its dismissal, where it is dismissed.
    pub until: Option<Timestamp>,
}

/// A finding as one scan saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighted {
    /// Identity.
    pub id: Fingerprint,
    /// Dedup key of its page.
    pub page_key: String,
    /// What was found.
    pub finding: Finding,
}

impl Sighted {
    /// A finding on `site`, whose page has the dedup key `page_key`.
    pub fn new(site: &str, page_key: &str, finding: Finding) -> Sighted {
        Sighted { id: finding.fingerprint(site, page_key), page_key: page_key.to_owned(), finding }
    }
}

/// What a scan means for one finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Never seen before.
    Opened,
    /// Seen before and still there.
    StillOpen,
    /// Back after it was fixed.
    Reopened,
    /// A person had dismissed it; the end date has passed and nothing shows that it is gone.
    Lapsed,
    /// A person has dismissed it, and the end date is yet to come.
    Dismissed,
    /// Its page was seen again, its check ran, and it was not there.
    Fixed,
    /// This scan could not tell. It stays open, for not seen is not fine.
    Unseen,
}

/// One finding after a scan.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What the scan means for it.
    pub step: Step,
    /// Where it stood before; `None`: nobody knew of it.
    pub before: Option<Life>,
    /// How the record is to remember it.
    pub row: StoredFinding,
}

/// Every finding of a site after a scan, but those that were fixed before and stayed so.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes(pub Vec<Change>);

impl Changes {
    /// The findings for which the scan meant `step`.
    pub fn of(&self, step: Step) -> impl Iterator<Item = &Reported> {
        self.0.iter().filter(move |change| change.step == step).map(|change| &change.row.reported)
    }

    /// The findings that stand: neither fixed nor dismissed, this scan's as well as those it could not see.
    pub fn open(&self) -> impl Iterator<Item = &Reported> {
        let stands = |change: &&Change| !matches!(change.step, Step::Fixed | Step::Dismissed);
        self.0.iter().filter(stands).map(|change| &change.row.reported)
    }
}

/// Compares what was found `now` with what was known.
///
/// `previous` holds every finding of the site that is not fixed, and of the fixed ones at least those found now.
/// `seen` says of a finding that is absent whether that means anything: its page was seen again and its check ran.
pub fn changes(
    previous: Vec<StoredFinding>,
    now: Vec<Sighted>,
    seen: &dyn Fn(&StoredFinding) -> bool,
    at: Timestamp,
) -> Changes {
    // A check that reports the same thing twice is taken at its first word.
    let mut order = Vec::with_capacity(now.len());
    let mut found = HashMap::with_capacity(now.len());
    for sighted in now {
        if !found.contains_key(&sighted.id) {
            order.push(sighted.id.clone());
            found.insert(sighted.id.clone(), sighted);
        }
    }

    let mut changes = Vec::with_capacity(previous.len() + order.len());
    for mut row in previous {
        let presence = match found.remove(&row.reported.id) {
            Some(sighted) => {
                row.page_key = sighted.page_key;
                row.reported.finding = sighted.finding;
                row.reported.last_seen = at;
                Presence::Found
            }
            None if seen(&row) => Presence::Gone,
            None => Presence::Unknown,
        };
        let lapsed = row.until.is_some_and(|until| until <= at);
        let before = row.reported.state;
        if let Some((state, step)) = next(before, lapsed, presence) {
            enter(&mut row, state, at);
            changes.push(Change { step, before: Some(before), row });
        }
    }
    for id in order {
        if let Some(sighted) = found.remove(&id) {
            changes.push(Change { step: Step::Opened, before: None, row: opened(sighted, at) });
        }
    }
    Changes(changes)
}

/// What a scan can say about a remembered finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Found,
    Gone,
    Unknown,
}

/// The life of a finding that is remembered in `state`: where a scan takes it, and what that means.
/// `None`: it was fixed and nothing speaks against that.
fn next(state: Life, lapsed: bool, presence: Presence) -> Option<(Life, Step)> {
    use Presence::{Found, Gone, Unknown};
    Some(match (state, presence) {
        (Life::Fixed, Found) => (Life::Reopened, Step::Reopened),
        (Life::Fixed, Gone | Unknown) => return None,
        // A dismissal holds to its end date even while the finding is away, so that one which comes and goes
        // does not come back as news.
        (Life::Dismissed, _) if !lapsed => (Life::Dismissed, Step::Dismissed),
        (_, Gone) => (Life::Fixed, Step::Fixed),
        (Life::Dismissed, Found | Unknown) => (Life::Open, Step::Lapsed),
        (Life::Acknowledged, Found) => (Life::Acknowledged, Step::StillOpen),
        (Life::New | Life::Open | Life::Reopened, Found) => (Life::Open, Step::StillOpen),
        // It was news to the scan that saw it; this one has none of it.
        (Life::New | Life::Reopened, Unknown) => (Life::Open, Step::Unseen),
        (state, Unknown) => (state, Step::Unseen),
    })
}

/// Puts a row into `state`, which it may be in already.
fn enter(row: &mut StoredFinding, state: Life, at: Timestamp) {
    if state != Life::Dismissed {
        row.until = None;
    }
    if row.reported.state != state {
        row.reported.state = state;
        row.since = at;
    }
}

fn opened(sighted: Sighted, at: Timestamp) -> StoredFinding {
    let Sighted { id, page_key, finding } = sighted;
    let reported = Reported { id, finding, first_seen: at, last_seen: at, state: Life::New };
    StoredFinding { reported, page_key, since: at, until: None }
}

/// What a person rules about a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// It is known and will be seen to.
    Acknowledge,
    /// It is none, until a date.
    Dismiss {
        /// Until when; a dismissal without an end would hide a later defect for good.
        until: Timestamp,
    },
    /// An earlier ruling no longer holds.
    Withdraw,
}

/// A ruling with whatever must be known of it afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What was ruled.
    pub ruling: Ruling,
    /// Who.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// Why a decision cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The finding is fixed.
    #[error("the finding is fixed already, so there is nothing to decide")]
    Fixed,
    /// A dismissal whose end lies in the past.
    #[error("the end date of the dismissal has passed already; give a later one")]
    EndsInThePast,
    /// A dismissal without a reason.
    #[error("a dismissal needs a reason")]
    NoReason,
}

/// Applies a person's decision to a row.
pub fn decide(row: &mut StoredFinding, decision: &Decision) -> Result<(), Refusal> {
    if row.reported.state == Life::Fixed {
        return Err(Refusal::Fixed);
    }
    let (state, until) = match decision.ruling {
        Ruling::Acknowledge => (Life::Acknowledged, None),
        Ruling::Dismiss { .. } if decision.reason.trim().is_empty() => return Err(Refusal::NoReason),
        Ruling::Dismiss { until } if until <= decision.at => return Err(Refusal::EndsInThePast),
        Ruling::Dismiss { until } => (Life::Dismissed, Some(until)),
        Ruling::Withdraw => (Life::Open, None),
    };
    enter(row, state, decision.at);
    row.until = until;
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::facts::PageKind;
    use crate::finding::{Category, Confidence, Proof, Scope, Severity};

    fn day(day: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + day * 86_400).expect("within range")
    }

    /// A dead link to `what` on a page of `site`.
    pub(crate) fn sighted(what: &str) -> Sighted {
        let finding = Finding {
            check: "dead-link".to_owned(),
            category: Category::Links,
            severity: Severity::Medium,
            confidence: Confidence::Confirmed,
            page: "http://www.example.test/a.html".to_owned(),
            target: None,
            what: what.to_owned(),
            evidence: "404 未找到".to_owned(),
            suggestion: "改正链接".to_owned(),
            place: None,
            scope: Scope::Page,
            occurrences: 1,
            samples: Vec::new(),
            verdict: None,
            status: Some(404),
            kind: PageKind::Article,
            indicators: Vec::new(),
            proof: Proof::default(),
        };
        Sighted::new("site", "http://www.example.test/a.html", finding)
    }

    fn row(state: Life, until: Option<Timestamp>) -> StoredFinding {
        let mut row = opened(sighted("x"), day(0));
        row.reported.state = state;
        row.until = until;
        row
    }

    fn check(state: Life, until: Option<i64>, presence: Presence, expected: Option<(Life, Step)>) {
        let now = if presence == Presence::Found { vec![sighted("x")] } else { Vec::new() };
        let before = row(state, until.map(day));
        let after = changes(vec![before.clone()], now, &|_| presence == Presence::Gone, day(10));
        let got = after.0.first().map(|change| (change.row.reported.state, change.step));
        assert_eq!(got, expected, "{state:?} until {until:?}, {presence:?}");

        let Some(change) = after.0.first() else { return };
        let moved = change.row.reported.state != state;
        assert_eq!(
            change.row.since,
            if moved { day(10) } else { day(0) },
            "since of {state:?}, {presence:?}"
        );
        assert_eq!(change.row.reported.first_seen, day(0));
        let last = if presence == Presence::Found { day(10) } else { day(0) };
        assert_eq!(change.row.reported.last_seen, last, "last seen of {state:?}, {presence:?}");
        assert_eq!(change.row.until.is_some(), change.row.reported.state == Life::Dismissed);
    }

    #[test]
    fn every_step_of_a_life() {
        use Presence::{Found, Gone, Unknown};
        for state in [Life::New, Life::Open, Life::Reopened] {
            check(state, None, Found, Some((Life::Open, Step::StillOpen)));
            check(state, None, Gone, Some((Life::Fixed, Step::Fixed)));
            check(state, None, Unknown, Some((Life::Open, Step::Unseen)));
        }
        check(Life::Acknowledged, None, Found, Some((Life::Acknowledged, Step::StillOpen)));
        check(Life::Acknowledged, None, Gone, Some((Life::Fixed, Step::Fixed)));
        check(Life::Acknowledged, None, Unknown, Some((Life::Acknowledged, Step::Unseen)));

        check(Life::Fixed, None, Found, Some((Life::Reopened, Step::Reopened)));
        check(Life::Fixed, None, Gone, None);
        check(Life::Fixed, None, Unknown, None);
    }

    #[test]
    fn a_dismissal_holds_to_its_end_date() {
        use Presence::{Found, Gone, Unknown};
        for presence in [Found, Gone, Unknown] {
            check(Life::Dismissed, Some(11), presence, Some((Life::Dismissed, Step::Dismissed)));
        }
        for end in [9, 10] {
            check(Life::Dismissed, Some(end), Found, Some((Life::Open, Step::Lapsed)));
            check(Life::Dismissed, Some(end), Unknown, Some((Life::Open, Step::Lapsed)));
            check(Life::Dismissed, Some(end), Gone, Some((Life::Fixed, Step::Fixed)));
        }
    }

    #[test]
    fn what_was_never_seen_is_new_and_counted_once() {
        let now = vec![sighted("b"), sighted("a"), sighted("b")];
        let after = changes(Vec::new(), now, &|_| true, day(1));
        let whats: Vec<&str> =
            after.of(Step::Opened).map(|reported| reported.finding.what.as_str()).collect();
        assert_eq!(whats, ["b", "a"], "in the order of the scan");
        assert!(after.0.iter().all(|change| change.row.reported.state == Life::New));
    }

    #[test]
    fn a_row_takes_the_words_of_the_last_scan() {
        let mut again = sighted("x");
        again.finding.evidence = "410 已删除".to_owned();
        let after = changes(vec![row(Life::Open, None)], vec![again], &|_| true, day(1));
        assert_eq!(after.0[0].row.reported.finding.evidence, "410 已删除");
    }

    #[test]
    fn what_stands_is_neither_fixed_nor_dismissed() {
        let previous = vec![row(Life::Dismissed, Some(day(9)))];
        let after = changes(previous, vec![sighted("x"), sighted("y")], &|_| true, day(1));
        let whats: Vec<&str> = after.open().map(|reported| reported.finding.what.as_str()).collect();
        assert_eq!(whats, ["y"]);
    }

    fn rule(state: Life, ruling: Ruling, reason: &str, expected: Result<Life, Refusal>) {
        let mut row = row(state, None);
        let decision = Decision { ruling, actor: "王工".to_owned(), reason: reason.to_owned(), at: day(5) };
        let got = decide(&mut row, &decision).map(|()| row.reported.state);
        assert_eq!(got, expected, "{decision:?} on {state:?}");
    }

    #[test]
    fn what_a_person_may_rule() {
        let dismiss = |end: i64| Ruling::Dismiss { until: day(end) };
        rule(Life::New, Ruling::Acknowledge, "", Ok(Life::Acknowledged));
        rule(Life::Reopened, dismiss(6), "历史专题，已备案", Ok(Life::Dismissed));
        rule(Life::Open, dismiss(6), " ", Err(Refusal::NoReason));
        rule(Life::Open, dismiss(5), "已备案", Err(Refusal::EndsInThePast));
        rule(Life::Acknowledged, Ruling::Withdraw, "", Ok(Life::Open));
        rule(Life::Dismissed, Ruling::Withdraw, "", Ok(Life::Open));
        for ruling in [Ruling::Acknowledge, dismiss(6), Ruling::Withdraw] {
            rule(Life::Fixed, ruling, "已备案", Err(Refusal::Fixed));
        }
    }
}
