//! What the editor's check costs: a page of 3,000 characters, as text and as a document. The budget is 50 ms.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use sitewarden::document::{self, Hint, Limits};
use sitewarden::editor::{self, Desk, Mode};
use sitewarden::indicators::RuleSet;
use sitewarden::speller::{Speller, Words};
use sitewarden::text::Lexicons;

/// Official prose without any slip.
const CLEAN: &str = include_str!("../fixtures/text/clean.txt");

/// Characters of a long article.
const CHARS: usize = 3_000;

fn checking(criterion: &mut Criterion) {
    let lexicons = Lexicons::built_in().cut_by(&Words);
    let today = jiff::civil::date(2026, 11, 21);
    let rules = RuleSet::built_in();
    let figures = &rules.privacy().figures;
    let speller = Some(Speller::built_in());
    let desk = Desk { lexicons: &lexicons, speller, figures, today, allow: &[], mode: Mode::Quiet };
    let article: String = CLEAN.chars().cycle().take(CHARS).chain("认真布署".chars()).collect();
    let page = format!("<!DOCTYPE html><html><title>通知</title><body><p>{article}</p></body></html>");
    let mut group = criterion.benchmark_group("editor");
    for (name, bytes) in [("text", article.as_bytes()), ("page", page.as_bytes())] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let document = document::text(black_box(bytes), Hint::default(), Limits::default());
                editor::check(&document, &desk)
            })
        });
    }
    group.finish();
}

criterion_group!(benches, checking);
criterion_main!(benches);
