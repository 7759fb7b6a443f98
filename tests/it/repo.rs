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
            // A network in CIDR notation is plain data, as an IP address is.
            let source =
                fs::read_to_string(file).expect("readable").replace("crate::net::guard::Network", "");
            assert!(!source.contains(forbidden), "{} knows {forbidden}", file.display());
        }
    }
}

#[test]
fn layers_point_one_way() {
    // lib.rs lists the modules in reading order and promises that each depends only on those below it...
    let lib = read("src/lib.rs");
    let order: Vec<&str> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod "))
        .map(|module| module.trim_end_matches(';'))
        .collect();
    // ...or on plain data: types that flow everywhere and bring nothing with them.
    const PLAIN: &[&str] = &[
        "config",
        "fetch::BodyEnd;",
        "fetch::FailureKind;",
        "fetch::{BodyEnd, FailureKind, Hop, TlsWeakness};",
        "link::Verdict;",
        "page::LinkKind;",
    ];
    let place = |module: &str| order.iter().position(|other| *other == module);
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let path = file.strip_prefix(root().join("src")).expect("below src").to_string_lossy().into_owned();
        let own = path.split(['/', '.']).next().unwrap_or_default();
        if matches!(own, "lib" | "main" | "commands") || path.ends_with("tests.rs") {
            continue;
        }
        let mine = place(own).unwrap_or_else(|| panic!("lib.rs does not list {own}"));
        let source = fs::read_to_string(&file).expect("readable");
        let product = source.split("#[cfg(test)]").next().unwrap_or_default();
        for (line, used) in uses(product) {
            let module = used.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            let points_up = place(module).is_some_and(|place| place < mine);
            if points_up && !PLAIN.iter().any(|plain| used.starts_with(plain)) {
                wrong.push(format!("{path}: {line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every path of the crate named in code, with its line.
fn uses(source: &str) -> impl Iterator<Item = (&str, &str)> {
    source.lines().map(str::trim).filter(|line| !line.starts_with("//")).flat_map(|line| {
        line.match_indices("crate::").map(move |(at, path)| (line, &line[at + path.len()..]))
    })
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
