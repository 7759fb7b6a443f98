//! Addresses in style sheets: `url(…)` and `@import`.

use super::LinkKind;
use super::links::is_data;

/// Calls `each` with every address in a style sheet or `style` attribute, as written.
pub(super) fn addresses(css: &str, mut each: impl FnMut(&str, LinkKind)) {
    let mut from = 0;
    while let Some(found) = css[from..].find(['(', '@']) {
        let at = from + found;
        from = at + 1;
        let (value, is_import) = if css[at..].starts_with('(') {
            if !ends_with(&css[..at], "url") {
                continue;
            }
            let before = css[..at - "url".len()].trim_end();
            (&css[at + 1..], ends_with(before, "@import"))
        } else if let Some(value) = css[at..].strip_prefix("@import")
            && value.trim_start().starts_with(['"', '\''])
        {
            (value, true)
        } else {
            continue;
        };
        // What never ends is looked for once.
        let Some((address, length)) = literal(value) else { break };
        if !address.is_empty() && !address.starts_with('#') && !is_data(address) {
            each(address, if is_import { LinkKind::Style } else { kind(address) });
        }
        // Addresses are read once: what looks like `url(` inside of one is part of it.
        from = css.len() - value.len() + length;
    }
}

/// A quoted or bare literal at the start of `value`, and where it ends.
fn literal(value: &str) -> Option<(&str, usize)> {
    let trimmed = value.trim_start();
    let before = value.len() - trimmed.len();
    match trimmed.chars().next()? {
        quote @ ('"' | '\'') => {
            let end = trimmed[1..].find(quote)?;
            Some((&trimmed[1..=end], before + end + 2))
        }
        _ => {
            let end = trimmed.find(')')?;
            Some((trimmed[..end].trim_end(), before + end))
        }
    }
}

/// Fonts are no pictures.
fn kind(address: &str) -> LinkKind {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let is_font = [".woff", ".woff2", ".ttf", ".otf", ".eot"].iter().any(|end| ends_with(path, end));
    if is_font { LinkKind::Other } else { LinkKind::Image }
}

fn ends_with(text: &str, end: &str) -> bool {
    let text = text.as_bytes();
    text.len() >= end.len() && text[text.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use LinkKind::{Image, Other, Style};

    fn check(css: &str, expected: &[(&str, LinkKind)]) {
        let mut found = Vec::new();
        addresses(css, |address, kind| found.push((address.to_owned(), kind)));
        let found: Vec<_> = found.iter().map(|(address, kind)| (address.as_str(), *kind)).collect();
        assert_eq!(found, expected, "{css}");
    }

    #[test]
    fn addresses_in_css() {
        check("background:url(a.png)", &[("a.png", Image)]);
        check(
            "background:URL( 'a (1).png' ) no-repeat, url(\"b.png\")",
            &[("a (1).png", Image), ("b.png", Image)],
        );
        check("@import 'a.css'; @import url(b.css);", &[("a.css", Style), ("b.css", Style)]);
        check("@font-face{src:url(a.woff2?v=1)}", &[("a.woff2?v=1", Other)]);
        check("background:url(data:image/png;base64,AA==)", &[]);
        check("filter:url(#blur);width:calc(1px)", &[]);
        check("url(", &[]);
        check("url('a", &[]);
        check("@media(a){b{c:url(图.png)}}", &[("图.png", Image)]);
    }
}
