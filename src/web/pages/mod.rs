//! One file per group of pages.

pub(super) mod account;
pub(super) mod ack;
pub(super) mod handouts;
pub(super) mod health;
pub(super) mod incidents;
pub(super) mod login;
pub(super) mod overview;
pub(super) mod setup;
