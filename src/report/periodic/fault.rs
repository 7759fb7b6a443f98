//! One fault: what the ledger knows of it, what people entered, and room for what they know.

use jiff::Timestamp;

use super::SIGNED_BY;
use super::alarms;
use super::document::{Document, NOTHING, Part, Table, pair, text};
use super::material::{About, FaultStory, Material};
use super::sections::exclusions;
use crate::contract::{StepKind, Ticket};
use crate::ledger::{Fault, Interval, Span};
use crate::report::ledger::bounds;
use crate::report::{figures, tickets, wording};

/// Fills it in.
pub(super) fn fill(document: &mut Document, material: &Material<'_>) {
    let About::Fault(Some(story)) = &material.about else {
        document.said = vec![format!("{NOTHING}：报告期内台账没有故障。")];
        return;
    };
    let FaultStory { fault, intervals, .. } = &**story;
    if let Some(first) = fault.intervals.first() {
        document.name = format!("{}-{}-{first}", material.site.id, document.kind);
    }
    document.provisional =
        fault.end.is_none().then(|| "故障仍在持续，时长为截至生成时刻的暂定值。".to_owned());
    document.said = vec![summary(fault)];
    document.add("故障概况", vec![Part::Pairs(overview(story))]);
    let tickets: Vec<&Ticket> =
        material.tickets.iter().filter(|ticket| concerns(ticket, fault, material.now)).collect();
    document.add("经过", vec![timeline(fault, intervals, &tickets)]);
    document.add("告警与处置", alarms::parts(&story.incidents));
    document.add("台账区间", vec![self::intervals(intervals)]);
    document.add("原因", cause(&tickets));
    document.add("处置与预防措施", vec![Part::Blanks(&["已采取的措施", "预防再次发生的措施", "责任人"])]);
    document.add("维护和免责", vec![exclusions(material)]);
    document.add("签字", vec![Part::Blanks(SIGNED_BY)]);
}

fn summary(fault: &Fault) -> String {
    let end = match fault.end {
        Some(end) => format!("{} 恢复", figures::moment(end)),
        None => "至今未恢复".to_owned(),
    };
    let excused =
        if fault.is_excused() { "全部在维护或免责时间内，不计入考核。" } else { "" };
    format!(
        "{} 首次监测到故障，{end}，恢复用时 {}（已扣除维护和免责时间）。{excused}",
        figures::moment(fault.start),
        bounds(fault.repair)
    )
}

fn overview(story: &FaultStory) -> Vec<(String, String)> {
    let fault = &story.fault;
    let mut causes: Vec<&str> = story.intervals.iter().map(|interval| symptom(&interval.cause)).collect();
    causes.sort_unstable();
    causes.dedup();
    let numbers: Vec<String> = fault.intervals.iter().map(ToString::to_string).collect();
    let mut pairs = vec![
        pair("最早可能开始（末次正常）", figures::moment(fault.earliest)),
        pair("首次失败", figures::moment(fault.start)),
        pair("恢复（首次正常）", fault.end.map_or_else(|| "持续中".to_owned(), figures::moment)),
        pair("恢复用时（下限至上限）", bounds(fault.repair)),
        pair("监测到的现象", causes.join("、")),
        pair("台账区间", numbers.join("、")),
    ];
    let due = story.due.iter().map(|(day, contract, confidence)| {
        format!("{day}（{contract}，{}）", wording::footing(confidence).label)
    });
    pairs.push(pair(
        "最迟提交日期",
        match story.due.is_empty() {
            true => "合同规则没有规定".to_owned(),
            false => due.collect::<Vec<_>>().join("；"),
        },
    ));
    pairs
}

/// What the ledger calls a cause, for people: what was seen to fail, not why.
fn symptom(cause: &str) -> &str {
    match cause {
        "http" => "网页无法访问",
        "tcp" => "端口无法连接",
        other => other,
    }
}

/// Whether a ticket speaks of the time of a fault: opened in it, or before it and not solved yet.
fn concerns(ticket: &Ticket, fault: &Fault, now: Timestamp) -> bool {
    let solved = ticket.step(StepKind::Solved).map_or(now, |step| step.at);
    let ticket = Span::new(ticket.opened, solved.max(ticket.opened));
    let fault = Span::new(fault.earliest, fault.end.unwrap_or(now));
    ticket.start() < fault.end() && fault.start() <= ticket.end()
}

fn timeline(fault: &Fault, intervals: &[Interval], related: &[&Ticket]) -> Part {
    let mut events: Vec<(Timestamp, String, String)> = Vec::new();
    let mut event = |at: Timestamp, what: String, from: String| events.push((at, what, from));
    event(fault.earliest, "末次监测正常".to_owned(), "台账".to_owned());
    for interval in intervals {
        let from = format!("台账区间 {}", interval.id);
        event(
            interval.start,
            format!("{} 首次失败（{}）", interval.target.name, symptom(&interval.cause)),
            from.clone(),
        );
        if let Some(end) = interval.end {
            event(end, format!("{} 首次恢复（{}）", interval.target.name, symptom(&interval.cause)), from);
        }
    }
    for ticket in related {
        let from = format!("报障单 {}", ticket.number);
        event(ticket.opened, format!("{} 报障：{}", ticket.opened_by, ticket.what), from.clone());
        for step in StepKind::ALL.into_iter().filter_map(|kind| ticket.step(kind)) {
            let what = format!("{}：{} {}", tickets::step(step.kind), step.person, step.note);
            event(step.at, what, from.clone());
        }
    }
    events.sort_by_key(|(at, ..)| *at);
    let columns = vec![text("时间（北京时间）", 3), text("事项", 8), text("来源", 3)];
    let rows = events.into_iter().map(|(at, what, from)| vec![figures::moment(at), what, from]);
    Part::Table(Table::of("时间顺序", columns, rows))
}

fn intervals(intervals: &[Interval]) -> Part {
    let columns = vec![
        text("区间", 1),
        text("监测点位", 4),
        text("现象", 2),
        text("最早可能开始", 3),
        text("首次失败", 3),
        text("末次失败", 3),
        text("恢复", 3),
    ];
    let rows = intervals.iter().map(|interval| {
        vec![
            interval.id.to_string(),
            interval.target.name.clone(),
            symptom(&interval.cause).to_owned(),
            figures::moment(interval.earliest),
            figures::moment(interval.start),
            figures::moment(interval.last),
            interval.end.map_or_else(|| "持续中".to_owned(), figures::moment),
        ]
    });
    Part::Table(Table::of("区间", columns, rows))
}

/// The cause, as people entered it: the monitor sees that something fails, never why.
fn cause(related: &[&Ticket]) -> Vec<Part> {
    let solved = related.iter().filter_map(|ticket| {
        let step = ticket.step(StepKind::Solved)?;
        Some(pair(&format!("报障单 {}（{}）", ticket.number, step.person), step.note.as_str()))
    });
    let entered: Vec<_> = solved.collect();
    let said = match entered.is_empty() {
        true => Part::Text("没有登记原因：监测只能看到现象。".to_owned()),
        false => Part::Pairs(entered),
    };
    vec![said, Part::Blanks(&["原因分析", "影响范围"])]
}
