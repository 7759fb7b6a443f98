//! How long people may take to mend what was found.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Deserialize;

use super::Certainty;
use crate::finding::Severity;

/// How long the mending of a finding may take, and how long one stays dismissed. Days count from the next one on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remedy {
    /// Days for what fails the site by itself.
    pub critical_days: u16,
    /// Days for what costs many points.
    pub high_days: u16,
    /// Days for what costs points.
    pub medium_days: u16,
    /// Days for the rest.
    pub low_days: u16,
    /// Days that a dismissal is proposed for.
    pub dismissed_days: u16,
    /// What the figures rest on.
    pub source: String,
    /// How sure they are.
    pub confidence: Certainty,
}

impl Remedy {
    /// The last day on which a finding assigned on the day `today` is mended in time.
    pub fn due(&self, severity: Severity, today: Date) -> Date {
        let days = match severity {
            Severity::Critical => self.critical_days,
            Severity::High => self.high_days,
            Severity::Medium => self.medium_days,
            Severity::Low => self.low_days,
        };
        after(today, days)
    }

    /// The last day of a dismissal made on the day `today`.
    pub fn dismissed_until(&self, today: Date) -> Date {
        after(today, self.dismissed_days)
    }
}

fn after(today: Date, days: u16) -> Date {
    today.saturating_add(i32::from(days).days())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::indicators::RuleSet;

    #[test]
    fn the_worse_the_sooner() {
        let rules = RuleSet::built_in();
        let due = |severity| rules.remedy().due(severity, date(2026, 12, 30));
        let order = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low].map(due);
        assert!(order.is_sorted(), "{order:?}");
        assert_eq!(order[0], date(2026, 12, 31));
        assert!(rules.remedy().dismissed_until(Date::MAX) == Date::MAX);
    }
}
