//! What a person says about an indicator: what no machine can judge, and whether a candidate for a veto is one.
//!
//! The log only grows. Taking an entry back is an entry of its own, so that it can always be told who said what, when.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::indicators::{Consequence, RuleSet};

/// One line of the log of a site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number in the record.
    pub number: i64,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    pub author: String,
    /// Why.
    pub note: String,
    /// What was done.
    pub deed: Deed,
}

/// What an entry does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// Judges an indicator.
    Judge(Judgement),
    /// Takes an earlier entry back.
    Remove {
        /// The number of that one.
        entry: i64,
    },
}

/// A person's judgement of an indicator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// Id of the indicator.
    pub indicator: String,
    /// How it stands.
    pub standing: Judged,
    /// Points lost where it is not met; points won where a bonus is.
    pub points: f64,
    /// The last day on which it holds; `None`: until it is taken back or followed by another.
    pub until: Option<Date>,
}

/// How a person says an indicator stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Judged {
    /// Met; a candidate for a veto is none, a bonus is due.
    Met,
    /// Not met; a veto holds, points are lost.
    Failed,
}

/// An entry that judges, and what it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// Its number in the record.
    pub number: i64,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    pub author: String,
    /// Why.
    pub note: String,
    /// What it says.
    pub judgement: Judgement,
}

/// The entries that hold on the day `today`, of those made before `before`: of each indicator the last one that was
/// not taken back.
pub fn in_force(log: &[Entry], before: Timestamp, today: Date) -> Vec<Said> {
    let mut holding: Vec<Said> = Vec::new();
    for entry in log.iter().filter(|entry| entry.at < before) {
        match &entry.deed {
            Deed::Remove { entry: removed } => holding.retain(|said| said.number != *removed),
            Deed::Judge(judgement) => holding.push(Said {
                number: entry.number,
                at: entry.at,
                author: entry.author.clone(),
                note: entry.note.clone(),
                judgement: judgement.clone(),
            }),
        }
    }
    holding.retain(|said| said.judgement.until.is_none_or(|until| today <= until));
    let mut last: Vec<Said> = Vec::new();
    for said in holding {
        last.retain(|earlier| earlier.judgement.indicator != said.judgement.indicator);
        last.push(said);
    }
    last
}

/// What is wrong with a judgement by the rules of a scale, in English; nothing where it can be taken.
pub fn refusal(rules: &RuleSet, scale: &str, judgement: &Judgement) -> Option<String> {
    let Judgement { indicator, standing, points, .. } = judgement;
    let rule = rules.rules(scale).find(|rule| rule.id == *indicator);
    let Some(rule) = rule.filter(|rule| rule.takes_entries()) else {
        let known: Vec<_> =
            rules.rules(scale).filter(|rule| rule.takes_entries()).map(|rule| rule.id.as_str()).collect();
        return Some(format!(
            "scale {scale} has no indicator {indicator} that a person may judge; there are {}",
            known.join(", ")
        ));
    };
    if !points.is_finite() || *points < 0.0 {
        return Some("points are a number from 0 on, lost or won as the indicator says".to_owned());
    }
    let most = match (rule.consequence, standing) {
        (Consequence::Deduct, Judged::Failed) if rule.item_cap > 0.0 => rule.item_cap,
        (Consequence::Deduct, Judged::Failed) => rules.scale(scale).map_or(f64::INFINITY, |scale| scale.full),
        (Consequence::Bonus, Judged::Met) => rules.scale(scale).map_or(0.0, |scale| scale.bonus),
        _ => 0.0,
    };
    (*points > most).then(|| match most {
        0.0 => format!("{indicator} brings no points where it is {}", word(*standing)),
        most => format!("{indicator} is worth {most} points at most"),
    })
}

fn word(standing: Judged) -> &'static str {
    match standing {
        Judged::Met => "met",
        Judged::Failed => "not met",
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("within range")
    }

    fn judged(number: i64, indicator: &str, until: Option<Date>) -> Entry {
        let judgement =
            Judgement { indicator: indicator.to_owned(), standing: Judged::Failed, points: 0.0, until };
        let (author, note) = ("王工".to_owned(), "已核实".to_owned());
        Entry { number, at: at(number), author, note, deed: Deed::Judge(judgement) }
    }

    fn removed(number: i64, entry: i64) -> Entry {
        Entry { deed: Deed::Remove { entry }, ..judged(number, "", None) }
    }

    #[test]
    fn the_last_entry_that_was_not_taken_back_holds() {
        let check = |log: &[Entry], before: i64, expected: &[i64]| {
            let numbers: Vec<_> =
                in_force(log, at(before), date(2026, 11, 21)).iter().map(|said| said.number).collect();
            assert_eq!(numbers, expected, "{log:?}");
        };
        let log = [judged(1, "DED-34", None), judged(2, "VETO-01", None), judged(3, "DED-34", None)];
        check(&log, 9, &[2, 3]);
        check(&log, 3, &[1, 2]);
        check(&log, 0, &[]);
        check(&[judged(1, "DED-34", None), judged(2, "DED-34", None), removed(3, 2)], 9, &[1]);
        check(&[judged(1, "DED-34", None), removed(2, 1)], 2, &[1]);
        check(&[judged(1, "DED-34", Some(date(2026, 11, 21)))], 9, &[1]);
        check(&[judged(1, "DED-34", Some(date(2026, 11, 20)))], 9, &[]);
        // Once the later one has ended, the earlier one is what was said last.
        check(&[judged(1, "DED-34", None), judged(2, "DED-34", Some(date(2026, 11, 20)))], 9, &[1]);
    }

    #[test]
    fn only_what_a_person_may_judge_is_taken() {
        let rules = RuleSet::built_in();
        let check = |indicator: &str, standing, points: f64, fine: bool| {
            let judgement = Judgement { indicator: indicator.to_owned(), standing, points, until: None };
            let refused = refusal(&rules, "2019", &judgement);
            assert_eq!(refused.is_none(), fine, "{indicator} {points}: {refused:?}");
        };
        check("VETO-01f", Judged::Failed, 0.0, true);
        check("VETO-01f", Judged::Failed, 1.0, false);
        check("DED-34", Judged::Failed, 3.0, true);
        check("DED-34", Judged::Met, 3.0, false);
        check("DED-05", Judged::Failed, 5.5, false);
        check("DED-34", Judged::Failed, f64::NAN, false);
        check("DED-34", Judged::Failed, -1.0, false);
        check("BONUS-03", Judged::Met, 30.0, true);
        check("BONUS-03", Judged::Met, 31.0, false);
        check("BONUS-03", Judged::Failed, 1.0, false);
        check("TAG-01", Judged::Failed, 1.0, false);
        check("LINK-03", Judged::Failed, 0.0, false);
        check("NO-1", Judged::Met, 0.0, false);
    }
}
