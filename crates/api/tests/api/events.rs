//! What readers of the feed ask, and how it is refused.

use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::{documented, spawn};

#[tokio::test]
async fn a_bad_question_names_the_parameter_and_what_is_allowed_r167() {
    let app = spawn().await;
    let ask =
        async |query: &str| app.get(&format!("/api/v1/events?{query}")).token(&app.admin).send().await.expect(400);
    for (query, parameter, says) in [
        ("after=-1", "after", "from 0"),
        ("after=x", "after", "whole number"),
        ("limit=0", "limit", "from 1 to 100"),
        ("limit=101", "limit", "from 1 to 100"),
        ("wait=26", "wait", "from 0 to 25"),
        ("wait=-1", "wait", "from 0 to 25"),
        ("types=orders.*", "types", "`orders.*`"),
        ("types=order.*,,", "types", "refund.succeeded"),
        ("types=", "types", "dispute.*"),
        ("stream=7", "stream", "UUID"),
        ("cursor=7", "cursor", "allowed are: after, types, stream, limit, wait"),
        ("wait=1&wait=2", "wait", "once"),
    ] {
        let refused = ask(query).await;
        assert_eq!((refused.kind(), refused.refused_fields()), ("bad-query", vec![parameter]), "{query}");
        assert!(refused.text("/errors/0/message").contains(says), "{query}: {}", refused.body);
    }
    let both = ask("limit=0&types=x").await;
    assert_eq!(both.refused_fields(), ["limit", "types"]);
}

#[tokio::test]
async fn a_reader_that_waits_in_vain_gets_an_empty_page_in_time_r167() {
    let app = spawn().await;
    let began = Instant::now();
    let reply = app.get("/api/v1/events?after=0&types=dispute.*&wait=1").token(&app.admin).send().await.expect(200);
    assert!(reply.items().is_empty());
    assert!(began.elapsed() >= Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(reply.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn a_reader_beyond_the_end_hears_where_the_feed_ends_r167() {
    let app = spawn().await;
    for query in ["after=9000", "after=9000&wait=20", "after=9000&types=dispute.*"] {
        let beyond = app.get(&format!("/api/v1/events?{query}")).token(&app.admin).send().await.expect(410);
        let (oldest, last) = (beyond.number("/oldest"), beyond.number("/last"));
        assert_eq!(beyond.kind(), "events-ahead", "{query}");
        assert!(oldest - 1 <= last && last < 9000, "{query}: {}", beyond.body);
        let (to_oldest, to_last) = (format!("after={}", oldest - 1), format!("after={last}"));
        for query in [to_oldest, to_last] {
            app.get(&format!("/api/v1/events?{query}")).token(&app.admin).send().await.expect(200);
        }
    }
}

#[test]
fn every_type_of_event_is_documented_with_an_example_that_fits_its_schema_r165() {
    let webhooks = documented::document()["webhooks"].as_object().unwrap();
    let types: Vec<_> = domain::events::EventType::ALL.iter().map(|one| one.as_str()).collect();
    assert_eq!(webhooks.len(), types.len());
    for name in types {
        let content = &webhooks[name]["post"]["requestBody"]["content"]["application/json"];
        assert_eq!(content["example"]["type"], name);
        documented::check_event(&content["example"]);
        // A schema that lets everything through would prove nothing.
        let mut broken = content["example"].clone();
        broken["data"] = Value::Object(serde_json::Map::new());
        let refused = std::panic::catch_unwind(|| documented::check_event(&broken));
        assert!(refused.is_err(), "{name}");
    }
}
