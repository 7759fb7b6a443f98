//! What raises an incident, and what ends it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Trouble;
use crate::beijing;
use crate::checks;
use crate::config::{Subject, Target};
use crate::finding::{Confidence, Finding, Severity};
use crate::life::{Life, Reported};
use crate::notice::{Fact, SiteName, Source};
use crate::probe::Turn;

/// What kind of thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A target does not work.
    Down,
    /// A target goes up and down.
    Flapping,
    /// A certificate or a domain runs out.
    RunsOut,
    /// A target shows what it never showed: other addresses, another certificate.
    Changed,
    /// Findings that cannot wait.
    Findings,
    /// The monitor sees nothing.
    Blind,
    /// The monitor does not work as it should.
    Audit,
}

impl Cause {
    /// For people.
    pub fn chinese(self) -> &'static str {
        match self {
            Cause::Down => "无法访问",
            Cause::Flapping => "反复中断",
            Cause::RunsOut => "即将到期",
            Cause::Changed => "异常变更",
            Cause::Findings => "内容问题",
            Cause::Blind => "监测失明",
            Cause::Audit => "自检异常",
        }
    }
}

/// What a turn of a target means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// This is wrong now.
    Raise(Box<Trouble>),
    /// What was wrong with this subject is over since then; the text says how, in Chinese.
    Settle {
        /// The subject.
        subject: String,
        /// Since when.
        at: Timestamp,
        /// How.
        text: String,
    },
}

/// Findings named in a notice.
const NAMED: usize = 5;

/// What the turn of a target means. `site` is the site it belongs to.
pub fn of_turn(target: &Target, site: Option<SiteName>, turn: &Turn, at: Timestamp) -> Vec<Move> {
    let subject = |kind: &str| format!("{kind}:{}", target.id);
    let raise =
        |kind: &str, cause: Cause, severity: Severity, title: String, facts: Vec<Fact>, began: Timestamp| {
            Move::Raise(Box::new(Trouble {
                subject: subject(kind),
                cause,
                site: site.clone(),
                severity,
                title,
                facts: address(target).into_iter().chain(facts).collect(),
                findings: Vec::new(),
                began,
            }))
        };
    let settle = |kind: &str, at: Timestamp, text: String| Move::Settle { subject: subject(kind), at, text };
    // The home page of a site is the site; what else belongs to it is a part.
    let worst =
        if target.site.as_deref() == Some(target.id.as_str()) { Severity::Critical } else { Severity::High };
    let name = &target.name;
    match turn {
        Turn::Fell { first_failed, last_good, why } => {
            let mut facts = vec![Fact::own("原因", why.clone())];
            facts.extend(last_good.map(|good| Fact::own("最后正常", beijing::moment(good))));
            vec![raise("probe", Cause::Down, worst, format!("{name}：无法访问"), facts, *first_failed)]
        }
        Turn::Rose { first_good, .. } => {
            vec![settle("probe", *first_good, "已恢复访问".to_owned())]
        }
        Turn::Flaps { falls } => {
            let facts = vec![Fact::own("次数", format!("最近已中断 {falls} 次；稳定之前不再逐次告警"))];
            vec![raise("flap", Cause::Flapping, worst, format!("{name}：反复中断"), facts, at)]
        }
        Turn::Settled { is_up } => {
            let state = if *is_up { "已稳定，可以访问" } else { "已稳定，但无法访问" };
            let mut moves = vec![settle("flap", at, state.to_owned())];
            // What was not told while it went up and down is told now: the state that holds.
            moves.push(match is_up {
                true => settle("probe", at, state.to_owned()),
                false => {
                    let facts = vec![Fact::own("原因", "反复中断后持续无法访问")];
                    raise("probe", Cause::Down, worst, format!("{name}：无法访问"), facts, at)
                }
            });
            moves
        }
        Turn::Nearing { until, days } => {
            let severity = match days {
                ..=3 => Severity::High,
                4..=14 => Severity::Medium,
                _ => Severity::Low,
            };
            let what = if matches!(target.subject, Subject::Domain(_)) { "域名注册" } else { "证书" };
            let title = match days {
                ..0 => format!("{name}：{what}已过期"),
                _ => format!("{name}：{what}还有 {days} 天到期"),
            };
            vec![raise(
                "until",
                Cause::RunsOut,
                severity,
                title,
                vec![Fact::own("最后一天", until.to_string())],
                at,
            )]
        }
        Turn::Renewed { until } => vec![settle("until", at, format!("已续期至 {until}"))],
        Turn::Changed { before, after } => {
            let facts = vec![Fact::own("此前", before.join("、")), Fact::own("现在", after.join("、"))];
            let what = if matches!(target.subject, Subject::Name(_)) { "解析地址" } else { "证书" };
            vec![raise(
                "change",
                Cause::Changed,
                Severity::High,
                format!("{name}：{what}发生变更"),
                facts,
                at,
            )]
        }
    }
}

/// The findings that cannot wait, as troubles: one for each check of a site. What is left of earlier ones says whether
/// an incident is over, so every check that somebody was ever told of is among them, with no findings where it is done.
pub fn of_findings(site: &SiteName, open: &[Reported], told: &[String], now: Timestamp) -> Vec<Move> {
    let mut by_check: BTreeMap<&str, Vec<&Reported>> = BTreeMap::new();
    for reported in open.iter().filter(|reported| is_urgent(reported)) {
        by_check.entry(reported.finding.check.as_str()).or_default().push(reported);
    }
    let over = told.iter().filter(|subject| {
        let check = subject.strip_prefix(&format!("findings:{}:", site.id));
        check.is_some_and(|check| !by_check.contains_key(check))
    });
    let over = over.map(|subject| Move::Settle {
        subject: subject.clone(),
        at: now,
        text: "复查未再发现".to_owned(),
    });
    let moves: Vec<Move> = over.collect();
    let raised =
        by_check.into_iter().map(|(check, findings)| Move::Raise(Box::new(trouble(site, check, &findings))));
    moves.into_iter().chain(raised).collect()
}

/// Whether a finding is told at once: bad enough, sure enough, and nobody has said that he knows of it or that it is
/// none.
pub fn is_urgent(reported: &Reported) -> bool {
    let Finding { severity, confidence, .. } = &reported.finding;
    *severity >= Severity::High
        && *confidence >= Confidence::Probable
        && matches!(reported.state, Life::New | Life::Open | Life::Reopened | Life::Acknowledged)
}

fn trouble(site: &SiteName, check: &str, findings: &[&Reported]) -> Trouble {
    let name = checks::find(check).map_or(check, |check| check.about().name);
    let severity = findings.iter().map(|reported| reported.finding.severity).max().unwrap_or(Severity::High);
    let began = findings.iter().map(|reported| reported.first_seen).min().unwrap_or(Timestamp::UNIX_EPOCH);
    let mut facts = Vec::new();
    for Reported { finding, .. } in findings.iter().take(NAMED) {
        facts.push(Fact { label: "页面".to_owned(), text: finding.page.clone(), source: Source::Address });
        facts
            .push(Fact { label: "内容".to_owned(), text: finding.evidence.clone(), source: Source::Quote });
    }
    if findings.len() > NAMED {
        facts.push(Fact::own("其余", format!("另有 {} 处，见问题清单", findings.len() - NAMED)));
    }
    Trouble {
        subject: format!("findings:{}:{check}", site.id),
        cause: Cause::Findings,
        site: Some(site.clone()),
        severity,
        title: format!("{}：发现{name} {} 处", site.name, findings.len()),
        facts,
        findings: findings.iter().map(|reported| reported.id.clone()).collect(),
        began,
    }
}

fn address(target: &Target) -> Option<Fact> {
    let (label, text, source) = match &target.subject {
        Subject::Page(address, _) => ("地址", address.to_string(), Source::Address),
        Subject::Port(host, port) | Subject::Certificate(host, port) => {
            ("主机", format!("{host}:{port}"), Source::Own)
        }
        Subject::Name(name) | Subject::Domain(name) => ("域名", name.clone(), Source::Own),
    };
    Some(Fact { label: label.to_owned(), text, source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;
    use crate::config::{Settings, Site};
    use crate::report::sample;

    fn target() -> Target {
        let site = Site::at(&Address::parse("https://www.example.gov.cn/").unwrap(), &[]);
        Settings { sites: vec![site], ..Settings::default() }.targets().remove(0)
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn turns_raise_and_settle() {
        let check = |turn: Turn, expected: &[&str]| {
            let moves = of_turn(&target(), None, &turn, at(9));
            let said: Vec<String> = moves
                .iter()
                .map(|one| match one {
                    Move::Raise(trouble) => format!("+{} {:?}", trouble.subject, trouble.severity),
                    Move::Settle { subject, .. } => format!("-{subject}"),
                })
                .collect();
            assert_eq!(said, expected, "{turn:?}");
        };
        let fell = Turn::Fell { first_failed: at(1), last_good: None, why: "连接超时".to_owned() };
        check(fell, &["+probe:example-gov-cn Critical"]);
        check(Turn::Rose { first_good: at(5), last_failed: at(4) }, &["-probe:example-gov-cn"]);
        check(Turn::Flaps { falls: 4 }, &["+flap:example-gov-cn Critical"]);
        check(Turn::Settled { is_up: true }, &["-flap:example-gov-cn", "-probe:example-gov-cn"]);
        check(Turn::Settled { is_up: false }, &["-flap:example-gov-cn", "+probe:example-gov-cn Critical"]);
        let until = jiff::civil::date(2026, 12, 1);
        check(Turn::Nearing { until, days: 30 }, &["+until:example-gov-cn Low"]);
        check(Turn::Nearing { until, days: -1 }, &["+until:example-gov-cn High"]);
        check(Turn::Renewed { until }, &["-until:example-gov-cn"]);
    }

    #[test]
    fn what_cannot_wait_is_one_trouble_for_each_check() {
        let report = sample::report();
        let site = SiteName { id: "sthjt".to_owned(), name: "示例厅".to_owned() };
        let moves = of_findings(&site, &report.findings, &["findings:sthjt:gone-by".to_owned()], at(0));
        let urgent = report.findings.iter().filter(|reported| is_urgent(reported)).count();
        let raised: usize = moves
            .iter()
            .map(|one| match one {
                Move::Raise(trouble) => trouble.findings.len(),
                Move::Settle { subject, .. } => {
                    assert_eq!(subject, "findings:sthjt:gone-by");
                    0
                }
            })
            .sum();
        assert!(urgent > 0, "the sample has something urgent");
        assert_eq!(raised, urgent);
    }
}
