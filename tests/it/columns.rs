//! A column register proposed from the last scan.

use std::{fs, path::Path, process::Command};

use sitewarden::{config, report, scan::ScanError};

use crate::scans::{HOME, Scratch};

#[test]
fn what_is_proposed_can_be_registered_and_says_the_same() {
    let scratch = Scratch::new();
    scratch.scan(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/checks/stale-column/quiet"));
    let columns = scratch.columns().expect("there is a scan");
    assert!(columns.len() > 2, "{columns:#?}");
    let again = scratch.columns().expect("there is a scan");
    assert_eq!(again, columns, "looking changes nothing");

    let folder = tempfile::tempdir().expect("a scratch folder");
    let file = folder.path().join("sitewarden.toml");
    let text = format!("[[site]]\nhome = \"{HOME}\"\n{}", report::register::toml(&columns));
    fs::write(&file, &text).expect("writable");
    let settings = config::load(&file).unwrap_or_else(|problems| panic!("{problems:#?}\n{text}"));
    let registered = &settings.sites[0].columns;
    assert_eq!(registered.len(), columns.len());
    for (registered, proposed) in registered.iter().zip(&columns) {
        assert_eq!(registered.address.as_str(), proposed.address);
        assert_eq!(registered.kind, proposed.column.kind);
    }

    let table = report::register::table(&columns);
    for proposed in &columns {
        assert!(table.contains(&proposed.address), "{table}");
    }
}

#[test]
fn without_a_scan_there_is_nothing_to_propose() {
    assert!(matches!(Scratch::new().columns(), Err(ScanError::NothingStored(_))));
    let folder = tempfile::tempdir().expect("a scratch folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_sitewarden"));
    let output = command
        .current_dir(folder.path())
        .args(["columns", "http://www.example.test/", "--toml"])
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(output.stdout, b"");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("no stored scan") && error.contains("sitewarden scan"), "{error}");
}
