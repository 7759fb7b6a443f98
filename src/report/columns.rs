//! Text in columns of a terminal, where a Chinese character takes two.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The text cut to `columns`, with an ellipsis where something is missing.
pub(super) fn fit(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for char in text.chars() {
        used += char.width().unwrap_or(0);
        if used > columns {
            break;
        }
        out.push(char);
    }
    out.push('…');
    out
}

/// The text filled with spaces up to `columns`; longer text is left as it is.
pub(super) fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text filled with spaces on the left, for numbers.
pub(super) fn pad_left(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Breaks a text into lines of at most `columns`. Chinese breaks anywhere but before closing punctuation; runs
/// without spaces of other scripts, such as addresses, stay whole so that they can be copied.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for piece in pieces(text) {
        if used > 0 && used + width(piece.trim_end()) > columns {
            lines.push(String::new());
            used = 0;
        }
        lines.last_mut().expect("there is always a line").push_str(piece);
        used += width(piece);
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

/// The unbreakable pieces of a text.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut before: Option<char> = None;
        let end = rest.char_indices().find_map(|(at, char)| {
            let breaks = before.is_some_and(|before| may_break(before, char));
            before = Some(char);
            breaks.then_some(at)
        });
        let (piece, tail) = rest.split_at(end.unwrap_or(rest.len()));
        rest = tail;
        (!piece.is_empty()).then_some(piece)
    })
}

fn may_break(before: char, after: char) -> bool {
    let wide = |char: char| char.width() == Some(2);
    let closes = "，。、；：？！）》】”’」』〉…".contains(after);
    let opens = "（《【“‘「『〈".contains(before);
    !closes && !opens && after != ' ' && (before == ' ' || wide(before) || wide(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fits_columns() {
        fn check(input: &str, columns: usize, expected: &str) {
            assert_eq!(fit(input, columns), expected);
            assert!(width(&fit(input, columns)) <= columns);
        }
        check("死链", 4, "死链");
        check("死链检查", 4, "死…");
        check("abcdef", 4, "abc…");
        check("", 4, "");
    }

    #[test]
    fn pads_by_width() {
        assert_eq!(pad("死链", 6), "死链  ");
        assert_eq!(pad_left("2.5", 5), "  2.5");
        assert_eq!(pad("很长的文字", 3), "很长的文字");
    }

    #[test]
    fn wraps() {
        fn check(input: &str, columns: usize, expected: &[&str]) {
            assert_eq!(wrap(input, columns), expected);
        }
        check("", 4, &[""]);
        check("一二三四五", 4, &["一二", "三四", "五"]);
        check("一二，三", 4, &["一", "二，", "三"]);
        check("见 http://www.example.gov.cn/a 页", 10, &["见", "http://www.example.gov.cn/a", "页"]);
        check("plain words wrap", 11, &["plain words", "wrap"]);
    }
}
