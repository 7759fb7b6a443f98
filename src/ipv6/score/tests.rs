use jiff::Timestamp;

use super::*;
use crate::ipv6::sample::{V4, faulty, measured, slow, v6, visits};
use crate::ipv6::{Aaaa, HostReach, Phases, Reason, Trouble, Vigil, Visit};

fn scored(measured: &Measured) -> Assessment {
    score(measured, &RuleSet::built_in())
}

fn check(change: impl FnOnce(&mut Measured), metric: Metric, standing: Standing, says: &str) {
    let mut measured = measured();
    change(&mut measured);
    let found = scored(&measured);
    let line = found.line(metric).unwrap();
    assert!(line.standing == standing && line.measured.contains(says), "{says}: {line:?}");
}

fn trouble(reason: Reason) -> Option<Trouble> {
    Some(Trouble { reason, detail: reason.chinese().to_owned() })
}

#[test]
fn everything_in_order_gets_every_point() {
    let found = scored(&measured());
    assert_eq!((found.total.points, found.total.of, found.total.full), (100.0, 100.0, 100.0));
    assert_eq!(found.total.grade, Some(Grade::Good));
    let rows: Vec<usize> = found.views.iter().map(|view| view.rows.len()).collect();
    assert_eq!(rows, [13, 7, 8]);
}

#[test]
fn a_fifth_slower_passes_and_a_little_more_does_not() {
    let with = |phases: Phases| move |m: &mut Measured| m.visits.v6 = visits(v6(), 10, phases);
    let base = slow();
    for (factor, standing) in
        [(1.19, Standing::Met), (1.2, Standing::Met), (1.21, Standing::Failed), (0.5, Standing::Met)]
    {
        let times = |value: Option<f64>| value.map(|value| value * factor);
        let phases = Phases { dns: times(base.dns), ..base };
        check(with(phases), Metric::DnsDelay, standing, "劣化比");
        let phases = Phases { tcp: times(base.tcp), ..base };
        check(with(phases), Metric::TcpDelay, standing, "劣化比");
        let phases = Phases { first_byte: times(base.first_byte), ..base };
        check(with(phases), Metric::FirstByteDelay, standing, "劣化比");
        let phases = Phases { home: times(base.home), ..base };
        check(with(phases), Metric::HomeDelay, standing, "劣化比");
    }
}

#[test]
fn below_the_floor_in_both_families_nothing_is_slow() {
    let quick = |m: &mut Measured, v6_ms: f64| {
        m.visits.v4 = visits(V4, 10, Phases { tcp: Some(30.0), ..slow() });
        m.visits.v6 = visits(v6(), 10, Phases { tcp: Some(v6_ms), ..slow() });
    };
    check(|m| quick(m, 100.0), Metric::TcpDelay, Standing::Met, "双方均优于 100 ms");
    check(|m| quick(m, 101.0), Metric::TcpDelay, Standing::Failed, "劣化比 +236.7%");
}

#[test]
fn few_visits_judge_nothing() {
    let few = |m: &mut Measured| m.visits.v6.truncate(9);
    check(few, Metric::Success, Standing::Unknown, "少于 10 次");
    check(few, Metric::HomeDelay, Standing::Unknown, "少于 10 次访问");
    let failing = |count: usize| {
        move |m: &mut Measured| {
            m.visits.v6.iter_mut().take(count).for_each(|visit| visit.trouble = trouble(Reason::Timeout));
        }
    };
    check(failing(5), Metric::HomeDelay, Standing::Met, "n=5");
    check(failing(6), Metric::HomeDelay, Standing::Unknown, "成功少于 5 次");
    check(|m| m.visits.spacing_ms = 301_000.0, Metric::Success, Standing::Unknown, "间隔超过 300 秒");
    check(|_| {}, Metric::Stability, Standing::Unknown, "不足 24 小时");
}

#[test]
fn addresses_that_nobody_can_reach_are_none() {
    let ula = |m: &mut Measured| {
        let address = "fd00::1".parse().unwrap();
        m.names.aaaa = vec![Aaaa { address, unfit: Some("唯一本地地址（ULA）".to_owned()) }];
    };
    check(ula, Metric::Aaaa, Standing::Failed, "fd00::1 为唯一本地地址（ULA）");
    let static_host = |m: &mut Measured| {
        m.own_hosts = vec![HostReach {
            host: "static.example.test".to_owned(),
            has_aaaa: false,
            trouble: trouble(Reason::NoAddress),
            sample: String::new(),
        }];
    };
    check(static_host, Metric::Aaaa, Standing::Partial, "缺：static.example.test");
}

#[test]
fn a_scheme_that_only_v4_has_costs_half() {
    let https = |m: &mut Measured| {
        let mut opening = m.openings[0].clone();
        opening.address = "https://www.example.test/".to_owned();
        opening.v6.as_mut().unwrap().trouble = trouble(Reason::Refused);
        m.openings.push(opening);
    };
    check(https, Metric::Home, Standing::Partial, "https：拒绝连接");
    let mut measured = measured();
    https(&mut measured);
    let found = scored(&measured);
    assert_eq!((found.total.points, found.gate), (92.5, None));
    // A scheme that IPv4 does not have either is not asked for.
    measured.openings[1].v4.as_mut().unwrap().trouble = trouble(Reason::Refused);
    assert_eq!(scored(&measured).total.points, 100.0);
}

#[test]
fn the_gate_takes_everything_that_hangs_on_the_home_page() {
    let mut measured = measured();
    measured.openings[0].v6.as_mut().unwrap().trouble = trouble(Reason::Status);
    let found = scored(&measured);
    assert!(found.gate.is_some());
    assert_eq!((found.total.points, found.total.of), (15.0, 100.0));
    assert_eq!(found.total.grade, Some(Grade::Poor));
    // A site that is down in both families says nothing about IPv6.
    measured.openings[0].v4.as_mut().unwrap().trouble = trouble(Reason::Status);
    assert_eq!(scored(&measured).gate, None);
}

#[test]
fn a_monitor_without_v6_knows_nothing_unless_it_got_through() {
    let mut measured = measured();
    measured.vantage.references[0].took_ms = None;
    assert_eq!(scored(&measured).blind, None, "the site answered");
    measured.ports[1].trouble = trouble(Reason::Refused);
    measured.visits.v6.iter_mut().for_each(|visit| visit.phases.tcp = None);
    let found = scored(&measured);
    assert!(found.blind.is_some());
    assert!(found.lines.iter().all(|line| line.standing == Standing::Unknown && line.points.is_none()));
    assert_eq!(found.total.grade, None);
}

#[test]
fn a_root_that_does_not_answer_is_our_own_trouble() {
    let cut_off = |m: &mut Measured| {
        m.chain.cuts.truncate(1);
        m.chain.cuts[0].servers[0].took_ms = None;
        m.chain.broken = Some("区 . 的域名服务器经 IPv6 均无应答".to_owned());
    };
    check(cut_off, Metric::Chain, Standing::Unknown, "连不上根服务器");
    let broken = |m: &mut Measured| m.chain.broken = Some("区 test 没有带 AAAA 的域名服务器".to_owned());
    check(broken, Metric::Chain, Standing::Failed, "已走过 . → test");
}

#[test]
fn small_answers_that_pass_and_large_ones_that_do_not_are_a_black_hole() {
    let black_hole = |m: &mut Measured| {
        for visit in &mut m.visits.v6 {
            (visit.trouble, visit.complete, visit.bytes) = (trouble(Reason::Timeout), false, 0);
        }
    };
    check(black_hole, Metric::Large, Standing::Failed, "路径 MTU 黑洞");
    check(|_| {}, Metric::Large, Standing::Met, "24000 字节");
}

#[test]
fn rates_bring_points_in_proportion() {
    let found = scored(&faulty());
    let points = |metric| found.line(metric).unwrap().points.unwrap();
    assert!((points(Metric::SecondLinks) - 19.6).abs() < 1e-9);
    assert!((points(Metric::Success) - 13.5).abs() < 1e-9);
    assert_eq!(points(Metric::Consistency), 0.0);
    let line = found.line(Metric::SecondLinks).unwrap();
    assert_eq!(line.measured, "49/50（98.0%），共 120 条，抽测 50 条；无 AAAA 1");
}

#[test]
fn an_assessment_comes_back_as_it_was_written() {
    let found = scored(&faulty());
    let text = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Assessment>(&text).unwrap(), found);
}

/// Visits over both families, every so many seconds.
fn vigil(count: usize, spacing: i64) -> Vec<Visit> {
    let at = |visit: Visit, n: usize| Visit {
        at: Timestamp::from_second(1_800_000_000 + spacing * n as i64).unwrap(),
        ..visit
    };
    let of = |address| visits(address, count, slow()).into_iter().enumerate().map(|(n, visit)| at(visit, n));
    of(V4).chain(of(v6())).collect()
}

#[test]
fn a_day_of_visits_tells_of_stability() {
    let with = |seen: Vec<Visit>| move |m: &mut Measured| m.vigil = Vigil::of(&seen);
    let day = vigil(361, 240);
    check(with(day.clone()), Metric::Stability, Standing::Met, "24.0 小时内 v6 361/361，v4 361/361");
    check(with(vigil(360, 240)), Metric::Stability, Standing::Unknown, "观测 23.9 小时，不足 24 小时");
    check(with(vigil(241, 361)), Metric::Stability, Standing::Unknown, "占 83.1%；观测有中断");
    let mut failing = day.clone();
    failing[361 + 5].trouble = trouble(Reason::Timeout);
    check(with(failing), Metric::Stability, Standing::Partial, "v6 360/361，v4 361/361");
    // A restart of an hour is no fault of the site; one of two hours leaves too little to judge by.
    let without = |hours: usize| -> Vec<Visit> {
        let is_seen = |(n, _): &(usize, Visit)| !(50..50 + 15 * hours).contains(&(n % 361));
        day.clone().into_iter().enumerate().filter(is_seen).map(|(_, visit)| visit).collect()
    };
    check(with(without(1)), Metric::Stability, Standing::Met, "占 95.9%");
    check(with(without(2)), Metric::Stability, Standing::Unknown, "观测有中断");
}

#[test]
fn an_assessment_of_before_vigils_can_still_be_read() {
    let mut old = serde_json::to_value(measured()).unwrap();
    for key in ["copies", "vigil"] {
        old.as_object_mut().unwrap().remove(key);
    }
    assert_eq!(serde_json::from_value::<Measured>(old).unwrap(), measured());
}
