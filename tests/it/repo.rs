//! The repository keeps its own promises: file, entry and fixture folder agree; imports point one way.

use std::{fs, path::Path};

use sitewarden::checks::ALL;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn rust_files(folder: &Path, into: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

#[test]
fn every_check_has_its_file_and_its_fixtures() {
    for check in ALL {
        let id = check.about().id;
        let file = root().join(format!("src/checks/{}.rs", id.replace('-', "_")));
        assert!(file.exists(), "{id} has no file {}", file.display());
        let fires = root().join(format!("fixtures/checks/{id}/fires/expected.txt"));
        let quiet = root().join(format!("fixtures/checks/{id}/quiet"));
        assert!(quiet.is_dir(), "{id} has no quiet fixture");
        let expected = fs::read_to_string(&fires).unwrap_or_default();
        assert!(
            expected.lines().any(|line| line.starts_with(id)),
            "{id} fires on nothing in {}",
            fires.display()
        );
        let explanation = check.about().explanation;
        for heading in ["## Why it matters", "## What to do"] {
            assert!(explanation.contains(heading), "{id} does not say {heading:?}");
        }
    }
}

#[test]
fn checks_know_no_network_file_clock_or_store() {
    let mut files = Vec::new();
    rust_files(&root().join("src/checks"), &mut files);
    for forbidden in [
        "crate::net",
        "crate::store",
        "crate::evidence",
        "crate::crawl",
        "std::fs",
        "Timestamp::now",
        "Instant::now",
        "reqwest",
    ] {
        for file in &files {
            let source = fs::read_to_string(file).expect("readable");
            assert!(!source.contains(forbidden), "{} knows {forbidden}", file.display());
        }
    }
}

#[test]
fn layers_point_one_way() {
    // A module may use those that stand before it.
    let layers = [
        &["finding", "facts", "address", "config"][..],
        &["text", "page", "file"],
        &["net", "fetch", "evidence"],
        &["link", "snapshot", "frontier", "indicators", "column", "template"],
        &["checks", "score", "state"],
        &["crawl", "diff", "store"],
        &["report", "scan"],
        &["progress", "demo", "cli"],
    ];
    let place = |module: &str| layers.iter().position(|layer| layer.contains(&module));
    // Plain data that flows everywhere: where a module is read for its types alone, no arrow points up.
    let plain =
        ["finding", "facts", "config", "address", "link::Verdict", "page::LinkKind", "fetch::", "report::"];
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let path = file.strip_prefix(root().join("src")).expect("below src").to_string_lossy().into_owned();
        let own = path.split(['/', '.']).next().unwrap_or_default().to_owned();
        let Some(mine) = place(&own) else { continue };
        for line in fs::read_to_string(&file).expect("readable").lines() {
            let Some(used) = line.trim().strip_prefix("use crate::") else { continue };
            let module = used.split("::").next().unwrap_or_default().trim_end_matches(';');
            let is_plain = plain.iter().any(|plain| used.starts_with(plain));
            if place(module).is_some_and(|place| place > mine) && !is_plain {
                wrong.push(format!("{path}: {line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_readme_names_every_check() {
    let readme = read("README.md");
    for check in ALL {
        assert!(
            readme.contains(&format!("`{}`", check.about().id)),
            "README does not name {}",
            check.about().id
        );
    }
}
