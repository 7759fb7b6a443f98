//! What the editor's check shows: findings of texts that are on no site yet, in the words and objects of a scan.

mod sarif;
mod span;
mod text;

use clap::ValueEnum;
use jiff::Timestamp;

use super::{escape, jsonl, wire};
use crate::checks::{self, Findings};
use crate::document::Document;
use crate::editor::{TextFinding, quoted};
use crate::finding::{Place, Severity};
use crate::life::{Life, Reported};
use crate::text::Frame;

pub use span::{in_sentence, spanned};

/// Characters shown on either side of a finding.
const AROUND: usize = 20;

/// Characters of its context that programs get on either side.
const CONTEXT: usize = 50;

/// A text that was checked.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Name of the file, `-` for standard input.
    pub name: String,
    /// Its words.
    pub document: Document,
    /// What is wrong with them.
    pub findings: Vec<TextFinding>,
}

/// Formats of the editor's check.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ProofFormat {
    /// For reading.
    #[default]
    Text,
    /// One finding a line.
    Jsonl,
    /// One object.
    Json,
    /// SARIF 2.1.0, for editors and build servers.
    Sarif,
}

/// Renders what was found; `now` is when.
pub fn render(checked: &[Checked], format: ProofFormat, now: Timestamp) -> String {
    match format {
        ProofFormat::Text => text::render(checked),
        ProofFormat::Jsonl => objects(checked, now).map(|reported| jsonl::line("", &reported)).collect(),
        ProofFormat::Json => json(checked, now),
        ProofFormat::Sarif => written(&sarif::log(checked)),
    }
}

/// Whether anything is at least so severe.
pub fn reaches(checked: &[Checked], severity: Severity) -> bool {
    all(checked).any(|(_, finding)| finding.tier.severity() >= severity)
}

fn json(checked: &[Checked], now: Timestamp) -> String {
    let limited = checked.iter().filter_map(|one| Some((one.name.as_str(), one.document.limited.as_ref()?)));
    let limited: serde_json::Map<_, _> =
        limited.map(|(name, limited)| (name.to_owned(), limited.why.as_str().into())).collect();
    let reported: Vec<Reported> = objects(checked, now).collect();
    let findings: Vec<_> = reported.iter().map(|reported| wire::FindingObject::new("", reported)).collect();
    written(&serde_json::json!({
        "schema": wire::SCHEMA,
        "files": checked.iter().map(|one| &one.name).collect::<Vec<_>>(),
        "limited": limited,
        "findings": findings,
    }))
}

fn written(value: &serde_json::Value) -> String {
    let json = serde_json::to_string_pretty(value).expect("plain strings and numbers always serialise");
    format!("{}\n", escape::json(&json))
}

fn all(checked: &[Checked]) -> impl Iterator<Item = (&Checked, &TextFinding)> {
    checked.iter().flat_map(|one| one.findings.iter().map(move |finding| (one, finding)))
}

fn objects(checked: &[Checked], now: Timestamp) -> impl Iterator<Item = Reported> {
    all(checked).map(move |(one, finding)| reported(one, finding, now))
}

/// A finding as a scan would report it, seen once and now; its page is the file.
fn reported(checked: &Checked, finding: &TextFinding, now: Timestamp) -> Reported {
    let about = checks::find(finding.check).expect("sources name checks that there are").about();
    let frame = |around| frame(checked, finding, around).to_string().replace('\n', " ");
    let whereabouts = finding.whereabouts(&checked.document);
    let evidence = format!("{}：{}（{whereabouts}）", finding.class, frame(AROUND));
    let place = Place { offset: Some(finding.start as u64), context: Some(frame(CONTEXT)), selector: None };
    let mut made = Vec::new();
    Findings::new(about, &mut made)
        .add(&checked.name, finding.what.clone(), evidence)
        .severity(finding.tier.severity())
        .confidence(finding.confidence)
        .suggestion(finding.advice().unwrap_or_else(|| about.advice.to_owned()))
        .place(place);
    let finding = made.pop().expect("one was added");
    let id = finding.fingerprint("", &checked.name);
    Reported { id, finding, first_seen: now, last_seen: now, state: Life::New }
}

/// What was found in what stands around it, unless that must not be shown.
fn frame<'a>(checked: &'a Checked, finding: &'a TextFinding, around: usize) -> Frame<'a> {
    if finding.is_unquotable {
        let words = &finding.written;
        return Frame { before: "", words, after: "", is_cut_before: true, is_cut_after: true };
    }
    let text = &checked.document.parts[finding.part].text;
    let frame = Frame::new(text, finding.start, finding.end, around);
    Frame { words: quoted(frame.words), ..frame }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limited, Origin, Part};
    use crate::editor::{self, Desk, Mode};
    use crate::facts::Gap;
    use crate::text::Lexicons;

    pub(super) fn sample() -> Vec<Checked> {
        let part = |place: &str, text: &str| Part {
            place: place.to_owned(),
            text: text.to_owned(),
            origin: Origin::Written,
        };
        let document = Document {
            parts: vec![
                part("正文", "关于召开会议的通知\n各单位要认真布署，抓好落实。\n扫黑险恶"),
                part("批注", "六合彩\u{1b}[31m"),
            ],
            limited: Some(Limited {
                gap: Gap::TooLarge, why: "文字过多，只读取了前一部分".to_owned()
            }),
            ..Document::default()
        };
        let lexicons = Lexicons::built_in();
        let today = jiff::civil::date(2026, 11, 21);
        let rules = crate::indicators::RuleSet::built_in();
        let figures = &rules.privacy().figures;
        let speller = Some(crate::speller::Speller::built_in());
        let desk = Desk { lexicons: &lexicons, speller, figures, today, allow: &[], mode: Mode::Quiet };
        let findings = editor::check(&document, &desk);
        vec![Checked { name: "通知.docx".to_owned(), document, findings }]
    }

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn reads_well() {
        insta::assert_snapshot!(render(&sample(), ProofFormat::Text, NOW));
    }

    #[test]
    fn speaks_to_programs() {
        insta::assert_snapshot!(render(&sample(), ProofFormat::Jsonl, NOW));
    }

    #[test]
    fn speaks_sarif() {
        insta::assert_snapshot!(render(&sample(), ProofFormat::Sarif, NOW));
    }

    #[test]
    fn clean_text_has_no_lines() {
        let mut checked = sample();
        checked[0].findings.clear();
        assert_eq!(render(&checked, ProofFormat::Jsonl, NOW), "");
    }

    #[test]
    fn says_how_bad_it_is() {
        assert!(reaches(&sample(), Severity::Medium));
        assert!(!reaches(&[], Severity::Low));
    }
}
