//! What people do about findings, and the list they work from.

use jiff::civil::date;

use super::{begin, day, on_site, outcome, scan};
use crate::diff::tests::sighted;
use crate::diff::{Decision, Refusal, Ruling, Sighted};
use crate::finding::{Confidence, Fingerprint, Severity};
use crate::life::{Life, Reported};
use crate::store::{
    Action, ActionFilter, Assignee, Case, CaseOrder, CaseQuery, Effort, Held, Remark, STANDING, Store,
    StoreError, Work,
};

/// Runs every case on a record of its own.
pub(super) fn run(make: &impl Fn() -> Box<dyn Store>) {
    work_is_remembered(&*make());
    all_or_none(&*make());
    cases_are_filtered_sorted_and_paged(&*make());
    numbers_follow_the_life_of_findings(&*make());
}

pub(super) fn note(what: &str) -> Action {
    Action {
        at: day(5),
        actor: "zhang".to_owned(),
        address: "127.0.0.1".to_owned(),
        what: what.to_owned(),
        subject: String::new(),
        detail: String::new(),
    }
}

fn effort(on: i64, work: Work) -> Effort {
    Effort { at: day(on), actor: "zhang".to_owned(), work }
}

fn assignment(to: Option<Assignee>) -> Work {
    Work::Assign { to, due: Some(date(2027, 2, 1)), text: "请核实".to_owned() }
}

/// Records what a person has decided about one finding, and returns it as it stands then.
pub(super) fn decide(
    store: &dyn Store,
    finding: &Fingerprint,
    decision: &Decision,
) -> Result<Reported, StoreError> {
    store.rule(std::slice::from_ref(finding), decision, &note("finding.rule"))?;
    Ok(one(store, finding).reported)
}

fn acknowledgement() -> Decision {
    Decision { ruling: Ruling::Acknowledge, actor: "zhang".to_owned(), reason: String::new(), at: day(5) }
}

fn one(store: &dyn Store, finding: &Fingerprint) -> Case {
    store.case(finding).unwrap().expect("it is on record")
}

fn work_is_remembered(store: &dyn Store) {
    scan(store, "a", 0, &["x"], true);
    let id = on_site("a", "x").id;
    let office = Assignee::Office("办公室".to_owned());
    let efforts = [
        effort(1, assignment(Some(office.clone()))),
        effort(2, Work::Comment("已电话联系".to_owned())),
        effort(3, Work::Recheck),
        effort(4, Work::Mended("链接已更正".to_owned())),
    ];
    for effort in &efforts {
        store.work(std::slice::from_ref(&id), effort, &note("finding.work")).unwrap();
    }
    assert_eq!(store.efforts(&id).unwrap(), efforts);
    let remark = || store.remarks(std::slice::from_ref(&id)).unwrap().remove(&id);
    let said = |on, text: &str| Remark { at: day(on), by: "zhang".to_owned(), text: text.to_owned() };
    assert_eq!(remark(), Some(said(4, "链接已更正")));
    let case = one(store, &id);
    assert_eq!((case.site.as_str(), &case.assignee), ("a", &Some(office.clone())));
    assert_eq!((case.due, case.mended), (Some(date(2027, 2, 1)), Some(day(4))));
    assert!(case.awaits_proof() && case.is_overdue(date(2027, 2, 2)) && !case.is_overdue(date(2027, 2, 1)));
    assert_eq!(store.assignees().unwrap(), [office]);
    let noted = store.actions(&ActionFilter::last(10)).unwrap();
    assert_eq!(noted.len(), efforts.len());
    assert!(noted.iter().all(|(_, action)| action.subject == id.0), "each names its finding");

    let decision = Decision { reason: "历史专题".to_owned(), ..acknowledgement() };
    decide(store, &id, &decision).unwrap();
    assert_eq!(remark(), Some(said(5, "历史专题")), "what was said last, with whatever it was");
    assert!(store.remarks(&[Fingerprint("0".repeat(32))]).unwrap().is_empty());

    scan(store, "a", 5, &["x"], true);
    let case = one(store, &id);
    assert!(!case.awaits_proof(), "it was looked at, and it is still there");
    assert!(case.assignee.is_some() && case.due.is_some(), "and whoever saw to it still does");
    scan(store, "a", 6, &[], true);
    assert!(!one(store, &id).is_overdue(date(2028, 1, 1)), "what is fixed is never late");
    assert!(store.assignees().unwrap().is_empty());
    store.work(std::slice::from_ref(&id), &effort(7, assignment(None)), &note("finding.assign")).unwrap();
    assert_eq!(one(store, &id).assignee, None);
}

fn all_or_none(store: &dyn Store) {
    scan(store, "a", 0, &["x", "y"], true);
    scan(store, "a", 1, &["x"], true);
    let (x, y, nobody) = (on_site("a", "x").id, on_site("a", "y").id, Fingerprint("0".repeat(32)));
    let refused = store.rule(&[x.clone(), y.clone()], &acknowledgement(), &note("finding.acknowledge"));
    assert!(matches!(refused, Err(StoreError::Refused(Refusal::Fixed))), "y is fixed");
    let refused = store.work(&[x.clone(), nobody], &effort(2, Work::Recheck), &note("finding.recheck"));
    assert!(matches!(refused, Err(StoreError::NoSuchFinding { .. })));
    assert_eq!(one(store, &x).reported.state, Life::Open, "x was left alone");
    assert!(
        store.efforts(&x).unwrap().is_empty() && store.actions(&ActionFilter::last(10)).unwrap().is_empty()
    );
    store.rule(std::slice::from_ref(&x), &acknowledgement(), &note("finding.acknowledge")).unwrap();
    assert_eq!(one(store, &x).reported.state, Life::Acknowledged);
    assert_eq!(store.actions(&ActionFilter::last(10)).unwrap().len(), 1);
}

fn cases_are_filtered_sorted_and_paged(store: &dyn Store) {
    let graded = |site: &str, what: &str, check: &str, severity, confidence| {
        let mut finding = sighted(what).finding;
        (finding.check, finding.severity, finding.confidence) = (check.to_owned(), severity, confidence);
        finding.evidence = format!("“{what}”100%_Gone");
        Sighted::new(site, "http://a.example.test/", finding)
    };
    let of_a = vec![
        graded("a", "low", "stale-column", Severity::Low, Confidence::Confirmed),
        graded("a", "doubtful", "dead-link", Severity::High, Confidence::Probable),
        graded("a", "worst", "hidden-link", Severity::Critical, Confidence::Note),
    ];
    let of_b = vec![graded("b", "certain", "dead-link", Severity::High, Confidence::Confirmed)];
    for (site, on, findings) in [("a", 0, of_a), ("b", 1, of_b)] {
        let id = begin(store, site, on).unwrap();
        store.finish_scan(outcome(id, on, findings, true)).unwrap();
    }
    let page = |query: CaseQuery| {
        let page = store.cases(&query).unwrap();
        let whats: Vec<String> = page.cases.into_iter().map(|case| case.reported.finding.what).collect();
        (whats, page.total)
    };
    let check = |query: CaseQuery, expected: &[&str]| {
        let (whats, total) = page(query.clone());
        assert_eq!(whats, expected, "{query:?}");
        assert_eq!(total, expected.len() as u64, "{query:?}");
    };
    let all = || CaseQuery { limit: 10, ..CaseQuery::default() };
    check(all(), &["worst", "certain", "doubtful", "low"]);
    assert_eq!(
        page(CaseQuery { offset: 1, limit: 2, ..all() }),
        (vec!["certain".into(), "doubtful".into()], 4)
    );
    check(CaseQuery { sites: Some(vec!["b".to_owned()]), ..all() }, &["certain"]);
    check(CaseQuery { sites: Some(Vec::new()), ..all() }, &[]);
    check(CaseQuery { severities: vec![Severity::Low, Severity::Critical], ..all() }, &["worst", "low"]);
    check(CaseQuery { confidences: vec![Confidence::Probable], ..all() }, &["doubtful"]);
    check(CaseQuery { checks: vec!["dead-link".to_owned()], ..all() }, &["certain", "doubtful"]);
    check(
        CaseQuery { states: STANDING.to_vec(), order: CaseOrder::Newest, ..all() },
        &["certain", "worst", "doubtful", "low"],
    );
    check(CaseQuery { states: vec![Life::Fixed], ..all() }, &[]);
    for (text, expected) in
        [("DOUBT", &["doubtful"][..]), ("_gone", &["worst", "certain", "doubtful", "low"]), ("%gone", &[])]
    {
        check(CaseQuery { text: text.to_owned(), ..all() }, expected);
    }
    let known = store.cases(&all()).unwrap().cases;
    let (low, zhang) = (known[3].reported.id.clone(), Assignee::Person("zhang".to_owned()));
    let work = effort(2, assignment(Some(zhang.clone())));
    store.work(std::slice::from_ref(&low), &work, &note("finding.assign")).unwrap();
    check(CaseQuery { held: Held::By(zhang), ..all() }, &["low"]);
    check(CaseQuery { held: Held::ByNobody, ..all() }, &["worst", "certain", "doubtful"]);
    check(CaseQuery { overdue: Some(date(2027, 2, 2)), ..all() }, &["low"]);
    check(CaseQuery { overdue: Some(date(2027, 2, 1)), ..all() }, &[]);
    check(CaseQuery { order: CaseOrder::Due, ..all() }, &["low", "worst", "doubtful", "certain"]);
    store.work(&[low], &effort(3, Work::Mended(String::new())), &note("finding.mended")).unwrap();
    check(CaseQuery { awaits_proof: true, ..all() }, &["low"]);
}

fn numbers_follow_the_life_of_findings(store: &dyn Store) {
    scan(store, "a", 0, &["x", "y"], true);
    scan(store, "b", 0, &["x"], true);
    scan(store, "a", 1, &["x"], true);
    let numbers = |since: i64| -> Vec<(String, Life, u64)> {
        let mut turns: Vec<_> = store
            .turn_tallies(day(since))
            .unwrap()
            .into_iter()
            .map(|turn| (turn.site, turn.after, turn.number))
            .collect();
        turns.sort_by_key(|(site, after, _)| (site.clone(), format!("{after:?}")));
        turns
    };
    assert_eq!(numbers(1), [("a".to_owned(), Life::Fixed, 1)]);
    assert_eq!(numbers(0).len(), 3);
    assert_eq!(store.course("a").unwrap(), [(day(0), 2), (day(1), 1)]);
    let dismissal = Decision {
        ruling: Ruling::Dismiss { until: day(9) },
        reason: "历史专题".to_owned(),
        ..acknowledgement()
    };
    store.rule(&[on_site("a", "x").id], &dismissal, &note("finding.dismiss")).unwrap();
    assert_eq!(store.course("a").unwrap().last(), Some(&(day(5), 0)));
    let tallies = store.tallies().unwrap();
    let told: Vec<_> = tallies.iter().map(|tally| (tally.site.as_str(), tally.state, tally.number)).collect();
    assert_eq!(told, [("a", Life::Dismissed, 1), ("b", Life::New, 1)]);
}
