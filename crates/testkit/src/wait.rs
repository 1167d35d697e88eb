//! Waiting for conditions, and running futures concurrently.

use std::time::{Duration, Instant};

/// Polls until the condition holds. Panics with `what` after a time limit.
pub async fn until(what: &str, mut happened: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !happened().await {
        assert!(began.elapsed() < Duration::from_secs(30), "not {what} after {:?}", began.elapsed());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Runs all futures concurrently.
pub async fn at_once<T: Send + 'static>(
    work: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = work.into_iter().map(tokio::spawn).collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}
