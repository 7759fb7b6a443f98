//! Taking back what was entered: as it is asked for, and as it is said.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::contract::Withdrawal;

/// A withdrawal, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Withdrawn {
    pub(super) reason: String,
}

/// When, by whom and why.
#[derive(Serialize)]
pub(super) struct WithdrawalObject {
    at: Timestamp,
    by: String,
    reason: String,
}

impl From<Withdrawal> for WithdrawalObject {
    fn from(Withdrawal { at, author: by, reason }: Withdrawal) -> WithdrawalObject {
        WithdrawalObject { at, by, reason }
    }
}
