//! What somebody is to be told. Plain data: who hears it is decided by routing, how it looks by the channels.
//!
//! A notice holds no secret, no signature and no rendered bytes, so that it can be kept in the record and rendered
//! afresh for every attempt.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::finding::Severity;

/// One thing to tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Stable over every attempt and every channel; stands in the text, so that a person recognises a repeat.
    /// Letters, digits and `-`, at most a few dozen: a digest names one per line.
    pub id: String,
    /// What has happened.
    pub event: Event,
    /// How bad it is.
    pub severity: Severity,
    /// The site it is about, where it is about one.
    pub site: Option<SiteName>,
    /// One line.
    pub title: String,
    /// What else is known, in order of importance: what does not fit into a message is cut from the end.
    pub facts: Vec<Fact>,
    /// When it happened; not when it is told.
    pub at: Timestamp,
    /// The incident it belongs to.
    pub incident: Option<i64>,
    /// Notices with the same key reach a recipient by a channel in the order they were made.
    pub order_key: String,
    /// Id of the notice that told of the opening, where this one follows it.
    pub opening: Option<String>,
    /// What a digest lists, one line each.
    pub items: Vec<Item>,
    /// Path below the dashboard where more can be seen: `/incidents/12`.
    pub view: Option<String>,
    /// Documents that go with it by channels that can carry them. The others have the path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enclosed: Vec<Enclosure>,
}

/// A document that was written once, as the record knows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Enclosure {
    /// Its file, below the folder of reports: `2026-11/sthjt-work-2026-11.docx`.
    pub path: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// SHA-256 of its content, in hexadecimal.
    pub sha256: String,
}

impl Enclosure {
    /// The name of the file.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The ending of its name, which says the format: `docx`.
    pub fn ending(&self) -> &str {
        self.name().rsplit_once('.').map_or("", |(_, ending)| ending)
    }
}

/// A site, as a message names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteName {
    /// Id of the site.
    pub id: String,
    /// Its name, or its id where it has none.
    pub name: String,
}

/// What a notice tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// An incident was opened.
    Opened,
    /// An incident is still open.
    Reminder,
    /// An incident is over.
    Recovered,
    /// Several things that need no hurry.
    Digest,
    /// The monitor itself cannot see: its own network is cut.
    Blind,
    /// A channel refuses every message.
    ChannelBroken,
    /// Somebody tries whether a channel works.
    Test,
    /// The monitor found itself not to be working as it should.
    SelfAudit,
    /// A document was made.
    Report,
}

impl Event {
    /// Every event.
    pub const ALL: [Event; 9] = [
        Event::Opened,
        Event::Reminder,
        Event::Recovered,
        Event::Digest,
        Event::Blind,
        Event::ChannelBroken,
        Event::Test,
        Event::SelfAudit,
        Event::Report,
    ];

    /// The same word as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Event::Opened => "opened",
            Event::Reminder => "reminder",
            Event::Recovered => "recovered",
            Event::Digest => "digest",
            Event::Blind => "blind",
            Event::ChannelBroken => "channel-broken",
            Event::Test => "test",
            Event::SelfAudit => "self-audit",
            Event::Report => "report",
        }
    }

    /// As a message names it.
    pub fn chinese(self) -> &'static str {
        match self {
            Event::Opened => "告警",
            Event::Reminder => "仍未恢复",
            Event::Recovered => "已恢复",
            Event::Digest => "汇总",
            Event::Blind => "监测失明",
            Event::ChannelBroken => "通道故障",
            Event::Test => "测试",
            Event::SelfAudit => "自检异常",
            Event::Report => "报告",
        }
    }
}

/// One thing known, with its label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is: `地址`.
    pub label: String,
    /// The thing itself.
    pub text: String,
    /// Whose words it has.
    pub source: Source,
}

/// Whose words a text has, and so what has to be done before it is shown in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Ours. Addresses in it cannot be clicked all the same, for they may be of anybody.
    Own,
    /// An address of the monitored site itself, which may be clicked.
    Address,
    /// Words of a page. Only the first and last character are shown: the audit of a chat would refuse bad words, and
    /// a group should not have to read them.
    Quote,
}

impl Fact {
    /// Words of ours.
    pub fn own(label: &str, text: impl Into<String>) -> Fact {
        Fact { label: label.to_owned(), text: text.into(), source: Source::Own }
    }
}

/// One line of a digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Id of the notice that the line stands for.
    pub id: String,
    /// What has happened.
    pub event: Event,
    /// How bad it is.
    pub severity: Severity,
    /// Name of the site.
    pub site: String,
    /// One line.
    pub title: String,
    /// When it happened.
    pub at: Timestamp,
}

impl Notice {
    /// The line that stands for this notice in a digest.
    pub fn item(&self) -> Item {
        Item {
            id: self.id.clone(),
            event: self.event,
            severity: self.severity,
            site: self.site.as_ref().map_or_else(String::new, |site| site.name.clone()),
            title: self.title.clone(),
            at: self.at,
        }
    }

    /// Whether it may use what is kept back of a budget: the worst, and every all-clear.
    pub fn is_urgent(&self) -> bool {
        self.severity == Severity::Critical
            || matches!(self.event, Event::Recovered | Event::Blind | Event::ChannelBroken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_json() {
        for event in Event::ALL {
            assert_eq!(serde_json::to_string(&event).unwrap(), format!("{:?}", event.word()));
        }
    }
}
