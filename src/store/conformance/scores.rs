//! What scans were scored by, and what people enter into the score.

use super::{basis, begin, day, outcome};
use crate::score::{Deed, Judged, Judgement};
use crate::store::{NewEntry, ScanId, ScanOutcome, Store, StoreError};

pub(super) fn what_a_scan_was_scored_by_is_kept(store: &dyn Store) {
    assert_eq!(store.basis(ScanId(1)).unwrap(), None);
    let scans: Vec<ScanId> = [&["x", "y"][..], &[]]
        .into_iter()
        .map(|whats| {
            let id = begin(store, "a", 0).unwrap();
            let outcome = ScanOutcome { basis: basis(whats), ..outcome(id, 1, Vec::new(), true) };
            store.finish_scan(outcome).unwrap();
            id
        })
        .collect();
    assert_eq!(store.basis(scans[0]).unwrap(), Some(basis(&["x", "y"])), "as sighted then");
    assert_eq!(store.basis(scans[1]).unwrap(), Some(basis(&[])));
    let abandoned = begin(store, "a", 2).unwrap();
    store.abandon_scan(abandoned, day(3)).unwrap();
    assert_eq!(store.basis(abandoned).unwrap(), None);
}

pub(super) fn entries_are_only_added(store: &dyn Store) {
    let enter = |site: &str, on: i64, deed: Deed| {
        let (author, note) = ("王工".to_owned(), "已核实".to_owned());
        store.enter(NewEntry { site: site.to_owned(), at: day(on), author, note, deed })
    };
    let judgement = Judgement {
        indicator: "DED-34".to_owned(),
        standing: Judged::Failed,
        points: 2.5,
        until: Some(jiff::civil::date(2026, 12, 31)),
    };
    let made = enter("a", 0, Deed::Judge(judgement.clone())).unwrap();
    let other = enter("b", 0, Deed::Judge(judgement)).unwrap();
    let removal = Deed::Remove { entry: made.number };
    let removed = enter("a", 1, removal.clone()).unwrap();
    assert_eq!(store.entries("a").unwrap(), [made.clone(), removed.clone()], "oldest first, nothing is gone");
    assert_eq!(store.entries("b").unwrap(), std::slice::from_ref(&other));
    assert!(store.entries("c").unwrap().is_empty());
    for entry in [made.number, removed.number, other.number, 99] {
        let refused = enter("a", 2, Deed::Remove { entry });
        assert!(matches!(refused, Err(StoreError::NoSuchEntry { entry: told, .. }) if told == entry));
    }
    assert_eq!(store.entries("a").unwrap().len(), 2, "what was refused left no trace");
}
