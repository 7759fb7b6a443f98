//! Lists of findings: of one site or of all that the visitor sees, filtered, a page at a time, to be worked on in bulk
//! and taken away as a file.

pub(in crate::web) mod deed;
mod download;
pub(in crate::web) mod filter;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse as _, Redirect};

pub(in crate::web) use self::download::download;
use self::filter::{Choice, Filter, PAGE, choices};
use crate::finding::Fingerprint;
use crate::people::Permission;
use crate::report::html::finding::{Tag, shown};
use crate::report::{figures, wording};
use crate::store::{Assignee, Case, CasePage};
use crate::web::answer::{Answer, Failure, page};
use crate::web::app::App;
use crate::web::form::Fields;
use crate::web::pages::login::here;
use crate::web::shell::Shell;
use crate::web::visitor::Visitor;

/// Findings that one form may name: a page of them, and room for a longer one.
const BULK: usize = 200;

#[derive(Template)]
#[template(path = "findings.html")]
struct FindingsPage {
    shell: Shell,
    /// Where the filter is sent.
    path: String,
    /// This very page, to come back to.
    here: String,
    filter: Filter,
    /// Sites to choose from; empty where it is one site's list.
    sites: Vec<Choice>,
    holders: Vec<Choice>,
    people: Vec<Choice>,
    rows: Vec<FindingRow>,
    total: String,
    pager: Pager,
    may_work: bool,
    may_decide: bool,
    dismissed_until: String,
}

/// The way to the other pages.
struct Pager {
    page: u64,
    pages: u64,
    before: Option<String>,
    after: Option<String>,
    download: String,
}

impl Pager {
    fn new(filter: &Filter, path: &str, total: u64) -> Pager {
        let pages = total.div_ceil(PAGE.into()).max(1);
        let page = filter.page;
        let to = |page: u64| format!("{path}?{}", filter.address(page));
        Pager {
            page,
            pages,
            before: (page > 1).then(|| to((page - 1).min(pages))),
            after: (page < pages).then(|| to(page + 1)),
            download: filter.address(1),
        }
    }
}

/// One finding in a list.
struct FindingRow {
    id: String,
    severity: Tag,
    life: &'static str,
    life_class: &'static str,
    check: String,
    evidence: String,
    page: String,
    site: String,
    holder: String,
    due: String,
    is_overdue: bool,
    awaits_proof: bool,
    seen: String,
}

impl FindingRow {
    fn new(case: &Case, today: jiff::civil::Date, site_name: &str) -> FindingRow {
        let finding = &case.reported.finding;
        FindingRow {
            id: case.reported.id.0.clone(),
            severity: Tag::severity(finding.severity),
            life: wording::life(case.reported.state).label,
            life_class: if case.stands() { "warn" } else { "good" },
            check: shown(wording::check_name(&finding.check)),
            evidence: shown(&finding.evidence).chars().take(160).collect(),
            page: shown(&finding.page),
            site: site_name.to_owned(),
            holder: case.assignee.as_ref().map_or_else(String::new, |held| shown(held.name())),
            due: case.due.map_or_else(String::new, |due| due.to_string()),
            is_overdue: case.is_overdue(today),
            awaits_proof: case.awaits_proof(),
            seen: figures::minute(case.reported.first_seen),
        }
    }
}

/// The findings of all sites that the visitor sees.
pub(in crate::web) async fn all(
    State(app): State<App>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Answer {
    let filter = Filter::of(&Fields::of(query.unwrap_or_default().as_bytes()));
    list(&app, &visitor, filter, "/findings".to_owned(), "问题").await
}

/// The findings of one site.
pub(in crate::web) async fn of_site(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let site = app.site(&visitor, &id)?;
    let filter =
        Filter { site: site.id.clone(), ..Filter::of(&Fields::of(query.unwrap_or_default().as_bytes())) };
    let title = format!("问题：{}", site.title());
    list(&app, &visitor, filter, format!("/sites/{id}/findings"), &title).await
}

async fn list(app: &App, visitor: &Visitor, filter: Filter, path: String, title: &str) -> Answer {
    let (sites, today) = (app.sites(visitor), app.today());
    let ids: Vec<String> = sites.iter().map(|site| site.id.clone()).collect();
    let query = filter.query(visitor, ids, today);
    let asked = app.ask(move |store| Ok((store.cases(&query)?, store.assignees()?, store.accounts()?)));
    let (CasePage { cases, total }, holders, accounts) = asked.await?;
    let row = |case: &Case| {
        let site = sites.iter().find(|site| site.id == case.site);
        FindingRow::new(case, today, site.map_or(&case.site, |site| site.title()))
    };
    let of_one = path != "/findings";
    let site_choices = sites.iter().map(|site| (site.id.clone(), site.title().to_owned()));
    let everybody = [("", "不限"), ("me", "我"), ("nobody", "未指派")]
        .map(|(value, words)| (value.to_owned(), words.to_owned()));
    let held = holders.iter().map(|one: &Assignee| (one.word(), shown(one.name())));
    let able = accounts.iter().filter(|account| sites.iter().any(|site| deed::may_see_to(account, &site.id)));
    let people = able.map(|account| (account.login.clone(), account.name.clone()));
    let no_one = [(String::new(), "不指派个人".to_owned())];
    page(&FindingsPage {
        shell: Shell::new(visitor, "findings", title),
        here: format!("{path}?{}", filter.address(filter.page)),
        sites: if of_one {
            Vec::new()
        } else {
            choices(&filter.site, [(String::new(), "全部".to_owned())].into_iter().chain(site_choices))
        },
        holders: choices(&filter.held, everybody.into_iter().chain(held)),
        people: choices("", no_one.into_iter().chain(people)),
        rows: cases.iter().map(row).collect(),
        total: figures::count(total),
        pager: Pager::new(&filter, &path, total),
        may_work: visitor.may(Permission::Work),
        may_decide: visitor.may(Permission::Decide),
        dismissed_until: app.current().rules.remedy().dismissed_until(today).to_string(),
        path,
        filter,
    })
}

/// Works on the findings that a form names.
pub(in crate::web) async fn work(State(app): State<App>, visitor: Visitor, fields: Fields) -> Answer {
    let cases = named(&app, &visitor, &fields).await?;
    deed::work(&app, &visitor, cases, &fields).await?;
    Ok(Redirect::to(&back(&fields)).into_response())
}

/// Decides about the findings that a form names.
pub(in crate::web) async fn decide(State(app): State<App>, visitor: Visitor, fields: Fields) -> Answer {
    let cases = named(&app, &visitor, &fields).await?;
    deed::decide(&app, &visitor, cases, &fields).await?;
    Ok(Redirect::to(&back(&fields)).into_response())
}

fn back(fields: &Fields) -> String {
    match fields.get("back") {
        "" => "/findings".to_owned(),
        path => here(path),
    }
}

async fn named(app: &App, visitor: &Visitor, fields: &Fields) -> Result<Vec<Case>, Failure> {
    let ids = fields.all("finding");
    if ids.is_empty() {
        return Err(Failure::Wrong("请先勾选问题".to_owned()));
    }
    if ids.len() > BULK {
        return Err(Failure::Wrong(format!("一次最多处理 {BULK} 条问题")));
    }
    let mut cases = Vec::with_capacity(ids.len());
    for id in ids {
        cases.push(case(app, visitor, id).await?);
    }
    Ok(cases)
}

/// A finding that the visitor sees; what is not theirs is not there.
pub(in crate::web) async fn case(app: &App, visitor: &Visitor, id: &str) -> Result<Case, Failure> {
    let id = Fingerprint(id.to_owned());
    let case = app.ask(move |store| store.case(&id)).await?;
    case.filter(|case| visitor.sees(&case.site)).ok_or(Failure::NotFound)
}
