//! What scenarios share: scanning a folder of pages without a network.

use std::{path::Path, sync::Arc, time::Duration};

use sitewarden::address::Address;
use sitewarden::config::Fetching;
use sitewarden::config::{Settings, Site};
use sitewarden::fetch::{Cookies, Fixture, Redirects, Transport};
use sitewarden::report::Report;
use sitewarden::scan::{Scanned, Scanner};

/// The date every fixture is judged by.
pub(crate) const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 21);

/// Where a fixture site seems to live.
pub(crate) const HOME: &str = "http://fixture.example.gov.cn/";

/// Settings for a scan whose data lie in `data`, without a pause between tries.
pub(crate) fn settings(data: &Path) -> Settings {
    let mut settings = Settings::in_folder(data);
    settings.crawl.confirm_spacing = Duration::ZERO;
    settings.fetch.rate = None;
    settings.today = Some(TODAY);
    settings
}

/// Scans the pages of a folder and gives the report.
pub(crate) fn scan_folder(folder: &Path) -> Report {
    let data = tempfile::tempdir().expect("a scratch folder");
    let site = Site::at(&Address::parse(HOME).expect("a good address"), &[]);
    let scanner =
        Scanner::open(settings(data.path()), site, jiff::Timestamp::now()).expect("everything opens");
    let transport = Transport::of(fixture(folder));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    match runtime
        .block_on(scanner.scan(transport, &(), std::future::pending()))
        .expect("the scan does its work")
    {
        Scanned::Done(report) => *report,
        Scanned::Stopped => unreachable!("nobody stops it"),
    }
}

fn fixture(folder: &Path) -> Redirects<Fixture> {
    let fixture = Fixture::new(folder).expect("a readable fixture");
    Redirects::new(fixture, &Fetching::default(), Arc::new(Cookies::default()))
}
