//! Every check on its fixtures: `fires/` finds what `expected.txt` says, `quiet/` finds nothing. All checks run on
//! every fixture, so that a check that fires on somebody else's quiet site is noticed at once. A fixture with a folder
//! `_before` is a site over time: that folder is what a scan saw a week earlier.

use std::{fs, path::Path};

use jiff::ToSpan;
use sitewarden::checks::ALL;

use crate::scans::{HOME, Scratch, TODAY};

fn found(folder: &Path) -> String {
    let before = folder.join("_before");
    let mut scratch = Scratch::new();
    // The speller is asked for; in a build for tests it takes its time.
    scratch.settings.speller = folder.parent().is_some_and(|check| check.ends_with("likely-misspelling"));
    // Somebody agreed to what is asked in another's name.
    scratch.site.authorised = folder.parent().is_some_and(|check| check.ends_with("cloaking"));
    if before.is_dir() {
        scratch.settings.today = Some(TODAY.saturating_sub(7.days()));
        scratch.scan(&before);
        scratch.settings.today = Some(TODAY);
    }
    let report = scratch.scan(folder);
    assert_eq!(report.could_not_run, [], "{}", folder.display());
    let coverage = &report.coverage;
    let accounted = coverage.visited + coverage.skipped.values().sum::<u64>();
    assert_eq!(coverage.known, accounted, "addresses lost in {}", folder.display());
    let short =
        |text: &str| text.strip_prefix(HOME).map_or_else(|| text.to_owned(), |path| format!("/{path}"));
    let mut lines: Vec<String> = report
        .findings
        .iter()
        .map(|reported| &reported.finding)
        .map(|finding| format!("{} {} {}\n", finding.check, short(&finding.page), short(&finding.what)))
        .collect();
    lines.sort();
    lines.concat()
}

fn check(folder: &Path) -> Option<String> {
    let file = folder.join("expected.txt");
    let found = found(folder);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, &found).expect("expected.txt can be written");
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    (found != expected).then(|| format!("{}\nexpected:\n{expected}found:\n{found}", folder.display()))
}

#[test]
fn fixtures() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/checks");
    let folders =
        ALL.iter().flat_map(|check| ["fires", "quiet"].map(|side| root.join(check.about().id).join(side)));
    let wrong: Vec<String> = folders.filter_map(|folder| check(&folder)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
