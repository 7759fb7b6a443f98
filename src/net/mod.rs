//! Below HTTP: names, addresses that may be connected to, clients, TLS.

pub mod certificate;
pub mod client;
pub mod connecting;
pub mod dns;
pub mod guard;
pub mod handshake;
#[cfg(feature = "legacy-tls")]
pub mod legacy_tls;
pub mod resolver;
