//! What the checks of words share: one finding for each distinct word of a page, with the words around it.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Range;

use jiff::civil::Date;

use super::{Context, Findings};
use crate::editor::quoted;
use crate::page::Page;
use crate::privacy::excerpt;
use crate::text::{Class, Frame, Hit, Lexicons};

/// Characters shown on either side of a word.
const AROUND: usize = 20;

/// A word of a text, however often it stands there.
struct Word<'a> {
    /// Where it stands first.
    hit: Hit<'a>,
    times: usize,
}

/// What the dictionaries find on a page, by where it stands.
pub struct Words<'a> {
    text: Vec<Hit<'a>>,
    title: Vec<Hit<'a>>,
    asides: Vec<Hit<'a>>,
    /// Whether the page is written in traditional characters; found out where it matters.
    is_traditional: OnceCell<bool>,
}

impl<'a> Words<'a> {
    fn of(page: &Page, lexicons: &'a Lexicons) -> Words<'a> {
        Words {
            text: lexicons.hits(&page.text.visible),
            title: lexicons.hits(&page.title),
            asides: lexicons.hits(page.asides.text()),
            is_traditional: OnceCell::new(),
        }
    }

    fn is_empty(&self) -> bool {
        self.text.is_empty() && self.title.is_empty() && self.asides.is_empty()
    }
}

/// Reports the words of the wanted classes on a page: those of its text, then those that stand only in its title, then
/// those that stand only beside both.
pub(super) fn report(
    page: &Page,
    context: &Context<'_>,
    found: &mut Findings<'_>,
    is_wanted: impl Fn(Class) -> bool,
) {
    let published = page.published.map(|at| at.date());
    // Matching is the dearest part of judging a page: done once, for all checks that ask.
    let hits = context.words.get_or_init(|| Words::of(page, context.lexicons));
    if hits.is_empty() {
        return;
    }
    // What is the right spelling is laid down for simplified characters only; names and formulas bind both.
    let is_traditional =
        || *hits.is_traditional.get_or_init(|| context.lexicons.is_traditional(&page.text.visible));
    let is_wanted = |class| is_wanted(class) && !(class == Class::Misspelling && is_traditional());
    let mut said: HashSet<String> = HashSet::new();
    let mut news = |hits| {
        let mut words = distinct(hits, published, is_wanted);
        words.retain(|word| said.insert(word.hit.words.clone()));
        words
    };
    for word in news(&hits.text) {
        let place = page.text_place(word.hit.start, word.hit.end);
        let hidden = if page.is_hidden(word.hit.start) { "隐藏文字中的" } else { "" };
        add(found, page, &word, format!("{hidden}{}", evidence(&page.text.visible, &word))).place(place);
    }
    for word in news(&hits.title) {
        add(found, page, &word, format!("页面标题中的{}", evidence(&page.title, &word)));
    }
    for word in news(&hits.asides) {
        let Some(aside) = page.asides.at(word.hit.start) else { continue };
        let evidence = format!("{}中的{}", aside.spot.chinese(), evidence(page.asides.text(), &word));
        add(found, page, &word, evidence).place(page.place(aside.node));
    }
}

fn add<'f>(found: &'f mut Findings<'_>, page: &Page, word: &Word<'_>, evidence: String) -> super::Draft<'f> {
    let hit = &word.hit;
    let draft = found
        .add(page.address.as_str(), hit.words.clone(), evidence)
        .severity(hit.tier.severity())
        .confidence(hit.confidence);
    match suggestion(hit) {
        Some(text) => draft.suggestion(text),
        None => draft,
    }
}

/// The distinct words of the wanted classes, in the order in which they first stand. What was right when the text was
/// published is left out.
fn distinct<'a>(
    hits: &[Hit<'a>],
    published: Option<Date>,
    is_wanted: impl Fn(Class) -> bool,
) -> Vec<Word<'a>> {
    let mut numbers = std::collections::HashMap::new();
    let mut words: Vec<Word<'a>> = Vec::new();
    for hit in hits.iter().filter(|hit| is_wanted(hit.class) && hit.when.is_wrong_on(published)) {
        let number = *numbers.entry(hit.words.clone()).or_insert(words.len());
        match words.get_mut(number) {
            Some(word) => word.times += 1,
            None => words.push(Word { hit: hit.clone(), times: 1 }),
        }
    }
    words
}

/// What was seen: `错别字：……认真【布署】各项工作……（共 2 处）`.
fn evidence(text: &str, word: &Word<'_>) -> String {
    let framed = framed(text, word.hit.start..word.hit.end);
    let times = if word.times > 1 { format!("（共 {} 处）", word.times) } else { String::new() };
    format!("{}：{framed}{times}", word.hit.class.chinese())
}

/// A piece of text framed by what stands around it, private data masked: `……认真【布署】各项工作……`.
pub(super) fn framed(text: &str, piece: Range<usize>) -> String {
    let Range { start, end } = piece;
    let frame = Frame::new(text, start, end, AROUND);
    let from = start - frame.before.len();
    // A mask is as long as what it hides; a number that the edge cuts is masked like a whole one.
    let shown = excerpt(text, from, end + frame.after.len());
    let (before, rest) = shown.split_at(start - from);
    let (words, after) = rest.split_at(end - start);
    Frame { before, words: quoted(words), after, ..frame }.to_string().replace('\n', " ")
}

fn suggestion(hit: &Hit<'_>) -> Option<String> {
    let note = hit.note.map_or_else(String::new, |note| format!("（{note}）"));
    let Some(right) = hit.suggestion else {
        return hit.note.map(str::to_owned);
    };
    Some(format!("建议将“{}”改为“{right}”{note}。", hit.words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words<'a>(lexicons: &'a Lexicons, text: &str, published: Option<Date>) -> Vec<Word<'a>> {
        distinct(&lexicons.hits(text), published, |_| true)
    }

    #[test]
    fn the_word_is_framed_by_what_stands_around_it() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            let lexicons = Lexicons::built_in();
            let words = words(&lexicons, text, None);
            assert_eq!(evidence(text, &words[0]), expected);
        }
        check("布署", "错别字：【布署】");
        check(
            "会议\n认真布署各项工作，\n布署到位",
            "错别字：会议 认真【布署】各项工作， 布署到位（共 2 处）",
        );
        let long = "甲".repeat(30);
        let around = "甲".repeat(20);
        check(&format!("{long}布署{long}"), &format!("错别字：……{around}【布署】{around}……"));
        check("扫黑险恶", "固定表述错误：【扫黑险恶】");
    }

    #[test]
    fn every_word_counts_once() {
        let lexicons = Lexicons::built_in();
        let words = words(&lexicons, "布署、按装、布署", None);
        let seen: Vec<(&str, usize)> =
            words.iter().map(|word| (word.hit.words.as_str(), word.times)).collect();
        assert_eq!(seen, [("布署", 2), ("按装", 1)]);
    }

    #[test]
    fn a_name_that_was_right_then_is_right() {
        #[track_caller]
        fn check(published: Option<Date>, expected: usize) {
            let lexicons = Lexicons::built_in();
            assert_eq!(words(&lexicons, "四川省环境保护厅发布通知", published).len(), expected);
        }
        check(Some(jiff::civil::date(2015, 6, 1)), 0);
        check(Some(jiff::civil::date(2024, 6, 1)), 1);
        check(None, 1);
    }

    #[test]
    fn the_suggestion_says_what_is_right() {
        #[track_caller]
        fn check(text: &str, expected: Option<&str>) {
            let lexicons = Lexicons::built_in();
            assert_eq!(suggestion(&lexicons.hits(text)[0]).as_deref(), expected);
        }
        check("布署", Some("建议将“布署”改为“部署”。"));
        check("隆重召开", Some("建议将“隆重召开”改为“召开”（除党代会、人代会等重大会议外慎用）。"));
        check("六合彩", None);
    }
}
