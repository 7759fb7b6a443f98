//! Asking every check, each on its own: one that panics is reported as "could not run" and harms no other.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{ALL, Attachment, Check, Context, Findings};
use crate::facts::{CouldNotRun, PageKind};
use crate::finding::{Finding, excused};
use crate::page::{Page, Program};
use crate::snapshot::Snapshot;
use crate::template::Fold;

fn asked<'a>(context: &'a Context<'_>) -> impl Iterator<Item = &'static dyn Check> + 'a {
    ALL.iter().copied().filter(|check| context.asks(check.about().id))
}

/// Asks every check about a page.
pub fn run_page(page: &Page, context: &Context<'_>) -> (Vec<Finding>, Vec<CouldNotRun>) {
    let (mut findings, failed) =
        run_each(page.address.as_str(), context, |check, found| check.page(page, context, found));
    for finding in &mut findings {
        finding.kind = page.kind;
    }
    (findings, failed)
}

/// Asks every check about a script in a file of its own.
pub fn run_program(program: &Program, context: &Context<'_>) -> (Vec<Finding>, Vec<CouldNotRun>) {
    run_each(program.address().as_str(), context, |check, found| check.program(program, context, found))
}

/// Asks every check about a file that a page offers.
pub(super) fn run_attachment(
    attachment: &Attachment<'_>,
    context: &Context<'_>,
) -> (Vec<Finding>, Vec<CouldNotRun>) {
    let address = attachment.address.as_str();
    run_each(address, context, |check, found| check.attachment(attachment, context, found))
}

/// Asks every check about what lies at an address.
fn run_each(
    address: &str,
    context: &Context<'_>,
    ask: impl Fn(&dyn Check, &mut Findings<'_>),
) -> (Vec<Finding>, Vec<CouldNotRun>) {
    let (mut findings, mut failed) = (Vec::new(), Vec::new());
    for check in asked(context) {
        let before = findings.len();
        let ask = || ask(check, &mut Findings::new(check.about(), &mut findings));
        if catch_unwind(AssertUnwindSafe(ask)).is_err() {
            findings.truncate(before);
            failed.push(could_not_run(check, Some(address)));
        }
    }
    findings.retain(|finding| !is_allowed(finding, context));
    (findings, failed)
}

/// Asks every check about the site; what it finds on most pages of a kind comes back as one finding.
pub fn run_site(
    snapshot: &dyn Snapshot,
    context: &Context<'_>,
    pages: &dyn Fn(PageKind) -> u64,
) -> (Vec<Finding>, Vec<CouldNotRun>) {
    let (mut findings, mut failed) = (Vec::new(), Vec::new());
    for check in asked(context) {
        let mut fold = Fold::default();
        let ask = || check.site(snapshot, context, &mut Findings::new(check.about(), &mut fold));
        match catch_unwind(AssertUnwindSafe(ask)) {
            Ok(()) => findings.extend(fold.finish(pages)),
            Err(_) => failed.push(could_not_run(check, None)),
        }
    }
    findings.retain(|finding| !is_allowed(finding, context));
    (findings, failed)
}

pub(super) fn could_not_run(check: &dyn Check, page: Option<&str>) -> CouldNotRun {
    let check = check.about().id;
    tracing::error!(check, page, "a check panicked and is left out here");
    CouldNotRun { check: check.to_owned(), page: page.map(str::to_owned) }
}

/// Whether the site's own exceptions excuse a finding: an entry names what was found, or `check-id:what`.
pub(super) fn is_allowed(finding: &Finding, context: &Context<'_>) -> bool {
    excused(&context.site.allow, &finding.check)
        .any(|what| what == finding.what || finding.target.as_deref() == Some(what))
}
