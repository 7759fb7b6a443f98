//! A message before it has a format: title, lines, links and the tail that names it.
//!
//! What is too long for a channel is cut here, line by line, so that a cut never leaves markup open, and what must be
//! there (title, links, number of the message) always is.

/// A message before it has a format. All its texts are harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The line that a list of chats shows; begins with [`PREFIX`].
    pub title: String,
    /// What else is said, the most important first.
    pub lines: Vec<Line>,
    /// Where to go on.
    pub links: Vec<Link>,
    /// The numbers of the notices it tells of.
    pub tail: String,
}

/// Stands at the beginning of every message, tests included: robots with a keyword rule let nothing else through.
pub const PREFIX: &str = "【网站监测】";

/// Marks a cut.
pub const CUT: &str = "…(截断)";

/// Bytes of a title. WeCom's cards allow 128, subjects of mails are read to about as far.
const TITLE_BYTES: usize = 120;

/// One line, with its label where it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub label: Option<String>,
    /// The thing itself.
    pub text: String,
}

/// Somewhere to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it does.
    pub text: &'static str,
    /// Where it leads.
    pub url: String,
}

impl Line {
    /// A line with a label.
    pub fn of(label: &str, text: impl Into<String>) -> Line {
        Line { label: Some(label.to_owned()), text: text.into() }
    }

    /// `label：text`.
    pub fn plain(&self) -> String {
        match &self.label {
            Some(label) => format!("{label}：{}", self.text),
            None => self.text.clone(),
        }
    }
}

impl Sheet {
    /// A sheet under a title.
    pub fn titled(title: &str) -> Sheet {
        let title = cut(&format!("{PREFIX}{title}"), TITLE_BYTES);
        Sheet { title, lines: Vec::new(), links: Vec::new(), tail: String::new() }
    }

    /// The longest beginning of this sheet whose `rendered` form has at most `bytes`.
    pub fn fitted(&self, bytes: usize, rendered: impl Fn(&Sheet) -> String) -> String {
        let whole = rendered(self);
        if whole.len() <= bytes {
            return whole;
        }
        // Lines from the end are given up until one stays that can be cut to what is left.
        let mut sheet = self.clone();
        while let Some(last) = sheet.lines.pop() {
            sheet.lines.push(Line { text: CUT.to_owned(), ..last.clone() });
            let left = bytes.checked_sub(rendered(&sheet).len());
            sheet.lines.pop();
            if let Some(left) = left {
                let text = cut(&last.text, left.saturating_add(CUT.len()));
                sheet.lines.push(Line { text, ..last });
                return rendered(&sheet);
            }
        }
        rendered(&sheet)
    }

    /// The same with every text rewritten, so that what is cut is measured as it will stand there.
    pub fn rewritten(self, rewrite: impl Fn(&str) -> String) -> Sheet {
        let line = |line: Line| Line { text: rewrite(&line.text), ..line };
        Sheet {
            title: rewrite(&self.title),
            lines: self.lines.into_iter().map(line).collect(),
            tail: rewrite(&self.tail),
            ..self
        }
    }

    /// As plain text.
    pub fn plain(&self) -> String {
        let lines = self.lines.iter().map(Line::plain);
        let links = self.links.iter().map(|link| format!("{}：{}", link.text, link.url));
        let parts = [self.title.clone()].into_iter().chain(lines).chain(links).chain([self.tail.clone()]);
        parts.collect::<Vec<_>>().join("\n")
    }
}

/// The text in at most `bytes` bytes, with a mark where something is missing.
pub fn cut(text: &str, bytes: usize) -> String {
    if text.len() <= bytes {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(bytes.saturating_sub(CUT.len()));
    format!("{}{CUT}", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_stand_between_characters() {
        let check = |text: &str, bytes: usize, expected: &str| {
            let cut = cut(text, bytes);
            assert_eq!(cut, expected);
            assert!(cut.len() <= bytes.max(CUT.len()));
        };
        check("四个汉字", 12, "四个汉字");
        check("四个汉字四个汉字", 23, "四个汉字…(截断)");
        check("四个汉字四个汉字", 22, "四个汉…(截断)");
        check("长长长长长", 1, "…(截断)");
    }

    #[test]
    fn a_long_sheet_keeps_title_links_and_tail() {
        let mut sheet = Sheet::titled("首页无法访问");
        sheet.lines =
            vec![Line::of("网站", "示例厅"), Line::of("错误", "错".repeat(3000)), Line::of("其他", "无")];
        sheet.links = vec![Link { text: "确认", url: "https://w.example.test/ack?i=1".to_owned() }];
        sheet.tail = "编号 n-1".to_owned();
        for bytes in [300, 301, 302, 303, 2048, 4096] {
            let text = sheet.fitted(bytes, Sheet::plain);
            assert!(text.len() <= bytes && text.len() > bytes - 3, "{bytes}: {}", text.len());
            assert!(text.starts_with("【网站监测】首页无法访问\n网站：示例厅\n错误：错"), "{text}");
            assert!(text.ends_with("错…(截断)\n确认：https://w.example.test/ack?i=1\n编号 n-1"), "{text}");
        }
        assert_eq!(sheet.fitted(20_000, Sheet::plain), sheet.plain());
    }
}
