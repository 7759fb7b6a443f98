//! Where the dashboard is served, and who may say who somebody is.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use serde::Serialize;

use super::section::Section;
use super::values;
use crate::net::guard::Network;

/// The port of the dashboard unless somebody says otherwise.
const PORT: u16 = 7070;

/// The dashboard and the interface for programs.
#[derive(Debug, Clone)]
pub struct Web {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Its address as browsers reach it, without a slash at the end: where a proxy stands before it.
    pub public_url: Option<String>,
    /// Logins that a proxy vouches for; `None`: everybody logs in here.
    pub proxy: Option<LoginProxy>,
}

/// A proxy that has people log in, and says who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginProxy {
    /// The header that carries the login, in small letters.
    pub header: String,
    /// Where such proxies are. The header of anybody else is worth nothing.
    pub trusted: Vec<Network>,
}

impl Default for Web {
    fn default() -> Self {
        let listen = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), PORT);
        Web { listen, public_url: None, proxy: None }
    }
}

impl LoginProxy {
    /// Whether a proxy at this address is believed.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(address.to_canonical()))
    }
}

/// Reads `[web]`.
pub(super) fn read(mut section: Section<'_>) -> Web {
    let mut web = Web::default();
    section.set("listen", "\"127.0.0.1:7070\"", &mut web.listen, |text: String| {
        text.parse().map_err(|_| format!("`{text}` is no IP address with a port"))
    });
    section.set("public_url", "\"https://warden.example.gov.cn\"", &mut web.public_url, |text: String| {
        let home = values::home(&text)?;
        let is_bare = home.url().path() == "/" && home.url().query().is_none();
        // As browsers name an origin: host in small letters, the usual port left out.
        let base = home.url().origin().ascii_serialization();
        if is_bare {
            Ok(Some(base))
        } else {
            Err(format!("`{text}` has a path; the dashboard stands at the root"))
        }
    });
    let (mut header, mut trusted) = (None, Vec::new());
    section.set("proxy_login_header", "\"X-Remote-User\"", &mut header, |text: String| {
        header_name(&text).map(Some)
    });
    section.set_list("trusted_proxies", "[\"127.0.0.1\"]", &mut trusted, values::network);
    web.proxy = match header {
        Some(header) if !trusted.is_empty() => Some(LoginProxy { header, trusted }),
        Some(_) => {
            section.wrong(
                "`proxy_login_header` without `trusted_proxies`: anybody could say who they are",
                "write for example `trusted_proxies = [\"127.0.0.1\"]`",
            );
            None
        }
        None if !trusted.is_empty() => {
            section.wrong(
                "`trusted_proxies` without `proxy_login_header`",
                "write for example `proxy_login_header = \"X-Remote-User\"`",
            );
            None
        }
        None => None,
    };
    section.finish();
    web
}

/// A header of its own: none that browsers send as they like.
fn header_name(text: &str) -> Result<String, String> {
    const BROWSERS: [&str; 6] = ["authorization", "cookie", "host", "origin", "referer", "user-agent"];
    let name = text.to_ascii_lowercase();
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    match () {
        () if name.is_empty() || !name.bytes().all(fits) => Err(format!("`{text}` is no name of a header")),
        () if BROWSERS.contains(&name.as_str()) => Err(format!("`{text}` is sent by browsers themselves")),
        () => Ok(name),
    }
}

#[derive(Serialize)]
pub(super) struct ShownWeb {
    listen: String,
    public_url: Option<String>,
    proxy_login_header: Option<String>,
    trusted_proxies: Vec<String>,
}

impl ShownWeb {
    pub(super) fn of(web: &Web) -> ShownWeb {
        let proxy = web.proxy.as_ref();
        ShownWeb {
            listen: web.listen.to_string(),
            public_url: web.public_url.clone(),
            proxy_login_header: proxy.map(|proxy| proxy.header.clone()),
            trusted_proxies: proxy
                .map(|proxy| proxy.trusted.iter().map(ToString::to_string).collect())
                .unwrap_or_default(),
        }
    }
}
