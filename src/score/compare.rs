//! Two scores of the same scan or site, line by line.

use serde::Serialize;

use super::{Line, ScoreSheet, Standing};

/// A line that differs between two scores.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Id of the indicator.
    pub id: String,
    /// Its Chinese name.
    pub name: String,
    /// How it stood; `None` where there was no such line.
    pub before: Option<Stood>,
    /// How it stands; `None` where there is no such line any more.
    pub after: Option<Stood>,
}

/// How a line stands, in short.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Stood {
    /// How.
    pub standing: Standing,
    /// Points lost.
    pub lost: f64,
    /// Points won.
    pub gained: f64,
}

impl Stood {
    fn of(line: &Line) -> Stood {
        Stood { standing: line.standing, lost: line.lost, gained: line.gained }
    }
}

/// The lines that stand otherwise or cost another number of points, in the order of the newer score; lines that are
/// gone come last.
pub fn differences(before: &ScoreSheet, after: &ScoreSheet) -> Vec<Difference> {
    let of = |sheet: &ScoreSheet, id: &str| sheet.lines.iter().find(|line| line.id == id).map(Stood::of);
    let gone = before.lines.iter().filter(|line| of(after, &line.id).is_none());
    let differs = |line: &Line| {
        let (before, after) = (of(before, &line.id), of(after, &line.id));
        (before != after).then(|| Difference { id: line.id.clone(), name: line.name.clone(), before, after })
    };
    after.lines.iter().chain(gone).filter_map(differs).collect()
}
