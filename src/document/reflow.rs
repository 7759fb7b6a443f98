//! Putting words together again that the edge of the page has parted.

/// Of the longest line of a page, in percent: a line at least so long goes on in the next one.
const FULL: usize = 85;

/// Joins lines of Chinese text that only end because the page does. Short lines (titles, ends of paragraphs) and
/// rows of tables, whose cells tabs part, stay as they are.
pub(super) fn reflow(lines: &str) -> String {
    let longest = lines.lines().map(|line| line.chars().count()).max().unwrap_or_default();
    let mut text = String::with_capacity(lines.len());
    let mut rest = lines.lines().peekable();
    while let Some(line) = rest.next() {
        text.push_str(line);
        let is_full = line.chars().count() * 100 >= longest * FULL;
        let goes_on = |c: char| !c.is_ascii() && !matches!(c, '。' | '！' | '？' | '；' | '：');
        let joins = line.chars().next_back().is_some_and(goes_on)
            && rest
                .peek()
                .is_some_and(|next| next.chars().next().is_some_and(|c| !c.is_ascii() && c != '\u{3000}'))
            && !line.contains('\t');
        if !(is_full && joins) {
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::reflow;

    #[test]
    fn full_lines_go_on_and_short_ones_end() {
        #[track_caller]
        fn check(lines: &str, expected: &str) {
            assert_eq!(reflow(lines), expected);
        }
        check(
            "关于会议的通知\n各有关单位要认真学习并扎实布\n署各项工作。\n二〇二六年",
            "关于会议的通知\n各有关单位要认真学习并扎实布署各项工作。\n二〇二六年\n",
        );
        check("甲乙丙。\n丁戊己。", "甲乙丙。\n丁戊己。\n");
        check("甲\t乙\n丙\t丁", "甲\t乙\n丙\t丁\n");
        check("", "");
    }
}
