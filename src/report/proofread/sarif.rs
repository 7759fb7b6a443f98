//! SARIF 2.1.0: what editors and build servers read.

use serde_json::{Value, json};

use super::{Checked, advice, all, whereabouts};
use crate::checks;
use crate::finding::Severity;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn log(checked: &[Checked]) -> Value {
    let mut ids: Vec<&str> = all(checked).map(|(_, finding)| finding.check).collect();
    ids.sort_unstable();
    ids.dedup();
    let rules: Vec<Value> = ids.into_iter().filter_map(checks::find).map(rule).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "sitewarden",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": all(checked).map(|(one, finding)| result(one, finding)).collect::<Vec<_>>(),
        }],
    })
}

fn rule(check: &dyn checks::Check) -> Value {
    let about = check.about();
    json!({
        "id": about.id,
        "name": about.name,
        "shortDescription": { "text": about.name },
        "fullDescription": { "text": about.text() },
        "help": { "text": about.advice },
    })
}

fn result(checked: &Checked, finding: &crate::editor::TextFinding) -> Value {
    let level = match finding.tier.severity() {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    };
    let advice = advice(finding).unwrap_or_default();
    let message =
        format!("{}“{}”（{}）。{advice}", finding.class, finding.what, whereabouts(checked, finding));
    json!({
        "ruleId": finding.check,
        "level": level,
        "message": { "text": message },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(&checked.name) },
                "region": {
                    "startLine": finding.position.line,
                    "startColumn": finding.position.column,
                    "endColumn": finding.position.column + finding.written.chars().count(),
                    "charOffset": finding.position.chars,
                    "charLength": finding.written.chars().count(),
                    "snippet": { "text": finding.written },
                },
            },
            "logicalLocations": [{ "name": checked.document.parts[finding.part].place }],
        }],
    })
}

/// The name of a file as a relative reference.
fn uri(name: &str) -> String {
    let keeps = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let encoded = |byte: u8| match keeps(byte) {
        true => (byte as char).to_string(),
        false => format!("%{byte:02X}"),
    };
    name.bytes().map(encoded).collect()
}
