//! One finding: what was seen, where, by which rules it counts, what to do, who does it, and everything that happened
//! to it.

mod source;
mod trail;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Redirect};

use self::source::Excerpt;
use self::trail::Step;
use super::findings::filter::{Choice, choices};
use super::findings::{case, deed};
use crate::indicators::{Rule, RuleSet};
use crate::life::Life;
use crate::people::Permission;
use crate::report::html::finding::{FindingView, PictureView, shown};
use crate::report::html::score::footing_class;
use crate::report::{figures, wording};
use crate::store::{Assignee, Case};
use crate::web::answer::{Answer, Failure, page};
use crate::web::app::App;
use crate::web::form::Fields;
use crate::web::shell::Shell;
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "finding.html")]
struct FindingPage {
    shell: Shell,
    id: String,
    site: String,
    site_name: String,
    check: String,
    finding: FindingView,
    life: wording::Word,
    since: String,
    until: Option<String>,
    holder: Option<String>,
    due: Option<String>,
    is_overdue: bool,
    awaits_proof: bool,
    rules: Vec<RuleView>,
    excerpt: Option<Excerpt>,
    trail: Vec<Step>,
    can: Can,
    people: Vec<Choice>,
    office: String,
    proposed_due: String,
    remedy: String,
    dismissed_until: String,
}

/// What the visitor can do about the finding as it stands.
struct Can {
    work: bool,
    acknowledge: bool,
    dismiss: bool,
    withdraw: bool,
}

impl Can {
    fn of(case: &Case, visitor: &Visitor) -> Can {
        let (state, decides) = (case.reported.state, visitor.may(Permission::Decide));
        let is_ruled = matches!(state, Life::Acknowledged | Life::Dismissed);
        Can {
            work: visitor.may(Permission::Work),
            acknowledge: case.stands() && state != Life::Acknowledged,
            dismiss: decides && case.stands(),
            withdraw: decides && is_ruled,
        }
    }
}

/// A rule that a finding counts against.
struct RuleView {
    id: String,
    name: String,
    demands: String,
    thresholds: String,
    consequence: String,
    basis: String,
    footing: wording::Word,
    footing_class: &'static str,
}

impl RuleView {
    fn new(rule: &Rule) -> RuleView {
        let confidence = rule.confidence.to_string();
        RuleView {
            id: rule.id.clone(),
            name: rule.name.clone(),
            demands: rule.wording(),
            thresholds: rule.thresholds(),
            consequence: rule.consequence_wording(),
            basis: wording::basis(&rule.authority, &confidence),
            footing: wording::footing(&confidence),
            footing_class: footing_class(&confidence),
        }
    }
}

/// The rules of a scale with these ids.
fn rules_of(rules: &RuleSet, scale: &str, ids: &[String]) -> Vec<RuleView> {
    rules.rules(scale).filter(|rule| ids.contains(&rule.id)).map(RuleView::new).collect()
}

/// The page of a finding.
pub(in crate::web) async fn show(State(app): State<App>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let case = case(&app, &visitor, &id).await?;
    let known = case.reported.id.clone();
    let (history, efforts, accounts, picture) = app
        .ask(move |store| {
            let (history, efforts) = (store.history(&known)?, store.efforts(&known)?);
            Ok((history, efforts, store.accounts()?, store.picture(&known)?))
        })
        .await?;
    let excerpt = source::excerpt(&app.evidence, &case.reported.finding).await;
    let (current, today) = (app.current(), app.today());
    let site = current.settings.sites.iter().find(|site| site.id == case.site);
    let finding = &case.reported.finding;
    let remedy = current.rules.remedy();
    let person = match &case.assignee {
        Some(Assignee::Person(login)) => login.as_str(),
        _ => "",
    };
    let able = accounts.iter().filter(|account| deed::may_see_to(account, &case.site));
    let people = able.map(|account| (account.login.clone(), account.name.clone()));
    let nobody = [(String::new(), "不指派个人".to_owned())];
    let proposed = case.due.unwrap_or_else(|| remedy.due(finding.severity, today));
    page(&FindingPage {
        shell: Shell::new(&visitor, "findings", format!("问题：{}", wording::check_name(&finding.check))),
        id: case.reported.id.0.clone(),
        site_name: site.map_or_else(|| case.site.clone(), |site| site.title().to_owned()),
        check: finding.check.clone(),
        finding: FindingView {
            picture: picture.map(|kept| PictureView::new(&kept, format!("/findings/{id}/picture"))),
            ..FindingView::new(1, &case.reported, false)
        },
        life: wording::life(case.reported.state),
        since: figures::minute(case.since),
        until: case.until.map(figures::minute),
        holder: case.assignee.as_ref().map(|held| trail::name(held, &accounts)),
        due: case.due.map(|due| due.to_string()),
        is_overdue: case.is_overdue(today),
        awaits_proof: case.awaits_proof(),
        rules: rules_of(&current.rules, site.map_or("", |site| &site.scale), &finding.indicators),
        excerpt,
        trail: trail::steps(&history, &efforts, &accounts),
        can: Can::of(&case, &visitor),
        people: choices(person, nobody.into_iter().chain(people)),
        office: match &case.assignee {
            Some(Assignee::Office(name)) => shown(name),
            _ => String::new(),
        },
        proposed_due: proposed.to_string(),
        remedy: format!("{}〔{}〕", remedy.source, wording::footing(&remedy.confidence.to_string()).label),
        dismissed_until: remedy.dismissed_until(today).to_string(),
        site: case.site.clone(),
    })
}

/// The picture of the finding. One that was taken never changes, but a newer one may take its place.
pub(in crate::web) async fn picture(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Answer {
    let case = case(&app, &visitor, &id).await?;
    let known = case.reported.id;
    let kept = app.ask(move |store| store.picture(&known)).await?.ok_or(Failure::NotFound)?;
    match app.evidence.get(kept.image).await {
        Ok(Some(jpeg)) => {
            let headers =
                [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "private, no-cache")];
            Ok((headers, jpeg).into_response())
        }
        Ok(None) => Err(Failure::NotFound),
        Err(error) => {
            tracing::warn!(%error, image = %kept.image, "a picture cannot be read");
            Err(Failure::NotFound)
        }
    }
}

/// Works on the finding.
pub(in crate::web) async fn work(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let case = case(&app, &visitor, &id).await?;
    deed::work(&app, &visitor, vec![case], &fields).await?;
    Ok(Redirect::to(&format!("/findings/{id}")).into_response())
}

/// Decides about the finding.
pub(in crate::web) async fn decide(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let case = case(&app, &visitor, &id).await?;
    deed::decide(&app, &visitor, vec![case], &fields).await?;
    Ok(Redirect::to(&format!("/findings/{id}")).into_response())
}
