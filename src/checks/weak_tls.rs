//! Hosts of the site whose secure connections are not what browsers expect.

use std::collections::BTreeMap;

use super::{About, Check, Context, Findings, check};
use crate::address::Address;
use crate::fetch::TlsWeakness;
use crate::finding::Severity;
use crate::snapshot::Snapshot;

/// Pages named in a finding.
const SAMPLES: usize = 5;

check! {
    /// A host of the site answers over https, but with a certificate or a protocol that browsers warn of or refuse.
    ///
    /// ## Why it matters
    /// Visitors see a warning instead of the page, or nothing at all, although the server runs.
    ///
    /// ## What to do
    /// Renew the certificate, install the intermediate certificates with it, list all names of the site in it, and
    /// switch on TLS 1.2 or 1.3.
    WeakTls, id: "weak-tls", name: "HTTPS 证书或协议异常", category: Security, severity: High,
    advice: "请检查服务器的证书（有效期、域名、中间证书）和 TLS 协议版本。"
}

impl Check for WeakTls {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn needs_whole_site(&self) -> bool {
        true
    }

    fn site(&self, snapshot: &dyn Snapshot, _: &Context<'_>, found: &mut Findings<'_>) {
        let mut seen: BTreeMap<(String, String), Weak> = BTreeMap::new();
        snapshot.visits(&mut |target, visit| {
            if visit.tls.is_empty() || !target.own {
                return;
            }
            let landed = visit.landed.as_deref().unwrap_or(&target.address);
            let Ok(address) = Address::parse(landed) else { return };
            for weakness in &visit.tls {
                let (id, words, severity) = described(weakness);
                let weak = seen.entry((address.authority(), words));
                let weak = weak.or_insert(Weak { id, severity, samples: Vec::new(), addresses: 0 });
                weak.addresses += 1;
                if weak.samples.len() < SAMPLES {
                    weak.samples.push(address.to_string());
                }
            }
        });
        for ((host, words), weak) in seen {
            let Some(page) = weak.samples.first().cloned() else { continue };
            let evidence = format!("{host} {words}，涉及 {} 个地址", weak.addresses);
            found
                .add(&page, format!("{host} {}", weak.id), evidence)
                .severity(weak.severity)
                .site_wide(weak.addresses, weak.samples);
        }
    }
}

/// One weakness of one host.
struct Weak {
    id: &'static str,
    severity: Severity,
    samples: Vec<String>,
    addresses: u64,
}

/// What a weakness is called, in Chinese, and how bad it is: what keeps visitors out is worse than what some may miss.
fn described(weakness: &TlsWeakness) -> (&'static str, String, Severity) {
    match weakness {
        TlsWeakness::Expired => ("expired", "的证书不在有效期内".to_owned(), Severity::High),
        TlsWeakness::WrongName => ("wrong-name", "的证书不包含该域名".to_owned(), Severity::High),
        TlsWeakness::Untrusted => ("untrusted", "的证书不是浏览器信任的机构签发".to_owned(), Severity::High),
        TlsWeakness::IncompleteChain => ("incomplete-chain", "没有提供中间证书".to_owned(), Severity::Medium),
        TlsWeakness::Obsolete(what) => {
            ("obsolete", format!("只支持过时的协议或加密套件（{what}）"), Severity::Medium)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keeps_visitors_out_is_worse() {
        assert_eq!(described(&TlsWeakness::Expired).2, Severity::High);
        assert_eq!(described(&TlsWeakness::IncompleteChain).2, Severity::Medium);
    }
}
