//! Which IP addresses may be connected to.

use std::net::IpAddr;

/// A network in CIDR form, e.g. `127.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    /// First address.
    pub address: IpAddr,
    /// Leading bits that count.
    pub prefix: u8,
}
