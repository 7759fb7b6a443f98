//! Whether a scan may speak for the site: complete, partial or failed, and why.

use super::{
    Report,
    figures::{self, count},
};
use crate::facts::{Coverage, Skip};
use crate::fetch::FailureKind;
use crate::score::Standing;

/// How much of the site a scan saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Completeness {
    /// Everything within its scope.
    Complete,
    /// Not everything; the reasons, in Chinese.
    Partial(Vec<String>),
    /// No page at all: nothing may be concluded.
    Failed,
}

impl Completeness {
    /// Judges the coverage of a scan of which so many checks could not run. What robots.txt, the configuration or an absurd address keeps out is out
    /// of scope and listed; everything else that was not seen makes the scan partial.
    pub(crate) fn of(coverage: &Coverage, faults: usize) -> Completeness {
        if coverage.pages == 0 {
            return Completeness::Failed;
        }
        let mut reasons = Vec::new();
        let mut because = |number: u64, text: &str| {
            if number > 0 {
                reasons.push(text.replace("{}", &count(number)));
            }
        };
        let skipped = |skip: Skip| coverage.skipped.get(&skip).copied().unwrap_or(0);
        because(u64::from(!coverage.finished), "扫描中途停止");
        because(skipped(Skip::PageBudget), "{} 个地址超出页面数上限");
        because(skipped(Skip::TrapBudget), "{} 个地址超出同类地址预算");
        because(skipped(Skip::HostDown), "{} 个地址因主机无法访问而未检查");
        because(unaccounted(coverage), "{} 个已知地址未访问");
        let own_network = coverage.failures.get(&FailureKind::OwnNetwork).copied().unwrap_or(0);
        because(own_network, "监测端自身网络故障 {} 次");
        because(coverage.limited, "{} 个页面超出大小上限，只检查了前一部分");
        because(faults as u64, "{} 次检查未能运行");
        if reasons.is_empty() { Completeness::Complete } else { Completeness::Partial(reasons) }
    }

    /// The word for a banner.
    pub(crate) fn label(&self) -> &'static str {
        match self {
            Completeness::Complete => "完整",
            Completeness::Partial(_) => "部分",
            Completeness::Failed => "失败",
        }
    }

    /// One sentence on what the result is good for.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Completeness::Complete => "范围内的地址均已检查。".to_owned(),
            Completeness::Partial(reasons) => {
                format!("本次结果不完整：{}。未检查的部分不代表没有问题。", reasons.join("；"))
            }
            Completeness::Failed => {
                "共检查 0 页，本次扫描失败。不能据此认为网站没有问题，也不能据此计分。".to_owned()
            }
        }
    }
}

/// How the result as a whole is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Nothing to do.
    Good,
    /// Something to do, or something not seen.
    Doubt,
    /// Failed, the site or the scan.
    Bad,
}

impl Tone {
    /// The tone of a report. Never good for a scan that did not see everything.
    pub(super) fn of(report: &Report, completeness: &Completeness) -> Tone {
        let failed = report.score.lines.iter().any(|line| line.standing == Standing::Failed);
        match completeness {
            Completeness::Failed => Tone::Bad,
            _ if !report.score.vetoes.is_empty() => Tone::Bad,
            Completeness::Partial(_) => Tone::Doubt,
            Completeness::Complete if failed => Tone::Doubt,
            Completeness::Complete => Tone::Good,
        }
    }
}

/// The share of known addresses that were visited; none where no page came of it, as "100%" would be read as good.
pub(crate) fn share(coverage: &Coverage) -> Option<String> {
    if coverage.pages == 0 { None } else { figures::percent(coverage.visited, coverage.known) }
}

/// Addresses that were neither visited nor skipped for a reason.
pub(super) fn unaccounted(coverage: &Coverage) -> u64 {
    let skipped: u64 = coverage.skipped.values().sum();
    coverage.known.saturating_sub(coverage.visited).saturating_sub(skipped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn partial_is_never_taken_for_complete() {
        fn check(change: impl FnOnce(&mut Coverage), expected: &str) {
            let mut report = sample::report();
            report.could_not_run.clear();
            report.coverage =
                Coverage { known: 9, visited: 9, pages: 5, finished: true, ..Coverage::default() };
            change(&mut report.coverage);
            let completeness = Completeness::of(&report.coverage, report.could_not_run.len());
            let Completeness::Partial(reasons) = &completeness else {
                return assert_eq!(completeness.label(), expected);
            };
            assert_eq!(reasons.join("；"), expected);
        }
        check(|_| {}, "完整");
        check(|coverage| coverage.pages = 0, "失败");
        check(|coverage| coverage.finished = false, "扫描中途停止");
        check(|coverage| coverage.known = 1009, "1,000 个已知地址未访问");
        check(|coverage| coverage.limited = 1, "1 个页面超出大小上限，只检查了前一部分");
        check(
            |coverage| {
                coverage.known = 12;
                coverage.skipped.insert(Skip::Robots, 3);
            },
            "完整",
        );
        check(
            |coverage| {
                coverage.known = 12;
                coverage.skipped.insert(Skip::PageBudget, 3);
            },
            "3 个地址超出页面数上限",
        );
    }

    #[test]
    fn only_a_complete_scan_without_faults_is_good() {
        fn check(report: &Report, expected: Tone) {
            assert_eq!(
                Tone::of(report, &Completeness::of(&report.coverage, report.could_not_run.len())),
                expected
            );
        }
        check(&sample::clean(), Tone::Good);
        check(&sample::report(), Tone::Bad);
        check(&sample::failed(), Tone::Bad);
        let mut report = sample::clean();
        report.coverage.finished = false;
        check(&report, Tone::Doubt);
        let mut report = sample::clean();
        report.score.lines[0].standing = Standing::Failed;
        check(&report, Tone::Doubt);
    }

    #[test]
    fn a_check_that_could_not_run_makes_it_partial() {
        let mut report = sample::report();
        report.coverage = Coverage { known: 1, visited: 1, pages: 1, finished: true, ..Coverage::default() };
        assert!(!report.could_not_run.is_empty());
        assert!(matches!(
            Completeness::of(&report.coverage, report.could_not_run.len()),
            Completeness::Partial(_)
        ));
    }
}
