//! Findings as the page shows them.

use crate::facts::PageKind;
use crate::finding::{Confidence, Place, Scope, Severity};
use crate::link::Verdict;
use crate::report::hit::Hit;
use crate::report::outline::{Counts, Group, Section};
use crate::report::{Life, Reported, escape, figures, proof, wording, words};

/// Findings listed per check. A browser stays quick with some ten thousand rows, and nobody reads further here.
pub(super) const ROWS: usize = 500;

/// Characters of one value. The JSON formats have all of it; a page full of one hostile value helps nobody.
const VALUE_CHARS: usize = 600;

/// Sample pages of one finding.
const SAMPLES: usize = 10;

/// Groups of up to this many findings are unfolded from the start.
const UNFOLDED: usize = 10;

/// Findings of one part of the inspection.
pub(super) struct SectionView {
    pub(super) name: &'static str,
    pub(super) anchor: String,
    pub(super) problems: String,
    pub(super) groups: Vec<GroupView>,
}

/// Findings of one check.
pub(super) struct GroupView {
    pub(super) name: String,
    pub(super) check: String,
    pub(super) severity: Tag,
    pub(super) problems: String,
    pub(super) new: Option<String>,
    pub(super) dismissed: Option<String>,
    pub(super) open: bool,
    /// What to do, where it is the same for all.
    pub(super) suggestion: Option<String>,
    pub(super) findings: Vec<FindingView>,
    /// How many more there are.
    pub(super) rest: Option<String>,
}

/// One finding.
pub(super) struct FindingView {
    pub(super) id: String,
    pub(super) number: usize,
    pub(super) severity: Tag,
    /// Whether the severity is another one than that of the group.
    pub(super) milder: bool,
    pub(super) life: Option<Tag>,
    pub(super) confidence: Option<Tag>,
    pub(super) scope: Option<String>,
    pub(super) evidence: String,
    pub(super) page: Link,
    /// What kind of page, where it is a known one.
    pub(super) kind: Option<&'static str>,
    pub(super) target: Option<Link>,
    pub(super) verdict: Option<Tag>,
    pub(super) status: Option<u16>,
    pub(super) suggestion: Option<String>,
    pub(super) context: Option<Context>,
    pub(super) selector: Option<String>,
    /// Title, way from home, tries, original: label and value.
    pub(super) proof: Vec<(&'static str, String)>,
    pub(super) samples: Vec<Link>,
    pub(super) indicators: Vec<String>,
    pub(super) first_seen: String,
    pub(super) last_seen: String,
}

/// A word with the class of its look.
pub(super) struct Tag {
    pub(super) label: &'static str,
    pub(super) class: &'static str,
    pub(super) meaning: &'static str,
}

/// An address: as a link, or as text where nobody should follow it.
pub(in crate::report) struct Link {
    pub(in crate::report) text: String,
    pub(in crate::report) href: Option<String>,
}

/// Text around a hit.
pub(super) struct Context {
    pub(super) before: String,
    pub(super) hit: String,
    pub(super) after: String,
}

impl Tag {
    fn new(word: wording::Word, class: &'static str) -> Tag {
        Tag { label: word.label, class, meaning: word.meaning }
    }

    pub(super) fn severity(severity: Severity) -> Tag {
        Tag::new(wording::severity(severity), words::severity(severity))
    }

    fn life(life: Life) -> Option<Tag> {
        let class = match life {
            Life::Open => return None,
            Life::New | Life::Reopened => "new",
            Life::Acknowledged | Life::Dismissed => "quiet",
            Life::Fixed => "good",
        };
        Some(Tag::new(wording::life(life), class))
    }

    pub(super) fn confidence(confidence: Confidence) -> Tag {
        let class = match confidence {
            Confidence::Confirmed => "good",
            Confidence::Probable => "doubt",
            Confidence::Note => "quiet",
        };
        Tag::new(wording::confidence(confidence), class)
    }

    pub(super) fn verdict(verdict: Verdict) -> Tag {
        let class = match verdict {
            Verdict::Broken | Verdict::Invalid => "bad",
            Verdict::Suspect | Verdict::Degraded => "doubt",
            Verdict::Ok => "good",
            Verdict::Redirected | Verdict::Blocked | Verdict::Unverified => "quiet",
        };
        Tag::new(wording::verdict(verdict), class)
    }
}

impl Link {
    /// An address a reader may follow.
    pub(in crate::report) fn new(address: &str) -> Link {
        Link { text: shown(address), href: escape::href(address).map(str::to_owned) }
    }

    fn plain(address: &str) -> Link {
        Link { text: shown(address), href: None }
    }
}

impl SectionView {
    pub(super) fn new(section: &Section<'_>) -> SectionView {
        let findings = section.groups.iter().flat_map(|group| group.findings.iter().copied());
        SectionView {
            name: wording::category(section.category),
            anchor: format!("part-{}", words::category(section.category)),
            problems: figures::count(Counts::of(findings).problems),
            groups: section.groups.iter().map(GroupView::new).collect(),
        }
    }
}

impl GroupView {
    fn new(group: &Group<'_>) -> GroupView {
        let counts = Counts::of(group.findings.iter().copied());
        let some = |number: u64| (number > 0).then(|| figures::count(number));
        let rows = group.findings.iter().take(ROWS).enumerate();
        let findings = rows.map(|(index, reported)| FindingView {
            milder: reported.finding.severity < group.worst,
            ..FindingView::new(index + 1, reported, group.suggestion.is_some())
        });
        GroupView {
            name: shown(group.name),
            check: shown(group.check),
            severity: Tag::severity(group.worst),
            problems: figures::count(counts.problems),
            new: some(counts.new),
            dismissed: some(counts.dismissed),
            open: group.findings.len() <= UNFOLDED,
            suggestion: group.suggestion.map(shown),
            findings: findings.collect(),
            rest: some(group.findings.len().saturating_sub(ROWS) as u64),
        }
    }
}

impl FindingView {
    /// `suggested`: the group says already what to do.
    pub(super) fn new(number: usize, reported: &Reported, suggested: bool) -> FindingView {
        let finding = &reported.finding;
        let place = finding.place.as_ref();
        let unsure = finding.confidence != Confidence::Confirmed;
        FindingView {
            id: reported.id.0.chars().take(12).collect(),
            number,
            severity: Tag::severity(finding.severity),
            milder: false,
            life: Tag::life(reported.state),
            confidence: unsure.then(|| Tag::confidence(finding.confidence)),
            scope: scope(finding.scope, finding.occurrences),
            evidence: shown(&finding.evidence),
            page: Link::new(&finding.page),
            kind: (finding.kind != PageKind::Other).then(|| wording::page_kind(finding.kind)),
            target: finding.target.as_deref().map(|target| match finding.verdict {
                Some(_) => Link::new(target),
                // A target without a verdict is wrong for what it is (a gambling site behind a hidden link), not
                // for failing to answer: nobody should be invited to open it.
                None => Link::plain(target),
            }),
            verdict: finding.verdict.map(Tag::verdict),
            status: finding.status,
            suggestion: (!suggested && !finding.suggestion.is_empty()).then(|| shown(&finding.suggestion)),
            context: place.and_then(|place| context(place, &finding.evidence)),
            selector: place.and_then(|place| place.selector.as_deref()).map(shown),
            proof: proof::rows(&finding.proof)
                .into_iter()
                .map(|(label, text)| (label, shown(&text)))
                .collect(),
            samples: finding.samples.iter().take(SAMPLES).map(|sample| Link::new(sample)).collect(),
            indicators: finding.indicators.iter().map(|id| shown(id)).collect(),
            first_seen: figures::minute(reported.first_seen),
            last_seen: figures::minute(reported.last_seen),
        }
    }
}

fn scope(scope: Scope, occurrences: u64) -> Option<String> {
    if scope == Scope::Page && occurrences <= 1 {
        return None;
    }
    Some(format!("{} · 共 {} 处", wording::scope(scope), figures::count(occurrences)))
}

/// A value of the site, fit to be shown.
pub(in crate::report) fn shown(text: &str) -> String {
    let text = escape::visible(text);
    match text.char_indices().nth(VALUE_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}

fn context(place: &Place, evidence: &str) -> Option<Context> {
    let Hit { before, hit, after } = Hit::find(place, evidence)?;
    Some(Context { before: shown(before), hit: shown(hit), after: shown(after) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_cut() {
        assert_eq!(shown(&"长".repeat(10_000)).chars().count(), VALUE_CHARS + 1);
        assert_eq!(shown("短"), "短");
    }

    #[test]
    fn dangerous_targets_are_no_links() {
        let report = crate::report::sample::report();
        for reported in &report.findings {
            let view = FindingView::new(1, reported, false);
            let linked = view.target.is_some_and(|target| target.href.is_some());
            assert_eq!(linked, reported.finding.target.is_some() && reported.finding.verdict.is_some());
        }
    }
}
