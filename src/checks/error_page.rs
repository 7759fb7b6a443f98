//! Sites that do not say so when there is no such page.

use std::collections::BTreeMap;

use super::{About, Check, Context, Findings, check};
use crate::facts::Probe;
use crate::snapshot::Snapshot;

check! {
    /// The site answers an address that nobody ever gave as if it were a page: with status 200, or by leading elsewhere.
    ///
    /// ## Why it matters
    /// Dead links hide behind such answers from everybody who looks for them, and search services keep pages that are
    /// long gone.
    ///
    /// ## What to do
    /// Have the server answer missing pages with status 404 and a page that bears the site's name and a way home.
    ErrorPage, id: "error-page", name: "错误页未返回 404 状态", category: Links, severity: Low,
    advice: "请让服务器对不存在的地址返回 404 状态码，并提供带网站标识和返回首页入口的错误提示页。"
}

impl Check for ErrorPage {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn needs_whole_site(&self) -> bool {
        true
    }

    fn site(&self, snapshot: &dyn Snapshot, _: &Context<'_>, found: &mut Findings<'_>) {
        let mut by_host: BTreeMap<String, Vec<Probe>> = BTreeMap::new();
        for probe in snapshot.probes() {
            by_host.entry(probe.authority.clone()).or_default().push(probe);
        }
        for (host, probes) in by_host {
            let Some(first) = probes.first() else { continue };
            let answer =
                if first.landed == first.asked { "返回正常页面" } else { "跳转到其他页面" };
            let folders: Vec<&str> = probes.iter().map(|probe| probe.directory.as_str()).take(5).collect();
            let evidence = format!(
                "访问不存在的地址时{answer}（状态 {}，标题“{}”），涉及 {} 个目录：{}",
                first.status,
                first.title,
                probes.len(),
                folders.join("、")
            );
            let samples = probes.iter().map(|probe| probe.asked.clone()).take(5).collect();
            found
                .add(&first.asked, host, evidence)
                .target(&first.landed)
                .site_wide(probes.len() as u64, samples);
        }
    }
}
