//! The hosts of others that a site links to, as `sitewarden links` shows them. Their addresses are never live links.

use jiff::civil::Date;
use serde::Serialize;

use super::{escape, figures};
use crate::inventory::{ExternalHost, Inventory, Trust, Vouching};

/// The wanted hosts to be read, those that need somebody first.
pub fn table(inventory: &Inventory, today: Date, is_wanted: &dyn Fn(&ExternalHost) -> bool) -> String {
    let mut hosts: Vec<&ExternalHost> = inventory.hosts.iter().filter(|host| is_wanted(host)).collect();
    hosts.sort_by_key(|host| (std::cmp::Reverse(host.state.urgency()), host.host.clone()));
    let mut out = String::new();
    for host in hosts {
        let ExternalHost { pages, since, first_seen, last_seen, .. } = host;
        let was = host.was.map_or_else(String::new, |was| format!("，此前{}", was.chinese()));
        let (name, class) = (escape::terminal(&host.host), escape::terminal(&host.class));
        out.push_str(&format!("〔{}〕{name}  {class}  自 {since}{was}\n", host.state.chinese()));
        out.push_str(&format!("    {}\n", escape::terminal(&host.why)));
        let anchors: Vec<String> = host.anchors.iter().map(|text| escape::terminal(text)).collect();
        let anchors = if anchors.is_empty() {
            String::new()
        } else {
            format!("，链接文字：{}", anchors.join("、"))
        };
        let pages = figures::count(*pages);
        out.push_str(&format!("    {pages} 个页面链接，{first_seen} 至 {last_seen} 所见{anchors}\n"));
        if let Some(sample) = host.samples.first() {
            out.push_str(&format!("    见 {}\n", escape::terminal(sample)));
        }
        if let Some(said) = inventory.last_word(&host.host) {
            let words = escape::terminal(&said.chinese(today));
            out.push_str(&format!("    {} {words}\n", figures::minute(said.at)));
        }
    }
    if out.is_empty() {
        out.push_str("没有符合条件的外部主机\n");
    }
    out
}

/// A host on the wire.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    host: &'a ExternalHost,
    /// Who vouches for it today.
    approved: Option<Said<'a>>,
    /// All that was ever said of it, oldest first.
    said: Vec<Said<'a>>,
}

#[derive(Serialize)]
struct Said<'a> {
    at: String,
    by: &'a str,
    note: &'a str,
    revoked: bool,
    until: Option<Date>,
}

impl<'a> Said<'a> {
    fn of(said: &'a Vouching) -> Said<'a> {
        let until = match said.trust {
            Trust::Given(until) => until,
            Trust::Revoked => None,
        };
        let Vouching { at, author, note, trust, .. } = said;
        Said { at: at.to_string(), by: author, note, revoked: *trust == Trust::Revoked, until }
    }
}

/// The wanted hosts as one JSON array, by name.
pub fn json(inventory: &Inventory, today: Date, is_wanted: &dyn Fn(&ExternalHost) -> bool) -> String {
    let rows: Vec<Row<'_>> = inventory
        .hosts
        .iter()
        .filter(|host| is_wanted(host))
        .map(|host| {
            let of_host = inventory.vouchings.iter().filter(|said| said.host == host.host);
            let approved = inventory.approval(&host.host, today).map(Said::of);
            Row { host, approved, said: of_host.map(Said::of).collect() }
        })
        .collect();
    let text = serde_json::to_string_pretty(&rows).expect("rows are plain data");
    format!("{}\n", escape::json(&text))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;
    use crate::link::landing::HostState;

    fn host(name: &str, state: HostState) -> ExternalHost {
        ExternalHost {
            host: name.to_owned(),
            class: "unknown".to_owned(),
            first_seen: date(2026, 11, 1),
            last_seen: date(2026, 11, 21),
            pages: 1_200,
            samples: vec!["http://www.example.gov.cn/a.html".to_owned()],
            address: format!("http://{name}/"),
            anchors: vec!["示例\u{1b}[31m协会".to_owned()],
            state,
            why: "页面标题“真人荷官”".to_owned(),
            since: date(2026, 11, 20),
            was: Some(HostState::Ok),
            lapsed: false,
            answered: true,
            print: None,
            looked: None,
        }
    }

    #[test]
    fn hosts_are_listed_with_state_history_and_approval() {
        let approval = Vouching {
            host: "b.test".to_owned(),
            at: Timestamp::UNIX_EPOCH,
            author: "王工".to_owned(),
            note: "行业协会".to_owned(),
            trust: Trust::Given(Some(date(2026, 12, 31))),
        };
        let hosts = vec![host("a.test", HostState::Ok), host("b.test", HostState::Illicit)];
        let inventory = Inventory { hosts, vouchings: vec![approval] };
        let today = date(2026, 11, 22);
        insta::assert_snapshot!(table(&inventory, today, &|_| true));
        assert_eq!(table(&inventory, today, &|_| false), "没有符合条件的外部主机\n");
        let rows: serde_json::Value =
            serde_json::from_str(&json(&inventory, today, &|host| host.state == HostState::Illicit)).unwrap();
        assert_eq!(rows[0]["state"], "illicit");
        assert_eq!(rows[0]["approved"]["by"], "王工");
        assert_eq!(rows[0]["approved"]["until"], "2026-12-31");
        assert_eq!(rows.as_array().map(Vec::len), Some(1));
    }
}
