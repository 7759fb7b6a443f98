//! Service tickets, as `sitewarden ticket list` shows them.

use super::{escape, figures};
use crate::contract::{StepKind, Ticket};
use crate::indicators::Category;

/// Every ticket with its steps, oldest first; of a step that was entered twice the later entry.
pub fn table(tickets: &[Ticket]) -> String {
    let mut out = String::new();
    for ticket in tickets {
        let category = category(ticket.category);
        let [system, what, opener] =
            [&ticket.system, &ticket.what, &ticket.opened_by].map(|text| escape::terminal(text));
        let opened = figures::minute(ticket.opened);
        out.push_str(&format!(
            "{}  {opened}  {category}  {system}：{what}（{opener} 报障）\n",
            ticket.number
        ));
        for kind in StepKind::ALL {
            let Some(taken) = ticket.step(kind) else { continue };
            let (person, note) = (escape::terminal(&taken.person), escape::terminal(&taken.note));
            let at = figures::minute(taken.at);
            out.push_str(&format!("   {}  {at}  {person}  {note}\n", step(kind)));
        }
    }
    if out.is_empty() {
        out.push_str("没有报障单\n");
    }
    out
}

/// The name of a kind of fault.
pub fn category(category: Category) -> &'static str {
    match category {
        Category::General => "一般故障",
        Category::SystemDown => "系统停机",
    }
}

/// The name of a step.
pub fn step(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Answered => "响应",
        StepKind::OnSite => "到场",
        StepKind::Fallback => "备用方案",
        StepKind::Recovered => "应急恢复",
        StepKind::Solved => "解决",
    }
}
