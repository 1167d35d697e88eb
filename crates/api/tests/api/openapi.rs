//! The document of the API, and whether the server does what it says.

use std::collections::{BTreeMap, BTreeSet};
use testkit::{documented, spawn};

const DOCUMENTS: [(&str, &str); 3] = [
    ("/openapi/swagger.yaml", "application/yaml"),
    ("/openapi/openapi.yaml", "application/yaml"),
    ("/openapi/openapi.json", "application/json"),
];

#[tokio::test]
async fn the_documents_are_public_unlimited_and_can_be_revalidated_r75() {
    let app = testkit::spawn_with(&[("rate_limit.enabled", "true"), ("rate_limit.requests", "2")]).await;
    for (path, media_type) in DOCUMENTS {
        let mut etag = String::new();
        for _ in 0..4 {
            let reply = app.get(path).send().await.expect(200);
            assert_eq!(reply.header("content-type"), Some(media_type));
            assert_eq!(reply.header("cache-control"), Some("public, no-cache"));
            assert_eq!(reply.header("ratelimit"), None);
            assert!(reply.bytes.len() > 10_000, "{path}");
            reply.header("etag").unwrap().clone_into(&mut etag);
        }
        let reply = app.get(path).header("if-none-match", &etag).send().await.expect(304);
        assert!(reply.bytes.is_empty());
    }
    assert_eq!(&app.get("/openapi/openapi.json").send().await.body, documented::document());
}

/// Whatever has a route answers with another status than 404 and 405, and names in `Allow` what else the path takes.
#[tokio::test]
async fn the_routes_of_the_server_and_of_the_document_are_the_same_r75() {
    let app = spawn().await;
    for (template, methods) in documented::document()["paths"].as_object().unwrap() {
        let path = template.replace("{sequence}", "1").replace("{id}", "x").replace("{product_id}", "x");
        let reply = app.call("PROPFIND", &path).send().await.expect(405);
        let allowed: BTreeSet<_> = reply.header("allow").unwrap().split(", ").map(str::to_lowercase).collect();
        let mut documented: BTreeSet<_> = methods.as_object().unwrap().keys().cloned().collect();
        if documented.contains("get") {
            documented.insert("head".to_owned());
        }
        documented.insert("options".to_owned());
        assert_eq!(allowed, documented, "{template}");
        for method in methods.as_object().unwrap().keys() {
            let status = app.call(&method.to_uppercase(), &path).send().await.status;
            assert!(status != 404 && status != 405, "{method} {template}: {status}");
        }
    }
}

#[tokio::test]
async fn routes_need_a_token_exactly_where_the_document_says_r6_r75() {
    let app = spawn().await;
    for (template, methods) in documented::document()["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let path = template.replace("{sequence}", "1").replace(['{', '}'], "");
            let reply = app.call(&method.to_uppercase(), &path).send().await;
            let open = operation["security"].as_array().is_some_and(Vec::is_empty);
            assert_eq!(reply.status == 401, !open, "{method} {template}: {}", reply.status);
        }
    }
}

/// What stands beside the API does not describe itself.
const BESIDE: [&str; 3] = ["/openapi/", "/docs", "/media/"];

#[test]
fn the_document_has_exactly_the_routes_of_the_table_r75() {
    let table = concat!(include_str!("../../src/routes/mod.rs"), include_str!("../../src/routes/staff.rs"));
    let lines = table.split("at(\"").skip(1).map(|line| line.split_once('"').unwrap());
    let listed: BTreeMap<_, BTreeSet<_>> = lines
        .filter(|(path, _)| *path != "/" && !BESIDE.iter().any(|beside| path.starts_with(beside)))
        .map(|(path, methods)| {
            (path, methods.split(')').filter_map(|call| call.trim().strip_prefix('.')?.split('(').next()))
        })
        .map(|(path, methods)| (path, methods.collect()))
        .collect();
    let paths = documented::document()["paths"].as_object().unwrap();
    let documented: BTreeMap<_, BTreeSet<_>> = paths
        .iter()
        .map(|(path, methods)| (path.as_str(), methods.as_object().unwrap().keys().map(String::as_str).collect()))
        .collect();
    assert_eq!(listed, documented);
}
