//! The dashboard over real connections.

mod access;
mod browser;
mod dashboard;
mod findings;
mod people;
mod rendered;
mod seed;
mod sites;
