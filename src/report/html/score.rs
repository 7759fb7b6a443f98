//! The score as the page shows it.

use super::finding::shown;
use crate::report::groups::{Group, grouped};
use crate::report::prospects::{self, Veto};
use crate::report::wording::BONUS;
use crate::report::{Report, figures, wording};
use crate::score::{Line, ScoreSheet, Standing};

/// Lines of one group.
pub(crate) struct ScoreGroup {
    pub(crate) name: String,
    /// Points lost in it, where any.
    pub(crate) lost: Option<String>,
    /// How many lines stand how.
    pub(crate) tally: String,
    /// Whether it lists what can be claimed.
    pub(crate) claimable: bool,
    pub(crate) lines: Vec<LineView>,
}

/// One line of the score.
pub(crate) struct LineView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) expectation: String,
    pub(crate) measured: String,
    pub(crate) standing: &'static str,
    /// Class of its look.
    pub(crate) class: &'static str,
    pub(crate) lost: Option<String>,
    pub(crate) gained: Option<String>,
    pub(crate) cap: Option<String>,
    pub(crate) findings: Option<String>,
    pub(crate) authority: String,
    pub(crate) footing: wording::Word,
    pub(crate) footing_class: &'static str,
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
pub(crate) fn footing_class(confidence: &str) -> &'static str {
    match confidence {
        "verified" => "good",
        "verified-2nd" => "plain",
        "default" => "quiet",
        _ => "doubt",
    }
}

/// The lines of a score in their groups.
pub(crate) fn groups(lines: &[Line]) -> Vec<ScoreGroup> {
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
pub(crate) struct VetoView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) state: &'static str,
    pub(crate) class: &'static str,
    pub(crate) distances: Vec<String>,
}

/// Every veto, and how far it is.
pub(crate) fn vetoes(score: &ScoreSheet) -> Vec<VetoView> {
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
pub(crate) fn risks(report: &Report) -> Vec<(String, String)> {
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
