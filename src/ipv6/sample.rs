//! An invented measurement of a site where everything works, for tests to break.

use std::net::IpAddr;

use jiff::Timestamp;

use super::*;

/// The IPv4 address of the sample.
pub(crate) const V4: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(1, 2, 3, 4));

/// The IPv6 address of the sample.
pub(crate) fn v6() -> IpAddr {
    "2400::1".parse().expect("an address")
}

/// So many visits of one address, a second apart, all alike.
pub(crate) fn visits(address: IpAddr, count: usize, phases: Phases) -> Vec<Visit> {
    let visits = (0..count).map(|n| Visit {
        at: Timestamp::from_second(1_800_000_000 + n as i64).expect("within range"),
        address,
        trouble: None,
        phases,
        bytes: 24_000,
        complete: true,
    });
    visits.collect()
}

/// Delays above every floor.
pub(crate) fn slow() -> Phases {
    Phases {
        dns: Some(100.0),
        tcp: Some(200.0),
        tls: None,
        connect: Some(400.0),
        first_byte: Some(600.0),
        home: Some(2000.0),
    }
}

/// The sample.
pub(crate) fn measured() -> Measured {
    let home = "http://www.example.test/".to_owned();
    let opened = || Some(Opened { landed: Some("http://www.example.test/".to_owned()), trouble: None });
    let open = |address| PortCheck { address, port: 80, took_ms: Some(20.0), trouble: None };
    let server = |name: &str| ServerTry {
        name: name.to_owned(),
        address: Some(v6()),
        took_ms: Some(30.0),
        said: "授权 test：2 台服务器，2 台附 AAAA".to_owned(),
    };
    let cut = |zone: &str| Cut {
        zone: zone.to_owned(),
        asked: "www.example.test".to_owned(),
        servers: vec![server("ns.example.test")],
    };
    let rate = |count| LinkRate { known: count, tried: count, opened: count, ..LinkRate::default() };
    let part = Likeness { part: Part::Text, noise: 1.0, across: 1.0, expected: 0.95, same: true };
    Measured {
        home: home.clone(),
        started: Timestamp::from_second(1_800_000_000).expect("within range"),
        ended: Timestamp::from_second(1_800_000_060).expect("within range"),
        vantage: Vantage {
            address: Some("2400::99".parse().expect("an address")),
            unfit: None,
            references: vec![Reference {
                target: "[2400::53]:53".parse().expect("an address"),
                took_ms: Some(9.0),
            }],
        },
        names: Names {
            host: "www.example.test".to_owned(),
            a: vec![V4],
            aaaa: vec![Aaaa { address: v6(), unfit: None }],
            answers: Vec::new(),
        },
        own_hosts: Vec::new(),
        chain: Chain { cuts: vec![cut("."), cut("test")], addresses: vec![v6()], broken: None },
        ports: vec![open(V4), open(v6())],
        openings: vec![Opening { address: home, v4: opened(), v6: opened() }],
        visits: Visits { v4: visits(V4, 10, slow()), v6: visits(v6(), 10, slow()), spacing_ms: 1000.0 },
        second: rate(40),
        third: rate(20),
        external: Vec::new(),
        external_known: 0,
        resources: Vec::new(),
        consistency: Some(Consistency { parts: vec![part], differences: Vec::new(), within_s: 3.0 }),
        copies: Vec::new(),
        vigil: None,
    }
}

/// The sample with something wrong in most places, and text of the site that must not get out.
pub(crate) fn faulty() -> Measured {
    let mut measured = measured();
    let trouble = |reason, detail: &str| Trouble { reason, detail: detail.to_owned() };
    measured.second = LinkRate {
        known: 120,
        tried: 50,
        opened: 49,
        skipped: 0,
        failures: vec![LinkFailure {
            address: "http://old.example.test/<script>alert(1)</script>".to_owned(),
            page: "http://www.example.test/".to_owned(),
            trouble: trouble(Reason::NoAddress, "域名没有对应的 IP 地址"),
        }],
    };
    let reach = HostReach {
        host: "cdn.example".to_owned(),
        has_aaaa: false,
        trouble: Some(trouble(Reason::NoAddress, "没有 AAAA 记录")),
        sample: "http://cdn.example/x.js".to_owned(),
    };
    measured.resources = vec![Resource { own: false, count: 2, reach: reach.clone() }];
    (measured.external, measured.external_known) = (vec![reach], 1);
    let strangers = Likeness { part: Part::Strangers, noise: 1.0, across: 0.5, expected: 1.0, same: false };
    measured.consistency = Some(Consistency {
        parts: vec![strangers],
        differences: vec![Difference {
            part: Part::Strangers,
            only_v4: Vec::new(),
            only_v6: vec!["bet\u{202e}.example".to_owned()],
        }],
        within_s: 3.0,
    });
    measured.copies = vec![KeptCopy {
        address: v6(),
        at: measured.started,
        landed: measured.home.clone(),
        status: 200,
        bytes: 24_000,
        sha256: "ab".repeat(32),
    }];
    measured.visits.v6[3].trouble = Some(trouble(Reason::Timeout, "连接超时"));
    measured
}
