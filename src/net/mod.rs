//! Below HTTP: names, addresses that may be connected to, clients, TLS.

pub mod guard;
