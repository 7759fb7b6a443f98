//! What is told about documents: that one was made, that one has to be handed in.

use jiff::{SignedDuration, Timestamp};

use crate::alert::route;
use crate::config::{Alert, Readership, Settings, Site};
use crate::contract::{DocumentKind, Owed, Punctuality};
use crate::finding::Severity;
use crate::ledger::Period;
use crate::notice::{Event, Fact, Notice, SiteName};
use crate::paper::Kind;
use crate::report::documents;
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

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::*;
    use crate::address::Address;
    use crate::config::{Recipient, Route};

    fn site() -> Site {
        let home = Address::parse("https://www.example.gov.cn/").expect("a good address");
        Site { id: "demo".to_owned(), ..Site::at(&home, &[]) }
    }

    /// The report of a fault that is to be handed in on the 10th.
    fn owed(punctuality: Punctuality) -> Owed {
        Owed {
            what: DocumentKind::FaultReport { interval: 7 },
            since: at("2026-11-08T11:05"),
            last_day: Some(jiff::civil::date(2026, 11, 10)),
            handed_in: None,
            punctuality,
        }
    }

    fn at(text: &str) -> Timestamp {
        format!("{text}+08:00").parse().expect("a moment")
    }

    #[test]
    fn somebody_is_reminded_before_the_last_day_is_over_and_once_after_it() {
        let mut settings = Settings::in_folder(Path::new("nowhere"));
        settings.reports.remind = Duration::from_secs(24 * 3_600);
        let told = |settings: &Settings, punctuality, now: &str| {
            reminder(&owed(punctuality), settings, &site(), at(now))
                .map(|notice| (notice.id, notice.severity))
        };
        let due = Some(("due-demo-fault-7".to_owned(), Severity::Medium));
        let late = Some(("late-demo-fault-7".to_owned(), Severity::High));
        let open = |days| Punctuality::Open { days };
        assert_eq!(told(&settings, open(1), "2026-11-09T23:59"), None, "there is time");
        assert_eq!(told(&settings, open(0), "2026-11-10T00:00"), due);
        assert_eq!(told(&settings, open(0), "2026-11-10T23:59"), due, "the same notice again");
        assert_eq!(told(&settings, Punctuality::Missing { days: 1 }, "2026-11-11T00:00"), late);
        assert_eq!(told(&settings, Punctuality::Missing { days: 7 }, "2026-11-17T00:00"), late);
        assert_eq!(told(&settings, Punctuality::Missing { days: 8 }, "2026-11-18T00:00"), None, "no news");
        assert_eq!(told(&settings, Punctuality::InTime, "2026-11-10T00:00"), None);
        settings.reports.remind = Duration::from_secs(48 * 3_600);
        assert_eq!(told(&settings, open(1), "2026-11-09T00:00"), due, "as early as it is wished");
        settings.reports.remind = Duration::ZERO;
        assert_eq!(told(&settings, open(0), "2026-11-10T23:59"), None, "not at all");
    }

    #[test]
    fn reminders_go_to_the_readers_of_reports_or_by_the_routes_of_alarms() {
        let mut settings = Settings::in_folder(Path::new("nowhere"));
        let person = |id: &str| Recipient {
            id: id.to_owned(),
            channels: vec!["duty".to_owned()],
            ..Recipient::default()
        };
        settings.alert.recipients = vec![person("zhang"), person("li")];
        settings.alert.routes = vec![Route {
            severity: Severity::Low,
            events: Vec::new(),
            sites: Vec::new(),
            recipients: vec!["zhang".to_owned()],
            channels: Vec::new(),
            quiet: None,
        }];
        let now = at("2026-11-10T09:00");
        let notice =
            reminder(&owed(Punctuality::Open { days: 0 }), &settings, &site(), now).expect("it is close");
        let told = |settings: &Settings| -> Vec<String> {
            reminder_letters(settings, &notice, now).into_iter().map(|letter| letter.recipient).collect()
        };
        assert_eq!(told(&settings), ["zhang"]);
        settings.reports.recipients = vec!["li".to_owned()];
        assert_eq!(told(&settings), ["li"]);
    }
}
