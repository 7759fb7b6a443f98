//! What was entered and taken back, as the interface says it.

use jiff::Timestamp;
use serde::Serialize;

use crate::contract::Withdrawal;

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
