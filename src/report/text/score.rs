//! The score sheet, how far the site is from failing, and what it is about to lose, for the terminal.

use super::paint::Colour;
use super::{DETAIL, Writer};
use crate::report::columns::{fit, pad, pad_left};
use crate::report::groups::{Group, grouped};
use crate::report::wording::BONUS;
use crate::report::{Report, escape, figures, prospects, wording};
use crate::score::{Line, Standing};

impl Writer {
    pub(super) fn score(&mut self, report: &Report) {
        let groups = grouped(&report.score.lines);
        if groups.is_empty() {
            return;
        }
        self.heading("指标得分");
        for group in &groups {
            self.score_group(group);
        }
        let unmeasured =
            report.score.lines.iter().filter(|line| line.standing == Standing::NotMeasured).count();
        if unmeasured > 0 && !self.full {
            self.line(&self.paint.dim(&format!("其中 {unmeasured} 项机器未检测，不代表达标。")));
        }
    }

    /// A part of the table. The summary tells what cost points or is near to it, and what can be claimed.
    fn score_group(&mut self, group: &Group<'_>) {
        let lost = match group.lost() {
            lost if lost > 0.0 => format!("，共扣 {} 分", figures::points(lost)),
            _ => String::new(),
        };
        let name = self.paint.bold(&escape::terminal(group.name));
        self.line(&format!("{name}  {} 项：{}{lost}", group.lines.len(), group.tally()));
        for line in &group.lines {
            let is_told = line.lost > 0.0 || matches!(line.standing, Standing::Warning | Standing::Failed);
            if self.full || is_told {
                self.score_line(line);
            } else if group.name == BONUS {
                self.claim(line);
            }
        }
    }

    /// A bonus as an item of a checklist.
    fn claim(&mut self, line: &Line) {
        let sign = if line.standing == Standing::Met { "☑" } else { "☐" };
        let gained = match line.gained {
            gained if gained > 0.0 => format!("+{} 分 ", figures::points(gained)),
            _ => String::new(),
        };
        let name = format!("{} {}", line.id, escape::terminal(&line.name));
        let label = format!("{sign} {}  ", pad(&name, 22));
        self.labelled(&label, &format!("{gained}{}", escape::terminal(&line.expectation)), 2);
    }

    fn score_line(&mut self, line: &Line) {
        let colour = colour(line.standing);
        let standing = self.paint.colour(colour, &pad(wording::state(line), 6));
        let name = pad(&fit(&format!("{} {}", line.id, escape::terminal(&line.name)), 38), 38);
        let points = match (line.lost, line.gained) {
            (lost, _) if lost > 0.0 => format!("-{}", figures::points(lost)),
            (_, gained) if gained > 0.0 => format!("+{}", figures::points(gained)),
            _ => String::new(),
        };
        let footing = wording::footing(&line.confidence).label;
        let note = self.paint.dim(&format!("〔{footing}〕"));
        self.line(&format!("  {standing}  {name} {}  {note}", pad_left(&points, 6)));
        self.labelled("实测 ", &escape::terminal(&wording::measured(line)), 10);
        if self.full {
            self.labelled("要求 ", &escape::terminal(&line.expectation), 10);
            let basis = wording::basis(&line.authority, &line.confidence);
            self.labelled("依据 ", &escape::terminal(&basis), 10);
        }
    }

    pub(super) fn prospects(&mut self, report: &Report) {
        let vetoes = prospects::vetoes(&report.score);
        if !vetoes.is_empty() {
            self.heading("离单项否决还有多远");
        }
        for veto in vetoes {
            let state = self.paint.colour(colour(veto.line.standing), &pad(wording::state(veto.line), 6));
            self.line(&format!("  {state}  {} {}", veto.line.id, escape::terminal(&veto.line.name)));
            for distance in &veto.distances {
                self.labelled("", &fit(&escape::terminal(distance), DETAIL), 10);
            }
        }
        let risks = prospects::risks(report);
        if !risks.is_empty() {
            self.heading("失分与风险");
        }
        for (label, text) in risks {
            let label = format!("{}  ", escape::terminal(&label));
            self.labelled(&label, &fit(&escape::terminal(&text), DETAIL), 2);
        }
    }
}

fn colour(standing: Standing) -> Colour {
    match standing {
        Standing::Met => Colour::Green,
        Standing::Warning => Colour::Yellow,
        Standing::Failed => Colour::Red,
        Standing::NotMeasured => Colour::Grey,
    }
}
