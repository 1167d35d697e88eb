use actix_web::http::Method;

use super::*;

fn limits(requests: u32, period: Duration) -> RateLimits {
    RateLimits::new(&RateLimitSettings { enabled: true, requests, admin_requests: 10 * requests, period })
}

fn key(address: &str, route: &str) -> Key {
    Key::new(Client::of_address(address.parse().unwrap()), &Method::GET, Some(route))
}

fn address(n: u32) -> Key {
    Key::new(Client::of_address(std::net::Ipv4Addr::from_bits(n).into()), &Method::GET, Some("/api/v1/products"))
}

/// What the whole process holds in memory now, in bytes.
fn resident() -> usize {
    let pages: usize = std::fs::read_to_string("/proc/self/statm").unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

#[test]
fn all_requests_may_come_at_once_and_the_next_must_wait_for_its_share_of_the_period_r70() {
    let limits = limits(100, Duration::from_hours(24));
    let key = key("192.0.2.1", "/a");
    for left in (0..100).rev() {
        let status = limits.take(&key, false);
        assert_eq!((status.remaining, status.wait), (left, None));
    }
    let status = limits.take(&key, false);
    let share = Duration::from_secs(864);
    assert!(status.wait.is_some_and(|wait| wait <= share && wait + Duration::from_secs(5) > share), "{status:?}");
    assert!(status.refusal().is_some() && status.full_in <= Duration::from_hours(24));
}

#[test]
fn each_client_endpoint_and_role_has_a_bucket_of_its_own_r70() {
    let limits = limits(1, Duration::from_hours(1));
    let first = key("192.0.2.1", "/a");
    assert!(limits.take(&first, false).wait.is_none() && limits.take(&first, false).wait.is_some());
    assert!(limits.take(&key("192.0.2.2", "/a"), false).wait.is_none());
    assert!(limits.take(&key("192.0.2.1", "/b"), false).wait.is_none());
    assert_eq!(limits.take(&first, true).remaining, 9);
}

#[test]
fn an_ipv6_client_is_its_network_of_64_bits_r70() {
    assert_eq!(key("2001:db8:1:2::1", "/a"), key("2001:db8:1:2:ffff::9", "/a"));
    assert_ne!(key("2001:db8:1:2::1", "/a"), key("2001:db8:1:3::1", "/a"));
    assert_eq!(key("::ffff:192.0.2.1", "/a"), key("192.0.2.1", "/a"));
    assert_ne!(key("192.0.2.1", "/a"), key("192.0.2.2", "/a"));
}

#[test]
fn there_are_at_most_so_many_buckets_whoever_comes_r70() {
    let most = 10_000;
    let buckets = Buckets::new(1, Duration::from_hours(24), most);
    for n in 0..100_000 {
        buckets.take(&address(n));
        assert!(buckets.limiter.len() <= most + LOOK, "after {n}");
    }
    let last = address(100_000);
    assert!(buckets.take(&last).wait.is_none() && buckets.take(&last).wait.is_some(), "it still limits");
}

/// A key takes about 100 bytes, and none once it is idle. It is measured in a process of its own, since the other tests
/// take memory too.
#[test]
fn a_million_addresses_take_a_hundred_megabytes_and_none_when_they_are_idle_r70() {
    let alone = ["--exact", "--ignored", "--nocapture", "rate_limit::tests::measured_in_a_process_of_its_own"];
    let measured = std::process::Command::new(std::env::current_exe().unwrap()).args(alone).output().unwrap();
    let printed = String::from_utf8_lossy(&measured.stderr);
    assert!(measured.status.success() && printed.contains("a million keys"), "{printed}");
}

#[test]
#[ignore = "the test above runs it, alone"]
fn measured_in_a_process_of_its_own() {
    const MILLION: u32 = 1_000_000;
    const PERIOD: Duration = Duration::from_secs(5);
    let limits = limits(1, PERIOD);
    let (before, began) = (resident(), std::time::Instant::now());
    for n in 0..MILLION {
        limits.take(&address(n), false);
    }
    let taken = resident().saturating_sub(before);
    // On a slow machine the first of them are idle before the last one comes.
    let is_quick = began.elapsed() < PERIOD;
    assert!(limits.everybody.limiter.len() == MILLION as usize || !is_quick);
    assert!(taken < 200 * 1024 * 1024, "a million keys take {taken} bytes");

    // A bucket is forgotten one interval after it is full again.
    std::thread::sleep(2 * PERIOD);
    limits.forget_idle();
    assert_eq!(limits.everybody.limiter.len(), 0);
    let kept = resident().saturating_sub(before);
    assert!(kept < 20 * 1024 * 1024, "{kept} of {taken} bytes are kept");
    eprintln!("a million keys: {taken} bytes, {kept} once they are idle");
}
