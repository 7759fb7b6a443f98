//! Findings as the page shows them.

use base64::Engine as _;

use crate::facts::PageKind;
use crate::finding::{Confidence, Place, Scope, Severity};
use crate::life::{Life, Reported};
use crate::link::Verdict;
use crate::picture::KeptPicture;
use crate::report::hit::Hit;
use crate::report::outline::{Counts, Group, Section};
use crate::report::{Photo, Pictures, escape, figures, photo, proof, wording, words};

/// Findings listed per check. A browser stays quick with some ten thousand rows, and nobody reads further here.
pub(crate) const ROWS: usize = 500;

/// Characters of one value. The JSON formats have all of it; a page full of one hostile value helps nobody.
const VALUE_CHARS: usize = 600;

/// Sample pages of one finding.
const SAMPLES: usize = 10;

/// Groups of up to this many findings are unfolded from the start.
const UNFOLDED: usize = 10;

/// Findings of one part of the inspection.
pub(crate) struct SectionView {
    pub(crate) name: &'static str,
    pub(crate) anchor: String,
    pub(crate) problems: String,
    pub(crate) groups: Vec<GroupView>,
}

/// Findings of one check.
pub(crate) struct GroupView {
    pub(crate) name: String,
    pub(crate) check: String,
    pub(crate) severity: Tag,
    pub(crate) problems: String,
    pub(crate) new: Option<String>,
    pub(crate) dismissed: Option<String>,
    pub(crate) open: bool,
    /// What to do, where it is the same for all.
    pub(crate) suggestion: Option<String>,
    pub(crate) findings: Vec<FindingView>,
    /// How many more there are.
    pub(crate) rest: Option<String>,
}

/// One finding.
pub(crate) struct FindingView {
    pub(crate) id: String,
    pub(crate) number: usize,
    pub(crate) severity: Tag,
    /// Whether the severity is another one than that of the group.
    pub(crate) milder: bool,
    pub(crate) life: Option<Tag>,
    pub(crate) confidence: Option<Tag>,
    pub(crate) scope: Option<String>,
    pub(crate) evidence: String,
    pub(crate) page: Link,
    /// What kind of page, where it is a known one.
    pub(crate) kind: Option<&'static str>,
    pub(crate) target: Option<Link>,
    pub(crate) verdict: Option<Tag>,
    pub(crate) status: Option<u16>,
    pub(crate) suggestion: Option<String>,
    pub(crate) context: Option<Context>,
    pub(crate) selector: Option<String>,
    /// Title, way from home, tries, original: label and value.
    pub(crate) proof: Vec<(&'static str, String)>,
    pub(crate) picture: Option<PictureView>,
    pub(crate) samples: Vec<Link>,
    pub(crate) indicators: Vec<String>,
    pub(crate) first_seen: String,
    pub(crate) last_seen: String,
}

/// A picture of a finding.
pub(crate) struct PictureView {
    /// Where it comes from.
    pub(crate) src: String,
    /// What it shows, for who cannot see it.
    pub(crate) alt: String,
    /// When it was taken, and its digest.
    pub(crate) caption: String,
}

impl PictureView {
    pub(crate) fn new(kept: &KeptPicture, src: String) -> PictureView {
        PictureView {
            src,
            alt: format!("问题页面截图：{}", kept.sight.note()),
            caption: photo::caption(kept),
        }
    }

    /// With the picture itself in the page.
    fn inline(photo: &Photo) -> PictureView {
        let bytes = base64::engine::general_purpose::STANDARD.encode(&photo.jpeg);
        PictureView::new(&photo.kept, format!("data:image/jpeg;base64,{bytes}"))
    }
}

/// A word with the class of its look.
pub(crate) struct Tag {
    pub(crate) label: &'static str,
    pub(crate) class: &'static str,
    pub(crate) meaning: &'static str,
}

/// An address: as a link, or as text where nobody should follow it.
pub(crate) struct Link {
    pub(crate) text: String,
    pub(crate) href: Option<String>,
}

/// Text around a hit.
pub(crate) struct Context {
    pub(crate) before: String,
    pub(crate) hit: String,
    pub(crate) after: String,
}

impl Tag {
    fn new(word: wording::Word, class: &'static str) -> Tag {
        Tag { label: word.label, class, meaning: word.meaning }
    }

    pub(crate) fn severity(severity: Severity) -> Tag {
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

    pub(crate) fn confidence(confidence: Confidence) -> Tag {
        let class = match confidence {
            Confidence::Confirmed => "good",
            Confidence::Probable => "doubt",
            Confidence::Note => "quiet",
        };
        Tag::new(wording::confidence(confidence), class)
    }

    pub(crate) fn verdict(verdict: Verdict) -> Tag {
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
    pub(crate) fn new(address: &str) -> Link {
        Link { text: shown(address), href: escape::href(address).map(str::to_owned) }
    }

    fn plain(address: &str) -> Link {
        Link { text: shown(address), href: None }
    }
}

impl SectionView {
    pub(in crate::report) fn new(section: &Section<'_>, pictures: &Pictures) -> SectionView {
        let findings = section.groups.iter().flat_map(|group| group.findings.iter().copied());
        SectionView {
            name: wording::category(section.category),
            anchor: format!("part-{}", words::category(section.category)),
            problems: figures::count(Counts::of(findings).problems),
            groups: section.groups.iter().map(|group| GroupView::new(group, pictures)).collect(),
        }
    }
}

impl GroupView {
    fn new(group: &Group<'_>, pictures: &Pictures) -> GroupView {
        let counts = Counts::of(group.findings.iter().copied());
        let some = |number: u64| (number > 0).then(|| figures::count(number));
        let rows = group.findings.iter().take(ROWS).enumerate();
        let findings = rows.map(|(index, reported)| FindingView {
            milder: reported.finding.severity < group.worst,
            picture: pictures.get(&reported.id).map(PictureView::inline),
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
    pub(crate) fn new(number: usize, reported: &Reported, suggested: bool) -> FindingView {
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
            picture: None,
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
pub(crate) fn shown(text: &str) -> String {
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
