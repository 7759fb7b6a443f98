//! What judging the words of a page costs, with all built-in dictionaries, and looking for private data.
//!
//! The texts are as long as the visible text of a long article page. `clean` is what nearly every page is; `dirty` has
//! what makes the matcher copy and judge.

use std::hint::black_box;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sitewarden::indicators::RuleSet;
use sitewarden::privacy;
use sitewarden::speller::Words;
use sitewarden::text::Lexicons;

/// Bytes of visible text on a long article page.
const PAGE_BYTES: usize = 18 << 10;

/// Official prose without any slip.
const CLEAN: &str = include_str!("../fixtures/text/clean.txt");

/// `text`, repeated to the length of a page.
fn page(text: &str) -> String {
    let mut page = text.repeat(PAGE_BYTES / text.len() + 1);
    let mut end = PAGE_BYTES;
    while !page.is_char_boundary(end) {
        end -= 1;
    }
    page.truncate(end);
    page
}

fn matching(criterion: &mut Criterion) {
    let lexicons = Lexicons::built_in().cut_by(&Words);
    let texts = [
        ("clean", page(CLEAN)),
        ("dirty", page(&format!("{CLEAN}认真布署六\u{200B}合彩，ＰＭ２．５浓渡；中华人民共合国\n"))),
    ];
    let mut group = criterion.benchmark_group("hits");
    for (name, text) in &texts {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(*name, |bencher| bencher.iter(|| lexicons.hits(black_box(text))));
    }
    group.finish();
    criterion.bench_function("compile", |bencher| bencher.iter(Lexicons::built_in));
}

/// The words of the dictionaries themselves, without what folds and judges.
fn bare_words() -> AhoCorasick {
    let words = [
        include_str!("../dictionaries/misspellings.txt"),
        include_str!("../dictionaries/gambling.txt"),
        include_str!("../dictionaries/pornography.txt"),
        include_str!("../dictionaries/fraud.txt"),
        include_str!("../dictionaries/contraband.txt"),
    ];
    let words = words.iter().flat_map(|file| file.lines()).filter(|line| !line.starts_with(['#', '-', '@']));
    let words = words.filter_map(|line| line.split([' ', '\t']).next()).filter(|word| !word.is_empty());
    AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(words).expect("they are few enough")
}

/// Everything that is looked for on every page, beside a matcher that only matches: the budget is a ratio.
fn everything(criterion: &mut Criterion) {
    let lexicons = Lexicons::built_in();
    let rules = RuleSet::built_in();
    let figures = &rules.privacy().figures;
    let today = jiff::civil::date(2026, 11, 20);
    let (bare, text) = (bare_words(), page(CLEAN));
    let mut group = criterion.benchmark_group("everything");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("bare-matcher", |bencher| {
        bencher.iter(|| bare.find_iter(black_box(&text)).count());
    });
    group.bench_function("dictionaries-and-privacy", |bencher| {
        bencher.iter(|| {
            let hits = lexicons.hits(black_box(&text)).len();
            hits + privacy::find(black_box(&text), &[], "公告", figures, today).len()
        });
    });
    group.finish();
}

/// `han` has no digit, as most paragraphs have none; `numbers` is a list of people.
fn private_data(criterion: &mut Criterion) {
    let rules = RuleSet::built_in();
    let figures = &rules.privacy().figures;
    let today = jiff::civil::date(2026, 11, 20);
    let han: String = CLEAN.chars().filter(|c| !c.is_ascii_digit()).collect();
    let texts = [
        ("han", page(&han)),
        ("clean", page(CLEAN)),
        ("numbers", page("安知远，11010519491231002X，13800001234，和平村5组12号\n")),
    ];
    let mut group = criterion.benchmark_group("private-data");
    for (name, text) in &texts {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(*name, |bencher| {
            bencher.iter(|| privacy::find(black_box(text), &[], "公示", figures, today));
        });
    }
    group.finish();
}

criterion_group!(benches, matching, everything, private_data);
criterion_main!(benches);
