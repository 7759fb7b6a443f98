//! What the notices of an incident say.

use jiff::{SignedDuration, Timestamp};

use super::{Cause, Incident};
use crate::notice::{Event, Fact, Notice};

/// It was opened.
pub fn opening(incident: &Incident) -> Notice {
    let event = match incident.trouble.cause {
        Cause::Blind => Event::Blind,
        Cause::Audit => Event::SelfAudit,
        _ => Event::Opened,
    };
    Notice { id: opening_id(incident), event, at: incident.opened, opening: None, ..plain(incident) }
}

/// There is more of it, or it is worse.
pub fn growth(incident: &Incident, number: u64, now: Timestamp) -> Notice {
    let id = format!("{}-grew-{number}", incident.id.0);
    Notice { id, event: Event::Opened, at: now, ..plain(incident) }
}

/// It is still open; `deadline` names one that has come.
pub fn reminder(incident: &Incident, deadline: Option<&str>, now: Timestamp) -> Notice {
    let mut notice = plain(incident);
    notice.id = format!("{}-reminder-{}", incident.id.0, incident.told.reminders);
    notice.event = Event::Reminder;
    notice.at = now;
    notice.facts.insert(0, Fact::own("已持续", span(now.duration_since(incident.trouble.began))));
    if let Some(known) = &incident.acknowledged {
        notice.facts.insert(1, Fact::own("已确认", known.by.clone()));
    }
    if let Some(deadline) = deadline {
        notice.facts.insert(0, Fact::own("时限已到", deadline));
    }
    notice
}

/// It is over since `at`.
pub fn recovery(incident: &Incident, at: Timestamp, text: &str) -> Notice {
    let mut notice = plain(incident);
    notice.id = format!("{}-recovered", incident.id.0);
    notice.event = Event::Recovered;
    notice.at = at;
    notice.facts = vec![
        Fact::own("结果", text),
        Fact::own("持续", span(at.duration_since(incident.trouble.began).max(SignedDuration::ZERO))),
    ];
    notice
}

fn opening_id(incident: &Incident) -> String {
    format!("{}-opened", incident.id.0)
}

fn plain(incident: &Incident) -> Notice {
    let trouble = &incident.trouble;
    Notice {
        id: String::new(),
        event: Event::Opened,
        severity: trouble.severity,
        site: trouble.site.clone(),
        title: trouble.title.clone(),
        facts: trouble.facts.clone(),
        at: incident.opened,
        incident: Some(incident.id.0),
        order_key: incident.id.order_key(),
        opening: Some(opening_id(incident)),
        items: Vec::new(),
        view: Some(format!("/incidents/{}", incident.id.0)),
        enclosed: Vec::new(),
    }
}

/// A span of time for people: `2 天 3 小时`, `5 分 20 秒`.
pub fn span(span: SignedDuration) -> String {
    let seconds = span.as_secs().max(0);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} 秒"),
        (0, 0, minutes) => format!("{minutes} 分 {} 秒", seconds % 60),
        (0, hours, minutes) => format!("{hours} 小时 {minutes} 分"),
        (days, hours, _) => format!("{days} 天 {hours} 小时"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::tests::trouble;
    use crate::incident::{IncidentId, Told};

    #[test]
    fn notices_follow_each_other() {
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let incident = Incident {
            id: IncidentId(7),
            trouble: trouble("probe:sthjt"),
            opened: at(60),
            acknowledged: None,
            closed: None,
            told: Told { last: Some(at(60)), rung: 0, reminders: 2 },
        };
        let opening = opening(&incident);
        let recovery = recovery(&incident, at(600), "已恢复访问");
        assert_eq!((opening.id.as_str(), opening.event), ("7-opened", Event::Opened));
        assert_eq!(recovery.opening.as_deref(), Some("7-opened"));
        assert_eq!(recovery.order_key, opening.order_key);
        assert_eq!(recovery.facts[1].text, "10 分 0 秒");
        assert_eq!(reminder(&incident, None, at(7_300)).facts[0].text, "2 小时 1 分");
        assert_eq!(reminder(&incident, Some("持续 2 小时"), at(7_300)).facts[0].text, "持续 2 小时");
        assert_eq!(reminder(&incident, None, at(7_300)).id, "7-reminder-2");
    }

    #[test]
    fn spans_read_well() {
        for (seconds, expected) in
            [(0, "0 秒"), (59, "59 秒"), (61, "1 分 1 秒"), (7_260, "2 小时 1 分"), (90_000, "1 天 1 小时")]
        {
            assert_eq!(span(SignedDuration::from_secs(seconds)), expected);
        }
    }
}
