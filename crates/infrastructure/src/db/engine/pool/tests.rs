use std::time::Instant;

use super::super::tests;
use super::*;

async fn session(pool: &Pool) -> String {
    pool.run("SELECT CAST(CONNECTION_ID() AS CHAR)").await.unwrap().rows[0].at(0).unwrap()
}

#[tokio::test]
async fn a_connection_that_is_idle_for_too_long_is_closed_r74() {
    let options = PoolOptions { idle_timeout: Duration::from_millis(200), ..PoolOptions::default() };
    for pool in tests::servers_with(options) {
        pool.ping().await.unwrap();
        assert_eq!(pool.size(), (1, 1));
        sleep(Duration::from_millis(600)).await;
        assert_eq!(pool.size(), (0, 0));
        pool.ping().await.unwrap();
        pool.close().await;
    }
}

#[tokio::test]
async fn a_connection_is_replaced_when_its_lifetime_ends_r74() {
    let options = PoolOptions { max_lifetime: Duration::from_millis(300), ..PoolOptions::default() };
    for pool in tests::servers_with(options) {
        let first = session(&pool).await;
        assert_eq!(session(&pool).await, first);
        sleep(Duration::from_millis(400)).await;
        assert_ne!(session(&pool).await, first);
        pool.close().await;
    }
}

#[tokio::test]
async fn a_connection_that_the_server_closed_is_replaced_after_a_ping_r74() {
    let options = PoolOptions { size: 2, ping_after: Duration::ZERO, ..PoolOptions::default() };
    for pool in tests::servers_with(options) {
        let other = pool.get().await.unwrap();
        let first = session(&pool).await;
        drop(other);
        let mut other = pool.get().await.unwrap();
        other.run(vec![format!("KILL {first}").as_str().into()]).await.ok();
        assert_ne!(session(&pool).await, first);
        drop(other);
        pool.close().await;
    }
}

#[tokio::test]
async fn a_caller_waits_for_a_connection_only_for_the_timeout_r74() {
    let (pool, _folder) = tests::sqlite();
    let connection = pool.get().await.unwrap();
    let refused = pool.get().await.map(drop).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Unavailable);
    drop(connection);
    pool.ping().await.unwrap();
    pool.close().await;
    assert_eq!(pool.ping().await.unwrap_err().kind, ErrorKind::Unavailable);
}

#[tokio::test]
async fn a_server_that_does_not_answer_in_time_is_unavailable_and_its_connection_is_closed() {
    let options = PoolOptions { statement_timeout: Duration::from_millis(300), ..PoolOptions::default() };
    for pool in tests::servers_with(options) {
        let first = session(&pool).await;
        let unanswered = pool.run("SELECT SLEEP(20)").await.map(drop).unwrap_err();
        assert_eq!((unanswered.kind.clone(), unanswered.code), (ErrorKind::Unavailable, None));
        assert_eq!(unanswered.to_string(), "the database did not answer within 300ms");
        assert_ne!(session(&pool).await, first);
        let started = Instant::now();
        pool.close().await;
        assert!(started.elapsed() < Duration::from_secs(10), "it does not wait for the statement");
    }
}
