//! Words with systemd, where it started us (`Type=notify`): ready, alive, stopping.

use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};

/// Everything is up.
pub(super) fn ready() {
    say("READY=1");
}

/// Still alive; the watchdog of the unit waits for it.
pub(super) fn alive() {
    say("WATCHDOG=1");
}

/// About to end.
pub(super) fn stopping() {
    say("STOPPING=1");
}

/// Says something to whoever started us; nobody may listen.
fn say(word: &str) {
    let Some(path) = std::env::var_os("NOTIFY_SOCKET") else { return };
    let address = match path.as_bytes().split_first() {
        Some((b'@', name)) => SocketAddr::from_abstract_name(name),
        _ => SocketAddr::from_pathname(&path),
    };
    let said = address.and_then(|address| UnixDatagram::unbound()?.send_to_addr(word.as_bytes(), &address));
    if let Err(error) = said {
        tracing::debug!(%error, "the system was not told: {word}");
    }
}
