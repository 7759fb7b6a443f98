//! The incidents that a fault led to: who was told of it, who knew, and how long that took.

use jiff::Timestamp;

use super::document::{NOTHING, Part, Table, pair, text};
use super::material::IncidentStory;
use crate::incident::{Happening, Incident};
use crate::report::figures;
use crate::store::outbox::{Delivery, LetterState};

/// What is not known, or not yet.
const UNKNOWN: &str = "—";

/// What a report says of them.
pub(super) fn parts(incidents: &[IncidentStory]) -> Vec<Part> {
    if incidents.is_empty() {
        return vec![Part::Text(format!("{NOTHING}：没有与这次故障对应的告警事件。"))];
    }
    let of_one = |story: &IncidentStory| {
        [
            Part::Pairs(overview(&story.incident)),
            Part::Table(course(&story.timeline)),
            Part::Table(messages(&story.letters)),
        ]
    };
    incidents.iter().flat_map(of_one).collect()
}

fn overview(incident: &Incident) -> Vec<(String, String)> {
    let Incident { id, trouble, opened, acknowledged, closed, .. } = incident;
    let known = acknowledged.as_ref();
    let took = |from: Timestamp, until: Option<Timestamp>| match until {
        Some(until) => figures::length(until.duration_since(from)),
        None => UNKNOWN.to_owned(),
    };
    let knows = known.map(|known| format!("{} {}", figures::moment(known.at), known.by));
    vec![
        pair("事件", format!("{} {}", id.0, trouble.title)),
        pair("首个征兆", figures::moment(trouble.began)),
        pair("告警", figures::moment(*opened)),
        pair("确认", knows.unwrap_or_else(|| "无人确认".to_owned())),
        pair("响应用时（告警至确认）", took(*opened, known.map(|known| known.at))),
        pair("恢复", closed.map_or_else(|| "持续中".to_owned(), figures::moment)),
        pair("修复用时（首个征兆至恢复，未扣除维护和免责时间）", took(trouble.began, *closed)),
    ]
}

fn course(timeline: &[Happening]) -> Table {
    let columns = vec![text("时间（北京时间）", 3), text("事项", 2), text("人员", 2), text("说明", 7)];
    let rows = timeline.iter().map(|happening| {
        let Happening { at, what, by, text } = happening;
        vec![figures::moment(*at), what.chinese().to_owned(), by.clone(), text.clone()]
    });
    Table::of("事件经过", columns, rows)
}

/// The letters come newest first, the table tells them in order.
fn messages(letters: &[Delivery]) -> Table {
    let columns = vec![
        text("入列时间（北京时间）", 3),
        text("内容", 2),
        text("通道", 2),
        text("接收人", 2),
        text("结果", 5),
    ];
    let rows = letters.iter().rev().map(|letter| {
        let to = if letter.recipient.is_empty() { "群组" } else { &letter.recipient };
        let result = match letter.state {
            LetterState::Waiting { .. } => "待送达".to_owned(),
            LetterState::Confirmed { at } => format!("{} 送达", figures::moment(at)),
            LetterState::Refused { at } => format!("{} 被拒绝", figures::moment(at)),
        };
        let what = letter.notice.event.chinese().to_owned();
        vec![figures::moment(letter.queued), what, letter.channel.clone(), to.to_owned(), result]
    });
    Table::of("发出的消息", columns, rows)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::incident::tests::trouble;
    use crate::incident::{Acknowledged, IncidentId, Told, Trouble, What, telling};
    use crate::notice::Notice;
    use crate::store::outbox::LetterId;

    /// The incident that the fault of the 8th led to, with a remark of somebody who would write the report himself.
    pub(in crate::report::periodic) fn story() -> IncidentStory {
        let moments = ["2026-11-08T11:05", "2026-11-08T11:06", "2026-11-08T11:10", "2026-11-08T12:25"];
        let [began, opened, known, closed]: [Timestamp; 4] =
            moments.map(|text| format!("{text}+08:00").parse().expect("a moment"));
        let incident = Incident {
            id: IncidentId(7),
            trouble: Trouble { began, ..trouble("probe:demo") },
            opened,
            acknowledged: Some(Acknowledged { by: "李四".to_owned(), at: known, note: String::new() }),
            closed: Some(closed),
            told: Told::default(),
        };
        let happening =
            |at, what, text: &str| Happening { at, what, by: "李四".to_owned(), text: text.to_owned() };
        let letter = |id, notice: Notice, recipient: &str, state| Delivery {
            id: LetterId(id),
            queued: notice.at,
            notice,
            recipient: recipient.to_owned(),
            channel: "duty".to_owned(),
            state,
            attempts: Vec::new(),
        };
        let all_clear = telling::recovery(&incident, closed, "已恢复访问");
        IncidentStory {
            timeline: vec![
                happening(known, What::Acknowledged, ""),
                happening(known, What::Noted, "</td></table><script>alert(1)</script>"),
            ],
            letters: vec![
                letter(2, all_clear, "", LetterState::Confirmed { at: closed }),
                letter(1, telling::opening(&incident), "zhang", LetterState::Refused { at: opened }),
            ],
            incident,
        }
    }
}
