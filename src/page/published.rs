//! When a page says that it was published.

use jiff::civil::DateTime;

use super::{Text, dates, tags};
use crate::facts::{ShownDate, Tag};

/// What a label before a date says about it; the best comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Label {
    /// 发布时间.
    Published,
    /// 时间, 日期: of publication, unless a better label says otherwise.
    Plain,
    /// 成文日期 and the like: near publication.
    Written,
}

const LABELS: [(&str, Label); 12] = [
    ("发布时间", Label::Published),
    ("发布日期", Label::Published),
    ("发表时间", Label::Published),
    ("公开日期", Label::Published),
    ("发布于", Label::Published),
    ("更新时间", Label::Written),
    ("更新日期", Label::Written),
    ("生成日期", Label::Written),
    ("成文日期", Label::Written),
    ("发文日期", Label::Written),
    ("时间", Label::Plain),
    ("日期", Label::Plain),
];
/// Bytes before a date in which its label stands.
const LABEL_BYTES: usize = 48;

/// The label at the end of what stands before a date.
pub(super) fn label(before: &str) -> Option<Label> {
    let from = before.ceil_char_boundary(before.len().saturating_sub(LABEL_BYTES));
    let before = before[from..].trim_end_matches(|c: char| c.is_whitespace() || "：:[【".contains(c));
    let (text, label) = LABELS.iter().find(|(text, _)| before.ends_with(text))?;
    // 截止时间, 办公时间: the bare words count where they stand alone.
    let is_alone = || {
        let rest = before.strip_suffix(text).unwrap_or_default();
        rest.chars().next_back().is_none_or(|c| !c.is_alphanumeric())
    };
    (*label != Label::Plain || is_alone()).then_some(*label)
}

/// `PubDate`, else what a label on the page names.
pub(super) fn published(tags: &[Tag], labelled: Option<DateTime>) -> Option<DateTime> {
    tags::first(tags, "PubDate").and_then(dates::parse_date_time).or(labelled)
}

/// The date that readers see. A label such as 成文日期 or 更新时间 stands before another date.
pub(super) fn shown(labelled: Option<(Label, DateTime)>, text: &Text) -> ShownDate {
    match labelled {
        Some((Label::Published | Label::Plain, time)) => ShownDate::Published(time.date()),
        Some((Label::Written, _)) => ShownDate::Unlabelled,
        None if text.blocks.iter().any(|block| dates::find_date(text.of(block)).is_some()) => {
            ShownDate::Unlabelled
        }
        None => ShownDate::None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::facts::ShownDate;
    use crate::page::tests::page;

    #[test]
    fn what_readers_see_is_told_from_what_only_the_tag_says() {
        let check = |html: &str, expected: ShownDate| assert_eq!(page(html).shown, expected, "{html}");
        let shown = ShownDate::Published(date(2026, 1, 2));
        check("<p>发布时间：2026-01-02 10:20 来源：某厅", shown);
        check("<head><meta name=PubDate content='2026-01-09'></head><p>日期：2026-01-02", shown);
        check("<head><meta name=PubDate content='2026-01-09'></head><p>某某", ShownDate::None);
        check("<p>成文日期：2026-01-02", ShownDate::Unlabelled);
        check("<p>更新时间：2026-01-02", ShownDate::Unlabelled);
        check("<p>2026年1月2日，某市召开会议。", ShownDate::Unlabelled);
        check("<p>1月2日，某市召开会议。", ShownDate::None);
    }

    fn check(html: &str, expected: Option<&str>) {
        assert_eq!(page(html).published.map(|time| time.to_string()).as_deref(), expected, "{html}");
    }

    #[test]
    fn publication_times() {
        check("<head><meta name=PubDate content='2026-01-02 10:20'>", Some("2026-01-02T10:20:00"));
        check("<head><meta name=PubDate content='x'></head>时间：2026-01-03", Some("2026-01-03T00:00:00"));
        check("<p>发布时间：2026-01-02 10:20 来源：某厅", Some("2026-01-02T10:20:00"));
        check("<span>发布日期：</span><span>2026年1月2日</span>", Some("2026-01-02T00:00:00"));
        check(
            "<td>成文日期<td>x</td><p>成文日期：2026-01-01</p><p>[ 发布时间：2026-01-02 ]",
            Some("2026-01-02T00:00:00"),
        );
        check("<p>日期：2026-01-02", Some("2026-01-02T00:00:00"));
        check("<p>截止时间：2026-01-02", None);
        check("<p>2026-01-02", None);
        check("<li><a href=x>时间：2026-01-02</a>", None);
        check("", None);
    }
}
