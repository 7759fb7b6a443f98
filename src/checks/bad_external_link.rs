//! Links to strangers that a government site must not lead to.

use super::{About, Check, Context, Findings, check};
use crate::finding::{Confidence, Severity};
use crate::inventory::{ExternalHost, UNKNOWN};
use crate::link::landing::HostState;
use crate::snapshot::Snapshot;

check! {
    /// A link leads to a host that sells gambling, pornography, fraud or other crimes, whose domain is for sale or has
    /// lapsed, or that shows another page than it did.
    ///
    /// ## Why it matters
    /// A domain that lapses is bought by whoever wants the visitors of the sites that link it. Nothing changes on the
    /// page, and the indicators hold the link against the site all the same: it is a veto.
    ///
    /// ## What to do
    /// Take out the link and ask who put it there. `sitewarden links` lists every host that the site links to; one that
    /// is as it should be can be approved there: `sitewarden links approve HOST`.
    BadExternalLink, id: "bad-external-link", name: "不良外链", category: Intrusion, severity: High,
    advice: "请立即删除该链接并查明来源，勿直接打开目标页面；经核实确属正常的，用 sitewarden links approve 登记。"
}

impl Check for BadExternalLink {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn site(&self, _: &dyn Snapshot, context: &Context<'_>, found: &mut Findings<'_>) {
        for host in context.hosts.iter().filter(|host| host.class == UNKNOWN) {
            let Some((confidence, severity)) = weight(host) else { continue };
            let Some(page) = host.samples.first() else { continue };
            let state = match host.state {
                HostState::Dead => "已失效，域名可能被他人注册",
                state => state.chinese(),
            };
            let evidence =
                format!("外部链接 {}：{state}。{}；涉及 {} 个页面", host.host, host.why, host.pages);
            found
                .add(page, host.host.clone(), evidence)
                .target(&host.address)
                .severity(severity)
                .confidence(confidence)
                .site_wide(host.pages, host.samples.clone());
        }
    }
}

/// How sure and how bad a state is; `None` where there is nothing to say.
fn weight(host: &ExternalHost) -> Option<(Confidence, Severity)> {
    match host.state {
        HostState::Illicit => Some((Confidence::Confirmed, Severity::Critical)),
        HostState::Parked => Some((Confidence::Probable, Severity::High)),
        // One that never answered is a mistyped link; one that did has lapsed.
        HostState::Dead if host.answered && host.lapsed => Some((Confidence::Probable, Severity::High)),
        HostState::Suspicious => Some((Confidence::Probable, Severity::High)),
        HostState::Changed => Some((Confidence::Note, Severity::Low)),
        HostState::Dead | HostState::Ok | HostState::Unobservable => None,
    }
}
