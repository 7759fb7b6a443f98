//! One file per group of pages.

pub(super) mod account;
pub(super) mod ack;
pub(super) mod audit;
pub(super) mod availability;
pub(super) mod check;
pub(super) mod contract;
pub(super) mod finding;
pub(super) mod findings;
pub(super) mod handouts;
pub(super) mod health;
pub(super) mod imports;
pub(super) mod incidents;
pub(super) mod login;
pub(super) mod overview;
pub(super) mod papers;
pub(super) mod people;
pub(super) mod setup;
pub(super) mod site;
pub(super) mod tickets;
pub(super) mod tokens;
