//! The encoding that a meta element declares, read from the first bytes as the HTML standard prescribes.

/// Browsers look at the first 1024 bytes; real pages put scripts and comments before the meta.
const PRESCAN_BYTES: usize = 4096;

/// The first label that a `<meta charset>` or `<meta http-equiv=content-type content=…>` outside comments declares.
pub(super) fn meta_label(body: &[u8]) -> Option<String> {
    let mut rest = &body[..body.len().min(PRESCAN_BYTES)];
    while let Some(at) = rest.iter().position(|byte| *byte == b'<') {
        rest = &rest[at..];
        if rest.starts_with(b"<!--") {
            // `<!-->` is a comment as well: the dashes of its start may be those of its end.
            rest = after(&rest[2..], b"-->")?;
        } else if starts_with(rest, b"<meta")
            && rest.get(5).is_some_and(|b| b.is_ascii_whitespace() || *b == b'/')
        {
            let mut attributes = Attributes { rest: &rest[5..] };
            if let Some(label) = declared_by(&mut attributes) {
                return Some(label);
            }
            rest = attributes.rest;
        } else if rest.get(1).is_some_and(u8::is_ascii_alphabetic)
            || (rest.starts_with(b"</") && rest.get(2).is_some_and(u8::is_ascii_alphabetic))
        {
            let name = rest.iter().position(|b| b.is_ascii_whitespace() || *b == b'>')?;
            let mut attributes = Attributes { rest: &rest[name..] };
            while attributes.next().is_some() {}
            rest = attributes.rest;
        } else if matches!(rest.get(1), Some(b'!' | b'/' | b'?')) {
            rest = after(rest, b">")?;
        } else {
            rest = &rest[1..];
        }
    }
    None
}

fn declared_by(attributes: &mut Attributes<'_>) -> Option<String> {
    let (mut charset, mut content, mut is_content_type) = (None, None, false);
    for (name, value) in attributes {
        if name.eq_ignore_ascii_case(b"charset") {
            charset = charset.or(Some(value));
        } else if name.eq_ignore_ascii_case(b"content") {
            content = content.or_else(|| content_charset(value));
        } else if name.eq_ignore_ascii_case(b"http-equiv") {
            is_content_type |= value.eq_ignore_ascii_case(b"content-type");
        }
    }
    let label = charset.or(content.filter(|_| is_content_type))?;
    let label = String::from_utf8_lossy(label.trim_ascii()).into_owned();
    (!label.is_empty()).then_some(label)
}

/// What stands after `charset=` in the `content` of a meta.
fn content_charset(content: &[u8]) -> Option<&[u8]> {
    let at = content.windows(7).position(|part| part.eq_ignore_ascii_case(b"charset"))?;
    let value = content[at + 7..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let quote = value.first().copied().filter(|byte| matches!(byte, b'"' | b'\''));
    let value = if quote.is_some() { &value[1..] } else { value };
    let end = value.iter().position(|byte| match quote {
        Some(quote) => *byte == quote,
        None => byte.is_ascii_whitespace() || *byte == b';',
    });
    Some(&value[..end.unwrap_or(value.len())])
}

fn after<'a>(bytes: &'a [u8], end: &[u8]) -> Option<&'a [u8]> {
    let at = bytes.windows(end.len()).position(|part| part == end)?;
    Some(&bytes[at + end.len()..])
}

fn starts_with(bytes: &[u8], prefix: &[u8]) -> bool {
    bytes.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

/// The attributes of a tag; afterwards `rest` is what follows the tag.
struct Attributes<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        self.skip(|byte| byte.is_ascii_whitespace() || byte == b'/');
        if matches!(self.rest.first(), None | Some(b'>')) {
            return None;
        }
        // A name may begin with `=`, so that this always moves on.
        let name = self.take(|at, byte| {
            byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>') || (byte == b'=' && at > 0)
        });
        self.skip(|byte| byte.is_ascii_whitespace());
        let Some(value) = self.rest.strip_prefix(b"=") else { return Some((name, b"")) };
        self.rest = value;
        self.skip(|byte| byte.is_ascii_whitespace());
        if let [quote @ (b'"' | b'\''), value @ ..] = self.rest {
            self.rest = value;
            let value = self.take(|_, byte| byte == *quote);
            self.rest = self.rest.get(1..).unwrap_or_default();
            return Some((name, value));
        }
        Some((name, self.take(|_, byte| byte.is_ascii_whitespace() || byte == b'>')))
    }
}

impl<'a> Attributes<'a> {
    fn skip(&mut self, is_skipped: impl Fn(u8) -> bool) {
        self.take(|_, byte| !is_skipped(byte));
    }

    fn take(&mut self, is_end: impl Fn(usize, u8) -> bool) -> &'a [u8] {
        let end = self.rest.iter().enumerate().position(|(at, byte)| is_end(at, *byte));
        let (taken, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(head: &str, label: Option<&str>) {
        assert_eq!(meta_label(head.as_bytes()).as_deref(), label, "{head}");
    }

    #[test]
    fn metas() {
        check("<meta charset=gbk>", Some("gbk"));
        check("<META CharSet = 'GB2312' />", Some("GB2312"));
        check("<meta/charset=\" utf-8 \">", Some("utf-8"));
        check("<meta http-equiv=Content-Type content='text/html; charset=gb2312'>", Some("gb2312"));
        check("<meta content=\"text/html;charset = 'big5' \" http-equiv=\"content-type\">", Some("big5"));
        check("<meta content='text/html;charset=gbk'>", None);
        check("<meta name=a content=b><meta charset=gbk><meta charset=utf-8>", Some("gbk"));
        check("<!-- <meta charset=utf-8> --><meta charset=gbk>", Some("gbk"));
        check("<!--><meta charset=gbk>", Some("gbk"));
        check("<a title='<meta charset=utf-8>'><meta charset=gbk>", Some("gbk"));
        check("<!doctype html><?xml?></p><meta charset=gbk", Some("gbk"));
        check("<metadata charset=gbk>", None);
        check("<meta charset=>", None);
        check("a < b <meta charset=gbk>", Some("gbk"));
        check("<!-- never closed <meta charset=gbk>", None);
        check("", None);
    }
}
