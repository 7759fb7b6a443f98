//! The score sheet in the parts that inspectors know.

use super::wording::{self, BONUS, VETO};
use crate::score::{Line, Standing};

/// The parts in the order inspectors know; others follow.
const GROUPS: [&str; 4] = [VETO, "扣分指标", BONUS, "建议"];

/// The lines of one part.
pub(super) struct Group<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its lines, in the order of the table.
    pub(super) lines: Vec<&'a Line>,
}

impl Group<'_> {
    /// Points lost in it.
    pub(super) fn lost(&self) -> f64 {
        self.lines.iter().map(|line| line.lost).sum()
    }

    /// How many lines stand how, the worst first: `未达标 2 · 达标 7`.
    pub(super) fn tally(&self) -> String {
        let order = [Standing::Failed, Standing::Warning, Standing::Met, Standing::NotMeasured];
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for standing in order {
            for line in self.lines.iter().filter(|line| line.standing == standing) {
                let word = wording::state(line);
                match counts.iter_mut().find(|(other, _)| *other == word) {
                    Some((_, number)) => *number += 1,
                    None => counts.push((word, 1)),
                }
            }
        }
        counts.iter().map(|(word, number)| format!("{word} {number}")).collect::<Vec<_>>().join(" · ")
    }
}

/// Puts the lines of a score into their parts; parts without a line are left out.
pub(super) fn grouped(lines: &[Line]) -> Vec<Group<'_>> {
    let mut names: Vec<&str> = GROUPS.to_vec();
    for line in lines {
        if !names.contains(&line.group.as_str()) {
            names.push(&line.group);
        }
    }
    let of = |name| lines.iter().filter(|line| line.group == name).collect();
    let groups = names.into_iter().map(|name| Group { name, lines: of(name) });
    groups.filter(|group| !group.lines.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn known_groups_come_first() {
        let mut lines = sample::report().score.lines;
        lines[0].group = "合同".to_owned();
        let names: Vec<_> = grouped(&lines).into_iter().map(|group| group.name).collect();
        assert_eq!(names, ["单项否决", "扣分指标", "加分指标", "建议", "合同"]);
    }

    #[test]
    fn the_tally_calls_each_line_what_it_is() {
        let lines = sample::report().score.lines;
        let tallies: Vec<_> = grouped(&lines).iter().map(Group::tally).collect();
        let expected = ["候选 1 · 已认定 1 · 达标 1 · 未检测 1", "未达标 2 · 预警 1", "可申报 1", "未达标 1"];
        assert_eq!(tallies, expected);
    }
}
