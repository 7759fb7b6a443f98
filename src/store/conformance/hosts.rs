//! The hosts of others, and what people say of them.

use jiff::civil::date;

use super::{begin, day, outcome};
use crate::inventory::{ExternalHost, Inventory, Trust, Vouching};
use crate::link::landing::HostState;
use crate::store::{ScanOutcome, Store, StoreError};

/// A host of others as it was met on a day of November.
pub(super) fn host(name: &str, day: i8) -> ExternalHost {
    let on = |day| jiff::civil::date(2026, 11, day);
    ExternalHost {
        host: name.to_owned(),
        class: "unknown".to_owned(),
        first_seen: on(1),
        last_seen: on(day),
        pages: 2,
        samples: vec!["http://a.test/".to_owned()],
        address: format!("http://{name}/"),
        anchors: vec!["协会".to_owned()],
        state: HostState::Illicit,
        why: "有涉赌词语".to_owned(),
        since: on(day),
        was: Some(HostState::Ok),
        lapsed: false,
        answered: true,
        print: None,
        looked: Some(on(day)),
    }
}

pub(super) fn foreign_hosts_are_kept_as_the_last_scan_saw_them(store: &dyn Store) {
    for (day, hosts) in [(1, vec![host("b.test", 1), host("a.test", 1)]), (2, vec![host("b.test", 2)])] {
        let id = begin(store, "a", day).unwrap();
        store.finish_scan(ScanOutcome { hosts, ..outcome(id, day, Vec::new(), true) }).unwrap();
    }
    let inventory = store.inventory("a").unwrap();
    assert_eq!(inventory.hosts, [host("a.test", 1), host("b.test", 2)]);
    assert_eq!(store.inventory("b").unwrap(), Inventory::default());
}

pub(super) fn what_is_said_of_a_host_stays_and_the_last_word_holds(store: &dyn Store) {
    met(store);
    let today = date(2026, 11, 3);
    let until = Trust::Given(Some(date(2026, 11, 4)));
    let refused = store.vouch("a", &said("张三", Trust::Revoked), None);
    assert!(matches!(refused, Err(StoreError::NotApproved { .. })), "{refused:?}");
    let words = [said("张三", Trust::Given(None)), said("李四", until), said("王五", Trust::Revoked)];
    for (index, word) in words.iter().enumerate() {
        store.vouch("a", word, None).unwrap();
        let inventory = store.inventory("a").unwrap();
        assert_eq!(inventory.vouchings, words[..=index]);
        let holds = (word.trust != Trust::Revoked).then_some(word);
        assert_eq!(inventory.approval("b.test", today), holds);
    }
    let twice = store.vouch("a", &said("张三", Trust::Revoked), None);
    assert!(matches!(twice, Err(StoreError::NotApproved { .. })), "{twice:?}");
    store.vouch("a", &said("张三", until), None).unwrap();
    assert_eq!(store.inventory("a").unwrap().vouchings.len(), 4);
    let elsewhere = store.vouch("b", &said("张三", until), None);
    assert!(matches!(elsewhere, Err(StoreError::NoSuchHost { .. })), "{elsewhere:?}");
}

/// Makes a scan of the site `a` meet the host `b.test`.
pub(super) fn met(store: &dyn Store) {
    let id = begin(store, "a", 1).unwrap();
    let hosts = vec![host("b.test", 1)];
    store.finish_scan(ScanOutcome { hosts, ..outcome(id, 1, Vec::new(), true) }).unwrap();
}

/// A word on the host `b.test`.
pub(super) fn said(author: &str, trust: Trust) -> Vouching {
    let (host, note) = ("b.test".to_owned(), "经核实".to_owned());
    Vouching { host, at: day(3), author: author.to_owned(), note, trust }
}
