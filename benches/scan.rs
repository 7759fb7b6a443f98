//! What a whole scan costs: a site on loopback, from the home page to the report.

mod common;

use std::{path::Path, sync::Arc, time::Duration};

use axum::{Router, extract::State, http::Uri, response::Html};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sitewarden::address::Address;
use sitewarden::config::{Settings, Site};
use sitewarden::fetch::Transport;
use sitewarden::net::guard::Network;
use sitewarden::scan::{Scanned, Scanner};

/// Pages of the site. Links of a page lead to any of 5,000: those beyond answer with the page of that number.
const PAGES: u64 = 5_000;
/// Pages visited in one scan.
const VISITED: u64 = 500;

async fn answer(State(pages): State<Arc<Vec<String>>>, uri: Uri) -> Html<String> {
    let digits: String = uri.path().chars().filter(char::is_ascii_digit).collect();
    let number: usize = digits.parse().unwrap_or(0);
    Html(pages[number % pages.len()].clone())
}

fn scan(home: &Address, data: &Path, runtime: &tokio::runtime::Runtime) -> u64 {
    let mut settings = Settings::in_folder(data);
    settings.crawl.confirm_spacing = Duration::ZERO;
    settings.crawl.max_pages = Some(VISITED);
    settings.fetch.rate = None;
    settings.fetch.per_host = settings.crawl.in_flight;
    settings.fetch.allow_private = vec![Network { address: [127, 0, 0, 0].into(), prefix: 8 }];
    let scanner =
        Scanner::open(settings.clone(), Site::at(home, &[]), jiff::Timestamp::now()).expect("opens");
    let transport = Transport::network(&settings.fetch).expect("a client");
    match runtime.block_on(scanner.scan(transport, &(), std::future::pending())).expect("scans") {
        Scanned::Done(report) => report.coverage.pages,
        Scanned::Stopped => unreachable!("nobody stops it"),
    }
}

fn whole(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let pages: Arc<Vec<String>> = Arc::new((0..PAGES).map(common::page).collect());
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a free port");
    let home =
        Address::parse(&format!("http://{}/", listener.local_addr().expect("bound"))).expect("an address");
    runtime
        .spawn(async move { axum::serve(listener, Router::new().fallback(answer).with_state(pages)).await });

    let mut group = criterion.benchmark_group("scan");
    group.throughput(Throughput::Elements(VISITED));
    group.sample_size(10);
    group.bench_function("500-pages-on-loopback", |bencher| {
        bencher.iter(|| {
            let data = tempfile::tempdir().expect("a scratch folder");
            scan(&home, data.path(), &runtime)
        });
    });
    group.finish();
}

criterion_group!(benches, whole);
criterion_main!(benches);
