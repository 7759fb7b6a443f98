//! Where exactly a finding of the editor's check stands: for programs that mark it, and in its sentence for readers.

use jiff::Timestamp;
use serde::Serialize;

use super::{Checked, quoted, reported};
use crate::editor::TextFinding;
use crate::report::escape;
use crate::report::wire::{FindingObject, SCHEMA};
use crate::text::Frame;

/// Characters of a sentence that are shown on either side. Longer ones are cut.
const SENTENCE: usize = 80;

/// Findings of a text that are shown at most: a text with more of them is none that somebody means to publish.
const MOST: usize = 1_000;

#[derive(Serialize)]
struct ProofObject<'a> {
    schema: u32,
    name: &'a str,
    /// Why some of it was not read, in Chinese.
    limited: Option<&'a str>,
    parts: Vec<PartObject<'a>>,
    /// All of them; `findings` has the first ones.
    found: usize,
    findings: Vec<Spanned>,
}

#[derive(Serialize)]
struct PartObject<'a> {
    place: &'a str,
    chars: usize,
}

#[derive(Serialize)]
struct Spanned {
    #[serde(flatten)]
    finding: serde_json::Value,
    span: SpanObject,
    /// What is right instead, where the check knows it.
    replacement: Option<String>,
    /// What is wrong, in Chinese.
    class: &'static str,
}

/// Where a finding stands in its part.
#[derive(Serialize)]
struct SpanObject {
    /// Index of the part.
    part: usize,
    /// Characters (Unicode scalar values) before it in the text of the part.
    start: usize,
    /// Characters before its end.
    end: usize,
    /// From 1.
    line: usize,
    /// Characters from the beginning of the line, from 1.
    column: usize,
}

/// A checked text as one JSON object: findings of schema 1, each with its `span`.
pub fn spanned(checked: &Checked, now: Timestamp) -> String {
    let findings = checked.findings.iter().take(MOST).map(|finding| {
        let reported = reported(checked, finding, now);
        let object = serde_json::to_value(FindingObject::new("", &reported));
        let text = &checked.document.parts[finding.part].text;
        let start = finding.position.chars;
        Spanned {
            finding: object.expect("plain strings and numbers always serialise"),
            span: SpanObject {
                part: finding.part,
                start,
                end: start + text[finding.start..finding.end].chars().count(),
                line: finding.position.line,
                column: finding.position.column,
            },
            replacement: finding.suggestion.clone(),
            class: finding.class,
        }
    });
    let parts = checked.document.parts.iter();
    let object = ProofObject {
        schema: SCHEMA,
        name: &checked.name,
        limited: checked.document.limited.as_ref().map(|limited| limited.why.as_str()),
        parts: parts
            .map(|part| PartObject { place: &part.place, chars: part.text.chars().count() })
            .collect(),
        found: checked.findings.len(),
        findings: findings.collect(),
    };
    let json = serde_json::to_string(&object).expect("plain strings and numbers always serialise");
    escape::json(&json).into_owned()
}

/// A finding in its sentence.
pub fn in_sentence<'a>(checked: &'a Checked, finding: &'a TextFinding) -> Frame<'a> {
    let frame = super::frame(checked, finding, SENTENCE);
    let ends = |c: char| matches!(c, '。' | '！' | '？' | '；' | '\n');
    let (before, is_cut_before) = match frame.before.rfind(ends) {
        Some(at) => {
            let after = at + frame.before[at..].chars().next().map_or(0, char::len_utf8);
            (&frame.before[after..], false)
        }
        None => (frame.before, frame.is_cut_before),
    };
    let (after, is_cut_after) = match frame.after.find(ends) {
        Some(at) => {
            let end = at + frame.after[at..].chars().next().map_or(0, char::len_utf8);
            (frame.after[..end].trim_end(), false)
        }
        None => (frame.after, frame.is_cut_after),
    };
    Frame { before, words: quoted(frame.words), after, is_cut_before, is_cut_after }
}

#[cfg(test)]
mod tests {
    use super::super::tests::sample;
    use super::*;

    #[test]
    fn a_sentence_is_all_that_stands_around() {
        let checked = &sample()[0];
        let frame = in_sentence(checked, &checked.findings[0]);
        assert_eq!((frame.before, frame.words, frame.after), ("各单位要认真", "布署", "，抓好落实。"));
        assert!(!frame.is_cut_before && !frame.is_cut_after);
    }

    #[test]
    fn spans_count_characters() {
        let checked = &sample()[0];
        let told = spanned(checked, Timestamp::UNIX_EPOCH);
        assert!(!told.contains('\u{1b}'));
        let told: serde_json::Value = serde_json::from_str(&told).expect("a JSON object");
        let finding = &told["findings"][0];
        assert_eq!(finding["check"], "misspelling");
        assert_eq!(finding["replacement"], "部署");
        let span = |key: &str| finding["span"][key].as_u64().expect("a number") as usize;
        let text: Vec<char> = checked.document.parts[span("part")].text.chars().collect();
        assert_eq!(text[span("start")..span("end")].iter().collect::<String>(), "布署");
        assert_eq!((span("line"), span("column")), (2, 7));
        assert_eq!(told["limited"], "文字过多，只读取了前一部分");
    }
}
