//! One pass over a text.

use jiff::civil::Date;

use super::address::Dwelling;
use super::combine::Masks;
use super::context::Around;
use super::divisions::Known;
use super::groups::{Group, chains};
use super::recognise::{Attached, Window, windows};
use super::table::{Cell, Tables};
use super::{Figures, Kind, Sighting, address, card, identity, mask, mobile};
use crate::finding::{Confidence, Severity};

/// Sightings of a text at most: a hostile page must not fill the memory with what nobody reads.
const SIGHTINGS: usize = 10_000;

/// Everything private in `text`, in its order. `cells` are those of its tables, in its order as well, `title` is that
/// of the page, `today` the day after which nobody is born.
pub fn find(text: &str, cells: &[Cell], title: &str, figures: &Figures, today: Date) -> Vec<Sighting> {
    let mut finder = Finder {
        text,
        title,
        figures,
        today,
        tables: Tables::new(text, cells, title, figures),
        masks: Masks::default(),
        dwelling: Dwelling::default(),
        line: 0,
        read: 0,
    };
    let mut found = Vec::new();
    chains(text, |chain| {
        if found.len() < SIGHTINGS {
            finder.chain(chain, &mut found);
        }
    });
    let tables = finder.tables;
    let mut all = tables.combinations(&found);
    all.extend(tables.sensitive_columns(figures));
    all.extend(tables.gathered(found, figures));
    all.sort_by_key(|sighting| (sighting.start, sighting.kind));
    all
}

struct Finder<'a> {
    text: &'a str,
    title: &'a str,
    figures: &'a Figures,
    today: Date,
    tables: Tables<'a>,
    masks: Masks,
    dwelling: Dwelling,
    /// Where the paragraph or cell begins that is being read.
    line: usize,
    /// How far that is known.
    read: usize,
}

impl<'a> Finder<'a> {
    fn chain(&mut self, chain: &[Group], found: &mut Vec<Sighting>) {
        // No chain reaches beyond its paragraph.
        let start = chain[0].start;
        if let Some(end) = self.text[self.read..start].rfind('\n') {
            self.line = self.read + end + 1;
        }
        self.read = start;
        let row = self.tables.row_start(start).unwrap_or(self.line);
        windows(self.text, chain, |window, attached| match self.window(window, attached, row) {
            Some(sighting) => {
                found.extend(sighting);
                true
            }
            None => false,
        });
        for group in chain {
            found.extend(self.passport(group));
            // What stands around a group is looked at for the few that need it.
            if let Some(word) = address::word(self.text, group, self.figures) {
                let around = self.around(group.start, group.end);
                found.extend(self.dwelling.judge(word, self.line, group, &around, self.figures));
            }
        }
    }

    /// What a window is: nothing, a number that harms nobody, or a sighting.
    fn window(&mut self, window: &Window<'_>, attached: Attached, row: usize) -> Option<Option<Sighting>> {
        let around = self.around(window.start(), window.end());
        if let Some(judged) = self.masks.judge(window, row, self.figures) {
            return Some(judged);
        }
        let (kind, grade, masked) = self
            .identity(window, &around)
            .or_else(|| self.old_identity(window, &around))
            .or_else(|| self.card(window, &around))
            .or_else(|| self.mobile(window, attached, &around))?;
        Some(grade.map(|(confidence, severity)| sighting(kind, window, confidence, severity, masked)))
    }

    fn identity(&self, window: &Window<'_>, around: &Around<'_>) -> Option<Judged> {
        let symbols = window.symbols();
        let number = identity::number(symbols, self.today)?;
        let is_called = around.says(&self.figures.identity_words);
        let is_code = around.is_called(&self.figures.code_words);
        // The code of an organisation has no date of birth but by chance.
        let may_be_code =
            is_code || (identity::is_credit_code(symbols) && number.division != Known::Division);
        let grade = match (number.is_checked, number.division) {
            _ if !is_called && may_be_code => None,
            (true, Known::Division) => Some((Confidence::Confirmed, Severity::High)),
            (true, Known::Province) if is_called || around.is_named => {
                Some((Confidence::Confirmed, Severity::High))
            }
            // Mistyped, and a leak all the same.
            (false, _) if is_called => Some((Confidence::Probable, Severity::Medium)),
            _ => return None,
        };
        Some((Kind::Identity, grade, mask::masked(symbols, mask::IDENTITY)))
    }

    fn old_identity(&self, window: &Window<'_>, around: &Around<'_>) -> Option<Judged> {
        let is_one = window.is_whole()
            && identity::is_old(window.symbols())
            && around.says(&self.figures.identity_words);
        let grade = Some((Confidence::Probable, Severity::Medium));
        is_one.then(|| (Kind::OldIdentity, grade, mask::masked(window.symbols(), mask::IDENTITY)))
    }

    fn card(&self, window: &Window<'_>, around: &Around<'_>) -> Option<Judged> {
        let prefixes = self.figures.card_prefixes.iter().map(String::as_str);
        if !card::is_number(window.symbols(), prefixes) || !around.says(&self.figures.card_words) {
            return None;
        }
        let is_persons = around.is_named || around.lists_people(&self.figures.personal_words);
        let is_public = around.says(&self.figures.organisation_words) && !around.is_named;
        let grade = (is_persons && !is_public).then_some((Confidence::Confirmed, Severity::High));
        Some((Kind::Card, grade, mask::masked(window.symbols(), mask::CARD)))
    }

    fn mobile(&self, window: &Window<'_>, attached: Attached, around: &Around<'_>) -> Option<Judged> {
        let lengths: Vec<usize> = window.lengths().collect();
        let digits = mobile::digits(window.symbols(), &lengths)?;
        if attached.is_any() || !mobile::is_number(digits, &self.figures.mobile_prefixes) {
            return None;
        }
        let grade = if around.is_called(&self.figures.code_words) {
            None
        } else if around.is_introduced_by(&self.figures.contact_words) || around.is_directory(self.figures) {
            Some((Confidence::Note, Severity::Low))
        } else if around.lists_people(&self.figures.list_words) {
            Some((Confidence::Confirmed, Severity::High))
        } else {
            Some((Confidence::Probable, Severity::Medium))
        };
        Some((Kind::Mobile, grade, mask::masked(digits, mask::MOBILE)))
    }

    fn passport(&self, group: &Group) -> Option<Sighting> {
        if !mask::is_passport(self.text, group.start, group.symbols())
            || !self.around(group.start, group.end).says(&self.figures.passport_words)
        {
            return None;
        }
        let start = group.start - 1;
        let masked =
            format!("{}{}", &self.text[start..=start], mask::masked(group.symbols(), mask::PASSPORT));
        Some(Sighting {
            kind: Kind::Passport,
            start,
            end: group.end,
            confidence: Confidence::Confirmed,
            severity: Severity::Medium,
            masked,
            times: 1,
            persons: 1,
        })
    }

    fn around(&self, start: usize, end: usize) -> Around<'a> {
        let cell = self.tables.cell(start);
        let head = cell.map_or("", |cell| self.tables.head(cell));
        let is_named = cell.is_some_and(|cell| self.tables.is_named(cell));
        Around::new(self.text, start, end, head, self.title, is_named)
    }
}

/// A kind, how sure and bad it is (nothing where it harms nobody), and its masked form.
type Judged = (Kind, Option<(Confidence, Severity)>, String);

fn sighting(
    kind: Kind,
    window: &Window<'_>,
    confidence: Confidence,
    severity: Severity,
    masked: String,
) -> Sighting {
    Sighting {
        kind,
        start: window.start(),
        end: window.end(),
        confidence,
        severity,
        masked,
        times: 1,
        persons: 1,
    }
}
