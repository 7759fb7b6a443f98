//! Pages over https that load parts of themselves without it.

use std::collections::HashSet;

use super::{About, Check, Context, Findings, check};
use crate::finding::Severity;
use crate::page::{LinkKind, Page};

/// Findings on one page. More say nothing new about it.
const MOST: usize = 20;

check! {
    /// A page that was delivered over https loads a picture, style sheet, script, frame or film over plain http.
    ///
    /// ## Why it matters
    /// Browsers block such scripts, frames and style sheets, so that parts of the page stay dead, and mark the page as
    /// not secure; on the way anyone can put something else in their place.
    ///
    /// ## What to do
    /// Address parts of the own site without a scheme and host; call others over https, or keep a copy.
    MixedContent, id: "mixed-content", name: "HTTPS 页面混用 HTTP 资源", category: Security, severity: Low,
    advice: "请将该资源改为 https 地址或站内相对地址。"
}

impl Check for MixedContent {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, _: &Context<'_>, found: &mut Findings<'_>) {
        if page.address.url().scheme() != "https" {
            return;
        }
        let mut seen = HashSet::new();
        for link in &page.links {
            // What browsers refuse to load is worse than what they only frown at.
            let (what, severity) = match link.kind {
                LinkKind::Script => ("脚本", Severity::Medium),
                LinkKind::Style => ("样式表", Severity::Medium),
                LinkKind::Frame => ("框架", Severity::Medium),
                LinkKind::Image => ("图片", Severity::Low),
                LinkKind::Media => ("音视频", Severity::Low),
                _ => continue,
            };
            let Ok(target) = page.base.resolve(&link.raw, page.charset.encoding) else { continue };
            let key = target.key();
            if target.url().scheme() != "http" || !seen.insert(key.clone()) {
                continue;
            }
            found
                .add(
                    page.address.as_str(),
                    key.to_string(),
                    format!("本页通过 https 访问，却以 http 加载{what}"),
                )
                .target(target.as_str())
                .severity(severity)
                .place(page.place(link.node));
            if seen.len() >= MOST {
                return;
            }
        }
    }
}
