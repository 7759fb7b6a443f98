//! Registers that people handed in.

use super::day;
use crate::registers::Rows;
use crate::store::{Action, ActionFilter, NewRegister, Store};

pub(super) fn the_last_register_is_in_force(store: &dyn Store) {
    let note = |subject: &str| Action {
        at: day(1),
        actor: "zhang".to_owned(),
        address: "127.0.0.1".to_owned(),
        what: "register.accept".to_owned(),
        subject: subject.to_owned(),
        detail: String::new(),
    };
    let put = |site: &str, rows: Rows| {
        let (file, author) = ("a.csv".to_owned(), "zhang".to_owned());
        let new = NewRegister { site: site.to_owned(), rows, file, author, at: day(1) };
        store.put_register(&new, &note(site)).unwrap()
    };
    let allow = |words: &[&str]| Rows::Allow(words.iter().map(|&word| word.to_owned()).collect());
    assert!(store.registers().unwrap().is_empty());
    put("a", allow(&["旧"]));
    let other = put("b", allow(&["别处"]));
    let columns = put("a", Rows::Columns(Vec::new()));
    let newer = put("a", allow(&["新"]));
    assert_eq!(store.registers().unwrap(), [newer, columns, other]);
    assert_eq!(store.actions(&ActionFilter::last(1)).unwrap()[0].1, note("a"));
}
