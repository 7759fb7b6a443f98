//! Baselines: what the key pages of a site look like, and what a change of them is.
//!
//! A [`Portrait`] is the compact value of one page. Two of them give a [`Delta`], which the rules and what is known of
//! hosts turn into a [`Judgement`]: ordinary life of a site, a new dress, or an intruder. Which portrait is believed in
//! stands in [`Baselines`]; a change that would alarm is a [`Review`], which has been looked at again before anybody
//! hears of it. All of this is plain functions and data: fetching is for [`scan`](crate::scan), keeping for
//! [`store`](crate::store).

mod believed;
mod choice;
mod delta;
mod judgement;
mod picture;
mod portrait;
mod review;
mod sketch;
mod studio;
mod whole;

pub use believed::{Approval, Baseline, Baselines, Course, Difference, Standing, Taken};
pub use choice::{Chosen, choose};
pub use delta::{Delta, Field, Gains};
pub use judgement::{Change, Judgement, Knowledge};
pub use picture::{Picture, Repainted};
pub use portrait::{Blind, Portrait, Use, Word};
pub use review::{Recheck, Review, Watched};
pub use sketch::Sketch;
#[cfg(test)]
pub(crate) use studio::tests::portray;
pub use studio::{Look, Studio};
pub use whole::{Judged, Whole, whole};
