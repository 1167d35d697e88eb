use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::*;

fn cache() -> (Arc<Changes>, Arc<CachedProductResponses<Text>>) {
    let changes = Arc::new(Changes::default());
    changes.looked(Instant::now(), |_| false);
    (changes.clone(), Arc::new(CachedProductResponses::new(changes, 1 << 20)))
}

struct Text(String);

impl Rendered for Text {
    fn size(&self) -> usize {
        self.0.len()
    }
}

fn render(body: &'static str) -> Render<'static, Text> {
    Box::pin(async move { Ok(Some(Text(body.to_owned()))) })
}

async fn ask(cache: &CachedProductResponses<Text>, body: &'static str) -> String {
    cache.get_or_render("mugs".to_owned(), render(body)).await.unwrap().unwrap().0.clone()
}

#[tokio::test]
async fn an_answer_is_kept_until_a_product_changes_r71() {
    let (changes, cache) = cache();
    assert_eq!(ask(&cache, "old").await, "old");
    assert_eq!(ask(&cache, "unread").await, "old");
    changes.of(Subject::Products).changed();
    assert_eq!(ask(&cache, "new").await, "new");
    assert_eq!(ask(&cache, "unread").await, "new");
}

#[tokio::test]
async fn a_read_that_began_before_a_change_and_ends_after_it_is_not_kept_r71() {
    let (changes, cache) = cache();
    let (reading, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let slow: Render<'static, Text> = {
        let (reading, go_on) = (reading.clone(), go_on.clone());
        Box::pin(async move {
            reading.notify_one();
            go_on.notified().await;
            Ok(Some(Text("old".to_owned())))
        })
    };
    let reader = tokio::spawn({
        let cache = cache.clone();
        async move { cache.get_or_render("mugs".to_owned(), slow).await }
    });
    reading.notified().await;
    changes.of(Subject::Products).changed();
    let new = tokio::time::timeout(Duration::from_secs(5), ask(&cache, "new"));
    assert_eq!(new.await.expect("nobody waits for what is old"), "new");
    go_on.notify_one();
    reader.await.unwrap().unwrap();
    assert_eq!(ask(&cache, "unread").await, "new");
}

#[tokio::test]
async fn a_hundred_who_ask_the_same_at_once_cause_one_read_r71() {
    let (_, cache) = cache();
    let reads = Arc::new(AtomicU64::new(0));
    let asking = (0..100).map(|_| {
        let (cache, reads) = (cache.clone(), reads.clone());
        tokio::spawn(async move {
            let make: Render<'static, Text> = Box::pin(async move {
                reads.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(20)).await;
                Ok(Some(Text("mug".to_owned())))
            });
            cache.get_or_render("mugs".to_owned(), make).await.unwrap().unwrap()
        })
    });
    for answer in asking.collect::<Vec<_>>() {
        answer.await.unwrap();
    }
    assert_eq!(reads.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_is_forgotten_is_rendered_again_r71_r221() {
    let (_, cache) = cache();
    assert_eq!(ask(&cache, "unknown").await, "unknown");
    cache.forget("mugs");
    assert_eq!(ask(&cache, "known").await, "known");
    cache.forget("cups");
    assert_eq!(ask(&cache, "unread").await, "known");
}

#[tokio::test]
async fn an_error_is_given_and_not_kept_r71() {
    let (_, cache) = cache();
    let fail: Render<'static, Text> = Box::pin(async { Err(StoreError::Unavailable("away".into())) });
    assert!(matches!(cache.get_or_render("mugs".to_owned(), fail).await, Err(StoreError::Unavailable(_))));
    assert_eq!(ask(&cache, "back").await, "back");
}

#[tokio::test]
async fn the_cache_has_a_limit_in_bytes_r71() {
    let (_, cache) = cache();
    for n in 0..200 {
        let large: Render<'static, Text> = Box::pin(async { Ok(Some(Text("x".repeat(100_000)))) });
        cache.get_or_render(n.to_string(), large).await.unwrap();
    }
    let weight = cache.cache.weight();
    assert!((100_000..=1 << 20).contains(&weight), "{weight} bytes");
}
