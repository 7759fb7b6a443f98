//! Links that lead nowhere.

use super::references::{Role, references};
use super::{About, Check, Context, Findings, check, redirect_loop};
use crate::address::{Address, looks_protocolless};
use crate::link::Verdict;
use crate::snapshot::Snapshot;

check! {
    /// A link leads to an address that does not exist or no longer answers.
    ///
    /// ## Why it matters
    /// Visitors of an official site meet a dead end, inspectors count each one, and a lapsed domain can be bought by
    /// anyone.
    ///
    /// ## What to do
    /// Correct the link or take it out.
    DeadLink, id: "dead-link", name: "死链", category: Links, severity: Medium,
    advice: "更正该链接的地址；目标确已不存在的，删除该链接。"
}

impl Check for DeadLink {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn site(&self, snapshot: &dyn Snapshot, context: &Context<'_>, found: &mut Findings<'_>) {
        // An address of an internal network, or one whose scheme was forgotten so that it became a path, is misspelt
        // rather than dead: `malformed-link` tells of it.
        let is_misspelt = |text: &str| {
            Address::parse(text).is_ok_and(|address| {
                context.is_intranet(&address) || address.segments().any(looks_protocolless)
            })
        };
        references(
            snapshot,
            context.failed(snapshot),
            &|target, visit| {
                visit.verdict == Verdict::Broken
                    && !redirect_loop::is_loop(visit)
                    && !is_misspelt(&target.address)
            },
            &mut |link| {
                if link.role == Role::Link {
                    link.report(found, format!("链接无法打开：{}", link.visit.reason));
                }
            },
        );
    }
}
