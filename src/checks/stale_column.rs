//! Columns that are not kept up to date.

use super::{About, Check, Context, Findings, check};
use crate::column::ColumnState;
use crate::finding::{Confidence, Severity};
use crate::snapshot::Snapshot;

check! {
    /// The newest entry of a column is older than the cycle in which such a column must be updated.
    ///
    /// ## Why it matters
    /// Five overdue columns of news, notices and policy files, or ten of any kind, fail a site by themselves.
    ///
    /// ## What to do
    /// Publish what is due. If the column is finished, mark it as archived or take it out of the navigation; if its
    /// cycle differs, register the column with its own cycle.
    StaleColumn, id: "stale-column", name: "栏目超期未更新", category: Columns, severity: High,
    advice: "请尽快更新该栏目；确已停更的，请归档或撤下栏目入口；更新周期不同的，请登记该栏目的周期。"
}

impl Check for StaleColumn {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn needs_whole_site(&self) -> bool {
        true
    }

    fn site(&self, snapshot: &dyn Snapshot, context: &Context<'_>, found: &mut Findings<'_>) {
        for judged in context.columns(snapshot) {
            let ColumnState::Stale { newest, due, days_overdue } = judged.state else { continue };
            let column = &judged.column;
            let cycle = column.cycle.map(|cycle| cycle.to_string()).unwrap_or_default();
            let mut evidence = format!(
                "栏目“{}”（{}）最新信息日期为 {newest}，更新周期 {cycle}，应于 {due} 前（含当日）更新，截至 {} 已超期 {days_overdue} 天；\
                 列表 {} 条，其中 {} 条有日期；类型依据：{}",
                column.name, column.kind_name, context.today, judged.rows, judged.dated, column.reason
            );
            let listed = judged.listed.filter(|listed| *listed > newest);
            if let Some(listed) = listed {
                evidence.push_str(&format!(
                    "；列表所示最新日期为 {listed}，但打开后稿件显示的日期较早或者没有显示日期，不计为更新"
                ));
            }
            // A name found in a title is a guess, among undated rows a newer one may hide, and an article may show
            // the date of its source.
            let sure = column.sure && judged.dated == judged.rows && listed.is_none();
            let news = column.kind.as_deref() == Some("news");
            found
                .add(&judged.address, column.name.as_str(), evidence)
                .kind(judged.kind)
                .severity(if news { Severity::High } else { Severity::Medium })
                .confidence(if sure { Confidence::Confirmed } else { Confidence::Probable });
        }
    }
}
