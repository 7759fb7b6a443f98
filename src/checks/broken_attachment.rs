//! Files that do not open.

use super::references::{Role, references};
use super::{About, Check, Context, Findings, check, redirect_loop};
use crate::snapshot::Snapshot;

check! {
    /// A file offered for download is missing, empty, damaged, or not what its name says.
    ///
    /// ## Why it matters
    /// Forms and documents are why people come; one that does not open makes the service useless, and a login or error
    /// page under the name of a document passes every check that looks at the status only.
    ///
    /// ## What to do
    /// Upload the file again, or link the right one.
    BrokenAttachment, id: "broken-attachment", name: "无效附件", category: Attachments, severity: Medium,
    advice: "重新上传附件并核对能否下载、打开。"
}

impl Check for BrokenAttachment {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn site(&self, snapshot: &dyn Snapshot, context: &Context<'_>, found: &mut Findings<'_>) {
        references(
            snapshot,
            context.failed(snapshot),
            &|_, visit| visit.verdict.counts() && !redirect_loop::is_loop(visit),
            &mut |link| {
                if link.role == Role::Attachment {
                    link.report(found, format!("附件无法使用：{}", link.visit.reason));
                }
            },
        );
    }
}
