//! How one metric stands, before its rule makes points of it.

use super::sheet::Standing;

/// How a metric stands.
pub(super) struct Judged {
    pub(super) standing: Standing,
    /// Share of the points, from 0 to 1.
    pub(super) share: f64,
    /// What was measured, in Chinese.
    pub(super) said: String,
}

pub(super) fn unknown(said: String) -> Judged {
    Judged { standing: Standing::Unknown, share: 0.0, said }
}

pub(super) fn failed(said: String) -> Judged {
    Judged { standing: Standing::Failed, share: 0.0, said }
}

pub(super) fn share(part: usize, whole: usize, said: String) -> Judged {
    let share = if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    let standing = match (part, whole) {
        (_, 0) => Standing::Unknown,
        (0, _) => Standing::Failed,
        _ if part == whole => Standing::Met,
        _ => Standing::Partial,
    };
    Judged { standing, share, said }
}
