//! Notices for the tests of this folder.

use jiff::Timestamp;

use crate::finding::Severity;
use crate::notice::{Event, Fact, Notice, SiteName, Source};

/// A notice of an invented site.
pub(crate) fn notice(id: &str, event: Event) -> Notice {
    Notice {
        id: id.to_owned(),
        event,
        severity: Severity::High,
        site: Some(SiteName { id: "sthjt".to_owned(), name: "示例省生态环境厅".to_owned() }),
        title: "首页无法访问".to_owned(),
        facts: vec![
            Fact::own("原因", "连接超时"),
            Fact { source: Source::Address, ..Fact::own("地址", "https://sthjt.example.gov.cn/") },
            Fact { source: Source::Quote, ..Fact::own("词语", "澳门赌场开户") },
            Fact::own("暗链", "http://bad.test/a"),
        ],
        at: at(0),
        incident: Some(12),
        order_key: "incident-12".to_owned(),
        opening: None,
        items: Vec::new(),
        view: Some("/incidents/12".to_owned()),
        enclosed: Vec::new(),
    }
}

/// Seconds after ten o'clock in Beijing, on an invented day.
pub(crate) fn at(second: i64) -> Timestamp {
    let ten: Timestamp = "2026-11-22T10:00:00+08".parse().expect("a good time");
    Timestamp::from_second(ten.as_second() + second).expect("within range")
}
