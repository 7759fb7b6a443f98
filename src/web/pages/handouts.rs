//! The documents that are handed in: which there are, each as a page, and as a file to keep.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::papers::Papers;
use crate::config::Site;
use crate::duty::{DutyError, Order, PaperError, handout, written};
use crate::ledger::{Period, Span};
use crate::paper::{Kind, PaperFormat};
use crate::people::Permission;
use crate::printer::PrintError;
use crate::report::figures;
use crate::report::periodic::{self, Document};
use crate::store::{Reader, ScanId, ScanState, StoreError};
use crate::web::answer::{Answer, Failure, page};
use crate::web::app::App;
use crate::web::shell::Shell;
use crate::web::visitor::Visitor;

/// Full scans and faults of a site that are listed.
const LISTED: u32 = 10;
/// Documents of each site that are listed where all sites are.
const LATEST: u32 = 5;
/// Documents of one site that are listed; older ones are in the interface for programs.
const SHOWN: u32 = 200;

/// A browser takes hundreds of megabytes, so only one prints at a time.
static PRINTER: Semaphore = Semaphore::const_new(1);

#[derive(Template)]
#[template(path = "handouts.html")]
struct ListPage {
    shell: Shell,
    sites: Vec<SiteRow>,
    /// What may be handed in: word and name.
    kinds: Vec<(&'static str, &'static str)>,
    may_work: bool,
    may_decide: bool,
    now: String,
}

impl ListPage {
    fn new(visitor: &Visitor, title: String, sites: Vec<SiteRow>, now: Timestamp) -> ListPage {
        ListPage {
            shell: Shell::new(visitor, "reports", title),
            sites,
            kinds: Kind::ALL.map(|kind| (kind.word(), kind.chinese())).into(),
            may_work: visitor.may(Permission::Work),
            may_decide: visitor.may(Permission::Decide),
            now: figures::minute(now),
        }
    }
}

#[derive(Template)]
#[template(path = "handout.html")]
struct HandoutPage {
    shell: Shell,
    document: Document,
    body: String,
    /// Where the same document is found, up to its format.
    place: String,
    site: String,
    period: String,
    kind: Kind,
}

/// A site with what can be made for it.
struct SiteRow {
    id: String,
    name: String,
    kinds: Vec<KindRow>,
    /// Full scans and faults to choose from; only where one site is shown.
    single: Option<Singles>,
    papers: Papers,
}

struct KindRow {
    kind: Kind,
    /// Periods as in addresses, and as people write them.
    periods: Vec<(String, String)>,
}

/// Things of which each has a document of its own: number, and what it is.
#[derive(Default)]
struct Singles {
    scans: Vec<(i64, String)>,
    faults: Vec<(i64, String)>,
    contracts: Vec<(String, String)>,
}

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    site: String,
    period: String,
    scan: Option<i64>,
    interval: Option<i64>,
    contract: Option<String>,
    format: String,
}

/// The documents of every site that the visitor sees.
pub(in crate::web) async fn list(State(app): State<App>, visitor: Visitor) -> Answer {
    let (current, now) = (app.current(), app.now());
    let today = app.today();
    let seen: Vec<Site> = app.sites(&visitor);
    let read = app.ask(move |store| {
        let row = |site: Site| {
            let papers = Papers::read(store, &current.rules, &current.settings, &site, LATEST, now)?;
            Ok(SiteRow::new(&site, today, None, papers))
        };
        seen.into_iter().map(row).collect::<Result<Vec<SiteRow>, StoreError>>()
    });
    page(&ListPage::new(&visitor, "报告".to_owned(), read.await?, now))
}

/// The documents of one site, with its full scans, faults and contracts to choose from.
pub(in crate::web) async fn of_site(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Answer {
    let (current, now) = (app.current(), app.now());
    let site = seen(&current.settings.sites, &visitor, &id)?;
    let today = app.today();
    let contracts = current.rules.contracts().iter();
    let contracts = contracts.map(|contract| (contract.id.clone(), contract.name.clone())).collect();
    let read = app.ask(move |store| {
        let single = singles(store, &site.id, today, &current.settings.timezone)?;
        let papers = Papers::read(store, &current.rules, &current.settings, &site, SHOWN, now)?;
        Ok(SiteRow::new(&site, today, Some(Singles { contracts, ..single }), papers))
    });
    let row = read.await?;
    page(&ListPage::new(&visitor, format!("报告：{}", row.name), vec![row], now))
}

/// One document, as a page or as a file.
pub(in crate::web) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(kind): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Answer {
    let Query(asked) = asked.map_err(|_| wrong())?;
    let kind = Kind::of_word(&kind).ok_or(Failure::NotFound)?;
    let (current, now) = (app.current(), app.now());
    let site = seen(&current.settings.sites, &visitor, &asked.site)?;
    let period = match asked.period.trim() {
        "" => None,
        text => Some(text.parse::<Period>().map_err(|_| wrong())?),
    };
    let order = Order {
        kind,
        period,
        scan: asked.scan.map(ScanId),
        interval: asked.interval,
        contract: asked.contract.clone().filter(|id| !id.is_empty()),
    };
    let of = site.clone();
    let made =
        app.ask(move |store| match handout(store, &current.rules, &current.settings, &of, &order, now) {
            Err(DutyError::Store(error)) => Err(error),
            made => Ok(made),
        });
    let document = made.await?.map_err(|_| wrong())?;
    match PaperFormat::of_word(&asked.format) {
        Some(format) => download(document, format, now).await,
        None => page(&HandoutPage {
            shell: Shell::new(&visitor, "reports", document.title.clone()),
            body: periodic::body(&document),
            place: place(&site, kind, &asked),
            period: asked.period,
            site: site.id,
            kind,
            document,
        }),
    }
}

async fn download(document: Document, format: PaperFormat, now: Timestamp) -> Answer {
    let _turn = match format {
        PaperFormat::Pdf => Some(PRINTER.acquire().await.map_err(|_| Failure::Broken)?),
        PaperFormat::Html | PaperFormat::Docx => None,
    };
    let name = format!("{}.{}", document.name, format.word());
    let made = tokio::task::spawn_blocking(move || written(&document, format, now)).await;
    match made.map_err(|_| Failure::Broken)? {
        Ok(bytes) => Ok(file(&name, format.media(), bytes)),
        Err(PaperError::Printing(PrintError::NoProgram)) => Err(Failure::Wrong(
            "服务器没有安装 Chromium，不能生成 PDF；请下载网页后自行打印，或下载 Word 文档".to_owned(),
        )),
        Err(error) => {
            tracing::error!(%error, "a report could not be made");
            Err(Failure::Broken)
        }
    }
}

pub(super) fn file(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let saved = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, saved)], bytes).into_response()
}

/// A site that the visitor sees; the first one where none is named.
fn seen(sites: &[Site], visitor: &Visitor, id: &str) -> Result<Site, Failure> {
    let mut sites = sites.iter().filter(|site| visitor.sees(&site.id));
    sites.find(|site| id.is_empty() || site.id == id).cloned().ok_or(Failure::NotFound)
}

fn wrong() -> Failure {
    Failure::Wrong("没有这样的文档：请核对报告期、监测编号或故障区间".to_owned())
}

/// The address of a document, ready for a format to follow.
fn place(site: &Site, kind: Kind, asked: &Asked) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("site", &site.id);
    let numbers = [("scan", asked.scan), ("interval", asked.interval)];
    let numbers = numbers.into_iter().filter_map(|(name, number)| Some((name, number?.to_string())));
    let contract = asked.contract.clone().map(|id| ("contract", id));
    let period = Some(("period", asked.period.clone())).filter(|(_, period)| !period.is_empty());
    query.extend_pairs(numbers.chain(contract).chain(period));
    format!("/reports/{kind}?{}&format=", query.finish())
}

impl SiteRow {
    fn new(site: &Site, today: jiff::civil::Date, single: Option<Singles>, papers: Papers) -> SiteRow {
        let of_kind = |kind: Kind| {
            let periods = kind.recent(today).into_iter();
            KindRow { kind, periods: periods.map(|one| (one.to_string(), figures::period(one))).collect() }
        };
        SiteRow {
            id: site.id.clone(),
            name: site.name.clone().unwrap_or_else(|| site.home.host().to_owned()),
            kinds: Kind::ALL.map(of_kind).into(),
            single,
            papers,
        }
    }
}

/// The last full scans of a site, and the intervals of this year in which it was down.
fn singles(
    store: &dyn Reader,
    site: &str,
    today: jiff::civil::Date,
    zone: &TimeZone,
) -> Result<Singles, StoreError> {
    let scans = store.scans(site, LISTED)?.into_iter().filter_map(|row| match &row.state {
        ScanState::Finished(result) => {
            let pages = result.coverage.pages;
            Some((row.id.0, format!("{} 完成，{pages} 页", figures::minute(result.finished))))
        }
        ScanState::Running | ScanState::Abandoned { .. } => None,
    });
    let year: Span = Period::Year(today.year()).span(zone);
    let mut down: Vec<_> = store.journal(site, year)?.intervals;
    down.retain(|one| one.state == crate::ledger::State::Down && year.contains(one.start));
    let faults = down.iter().rev().take(LISTED as usize);
    let faults = faults.map(|one| (one.id, format!("{} {}", figures::minute(one.start), one.cause)));
    Ok(Singles { scans: scans.collect(), faults: faults.collect(), contracts: Vec::new() })
}
