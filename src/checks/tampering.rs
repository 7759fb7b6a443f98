//! Key pages that are no longer what their keepers made them.

mod wording;

use super::{About, Check, Context, Findings, check};
use crate::baseline::{Change, Judged, Knowledge, Watched, Whole, whole};
use crate::finding::{Confidence, Severity};
use crate::snapshot::Snapshot;

/// Pages that a finding about many names.
const SAMPLES: usize = 10;

check! {
    /// A key page (home, a column, one of the sampled articles) differs from its baseline in a way that pages do not
    /// change by themselves: it has another text under another name, scripts, frames, forms or a block of links of
    /// strangers, or words of crimes and of defacers; or another picture where visitors know the site by it.
    ///
    /// Each change was looked at again, some time apart and past caches, before it is reported; firewalls, notices of
    /// maintenance and half-deployed pages are no change. Without a baseline that a person approved of, a change is at
    /// most probable unless its words leave no doubt. What most of the compared pages share is one finding.
    ///
    /// ## Why it matters
    /// Tampered pages speak in the name of the government. If they are not dealt with in time, that alone fails the
    /// site, and the law counts the hours.
    ///
    /// ## What to do
    /// Keep the originals, compare them (`sitewarden baseline diff`), restore the page and find out how it came about.
    /// Where the change is yours, say so: `sitewarden baseline accept`. For a host that the site has taken on, add
    /// `tampering:<host>` to its `allow` list.
    Tampering, id: "tampering", name: "页面疑被篡改", category: Intrusion, severity: High,
    advice: "请先保全变化前后的页面原件，再与发布记录核对：非本单位所为的，立即恢复页面、排查入侵途径并按规定报告；确属正常改动的，用 sitewarden baseline accept 认可新的基线。"
}

impl Check for Tampering {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn site(&self, _: &dyn Snapshot, context: &Context<'_>, found: &mut Findings<'_>) {
        let Some(watched) = context.watched else { return };
        let knowledge = Knowledge { site: context.site, rules: context.rules };
        let judged = judged(watched, &knowledge);
        let shared = whole(&judged, watched.compared, &knowledge);
        let is_shared = |one: &Judged<'_>| {
            shared.as_ref().is_some_and(|(_, pages)| pages.iter().any(|other| std::ptr::eq(*other, one)))
        };
        for one in judged.iter().filter(|one| !is_shared(one)) {
            report_page(one, found);
        }
        if let Some((whole, pages)) = shared {
            report_whole(whole, &pages, watched.compared, found);
        }
    }
}

/// The changes that still stood when they were looked at again, with what they mean.
fn judged<'w>(watched: &'w Watched, knowledge: &Knowledge<'_>) -> Vec<Judged<'w>> {
    let standing = watched.reviews.iter().filter(|review| !review.is_settled());
    standing
        .map(|review| {
            let delta = review.delta();
            let judgement = knowledge.judge(&delta, review.is_approved);
            Judged { review, delta, judgement }
        })
        .collect()
}

fn report_page(one: &Judged<'_>, found: &mut Findings<'_>) {
    let Some((severity, confidence)) = one.judgement.alarm else { return };
    let (severity, confidence) = match one.review.is_confirmed() {
        true => (severity, confidence),
        // What was seen once and could not be seen again raises no alarm.
        false => (severity.min(Severity::Medium), Confidence::Note),
    };
    found
        .add(&one.review.address, wording::identity(one), wording::of_page(one))
        .kind(one.review.before.kind)
        .severity(severity)
        .confidence(confidence);
}

fn report_whole(whole: Whole, pages: &[&Judged<'_>], compared: u64, found: &mut Findings<'_>) {
    let Some(first) = pages.first() else { return };
    // Not all of them were looked at again.
    let is_confirmed = pages.iter().any(|one| one.review.is_confirmed());
    let (severity, confidence) = match whole {
        Whole::Redesigned | Whole::Renamed => (Severity::Low, Confidence::Note),
        Whole::Moved => (Severity::Medium, Confidence::Probable),
        Whole::Attacked if is_confirmed && first.judgement.change == Change::Phrase => {
            (Severity::Critical, Confidence::Confirmed)
        }
        Whole::Attacked if is_confirmed => (Severity::Critical, Confidence::Probable),
        Whole::Attacked => (Severity::Medium, Confidence::Note),
    };
    let samples = pages.iter().take(SAMPLES).map(|one| one.review.address.clone()).collect();
    found
        .add(
            &first.review.address,
            format!("site {}", wording::identity(first)),
            wording::of_site(whole, pages.len(), compared, first),
        )
        .kind(first.review.before.kind)
        .severity(severity)
        .confidence(confidence)
        .site_wide(pages.len() as u64, samples);
}
