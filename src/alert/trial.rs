//! Trying the channels: one test message through each, past the outbox.

use jiff::Timestamp;

use super::message::Message;
use super::send::Sender;
use super::verdict::{Scope, Verdict};
use crate::config::{Alert, Recipient};
use crate::finding::Severity;
use crate::notice::{Event, Fact, Notice};
use crate::report::escape;
use crate::store::outbox::Form;

/// What a channel said to a test message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Id of the channel.
    pub channel: String,
    /// What it is.
    pub kind: &'static str,
    /// What came of it.
    pub verdict: Verdict,
}

/// Sends a test message through every channel, or the one that is named, to the first recipient who has it.
pub async fn run(alert: &Alert, sender: &Sender, only: Option<&str>, now: Timestamp) -> Vec<Trial> {
    let mut trials = Vec::new();
    for channel in alert.channels.iter().filter(|channel| only.is_none_or(|only| channel.id == only)) {
        let notice = notice(&channel.id, now);
        let to: Vec<&Recipient> =
            alert.recipients.iter().filter(|person| person.channels.contains(&channel.id)).take(1).collect();
        let message = Message {
            notice: &notice,
            form: Form::Full,
            to: &to,
            links: alert.links.as_ref(),
            enclosed: &[],
        };
        let verdict = sender.send(channel, &message, now).await;
        trials.push(Trial { channel: channel.id.clone(), kind: channel.kind.word(), verdict });
    }
    trials
}

/// The trials as lines.
pub fn table(trials: &[Trial]) -> String {
    let line = |trial: &Trial| {
        let said = match &trial.verdict {
            Verdict::Confirmed => "已确认".to_owned(),
            Verdict::Permanent { scope: Scope::Channel, why } => format!("通道不可用：{why}"),
            Verdict::Permanent { scope: Scope::Message, why } => format!("内容被拒绝：{why}"),
            Verdict::Retry { why, .. } => format!("未送达，可重试：{why}"),
            Verdict::Undetermined { why } => format!("不确定：{why}"),
        };
        format!("{}（{}）  {}\n", trial.channel, trial.kind, escape::terminal(&said))
    };
    trials.iter().map(line).collect()
}

fn notice(channel: &str, now: Timestamp) -> Notice {
    Notice {
        id: format!("test-{channel}-{}", now.as_second()),
        event: Event::Test,
        severity: Severity::Low,
        site: None,
        title: "告警通道测试".to_owned(),
        facts: vec![Fact::own("说明", "收到本消息说明通道可用，无需处理")],
        at: now,
        incident: None,
        order_key: format!("test-{channel}"),
        opening: None,
        items: Vec::new(),
        view: None,
        enclosed: Vec::new(),
    }
}
