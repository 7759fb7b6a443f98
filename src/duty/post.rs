//! What is told about documents: that one was made, that one has to be handed in.

use jiff::{SignedDuration, Timestamp};

use crate::alert::route;
use crate::config::{Alert, Readership, Settings, Site};
use crate::contract::{DocumentKind, Owed, Punctuality};
use crate::finding::Severity;
use crate::ledger::Period;
use crate::notice::{Event, Fact, Notice, SiteName};
use crate::report::documents;
use crate::report::periodic::Kind;
use crate::store::outbox::Letter;
use crate::store::papers::Paper;

/// The name of a site, for notices.
pub(super) fn name_of(site: &Site) -> SiteName {
    SiteName { id: site.id.clone(), name: site.title().to_owned() }
}

/// Who gets documents, kept.
pub(super) struct Readers {
    recipients: Vec<String>,
    channels: Vec<String>,
}

impl Readers {
    pub(super) fn of(readers: Readership<'_>) -> Readers {
        Readers { recipients: readers.recipients.to_vec(), channels: readers.channels.to_vec() }
    }

    pub(super) fn letters(&self, alert: &Alert, notice: &Notice, now: Timestamp) -> Vec<Letter> {
        let readers = Readership { recipients: &self.recipients, channels: &self.channels };
        route::letters_to(alert, notice, readers, now)
    }
}

/// Tells of a document that was made, with its files. `title` is its heading.
pub(super) fn made(paper: &Paper, site: SiteName, title: String) -> Notice {
    let names: Vec<&str> = paper.files.iter().map(|file| file.name()).collect();
    let mut facts = vec![Fact::own("文件", names.join("、"))];
    if paper.matter.kind == Kind::Fault {
        facts.push(Fact::own("状态", "草稿：请补充原因、影响和措施，按合同期限提交后登记"));
    }
    Notice {
        id: format!("report-{}", paper.id),
        event: Event::Report,
        severity: Severity::Low,
        title,
        facts,
        at: paper.made,
        incident: None,
        order_key: format!("report-{}", paper.id),
        opening: None,
        items: Vec::new(),
        view: Some(format!("/sites/{}/reports", site.id)),
        site: Some(site),
        enclosed: paper.files.clone(),
    }
}

/// Reminds of a document that is to be handed in soon, or should have been; `None` while there is time. The same once,
/// however often it is asked for: before its last day is over, and once after it.
pub fn reminder(owed: &Owed, settings: &Settings, site: &Site, now: Timestamp) -> Option<Notice> {
    let last = owed.last_day?;
    let ends = Period::Day(last).span(&settings.timezone).end();
    let lead = SignedDuration::try_from(settings.reports.remind).unwrap_or(SignedDuration::MAX);
    let is_close = ends.duration_since(now) <= lead;
    let (word, severity) = match owed.punctuality {
        Punctuality::Open { .. } if is_close => ("due", Severity::Medium),
        // Somebody who was away for long is not told of the whole year.
        Punctuality::Missing { days: 1..=LATE_DAYS } => ("late", Severity::High),
        _ => return None,
    };
    let thing = match owed.what {
        DocumentKind::FaultReport { interval } => format!("fault-{interval}"),
        DocumentKind::PeriodReport(period) => format!("summary-{period}"),
    };
    let id = format!("{word}-{}-{thing}", site.id);
    Some(Notice {
        order_key: id.clone(),
        id,
        event: Event::Reminder,
        severity,
        site: Some(name_of(site)),
        title: format!("{}：{}", documents::what(owed.what), documents::standing(owed)),
        facts: vec![
            Fact::own("最迟提交", last.to_string()),
            Fact::own("处理", "提交后请在“报告”页登记；已提交而未登记的请补登"),
        ],
        at: now,
        incident: None,
        opening: None,
        items: Vec::new(),
        view: Some(format!("/sites/{}/reports", site.id)),
        enclosed: Vec::new(),
    })
}

/// Days after the last one in which a missing document is still news.
const LATE_DAYS: i32 = 7;

/// The letters of a reminder: to the readers of reports, or by the routes of alarms where none are named.
pub fn reminder_letters(settings: &Settings, notice: &Notice, now: Timestamp) -> Vec<Letter> {
    let readers = settings.reports.readers();
    match (readers.recipients.is_empty(), readers.channels.is_empty()) {
        (true, true) => route::letters(&settings.alert, notice, 0, now),
        _ => route::letters_to(&settings.alert, notice, readers, now),
    }
}
