//! Documents that are handed in (材料): which kinds there are, for which periods, and how they are written.
//!
//! What stands in them is for [`report`](crate::report); when they are made, for the [`daemon`](crate::daemon).

mod format;
mod kind;

pub use format::PaperFormat;
pub use kind::Kind;
