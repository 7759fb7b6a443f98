//! Links that lead in circles.

use super::references::references;
use super::{About, Check, Context, Findings, check};
use crate::facts::{Target, Visit};
use crate::fetch::FailureKind;
use crate::link::Verdict;
use crate::snapshot::Snapshot;

check! {
    /// A link is redirected in a circle, or again and again, and never arrives.
    ///
    /// ## Why it matters
    /// The browser gives up with an error page; to the visitor and the inspector the link is dead. The cause is a
    /// rule of the server, so whole sections usually share it.
    ///
    /// ## What to do
    /// Correct the redirect rules of the server, or link the final address.
    RedirectLoop, id: "redirect-loop", name: "循环跳转", category: Links, severity: Medium,
    advice: "检查服务器的跳转规则，使其到达最终页面；或将链接直接改为最终地址。"
}

impl Check for RedirectLoop {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn site(&self, snapshot: &dyn Snapshot, context: &Context<'_>, found: &mut Findings<'_>) {
        let is_wrong = |_: &Target, visit: &Visit| visit.verdict == Verdict::Broken && is_loop(visit);
        references(snapshot, context.failed(snapshot), &is_wrong, &mut |link| {
            let way: Vec<&str> = link.visit.hops.iter().map(|hop| hop.from.as_str()).collect();
            link.report(found, format!("{}：{}", link.visit.reason, way.join(" → ")));
        });
    }
}

/// Whether a visit ended in a circle of redirects or in too many of them.
pub(super) fn is_loop(visit: &Visit) -> bool {
    matches!(visit.failure, Some(FailureKind::RedirectLoop | FailureKind::TooManyRedirects))
}
