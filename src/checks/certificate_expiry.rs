//! Certificates that run out soon.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{About, Check, Context, Findings, check};
use crate::address::Address;
use crate::snapshot::Snapshot;

check! {
    /// The certificate of a host of the site runs out within days.
    ///
    /// ## Why it matters
    /// From the day after, every visitor sees a warning instead of the page.
    ///
    /// ## What to do
    /// Renew the certificate now, install it on every server behind the name, and check that the new one is served.
    CertificateExpiry, id: "certificate-expiry", name: "HTTPS 证书即将到期", category: Security, severity: Medium,
    advice: "请尽快更新证书，并在该域名后的每台服务器上安装。"
}

impl Check for CertificateExpiry {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn needs_whole_site(&self) -> bool {
        true
    }

    fn site(&self, snapshot: &dyn Snapshot, context: &Context<'_>, found: &mut Findings<'_>) {
        let Some(least_days) = context.rules.param("PAGE-18", "certificate_days") else { return };
        // Servers behind one name may have several certificates; the one that runs out first is met by somebody.
        let mut hosts: BTreeMap<String, (Date, String)> = BTreeMap::new();
        snapshot.visits(&mut |target, visit| {
            let Some(last_day) = visit.certificate_until.filter(|_| target.own) else { return };
            let landed = visit.landed.as_deref().unwrap_or(&target.address);
            let Ok(address) = Address::parse(landed) else { return };
            let seen = hosts.entry(address.authority()).or_insert_with(|| (last_day, address.to_string()));
            if last_day < seen.0 {
                *seen = (last_day, address.to_string());
            }
        });
        for (host, (last_day, page)) in hosts {
            let days = (last_day - context.today).get_days();
            // One that has run out is told by the connection itself.
            if days < 0 || f64::from(days) >= least_days {
                continue;
            }
            let evidence = format!("{host} 的证书 {last_day} 到期，还剩 {days} 天（少于 {least_days} 天）");
            found.add(&page, format!("{host} {last_day}"), evidence).site_wide(1, vec![page.clone()]);
        }
    }
}
