//! A mail server that speaks just enough, and fails as it is told.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use openssl::{
    pkey::PKey,
    ssl::{Ssl, SslAcceptor, SslMethod},
    x509::X509,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

/// What it does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MailFault {
    /// 421 instead of a greeting.
    Busy,
    /// No greeting at all.
    Silence,
    /// 535 to every login.
    Login,
    /// 450 to recipients that begin with `slow`, 550 to those that begin with `gone`.
    Recipients,
    /// 554 after the mail.
    Content,
    /// The connection is cut after the final dot; the mail is kept.
    Cut,
}

/// A mail as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) to: Vec<String>,
    pub(crate) text: String,
}

/// The mail server. It stops when it is dropped.
pub(crate) struct MailServer {
    at: SocketAddr,
    mails: Arc<Mutex<Vec<Mail>>>,
    fault: Arc<Mutex<Option<MailFault>>>,
    /// Its certificate, as a trust root.
    pem: String,
    _runtime: Runtime,
}

/// How it protects what is said to it.
#[derive(Clone)]
enum Protection {
    None,
    Offered(Arc<SslAcceptor>),
    Given,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

impl MailServer {
    /// A server that offers no TLS.
    pub(crate) fn start() -> MailServer {
        MailServer::with(String::new(), Protection::None)
    }

    /// A server that offers STARTTLS, with a certificate for `localhost`.
    pub(crate) fn with_starttls() -> MailServer {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
        let pem = made.cert.pem();
        let key = PKey::private_key_from_pem(made.signing_key.serialize_pem().as_bytes()).expect("a key");
        let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls()).expect("TLS");
        acceptor.set_private_key(&key).expect("a key");
        acceptor.set_certificate(&X509::from_pem(pem.as_bytes()).expect("a certificate")).expect("they fit");
        MailServer::with(pem, Protection::Offered(Arc::new(acceptor.build())))
    }

    fn with(pem: String, protection: Protection) -> MailServer {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port on loopback");
        let at = listener.local_addr().expect("it is bound");
        let (mails, fault) = (Arc::<Mutex<Vec<Mail>>>::default(), Arc::<Mutex<Option<MailFault>>>::default());
        let (kept, told) = (Arc::clone(&mails), Arc::clone(&fault));
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, fault) = (Arc::clone(&kept), *told.lock().expect("no session panics"));
                let protection = protection.clone();
                tokio::spawn(async move { serve(stream, fault, protection, &kept).await.ok() });
            }
        });
        MailServer { at, mails, fault, pem, _runtime: runtime }
    }

    /// Fails so from now on.
    pub(crate) fn fail(&self, fault: Option<MailFault>) {
        *self.fault.lock().expect("no session panics") = fault;
    }

    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    pub(crate) fn port(&self) -> u16 {
        self.at.port()
    }

    /// What it has taken, in order.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.mails.lock().expect("no session panics").clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    fault: Option<MailFault>,
    protection: Protection,
    kept: &Mutex<Vec<Mail>>,
) -> std::io::Result<()> {
    match fault {
        Some(MailFault::Silence) => return std::future::pending().await,
        Some(MailFault::Busy) => return stream.write_all(b"421 too busy\r\n").await,
        _ => stream.write_all(b"220 mail.example.test ESMTP\r\n").await?,
    }
    let clear: Box<dyn Stream> = Box::new(stream);
    let Some(clear) = session(clear, fault, &protection, kept).await? else { return Ok(()) };
    let Protection::Offered(acceptor) = protection else { return Ok(()) };
    let ssl = Ssl::new(acceptor.context())?;
    let mut sealed = tokio_openssl::SslStream::new(ssl, clear)?;
    std::pin::Pin::new(&mut sealed).accept().await.map_err(std::io::Error::other)?;
    session(Box::new(sealed), fault, &Protection::Given, kept).await.map(|_| ())
}

/// Talks until the end, or until TLS is wanted: then the stream is given back.
async fn session(
    stream: Box<dyn Stream>,
    fault: Option<MailFault>,
    protection: &Protection,
    kept: &Mutex<Vec<Mail>>,
) -> std::io::Result<Option<Box<dyn Stream>>> {
    let mut stream = BufReader::new(stream);
    let is_offered = matches!(protection, Protection::Offered(_));
    let mut to = Vec::new();
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let command = line.trim_end().to_owned();
        let upper = command.to_uppercase();
        let said = match upper.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" if is_offered => "250-mail.example.test\r\n250-8BITMIME\r\n250 STARTTLS",
            "EHLO" => "250-mail.example.test\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
            "STARTTLS" if is_offered => {
                stream.write_all(b"220 go on\r\n").await?;
                return Ok(Some(stream.into_inner()));
            }
            "AUTH" | "MAIL" if is_offered => "530 say STARTTLS first",
            "AUTH" if fault == Some(MailFault::Login) => "535 authentication failed",
            "AUTH" => "235 good",
            "MAIL" => "250 ok",
            "RCPT" if fault == Some(MailFault::Recipients) && upper.contains("<SLOW") => "450 later",
            "RCPT" if fault == Some(MailFault::Recipients) && upper.contains("<GONE") => "550 nobody here",
            "RCPT" => {
                to.push(command);
                "250 ok"
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let text = data(&mut stream).await?;
                if fault != Some(MailFault::Content) {
                    kept.lock().expect("no session panics").push(Mail { to: std::mem::take(&mut to), text });
                }
                match fault {
                    Some(MailFault::Cut) => return Ok(None),
                    Some(MailFault::Content) => "554 refused",
                    _ => "250 queued",
                }
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n").await?;
                return Ok(None);
            }
            _ => "502 unknown",
        };
        stream.write_all(format!("{said}\r\n").as_bytes()).await?;
    }
}

async fn data(stream: &mut BufReader<Box<dyn Stream>>) -> std::io::Result<String> {
    let mut text = String::new();
    loop {
        let before = text.len();
        if stream.read_line(&mut text).await? == 0 || &text[before..] == ".\r\n" {
            text.truncate(before);
            return Ok(text);
        }
    }
}
