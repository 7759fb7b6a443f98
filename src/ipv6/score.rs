//! Points for what was measured. Without network, file or clock.

use super::judge;
use super::judged::{Judged, unknown};
use super::measured::Measured;
use super::sheet::{Assessment, Grade, Line, Standing, Total, View, ViewLine};
use crate::indicators::{Ipv6Rules, LineRule, Metric, RuleSet};

/// Judges a measurement by the rules. Where the monitor's own IPv6 did not work everything is unknown, never 0.
pub fn score(measured: &Measured, rules: &RuleSet) -> Assessment {
    let of = rules.ipv6();
    let blind = if was_reached(measured) { None } else { measured.vantage.blind() };
    let judged: Vec<(&LineRule, Judged)> = of
        .lines
        .iter()
        .map(|line| match &blind {
            Some(why) => (line, unknown(why.clone())),
            None => (line, judge::judge(line.metric, measured, of)),
        })
        .collect();
    let gate = if blind.is_some() { None } else { gate(&judged) };
    let lines: Vec<Line> =
        judged.into_iter().map(|(rule, judged)| line(rule, judged, gate.is_some())).collect();
    Assessment {
        rules_version: rules.version().to_owned(),
        weighting: of.name.clone(),
        confidence: of.confidence.to_string(),
        blind,
        gate,
        total: total(&lines, of),
        views: of.views.iter().map(|view| shown(view, &lines)).collect(),
        lines,
        measured: measured.clone(),
    }
}

/// Whether the site itself was reached over IPv6: then the monitor's works, whatever the references say.
fn was_reached(measured: &Measured) -> bool {
    let port_open = measured.ports.iter().any(|check| check.address.is_ipv6() && check.trouble.is_none());
    port_open || measured.visits.v6.iter().any(|visit| visit.phases.tcp.is_some())
}

/// What closes the gate: nothing that hangs on a home page counts where there is none.
fn gate(judged: &[(&LineRule, Judged)]) -> Option<String> {
    let closing = judged.iter().find(|(rule, judged)| {
        matches!(rule.metric, Metric::Aaaa | Metric::Home) && judged.standing == Standing::Failed
    })?;
    let (rule, _) = closing;
    Some(format!("{} {}不符合，链接、网络与一致性各项计 0 分", rule.id, rule.name))
}

/// Whether a metric brings points only where the home page opens over IPv6.
fn hangs_on_home(metric: Metric) -> bool {
    !matches!(metric, Metric::Aaaa | Metric::Chain | Metric::Home)
}

fn line(rule: &LineRule, judged: Judged, gated: bool) -> Line {
    let points = if gated && hangs_on_home(rule.metric) {
        Some(0.0)
    } else if judged.standing == Standing::Unknown {
        None
    } else {
        Some(rule.points * judged.share)
    };
    let is_wrong = matches!(judged.standing, Standing::Partial | Standing::Failed);
    Line {
        id: rule.id.clone(),
        metric: rule.metric,
        name: rule.name.clone(),
        expectation: rule.expectation.clone(),
        measured: judged.said,
        standing: judged.standing,
        points,
        full: rule.points,
        advice: is_wrong.then(|| rule.advice.clone()),
        authority: rule.authority.clone(),
        confidence: rule.confidence.to_string(),
    }
}

fn total(lines: &[Line], rules: &Ipv6Rules) -> Total {
    let judged = || lines.iter().filter(|line| line.points.is_some());
    let points: f64 = judged().filter_map(|line| line.points).sum();
    let of: f64 = judged().map(|line| line.full).sum();
    let full = lines.iter().map(|line| line.full).sum();
    let grade = (of > 0.0).then(|| match points / of * 100.0 {
        hundredths if hundredths >= rules.good => Grade::Good,
        hundredths if hundredths >= rules.pass => Grade::Fair,
        _ => Grade::Poor,
    });
    Total { points, of, full, grade }
}

fn shown(view: &crate::indicators::ViewRule, lines: &[Line]) -> View {
    let rows = view.rows.iter().filter_map(|row| {
        let line = lines.iter().find(|line| line.metric == row.of)?;
        let (standing, measured) = (line.standing, line.measured.clone());
        Some(ViewLine { name: row.name.clone(), standing, measured })
    });
    View { name: view.name.clone(), confidence: view.confidence.to_string(), rows: rows.collect() }
}

#[cfg(test)]
mod tests;
