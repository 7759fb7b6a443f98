//! Which documents there are, and for which periods.

use std::fmt;

use clap::ValueEnum;
use jiff::civil::Date;

use crate::ledger::{Period, Unit};

/// A document that is handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub enum Kind {
    /// 每日读网记录: what was read on a day.
    Daily,
    /// 运维周报、月报: inspection, faults, tickets, findings and repairs.
    Work,
    /// 季度自查报告: the indicators, group by group.
    SelfCheck,
    /// 运行质量分析: how the site ran, with advice.
    Quality,
    /// 半年、年度总结.
    Summary,
    /// 故障报告: one fault.
    Fault,
    /// 全量监测证明: one full scan.
    FullScan,
    /// IPv6 支持度报告: the last assessment.
    Ipv6,
    /// 合同考核表: a contract, line by line.
    Contract,
}

impl Kind {
    /// Every kind, in the order in which they are listed.
    pub const ALL: [Kind; 9] = [
        Kind::Daily,
        Kind::Work,
        Kind::SelfCheck,
        Kind::Quality,
        Kind::Summary,
        Kind::Fault,
        Kind::FullScan,
        Kind::Ipv6,
        Kind::Contract,
    ];

    /// The word for it on the command line, in addresses and in names of files.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Daily => "daily",
            Kind::Work => "work",
            Kind::SelfCheck => "self-check",
            Kind::Quality => "quality",
            Kind::Summary => "summary",
            Kind::Fault => "fault",
            Kind::FullScan => "full-scan",
            Kind::Ipv6 => "ipv6",
            Kind::Contract => "contract",
        }
    }

    /// The kind of a word.
    pub fn of_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Its name in a list.
    pub fn chinese(self) -> &'static str {
        match self {
            Kind::Daily => "每日读网记录",
            Kind::Work => "运维周报、月报",
            Kind::SelfCheck => "季度自查报告",
            Kind::Quality => "运行质量分析",
            Kind::Summary => "半年、年度总结",
            Kind::Fault => "故障报告",
            Kind::FullScan => "全量监测证明",
            Kind::Ipv6 => "IPv6 支持度报告",
            Kind::Contract => "合同考核表",
        }
    }

    /// Its title for a period.
    pub fn title(self, period: Period) -> &'static str {
        match (self, period.unit()) {
            (Kind::Work, Unit::Week) => "网站运维周报",
            (Kind::Work, _) => "网站运维月报",
            (Kind::SelfCheck, _) => "网站季度自查报告",
            (Kind::Quality, Unit::Half) => "网站运行质量分析报告（半年）",
            (Kind::Quality, _) => "网站运行质量分析报告（季度）",
            (Kind::Summary, Unit::Half) => "网站监测运维半年总结",
            (Kind::Summary, _) => "网站监测运维年度总结",
            (Kind::Fault, _) => "网站故障报告",
            (Kind::FullScan, _) => "网站全量监测证明",
            (other, _) => other.chinese(),
        }
    }

    /// How long its periods may be.
    pub fn units(self) -> &'static [Unit] {
        match self {
            Kind::Daily => &[Unit::Day],
            Kind::Work => &[Unit::Week, Unit::Month],
            Kind::SelfCheck => &[Unit::Quarter],
            Kind::Quality => &[Unit::Quarter, Unit::Half],
            Kind::Summary => &[Unit::Half, Unit::Year],
            Kind::Fault | Kind::FullScan | Kind::Ipv6 => {
                &[Unit::Year, Unit::Half, Unit::Quarter, Unit::Month, Unit::Week, Unit::Day]
            }
            Kind::Contract => &[Unit::Quarter, Unit::Half, Unit::Year, Unit::Month],
        }
    }

    /// Whether there is one for such a period.
    pub fn takes(self, period: Period) -> bool {
        self.units().contains(&period.unit())
    }

    /// Its period where none is named: the one that a day lies in.
    pub fn usual(self, today: Date) -> Period {
        self.units()[0].of(today)
    }

    /// The periods offered in a list, newest first: the one that `today` lies in and a few before it, of each length.
    pub fn recent(self, today: Date) -> Vec<Period> {
        let last = |unit: Unit| {
            let count = match unit {
                Unit::Day => 7,
                Unit::Week | Unit::Month | Unit::Quarter => 4,
                Unit::Half | Unit::Year => 2,
            };
            std::iter::successors(Some(unit.of(today)), |period| Some(period.before())).take(count)
        };
        match self {
            // These are about one thing of a period, and a year holds them all.
            Kind::Fault | Kind::FullScan | Kind::Ipv6 => last(Unit::Year).collect(),
            _ => self.units().iter().flat_map(|unit| last(*unit)).collect(),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn words_come_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of_word(kind.word()), Some(kind));
            let on_the_command_line = kind.to_possible_value().unwrap();
            assert_eq!(on_the_command_line.get_name(), kind.word());
        }
    }

    #[test]
    fn what_is_offered_is_taken() {
        for kind in Kind::ALL {
            let recent = kind.recent(date(2026, 11, 22));
            assert!(recent.iter().all(|period| kind.takes(*period)), "{kind}");
        }
        let weeks: Vec<String> =
            Kind::Work.recent(date(2027, 1, 5)).iter().map(ToString::to_string).collect();
        assert_eq!(weeks[..3], ["2027-W01", "2026-W53", "2026-W52"]);
        assert_eq!(weeks[4..6], ["2027-01", "2026-12"]);
    }
}
