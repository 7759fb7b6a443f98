//! The demo site over real connections: every planted fault is found, and nothing else.

use jiff::Timestamp;
use sitewarden::demo;
use sitewarden::fetch::Transport;
use sitewarden::scan::{Scanned, Scanner};

#[test]
fn every_planted_fault_and_nothing_else() {
    let data = tempfile::tempdir().expect("a scratch folder");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let served = runtime.block_on(demo::serve()).expect("loopback has free ports");
    let settings = served.settings(data.path());
    let site = settings.sites[0].clone();
    let transport = Transport::network(&settings.fetch).expect("the network side needs nothing special");
    let scanner = Scanner::open(settings, site, Timestamp::now()).expect("everything opens");
    let scanned = runtime.block_on(scanner.scan(transport, &(), std::future::pending()));
    let Scanned::Done(report) = scanned.expect("the scan does its work") else {
        unreachable!("nobody stops it")
    };
    let compared = demo::compare(report.findings.iter().map(|reported| &reported.finding));
    assert!(compared.is_exact(), "{compared:#?}");
    assert!(report.coverage.finished && !report.coverage.budgets_hit.is_empty(), "{:#?}", report.coverage);
}
