//! A message: one notice or several folded into one, to one recipient or to a group.

use jiff::Timestamp;

use super::defuse;
use super::link::{self, Confirmation};
use super::sheet::{Line, Link, Sheet};
use crate::beijing;
use crate::config::{Links, Recipient};
use crate::finding::Severity;
use crate::notice::{Event, Fact, Item, Notice, Source};
use crate::report::wording;
use crate::store::outbox::Form;

/// Everything that a channel has to know to render.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// What to tell.
    pub notice: &'a Notice,
    /// How much of it may be said.
    pub form: Form,
    /// Whom: one for a channel that has an address for each, all who are mentioned for a group.
    pub to: &'a [&'a Recipient],
    /// Where links lead.
    pub links: Option<&'a Links>,
    /// The documents that go with it; empty for a channel that carries none.
    pub enclosed: &'a [Enclosed],
}

/// A document with its content, about to go with a message.
#[derive(Debug, Clone)]
pub struct Enclosed {
    /// What its file is called.
    pub name: String,
    /// What kind of file it is.
    pub media: &'static str,
    /// Its content.
    pub content: Vec<u8>,
}

impl Message<'_> {
    /// The message before it has a format.
    pub fn sheet(&self, now: Timestamp) -> Sheet {
        let notice = self.notice;
        let (event, severity) = (notice.event.chinese(), wording::severity(notice.severity).label);
        let site = notice.site.as_ref().map_or("", |site| site.name.as_str());
        let mut sheet = match self.form {
            Form::Full => Sheet::titled(&format!(
                "{event}（{severity}）{}",
                defuse::unlinked(&format!("{site} {}", notice.title))
            )),
            // No word of the notice itself: one of them was refused.
            Form::Bare => Sheet::titled(&format!("{event}（{severity}）详情请登录平台查看")),
        };
        match self.form {
            Form::Full => {
                sheet.lines.extend(notice.items.iter().map(item_line));
                sheet.lines.extend(notice.facts.iter().map(fact_line));
            }
            Form::Bare => {
                let id = |item: &Item| Line { label: None, text: item.id.clone() };
                sheet.lines.extend(notice.items.iter().map(id));
            }
        }
        sheet.lines.insert(0, Line::of("时间", beijing::moment(notice.at)));
        sheet.links = self.links(now);
        sheet.tail = self.tail();
        sheet
    }

    /// Whether somebody should be called by name.
    pub fn mentions(&self) -> bool {
        self.notice.severity >= Severity::High
            && !matches!(self.notice.event, Event::Recovered | Event::Digest)
    }

    fn links(&self, now: Timestamp) -> Vec<Link> {
        let Some(Links { base, secret, valid }) = self.links else { return Vec::new() };
        let mut links = Vec::new();
        if let Some(incident) = self.notice.incident
            && matches!(self.notice.event, Event::Opened | Event::Reminder)
        {
            let recipient = match self.to {
                [one] => one.id.clone(),
                _ => String::new(),
            };
            let until = now.saturating_add(*valid).unwrap_or(Timestamp::MAX);
            let confirmation = Confirmation { incident, recipient, until };
            links
                .push(Link {
                    text: "确认已知", url: format!("{base}{}", link::path(&confirmation, secret))
                });
        }
        if let Some(path) = &self.notice.view {
            links.push(Link { text: "查看详情", url: format!("{base}{path}") });
        }
        links
    }

    fn tail(&self) -> String {
        let incident = self.notice.incident.map(|incident| format!("事件 {incident} · ")).unwrap_or_default();
        format!("{incident}编号 {}", self.notice.id)
    }
}

/// A line of a digest: `1. 11-22 10:02 告警（高）示例厅 首页无法访问（n-12）`.
pub(super) fn item_line(item: &Item) -> Line {
    let Item { id, event, severity, site, title, at } = item;
    let severity = wording::severity(*severity).label;
    let about = super::sheet::cut(&defuse::unlinked(&format!("{site} {title}")), ITEM_BYTES);
    let time = beijing::short_minute(*at);
    Line { label: None, text: format!("{time} {}（{severity}）{about}（{id}）", event.chinese()) }
}

/// Bytes of site and title in a line of a digest, so that many fit into a message.
const ITEM_BYTES: usize = 90;

fn fact_line(fact: &Fact) -> Line {
    let text = match fact.source {
        Source::Own => defuse::unlinked(&fact.text),
        Source::Address => defuse::line(&fact.text),
        Source::Quote => defuse::quoted(&fact.text),
    };
    Line::of(&fact.label, text)
}
