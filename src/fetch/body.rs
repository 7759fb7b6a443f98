//! Reading a body: never too much, never too slowly.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Response;
use tokio::time::{Instant, sleep_until};

use super::{FailureKind, classify};

/// Bytes that must arrive within each idle deadline. A server that trickles less holds a connection for hours
/// without ever being silent.
const DRIP_BYTES: u64 = 1 << 10;
/// Memory set aside on a server's word about its length.
const TRUSTED_LENGTH: u64 = 1 << 20;

/// What arrived.
pub(super) struct Wire {
    pub(super) bytes: Bytes,
    pub(super) end: WireEnd,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WireEnd {
    Complete,
    Capped,
    Truncated,
    Failed(FailureKind, String),
}

/// The limits of one body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) bytes: u64,
    pub(super) idle: Duration,
    pub(super) deadline: Instant,
}

/// Reads a body until it ends, fails, or reaches a limit; says how, and keeps what came.
pub(super) async fn read(response: &mut Response, limits: Limits) -> Wire {
    let expected = response.content_length().unwrap_or(0).min(limits.bytes).min(TRUSTED_LENGTH);
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0));
    let mut alarm = std::pin::pin!(sleep_until(limits.deadline.min(Instant::now() + limits.idle)));
    let mut due = DRIP_BYTES; // What must have come by the time the alarm rings.
    let end = loop {
        let chunk = tokio::select! {
            biased;
            chunk = response.chunk() => chunk,
            () = &mut alarm => break late(bytes.len(), limits),
        };
        match chunk {
            Ok(None) => break WireEnd::Complete,
            Ok(Some(chunk)) => {
                let room = limits.bytes - bytes.len() as u64;
                if chunk.len() as u64 > room {
                    bytes.extend_from_slice(&chunk[..usize::try_from(room).unwrap_or(chunk.len())]);
                    break WireEnd::Capped;
                }
                bytes.extend_from_slice(&chunk);
                let now = Instant::now();
                if now >= limits.deadline {
                    break late(bytes.len(), limits); // A flood keeps the alarm from being looked at.
                }
                if bytes.len() as u64 >= due {
                    due = bytes.len() as u64 + DRIP_BYTES;
                    alarm.as_mut().reset(limits.deadline.min(now + limits.idle));
                }
            }
            Err(error) if classify::is_cut_short(&error) => break WireEnd::Truncated,
            Err(error) => break WireEnd::Failed(classify::kind(&error), classify::words(&error)),
        }
    };
    Wire { bytes: bytes.into(), end }
}

fn late(received: usize, limits: Limits) -> WireEnd {
    if Instant::now() >= limits.deadline {
        WireEnd::Failed(FailureKind::Deadline, format!("{received} bytes of the body by the deadline"))
    } else {
        let detail = format!("less than {DRIP_BYTES} bytes in {:?}, after {received}", limits.idle);
        WireEnd::Failed(FailureKind::BodyTimeout, detail)
    }
}
