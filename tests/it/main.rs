//! One binary for all integration tests, so that the crate is linked once.

mod alerts;
mod asking;
mod bad_input;
mod check_text;
mod checks;
mod cloaking;
mod columns;
mod dark_links;
mod demo;
mod doubles;
mod hostile_text;
mod judge;
mod links;
mod pictures;
mod portal;
mod probe;
mod real;
mod rendered;
mod repo;
mod resume;
mod safety;
mod scans;
mod score;
mod server;
mod tampering;
mod words;
