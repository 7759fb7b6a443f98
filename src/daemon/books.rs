//! The books: samples become signs in the ledger, counts of visits, and incidents.
//!
//! One task takes them in, in batches of what has come meanwhile, so that a thousand targets cost a few transactions a
//! second. What a failure means is asked of the references first: a fault of ours is darkness, never an outage.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::hub::Hub;
use super::rounds::Asked;
use crate::config::{Subject, Target};
use crate::finding::Severity;
use crate::incident::cause::{self, Move};
use crate::incident::{Cause, Trouble};
use crate::ledger::{self, Sign};
use crate::notice::Fact;
use crate::probe::sight::Sight;
use crate::probe::{Memory, Sample, State, Turn, Watchdog};
use crate::store::{Remembered, Visit};

/// Samples taken in at once.
const BATCH: usize = 256;

/// How long what we see of the references is believed.
const SIGHT: Duration = Duration::from_secs(10);

/// The subject of the incident that we see nothing.
const BLIND: &str = "blind";

/// Takes in samples until nobody sends any more.
pub(super) async fn run(hub: Arc<Hub>, mut samples: mpsc::Receiver<Asked>) {
    let memories = hub.ask(|hub| hub.store.memories()).await.unwrap_or_default();
    let memories = memories.into_iter().filter_map(|Remembered { target, memory }| {
        Some((target, serde_json::from_str::<Memory>(&memory).ok()?))
    });
    let mut books =
        Books { hub, memories: memories.collect(), dogs: HashMap::new(), sight: None, is_blind: false };
    let mut batch = Vec::new();
    while samples.recv_many(&mut batch, BATCH).await > 0 {
        books.take(std::mem::take(&mut batch)).await;
    }
}

struct Books {
    hub: Arc<Hub>,
    /// What was remembered of targets that nobody has heard of yet since the start.
    memories: HashMap<String, Memory>,
    dogs: HashMap<String, Watchdog>,
    sight: Option<(Instant, Sight)>,
    is_blind: bool,
}

/// What a batch leads to.
#[derive(Default)]
struct Entries {
    signs: Vec<Sign>,
    visits: Vec<Visit>,
    acts: Vec<(Vec<Move>, Option<Remembered>)>,
}

impl Books {
    async fn take(&mut self, batch: Vec<Asked>) {
        let now = Timestamp::now();
        let has_failures = batch.iter().any(|asked| asked.sample.state == State::Bad);
        let is_blind = (has_failures || self.is_blind) && self.look().await.is_blind();
        let mut entries = Entries::default();
        if is_blind != self.is_blind {
            self.is_blind = is_blind;
            entries.acts.push((vec![blindness(is_blind, now)], None));
        }
        for Asked { target, mut sample, is_in_doubt } in batch {
            if is_blind && sample.state == State::Bad {
                sample.state = State::Blind;
            }
            let is_open = self.enter(&target, &sample, &mut entries);
            // The rounds may have begun anew meanwhile.
            let _ = is_in_doubt.send(is_open);
        }
        let Entries { signs, visits, acts } = entries;
        self.hub
            .ask(move |hub| {
                for (moves, memory) in acts {
                    hub.act(moves, memory, now)?;
                }
                hub.store.observe(&signs)?;
                hub.store.count_visits(&visits)
            })
            .await;
    }

    /// Takes in one sample; says whether it leaves doubt.
    fn enter(&mut self, target: &Target, sample: &Sample, entries: &mut Entries) -> bool {
        let standing = self.hub.standing();
        let memory = self.memories.remove(&target.id).unwrap_or_default();
        let dog =
            self.dogs.entry(target.id.clone()).or_insert_with(|| Watchdog::new(target.rule.clone(), memory));
        dog.follow(&target.rule);
        let turns = dog.take(sample, standing.today(sample.at));
        let is_in_doubt = dog.is_in_doubt();
        if counts(target) {
            entries.signs.extend(sign(target, sample, &turns, dog.memory().is_down));
            if matches!(target.subject, Subject::Page(..))
                && !matches!(sample.state, State::Refused | State::Blind)
            {
                let failed = sample.state == State::Bad;
                entries.visits.push(Visit { target: of_ledger(target), at: sample.at, failed });
            }
        }
        if !turns.is_empty() || is_in_doubt {
            let memory =
                serde_json::to_string(dog.memory()).expect("plain data can always be written as JSON");
            let site = target.site.as_deref().map(|id| standing.name_of(id));
            let moves = turns.iter().flat_map(|turn| cause::of_turn(target, site.clone(), turn, sample.at));
            entries.acts.push((moves.collect(), Some(Remembered { target: target.id.clone(), memory })));
        }
        is_in_doubt
    }

    /// What we see of the references, asked again when the last look is old.
    async fn look(&mut self) -> Sight {
        if let Some((at, sight)) = self.sight
            && at.elapsed() < SIGHT
        {
            return sight;
        }
        let sight = self.hub.standing().settings.probing.references.look().await;
        self.sight = Some((Instant::now(), sight));
        sight
    }
}

/// Whether a target counts for the time its site was up: what visitors use, not what will run out some day.
fn counts(target: &Target) -> bool {
    matches!(target.subject, Subject::Page(..) | Subject::Port(..))
}

/// The target as the ledger names it. A system that belongs to no site is one of its own.
fn of_ledger(target: &Target) -> ledger::Target {
    let site = target.site.clone().unwrap_or_else(|| target.id.clone());
    ledger::Target { site, name: target.id.clone() }
}

/// What a sample says in the ledger, once it is believed. While a failure or a recovery is in doubt it says nothing:
/// the turn that follows says since when.
fn sign(target: &Target, sample: &Sample, turns: &[Turn], is_down: bool) -> Option<Sign> {
    let since = turns.iter().find_map(|turn| match turn {
        Turn::Fell { first_failed, .. } => Some(*first_failed),
        Turn::Rose { first_good, .. } => Some(*first_good),
        _ => None,
    });
    let state = match (sample.state, is_down) {
        (State::Refused | State::Blind, _) => ledger::State::Unknown,
        (State::Bad, true) => ledger::State::Down,
        (State::Bad, false) | (State::Good | State::Weak, true) => return None,
        (State::Good, false) => ledger::State::Up,
        (State::Weak, false) => ledger::State::Degraded,
    };
    let cause = match target.subject {
        Subject::Port(..) => "tcp",
        _ => "http",
    };
    Some(Sign {
        target: of_ledger(target),
        cause: cause.to_owned(),
        state,
        since: since.unwrap_or(sample.at),
        at: sample.at,
    })
}

/// One alarm that we see nothing, and one that we see again; none for what we do not see.
fn blindness(is_blind: bool, now: Timestamp) -> Move {
    if !is_blind {
        let text = "监测端网络已恢复".to_owned();
        return Move::Settle { subject: BLIND.to_owned(), at: now, text };
    }
    Move::Raise(Box::new(Trouble {
        subject: BLIND.to_owned(),
        cause: Cause::Blind,
        site: None,
        severity: Severity::Critical,
        title: "监测端自身网络中断，暂时无法监测任何站点".to_owned(),
        facts: vec![Fact::own("说明", "对照地址均无法连接；此期间各站点记为未知，不计为故障")],
        findings: Vec::new(),
        began: now,
    }))
}
