//! Everything that happened to a finding, in the order of time: what scans saw, what people decided and did.

use jiff::Timestamp;

use crate::people::Account;
use crate::report::html::finding::shown;
use crate::report::{figures, wording};
use crate::store::{Assignee, Author, Effort, Turn, Work};

/// Something that happened.
pub(super) struct Step {
    pub(super) at: String,
    pub(super) who: String,
    pub(super) what: String,
    pub(super) text: String,
}

/// Puts the life of a finding and the work on it together, oldest first.
pub(super) fn steps(history: &[Turn], efforts: &[Effort], accounts: &[Account]) -> Vec<Step> {
    let turns = history.iter().map(|turn| (turn.at, of_turn(turn, accounts)));
    let works = efforts.iter().map(|effort| (effort.at, of_effort(effort, accounts)));
    let mut all: Vec<(Timestamp, Step)> = turns.chain(works).collect();
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, step)| step).collect()
}

/// What others call whoever a finding is assigned to.
pub(super) fn name(held: &Assignee, accounts: &[Account]) -> String {
    match held {
        Assignee::Person(login) => person(login, accounts),
        Assignee::Office(name) => shown(name),
    }
}

fn person(login: &str, accounts: &[Account]) -> String {
    let known = accounts.iter().find(|account| account.login == login);
    shown(known.map_or(login, |account| &account.name))
}

fn of_turn(turn: &Turn, accounts: &[Account]) -> Step {
    let after = wording::life(turn.after).label;
    let what = match (turn.before, &turn.author) {
        (None, _) => "首次发现".to_owned(),
        (Some(before), _) => format!("{} → {after}", wording::life(before).label),
    };
    let until = turn.until.map_or_else(String::new, |until| format!("（至 {}）", figures::minute(until)));
    Step {
        at: figures::minute(turn.at),
        who: match &turn.author {
            Author::Scan(scan) => format!("扫描 {scan}"),
            Author::Reading(reading) => format!("读网 {}", reading.0),
            Author::Recheck(recheck) => format!("外链复查 {}", recheck.0),
            Author::Person(login) => person(login, accounts),
        },
        what: what + &until,
        text: shown(&turn.reason),
    }
}

fn of_effort(effort: &Effort, accounts: &[Account]) -> Step {
    let what = match &effort.work {
        Work::Assign { to, due, .. } => {
            let to = to
                .as_ref()
                .map_or_else(|| "取消指派".to_owned(), |held| format!("指派给 {}", name(held, accounts)));
            let due = due.map_or_else(String::new, |due| format!("，期限 {due}"));
            to + &due
        }
        Work::Comment(_) => "备注".to_owned(),
        Work::Mended(_) => "报告已整改，待复查".to_owned(),
        Work::Recheck => "要求立即复查".to_owned(),
    };
    let text = shown(effort.work.text());
    Step { at: figures::minute(effort.at), who: person(&effort.actor, accounts), what, text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::life::Life;
    use crate::store::ScanId;

    #[test]
    fn life_and_work_stand_in_the_order_of_time() {
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let turn = |second, before, after, author| Turn {
            at: at(second),
            before,
            after,
            author,
            reason: String::new(),
            until: None,
        };
        let history = [
            turn(1, None, Life::New, Author::Scan(ScanId(7))),
            turn(9, Some(Life::Open), Life::Fixed, Author::Scan(ScanId(8))),
        ];
        let efforts =
            [Effort { at: at(5), actor: "zhang".to_owned(), work: Work::Mended("已更正".to_owned()) }];
        let told: Vec<String> = steps(&history, &efforts, &[])
            .into_iter()
            .map(|step| format!("{} {} {}", step.who, step.what, step.text))
            .collect();
        assert_eq!(told, ["扫描 7 首次发现 ", "zhang 报告已整改，待复查 已更正", "扫描 8 持续 → 已修复 "]);
    }
}
