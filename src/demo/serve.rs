//! The demo site on loopback.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderMap, Response, StatusCode, Uri, header},
};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use xxhash_rust::xxh3::xxh3_64;

use super::TODAY;
use super::hosts::Hosts;
use super::markup::SITE_NAME;
use super::resource::Resource;
use super::site::Site;
use crate::address::Address;
use crate::config::{self, Settings};
use crate::net::guard::Network;

/// The demo site while it is up; it stops when this is dropped.
pub struct Served {
    /// Where it listens.
    pub address: SocketAddr,
    /// Bound but not listening: whoever connects is refused, and nobody else can take the port.
    _refusing: [TcpSocket; 2],
    /// Closing it stops the servers.
    _stop: watch::Sender<()>,
}

/// Serves the demo site and its neighbours on free ports of loopback.
pub async fn serve() -> io::Result<Served> {
    let own = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let friend = TcpListener::from_std(bind_elsewhere(2)?)?;
    let lapsed = TcpListener::from_std(bind_elsewhere(5)?)?;
    let (closed, down) = (refusing(3)?, refusing(4)?);
    let hosts = Hosts {
        own: own.local_addr()?,
        friend: friend.local_addr()?,
        lapsed: lapsed.local_addr()?,
        closed: closed.local_addr()?,
        down: down.local_addr()?,
    };
    let (stop, stopped) = watch::channel(());
    run(own, Site::own(&hosts), stopped.clone());
    run(friend, Site::friend(), stopped.clone());
    run(lapsed, Site::lapsed(), stopped);
    Ok(Served { address: hosts.own, _refusing: [closed, down], _stop: stop })
}

impl Served {
    /// Its home page.
    pub fn home(&self) -> Address {
        Address::parse(&format!("http://{}/", self.address)).expect("a socket address makes a URL")
    }

    /// The settings of a demo scan: as of [`TODAY`], without pauses, and with budgets that a site of its size reaches.
    pub fn settings(&self, data_dir: &Path) -> Settings {
        let mut settings =
            Settings { sites: config::for_url(&self.home(), &[]).sites, ..Settings::in_folder(data_dir) };
        settings.sites.iter_mut().for_each(|site| site.name = Some(SITE_NAME.to_owned()));
        settings.today = Some(TODAY);
        settings.crawl.confirm_spacing = Duration::from_millis(50);
        settings.crawl.query_budget = 24;
        settings.crawl.template_budget = 60;
        settings.fetch.rate = None;
        settings.fetch.per_host = settings.crawl.in_flight;
        settings.fetch.allow_private =
            vec![Network { address: Ipv4Addr::new(127, 0, 0, 0).into(), prefix: 8 }];
        settings
    }
}

fn run(listener: TcpListener, site: Site, mut stopped: watch::Receiver<()>) {
    let router = Router::new().fallback(answer).with_state(Arc::new(site));
    let until = async move {
        // It never changes: what ends this is that the sender is gone.
        let _ = stopped.changed().await;
    };
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(until).await {
            tracing::error!(%error, "the demo site stopped");
        }
    });
}

/// Answers as a well-behaved server does: who knows what stands there is told that it has not changed.
async fn answer(State(site): State<Arc<Site>>, uri: Uri, asked: HeaderMap) -> Response<Body> {
    let Resource { status, content_type, location, delay, body } = site.answer(uri.path(), uri.query());
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let etag = format!("\"{:016x}\"", xxh3_64(&body));
    if status == 200 && asked.get(header::IF_NONE_MATCH).is_some_and(|known| known == etag.as_str()) {
        let unchanged = Response::builder().status(StatusCode::NOT_MODIFIED).header(header::ETAG, etag);
        return unchanged.body(Body::empty()).expect("the headers of the demo site are valid");
    }
    let mut response = Response::builder().status(status).header(header::CONTENT_TYPE, content_type);
    response = response.header(header::ETAG, etag);
    if let Some(location) = location {
        response = response.header(header::LOCATION, location);
    }
    response.body(Body::from(body.into_owned())).expect("statuses and headers of the demo site are valid")
}

/// Other hosts than the site's own: loopback addresses of their own where the system has them.
fn elsewhere(last: u8) -> [IpAddr; 2] {
    [Ipv4Addr::new(127, 0, 0, last).into(), Ipv4Addr::LOCALHOST.into()]
}

fn bind_elsewhere(last: u8) -> io::Result<std::net::TcpListener> {
    let [preferred, fallback] = elsewhere(last);
    let listener = std::net::TcpListener::bind((preferred, 0))
        .or_else(|_| std::net::TcpListener::bind((fallback, 0)))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn refusing(last: u8) -> io::Result<TcpSocket> {
    let [preferred, fallback] = elsewhere(last);
    let socket = TcpSocket::new_v4()?;
    socket.bind((preferred, 0).into()).or_else(|_| socket.bind((fallback, 0).into()))?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;

    async fn get(address: SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn answers_until_dropped() {
        let served = serve().await.unwrap();
        let address = served.address;
        assert!(get(address, "/").await.contains("示例省生态环境厅"));
        assert!(get(address, "/no/such/page.html").await.starts_with("HTTP/1.1 404"));
        assert!(get(address, "/old/tzgg/").await.contains("location: /xxgk/tzgg/"));
        assert!(get(address, "/rl/index.jsp?month=2031-01").await.contains("month=2031-02"));
        for refusing in &served._refusing {
            assert!(TcpStream::connect(refusing.local_addr().unwrap()).await.is_err());
        }
        drop(served);
        for _ in 0..100 {
            if TcpStream::connect(address).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("still listening");
    }
}
