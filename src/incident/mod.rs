//! Incidents: something is wrong, and somebody has to be told until it is over.
//!
//! An incident has a subject, of which at most one is open at a time; its life is a timeline that only grows. What
//! raises one and what ends it is told by [`cause`]; when somebody hears of it again, and who, by [`ladder`]; what the
//! notices say by [`telling`]. Plain functions and data: keeping is for [`store`](crate::store).

pub mod cause;
pub mod ladder;
pub mod telling;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::finding::{Fingerprint, Severity};
use crate::notice::{Fact, SiteName};

pub use cause::Cause;

/// Number of an incident in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct IncidentId(pub i64);

impl IncidentId {
    /// The order key of its notices: what is told of one incident arrives in order.
    pub fn order_key(self) -> String {
        format!("incident-{}", self.0)
    }
}

/// What is wrong, as it is known when it is raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// What it is about: `probe:sthjt`, `findings:sthjt:dark-link`. At most one incident of a subject is open.
    pub subject: String,
    /// What kind of thing is wrong.
    pub cause: Cause,
    /// The site, where it is about one.
    pub site: Option<SiteName>,
    /// How bad it is.
    pub severity: Severity,
    /// One line.
    pub title: String,
    /// What else is known.
    pub facts: Vec<Fact>,
    /// The findings it stands for, where it stands for some.
    pub findings: Vec<Fingerprint>,
    /// When it began: the first sign of it.
    pub began: Timestamp,
}

/// An incident on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Its number.
    pub id: IncidentId,
    /// What is wrong, as it is known now.
    pub trouble: Trouble,
    /// When it was opened: when it was sure enough to tell.
    pub opened: Timestamp,
    /// Who knows of it.
    pub acknowledged: Option<Acknowledged>,
    /// When it was over.
    pub closed: Option<Timestamp>,
    /// How often and how far it was told.
    pub told: Told,
}

/// Who knows of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What he says to it.
    pub note: String,
}

/// How often and how far an incident was told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// When it was told last; `None`: it was raised in a silence, and nobody knows.
    pub last: Option<Timestamp>,
    /// The rung of the ladders that was reached, counted from 0.
    pub rung: usize,
    /// Reminders so far.
    pub reminders: u32,
}

/// Something that happened to an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: What,
    /// Who did it: a login or a recipient; empty where the program did.
    pub by: String,
    /// What else is to be said.
    pub text: String,
}

/// What happened to an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// It was opened.
    Opened,
    /// There is more of it, or it is worse.
    Grew,
    /// It was told, for the first time after a silence.
    Told,
    /// It was told one rung higher.
    Escalated,
    /// It was told again.
    Reminded,
    /// Somebody knows of it.
    Acknowledged,
    /// Somebody has said something to it.
    Noted,
    /// It is over.
    Closed,
}

impl What {
    /// Everything that can happen.
    pub const ALL: [What; 8] = [
        What::Opened,
        What::Grew,
        What::Told,
        What::Escalated,
        What::Reminded,
        What::Acknowledged,
        What::Noted,
        What::Closed,
    ];

    /// The same word as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            What::Opened => "opened",
            What::Grew => "grew",
            What::Told => "told",
            What::Escalated => "escalated",
            What::Reminded => "reminded",
            What::Acknowledged => "acknowledged",
            What::Noted => "noted",
            What::Closed => "closed",
        }
    }

    /// For people.
    pub fn chinese(self) -> &'static str {
        match self {
            What::Opened => "发生",
            What::Grew => "扩大",
            What::Told => "补发告警",
            What::Escalated => "升级告警",
            What::Reminded => "再次提醒",
            What::Acknowledged => "确认",
            What::Noted => "记录",
            What::Closed => "恢复",
        }
    }
}

/// Time in which nobody is told of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// Its number.
    pub id: i64,
    /// The site; `None`: all.
    pub site: Option<String>,
    /// The subject; `None`: all.
    pub subject: Option<String>,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Who says so.
    pub author: String,
    /// Why.
    pub reason: String,
}

impl Silence {
    /// Whether it holds for a trouble at `now`.
    pub fn covers(&self, trouble: &Trouble, now: Timestamp) -> bool {
        let site = trouble.site.as_ref().map(|site| &site.id);
        (self.from..self.until).contains(&now)
            && self.site.as_ref().is_none_or(|silent| site == Some(silent))
            && self.subject.as_ref().is_none_or(|silent| *silent == trouble.subject)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A trouble to try things on.
    pub(crate) fn trouble(subject: &str) -> Trouble {
        Trouble {
            subject: subject.to_owned(),
            cause: Cause::Down,
            site: Some(SiteName { id: "sthjt".to_owned(), name: "示例省生态环境厅".to_owned() }),
            severity: Severity::Critical,
            title: "示例省生态环境厅无法访问".to_owned(),
            facts: vec![Fact::own("原因", "连接超时")],
            findings: Vec::new(),
            began: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn words_are_those_of_json() {
        for what in What::ALL {
            assert_eq!(serde_json::to_string(&what).unwrap(), format!("{:?}", what.word()));
        }
    }

    #[test]
    fn a_silence_covers_what_it_names_until_its_end() {
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let silence = |site: Option<&str>, subject: Option<&str>| Silence {
            id: 1,
            site: site.map(str::to_owned),
            subject: subject.map(str::to_owned),
            from: at(0),
            until: at(10),
            author: "张三".to_owned(),
            reason: "演练".to_owned(),
        };
        let trouble = trouble("probe:sthjt");
        assert!(silence(None, None).covers(&trouble, at(9)));
        assert!(!silence(None, None).covers(&trouble, at(10)));
        assert!(silence(Some("sthjt"), None).covers(&trouble, at(0)));
        assert!(!silence(Some("other"), None).covers(&trouble, at(0)));
        assert!(!silence(None, Some("probe:oa")).covers(&trouble, at(0)));
    }
}
