//! Delays of one family against the other: the mean decides, as the rule says; the median stands beside it.

use super::judged::{Judged, unknown};
use super::sheet::Standing;
use super::visits::{Phases, Visit, Visits};
use crate::indicators::Ipv6Rules;

/// What several measurements of one delay come to, in milliseconds.
struct Summary {
    n: usize,
    mean: f64,
    median: f64,
}

fn summary(visits: &[Visit], of: &dyn Fn(&Visit) -> Option<f64>) -> Option<Summary> {
    let mut values: Vec<f64> = visits.iter().filter_map(of).filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    let n = values.len();
    let middle = *values.get(n / 2)?;
    let median = if n.is_multiple_of(2) { (values[n / 2 - 1] + middle) / 2.0 } else { middle };
    Some(Summary { n, mean: values.iter().sum::<f64>() / n as f64, median })
}

/// Compares one phase of both families.
pub(super) fn judge(
    visits: &Visits,
    phase: fn(&Phases) -> Option<f64>,
    floor: f64,
    rules: &Ipv6Rules,
) -> Judged {
    // A failure may be quick or slow; neither says how long success takes.
    let of = |visit: &Visit| visit.trouble.is_none().then(|| phase(&visit.phases)).flatten();
    let (Some(v4), Some(v6)) = (summary(&visits.v4, &of), summary(&visits.v6, &of)) else {
        return unknown("缺少一种协议的成功访问，无法对照".to_owned());
    };
    let said = format!(
        "v6 均值 {:.1} ms、中位 {:.1} ms（n={}）；v4 均值 {:.1} ms、中位 {:.1} ms（n={}）",
        v6.mean, v6.median, v6.n, v4.mean, v4.median, v4.n
    );
    if visits.v4.len().min(visits.v6.len()) < rules.least_visits {
        return unknown(format!("{said}；少于 {} 次访问，不作判定", rules.least_visits));
    }
    if v4.n.min(v6.n) < rules.least_timed {
        return unknown(format!("{said}；成功少于 {} 次，不作判定", rules.least_timed));
    }
    let ratio = if v4.mean > 0.0 { v6.mean / v4.mean - 1.0 } else { 0.0 };
    let said = format!("{said}；劣化比 {:+.1}%", ratio * 100.0);
    // Means are sums of floating-point numbers: a ratio of exactly the limit must not fail by their last bit.
    if ratio <= rules.ratio_max + 1e-9 {
        Judged { standing: Standing::Met, share: 1.0, said }
    } else if v6.mean <= floor && v4.mean <= floor {
        Judged {
            standing: Standing::Met,
            share: 1.0,
            said: format!("{said}；双方均优于 {floor} ms，视为相当"),
        }
    } else {
        Judged { standing: Standing::Failed, share: 0.0, said }
    }
}

/// How quickly bodies came down, in kB/s of each family.
pub(super) fn download(visits: &Visits) -> Judged {
    let rate = |visit: &Visit| {
        let body_ms = visit.phases.body()?;
        (visit.complete && visit.trouble.is_none() && body_ms > 0.0).then(|| visit.bytes as f64 / body_ms)
    };
    match (summary(&visits.v6, &rate), summary(&visits.v4, &rate)) {
        (Some(v6), v4) => {
            let v4 = v4.map_or_else(|| "–".to_owned(), |v4| format!("{:.0} kB/s（n={}）", v4.mean, v4.n));
            let said = format!("v6 {:.0} kB/s（n={}）；v4 {v4}", v6.mean, v6.n);
            Judged { standing: Standing::Met, share: 1.0, said }
        }
        (None, _) => unknown("没有完整的 IPv6 下载".to_owned()),
    }
}
