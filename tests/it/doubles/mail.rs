//! A mail server that speaks just enough, and fails as it is told.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
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
    _runtime: Runtime,
}

impl MailServer {
    pub(crate) fn start() -> MailServer {
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
                tokio::spawn(async move { serve(stream, fault, &kept).await.ok() });
            }
        });
        MailServer { at, mails, fault, _runtime: runtime }
    }

    /// Fails so from now on.
    pub(crate) fn fail(&self, fault: Option<MailFault>) {
        *self.fault.lock().expect("no session panics") = fault;
    }

    pub(crate) fn port(&self) -> u16 {
        self.at.port()
    }

    /// What it has taken, in order.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.mails.lock().expect("no session panics").clone()
    }
}

async fn serve(stream: TcpStream, fault: Option<MailFault>, kept: &Mutex<Vec<Mail>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    match fault {
        Some(MailFault::Silence) => return std::future::pending().await,
        Some(MailFault::Busy) => return stream.write_all(b"421 too busy\r\n").await,
        _ => stream.write_all(b"220 mail.example.test ESMTP\r\n").await?,
    }
    let mut to = Vec::new();
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_owned();
        let upper = command.to_uppercase();
        let said = match upper.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-mail.example.test\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
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
                    Some(MailFault::Cut) => return Ok(()),
                    Some(MailFault::Content) => "554 refused",
                    _ => "250 queued",
                }
            }
            "QUIT" => return stream.write_all(b"221 bye\r\n").await,
            _ => "502 unknown",
        };
        stream.write_all(format!("{said}\r\n").as_bytes()).await?;
    }
}

async fn data(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut text = String::new();
    loop {
        let before = text.len();
        if stream.read_line(&mut text).await? == 0 || &text[before..] == ".\r\n" {
            text.truncate(before);
            return Ok(text);
        }
    }
}
