//! Re-checks of the hosts that sites link to.

use super::{day, scan};
use crate::diff::Step;
use crate::life::Life;
use crate::store::{Author, RecheckOutcome, Store};

pub(super) fn a_recheck_changes_hosts_and_findings_at_once(store: &dyn Store) {
    let host = super::hosts::host("b.test", 3);
    scan(store, "a", 1, &["x", "y"], true);
    let changes = store
        .finish_recheck(RecheckOutcome {
            site: "a".to_owned(),
            started: day(2),
            finished: day(3),
            hosts: vec![host.clone()],
            findings: vec![super::on_site("a", "z")],
            seen: Box::new(|stored| stored.reported.finding.what == "y"),
        })
        .unwrap();
    let whats = |step| changes.of(step).map(|reported| reported.finding.what.as_str()).collect::<Vec<_>>();
    assert_eq!((whats(Step::Opened), whats(Step::Fixed)), (vec!["z"], vec!["y"]));
    assert_eq!(changes.open().count(), 2, "what it did not look at stands");
    assert_eq!(store.inventory("a").unwrap().hosts, [host]);
    let opened = changes.of(Step::Opened).next().unwrap();
    let history = store.history(&opened.id).unwrap();
    assert!(matches!(history[0].author, Author::Recheck(_)), "{history:?}");
    let again = scan(store, "a", 4, &[], true);
    assert_eq!(again.of(Step::Fixed).count(), 2);
    assert_eq!(store.history(&opened.id).unwrap()[1].after, Life::Fixed);
}
