//! What examining a page costs: all of it, beside the tree alone.

mod common;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sitewarden::address::Address;
use sitewarden::page::{Source, parse};

fn pages(criterion: &mut Criterion) {
    let page = common::page(7);
    let address = Address::parse("http://www.example.gov.cn/art/7.html").expect("a plain address");
    let mut group = criterion.benchmark_group("page");
    group.throughput(Throughput::Bytes(page.len() as u64));
    group.bench_function("parse", |bencher| {
        bencher.iter(|| {
            parse(Source {
                address: &address,
                content_type: Some("text/html; charset=utf-8"),
                body: black_box(page.as_bytes()),
                is_home: false,
            })
        });
    });
    group.bench_function("tree-alone", |bencher| {
        bencher.iter(|| scraper::Html::parse_document(black_box(&page)));
    });
    group.finish();
}

criterion_group!(benches, pages);
criterion_main!(benches);
