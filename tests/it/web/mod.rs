//! The dashboard over real connections.

mod access;
mod api;
mod browser;
mod check;
mod dashboard;
mod duty;
mod findings;
mod flow;
mod handouts;
mod hosts;
mod imports;
mod people;
mod record;
mod rendered;
mod seed;
mod sites;
