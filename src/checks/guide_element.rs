//! Service guides (办事指南) that lack elements.

use super::fields::{Fields, Value};
use super::{About, Check, Context, Findings, check};
use crate::facts::{Oddity, PageKind};
use crate::finding::{Confidence, Severity};
use crate::indicators::{Guide, Labels, Services};
use crate::page::Page;

check! {
    /// A service guide lacks elements that every guide must have, or has them without content.
    ///
    /// ## Why it matters
    /// Inspectors sample five guides; each missing element costs points, and five guides that lack four of the eight
    /// key elements fail a site by themselves.
    ///
    /// ## What to do
    /// Complete the guide from the list of matters of the service platform. Where an element does not apply, say so.
    GuideElement, id: "guide-element", name: "办事指南要素缺失", category: Services, severity: Medium,
    advice: "请对照政务服务事项清单补充所列要素；确不涉及的，请注明“无”或者“不涉及”。"
}

impl Check for GuideElement {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        let services = context.rules.services();
        let Some(missing) = fields(page, context).and_then(|guide| missing(page, services, guide)) else {
            return;
        };
        let severity = if missing.many { Severity::High } else { Severity::Medium };
        // A label may go by a word that the register does not know.
        found
            .add(page.address.as_str(), missing.ids, missing.evidence)
            .severity(severity)
            .confidence(Confidence::Probable);
    }
}

/// Whether a page is worth looking at: neither a list nor something that a script fills.
fn may_be_guide(page: &Page) -> bool {
    /// Rows from which a page is a list of guides.
    const LIST_ROWS: usize = 8;
    let kind_fits = match page.kind {
        PageKind::Service | PageKind::Article | PageKind::Other => true,
        PageKind::Column => page.items.len() < LIST_ROWS,
        PageKind::Home | PageKind::Message | PageKind::Search => false,
    };
    kind_fits && !page.oddities.iter().any(Oddity::hides_content)
}

/// What stands between the parts of a title; the first part is the page's own.
const SEPARATORS: [char; 5] = ['-', '_', '|', '—', '－'];

/// Which labels of a guide stand on a page, by their elements; `None` where it is not recognisably a guide.
fn guide<'a>(page: &'a Page, guide: &Guide, labels: &'a Labels) -> Option<(Fields<'a>, Vec<bool>)> {
    let fields = Fields::read(page, labels);
    let mut stands = vec![false; labels.elements().len()];
    for at in 0..fields.len() {
        fields.owners(at).iter().for_each(|owner| stands[*owner] = true);
    }
    let elements = || labels.elements().iter().zip(&stands).filter(|(_, stands)| **stands);
    let tells = elements().any(|(element, _)| element.tells);
    let own_title = page.title.split(SEPARATORS).next().unwrap_or_default();
    let is_titled = guide.title.iter().any(|word| own_title.contains(word));
    // A column of guides holds notices and addresses, too.
    let is_guide = match (is_titled, page.kind) {
        (true, _) => elements().count() >= guide.least_labels,
        (false, PageKind::Service) => tells && elements().count() >= guide.least_labels,
        (false, _) => tells && elements().count() >= guide.least_untitled,
    };
    is_guide.then_some((fields, stands))
}

/// The fields of a guide, and which of its elements stand there; `None` where the page is none. Three checks ask, and
/// most pages are none: that is found out once.
fn fields<'a>(page: &'a Page, context: &'a Context<'_>) -> Option<(Fields<'a>, Vec<bool>)> {
    if context.is_guide.get() == Some(&false) {
        return None;
    }
    let services = context.rules.services();
    let found = Some(page).filter(|page| may_be_guide(page));
    let found = found.and_then(|page| guide(page, &services.guide, &services.guide_labels));
    context.is_guide.get_or_init(|| found.is_some());
    found
}

/// What a guide says of the materials that must be brought; nothing where the page is no guide.
pub(super) fn materials<'a>(page: &'a Page, context: &'a Context<'_>) -> Vec<&'a str> {
    let Some(materials) = context.rules.services().guide_labels.position(MATERIALS) else {
        return Vec::new();
    };
    let Some((fields, _)) = fields(page, context) else { return Vec::new() };
    let of_materials = (0..fields.len()).filter(|at| fields.owners(*at).contains(&materials));
    of_materials.map(|at| fields.part(at)).collect()
}

/// The element of a guide that says what must be brought.
const MATERIALS: &str = "materials";

/// What a guide lacks.
#[derive(Debug, PartialEq, Eq)]
struct Missing {
    /// Ids of the elements, in the order of the register.
    ids: String,
    evidence: String,
    many: bool,
}

fn missing(page: &Page, services: &Services, (fields, stands): (Fields<'_>, Vec<bool>)) -> Option<Missing> {
    let labels = &services.guide_labels;
    let mut filled = vec![false; stands.len()];
    for at in 0..fields.len() {
        let waiting = fields.owners(at).iter().any(|owner| !filled[*owner]);
        if waiting && says_something(&fields.value(at), &services.guide.blank) {
            fields.owners(at).iter().for_each(|owner| filled[*owner] = true);
        }
    }
    let title = names_matter(page, &services.guide);
    let mut ids = Vec::new();
    let (mut absent, mut empty) = (Vec::new(), Vec::new());
    for ((element, stands), filled) in labels.elements().iter().zip(&stands).zip(&filled) {
        if !element.required || *filled || (element.by_title && title) {
            continue;
        }
        ids.push(element.id.as_str());
        if *stands { &mut empty } else { &mut absent }.push(element.name.as_str());
    }
    if ids.is_empty() {
        return None;
    }
    let required = labels.elements().iter().filter(|element| element.required).count();
    let mut evidence = format!("办事指南的 {required} 类要素缺 {} 类：", ids.len());
    let parts = [(absent, "未列出"), (empty, "内容为空")];
    let parts = parts.iter().filter(|(names, _)| !names.is_empty());
    let parts: Vec<_> = parts.map(|(names, state)| format!("{}（{state}）", names.join("、"))).collect();
    evidence.push_str(&parts.join("；"));
    Some(Missing { many: ids.len() >= services.guide.many_missing, ids: ids.join(","), evidence })
}

fn says_something(value: &Value, blank: &[String]) -> bool {
    match value {
        Value::Text(text) => !text.is_empty() && !blank.iter().any(|blank| text.eq_ignore_ascii_case(blank)),
        Value::Empty => false,
        Value::Unclear => true,
    }
}

/// Whether the title names the matter itself: 排污许可证核发办事指南, not a bare 办事指南.
fn names_matter(page: &Page, guide: &Guide) -> bool {
    /// Bytes of a name at least: two characters.
    const NAME_BYTES: usize = 6;
    let first = page.title.split(SEPARATORS).next().unwrap_or_default();
    let name = guide.title.iter().fold(first.to_owned(), |name, word| name.replace(word, ""));
    name.trim().len() >= NAME_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;
    use crate::indicators::RuleSet;
    use crate::page::{Source, parse};

    fn check(body: &str, expected: &str) {
        let html = format!("<title>采样证核发办事指南</title><main>{body}</main>");
        let address = Address::parse("http://www.example.gov.cn/bszn/1.html").expect("a good address");
        let page =
            parse(Source { address: &address, content_type: None, body: html.as_bytes(), is_home: false });
        let rules = RuleSet::built_in();
        let services = rules.services();
        let guide = guide(&page, &services.guide, &services.guide_labels);
        let missing = guide.and_then(|guide| missing(&page, services, guide));
        let seen = missing.map(|missing| missing.ids).unwrap_or_default();
        assert_eq!(seen, expected, "{body}");
    }

    const REST: &str = "<p>办理地点：一号窗口</p><p>办理时间：工作日</p><p>咨询电话：000-12345678</p>";

    #[test]
    fn labels_stand_in_headings_cells_and_lines() {
        check(
            &format!(
                "{REST}<h3>一、设定依据</h3>条例<h3>二、受理条件</h3>无<h3>三、申请材料</h3><p>表<h3>四、办理流程</h3>网上"
            ),
            "",
        );
        check(
            &format!(
                "{REST}<table><tr><td>设定依据<td>条例<td>受理条件<td>无<tr><th><p>申请材料</p><td>表<tr><td>办理流程<td><img src=a.png></table>"
            ),
            "",
        );
        check(
            &format!("{REST}<p>【设定依据】条例</p><p>受理条件 无</p><p>申请材料：表 办理流程：网上</p>"),
            "",
        );
        check(
            &format!(
                "{REST}<dl><dt>设定依据<dd>条例<dt>受理条件<dd>无<dt>申请材料清单<dd>表<dt>办理流程<dd>网上</dl>"
            ),
            "",
        );
    }

    #[test]
    fn absent_and_empty_elements_are_missing() {
        check(REST, "basis,conditions,materials,process");
        check(
            &format!(
                "{REST}<table><tr><td>设定依据<td> <tr><td>受理条件<td>--<tr><td>申请材料<td>表<tr><td>办理流程<td>网上</table>"
            ),
            "basis,conditions",
        );
        check(
            &format!("<h3>设定依据</h3><p></p><h3>受理条件</h3><p>无</p><h3>申请材料</h3>表{REST}"),
            "basis,process",
        );
        check(
            &format!("{REST}<p>依据设定依据办理，受理条件由窗口说明。"),
            "basis,conditions,materials,process",
        );
    }

    #[test]
    fn what_cannot_be_read_is_not_called_empty() {
        check(&format!("<ul><li>设定依据<li>受理条件<li>申请材料<li>办理流程</ul><p>详见附件</p>{REST}"), "");
        check(
            &format!(
                "{REST}<h3>设定依据</h3><p>条例<h3>受理条件</h3>无<h3>申请材料</h3>表<h3>办理流程</h3><img src=a.png>"
            ),
            "",
        );
        check("<p>咨询电话：000-12345678</p><p>办理地点：窗口</p>", "");
    }
}
