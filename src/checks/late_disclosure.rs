//! Files that were published long after they were written.

use super::fields::{Fields, Value};
use super::{About, Check, Context, Findings, check};
use crate::facts::{Oddity, PageKind, ShownDate};
use crate::finding::Confidence;
use crate::page::{Page, find_date};

check! {
    /// A file was put online more working days after it was written than the law allows.
    ///
    /// ## Why it matters
    /// What must be disclosed has to be disclosed in time; the two dates stand side by side on the page.
    ///
    /// ## What to do
    /// Publish files when they are issued. Files that are published again, or added from older years, need nothing.
    LateDisclosure, id: "late-disclosure", name: "主动公开超过时限", category: Services, severity: Low,
    advice: "请核对成文日期和发布日期；属于重新发布或者补录历史文件的，不必处理。"
}

impl Check for LateDisclosure {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        let ShownDate::Published(published) = page.shown else { return };
        if page.kind != PageKind::Article || page.oddities.iter().any(Oddity::hides_content) {
            return;
        }
        let services = context.rules.services();
        let Some(role) = services.policy_labels.position("written") else { return };
        let fields = Fields::read(page, &services.policy_labels);
        let written = (0..fields.len()).filter(|at| fields.owners(*at).contains(&role)).find_map(|at| {
            match fields.value(at) {
                Value::Text(text) => find_date(&text),
                Value::Empty | Value::Unclear => None,
            }
        });
        let Some(written) = written else { return };
        let limit = context.rules.publishing().disclosure.working_days;
        let days = services.calendar.working_days(written, published);
        if days > limit {
            let evidence = format!(
                "成文日期为 {written}，发布日期为 {published}，相隔 {days} 个工作日（时限 {limit} 个）"
            );
            // Whether it had to be disclosed at all, and whether this was the first time, is for a person to say.
            found.add(page.address.as_str(), "late", evidence).confidence(Confidence::Note);
        }
    }
}
