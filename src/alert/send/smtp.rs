//! One mail over one connection. What went wrong before the mail was handed over certainly did not arrive.

use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::{
    Error,
    authentication::{Credentials, Mechanism},
    client::{AsyncSmtpConnection, Certificate, TlsParameters},
    extension::ClientId,
};

use crate::alert::channel::{Letterhead, judge_mail};
use crate::alert::verdict::Verdict;
use crate::config::{Mail, MailTls};

/// Sends a mail.
pub(super) async fn send(mail: &Letterhead, timeout: Duration) -> Verdict {
    let envelope = match Envelope::new(Some(mail.from.clone()), vec![mail.to.clone()]) {
        Ok(envelope) => envelope,
        Err(error) => return Verdict::message(error.to_string()),
    };
    let mut connection = match ready(&mail.server, timeout).await {
        Ok(connection) => connection,
        Err(verdict) => return verdict,
    };
    match connection.send(&envelope, &mail.raw).await {
        Ok(response) => {
            // The server has the mail whatever it says to the farewell.
            let _ = connection.quit().await;
            judge_mail(response.code().into(), "")
        }
        Err(error) => {
            connection.abort().await;
            said(&error).unwrap_or_else(|| Verdict::undetermined("the connection broke during the mail"))
        }
    }
}

/// A connection over which a mail may be sent: protected as configured, and logged in.
async fn ready(server: &Mail, timeout: Duration) -> Result<AsyncSmtpConnection, Verdict> {
    let hello = ClientId::default();
    let tls = match server.tls {
        MailTls::Plain => None,
        MailTls::Starttls | MailTls::Implicit => Some(tls(server)?),
    };
    let at_once = tls.clone().filter(|_| server.tls == MailTls::Implicit);
    let address = (server.host.as_str(), server.port);
    let mut connection = AsyncSmtpConnection::connect_tokio1(address, Some(timeout), &hello, at_once, None)
        .await
        .map_err(|error| before(&error, "no connection"))?;
    if let (MailTls::Starttls, Some(tls)) = (server.tls, tls) {
        if !connection.can_starttls() {
            connection.abort().await;
            return Err(Verdict::channel("the server offers no STARTTLS; nothing was sent in clear"));
        }
        connection.starttls(tls, &hello).await.map_err(|error| before(&error, "no TLS"))?;
    }
    if let Some((name, password)) = &server.login {
        let credentials = Credentials::new(name.clone(), password.expose().to_owned());
        let login = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await;
        if let Err(error) = login {
            connection.abort().await;
            return Err(before(&error, "no login"));
        }
    }
    Ok(connection)
}

fn tls(server: &Mail) -> Result<TlsParameters, Verdict> {
    let unusable = |error: &dyn std::fmt::Display| Verdict::channel(format!("TLS: {error}"));
    let mut builder = TlsParameters::builder(server.host.clone());
    if let Some(path) = &server.ca {
        let pem = std::fs::read(path).map_err(|error| unusable(&error))?;
        builder =
            builder.add_root_certificate(Certificate::from_pem(&pem).map_err(|error| unusable(&error))?);
    }
    builder.build().map_err(|error| unusable(&error))
}

/// A failure before the mail was handed over. The words of the library may name the server, but hold no secret.
fn before(error: &Error, step: &str) -> Verdict {
    said(error).unwrap_or_else(|| Verdict::retry(format!("{step}: {error}")))
}

/// The verdict of the server, where it gave one.
fn said(error: &Error) -> Option<Verdict> {
    let status = error.status()?;
    let words = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    Some(judge_mail(status.into(), &words))
}
