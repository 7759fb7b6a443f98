//! Columns with nothing in them.

use super::{About, Check, Context, Findings, check};
use crate::column::ColumnState;
use crate::finding::Confidence;
use crate::snapshot::Snapshot;

check! {
    /// A column has neither entries nor text.
    ///
    /// ## Why it matters
    /// Five blank columns (空白栏目) fail a site by themselves.
    ///
    /// ## What to do
    /// Fill the column or take it out of the navigation. A list that is only filled in by a script after loading
    /// cannot be seen here; then dismiss the finding.
    EmptyColumn, id: "empty-column", name: "空白栏目", category: Columns, severity: High,
    advice: "请补充栏目内容，或撤下栏目入口；列表由脚本加载的，请人工确认后忽略。"
}

impl Check for EmptyColumn {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn needs_whole_site(&self) -> bool {
        true
    }

    fn site(&self, snapshot: &dyn Snapshot, context: &Context<'_>, found: &mut Findings<'_>) {
        for judged in context.columns(snapshot) {
            if judged.state == ColumnState::Empty {
                let column = &judged.column;
                let evidence =
                    format!("栏目“{}”（{}）没有信息列表，也没有正文内容", column.name, column.kind_name);
                // Scripts were not run, so a person has to look.
                found
                    .add(&judged.address, column.name.as_str(), evidence)
                    .kind(judged.kind)
                    .confidence(Confidence::Probable);
            }
        }
    }
}
