//! The dashboard over real connections.

mod access;
mod dashboard;
mod handouts;
