//! What judging the words of a page costs, with all built-in dictionaries.
//!
//! The texts are as long as the visible text of a long article page. `clean` is what nearly every page is; `dirty` has
//! what makes the matcher copy and judge.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
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
    let lexicons = Lexicons::built_in();
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

criterion_group!(benches, matching);
criterion_main!(benches);
