//! The addresses of the demo site and of those it links to.

use std::net::SocketAddr;

/// Where the site and its neighbours are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hosts {
    /// The site itself.
    pub(super) own: SocketAddr,
    /// Another site, which works.
    pub(super) friend: SocketAddr,
    /// A neighbour whose domain was bought by somebody else.
    pub(super) lapsed: SocketAddr,
    /// A host that refuses connections; one link leads there.
    pub(super) closed: SocketAddr,
    /// Another such host; many links lead there.
    pub(super) down: SocketAddr,
}
