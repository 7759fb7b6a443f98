//! The delivery log: who was told what, by which channel, and what came of it.

use std::fmt::Write as _;

use super::escape;
use crate::beijing;
use crate::store::outbox::{Attempt, Backlog, Delivery, LetterState};

/// The log as lines, newest letter first, with the attempts of each below it; then the channels that need attention.
pub fn table(deliveries: &[Delivery], backlog: &[Backlog]) -> String {
    let mut out = String::new();
    if deliveries.is_empty() {
        out.push_str("没有投递记录。\n");
    }
    for delivery in deliveries {
        let state = match delivery.state {
            LetterState::Waiting { due } => format!("待发，{} 之后", beijing::short_moment(due)),
            LetterState::Confirmed { at } => format!("已确认 {}", beijing::short_moment(at)),
            LetterState::Refused { at } => format!("被拒绝 {}", beijing::short_moment(at)),
        };
        let recipient = if delivery.recipient.is_empty() { "（群）" } else { &delivery.recipient };
        let _ = writeln!(
            out,
            "{}  {}  {}  {} → {}  {state}",
            beijing::short_moment(delivery.queued),
            delivery.notice.id,
            escape::terminal(&delivery.notice.title),
            recipient,
            delivery.channel,
        );
        for attempt in &delivery.attempts {
            let _ = writeln!(out, "    {}", line(attempt));
        }
    }
    for channel in backlog {
        let oldest = channel
            .oldest
            .map(|oldest| format!("，最早 {}", beijing::short_moment(oldest)))
            .unwrap_or_default();
        let _ = write!(out, "通道 {}：待发 {} 条{oldest}", channel.channel, channel.waiting);
        if let Some(broken) = &channel.broken {
            let _ = write!(
                out,
                "；{} 起不可用：{}",
                beijing::short_moment(broken.since),
                escape::terminal(&broken.why)
            );
        }
        out.push('\n');
    }
    out
}

fn line(attempt: &Attempt) -> String {
    let said = match &attempt.verdict {
        None => "结果未知".to_owned(),
        Some(verdict) => {
            let word = match verdict.word.as_str() {
                "confirmed" => "已确认",
                "retry" => "未送达，将重试",
                "undetermined" => "不确定，将以同一编号重发",
                "refused-message" => "内容被拒绝",
                "refused-channel" => "通道不可用",
                other => other,
            };
            match verdict.why.as_str() {
                "" => word.to_owned(),
                why => format!("{word}（{}）", escape::terminal(why)),
            }
        }
    };
    format!("{}  {}  {said}", beijing::short_moment(attempt.started), attempt.channel)
}
