//! The editor's check: what is wrong in a text before it is published.
//!
//! [`check`] asks every [`Source`] about every part of a document and puts the answers in reading order. It knows no
//! file, clock or page: the command line and an interface over HTTP call the same function.

mod cells;
mod position;
mod sources;

use jiff::civil::Date;

use crate::document::{Document, Origin, Part};
use crate::finding::{Confidence, excused};
use crate::privacy::{Figures, mask_all};
use crate::speller::Speller;
use crate::text::{Lexicons, Tier};

pub use crate::speller::Mode;
pub use position::Position;

/// What a text is checked against.
pub struct Desk<'a> {
    /// Compiled dictionaries.
    pub lexicons: &'a Lexicons,
    /// Reads what no dictionary lists, where it was asked to.
    pub speller: Option<&'a Speller>,
    /// What private data look like.
    pub figures: &'a Figures,
    /// The day the text is read: a name that becomes wrong later is right.
    pub today: Date,
    /// What is accepted: words, or `misspelling:<word>`, as in the configuration of a site.
    pub allow: &'a [String],
    /// How much doubt is worth telling.
    pub mode: Mode,
}

/// The words of a fault as far as they are quoted: between two letters of one, a hostile text puts a million marks that
/// nobody sees.
pub fn quoted(words: &str) -> &str {
    /// Characters of the longest entry of a dictionary, three times over.
    const LONGEST: usize = 60;
    words.char_indices().nth(LONGEST).map_or(words, |(end, _)| &words[..end])
}

/// Something wrong in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct TextFinding {
    /// Id of the check under which a scan reports it.
    pub check: &'static str,
    /// Index of the part of the document.
    pub part: usize,
    /// First byte in the text of the part.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Where that is for a reader.
    pub position: Position,
    /// As it stands there, so far as it is quoted; private data are masked.
    pub written: String,
    /// Its identity: folded, without what hides it.
    pub what: String,
    /// What is right instead.
    pub suggestion: Option<String>,
    /// What is wrong with it, in Chinese: `错别字`.
    pub class: &'static str,
    /// How bad.
    pub tier: Tier,
    /// How sure.
    pub confidence: Confidence,
    /// Why, in Chinese.
    pub why: Option<String>,
    /// Whether it must not be quoted, as no mask hides words: [`TextFinding::what`] says all that may be shown.
    pub is_unquotable: bool,
}

impl TextFinding {
    /// What to do, in Chinese, where a source knows.
    pub fn advice(&self) -> Option<String> {
        let note = self.why.as_ref().map(|why| format!("（{why}）")).unwrap_or_default();
        match &self.suggestion {
            Some(right) => Some(format!("建议将“{}”改为“{right}”{note}。", self.written)),
            None => self.why.clone(),
        }
    }

    /// Where it stands, in Chinese: `批注第2行第6字`.
    pub fn whereabouts(&self, document: &Document) -> String {
        let place = &document.parts[self.part].place;
        format!("{place}第{}行第{}字", self.position.line, self.position.column)
    }
}

/// Something that finds faults in a text.
trait Source: Sync {
    /// What it finds in one part, in any order.
    fn find(&self, part: &Part, desk: &Desk<'_>) -> Vec<Fault>;
}

/// All sources, the surest first. A further one is a type in `sources` and a line here.
const SOURCES: &[&dyn Source] = &[&sources::Dictionaries, &sources::Privacy, &sources::Spelling];

/// What a source found in a text.
struct Fault {
    check: &'static str,
    start: usize,
    end: usize,
    what: String,
    suggestion: Option<String>,
    class: &'static str,
    tier: Tier,
    confidence: Confidence,
    why: Option<String>,
    is_unquotable: bool,
}

/// Checks every part of a document.
pub fn check(document: &Document, desk: &Desk<'_>) -> Vec<TextFinding> {
    let mut findings = Vec::new();
    for (number, part) in document.parts.iter().enumerate() {
        let text = part.text.as_str();
        let mut faults: Vec<Fault> = Vec::new();
        for source in SOURCES {
            let mut found = source.find(part, desk);
            // What a surer one has said of the same words is not said twice.
            found.retain(|new| !faults.iter().any(|old| old.start < new.end && new.start < old.end));
            faults.append(&mut found);
        }
        let shown = mask_all(text);
        faults.retain(|fault| excused(desk.allow, fault.check).all(|what| what != fault.what));
        if part.origin == Origin::Recognised {
            faults.iter_mut().for_each(doubt);
        }
        faults.sort_by_key(|fault| (fault.start, fault.end));
        let mut positions = position::Walk::new(text);
        findings.extend(faults.into_iter().map(|fault| TextFinding {
            check: fault.check,
            part: number,
            start: fault.start,
            end: fault.end,
            position: positions.at(fault.start),
            written: match fault.is_unquotable {
                true => fault.what.clone(),
                false => quoted(&shown[fault.start..fault.end]).to_owned(),
            },
            what: fault.what,
            suggestion: fault.suggestion,
            class: fault.class,
            tier: fault.tier,
            confidence: fault.confidence,
            why: fault.why,
            is_unquotable: fault.is_unquotable,
        }));
    }
    findings
}

/// What stands in a picture was guessed: a slip may be the reader's, and a word is probable at best.
fn doubt(fault: &mut Fault) {
    let most = if fault.check == "misspelling" { Confidence::Note } else { Confidence::Probable };
    fault.confidence = fault.confidence.min(most);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str, allow: &[String]) -> Vec<TextFinding> {
        let part = Part { place: "正文".to_owned(), text: text.to_owned(), origin: Origin::Written };
        let document = Document { parts: vec![part], ..Document::default() };
        let lexicons = Lexicons::built_in();
        let today = jiff::civil::date(2026, 11, 21);
        let rules = crate::indicators::RuleSet::built_in();
        let figures = &rules.privacy().figures;
        let speller = Some(Speller::built_in());
        check(&document, &Desk { lexicons: &lexicons, speller, figures, today, allow, mode: Mode::Quiet })
    }

    #[test]
    fn says_what_where_and_instead() {
        let found = find("会议\n认真布署，六\u{200B}合彩", &[]);
        let seen: Vec<_> = found
            .iter()
            .map(|finding| {
                let Position { line, column, .. } = finding.position;
                (finding.check, line, column, finding.what.as_str(), finding.suggestion.as_deref())
            })
            .collect();
        assert_eq!(
            seen,
            [("misspelling", 2, 3, "布署", Some("部署")), ("sensitive-word", 2, 6, "六合彩", None)]
        );
        assert_eq!(found[1].written, "六\u{200B}合彩");
    }

    #[test]
    fn what_is_allowed_is_not_told() {
        assert_eq!(find("布署", &["布署".to_owned()]), []);
        assert_eq!(find("布署", &["misspelling:布署".to_owned()]), []);
        assert_eq!(find("布署", &["sensitive-word:布署".to_owned()]).len(), 1);
    }

    #[test]
    fn what_a_picture_shows_is_doubted() {
        let text = "认真布署，六合彩".to_owned();
        let part = Part { place: "图片".to_owned(), text, origin: Origin::Recognised };
        let lexicons = Lexicons::built_in();
        let rules = crate::indicators::RuleSet::built_in();
        let desk = Desk {
            lexicons: &lexicons,
            speller: Some(Speller::built_in()),
            figures: &rules.privacy().figures,
            today: jiff::civil::date(2026, 11, 21),
            allow: &[],
            mode: Mode::Quiet,
        };
        let found = check(&Document { parts: vec![part], ..Document::default() }, &desk);
        let seen: Vec<_> = found.iter().map(|finding| (finding.check, finding.confidence)).collect();
        assert_eq!(seen, [("misspelling", Confidence::Note), ("sensitive-word", Confidence::Probable)]);
    }

    #[test]
    fn ten_megabytes_without_a_break_are_checked_in_one_go() {
        let text = format!("{}布署", "甲".repeat(3_400_000));
        let found = find(&text, &[]);
        assert_eq!((found[0].position.line, found[0].position.column), (1, 3_400_001));
    }
}
