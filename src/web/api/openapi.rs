//! The description of the interface. It is kept by hand; a test compares it with the routes.

use axum::extract::State;

use super::ask::{Told, told_as_is};
use crate::web::app::App;

const DOCUMENT: &str = include_str!("openapi.json");

/// The description.
pub(super) async fn show(State(_): State<App>) -> Told {
    told_as_is(DOCUMENT.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_route_is_described_and_everything_described_is_a_route() {
        let document: serde_json::Value = serde_json::from_str(DOCUMENT).expect("JSON");
        let paths = document["paths"].as_object().expect("paths");
        let described: BTreeSet<&str> = paths.keys().map(String::as_str).collect();
        let routed: BTreeSet<&str> = super::super::routes().iter().map(|route| route.path).collect();
        assert_eq!(described, routed);
        // What is referred to is there.
        let text = document.to_string();
        for (at, reference) in text.match_indices("\"$ref\":\"#/") {
            let pointer = &text[at + reference.len() - 1..].split('"').next().unwrap_or_default();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
        for (path, operations) in paths {
            for (method, operation) in operations.as_object().expect("operations") {
                assert!(operation["summary"].is_string(), "{method} {path} has no summary");
                let named: Vec<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
                let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
                for name in named {
                    let is_there = parameters.iter().any(|parameter| parameter["name"] == name);
                    assert!(is_there, "{method} {path} does not describe {name}");
                }
            }
        }
    }
}
