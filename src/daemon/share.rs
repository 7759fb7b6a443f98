//! The share of visits that failed over the last days (VETO-02): warned of before it becomes a veto.

use jiff::{SignedDuration, Timestamp};

use super::hub::{Hub, Standing};
use crate::config::Site;
use crate::finding::Severity;
use crate::incident::cause::Move;
use crate::incident::{Cause, Trouble};
use crate::indicators::FailureRule;
use crate::ledger::{self, Failing, Outlook};
use crate::notice::Fact;
use crate::store::StoreError;

/// Looks at the share of every site.
pub(super) fn look(hub: &Hub, now: Timestamp) -> Result<(), StoreError> {
    let standing = hub.standing();
    let Some(rule) = standing.rules.failure_rule() else { return Ok(()) };
    for site in &standing.settings.sites {
        let home = ledger::Target { site: site.id.clone(), name: site.id.clone() };
        let window = SignedDuration::from_hours(24 * i64::from(rule.window_days + 1));
        let counts = hub.store.visits(&home, now.checked_sub(window).unwrap_or(Timestamp::MIN))?;
        let failing = ledger::weekly(&counts, &rule, now, &standing.calendars.zone);
        hub.act(vec![meaning(&standing, site, &rule, failing, now)], None, now)?;
    }
    Ok(())
}

fn meaning(standing: &Standing, site: &Site, rule: &FailureRule, failing: Failing, now: Timestamp) -> Move {
    let subject = format!("share:{}", site.id);
    // A few visits say nothing: as many as the regulation itself asks for must have been made.
    let is_thin = failing.visits < u64::from(rule.window_days) * u64::from(rule.min_visits_per_day);
    let severity = match failing.outlook {
        Outlook::Failed if !is_thin => Severity::Critical,
        Outlook::Warning if !is_thin => Severity::High,
        _ => {
            let text = "失败率已回到预警线以下".to_owned();
            return Move::Settle { subject, at: now, text };
        }
    };
    let name = standing.name_of(&site.id);
    let percent = |share: f64| format!("{:.1}%", share * 100.0);
    let line = match severity {
        Severity::Critical => "已达单项否决线",
        _ => "已达预警线",
    };
    Move::Raise(Box::new(Trouble {
        subject,
        cause: Cause::Down,
        title: format!("{}：近 {} 天首页访问失败率{line}", name.name, rule.window_days),
        site: Some(name),
        severity,
        facts: vec![
            Fact::own("失败率", failing.ratio().map_or_else(String::new, percent)),
            Fact::own("次数", format!("{} 次访问中失败 {} 次", failing.visits, failing.failures)),
            Fact::own(
                "界限",
                format!("预警 {}，否决 {}", percent(rule.warn_ratio), percent(rule.fail_ratio)),
            ),
        ],
        findings: Vec::new(),
        began: now,
    }))
}
