//! One binary for all integration tests, so that the crate is linked once.

mod checks;
mod demo;
mod real;
mod repo;
mod scans;
