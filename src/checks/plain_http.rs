//! Hosts that have https and answer without it all the same.

use std::collections::BTreeMap;

use super::{About, Check, Context, Findings, check};
use crate::address::Address;
use crate::finding::Confidence;
use crate::snapshot::Snapshot;

check! {
    /// A host of the site has https, but answers over http as well instead of redirecting to it.
    ///
    /// ## Why it matters
    /// Whoever types the name or follows an old link stays on a connection that anybody on the way can read and change.
    ///
    /// ## What to do
    /// Redirect every http address to the same address under https, permanently (301).
    PlainHttp, id: "plain-http", name: "http 未跳转到 https", category: Security, severity: Low,
    advice: "请将该域名的 http 地址永久跳转（301）到对应的 https 地址。"
}

impl Check for PlainHttp {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn needs_whole_site(&self) -> bool {
        true
    }

    fn site(&self, snapshot: &dyn Snapshot, _: &Context<'_>, found: &mut Findings<'_>) {
        let mut hosts: BTreeMap<String, Schemes> = BTreeMap::new();
        snapshot.pages(&mut |page| {
            let Ok(address) = Address::parse(&page.address) else { return };
            let seen = hosts.entry(address.host().to_owned()).or_default();
            match address.url().scheme() {
                "https" => seen.encrypted = true,
                _ => _ = seen.plain.get_or_insert_with(|| address.to_string()),
            }
        });
        if let Some(address) = snapshot.plain_http().and_then(|text| Address::parse(&text).ok()) {
            let host = hosts.entry(address.host().to_owned()).or_default();
            host.plain.get_or_insert_with(|| address.to_string());
        }
        for (host, seen) in hosts {
            let Some(page) = seen.plain.filter(|_| seen.encrypted) else { continue };
            let evidence = format!("{host} 支持 https，但 {page} 直接以 http 应答，没有跳转");
            found.add(&page, host, evidence).confidence(Confidence::Note).site_wide(1, vec![page.clone()]);
        }
    }
}

/// How a host was seen to answer.
#[derive(Default)]
struct Schemes {
    encrypted: bool,
    /// The first address that answered without https.
    plain: Option<String>,
}
