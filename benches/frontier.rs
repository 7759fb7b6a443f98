//! What deciding on the next address costs, with as many addresses as a large site has.

use std::{hint::black_box, time::Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sitewarden::frontier::{Frontier, Next, Priority};

/// Addresses of a large site, and the hosts it links to.
const TARGETS: u32 = 200_000;
const HOSTS: u32 = 50;

/// Queues everything, then hands everything out, four at a time per host.
fn drain() -> u32 {
    let now = Instant::now();
    let mut frontier = Frontier::new(4);
    let hosts: Vec<_> = (0..HOSTS).map(|host| frontier.host(&format!("h{host}.test:443"))).collect();
    for target in 0..TARGETS {
        frontier.push(target, hosts[(target % HOSTS) as usize], Priority::Page);
    }
    let mut handed_out = 0;
    while let Next::Fetch(target, host) = frontier.next(now) {
        black_box(target);
        handed_out += 1;
        frontier.finished(host);
    }
    assert_eq!(handed_out, TARGETS);
    handed_out
}

fn queues(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("frontier");
    group.throughput(Throughput::Elements(TARGETS.into()));
    group.sample_size(10);
    group.bench_function("queue-and-drain", |bencher| bencher.iter(drain));
    group.finish();
}

criterion_group!(benches, queues);
criterion_main!(benches);
