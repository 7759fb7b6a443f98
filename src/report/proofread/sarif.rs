//! SARIF 2.1.0: what editors and build servers read.

use serde_json::{Value, json};

use super::{Checked, all};
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
    let advice = finding.advice().unwrap_or_default();
    let whereabouts = finding.whereabouts(&checked.document);
    let part = &checked.document.parts[finding.part];
    let length = part.text[finding.start..finding.end].chars().count();
    let message = format!("{}“{}”（{whereabouts}）。{advice}", finding.class, finding.what);
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
                    "endColumn": finding.position.column + length,
                    "charOffset": finding.position.chars,
                    "charLength": length,
                    "snippet": { "text": finding.written },
                },
            },
            "logicalLocations": [{ "name": part.place }],
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::proofread::tests::sample;

    /// The members that the schema of SARIF 2.1.0 requires of an object, and all that ours may have; it knows no others.
    const OBJECTS: &[(&str, &[&str], &[&str])] = &[
        ("", &["version", "runs"], &["$schema"]),
        ("/runs/0", &["tool"], &["columnKind", "results"]),
        ("/runs/0/tool", &["driver"], &[]),
        ("/runs/0/tool/driver", &["name"], &["version", "rules"]),
        ("/runs/0/tool/driver/rules/0", &["id"], &["name", "shortDescription", "fullDescription", "help"]),
        ("/runs/0/tool/driver/rules/0/shortDescription", &["text"], &[]),
        ("/runs/0/tool/driver/rules/0/fullDescription", &["text"], &[]),
        ("/runs/0/tool/driver/rules/0/help", &["text"], &[]),
        ("/runs/0/results/0", &["message"], &["ruleId", "level", "locations"]),
        ("/runs/0/results/0/message", &["text"], &[]),
        ("/runs/0/results/0/locations/0", &[], &["physicalLocation", "logicalLocations"]),
        ("/runs/0/results/0/locations/0/logicalLocations/0", &[], &["name"]),
        ("/runs/0/results/0/locations/0/physicalLocation", &["artifactLocation"], &["region"]),
        ("/runs/0/results/0/locations/0/physicalLocation/artifactLocation", &[], &["uri"]),
        (
            "/runs/0/results/0/locations/0/physicalLocation/region",
            &["startLine"],
            &["startColumn", "endColumn", "charOffset", "charLength", "snippet"],
        ),
        ("/runs/0/results/0/locations/0/physicalLocation/region/snippet", &["text"], &[]),
    ];

    #[test]
    fn objects_are_as_the_schema_has_them() {
        let log = log(&sample());
        for (at, required, optional) in OBJECTS {
            let object = log.pointer(at).and_then(Value::as_object).unwrap_or_else(|| panic!("no {at}"));
            assert!(required.iter().all(|name| object.contains_key(*name)), "{at}: {object:?}");
            let is_known = |name: &String| required.iter().chain(*optional).any(|known| known == name);
            assert!(object.keys().all(is_known), "{at}: {object:?}");
        }
        assert_eq!(log["version"], "2.1.0");
        let ids: Vec<&Value> = log["runs"][0]["tool"]["driver"]["rules"]
            .as_array()
            .unwrap()
            .iter()
            .map(|rule| &rule["id"])
            .collect();
        for result in log["runs"][0]["results"].as_array().unwrap() {
            assert!(ids.contains(&&result["ruleId"]), "{result}");
            assert!(["none", "note", "warning", "error"].contains(&result["level"].as_str().unwrap()));
            let place = &result["locations"][0]["physicalLocation"];
            let number = |name: &str| place["region"][name].as_u64().unwrap();
            assert!(number("startLine") >= 1 && number("startColumn") >= 1);
            assert!(number("endColumn") > number("startColumn") && number("charLength") > 0);
            let address =
                url::Url::parse("file:///").unwrap().join(place["artifactLocation"]["uri"].as_str().unwrap());
            assert!(address.is_ok_and(|address| address.scheme() == "file"), "{place}");
        }
    }

    #[test]
    fn names_of_files_are_relative_references() {
        assert_eq!(uri("通知 (1).docx"), "%E9%80%9A%E7%9F%A5%20%281%29.docx");
        assert_eq!(uri("C:\\a.txt"), "C%3A%5Ca.txt");
    }
}
