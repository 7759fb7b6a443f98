//! The demo site: an invented department site on loopback, with at least one fault for every check and traps that
//! must stay quiet.
//!
//! Texts and faults stand side by side in `site/*.toml`, so that nobody has to keep two lists; templates are HTML
//! files beside them. The site is built in memory once its ports are known, and serves nothing from disk. It is scanned
//! like any other site: nothing outside this module knows it.

mod content;
mod hosts;
mod markup;
mod planted;
mod resource;
mod serve;
mod site;
mod special;

use jiff::civil::{Date, date};

pub use planted::{Comparison, Planted, compare, planted};
pub use serve::{Served, serve};

/// The date that the demo site is made for, and judged by.
pub const TODAY: Date = date(2026, 11, 21);
