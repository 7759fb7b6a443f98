//! Hosts that do not answer at all.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::references::key;
use super::{About, Check, Context, Findings, check};
use crate::address::Address;
use crate::facts::TargetId;
use crate::finding::Severity;
use crate::link::Verdict;
use crate::snapshot::Snapshot;

/// Pages named in the finding.
const SAMPLES: usize = 10;

check! {
    /// A host that many links lead to does not answer, whatever is asked of it.
    ///
    /// ## Why it matters
    /// One cause stands behind all of its dead links: the machine is off, the name has lapsed, or a firewall stands in
    /// between. A lapsed name can be bought by anyone.
    ///
    /// ## What to do
    /// Restore the host, or take out the links to it.
    HostDown, id: "host-down", name: "主机无法访问", category: Availability, severity: Medium,
    advice: "确认该主机是否停用：停用的删除全部相关链接，未停用的尽快恢复。"
}

impl Check for HostDown {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn needs_whole_site(&self) -> bool {
        true
    }

    fn site(&self, snapshot: &dyn Snapshot, _: &Context<'_>, found: &mut Findings<'_>) {
        for host in snapshot.hosts_down() {
            let targets = targets_of(snapshot, &host.authority);
            let (mut links, mut pages) = (0, HashSet::new());
            snapshot.links_into(&targets.keys().copied().collect(), &mut |page, _| {
                links += 1;
                pages.insert(page);
            });
            let samples = first_addresses(snapshot, &pages);
            let Some(example) = targets.values().min() else { continue };
            let page = samples.first().unwrap_or(example).clone();
            let severity = if host.own { Severity::Critical } else { Severity::Medium };
            let evidence = format!(
                "主机 {} 无法访问（{}），涉及 {} 个页面上的 {links} 处链接",
                host.authority,
                host.reason,
                pages.len()
            );
            found
                .add(&page, key(example).split('/').take(3).collect::<Vec<_>>().join("/"), evidence)
                .target(example)
                .severity(severity)
                .verdict(Verdict::Broken, None)
                .site_wide(links, samples);
        }
    }
}

/// The first of the pages by address: their numbers depend on which answer came first, and the page named in a finding
/// must be the same in every scan.
fn first_addresses(snapshot: &dyn Snapshot, pages: &HashSet<TargetId>) -> Vec<String> {
    let mut first = BTreeSet::new();
    for page in pages.iter().filter_map(|page| snapshot.target(*page)) {
        first.insert(page.address);
        if first.len() > SAMPLES {
            first.pop_last();
        }
    }
    first.into_iter().collect()
}

/// All targets on a host.
fn targets_of(snapshot: &dyn Snapshot, authority: &str) -> HashMap<TargetId, String> {
    let mut targets = HashMap::new();
    snapshot.targets(&mut |target| {
        if Address::parse(&target.address).is_ok_and(|address| address.authority() == authority) {
            targets.insert(target.id, target.address.clone());
        }
    });
    targets
}
