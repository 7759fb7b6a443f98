//! IPv6 support over time.

use super::day;
use crate::indicators::RuleSet;
use crate::ipv6::{Visit, sample, score};
use crate::store::Store;

pub(super) fn assessments_are_kept(store: &dyn Store) {
    let rules = RuleSet::built_in();
    let on = |number| {
        let mut measured = sample::faulty();
        measured.started = day(number);
        score(&measured, &rules)
    };
    for number in [1, 3, 2, 3] {
        store.put_assessment("a", &on(number)).unwrap();
    }
    assert_eq!(store.assessments("a", 2).unwrap(), [(day(3), on(3)), (day(2), on(2))]);
    assert_eq!(store.assessments("a", 9).unwrap().len(), 3);
    assert_eq!(store.assessments("b", 9).unwrap(), []);
}

pub(super) fn visits_over_either_family_are_kept_for_a_while(store: &dyn Store) {
    let visit = |number| {
        let visit = sample::measured().visits.v6[0].clone();
        Visit { at: day(number), ..visit }
    };
    store.put_ipv6_visits("a", vec![visit(1), visit(2)], day(1)).unwrap();
    store.put_ipv6_visits("b", vec![visit(1)], day(1)).unwrap();
    assert_eq!(store.ipv6_visits("a", day(0)).unwrap(), [visit(1), visit(2)]);
    assert_eq!(store.ipv6_visits("a", day(2)).unwrap(), [visit(2)]);
    store.put_ipv6_visits("a", vec![visit(3)], day(2)).unwrap();
    assert_eq!(store.ipv6_visits("a", day(0)).unwrap(), [visit(2), visit(3)]);
    assert_eq!(store.ipv6_visits("b", day(0)).unwrap(), [visit(1)], "of its own site alone");
}
