//! Taking stock at the end of a scan: the link graph, what was seen of the hosts, and what was known before.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;

use super::{ExternalHost, Inventory, UNKNOWN, name};
use crate::address::Address;
use crate::facts::{TargetId, Visit};
use crate::fetch::FailureKind;
use crate::indicators::Hosts;
use crate::link::Verdict;
use crate::link::landing::{self, HostState, Landing, Print, Signs, Standing};
use crate::link::portrait::View;
use crate::snapshot::Snapshot;

/// Hosts of one site that are kept. Real sites have hundreds; beyond lies a site that is itself made of links.
const MOST: usize = 5_000;
/// Pages that are named of a host.
const SAMPLES: usize = 10;

/// What taking stock needs to know besides the scan.
pub struct Stock<'a> {
    /// Known hosts.
    pub hosts: &'a Hosts,
    /// From when on what was seen says something.
    pub signs: &'a Signs,
    /// What was known before.
    pub before: &'a Inventory,
    /// The day of the scan.
    pub today: Date,
}

/// A host as one scan met it.
#[derive(Default)]
struct Met {
    address: String,
    pages: u64,
    /// The page counted last: links of one page come together.
    last: Option<TargetId>,
    samples: BTreeSet<String>,
    answered: bool,
    refused: Option<String>,
    gone: Option<FailureKind>,
}

/// The hosts that a scan met, judged, by name.
pub fn take(snapshot: &dyn Snapshot, stock: &Stock<'_>) -> Vec<ExternalHost> {
    let mut names: HashMap<String, usize> = HashMap::new();
    let mut hosts: Vec<Met> = Vec::new();
    let mut of_target: HashMap<TargetId, usize> = HashMap::new();
    snapshot.targets(&mut |target| {
        let Some(address) = Address::parse(&target.address).ok().filter(|_| !target.own) else { return };
        let name = name(&address);
        if names.len() == MOST && !names.contains_key(&name) {
            return;
        }
        let index = *names.entry(name).or_insert(hosts.len());
        if index == hosts.len() {
            hosts.push(Met::default());
        }
        let known = &mut hosts[index].address;
        if known.is_empty() || target.address < *known {
            known.clone_from(&target.address);
        }
        of_target.insert(target.id, index);
    });
    snapshot.visits(&mut |target, visit| {
        if let Some(index) = of_target.get(&target.id) {
            hosts[*index].saw(visit);
        }
    });
    snapshot.links(&mut |page, links| {
        let mut address: Option<String> = None;
        for index in links.iter().filter_map(|link| of_target.get(&link.target)) {
            let met = &mut hosts[*index];
            if met.last != Some(page) {
                let address = address.get_or_insert_with(|| {
                    snapshot.target(page).map_or_else(String::new, |target| target.address)
                });
                met.is_on(page, address);
            }
        }
    });
    for down in snapshot.hosts_down() {
        let address = Address::parse(&format!("http://{}/", down.authority));
        if let Some(index) = address.ok().and_then(|address| names.get(&name(&address))) {
            hosts[*index].refused.get_or_insert(down.reason);
        }
    }
    let landings: HashMap<String, Landing> =
        snapshot.landings().into_iter().map(|landing| (landing.host.clone(), landing)).collect();
    let before = stock.before.by_name();
    let mut taken: Vec<ExternalHost> = names
        .into_iter()
        .filter(|(_, index)| hosts[*index].pages > 0)
        .map(|(name, index)| {
            // Who vouches for a host has seen what it shows.
            let is_approved = stock.before.approval(&name, stock.today).is_some();
            let landing = landings.get(&name).filter(|_| !is_approved);
            let before = before.get(name.as_str()).copied();
            stock.row(name, &hosts[index], landing, before)
        })
        .collect();
    taken.sort_by(|one, other| one.host.cmp(&other.host));
    taken
}

/// The hosts among those known before that were looked at again, judged as a scan judges them, and those that
/// somebody has vouched for meanwhile.
pub fn look_again(landings: &[Landing], stock: &Stock<'_>) -> Vec<ExternalHost> {
    let before = stock.before.by_name();
    let seen = landings.iter().filter_map(|landing| {
        let before = before.get(landing.host.as_str()).copied()?;
        let row = stock.row(before.host.clone(), &Met::of(before), Some(landing), Some(before));
        // Whether the site still links it is only seen by a scan.
        Some(ExternalHost { last_seen: before.last_seen, ..row })
    });
    let vouched = stock.before.hosts.iter().filter_map(|host| {
        let approval = stock.before.approval(&host.host, stock.today).filter(|_| host.state.is_in_doubt())?;
        let why = format!("已由{}登记", approval.author);
        let (state, since, was) = (HostState::Ok, stock.today, Some(host.state));
        Some(ExternalHost { state, why, since, was, ..host.clone() })
    });
    seen.chain(vouched).collect()
}

impl Met {
    /// A host as an earlier scan met it, of which nothing was seen yet since.
    fn of(host: &ExternalHost) -> Met {
        Met {
            address: host.address.clone(),
            pages: host.pages,
            samples: host.samples.iter().cloned().collect(),
            ..Met::default()
        }
    }

    fn is_on(&mut self, page: TargetId, address: &str) {
        self.last = Some(page);
        self.pages += 1;
        if self.samples.len() < SAMPLES || self.samples.last().is_some_and(|last| address < last.as_str()) {
            self.samples.insert(address.to_owned());
            if self.samples.len() > SAMPLES {
                self.samples.pop_last();
            }
        }
    }

    fn saw(&mut self, visit: &Visit) {
        match (visit.verdict, visit.failure) {
            (_, None) => self.answered = true,
            (Verdict::Broken, Some(kind)) => self.gone = Some(kind),
            (_, Some(_)) => self.refused = Some(visit.reason.clone()),
        }
    }

    /// How the host stands by what the check of links saw.
    fn standing(&self) -> Standing {
        match (self.answered, self.gone, &self.refused) {
            (true, ..) => Standing { state: HostState::Ok, why: "链接有应答".to_owned() },
            (false, Some(kind), _) => landing::dead(kind),
            (false, None, Some(why)) => Standing { state: HostState::Unobservable, why: why.clone() },
            (false, None, None) => Standing { state: HostState::Unobservable, why: "未访问".to_owned() },
        }
    }
}

impl Stock<'_> {
    fn row(
        &self,
        host: String,
        met: &Met,
        landing: Option<&Landing>,
        before: Option<&ExternalHost>,
    ) -> ExternalHost {
        let known = before.and_then(|before| before.print.as_ref());
        let standing = match landing {
            // Three tries that found no such name are surer than one look.
            Some(_) if met.gone.is_some() && !met.answered => met.standing(),
            Some(landing) => landing::judge(landing, known, self.signs),
            None => met.standing(),
        };
        let standing = match before {
            // Who turns the monitor away is not cleared by it.
            Some(before)
                if landing.is_some()
                    && standing.state == HostState::Unobservable
                    && before.state.is_in_doubt() =>
            {
                Standing { state: before.state, why: before.why.clone() }
            }
            _ => standing,
        };
        let shown = landing.and_then(|landing| landing.direct.shown().or(landing.phone.shown()));
        // What is in doubt is compared with what was there before, until it is that again or somebody vouches for it.
        let print = match standing.state {
            HostState::Ok => shown.map(Print::of).or(known.cloned()),
            _ => known.cloned(),
        };
        let no_name = FailureKind::NoSuchName;
        let looked = landing.is_some_and(|landing| landing.direct == View::Gone(no_name));
        let is_same = before.is_some_and(|before| before.state == standing.state);
        let bare =
            Address::parse(&met.address).map_or_else(|_| host.clone(), |address| address.host().to_owned());
        let class = self.hosts.group_of(&bare).map_or(UNKNOWN, |group| group.id.as_str()).to_owned();
        ExternalHost {
            class,
            first_seen: before.map_or(self.today, |before| before.first_seen),
            last_seen: self.today,
            pages: met.pages,
            samples: met.samples.iter().cloned().collect(),
            address: landing.map_or_else(|| met.address.clone(), |landing| landing.address.clone()),
            anchors: before.map_or_else(Vec::new, |before| before.anchors.clone()),
            since: before.filter(|_| is_same).map_or(self.today, |before| before.since),
            was: before.and_then(|before| if is_same { before.was } else { Some(before.state) }),
            lapsed: standing.state == HostState::Dead && (looked || met.gone == Some(no_name)),
            answered: met.answered || shown.is_some() || before.is_some_and(|before| before.answered),
            state: standing.state,
            why: standing.why,
            print,
            looked: landing.map(|_| self.today).or_else(|| before.and_then(|before| before.looked)),
            host,
        }
    }
}
