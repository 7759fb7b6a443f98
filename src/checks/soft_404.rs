//! Pages that are gone but say 200.

use std::collections::{HashMap, HashSet};

use super::references::{Reference, references};
use super::{About, Check, Context, Findings, check};
use crate::address::Address;
use crate::facts::{PageFacts, PageKind, Probe, Visit};
use crate::link::{Verdict, soft404};
use crate::snapshot::Snapshot;

check! {
    /// A link leads to a page that says "not found" while the server says everything is well.
    ///
    /// ## Why it matters
    /// The visitor meets a dead end as with any dead link, but no tool that looks at the status notices.
    ///
    /// ## What to do
    /// Correct or take out the link, and let the server answer missing pages with status 404.
    SoftNotFound, id: "soft-404", name: "软 404（页面已不存在却返回正常）", category: Links, severity: Medium,
    advice: "更正或删除该链接；并让服务器对不存在的页面返回 404 状态码。"
}

impl Check for SoftNotFound {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn needs_whole_site(&self) -> bool {
        true
    }

    fn site(&self, snapshot: &dyn Snapshot, _: &Context<'_>, found: &mut Findings<'_>) {
        let probes = snapshot.probes();
        let mut gone: HashMap<String, String> = HashMap::new();
        snapshot.pages(&mut |page| {
            if let Some(why) = is_gone(page, &probes) {
                gone.insert(page.address.clone(), why);
            }
        });
        let error_pages: HashSet<&str> = probes
            .iter()
            .filter(|probe| probe.landed != probe.asked)
            .map(|probe| probe.landed.as_str())
            .collect();
        let why = |address: &str, visit: &Visit| {
            let landed = visit.landed.as_deref();
            gone.get(landed.unwrap_or(address)).cloned().or_else(|| {
                let landed = landed.filter(|landed| error_pages.contains(landed) && !leads_home(address))?;
                Some(format!("跳转到与不存在的页面相同的地址 {landed}"))
            })
        };
        let mut suspects = Vec::new();
        snapshot.visits(&mut |target, visit| {
            if why(&target.address, visit).is_some() {
                suspects.push((target.clone(), visit.clone()));
            }
        });
        references(snapshot, &suspects, &|_, _| true, &mut |link| {
            if let Some(why) = why(&link.target.address, link.visit) {
                let visit = Visit { verdict: Verdict::Invalid, ..link.visit.clone() };
                let gone = Reference { visit: &visit, ..link };
                gone.report(found, format!("页面已不存在，但服务器返回正常状态：{why}"));
            }
        });
    }
}

/// Why a page counts as gone. The home page never does, whatever it says.
fn is_gone(page: &PageFacts, probes: &[Probe]) -> Option<String> {
    if page.kind == PageKind::Home {
        return None;
    }
    if let Some(phrase) = &page.gone {
        return Some(format!("页面写明“{phrase}”"));
    }
    if leads_home(&page.address) {
        return None;
    }
    let address = Address::parse(&page.address).ok()?;
    let seen = soft404::Seen {
        asked: address.as_str(),
        landed: &page.address,
        title: &page.title,
        content: &page.content,
    };
    let same = probes.iter().find(|probe| {
        probe.authority == address.authority()
            && address.directory().starts_with(probe.directory.as_str())
            && soft404::matches_probe(seen, probe)
    })?;
    Some(format!("内容与随意编造的地址（{}）得到的页面相同", same.directory))
}

/// Another name of the home page may well be redirected there, or answer like it.
fn leads_home(address: &str) -> bool {
    let Ok(address) = Address::parse(address) else { return false };
    let stem =
        |name: &str| name.split('.').next().is_some_and(|stem| ["index", "default", "home"].contains(&stem));
    let names: Vec<&str> = address.segments().collect();
    names.is_empty() || matches!(names.as_slice(), [name] if name.is_empty() || stem(name))
}
