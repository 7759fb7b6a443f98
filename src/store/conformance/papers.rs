//! Documents that were made and handed in.

use jiff::Timestamp;

use super::day;
use crate::contract::Withdrawal;
use crate::ledger::Period;
use crate::notice::Enclosure;
use crate::paper::Kind;
use crate::store::outbox::{DeliveryFilter, Letter};
use crate::store::papers::{Matter, NewHandIn, NewPaper, PaperFilter};
use crate::store::{Action, ActionFilter, Store, StoreError};

fn matter(site: &str, kind: Kind, period: &str) -> Matter {
    Matter { site: site.to_owned(), kind, period: period.parse().unwrap(), interval: None }
}

pub(super) fn a_document_is_made_once_and_told_once(store: &dyn Store) {
    let file = |path: &str| Enclosure { path: path.to_owned(), bytes: 3, sha256: "ab".repeat(32) };
    let new = |matter: Matter, made: Timestamp| NewPaper {
        matter,
        incident: None,
        made,
        files: vec![file("2026-11/a-work-2026-11.html")],
    };
    let letter = || {
        let letter = super::outbox::opened("report-1", &["mail"]);
        Box::new(move |_: &_| vec![letter]) as Box<dyn FnOnce(&_) -> Vec<Letter> + Send>
    };
    let letters = || store.deliveries(&DeliveryFilter::default()).unwrap().len();
    let month = matter("a", Kind::Work, "2026-11");
    assert_eq!(store.paper_about(&month).unwrap(), None);
    let first = store.keep_paper(&new(month.clone(), day(1)), letter()).unwrap();
    assert_eq!((first.made, letters()), (day(1), 1));
    let again = store
        .keep_paper(&new(month.clone(), day(2)), Box::new(|_| panic!("nobody is told of it again")))
        .unwrap();
    assert_eq!((&again, letters()), (&first, 1));
    let fault = |interval| Matter { interval: Some(interval), ..matter("a", Kind::Fault, "2026") };
    let nobody = || Box::new(|_: &_| Vec::new()) as Box<dyn FnOnce(&_) -> Vec<Letter> + Send>;
    let faults: Vec<_> =
        [31, 42].map(|interval| store.keep_paper(&new(fault(interval), day(3)), nobody()).unwrap()).into();
    let other = store.keep_paper(&new(matter("b", Kind::Work, "2026-11"), day(4)), nobody()).unwrap();
    let of = |site: &str, kind: Option<Kind>, limit: Option<u32>| {
        store.papers(&PaperFilter { site: Some(site.to_owned()), kind, limit }).unwrap()
    };
    assert_eq!(of("b", None, None), [other]);
    assert_eq!(of("a", Some(Kind::Fault), None), [faults[1].clone(), faults[0].clone()]);
    assert_eq!(of("a", None, Some(1)), [faults[1].clone()]);
    assert_eq!(store.paper(first.id).unwrap(), Some(first));
    assert_eq!(store.paper_about(&fault(42)).unwrap(), Some(faults[1].clone()));
}

pub(super) fn what_was_handed_in_is_withdrawn_and_never_lost(store: &dyn Store) {
    let note = |what: &str| Action {
        at: day(2),
        actor: "zhang".to_owned(),
        address: "127.0.0.1".to_owned(),
        what: what.to_owned(),
        subject: "a".to_owned(),
        detail: String::new(),
    };
    let new = NewHandIn {
        matter: Matter { interval: Some(31), ..matter("a", Kind::Fault, "2026") },
        at: day(1),
        by: "王五".to_owned(),
        to: "李四".to_owned(),
        sha256: Some("ab".repeat(32)),
        note: "邮件".to_owned(),
        entered: day(2),
        entered_by: "zhang".to_owned(),
    };
    let first = store.hand_in(&new, Some(&note("document.hand-in"))).unwrap();
    assert!(first.holds());
    let half = NewHandIn {
        matter: Matter { period: Period::Half(2026, 1), ..matter("a", Kind::Summary, "2026") },
        sha256: None,
        ..new.clone()
    };
    let second = store.hand_in(&half, None).unwrap();
    assert_eq!(store.handed_in("a").unwrap(), [first.clone(), second.clone()]);
    assert_eq!(store.handed_in("b").unwrap(), []);
    let withdrawal = Withdrawal { at: day(3), author: "li".to_owned(), reason: "交错了".to_owned() };
    let gone =
        store.withdraw_document("a", first.number, &withdrawal, Some(&note("document.withdraw"))).unwrap();
    assert!(!gone.holds());
    let later = Withdrawal { at: day(4), author: "zhao".to_owned(), reason: "再次".to_owned() };
    assert_eq!(
        store.withdraw_document("a", first.number, &later, None).unwrap(),
        gone,
        "the first one counts"
    );
    assert_eq!(store.handed_in("a").unwrap(), [gone, second.clone()]);
    let elsewhere = store.withdraw_document("b", second.number, &later, Some(&note("document.withdraw")));
    assert!(matches!(elsewhere, Err(StoreError::NoSuchHandIn { .. })));
    assert_eq!(store.handed_in("a").unwrap()[1], second, "whoever names another site changes nothing");
    let noted = store.actions(&ActionFilter::last(9)).unwrap();
    let noted: Vec<&str> = noted.iter().map(|(_, action)| action.what.as_str()).collect();
    assert_eq!(noted, ["document.withdraw", "document.hand-in"], "a note stays only with what it notes");
}
