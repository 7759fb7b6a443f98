//! One file per group of pages.

pub(super) mod account;
pub(super) mod ack;
pub(super) mod availability;
pub(super) mod check;
pub(super) mod contract;
pub(super) mod handouts;
pub(super) mod health;
pub(super) mod imports;
pub(super) mod incidents;
pub(super) mod login;
pub(super) mod overview;
pub(super) mod setup;
pub(super) mod tickets;
