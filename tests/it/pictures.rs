//! Words in pictures, by the real program where it is installed.

use std::fs;
use std::path::Path;

use sitewarden::finding::Confidence;
use sitewarden::ocr::Tesseract;

use crate::scans::Scratch;

#[test]
fn a_scan_reads_pictures_where_it_is_asked_to() {
    if let Err(error) = Tesseract::find() {
        return println!("skipped: {error}");
    }
    let folder = tempfile::tempdir().expect("a scratch folder");
    let notice = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/text/notice.png");
    fs::copy(notice, folder.path().join("notice.png")).expect("writable");
    let page =
        "<!DOCTYPE html><meta charset=\"utf-8\"><title>示例</title><p>通知<img src=\"/notice.png\"></p>";
    fs::write(folder.path().join("index.html"), page).expect("writable");
    let mut scratch = Scratch::new();
    let found = |scratch: &Scratch| {
        let report = scratch.scan(folder.path());
        let slips = report.findings.into_iter().map(|reported| reported.finding);
        slips.filter(|finding| finding.check == "misspelling").collect::<Vec<_>>()
    };
    assert_eq!(found(&scratch), []);
    scratch.settings.ocr = true;
    let slips = found(&scratch);
    assert_eq!(slips.len(), 1, "{slips:#?}");
    assert!(slips[0].evidence.contains("图片文字（识别）"), "{slips:#?}");
    assert_eq!(slips[0].confidence, Confidence::Note);
}
