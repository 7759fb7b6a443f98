//! Consultations of the public (征集调查) that ended and show no result.

use jiff::civil::Date;

use super::fields::{Fields, Value};
use super::{About, Check, Context, Findings, check};
use crate::facts::{Oddity, PageKind};
use crate::finding::Confidence;
use crate::indicators::Labels;
use crate::page::{Page, find_date};

check! {
    /// A consultation of the public ended a while ago, and its page says nothing of what came of it.
    ///
    /// ## Why it matters
    /// Who took part wants to know what became of it. Inspectors take a consultation without a published result for one
    /// that was held for show.
    ///
    /// ## What to do
    /// Publish what was received and what was adopted, and link it from the page of the consultation.
    SurveyResult, id: "survey-result", name: "征集结果未公布", category: Services, severity: Low,
    advice: "请公布意见征集的汇总和采纳情况，并在征集页面上链接到结果。"
}

impl Check for SurveyResult {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        let services = context.rules.services();
        let is_list = matches!(page.kind, PageKind::Home | PageKind::Column | PageKind::Search);
        if is_list || page.oddities.iter().any(Oddity::hides_content) {
            return;
        }
        let says = |words: &[String], text: &str| words.iter().any(|word| text.contains(word.as_str()));
        let survey = &services.survey;
        if !says(&survey.titles, &page.title)
            || says(&survey.result, &page.text.visible)
            || page.links.iter().any(|link| says(&survey.result, &link.text))
        {
            return;
        }
        let Some(ended) = ended(page, &services.survey_labels) else { return };
        if context.today > survey.within.due(ended) {
            let within = survey.within;
            let evidence = format!("征集 {ended} 结束，至今已超过 {within}，页面上没有看到结果或采纳情况");
            // The result may stand on a page of its own that nothing here leads to.
            found.add(page.address.as_str(), ended.to_string(), evidence).confidence(Confidence::Note);
        }
    }
}

/// The day on which the consultation of a page ended, as a label says it.
fn ended(page: &Page, labels: &Labels) -> Option<Date> {
    let fields = Fields::read(page, labels);
    (0..fields.len()).find_map(|at| match fields.value(at) {
        Value::Text(text) => last_date(&text),
        Value::Empty | Value::Unclear => None,
    })
}

/// The last date of a stretch of time: 2026年9月1日至2026年9月30日.
fn last_date(text: &str) -> Option<Date> {
    text.rsplit(['至', '到', '~', '～', '—', '－']).next().and_then(find_date)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_stretch_ends_with_its_last_date() {
        let check = |text: &str, expected: Option<Date>| assert_eq!(last_date(text), expected, "{text}");
        check("2026年9月1日至2026年9月30日", Some(date(2026, 9, 30)));
        check("2026-09-01 ~ 2026-09-30", Some(date(2026, 9, 30)));
        check("2026-09-30", Some(date(2026, 9, 30)));
        check("2026年9月1日至长期", None);
        check("长期", None);
    }
}
