//! Service guides that ask for a form and do not offer it.

use super::guide_element::materials;
use super::{About, Check, Context, Findings, check};
use crate::finding::Confidence;
use crate::page::{LinkKind, Page};

check! {
    /// A service guide names a form among the materials, but nothing on the page leads to it.
    ///
    /// ## Why it matters
    /// Where a form is asked for, inspectors look for the empty form and a filled-in sample; each that cannot be had
    /// costs points, and the applicant a way.
    ///
    /// ## What to do
    /// Offer the empty form and a sample for download beside the line that asks for it.
    MissingForm, id: "missing-form", name: "办事表格缺失", category: Services, severity: Low,
    advice: "请在办理材料旁提供空白表格和样表的下载；由网上填报的，请写明。"
}

impl Check for MissingForm {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        let services = context.rules.services();
        let named = materials(page, context)
            .into_iter()
            .find_map(|part| services.forms.names.iter().find_map(|name| name.all_in(part).next()));
        let Some(form) = named.filter(|_| !offers_files(page, context)) else { return };
        // Another page, or the platform where one applies, may have it.
        found
            .add(page.address.as_str(), form, format!("办理材料中有“{form}”，页面上没有表格或样表的下载链接"))
            .confidence(Confidence::Note);
    }
}

/// Whether any link of a page leads to a file, or says that it leads to forms.
fn offers_files(page: &Page, context: &Context<'_>) -> bool {
    let forms = &context.rules.services().forms;
    let main = page.main_text(usize::MAX);
    page.links.iter().filter(|link| link.kind == LinkKind::Anchor).any(|link| {
        // A menu with an entry for forms stands on every page.
        let says = forms.link_words.iter().any(|words| link.text.contains(words.as_str()))
            && main.contains(&link.text);
        let address = page.base.resolve(&link.raw, page.charset.encoding).ok();
        let extension = address.as_ref().and_then(|address| address.extension());
        let is_file = |extension: &str| forms.files.iter().any(|file| file.eq_ignore_ascii_case(extension));
        says || extension.is_some_and(is_file)
    })
}
