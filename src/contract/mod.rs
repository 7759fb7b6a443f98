//! What a contract of operation promised, and what came of it.
//!
//! [`assess`] is a plain function of what the record holds and of `now`: the same report run twice says the same. What
//! was promised stands in `rules/contracts/*.toml`; how long something was down is asked of [`ledger`](crate::ledger);
//! keeping tickets and exclusions belongs to [`store`](crate::store), wording to [`report`](crate::report).

mod assess;
mod exclusion;
mod limit;
mod marks;
mod material;
mod owed;
mod sheet;
mod ticket;

pub use assess::assess;
pub use exclusion::{Exclusion, ExclusionKind, Origin, Withdrawal, approved};
pub use marks::{Grade, Settlement, settle, total};
pub use material::{Alarm, Document, DocumentKind, FullScan, Material};
pub use owed::{Owed, Punctuality};
pub use sheet::{Assessed, Basis, Points, Sheet, Value, Verdict, Why};
pub use ticket::{Step, StepKind, Ticket};

#[cfg(test)]
mod tests;
