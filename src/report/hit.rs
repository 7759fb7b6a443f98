//! The exact words of a finding: where in the text around it the hit stands.

use crate::finding::Place;

/// Pairs of brackets that are looked at, as each is looked up in the evidence.
const PAIRS: usize = 20;

/// The text around a hit, in three parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit<'a> {
    /// Text before it; all of the text where no hit is marked.
    pub(crate) before: &'a str,
    /// The words themselves, without brackets.
    pub(crate) hit: &'a str,
    /// Text after it.
    pub(crate) after: &'a str,
}

impl<'a> Hit<'a> {
    /// Finds the hit in the text of a place. It stands in 【】; as editors use these brackets as well, the pair that
    /// the evidence quotes is preferred to the first one.
    pub(crate) fn find(place: &'a Place, evidence: &str) -> Option<Hit<'a>> {
        let text = place.context.as_deref()?;
        let pairs = || {
            text.match_indices('【').filter_map(|(open, bracket)| {
                let start = open + bracket.len();
                let end = start + text[start..].find('】')?;
                Some((open, start, end))
            })
        };
        let quoted = pairs().take(PAIRS).find(|(_, start, end)| evidence.contains(&text[*start..*end]));
        Some(match quoted.or_else(|| pairs().next()) {
            Some((open, start, end)) => {
                Hit { before: &text[..open], hit: &text[start..end], after: &text[end + '】'.len_utf8()..] }
            }
            None => Hit { before: text, hit: "", after: "" },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_hit() {
        fn check(text: &str, evidence: &str, expected: (&str, &str, &str)) {
            let place = Place { context: Some(text.to_owned()), ..Place::default() };
            let found = Hit::find(&place, evidence).expect("there is a context");
            assert_eq!((found.before, found.hit, found.after), expected);
        }
        check("登录【帐户】后", "“帐户”宜为“账户”", ("登录", "帐户", "后"));
        check("【公告】登录【帐户】后", "“帐户”", ("【公告】登录", "帐户", "后"));
        check("【公告】登录", "无关", ("", "公告", "登录"));
        check("没有标记", "x", ("没有标记", "", ""));
        check("不成对【帐户", "帐户", ("不成对【帐户", "", ""));
        check("", "x", ("", "", ""));
    }
}
