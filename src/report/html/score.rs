//! The score as the page shows it.

use super::finding::shown;
use crate::report::groups::{BONUS, Group, grouped};
use crate::report::prospects::{self, Veto};
use crate::report::{Report, figures, wording};
use crate::score::{Line, ScoreSheet, Standing};

/// Lines of one group.
pub(super) struct ScoreGroup {
    pub(super) name: String,
    /// Points lost in it, where any.
    pub(super) lost: Option<String>,
    /// How many lines stand how.
    pub(super) tally: String,
    /// Whether it lists what can be claimed.
    pub(super) claimable: bool,
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
    pub(super) gained: Option<String>,
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
            measured: shown(&wording::measured(line)),
            standing: wording::state(line),
            class: class(line.standing),
            lost: (line.lost > 0.0).then(|| figures::points(line.lost)),
            gained: (line.gained > 0.0).then(|| figures::points(line.gained)),
            cap: (line.cap > 0.0).then(|| figures::points(line.cap)),
            findings: (line.findings > 0).then(|| figures::count(line.findings)),
            authority: shown(&wording::basis(&line.authority, &line.confidence)),
            footing: wording::footing(&line.confidence),
            footing_class: footing_class(&line.confidence),
        }
    }
}

/// The look of a footing: solid only where the text itself was read.
pub(in crate::report) fn footing_class(confidence: &str) -> &'static str {
    match confidence {
        "verified" => "good",
        "verified-2nd" => "plain",
        "default" => "quiet",
        _ => "doubt",
    }
}

/// The lines of a score in their groups.
pub(super) fn groups(lines: &[Line]) -> Vec<ScoreGroup> {
    let view = |group: Group<'_>| ScoreGroup {
        name: shown(group.name),
        lost: (group.lost() > 0.0).then(|| figures::points(group.lost())),
        tally: group.tally(),
        claimable: group.name == BONUS,
        lines: group.lines.into_iter().map(LineView::new).collect(),
    };
    grouped(lines).into_iter().map(view).collect()
}

/// One veto, and how far it is.
pub(super) struct VetoView {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) state: &'static str,
    pub(super) class: &'static str,
    pub(super) distances: Vec<String>,
}

/// Every veto, and how far it is.
pub(super) fn vetoes(score: &ScoreSheet) -> Vec<VetoView> {
    let view = |veto: Veto<'_>| VetoView {
        id: shown(&veto.line.id),
        name: shown(&veto.line.name),
        state: wording::state(veto.line),
        class: class(veto.line.standing),
        distances: veto.distances.iter().map(|text| shown(text)).collect(),
    };
    prospects::vetoes(score).into_iter().map(view).collect()
}

/// What is lost, and what is about to be.
pub(super) fn risks(report: &Report) -> Vec<(String, String)> {
    prospects::risks(report).iter().map(|(label, text)| (shown(label), shown(text))).collect()
}

fn class(standing: Standing) -> &'static str {
    match standing {
        Standing::Met => "good",
        Standing::Warning => "doubt",
        Standing::Failed => "bad",
        Standing::NotMeasured => "quiet",
    }
}
