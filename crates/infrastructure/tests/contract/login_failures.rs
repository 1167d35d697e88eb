use std::time::Duration;

use domain::UtcDateTime;
use domain::accounts::{FailureCount, LoginName, Network, ThrottleKey, ThrottlePolicy, Username};

use crate::support::{NOW, TestDb, at_once};

on_every_database!(
    failures_are_counted_for_each_key_and_returned_in_the_order_of_the_keys_r1,
    an_expired_window_starts_again_r1,
    a_success_resets_only_the_failures_of_its_account_r1,
    concurrent_failures_are_all_counted_r1,
    expired_windows_are_purged_oldest_first_r1,
    a_counted_failure_is_returned_and_can_be_forgiven,
    a_window_in_the_future_is_brought_back,
    failures_of_an_email_address_are_kept_without_it,
    failures_are_counted_and_forgiven_as_the_domain_does_it_r1,
);

const MINUTE: Duration = Duration::from_mins(1);
const POLICY: ThrottlePolicy = ThrottlePolicy { per_account: 10, per_address: 100, window: MINUTE };

fn ann() -> ThrottleKey {
    ThrottleKey::Account(Username::parse("ann").unwrap())
}

fn here() -> ThrottleKey {
    ThrottleKey::Address(Network::of("2001:db8::1".parse().unwrap()))
}

async fn record(db: &TestDb, keys: &[ThrottleKey], now: UtcDateTime) {
    let mut tx = db.begin().await;
    tx.login_failures().record(keys, &POLICY, now).await.unwrap();
    tx.commit().await.unwrap();
}

async fn counts(db: &TestDb, keys: &[ThrottleKey]) -> Vec<Option<FailureCount>> {
    db.database.queries().accounts.login_failures(keys).await.unwrap()
}

async fn failures_are_counted_for_each_key_and_returned_in_the_order_of_the_keys_r1(db: TestDb) {
    record(&db, &[here(), ann()], NOW).await;
    record(&db, &[here()], NOW + Duration::from_secs(1)).await;
    let nobody = ThrottleKey::Account(Username::parse("nobody").unwrap());
    let count = |failures| Some(FailureCount { failures, since: NOW });
    assert_eq!(counts(&db, &[here(), nobody.clone(), ann()]).await, [count(2), None, count(1)]);
    assert_eq!(counts(&db, &[ann(), here(), nobody]).await, [count(1), count(2), None]);
    assert_eq!(counts(&db, &[]).await, []);
}

async fn an_expired_window_starts_again_r1(db: TestDb) {
    record(&db, &[ann()], NOW).await;
    let just_within = NOW + MINUTE - Duration::from_micros(1);
    record(&db, &[ann()], just_within).await;
    assert_eq!(counts(&db, &[ann()]).await, [Some(FailureCount { failures: 2, since: NOW })]);
    let over = NOW + MINUTE;
    record(&db, &[ann()], over).await;
    assert_eq!(counts(&db, &[ann()]).await, [Some(FailureCount { failures: 1, since: over })]);
}

async fn a_success_resets_only_the_failures_of_its_account_r1(db: TestDb) {
    record(&db, &[ann(), here()], NOW).await;
    let mut tx = db.begin().await;
    tx.login_failures().forget(&ann()).await.unwrap();
    tx.login_failures().forget(&ann()).await.unwrap();
    tx.commit().await.unwrap();
    let here_once = Some(FailureCount { failures: 1, since: NOW });
    assert_eq!(counts(&db, &[ann(), here()]).await, [None, here_once]);
}

async fn concurrent_failures_are_all_counted_r1(db: TestDb) {
    // The first rows are there, so that no two inserts meet in the same gap, which only a retry would settle.
    record(&db, &[ann(), here()], NOW).await;
    let opposite = [[ann(), here()], [here(), ann()]];
    at_once(20, |index| {
        let (db, keys) = (db.clone(), opposite[index % 2].clone());
        async move { record(&db, &keys, NOW).await }
    })
    .await;
    let count = Some(FailureCount { failures: 21, since: NOW });
    assert_eq!(counts(&db, &[ann(), here()]).await, [count, count]);
}

async fn expired_windows_are_purged_oldest_first_r1(db: TestDb) {
    for minutes in 0..5 {
        let key = ThrottleKey::Address(Network::of(format!("192.0.2.{minutes}").parse().unwrap()));
        record(&db, &[key], NOW + MINUTE * minutes).await;
    }
    let mut tx = db.begin().await;
    assert_eq!(tx.login_failures().purge(NOW + MINUTE * 3, 2).await.unwrap(), 2);
    assert_eq!(tx.login_failures().purge(NOW + MINUTE * 3, 2).await.unwrap(), 1);
    assert_eq!(tx.login_failures().purge(NOW + MINUTE * 3, 2).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert_eq!(db.number("SELECT COUNT(*) FROM login_failures").await, 2);
}

async fn a_counted_failure_is_returned_and_can_be_forgiven(db: TestDb) {
    let count = |failures| Some(FailureCount { failures, since: NOW });
    let mut tx = db.begin().await;
    let failures = tx.login_failures();
    assert_eq!(failures.record(&[here(), ann()], &POLICY, NOW).await.unwrap(), [count(1), count(1)]);
    assert_eq!(failures.record(&[here()], &POLICY, NOW).await.unwrap(), [count(2)]);
    failures.forgive(&[ann(), here()]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(counts(&db, &[ann(), here()]).await, [None, count(1)]);
    let mut tx = db.begin().await;
    tx.login_failures().forgive(&[ann(), here()]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(counts(&db, &[ann(), here()]).await, [None, None]);
}

async fn a_window_in_the_future_is_brought_back(db: TestDb) {
    let later = NOW + Duration::from_hours(1);
    record(&db, &[ann(), here()], later).await;
    let mut tx = db.begin().await;
    let counted = tx.login_failures().record(&[ann()], &POLICY, NOW).await.unwrap();
    assert_eq!(counted, [Some(FailureCount { failures: 2, since: NOW })]);
    tx.login_failures().bring_back(&[ann(), here()], NOW + Duration::from_secs(1)).await.unwrap();
    tx.commit().await.unwrap();
    let since = NOW + Duration::from_secs(1);
    let brought = Some(FailureCount { failures: 1, since });
    assert_eq!(counts(&db, &[here(), ann()]).await, [brought, counted[0]]);
}

async fn failures_of_an_email_address_are_kept_without_it(db: TestDb) {
    let key = |raw: &str| ThrottleKey::from(LoginName::parse(raw).unwrap());
    let long = format!("{}@{}.example", "a".repeat(64), "b".repeat(60));
    record(&db, &[key("Ann@Bücher.example"), key(&long)], NOW).await;
    let once = Some(FailureCount { failures: 1, since: NOW });
    assert_eq!(
        counts(&db, &[key("ann@xn--bcher-kva.example"), key(&long), key("bob@example.com")]).await,
        [once, once, None]
    );
    assert_eq!(db.number("SELECT COUNT(*) FROM login_failures WHERE throttle_key LIKE '%@%'").await, 0);
}

/// What happens to the failures of a key.
#[derive(Debug, Clone, Copy)]
enum Happens {
    More,
    Less,
    Back,
}

async fn failures_are_counted_and_forgiven_as_the_domain_does_it_r1(db: TestDb) {
    use Happens::{Back, Less, More};
    let (second, micro, hour) = (Duration::from_secs(1), Duration::from_micros(1), Duration::from_hours(1));
    let mut expected: Option<FailureCount> = None;
    for (what, at) in [
        (More, NOW),
        (More, NOW + second),
        (More, NOW + MINUTE - micro),
        (Less, NOW + MINUTE),
        (More, NOW + MINUTE),
        (More, NOW + MINUTE + MINUTE + micro),
        (Back, NOW + hour),
        (Less, NOW + hour),
        (Less, NOW + hour),
        (More, NOW + hour),
        (More, NOW + second),
        (More, NOW + hour),
        (More, NOW + hour + second),
        (Back, NOW + hour),
        (Back, NOW + second),
        (Less, NOW),
        (More, NOW - hour),
        (More, NOW - hour + MINUTE),
    ] {
        let mut tx = db.begin().await;
        let failures = tx.login_failures();
        expected = match what {
            More => Some(POLICY.one_more(expected, at)),
            Less => expected.and_then(FailureCount::one_less),
            Back => expected.map(|count| count.brought_back(at)),
        };
        match what {
            More => assert_eq!(failures.record(&[ann()], &POLICY, at).await.unwrap(), [expected]),
            Less => failures.forgive(&[ann()]).await.unwrap(),
            Back => failures.bring_back(&[ann()], at).await.unwrap(),
        }
        tx.commit().await.unwrap();
        assert_eq!(counts(&db, &[ann()]).await, [expected], "{what:?} at {at}");
    }
}
