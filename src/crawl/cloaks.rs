//! Looking at pages of the site as search engines and their visitors do.
//!
//! Only where the operator says that the site agreed: the requests name somebody else. Paced and guarded as any other;
//! no cookies, a connection of its own for each look.

use super::Crawl;
use super::examine::Examiner;
use super::landings::view;
use super::visit::Visitor;
use crate::address::{Address, Relation};
use crate::facts::{HOME, PageKind};
use crate::fetch::{Connection, Purpose, Request};
use crate::inventory::{Inventory, Strangers};
use crate::link::cloak::{Existence, Other, Probe, Probed, compare, compare_unnamed};
use crate::link::portrait::View;
use crate::link::soft404;
use crate::snapshot::Snapshot;

/// Characters of the name of a host that nobody ever named.
const LABEL: usize = 12;

impl Crawl<'_> {
    /// Looks at a sample of pages in every view, where the site agreed to it.
    pub(super) async fn look_as_others(&mut self, inventory: &Inventory) {
        if !self.site.authorised || self.progress.cloaking.is_some() {
            return;
        }
        let visitor = self.visitor.clone();
        let (rules, today) = (&visitor.examiner.rules, visitor.examiner.today);
        let strangers = Strangers {
            site: self.site,
            hosts: rules.hosts(),
            inventory,
            allow_private: &visitor.examiner.allow_private,
            today,
        };
        let is_unknown = |host: &str| {
            Address::parse(&format!("http://{host}/")).is_ok_and(|address| strangers.has(&address))
        };
        let signs = &rules.cloaking().signs;
        let mut probe = Probe::default();
        let mut home = None;
        for (address, existence) in self.sample() {
            let mut probed = visitor.look_in_every_view(&address, existence).await;
            if address == self.site.home {
                home = probed.reader[0].shown().cloned();
                for twin in self.twins() {
                    let view = visitor.reader(&twin).await;
                    probed.others.push(Other { who: twin.to_string(), view, is_twin: true });
                }
            }
            probe.take(match existence {
                Existence::NoSuchHost => compare_unnamed(&probed, home.as_ref(), signs, &is_unknown),
                _ => compare(&probed, signs, &is_unknown),
            });
        }
        self.progress.cloaking = Some(probe);
    }

    /// The home page, section pages and articles, an address that nobody ever made, and a host that nobody ever named.
    fn sample(&self) -> Vec<(Address, Existence)> {
        let cloaking = self.visitor.examiner.rules.cloaking();
        let (mut sections, mut articles) = (Vec::new(), Vec::new());
        self.state.pages(&mut |facts| {
            let of = match facts.kind {
                _ if facts.id == HOME || facts.oddities.iter().any(|oddity| oddity.replaces_page()) => return,
                PageKind::Column => &mut sections,
                PageKind::Article | PageKind::Service | PageKind::Other => &mut articles,
                _ => return,
            };
            of.extend(Address::parse(&facts.address).ok());
        });
        let home = self.site.home.clone();
        let path = soft404::probe_path("/", "html", &home.authority());
        let invented = home.resolve(&path, encoding_rs::UTF_8).ok();
        let pages = [vec![home], spread(sections, cloaking.sections), spread(articles, cloaking.articles)];
        let pages = pages.into_iter().flatten().map(|address| (address, Existence::Real));
        let invented = invented.map(|address| (address, Existence::NoSuchPath));
        let unnamed = self.unnamed().map(|address| (address, Existence::NoSuchHost));
        pages.chain(invented).chain(unnamed).collect()
    }

    /// A host below the site's name that nobody ever named; `None` where the site is known by a number or a port, or
    /// where the name below which it would stand is not the site's.
    fn unnamed(&self) -> Option<Address> {
        let home = &self.site.home;
        home.url().domain().filter(|name| name.contains('.') && home.url().port().is_none())?;
        let zone = home.host().strip_prefix("www.").unwrap_or(home.host());
        let at = |host: &str| Address::parse(&format!("{}://{host}/", home.url().scheme())).ok();
        at(zone).filter(|address| self.site.scope.relation(address) == Relation::Own)?;
        let label = &soft404::probe_path("", "", zone)[..LABEL];
        at(&format!("{label}.{zone}"))
    }

    /// The other addresses of the home page that are the site's: with and without https, with and without `www.`.
    fn twins(&self) -> Vec<Address> {
        let home = self.site.home.url();
        if home.port().is_some() {
            return Vec::new();
        }
        let scheme = if home.scheme() == "https" { "http" } else { "https" };
        let host = self.site.home.host();
        let other = host.strip_prefix("www.").map_or_else(|| format!("www.{host}"), str::to_owned);
        let twins = [format!("{scheme}://{host}/"), format!("{}://{other}/", home.scheme())];
        let twins = twins.iter().filter_map(|text| Address::parse(text).ok());
        twins.filter(|address| self.site.scope.relation(address) == Relation::Own).collect()
    }
}

/// So many of the addresses, spread evenly over their order.
fn spread(mut addresses: Vec<Address>, most: usize) -> Vec<Address> {
    addresses.sort_by(|one, other| one.as_str().cmp(other.as_str()));
    let count = addresses.len();
    let step = count.div_ceil(most.max(1)).max(1);
    addresses.into_iter().step_by(step).take(most).collect()
}

impl Visitor {
    /// Looks at a page in every view of a day.
    async fn look_in_every_view(&self, address: &Address, existence: Existence) -> Probed {
        let Examiner { rules, site, today, .. } = &*self.examiner;
        let reader = [self.reader(address).await, self.reader(address).await];
        let mut others = Vec::new();
        // Where nobody is there for a reader, nobody else is asked for.
        let is_gone = reader.iter().all(|view| matches!(view, View::Gone(_)));
        let guises = rules.cloaking().views_on(*today, &site.id).filter(|_| !is_gone);
        for guise in guises {
            let referrer = guise.referrer.as_deref().and_then(|text| Address::parse(text).ok());
            let view = self.look_as(address, &guise.agent, referrer).await;
            others.push(Other { who: guise.name.clone(), view, is_twin: false });
        }
        Probed { page: address.to_string(), existence, reader, others }
    }

    async fn reader(&self, address: &Address) -> View {
        self.look_as(address, &self.examiner.rules.landings().desktop_agent, None).await
    }

    async fn look_as(&self, address: &Address, agent: &str, referrer: Option<Address>) -> View {
        let request = Request {
            guise: Some(agent.into()),
            referrer,
            connection: Connection::Fresh,
            ..Request::of(address.clone(), Purpose::Page)
        };
        view(&*self.fetch, request, &self.examiner).await
    }
}
