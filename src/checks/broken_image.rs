//! Pictures that do not show.

use super::references::{Role, references};
use super::{About, Check, Context, Findings, check, redirect_loop};
use crate::snapshot::Snapshot;

check! {
    /// A picture is missing, empty, damaged, or not a picture at all.
    ///
    /// ## Why it matters
    /// A broken frame on the page is what visitors see first; inspectors count it as an unusable link.
    ///
    /// ## What to do
    /// Upload the picture again or take it out.
    BrokenImage, id: "broken-image", name: "无效图片", category: Images, severity: Medium,
    advice: "重新上传图片，或删除该图片的引用。"
}

impl Check for BrokenImage {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn site(&self, snapshot: &dyn Snapshot, context: &Context<'_>, found: &mut Findings<'_>) {
        references(
            snapshot,
            context.failed(snapshot),
            &|_, visit| visit.verdict.counts() && !redirect_loop::is_loop(visit),
            &mut |link| {
                if link.role == Role::Image {
                    link.report(found, format!("图片无法显示：{}", link.visit.reason));
                }
            },
        );
    }
}
