//! How a scan was made: what an inspector asks before believing any of its findings. Told once for a report.

use std::time::Duration;

use super::figures;
use crate::score::ColumnTally;

/// How a scan was made.
#[derive(Debug, Clone)]
pub struct Conduct {
    /// From where, as configured.
    pub vantage: Option<String>,
    /// `User-Agent`.
    pub user_agent: String,
    /// Name servers; empty: those of the system.
    pub resolver: Vec<String>,
    /// Requests per second and host; `None`: no limit.
    pub rate: Option<f64>,
    /// Tries before a failure counts as confirmed.
    pub confirm_tries: u8,
    /// Time between those tries.
    pub confirm_spacing: Duration,
    /// Whether robots.txt was obeyed.
    pub robots: bool,
    /// How long answers took.
    pub timings: Timings,
    /// How the columns stand: the denominator of all that is said of them.
    pub columns: ColumnTally,
    /// Columns that the customer registered.
    pub registered: u64,
    /// Those of them that the scan did not see as columns: name and address.
    pub unseen: Vec<(String, String)>,
}

/// How long visits took, redirects included, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timings {
    /// Visits that were timed.
    pub visits: u64,
    /// Half of them took no longer.
    pub median: u32,
    /// Nineteen of twenty took no longer.
    pub most: u32,
    /// The longest.
    pub slowest: u32,
}

impl Timings {
    /// Sums up single times.
    pub fn of(mut millis: Vec<u32>) -> Timings {
        millis.sort_unstable();
        let at = |share: usize| millis.get((millis.len() * share).div_ceil(100).saturating_sub(1)).copied();
        Timings {
            visits: millis.len() as u64,
            median: at(50).unwrap_or(0),
            most: at(95).unwrap_or(0),
            slowest: millis.last().copied().unwrap_or(0),
        }
    }
}

/// Registered columns listed that were not seen; the JSON report has all of them.
const UNSEEN: usize = 50;

impl Conduct {
    /// Label and value of everything but the columns.
    pub(super) fn rows(&self) -> Vec<(&'static str, String)> {
        let Timings { visits, median, most, slowest } = self.timings;
        let resolver = match self.resolver.is_empty() {
            true => "系统默认".to_owned(),
            false => self.resolver.join("、"),
        };
        let rate = self.rate.map_or_else(|| "不限".to_owned(), |rate| format!("每主机每秒 {rate} 次"));
        let spacing = figures::seconds(self.confirm_spacing);
        let robots = if self.robots { "遵守" } else { "不遵守（按配置）" };
        let times = format!(
            "{} 次访问，中位 {median} 毫秒，95% 不超过 {most} 毫秒，最长 {slowest} 毫秒",
            figures::count(visits)
        );
        vec![
            (
                "监测点",
                self.vantage
                    .clone()
                    .unwrap_or_else(|| "未登记（可在配置 [crawl] vantage 中说明）".to_owned()),
            ),
            ("用户代理", self.user_agent.clone()),
            ("域名解析", resolver),
            ("访问频率", rate),
            ("失败确认", format!("{} 次访问，间隔 {spacing}，每次新建连接", self.confirm_tries)),
            ("robots.txt", robots.to_owned()),
            ("响应用时", times),
        ]
    }

    /// Label and value of the columns: what was seen, how it stands, and which registered ones were not seen.
    pub(super) fn column_rows(&self) -> Vec<(String, String)> {
        let ColumnTally { fresh, warn, stale, empty, unclear } = self.columns;
        let seen = self.registered.saturating_sub(self.unseen.len() as u64);
        let mut rows = vec![
            (
                "看到的栏目".to_owned(),
                format!(
                    "{} 个：按期 {fresh}，临近到期 {warn}，超期 {stale}，空白 {empty}，不作判断 {unclear}",
                    figures::count(self.columns.all())
                ),
            ),
            (
                "登记的栏目".to_owned(),
                match self.registered {
                    0 => "未登记，按名称识别".to_owned(),
                    registered => format!("{registered} 个，本次看到 {seen} 个"),
                },
            ),
        ];
        let missed = self.unseen.iter().take(UNSEEN);
        rows.extend(missed.map(|(name, address)| (format!("未看到：{name}"), address.clone())));
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timings_are_summed_up() {
        let check = |millis: Vec<u32>, expected: (u64, u32, u32, u32)| {
            let Timings { visits, median, most, slowest } = Timings::of(millis);
            assert_eq!((visits, median, most, slowest), expected);
        };
        check(vec![], (0, 0, 0, 0));
        check(vec![7], (1, 7, 7, 7));
        check((1..=100).rev().collect(), (100, 50, 95, 100));
    }
}
