//! Lists in pages.

use super::{begin, on_site, outcome, scan};
use crate::finding::Fingerprint;
use crate::life::Reported;
use crate::store::{Filter, Store};

pub(super) fn findings_come_in_pages(store: &dyn Store) {
    scan(store, "a", 1, &["one", "two", "three"], true);
    scan(store, "b", 1, &["elsewhere"], true);
    let filter = Filter { site: Some("a".to_owned()), limit: Some(2), ..Filter::default() };
    let first = store.findings_after(&filter, 0).unwrap();
    let whats = |page: &[(i64, Reported)]| -> Vec<String> {
        page.iter().map(|(_, reported)| reported.finding.what.clone()).collect()
    };
    assert_eq!(whats(&first), ["one", "two"]);
    // What changes meanwhile does not shift the next page.
    scan(store, "a", 2, &["two", "three", "four"], true);
    let last = first.last().expect("two rows").0;
    let second = store.findings_after(&filter, last).unwrap();
    assert_eq!(whats(&second), ["three", "four"]);
    assert!(store.findings_after(&filter, second[1].0).unwrap().is_empty());

    let id = on_site("b", "elsewhere").id;
    let (site, found) = store.finding_with_site(&id).unwrap().expect("it is on record");
    assert_eq!((site.as_str(), found.id), ("b", id));
    assert_eq!(store.finding_with_site(&Fingerprint("unheard of".to_owned())).unwrap(), None);
}

pub(super) fn scans_come_in_pages(store: &dyn Store) {
    for day in 1..=3 {
        let scan = begin(store, "a", day).unwrap();
        store.finish_scan(outcome(scan, day, Vec::new(), true)).unwrap();
    }
    let page = store.scans_before("a", None, 2).unwrap();
    assert_eq!(page.len(), 2);
    assert!(page[0].id > page[1].id, "newest first");
    let rest = store.scans_before("a", Some(page[1].id), 2).unwrap();
    assert_eq!(rest.len(), 1);
    assert!(store.scans_before("b", None, 2).unwrap().is_empty());
}
