//! The words of schema 1 for our enumerations. Programs compare them: they never change.

use crate::facts::{Gap, PageKind, Skip};
use crate::fetch::FailureKind;
use crate::finding::{Category, Confidence, Scope, Severity};
use crate::life::Life;
use crate::link::Verdict;
use crate::score::Standing;

pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

pub(crate) fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Note => "note",
        Confidence::Probable => "probable",
        Confidence::Confirmed => "confirmed",
    }
}

pub(crate) fn category(category: Category) -> &'static str {
    match category {
        Category::Availability => "availability",
        Category::Links => "links",
        Category::Images => "images",
        Category::Attachments => "attachments",
        Category::Tags => "tags",
        Category::Columns => "columns",
        Category::Services => "services",
        Category::Text => "text",
        Category::Layout => "layout",
        Category::Security => "security",
        Category::Intrusion => "intrusion",
    }
}

pub(crate) fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Page => "page",
        Scope::Template => "template",
        Scope::Site => "site",
    }
}

pub(crate) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "ok",
        Verdict::Redirected => "redirected",
        Verdict::Broken => "broken",
        Verdict::Suspect => "suspect",
        Verdict::Blocked => "blocked",
        Verdict::Degraded => "degraded",
        Verdict::Invalid => "invalid",
        Verdict::Unverified => "unverified",
    }
}

pub(crate) fn life(life: Life) -> &'static str {
    match life {
        Life::New => "new",
        Life::Open => "open",
        Life::Acknowledged => "acknowledged",
        Life::Dismissed => "dismissed",
        Life::Fixed => "fixed",
        Life::Reopened => "reopened",
    }
}

pub(crate) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Met => "met",
        Standing::Warning => "warning",
        Standing::Failed => "failed",
        Standing::NotMeasured => "not-measured",
    }
}

pub(crate) fn page_kind(kind: PageKind) -> &'static str {
    match kind {
        PageKind::Home => "home",
        PageKind::Column => "column",
        PageKind::Article => "article",
        PageKind::Service => "service",
        PageKind::Message => "message",
        PageKind::Search => "search",
        PageKind::Other => "other",
    }
}

pub(crate) fn skip(skip: Skip) -> &'static str {
    match skip {
        Skip::Robots => "robots",
        Skip::PageBudget => "page-budget",
        Skip::TrapBudget => "trap-budget",
        Skip::TrapShape => "trap-shape",
        Skip::HostDown => "host-down",
        Skip::Excluded => "excluded",
        Skip::Unread => "unread",
    }
}

pub(crate) fn gap(gap: Gap) -> &'static str {
    match gap {
        Gap::TooLarge => "too-large",
        Gap::Locked => "locked",
        Gap::NoText => "no-text",
        Gap::Damaged => "damaged",
        Gap::Foreign => "foreign",
    }
}

pub(crate) fn failure(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::NoSuchName => "no-such-name",
        FailureKind::NoAddress => "no-address",
        FailureKind::DnsError => "dns-error",
        FailureKind::DnsTimeout => "dns-timeout",
        FailureKind::ForbiddenAddress => "forbidden-address",
        FailureKind::ForbiddenPort => "forbidden-port",
        FailureKind::Refused => "refused",
        FailureKind::Unreachable => "unreachable",
        FailureKind::ConnectTimeout => "connect-timeout",
        FailureKind::Tls => "tls",
        FailureKind::Certificate => "certificate",
        FailureKind::Reset => "reset",
        FailureKind::FirstByteTimeout => "first-byte-timeout",
        FailureKind::BodyTimeout => "body-timeout",
        FailureKind::Deadline => "deadline",
        FailureKind::HeadersTooLarge => "headers-too-large",
        FailureKind::Protocol => "protocol",
        FailureKind::RedirectLoop => "redirect-loop",
        FailureKind::TooManyRedirects => "too-many-redirects",
        FailureKind::BadRedirect => "bad-redirect",
        FailureKind::Robots => "robots",
        FailureKind::OwnNetwork => "own-network",
    }
}
