//! A small web server on loopback that misbehaves as it is told: a table of addresses and what each of them answers.
//! It notes every request and stops when it is dropped.

use std::{
    collections::HashMap,
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use sitewarden::address::Address;
use sitewarden::config::{Settings, Site, values};
use sitewarden::fetch::Transport;
use sitewarden::report::Report;
use sitewarden::scan::{ScanError, Scanned, Scanner};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

use crate::scans;

/// Time between two bytes of [`Reply::Drip`].
const DRIP: Duration = Duration::from_millis(100);

/// What comes back for a request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Status and header lines without the last line end, and a body with its right length.
    Answer(String, Vec<u8>),
    /// The connection is reset.
    Reset,
    /// 100 kB of page are promised and come byte by byte.
    Drip,
    /// A page that repeats these bytes for as long as anybody listens.
    Endless(&'static [u8]),
}

impl Reply {
    /// A page in UTF-8.
    pub(crate) fn page(html: impl AsRef<str>) -> Reply {
        Reply::file("text/html; charset=utf-8", html.as_ref())
    }

    /// Whatever its bytes are, under this type.
    pub(crate) fn file(content_type: &str, body: impl AsRef<[u8]>) -> Reply {
        Reply::Answer(format!("200 OK\r\nContent-Type: {content_type}"), body.as_ref().to_owned())
    }

    /// A status, with further header lines, and next to no body.
    pub(crate) fn status(head: &str) -> Reply {
        Reply::Answer(format!("{head}\r\nContent-Type: text/html"), b"<p>status</p>".to_vec())
    }

    /// A redirect.
    pub(crate) fn to(location: &str) -> Reply {
        Reply::Answer(format!("302 Found\r\nLocation: {location}"), Vec::new())
    }
}

type Rule = Box<dyn Fn(&str) -> Reply + Send + Sync>;

type Eye = Box<dyn Fn(&Asked) -> Option<Reply> + Send + Sync>;

/// What is answered where. Everything else is 404.
#[derive(Default)]
pub(crate) struct Routes {
    exact: HashMap<String, Vec<Reply>>,
    below: Vec<(String, Rule)>,
    eye: Option<Eye>,
}

impl Routes {
    /// `target` (path and query as requested) always answers the same.
    pub(crate) fn at(self, target: &str, reply: Reply) -> Routes {
        self.turns(target, [reply])
    }

    /// `target` answers one after the other; the last one stays.
    pub(crate) fn turns(mut self, target: &str, replies: impl IntoIterator<Item = Reply>) -> Routes {
        self.exact.insert(target.to_owned(), replies.into_iter().collect());
        self
    }

    /// Everything that begins with `prefix` and is not in the table is answered by `rule`, which gets the target.
    pub(crate) fn below(
        mut self,
        prefix: &str,
        rule: impl Fn(&str) -> Reply + Send + Sync + 'static,
    ) -> Routes {
        self.below.push((prefix.to_owned(), Box::new(rule)));
        self
    }

    /// Whoever `eye` has an answer for gets it, whatever the table says.
    pub(crate) fn eyeing(self, eye: impl Fn(&Asked) -> Option<Reply> + Send + Sync + 'static) -> Routes {
        Routes { eye: Some(Box::new(eye)), ..self }
    }

    fn reply(&self, asked: &Asked, before: usize) -> Reply {
        if asked.method != "GET" {
            return Reply::status("404 Not Found");
        }
        if let Some(reply) = self.eye.as_ref().and_then(|eye| eye(asked)) {
            return reply;
        }
        if let Some(replies) = self.exact.get(&asked.target) {
            return replies[before.min(replies.len() - 1)].clone();
        }
        let rule = self.below.iter().find(|(prefix, _)| asked.target.starts_with(prefix));
        rule.map_or_else(|| Reply::status("404 Not Found"), |(_, rule)| rule(&asked.target))
    }
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) at: Instant,
    /// Everything up to the empty line.
    pub(crate) head: String,
}

/// The server.
pub(crate) struct Server {
    at: SocketAddr,
    log: Arc<Mutex<Vec<Asked>>>,
    /// Everything it does runs here and ends with it.
    _runtime: Runtime,
}

impl Server {
    /// Serves a table.
    pub(crate) fn start(routes: Routes) -> Server {
        Server::at("127.0.0.1:0", routes)
    }

    /// Serves a table at this address.
    pub(crate) fn at(address: &str, routes: Routes) -> Server {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind(address)).expect("a free port");
        let at = listener.local_addr().expect("it is bound");
        let log = Arc::<Mutex<Vec<Asked>>>::default();
        let (noted, routes) = (Arc::clone(&log), Arc::new(routes));
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&routes), Arc::clone(&noted)));
            }
        });
        Server { at, log, _runtime: runtime }
    }

    /// Its home page.
    pub(crate) fn home(&self) -> String {
        format!("http://{}/", self.at)
    }

    /// Every request so far, in order of arrival.
    pub(crate) fn log(&self) -> Vec<Asked> {
        self.log.lock().expect("no request panics").clone()
    }

    /// Scans it, with settings that suit a test and may be changed further, and gives the report.
    pub(crate) fn scan(&self, change: impl FnOnce(&mut Settings)) -> Report {
        let data = tempfile::tempdir().expect("a scratch folder");
        self.scan_into(data.path(), change).expect("the scan does its work")
    }

    /// Scans it with the data in a folder.
    pub(crate) fn scan_into(
        &self,
        data: &Path,
        change: impl FnOnce(&mut Settings),
    ) -> Result<Report, ScanError> {
        let (scanner, transport) = self.scanner(data, change)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        match runtime.block_on(scanner.scan(transport, &(), std::future::pending()))? {
            Scanned::Done(report) => Ok(*report),
            Scanned::Stopped => unreachable!("nobody stops it"),
        }
    }

    /// Who scans it, with the data in a folder, and over what.
    pub(crate) fn scanner(
        &self,
        data: &Path,
        change: impl FnOnce(&mut Settings),
    ) -> Result<(Scanner, Transport), ScanError> {
        let mut settings = settings(data);
        settings.sites = vec![Site::at(&Address::parse(&self.home()).expect("a good address"), &[])];
        change(&mut settings);
        let site = settings.sites[0].clone();
        let transport = Transport::network(&settings.fetch).expect("the network side is set up");
        Ok((Scanner::open(settings, site, jiff::Timestamp::now())?, transport))
    }
}

/// Settings that reach loopback and soon give up what hangs, but not what a busy machine holds up.
fn settings(data: &Path) -> Settings {
    let mut settings = scans::settings(data);
    settings.fetch.allow_private = vec![values::network("127.0.0.0/8").expect("a network")];
    settings.fetch.deadlines.idle = Duration::from_secs(1);
    settings.fetch.patience.first = Duration::from_millis(10);
    settings.crawl.template_budget = 20;
    settings.crawl.query_budget = 20;
    settings
}

async fn serve(mut stream: TcpStream, routes: Arc<Routes>, log: Arc<Mutex<Vec<Asked>>>) {
    let Some(asked) = head(&mut stream).await else { return };
    let before = {
        let mut log = log.lock().expect("no request panics");
        log.push(asked.clone());
        log.iter().filter(|other| other.target == asked.target).count() - 1
    };
    // The client may go away at any moment; that is its right.
    let _ = answer(&mut stream, routes.reply(&asked, before)).await;
}

async fn head(stream: &mut TcpStream) -> Option<Asked> {
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n\r\n") {
        text.push(stream.read_u8().await.ok()?);
    }
    let text = String::from_utf8(text).ok()?;
    let mut words = text.split(' ').map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    Some(Asked { method, target, at: Instant::now(), head: text })
}

async fn answer(stream: &mut TcpStream, reply: Reply) -> std::io::Result<()> {
    const PAGE: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n";
    match reply {
        Reply::Answer(head, body) => {
            let length = body.len();
            let head = format!("HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
            stream.write_all(&[head.as_bytes(), &body].concat()).await?;
            stream.shutdown().await?;
            // What the client still sends is read, so that closing does not become a reset.
            tokio::io::copy(stream, &mut tokio::io::sink()).await?;
        }
        Reply::Reset => stream.set_zero_linger()?,
        Reply::Drip => {
            stream.write_all(format!("{PAGE}Content-Length: 100000\r\n\r\n").as_bytes()).await?;
            loop {
                stream.write_all(b"x").await?;
                tokio::time::sleep(DRIP).await;
            }
        }
        Reply::Endless(unit) => {
            stream.write_all(format!("{PAGE}\r\n").as_bytes()).await?;
            let piece = unit.repeat((64 << 10) / unit.len());
            loop {
                stream.write_all(&piece).await?;
            }
        }
    }
    Ok(())
}
