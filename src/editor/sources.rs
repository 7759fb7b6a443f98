//! What finds faults in a text.

use super::{Desk, Fault, Source, cells};
use crate::document::{Origin, Part};
use crate::finding::{Confidence, Severity};
use crate::privacy;
use crate::text::{Class, Tier};

/// The dictionaries.
pub(super) struct Dictionaries;

impl Source for Dictionaries {
    fn find(&self, part: &Part, desk: &Desk<'_>) -> Vec<Fault> {
        let text = part.text.as_str();
        let hits = desk.lexicons.hits(text);
        // What is the right spelling is laid down for simplified characters only; names and formulas bind both.
        let is_traditional = !hits.is_empty() && desk.lexicons.is_traditional(text);
        hits.into_iter()
            .filter(|hit| hit.when.is_wrong_on(Some(desk.today)))
            .filter(|hit| !(is_traditional && hit.class == Class::Misspelling))
            .map(|hit| Fault {
                check: hit.class.check(),
                start: hit.start,
                end: hit.end,
                what: hit.words,
                suggestion: hit.suggestion.map(str::to_owned),
                class: hit.class.chinese(),
                tier: hit.tier,
                confidence: hit.confidence,
                why: hit.note.map(str::to_owned),
                is_unquotable: false,
            })
            .collect()
    }
}

/// Private data of people.
pub(super) struct Privacy;

impl Source for Privacy {
    fn find(&self, part: &Part, desk: &Desk<'_>) -> Vec<Fault> {
        let text = part.text.as_str();
        // The name of a sheet, or of a file in an archive, says what it lists as the title of a page does.
        let sightings = privacy::find(text, &cells::of(text), &part.place, desk.figures, desk.today);
        let fault = |sighting: privacy::Sighting| Fault {
            check: "private-data",
            start: sighting.start,
            end: sighting.end,
            what: sighting.masked,
            suggestion: None,
            class: sighting.kind.chinese(),
            tier: match sighting.severity {
                Severity::Critical => Tier::S0,
                Severity::High => Tier::S1,
                Severity::Medium => Tier::S2,
                Severity::Low => Tier::S3,
            },
            confidence: sighting.confidence,
            why: (sighting.times > 1)
                .then(|| format!("同列共 {} 处，涉及 {} 人", sighting.times, sighting.persons)),
            is_unquotable: matches!(sighting.kind, privacy::Kind::Address | privacy::Kind::Combination),
        };
        sightings.into_iter().map(fault).collect()
    }
}

/// The speller.
pub(super) struct Spelling;

impl Source for Spelling {
    fn find(&self, part: &Part, desk: &Desk<'_>) -> Vec<Fault> {
        let text = part.text.as_str();
        let Some(speller) = desk.speller else { return Vec::new() };
        if part.origin == Origin::Recognised || desk.lexicons.is_traditional(text) {
            return Vec::new(); // Its model has read simplified characters only.
        }
        let slips = speller.check(text, desk.mode).into_iter();
        let fault = |slip: crate::speller::Slip| Fault {
            check: "likely-misspelling",
            start: slip.span.start,
            end: slip.span.end,
            why: Some(slip.counted()),
            what: slip.identity(),
            suggestion: Some(slip.meant),
            class: "疑似错别字",
            tier: Tier::S2,
            confidence: Confidence::Probable,
            is_unquotable: false,
        };
        slips.map(fault).collect()
    }
}
