//! What somebody does and the note of it: never the one without the other.

use super::hosts::{met, said};
use super::workflow::note;
use super::{day, scan};
use crate::baseline::Approval;
use crate::contract::{ExclusionKind, Step, StepKind, Withdrawal};
use crate::diff::{Decision, Ruling};
use crate::finding::Fingerprint;
use crate::incident::tests::trouble;
use crate::incident::{Acknowledged, Happening, IncidentId, Silence, What};
use crate::indicators::Category;
use crate::inventory::Trust;
use crate::ledger::Span;
use crate::people::AccountId;
use crate::store::{Action, ActionFilter, Effort, NewExclusion, NewTicket, Store, StoreError, Work};

/// Something that is done with a note.
type Deed = fn(&dyn Store, &Action) -> Result<(), StoreError>;

/// What works on a record that has an incident with the number 1 and a foreign host.
const DONE: [(&str, Deed); 11] = [
    ("ticket.open", |store, note| store.open_ticket(&ticket(), Some(note)).map(drop)),
    ("ticket.step", |store, note| {
        let ticket = store.open_ticket(&ticket(), None)?.number;
        store.take_steps("a", ticket, &[step()], Some(note)).map(drop)
    }),
    ("exclusion.add", |store, note| store.exclude(&exclusion(), Some(note)).map(drop)),
    ("incident.acknowledge", |store, note| {
        store.acknowledge(IncidentId(1), &acknowledged(), Some(note)).map(drop)
    }),
    ("incident.remark", |store, note| store.remark(IncidentId(1), &remark(), Some(note))),
    ("silence.begin", |store, note| store.silence(&silence(), Some(note)).map(drop)),
    ("silence.end", |store, note| {
        let id = store.silence(&silence(), None)?;
        store.end_silence(id, day(1), Some(note))
    }),
    ("baseline.accept", |store, note| {
        let approval = Approval { by: "zhang".to_owned(), at: day(1) };
        store.accept("a", &["p".to_owned()], &approval, 5, Some(note))
    }),
    ("host.approve", |store, note| store.vouch("a", &said("zhang", Trust::Given(None)), Some(note))),
    ("host.revoke", |store, note| store.vouch("a", &said("zhang", Trust::Revoked), Some(note))),
    ("login.refused", |store, note| store.note_login(AccountId(1), 3, None, None, Some(note))),
];

/// What fails on it.
const REFUSED: [(&str, Deed); 8] = [
    ("host.revoke", |store, note| store.vouch("a", &said("zhang", Trust::Revoked), Some(note))),
    ("ticket.step", |store, note| store.take_steps("a", 99, &[step()], Some(note)).map(drop)),
    ("exclusion.withdraw", |store, note| {
        store.withdraw_exclusion("a", 99, &withdrawal(), Some(note)).map(drop)
    }),
    ("document.withdraw", |store, note| {
        store.withdraw_document("a", 99, &withdrawal(), Some(note)).map(drop)
    }),
    ("incident.acknowledge", |store, note| {
        store.acknowledge(IncidentId(99), &acknowledged(), Some(note)).map(drop)
    }),
    ("incident.remark", |store, note| store.remark(IncidentId(99), &remark(), Some(note))),
    ("finding.acknowledge", |store, note| {
        let decision = Decision {
            ruling: Ruling::Acknowledge,
            actor: "zhang".to_owned(),
            reason: String::new(),
            at: day(1),
        };
        store.rule(&[unknown()], &decision, note)
    }),
    ("finding.comment", |store, note| {
        let work = Work::Comment("已电话联系".to_owned());
        store.work(&[unknown()], &Effort { at: day(1), actor: "zhang".to_owned(), work }, note)
    }),
];

pub(super) fn what_is_done_leaves_one_note_and_what_fails_none(store: &dyn Store) {
    scan(store, "a", 0, &["x"], true);
    met(store);
    store.raise(&trouble("probe:a"), day(0), Box::new(|_, _| Vec::new()), None).unwrap();
    for (what, deed) in DONE {
        deed(store, &note(what)).unwrap();
    }
    for (what, deed) in REFUSED {
        assert!(deed(store, &note(what)).is_err(), "{what}");
    }
    let mut noted = store.actions(&ActionFilter::last(100)).unwrap();
    noted.reverse();
    let whats: Vec<&str> = noted.iter().map(|(_, action)| action.what.as_str()).collect();
    assert_eq!(whats, DONE.map(|(what, _)| what));
    assert_eq!(noted[0].1.subject, "a/1", "it names the ticket that nobody knew before");
}

fn ticket() -> NewTicket {
    NewTicket {
        site: "a".to_owned(),
        category: Category::SystemDown,
        system: "门户".to_owned(),
        what: "打不开".to_owned(),
        opened: day(0),
        opened_by: "王五".to_owned(),
    }
}

fn step() -> Step {
    let (person, note) = ("张三".to_owned(), "电话".to_owned());
    Step { kind: StepKind::Answered, at: day(1), person, note, entered: day(1) }
}

fn exclusion() -> NewExclusion {
    NewExclusion {
        site: "a".to_owned(),
        span: Span::new(day(0), day(1)),
        kind: ExclusionKind::NotOurs,
        reason: "机房断电".to_owned(),
        author: "张三".to_owned(),
        approved_by: None,
        at: day(1),
    }
}

fn withdrawal() -> Withdrawal {
    Withdrawal { at: day(1), author: "张三".to_owned(), reason: "登记错误".to_owned() }
}

fn acknowledged() -> Acknowledged {
    Acknowledged { by: "zhang".to_owned(), at: day(1), note: String::new() }
}

fn remark() -> Happening {
    Happening { at: day(1), what: What::Noted, by: "zhang".to_owned(), text: "已联系机房".to_owned() }
}

fn silence() -> Silence {
    Silence {
        id: 0,
        site: None,
        subject: None,
        from: day(0),
        until: day(2),
        author: "zhang".to_owned(),
        reason: "演练".to_owned(),
    }
}

fn unknown() -> Fingerprint {
    Fingerprint("0".repeat(32))
}
