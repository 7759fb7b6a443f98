//! The score as the page shows it.

use super::finding::shown;
use crate::report::{figures, wording};
use crate::score::{Line, Standing};

/// Groups of indicators in the order inspectors know; others follow.
const GROUPS: [&str; 4] = ["单项否决", "扣分指标", "加分指标", "建议"];

/// Lines of one group.
pub(super) struct ScoreGroup {
    pub(super) name: String,
    /// Points lost in it, where any.
    pub(super) lost: Option<String>,
    pub(super) failed: usize,
    pub(super) lines: Vec<LineView>,
}

/// One line of the score.
pub(super) struct LineView {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) expectation: String,
    pub(super) measured: String,
    pub(super) standing: &'static str,
    /// Class of its look.
    pub(super) class: &'static str,
    pub(super) lost: Option<String>,
    pub(super) cap: Option<String>,
    pub(super) findings: Option<String>,
    pub(super) authority: String,
    pub(super) footing: wording::Word,
    pub(super) footing_class: &'static str,
}

impl LineView {
    fn new(line: &Line) -> LineView {
        LineView {
            id: shown(&line.id),
            name: shown(&line.name),
            expectation: shown(&line.expectation),
            measured: shown(&line.measured),
            standing: wording::standing(line.standing),
            class: match line.standing {
                Standing::Met => "good",
                Standing::Warning => "doubt",
                Standing::Failed => "bad",
                Standing::NotMeasured => "quiet",
            },
            lost: (line.lost > 0.0).then(|| figures::points(line.lost)),
            cap: (line.cap > 0.0).then(|| figures::points(line.cap)),
            findings: (line.findings > 0).then(|| figures::count(line.findings)),
            authority: shown(&line.authority),
            footing: wording::footing(&line.confidence),
            footing_class: footing_class(&line.confidence),
        }
    }
}

/// The look of a footing: solid only where the text itself was read.
pub(super) fn footing_class(confidence: &str) -> &'static str {
    match confidence {
        "verified" => "good",
        "verified-2nd" => "plain",
        "default" => "quiet",
        _ => "doubt",
    }
}

/// Puts the lines of a score into their groups.
pub(super) fn groups(lines: &[Line]) -> Vec<ScoreGroup> {
    let mut names: Vec<&str> = GROUPS.to_vec();
    for line in lines {
        if !names.contains(&line.group.as_str()) {
            names.push(&line.group);
        }
    }
    let mut groups = Vec::new();
    for name in names {
        let members: Vec<&Line> = lines.iter().filter(|line| line.group == name).collect();
        if members.is_empty() {
            continue;
        }
        let lost: f64 = members.iter().map(|line| line.lost).sum();
        groups.push(ScoreGroup {
            name: shown(name),
            lost: (lost > 0.0).then(|| figures::points(lost)),
            failed: members.iter().filter(|line| line.standing == Standing::Failed).count(),
            lines: members.into_iter().map(LineView::new).collect(),
        });
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn known_groups_come_first() {
        let mut lines = sample::report().score.lines;
        lines[0].group = "合同".to_owned();
        let names: Vec<String> = groups(&lines).into_iter().map(|group| group.name).collect();
        assert_eq!(names, ["单项否决", "扣分指标", "加分指标", "建议", "合同"]);
    }
}
