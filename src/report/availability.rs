//! How long a site was up, as its page shows it: the words of the ledger's statement in tables.

use jiff::Timestamp;

use super::figures::{self, length};
use super::ledger::{Statement, bounds, coverage, excused, share, visits};
use crate::ledger::{Fault, Lane, Outlook, Span, State};

/// What the page shows of a period.
#[derive(Debug, Clone)]
pub struct Availability {
    /// Until when it was counted, and whether that may change.
    pub until: String,
    /// Figures with their names.
    pub figures: Vec<(&'static str, String)>,
    /// Faults, oldest first.
    pub faults: Vec<FaultRow>,
    /// Parts of the period that have begun.
    pub parts: Vec<PartRow>,
    /// The failed share of the visits of the last week, by target: words, and `good`, `warn`, `bad` or nothing.
    pub visits: Vec<(String, String, &'static str)>,
}

/// A fault.
#[derive(Debug, Clone)]
pub struct FaultRow {
    /// The first failed probe.
    pub from: String,
    /// The first good one after it.
    pub until: String,
    /// How long the repair took, within its bounds.
    pub repair: String,
    /// Whether it counts.
    pub counts: bool,
    /// Numbers of its intervals in the record.
    pub intervals: String,
}

/// A part of the period.
#[derive(Debug, Clone)]
pub struct PartRow {
    /// Which one; it can be asked for by this.
    pub period: String,
    /// Time down.
    pub down: String,
    /// Faults.
    pub faults: usize,
    /// Share of the time that somebody saw.
    pub coverage: String,
}

/// The statement in words.
pub fn shown(statement: &Statement<'_>) -> Availability {
    let account = &statement.whole;
    let until = figures::moment(account.judged.end().min(statement.now));
    let parts = statement.parts.iter().map(|(period, part)| PartRow {
        period: period.to_string(),
        down: bounds(part.down),
        faults: part.counted().count(),
        coverage: part.coverage().map_or_else(|| "—".to_owned(), share),
    });
    let tone = |outlook| match outlook {
        Outlook::NotVisited => "",
        Outlook::Fine => "good",
        Outlook::Warning => "warn",
        Outlook::Failed => "bad",
    };
    let of_target =
        |(target, failing): &(String, _)| (target.clone(), visits(failing), tone(failing.outlook));
    Availability {
        until: format!("{until}{}", if account.provisional { "（未结束，数值暂定）" } else { "" }),
        figures: vec![
            ("正常", length(account.up)),
            ("降级", length(account.degraded)),
            ("故障（已扣除维护和免责）", bounds(account.down)),
            ("故障（扣除前）", bounds(account.recorded)),
            ("维护和免责", length(account.maintenance)),
            ("未监测", length(account.unknown)),
            ("监测覆盖", coverage(account, statement.coverage_least)),
            ("故障次数", format!("{} 次{}", account.counted().count(), excused(account))),
        ],
        faults: account.faults.iter().map(fault).collect(),
        parts: parts.collect(),
        visits: statement.failing.iter().map(of_target).collect(),
    }
}

fn fault(fault: &Fault) -> FaultRow {
    let numbers: Vec<String> = fault.intervals.iter().map(ToString::to_string).collect();
    FaultRow {
        from: figures::moment(fault.start),
        until: fault.end.map_or_else(|| "持续中".to_owned(), figures::moment),
        repair: bounds(fault.repair),
        counts: !fault.is_excused(),
        intervals: numbers.join("、"),
    }
}

/// The name of a state.
pub fn state(state: State) -> &'static str {
    match state {
        State::Up => "正常",
        State::Degraded => "降级",
        State::Down => "故障",
        State::Maintenance => "维护",
        State::Unknown => "未监测",
    }
}

/// Pieces of a picture across.
pub const WIDTH: u32 = 720;

/// A rectangle of the picture of a lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Distance from the left, of [`WIDTH`].
    pub x: u32,
    /// Width.
    pub width: u32,
    /// Its state: the class of its look.
    pub class: &'static str,
    /// What it says.
    pub title: String,
}

/// The picture of a lane within a period.
pub fn bars(lane: &Lane, within: Span) -> Vec<Bar> {
    let whole = within.length().as_secs_f64().max(1.0);
    let place = |at: Timestamp| {
        let share = at.duration_since(within.start()).as_secs_f64() / whole;
        (share * f64::from(WIDTH)).round().clamp(0.0, f64::from(WIDTH)) as u32
    };
    let bar = |(span, told): &(Span, State)| {
        let (from, to) = (place(span.start()), place(span.end()));
        let (start, end) = (figures::minute(span.start()), figures::minute(span.end()));
        Bar {
            x: from,
            width: to.saturating_sub(from).max(1),
            class: told.word(),
            title: format!("{}：{start} 至 {end}", state(*told)),
        }
    };
    lane.stretches.iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Target;

    #[test]
    fn a_short_fault_is_still_seen() {
        let at = |second: i64| Timestamp::from_second(second).expect("in range");
        let within = Span::new(at(0), at(720_000));
        let stretch = |from, until, state| (Span::new(at(from), at(until)), state);
        let target = Target { site: "a".to_owned(), name: "http://a.test/".to_owned() };
        let stretches = vec![
            stretch(0, 360_000, State::Up),
            stretch(360_000, 360_010, State::Down),
            stretch(360_010, 720_000, State::Up),
        ];
        let bars = bars(&Lane { target, stretches }, within);
        let told: Vec<_> = bars.iter().map(|bar| (bar.x, bar.width, bar.class)).collect();
        assert_eq!(told, [(0, 360, "up"), (360, 1, "down"), (360, 360, "up")]);
        assert_eq!(bars[1].title, "故障：1970-01-05 12:00 至 1970-01-05 12:00");
    }
}
