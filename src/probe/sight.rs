//! Whether we see at all: others that are always there are asked, of each address family apart.
//!
//! Where most of them are silent, the fault is ours: what the probes see then is darkness, not an outage.

use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::config::References;

/// What we see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    /// Over IPv4; `None`: nobody was named to ask.
    pub v4: Option<bool>,
    /// Over IPv6.
    pub v6: Option<bool>,
}

impl Sight {
    /// Whether we see nothing over any family for which somebody was named.
    pub fn is_blind(self) -> bool {
        let known: Vec<bool> = [self.v4, self.v6].into_iter().flatten().collect();
        !known.is_empty() && known.iter().all(|sees| !sees)
    }
}

impl References {
    /// Asks all of them at once. A family is seen where at least half of its references answer, one at the least.
    pub async fn look(&self) -> Sight {
        let mut asked = JoinSet::new();
        for address in self.addresses.clone() {
            let timeout = self.timeout;
            asked.spawn(async move {
                let answered = tokio::time::timeout(timeout, TcpStream::connect(address)).await;
                (address.is_ipv4(), matches!(answered, Ok(Ok(_))))
            });
        }
        let answers: Vec<(bool, bool)> = asked.join_all().await;
        let sees = |v4: bool| {
            let of_family: Vec<bool> =
                answers.iter().filter(|(is_v4, _)| *is_v4 == v4).map(|(_, answered)| *answered).collect();
            let answered = of_family.iter().filter(|answered| **answered).count();
            (!of_family.is_empty()).then_some(answered > 0 && answered * 2 >= of_family.len())
        };
        Sight { v4: sees(true), v6: sees(false) }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::net::{TcpListener, TcpSocket};

    use super::*;

    /// A reference that answers, and one where nobody listens, nor can while it is held.
    async fn pair() -> (TcpListener, TcpSocket) {
        let up = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let down = TcpSocket::new_v4().unwrap();
        down.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        (up, down)
    }

    #[tokio::test]
    async fn half_of_them_are_enough() {
        let (up, down) = pair().await;
        let (there, gone) = (up.local_addr().unwrap(), down.local_addr().unwrap());
        for (addresses, expected) in [
            (vec![there], Some(true)),
            (vec![there, gone], Some(true)),
            (vec![there, gone, gone], Some(false)),
            (vec![gone], Some(false)),
            (vec![], None),
        ] {
            let references = References { addresses: addresses.clone(), timeout: Duration::from_secs(2) };
            let sight = references.look().await;
            assert_eq!(sight.v4, expected, "{addresses:?}");
            assert_eq!(sight.v6, None);
            assert_eq!(sight.is_blind(), expected == Some(false));
        }
    }
}
