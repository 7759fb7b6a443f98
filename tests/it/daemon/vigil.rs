//! The daemon visits home pages over both families all day long.

use sitewarden::store;

use super::stage::{Daemon, wait_for};
use crate::ipv6::healthy;
use crate::lab;

#[test]
fn visits_over_both_families_are_kept() {
    lab::inside("daemon::vigil::visits_over_both_families_are_kept", || {
        let site = "[[site]]\nid = \"demo\"\nhome = \"http://www.site.test/\"\n";
        let configuration = format!("{}stability_spacing = \"5s\"\n{site}", lab::configuration());
        healthy().run(|_| {
            let mut daemon = Daemon::new(&configuration);
            daemon.start();
            let url = format!("sqlite:{}", daemon.file("data/record.db").display());
            let seen = || {
                let reader = store::open_reader(&url).ok()?;
                reader.ipv6_visits("demo", jiff::Timestamp::MIN).ok()
            };
            wait_for("visits", || seen().is_some_and(|visits| visits.len() >= 4));
            let visits = seen().expect("the record is there");
            let families: Vec<bool> = visits.iter().map(|visit| visit.address.is_ipv6()).collect();
            assert_eq!(families[..4], [false, true, false, true]);
            assert!(visits.iter().all(|visit| visit.trouble.is_none()), "{visits:?}");
            assert_eq!(daemon.stop(), Some(0), "{}", daemon.log());
        });
    });
}
