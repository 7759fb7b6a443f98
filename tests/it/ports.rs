//! Addresses on loopback that stay a test's own while nobody listens there.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

/// Ports below those that the system gives to whoever asks for any, or connects: 32768 and more.
const PORTS: std::ops::Range<u16> = 10_000..32_000;
/// For one test: each runs in a process of its own, and neighbouring processes get neighbouring rows.
const OF_A_TEST: u16 = 16;

/// Another address that nobody listens at and that no other test of this run is given.
pub(crate) fn own_address() -> SocketAddr {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    let rows = u32::from((PORTS.end - PORTS.start) / OF_A_TEST);
    let row = u16::try_from(std::process::id() % rows).expect("fewer rows than ports");
    loop {
        let given = GIVEN.fetch_add(1, Ordering::Relaxed);
        assert!(
            given < OF_A_TEST,
            "every port of this test is given away or taken by a service of this machine"
        );
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, PORTS.start + row * OF_A_TEST + given));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}
