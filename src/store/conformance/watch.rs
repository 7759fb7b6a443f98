//! Incidents, accounts, and what is let go of.

use jiff::{SignedDuration, Timestamp};

use super::day;
use crate::finding::Fingerprint;
use crate::incident::tests::trouble;
use crate::incident::{Acknowledged, Happening, Incident, Silence, Told, Trouble, What};
use crate::people::{AccountId, Role};
use crate::store::outbox::{DeliveryFilter, Letter};
use crate::store::upkeep::Before;
use crate::store::{
    Action, ActionFilter, IncidentFilter, NewAccount, NewToken, News, Remembered, Session, Store, StoreError,
    Telling,
};

fn at(second: i64) -> Timestamp {
    day(0) + SignedDuration::from_secs(second)
}

/// Tells one person of whatever happens.
fn telling() -> Telling {
    Box::new(|incident: &Incident, news: News| {
        let mut notice = crate::incident::telling::opening(incident);
        notice.id = format!("{}-{news:?}", incident.id.0);
        let (recipient, ladder) = ("zhang".to_owned(), vec!["duty".to_owned()]);
        vec![Letter { notice, recipient, ladder, due: incident.opened }]
    })
}

fn silent() -> Telling {
    Box::new(|_, _| Vec::new())
}

pub(super) fn an_incident_is_opened_once_grows_and_ends(store: &dyn Store) {
    let memory = Remembered { target: "sthjt".to_owned(), memory: "{}".to_owned() };
    let first = store.raise(&trouble("probe:sthjt"), at(0), telling(), Some(memory.clone())).unwrap();
    let same = store.raise(&trouble("probe:sthjt"), at(5), telling(), None).unwrap();
    assert_eq!((first.id, same.opened, same.told.last), (same.id, at(0), Some(at(0))));
    let worse = Trouble { findings: vec![Fingerprint("f1".to_owned())], ..trouble("probe:sthjt") };
    store.raise(&worse, at(9), telling(), None).unwrap();
    assert_eq!(store.memories().unwrap(), [memory]);
    let known = Acknowledged { by: "zhang".to_owned(), at: at(10), note: String::new() };
    store.acknowledge(first.id, &known, None).unwrap();
    let later = Acknowledged { by: "li".to_owned(), ..known.clone() };
    assert_eq!(
        store.acknowledge(first.id, &later, None).unwrap().acknowledged,
        Some(known),
        "the first counts"
    );
    let told = Told { last: Some(at(20)), rung: 1, reminders: 0 };
    let happening = Happening { at: at(20), what: What::Escalated, by: String::new(), text: String::new() };
    store.told(first.id, told, &happening, Vec::new()).unwrap();
    let closed = store.close("probe:sthjt", at(60), "已恢复", telling(), None).unwrap().unwrap();
    assert_eq!((closed.closed, closed.told), (Some(at(60)), told));
    assert_eq!(store.close("probe:sthjt", at(61), "", telling(), None).unwrap(), None);
    let again = store.raise(&trouble("probe:sthjt"), at(70), telling(), None).unwrap();
    assert_ne!(again.id, first.id, "what comes back is another incident");
    let happened: Vec<What> = store.timeline(first.id).unwrap().into_iter().map(|one| one.what).collect();
    let expected =
        [What::Opened, What::Grew, What::Acknowledged, What::Acknowledged, What::Escalated, What::Closed];
    assert_eq!(happened, expected);
    let letters = store.deliveries(&DeliveryFilter::default()).unwrap();
    assert_eq!(letters.len(), 4, "opened, grew, closed, opened");
    let open = IncidentFilter { open: true, site: Some("sthjt".to_owned()), ..IncidentFilter::default() };
    assert_eq!(store.incidents(&open).unwrap().len(), 1);
    assert_eq!(store.incidents(&IncidentFilter::default()).unwrap()[1], closed);
    assert_eq!(store.incident(first.id).unwrap(), Some(closed));
}

pub(super) fn what_is_raised_in_silence_has_told_nobody(store: &dyn Store) {
    let raised = store.raise(&trouble("probe:sthjt"), at(0), silent(), None).unwrap();
    assert_eq!(raised.told.last, None);
    assert!(store.deliveries(&DeliveryFilter::default()).unwrap().is_empty());
    let silence = Silence {
        id: 0,
        site: None,
        subject: None,
        from: at(0),
        until: at(100),
        author: "张三".to_owned(),
        reason: "演练".to_owned(),
    };
    let id = store.silence(&silence, None).unwrap();
    assert_eq!(store.silences(at(99)).unwrap(), [Silence { id, ..silence }]);
    store.end_silence(id, at(50), None).unwrap();
    assert!(store.silences(at(50)).unwrap().is_empty());
    store.end_silence(id, at(90), None).unwrap();
    assert!(store.silences(at(60)).unwrap().is_empty(), "an end is not put off");
}

pub(super) fn jobs_are_known_and_run(store: &dyn Store) {
    let job = ("sthjt".to_owned(), "read".to_owned());
    store.know_jobs(std::slice::from_ref(&job), at(0)).unwrap();
    store.know_jobs(&[job], at(9)).unwrap();
    store.job_ran("sthjt", "read", at(20)).unwrap();
    store.job_ran("sthjt", "scan", at(21)).unwrap();
    let runs = store.job_runs().unwrap();
    let told: Vec<_> = runs.iter().map(|run| (run.kind.as_str(), run.known_since, run.last)).collect();
    assert_eq!(told, [("read", at(0), Some(at(20))), ("scan", at(21), Some(at(21)))]);
}

fn action(what: &str) -> Action {
    Action {
        at: at(0),
        actor: "admin".to_owned(),
        address: "127.0.0.1".to_owned(),
        what: what.to_owned(),
        subject: String::new(),
        detail: String::new(),
    }
}

fn new_account(login: &str) -> NewAccount {
    NewAccount {
        login: login.to_owned(),
        name: "张三".to_owned(),
        role: Role::Operator,
        sites: vec!["sthjt".to_owned()],
        password: "hash".to_owned(),
        totp: None,
        must_change: true,
    }
}

fn session(account: AccountId, hash: &str) -> Session {
    Session {
        hash: hash.to_owned(),
        account,
        form: "form".to_owned(),
        begun: at(0),
        last_used: at(0),
        until: at(3_600),
    }
}

pub(super) fn accounts_sessions_and_tokens(store: &dyn Store) {
    let id = store.add_account(&new_account("zhang"), &action("account.add")).unwrap();
    let taken = store.add_account(&new_account("zhang"), &action("account.add"));
    assert!(matches!(taken, Err(StoreError::LoginTaken { .. })));
    store.note_login(id, 3, Some(at(900)), Some(7), None).unwrap();
    let account = store.account("zhang").unwrap().unwrap();
    assert_eq!((account.failures, account.locked_until, account.totp_step), (3, Some(at(900)), Some(7)));
    store.begin_session(&session(id, "s1"), &action("login")).unwrap();
    assert_eq!(
        store.session("s1", at(10)).unwrap().map(|(_, account)| account.login).as_deref(),
        Some("zhang")
    );
    assert_eq!(store.session("s1", at(3_600)).unwrap(), None, "it has ended");
    assert_eq!(store.session("s2", at(10)).unwrap(), None);
    let mut changed = account.clone();
    changed.password = "other".to_owned();
    store.change_account(&changed, &action("account.password")).unwrap();
    assert_eq!(store.session("s1", at(10)).unwrap(), None, "a new password ends sessions");
    store.begin_session(&session(id, "s3"), &action("login")).unwrap();
    changed.is_closed = true;
    store.change_account(&changed, &action("account.close")).unwrap();
    assert_eq!(store.session("s3", at(10)).unwrap(), None, "so does closing it");
    let token = NewToken {
        hash: "t".to_owned(),
        name: "CMS".to_owned(),
        role: Role::Editor,
        sites: Vec::new(),
        until: at(100),
    };
    let token = store.add_token(&token, &action("token.add")).unwrap();
    assert!(store.token("t", at(99)).unwrap().is_some());
    assert!(store.token("t", at(100)).unwrap().is_none());
    store.revoke_token(token, &action("token.revoke")).unwrap();
    assert!(store.token("t", at(1)).unwrap().is_none());
    let done: Vec<String> =
        store.actions(&ActionFilter::last(3)).unwrap().into_iter().map(|(_, action)| action.what).collect();
    assert_eq!(done, ["token.revoke", "token.add", "account.close"]);
}

pub(super) fn only_what_is_old_and_over_is_let_go(store: &dyn Store) {
    store.raise(&trouble("probe:a"), at(0), telling(), None).unwrap();
    let visit = |second: i64| crate::store::Visit {
        target: crate::ledger::Target { site: "a".to_owned(), name: "a".to_owned() },
        at: at(second),
        failed: false,
    };
    store.count_visits(&[visit(0), visit(86_400)]).unwrap();
    let before = Before { visits: at(80_000), letters: at(80_000), readings: at(80_000) };
    let pruned = store.prune(&before).unwrap();
    assert_eq!((pruned.visits, pruned.letters), (1, 0), "a letter that waits is kept however old it is");
    assert_eq!(store.incidents(&IncidentFilter::default()).unwrap().len(), 1);
    assert_eq!(store.prune(&before).unwrap().visits, 0);
}
