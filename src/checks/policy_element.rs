//! Policy files that do not say what they are.

use super::fields::Fields;
use super::{About, Check, Context, Findings, check};
use crate::facts::{Oddity, PageKind};
use crate::finding::Confidence;
use crate::page::Page;

check! {
    /// The page of a policy file lacks elements of its head: index number, document number, dates, publisher, validity.
    ///
    /// ## Why it matters
    /// Who must follow a file has to see who issued it, when, and whether it still holds.
    ///
    /// ## What to do
    /// Complete the head of the file in the content management system, and mark files that were repealed.
    PolicyElement, id: "policy-element", name: "政策文件要素缺失", category: Services, severity: Low,
    advice: "请在文件页补充所列要素；已废止或者失效的文件，请予以标注。"
}

impl Check for PolicyElement {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        if !matches!(page.kind, PageKind::Article | PageKind::Other)
            || page.oddities.iter().any(Oddity::hides_content)
        {
            return;
        }
        let services = context.rules.services();
        let labels = &services.policy_labels;
        let fields = Fields::read(page, labels);
        let stands = |element: usize| (0..fields.len()).any(|at| fields.owners(at).contains(&element));
        let elements: Vec<_> =
            labels.elements().iter().enumerate().map(|(at, element)| (element, stands(at))).collect();
        // Any news says when and by whom it was published; only a file has numbers.
        let tells = elements.iter().any(|(element, stands)| *stands && element.tells);
        if !tells || elements.iter().filter(|(_, stands)| *stands).count() < services.policy.least_labels {
            return;
        }
        let missing: Vec<_> = elements
            .iter()
            .filter(|(element, stands)| element.required && !stands)
            .map(|(element, _)| element)
            .collect();
        if missing.is_empty() {
            return;
        }
        let list = |part: fn(&crate::indicators::Element) -> &str, joint: &str| {
            missing.iter().map(|element| part(element)).collect::<Vec<_>>().join(joint)
        };
        let names = list(|element| &element.name, "、");
        found
            .add(page.address.as_str(), list(|element| &element.id, ","), format!("文件页未列出：{names}"))
            .confidence(Confidence::Probable);
    }
}
