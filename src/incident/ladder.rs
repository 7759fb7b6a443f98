//! When an incident that is still open is told again: one rung higher while nobody has said that he knows of it, and as
//! a reminder.

use jiff::{SignedDuration, Timestamp};

use super::Incident;
use crate::config::Insistence;

/// What is to be done about an open incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It was raised in a silence that is over: it is told for the first time.
    Tell,
    /// It is told one rung higher.
    Escalate {
        /// The rung.
        rung: usize,
    },
    /// It is told again.
    Remind,
}

/// What is due for an incident at `now`, where nothing silences it.
pub fn step(incident: &Incident, insistence: &Insistence, now: Timestamp) -> Option<Step> {
    if incident.closed.is_some() {
        return None;
    }
    let Some(last) = incident.told.last else { return Some(Step::Tell) };
    let passed = |since: Timestamp, span: std::time::Duration| {
        SignedDuration::try_from(span).is_ok_and(|span| now.duration_since(since) >= span)
    };
    if incident.acknowledged.is_none() {
        let next = incident.told.rung + 1;
        let after = insistence.escalate_after.get(incident.told.rung);
        if after.is_some_and(|after| passed(incident.opened, *after)) {
            return Some(Step::Escalate { rung: next });
        }
    }
    let every = match incident.acknowledged {
        Some(_) => insistence.remind_acknowledged,
        None => insistence.remind_every,
    };
    // Somebody who has just said that he knows need not be reminded of it.
    let since = incident.acknowledged.as_ref().map_or(last, |acknowledged| last.max(acknowledged.at));
    (!every.is_zero() && passed(since, every)).then_some(Step::Remind)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::incident::tests::trouble;
    use crate::incident::{Acknowledged, IncidentId, Told};

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn incident() -> Incident {
        Incident {
            id: IncidentId(1),
            trouble: trouble("probe:sthjt"),
            opened: at(0),
            acknowledged: None,
            closed: None,
            told: Told { last: Some(at(0)), rung: 0, reminders: 0 },
        }
    }

    fn insistence() -> Insistence {
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        Insistence {
            escalate_after: vec![minutes(10), minutes(20)],
            remind_every: minutes(60),
            remind_acknowledged: minutes(480),
        }
    }

    /// Lets time pass a minute at a time and says what is done when.
    fn run(mut incident: Incident, minutes: i64) -> String {
        let mut said = Vec::new();
        for minute in 0..=minutes {
            while let Some(step) = step(&incident, &insistence(), at(minute)) {
                incident.told.last = Some(at(minute));
                said.push(match step {
                    Step::Tell => format!("{minute}T"),
                    Step::Escalate { rung } => {
                        incident.told.rung = rung;
                        format!("{minute}E{rung}")
                    }
                    Step::Remind => format!("{minute}R"),
                });
            }
        }
        said.join(" ")
    }

    #[test]
    fn it_climbs_and_then_reminds() {
        assert_eq!(run(incident(), 150), "10E1 20E2 80R 140R");
    }

    #[test]
    fn who_knows_is_left_alone_for_long() {
        let known = Acknowledged { by: "zhang".to_owned(), at: at(5), note: String::new() };
        assert_eq!(run(Incident { acknowledged: Some(known), ..incident() }, 500), "485R");
    }

    #[test]
    fn what_a_silence_kept_back_is_told_after_it() {
        let mut silent = incident();
        silent.told.last = None;
        assert_eq!(step(&silent, &insistence(), at(3)), Some(Step::Tell));
        assert_eq!(step(&Incident { closed: Some(at(2)), ..silent }, &insistence(), at(3)), None);
    }
}
