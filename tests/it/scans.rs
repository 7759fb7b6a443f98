//! What scenarios share: scanning a folder of pages without a network.

use std::{path::Path, sync::Arc, time::Duration};

use sitewarden::address::Address;
use sitewarden::column::Judged;
use sitewarden::config::Fetching;
use sitewarden::config::{Settings, Site};
use sitewarden::fetch::{Cookies, Fetch, Fixture, Redirects, Transport};
use sitewarden::report::Report;
use sitewarden::scan::{Reading, ScanError, Scanned, Scanner, Seen};

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

/// A site and its data, gone when dropped.
pub(crate) struct Scratch {
    pub(crate) settings: Settings,
    pub(crate) site: Site,
    _data: tempfile::TempDir,
}

impl Scratch {
    /// An empty one.
    pub(crate) fn new() -> Scratch {
        let data = tempfile::tempdir().expect("a scratch folder");
        let site = Site::at(&Address::parse(HOME).expect("a good address"), &[]);
        Scratch { settings: settings(data.path()), site, _data: data }
    }

    /// Scans the pages of a folder.
    pub(crate) fn scan(&self, folder: &Path) -> Report {
        self.scan_by(fixture(folder))
    }

    /// Scans what somebody fetches.
    pub(crate) fn scan_by(&self, fetch: impl Fetch + 'static) -> Report {
        let transport = Transport::of(fetch);
        let scanned = runtime().block_on(self.scanner().scan(transport, &(), std::future::pending()));
        match scanned.expect("the scan does its work") {
            Scanned::Done(report) => *report,
            Scanned::Stopped => unreachable!("nobody stops it"),
        }
    }

    /// Reads the pages of a folder between two scans.
    pub(crate) fn read(&self, folder: &Path) -> Reading {
        let transport = Transport::of(fixture(folder));
        match runtime().block_on(self.scanner().read(transport, &(), std::future::pending())) {
            Ok(Seen::Done(reading)) => *reading,
            Ok(Seen::NoHome(reason)) => panic!("no home page: {reason}"),
            Ok(Seen::Stopped) => unreachable!("nobody stops it"),
            Err(error) => panic!("the reading does its work: {error}"),
        }
    }

    /// Judges the last scan again.
    pub(crate) fn judge(&self) -> Report {
        self.scanner().judge().expect("there is a scan to judge")
    }

    /// The columns of the last scan.
    pub(crate) fn columns(&self) -> Result<Vec<Judged>, ScanError> {
        self.scanner().columns()
    }

    fn scanner(&self) -> Scanner {
        Scanner::open(self.settings.clone(), self.site.clone(), jiff::Timestamp::now())
            .expect("everything opens")
    }
}

/// Scans the pages of a folder for the first time and gives the report.
pub(crate) fn scan_folder(folder: &Path) -> Report {
    Scratch::new().scan(folder)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime")
}

fn fixture(folder: &Path) -> Redirects<Fixture> {
    let fixture = Fixture::new(folder).expect("a readable fixture");
    Redirects::new(fixture, &Fetching::default(), Arc::new(Cookies::default()))
}
