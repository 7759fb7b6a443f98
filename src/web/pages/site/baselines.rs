//! Key pages that look otherwise than they did: what differs, and saying that it is good.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};

use crate::baseline::{Approval, Baselines};
use crate::people::Permission;
use crate::report::baselines::differences as told;
use crate::report::figures;
use crate::report::html::finding::shown;
use crate::scan::compare;
use crate::web::answer::{Answer, Failure, page};
use crate::web::app::App;
use crate::web::form::Fields;
use crate::web::shell::Shell;
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "baselines.html")]
struct BaselinesPage {
    shell: Shell,
    site: String,
    waiting: Vec<Waiting>,
    known: usize,
    may_decide: bool,
}

/// A page whose change waits for a person.
struct Waiting {
    page: String,
    address: String,
    seen: String,
    told: String,
}

/// The changes that wait.
pub(in crate::web) async fn show(State(app): State<App>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let site = app.site(&visitor, &id)?;
    let shell = Shell::new(&visitor, "overview", format!("{}：页面基线", site.title()));
    let (evidence, rules) = (app.evidence.clone(), app.current().rules);
    let (known, waiting) = app
        .ask(move |store| {
            let known = store.baselines(&site.id)?;
            let pages = waiting(&known);
            let view = |difference: crate::baseline::Difference| Waiting {
                page: difference.after.page.clone(),
                address: shown(&difference.after.address),
                seen: figures::minute(difference.after.seen),
                told: told(std::slice::from_ref(&difference)),
            };
            let compared = compare(&known, &pages, &site, &rules, &evidence);
            Ok((known.pages().count(), compared.into_iter().map(view).collect()))
        })
        .await?;
    page(&BaselinesPage { shell, site: id, waiting, known, may_decide: visitor.may(Permission::Decide) })
}

/// The keys of the pages whose change waits.
fn waiting(known: &Baselines) -> Vec<String> {
    let waits = known.pages().filter(|page| known.waiting(&page.page).is_some());
    waits.map(|page| page.page.clone()).collect()
}

/// Makes a page good as it is.
pub(in crate::web) async fn accept(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let site = app.site(&visitor, &id)?;
    let key = fields.required("page", "页面")?.to_owned();
    let approval = Approval { by: visitor.actor(), at: app.now() };
    let note = visitor.action(app.now(), "baseline.accept", &site.id, key.clone());
    let kept = app.current().rules.tampering().kept;
    let accepted = app
        .ask(move |store| {
            if store.baselines(&site.id)?.waiting(&key).is_none() {
                return Ok(false);
            }
            store.accept(&site.id, &[key], &approval, kept, Some(&note))?;
            Ok(true)
        })
        .await?;
    if !accepted {
        return Err(Failure::NotFound);
    }
    Ok(Redirect::to(&format!("/sites/{id}/baselines")).into_response())
}
