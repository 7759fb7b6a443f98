//! What an error of the libraries below means: their chains of causes become one [`FailureKind`].

use std::{error::Error, io};

use super::FailureKind;
use crate::net::{connecting::ConnectTimedOut, resolver::ResolveError};

/// Causes looked at; real chains have about six.
const CAUSES: usize = 24;

/// `EMFILE` and `ENFILE`: we are out of file handles.
const OUT_OF_HANDLES: [i32; 2] = [24, 23];

/// The kind of an error, the first cause that names one winning.
pub(super) fn kind(error: &(dyn Error + 'static)) -> FailureKind {
    causes(error).find_map(kind_of).unwrap_or(FailureKind::Protocol)
}

/// The kind of an error met while connecting to a server that should speak TLS: one that hangs up in the middle of
/// the handshake has refused it.
pub(super) fn kind_of_connecting(error: &(dyn Error + 'static), tls: bool) -> FailureKind {
    match kind(error) {
        FailureKind::Reset if tls && is_cut_short(error) => FailureKind::Tls,
        kind => kind,
    }
}

/// Whether the other side closed in good order, but too early.
pub(super) fn is_cut_short(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof)
            || cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_incomplete_message)
    })
}

/// The whole chain in words, for logs and evidence.
pub(super) fn words(error: &(dyn Error + 'static)) -> String {
    let mut words = String::new();
    for cause in causes(error) {
        let text = cause.to_string();
        if words.ends_with(&text) {
            continue; // Wrappers repeat what they wrap.
        }
        if !words.is_empty() {
            words.push_str(": ");
        }
        words.push_str(&text);
    }
    words
}

/// The error, what caused it, and so on. Looks into an I/O error, which hides what it wraps from `source`.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |cause| beneath(*cause)).take(CAUSES)
}

fn beneath<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inside) => Some(inside),
        None => cause.source(),
    }
}

fn kind_of(cause: &(dyn Error + 'static)) -> Option<FailureKind> {
    if let Some(error) = cause.downcast_ref::<ResolveError>() {
        return Some(error.kind);
    }
    if cause.is::<ConnectTimedOut>() {
        return Some(FailureKind::ConnectTimeout);
    }
    if let Some(error) = cause.downcast_ref::<rustls::Error>() {
        return Some(match error {
            rustls::Error::InvalidCertificate(_) => FailureKind::Certificate,
            _ => FailureKind::Tls,
        });
    }
    if let Some(error) = cause.downcast_ref::<hyper::Error>() {
        return kind_of_http(error);
    }
    cause.downcast_ref::<io::Error>().and_then(kind_of_io)
}

fn kind_of_http(error: &hyper::Error) -> Option<FailureKind> {
    if error.is_parse_too_large() {
        Some(FailureKind::HeadersTooLarge)
    } else if error.is_parse() {
        Some(FailureKind::Protocol)
    } else if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
        Some(FailureKind::Reset)
    } else {
        None
    }
}

fn kind_of_io(error: &io::Error) -> Option<FailureKind> {
    use io::ErrorKind::*;
    if error.raw_os_error().is_some_and(|code| OUT_OF_HANDLES.contains(&code)) {
        return Some(FailureKind::OwnNetwork);
    }
    Some(match error.kind() {
        ConnectionRefused => FailureKind::Refused,
        ConnectionReset | ConnectionAborted | BrokenPipe | NotConnected | UnexpectedEof => FailureKind::Reset,
        HostUnreachable | NetworkUnreachable => FailureKind::Unreachable,
        TimedOut => FailureKind::ConnectTimeout,
        NetworkDown | AddrNotAvailable | PermissionDenied => FailureKind::OwnNetwork,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(error: impl Error + 'static, expected: FailureKind) {
        assert_eq!(kind(&error), expected, "{error}");
    }

    #[test]
    fn finds_the_cause_that_says_most() {
        use rustls::{AlertDescription, CertificateError, Error as Tls};
        check(io::Error::from(io::ErrorKind::ConnectionRefused), FailureKind::Refused);
        check(io::Error::from(io::ErrorKind::ConnectionReset), FailureKind::Reset);
        check(io::Error::from(io::ErrorKind::HostUnreachable), FailureKind::Unreachable);
        check(io::Error::from(io::ErrorKind::AddrNotAvailable), FailureKind::OwnNetwork);
        check(io::Error::from_raw_os_error(24), FailureKind::OwnNetwork);
        check(io::Error::other(Tls::InvalidCertificate(CertificateError::Expired)), FailureKind::Certificate);
        check(io::Error::other(Tls::AlertReceived(AlertDescription::ProtocolVersion)), FailureKind::Tls);
        check(
            io::Error::other(io::Error::other(Tls::InvalidCertificate(CertificateError::UnknownIssuer))),
            FailureKind::Certificate,
        );
        check(io::Error::other("nobody knows"), FailureKind::Protocol);
        let resolving = ResolveError { kind: FailureKind::NoSuchName, detail: "a.test".to_owned() };
        check(io::Error::other(resolving), FailureKind::NoSuchName);
    }

    #[test]
    fn words_do_not_repeat_themselves() {
        let error = io::Error::other(io::Error::other("handshake failed"));
        assert_eq!(words(&error), "handshake failed");
    }

    #[test]
    fn a_hang_up_in_the_handshake_is_a_matter_of_tls() {
        let hung_up = || io::Error::new(io::ErrorKind::UnexpectedEof, "tls handshake eof");
        assert_eq!(kind_of_connecting(&hung_up(), true), FailureKind::Tls);
        assert_eq!(kind_of_connecting(&hung_up(), false), FailureKind::Reset);
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        assert_eq!(kind_of_connecting(&reset, true), FailureKind::Reset);
    }
}
