//! The report as one JSON object, for programs that want all of it.

use super::{Report, escape, wire::ReportObject};

/// Renders the report, indented, with a line end at the end.
pub fn render(report: &Report) -> String {
    let object = ReportObject::new(report);
    let json = serde_json::to_string_pretty(&object).expect("plain strings and numbers always serialise");
    let mut out = escape::json(&json).into_owned();
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn shows_everything() {
        insta::assert_snapshot!(render(&sample::report()));
    }

    #[test]
    fn a_failed_scan_says_so() {
        let value: serde_json::Value =
            serde_json::from_str(&render(&sample::failed())).expect("a JSON object");
        assert_eq!(value["coverage"]["outcome"], "failed");
        assert_eq!(value["score"]["total"], serde_json::Value::Null);
    }
}
