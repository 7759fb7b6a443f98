//! What the key pages of a site look like.

use super::{begin, day, outcome};
use crate::baseline::{Approval, Baselines, Course, Taken};
use crate::store::{ScanOutcome, Store};

pub(super) fn portraits_follow_wait_and_are_approved(store: &dyn Store) {
    let portrait = |text: &str| {
        let html = format!("<meta charset=utf-8><p>{text}");
        Box::new(crate::baseline::portray(html.as_bytes()).expect("a page to be seen"))
    };
    let see = |on, course: Course| {
        let id = begin(store, "a", on).unwrap();
        let taken = vec![Taken { page: "p".to_owned(), address: "http://a.test/".to_owned(), course }];
        store.finish_scan(ScanOutcome { taken, ..outcome(id, on, Vec::new(), true) }).unwrap();
        store.baselines("a").unwrap()
    };
    let good = |known: &Baselines| known.good("p").map(|baseline| baseline.portrait.clone());
    assert_eq!(good(&see(1, Course::Follow(portrait("甲")))), Some(*portrait("甲")));
    let approval = Approval { by: "王工".to_owned(), at: day(2) };
    store.accept("a", &["p".to_owned()], &approval, 5, None).unwrap();
    // What follows by itself is as good as what was approved.
    let followed = see(3, Course::Follow(portrait("乙")));
    assert_eq!(followed.good("p").unwrap().approval, Some(approval.clone()));
    let waiting = see(4, Course::Wait(portrait("丙")));
    assert_eq!(good(&waiting), Some(*portrait("乙")));
    assert_eq!(waiting.waiting("p").unwrap().portrait, *portrait("丙"));
    assert_eq!(see(5, Course::Same).waiting("p"), None);
    see(6, Course::Wait(portrait("丁")));
    let later = Approval { by: "李工".to_owned(), at: day(7) };
    store.accept("a", &["p".to_owned()], &later, 5, None).unwrap();
    let accepted = store.baselines("a").unwrap();
    assert_eq!((good(&accepted), accepted.waiting("p")), (Some(*portrait("丁")), None));
    assert_eq!(accepted.good("p").unwrap().approval, Some(later));
    assert_eq!(store.baselines("b").unwrap(), Baselines::default());
    assert_eq!(see(8, Course::Forget), Baselines::default());
}
