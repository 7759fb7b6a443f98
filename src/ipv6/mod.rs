//! IPv6 support of a site: measured in pinned families, judged by `rules/ipv6.toml`.
//!
//! [`measure`] looks and writes down plain data, [`Measured`]; [`score`] makes of it an [`Assessment`] without network
//! or clock, so that old measurements can be judged by new rules. No request lets the system choose a family: names
//! are resolved here, and each connection, redirect and sub-resource keeps to one. A monitor whose own IPv6 does not
//! work knows nothing of a site's, and says so.

mod chain;
mod compare;
mod copies;
mod delays;
mod hosts;
mod judge;
mod judged;
mod links;
mod measure;
mod measured;
mod names;
#[cfg(test)]
pub(crate) mod sample;
mod score;
mod sheet;
mod vantage;
mod vigil;
mod visits;

pub use chain::{Chain, Cut, ServerTry};
pub use compare::{Consistency, Difference, Likeness, Part};
pub use hosts::{HostReach, Resource};
pub use links::{LinkFailure, LinkRate};
pub use measure::measure;
pub use measured::{KeptCopy, Measured, Opened, Opening, Reason, Trouble};
pub use names::{Aaaa, Names, ServerAnswer};
pub use score::score;
pub use sheet::{Assessment, Grade, Line, Standing, Total, View, ViewLine};
pub use vantage::{Reference, Vantage};
pub use vigil::{Beat, Vigil, one_visit, since};
pub use visits::{Phases, PortCheck, Visit, Visits};
