//! What was seen and what not, as the page shows it.

use std::collections::BTreeMap;

use super::finding::shown;
use crate::facts::Coverage;
use crate::link::failure_wording;
use crate::report::completeness::{Completeness, share, unaccounted};
use crate::report::{figures, wording};

/// What was seen and what not.
pub(crate) struct CoverageView {
    pub(crate) label: &'static str,
    pub(crate) class: &'static str,
    pub(crate) sentence: String,
    pub(crate) share: String,
    pub(crate) pages: String,
    pub(crate) known: String,
    pub(crate) visited: String,
    pub(crate) requests: String,
    pub(crate) bytes: String,
    pub(crate) tables: Vec<Table>,
    pub(crate) budgets_hit: Vec<String>,
}

/// A small table of names and numbers.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) rows: Vec<(&'static str, String)>,
}

impl CoverageView {
    pub(crate) fn new(coverage: &Coverage, completeness: &Completeness) -> CoverageView {
        let mut skipped = rows(&coverage.skipped, wording::skip);
        let lost = unaccounted(coverage);
        if lost > 0 {
            skipped.push(("未处理（扫描提前停止）", figures::count(lost)));
        }
        let mut pages = rows(&coverage.pages_by_kind, wording::page_kind);
        if coverage.limited > 0 {
            pages.push(("其中超出大小上限", figures::count(coverage.limited)));
        }
        if coverage.sitemap_urls > 0 {
            pages.push(("网站地图所列地址", figures::count(coverage.sitemap_urls)));
        }
        let mut attachments = Vec::new();
        if coverage.attachments > 0 {
            attachments.push(("附件", figures::count(coverage.attachments)));
            attachments.extend(rows(&coverage.attachments_limited, wording::gap));
        }
        let mut programs = Vec::new();
        for (name, count) in [
            ("读取", coverage.programs),
            ("其中只读到一部分", coverage.programs_cut),
            ("超出数量上限、未读取", coverage.programs_unread),
        ] {
            if count > 0 {
                programs.push((name, figures::count(count)));
            }
        }
        let mut looks = Vec::new();
        for (name, looked, unobservable) in [
            ("外链落地页（未知主机）", coverage.landings, coverage.landings_unobservable),
            ("以搜索引擎视角对照的页面", coverage.views, coverage.views_unobservable),
        ] {
            if looked > 0 {
                looks.push((name, figures::count(looked)));
                looks.push(("其中无法判断", figures::count(unobservable)));
            }
        }
        let tables = [
            ("检查的页面", pages),
            ("检查文字的附件", attachments),
            ("脚本文件", programs),
            ("换身份查看", looks),
            ("链接判定", rows(&coverage.verdicts, |verdict| wording::verdict(verdict).label)),
            ("未访问的地址", skipped),
            ("访问失败", rows(&coverage.failures, failure_wording)),
        ];
        CoverageView {
            label: completeness.label(),
            class: match completeness {
                Completeness::Complete => "good",
                Completeness::Partial(_) => "doubt",
                Completeness::Failed => "bad",
            },
            sentence: completeness.sentence(),
            share: share(coverage).unwrap_or_else(|| "—".to_owned()),
            pages: figures::count(coverage.pages),
            known: figures::count(coverage.known),
            visited: figures::count(coverage.visited),
            requests: figures::count(coverage.requests),
            bytes: figures::bytes(coverage.bytes),
            tables: tables.into_iter().map(|(name, rows)| Table { name, rows }).collect(),
            budgets_hit: coverage.budgets_hit.iter().map(|hit| shown(hit)).collect(),
        }
    }
}

fn rows<K: Copy>(map: &BTreeMap<K, u64>, word: impl Fn(K) -> &'static str) -> Vec<(&'static str, String)> {
    map.iter().map(|(key, number)| (word(*key), figures::count(*number))).collect()
}
