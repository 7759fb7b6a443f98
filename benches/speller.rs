//! What reading a text with the speller costs, in both modes. Every round reads sentences it has not read before: what
//! it has found clean, a speller remembers.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use sitewarden::speller::{Mode, Speller};

/// Official prose without any slip.
const CLEAN: &str = include_str!("../fixtures/text/clean.txt");

fn reading(criterion: &mut Criterion) {
    let speller = Speller::built_in();
    let characters = CLEAN.chars().count() as u64;
    let mut round = 0u64;
    let mut group = criterion.benchmark_group("speller");
    group.throughput(Throughput::Elements(characters));
    for (name, mode) in [("quiet", Mode::Quiet), ("review", Mode::Review)] {
        group.bench_function(name, |bencher| {
            let unread = || {
                round += 1;
                CLEAN.replace('。', &format!("{round}。"))
            };
            bencher.iter_batched(
                unread,
                |text| speller.check(black_box(&text), mode).len(),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, reading);
criterion_main!(benches);
