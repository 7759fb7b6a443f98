//! The vigil: home pages are visited over both families every few minutes, so that stability over a day can be judged.
//!
//! Not part of the [`rounds`](super::rounds): these ask whether a visitor gets in at all, by whichever family works, and
//! raise alarms; a vigil raises none and asks each family by itself.

use std::future::Future;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::hub::{Hub, Standing};
use crate::config::Site;
use crate::ipv6;
use crate::schedule;

/// Sites that are visited at a time.
const AT_ONCE: usize = 16;

/// Keeps vigil until `stop` resolves; begins anew with every configuration.
pub(super) async fn run(hub: Arc<Hub>, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    let mut changed = hub.changed();
    loop {
        let standing = hub.standing();
        let slots = Arc::new(Semaphore::new(AT_ONCE));
        let mut watching = JoinSet::new();
        for site in standing.settings.sites.clone() {
            watching.spawn(watch(hub.clone(), standing.clone(), site, slots.clone()));
        }
        // A visit that is cut off is none.
        tokio::select! {
            () = &mut stop => return,
            _ = changed.changed() => {}
        }
    }
}

async fn watch(hub: Arc<Hub>, standing: Arc<Standing>, site: Site, slots: Arc<Semaphore>) {
    let every = standing.settings.ipv6.stability_spacing;
    let mut due = Instant::now() + schedule::offset(&site.id, every);
    for turn in 0_usize.. {
        sleep_until(due).await;
        {
            let _slot = slots.acquire().await;
            if !standing.is_worked_at(&site, Timestamp::now()) {
                visit(&hub, &standing, &site, turn).await;
            }
        }
        // What was missed is not made up for.
        due = (due + every).max(Instant::now());
    }
}

async fn visit(hub: &Arc<Hub>, standing: &Standing, site: &Site, turn: usize) {
    let trouble = "IPv6 稳定性访问无法进行";
    let rules = standing.rules.ipv6();
    let visits = match ipv6::one_visit(&standing.settings, site, rules, turn).await {
        Ok(visits) => visits,
        Err(error) => return hub.trouble(trouble, &format!("{error:#}")),
    };
    hub.clear(trouble);
    if visits.is_empty() {
        return;
    }
    let (id, forget) = (site.id.clone(), ipv6::since(rules, Timestamp::now()));
    hub.ask(move |hub| hub.store.put_ipv6_visits(&id, visits, forget)).await;
}
