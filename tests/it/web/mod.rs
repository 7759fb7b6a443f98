//! The dashboard over real connections.

mod access;
mod api;
mod check;
mod dashboard;
mod duty;
mod handouts;
mod imports;
mod record;
