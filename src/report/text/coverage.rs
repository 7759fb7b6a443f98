//! What was seen and what not, for the terminal.

use super::{WIDTH, Writer};
use crate::facts::Coverage;
use crate::link::failure_wording;
use crate::report::columns::{pad, wrap};
use crate::report::completeness::{share, unaccounted};
use crate::report::{Report, escape, figures, wording};

impl Writer {
    pub(super) fn coverage(&mut self, coverage: &Coverage) {
        self.heading("覆盖范围");
        let share = share(coverage);
        self.row(
            "地址",
            &format!(
                "已知 {}，已访问 {}{}",
                figures::count(coverage.known),
                figures::count(coverage.visited),
                share.map_or_else(String::new, |share| format!("（{share}）")),
            ),
        );
        let kinds = listed(&coverage.pages_by_kind, wording::page_kind);
        let kinds = if kinds.is_empty() { kinds } else { format!("：{kinds}") };
        self.row("检查页面", &format!("{} 页{kinds}", figures::count(coverage.pages)));
        self.row("链接判定", &listed(&coverage.verdicts, |verdict| wording::verdict(verdict).label));
        self.row("未访问", &listed(&coverage.skipped, wording::skip));
        let lost = unaccounted(coverage);
        if lost > 0 {
            self.row("未处理", &format!("{} 个地址既未访问也无说明，多因扫描提前停止", figures::count(lost)));
        }
        self.row("访问失败", &listed(&coverage.failures, failure_wording));
        if coverage.limited > 0 {
            self.row("内容过长", &format!("{} 页只检查了前一部分", figures::count(coverage.limited)));
        }
        if coverage.attachments > 0 {
            let count = figures::count(coverage.attachments);
            let gaps = listed(&coverage.attachments_limited, wording::gap);
            let gaps = if gaps.is_empty() { gaps } else { format!("，其中未全部读取：{gaps}") };
            self.row("附件文字", &format!("检查 {count} 个附件{gaps}"));
        }
        self.row("脚本文件", &wording::programs(coverage));
        self.looks("外链落地页", "查看 {} 个未知主机", coverage.landings, coverage.landings_unobservable);
        self.looks("搜索引擎视角", "对照查看 {} 页", coverage.views, coverage.views_unobservable);
        let budgets: Vec<String> = coverage.budgets_hit.iter().map(|hit| escape::terminal(hit)).collect();
        self.row("触及预算", &budgets.join("；"));
        self.row(
            "传输",
            &format!("{} 次请求，{}", figures::count(coverage.requests), figures::bytes(coverage.bytes)),
        );
        if coverage.sitemap_urls > 0 {
            self.row("网站地图", &format!("列出 {} 个地址", figures::count(coverage.sitemap_urls)));
        }
    }

    /// What was looked at in another's name, and how much of it showed nothing.
    fn looks(&mut self, label: &str, what: &str, looked: u64, unobservable: u64) {
        if looked > 0 {
            let seen = what.replace("{}", &figures::count(looked));
            let not = match unobservable {
                0 => String::new(),
                some => format!("，其中 {} 个被拦截或无页面，无法判断", figures::count(some)),
            };
            self.row(label, &format!("{seen}{not}"));
        }
    }

    /// How the scan was made, and what it saw of the columns; for the file.
    pub(super) fn conduct(&mut self, report: &Report) {
        if !self.full {
            return;
        }
        self.heading("监测方式与栏目覆盖");
        let rows = report.conduct.rows().into_iter().map(|(label, text)| (label.to_owned(), text));
        for (label, text) in rows.chain(report.conduct.column_rows()) {
            let label = format!("{}  ", escape::terminal(&label));
            self.labelled(&label, &escape::terminal(&text), 2);
        }
    }

    /// A row of the table; left out where there is nothing to say.
    fn row(&mut self, label: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        for (index, line) in wrap(text, WIDTH - 12).iter().enumerate() {
            let label = pad(if index == 0 { label } else { "" }, 10);
            self.line(&format!("  {}{line}", self.paint.dim(&label)));
        }
    }
}

fn listed<K: Copy + Ord>(
    map: &std::collections::BTreeMap<K, u64>,
    word: impl Fn(K) -> &'static str,
) -> String {
    let parts: Vec<String> =
        map.iter().map(|(key, number)| format!("{} {}", word(*key), figures::count(*number))).collect();
    parts.join("，")
}
