//! Findings as JSON Lines: one object of schema 1 a line, nothing where there is none.

use super::{Report, escape, wire::FindingObject};
use crate::life::Reported;

/// Renders the open findings of a report.
pub fn render(report: &Report) -> String {
    report.findings.iter().map(|reported| line(&report.site, reported)).collect()
}

/// Renders one finding, with its line end.
pub fn line(site: &str, reported: &Reported) -> String {
    let object = FindingObject::new(site, reported);
    let json = serde_json::to_string(&object).expect("plain strings and numbers always serialise");
    let mut out = escape::json(&json).into_owned();
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn one_finding_a_line() {
        let report = sample::report();
        let text = render(&report);
        assert_eq!(text.lines().count(), report.findings.len());
        insta::assert_snapshot!(text);
    }

    #[test]
    fn keys_are_those_of_schema_1() {
        // The order of keys is part of what people see, so it is compared in the text.
        const KEYS: [&str; 22] = [
            "schema",
            "id",
            "check",
            "category",
            "severity",
            "confidence",
            "site",
            "page",
            "target",
            "evidence",
            "suggestion",
            "place",
            "scope",
            "occurrences",
            "samples",
            "verdict",
            "status",
            "indicators",
            "first_seen",
            "last_seen",
            "state",
            "proof",
        ];
        for text in render(&sample::report()).lines() {
            let value: serde_json::Value = serde_json::from_str(text).expect("a JSON object");
            let object = value.as_object().expect("a JSON object");
            assert_eq!(object.len(), KEYS.len());
            let places: Vec<_> = KEYS.iter().map(|key| text.find(&format!("\"{key}\":"))).collect();
            assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{text}");
        }
    }

    #[test]
    fn a_clean_site_has_no_lines() {
        let mut report = sample::report();
        report.findings.clear();
        assert_eq!(render(&report), "");
    }
}
