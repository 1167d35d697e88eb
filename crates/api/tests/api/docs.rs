//! The page of the documents.

use testkit::{Reply, spawn, spawn_with};

/// What a page refers to.
fn references(page: &str) -> Vec<String> {
    let marks = ["src=\"", "href=\""];
    let values = marks.iter().flat_map(|mark| page.split(mark).skip(1).filter_map(|rest| rest.split('"').next()));
    values.map(str::to_owned).collect()
}

fn text(reply: &Reply) -> String {
    String::from_utf8(reply.bytes.clone()).unwrap()
}

#[tokio::test]
async fn the_docs_page_is_served_from_the_binary_without_a_token_r75() {
    let app = spawn().await;
    let page = app.get("/docs").send().await.expect(200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let files = references(&text(&page));
    assert!(files.len() >= 5 && files.iter().all(|file| !file.contains("//")), "{files:?}");
    for file in files.iter().filter(|file| file.starts_with("docs/")) {
        let reply = app.get(&format!("/{file}")).send().await.expect(200);
        assert!(!reply.bytes.is_empty(), "{file}");
    }
    for (file, media_type, beginning) in [
        ("swagger-ui-bundle.js", "text/javascript; charset=utf-8", "/*! For license information please see swagger"),
        ("swagger-ui-bundle.js.LICENSE.txt", "text/plain; charset=utf-8", "/*"),
        ("swagger-ui.css", "text/css; charset=utf-8", ".swagger-ui"),
        ("favicon.svg", "image/svg+xml", "<svg"),
    ] {
        let reply = app.get(&format!("/docs/{file}")).send().await.expect(200);
        assert_eq!(reply.header("content-type"), Some(media_type), "{file}");
        assert!(text(&reply).starts_with(beginning), "{file}");
    }
    app.get("/docs/index.html").send().await.expect(404);
    app.get("/docs/..%2F..%2FCargo.toml").send().await.expect(404);
    app.post("/docs").send().await.expect(405);
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let folder = client.get(app.url("/docs/")).send().await.unwrap();
    assert_eq!((folder.status().as_u16(), folder.headers()["location"].to_str().unwrap()), (308, "../docs"));
}

#[tokio::test]
async fn the_docs_page_allows_only_its_own_scripts_and_no_frame_r75() {
    let app = spawn().await;
    for path in ["/docs", "/docs/docs.js", "/docs/swagger-ui.css"] {
        let reply = app.get(path).send().await.expect(200);
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
    }
    let page = text(&app.get("/docs").send().await);
    assert!(!page.contains("<style") && !page.contains("onload") && !page.contains("<script>"), "{page}");
}

#[tokio::test]
async fn the_files_of_the_docs_page_are_compressed_and_cached_r75() {
    let app = spawn().await;
    let bundle = "/docs/swagger-ui-bundle.js";
    let plain = app.get(bundle).send().await.expect(200);
    let packed = app.get(bundle).header("accept-encoding", "br, gzip;q=0.8").send().await.expect(200);
    assert_eq!((plain.header("content-encoding"), packed.header("content-encoding")), (None, Some("gzip")));
    assert!(packed.bytes.starts_with(&[0x1f, 0x8b]) && packed.bytes.len() * 3 < plain.bytes.len());
    let refused = app.get(bundle).header("accept-encoding", "gzip;q=0, identity").send().await.expect(200);
    assert_eq!((refused.header("content-encoding"), &refused.bytes), (None, &plain.bytes));
    let none = app.get("/docs").header("accept-encoding", "gzip").send().await.expect(200);
    assert_eq!(none.header("content-encoding"), None);

    let tag = packed.header("etag").unwrap();
    assert_eq!((plain.header("etag"), packed.header("vary")), (Some(tag), Some("Accept-Encoding")));
    assert_eq!(packed.header("cache-control"), Some("public, no-cache"));
    let again = app.get(bundle).header("if-none-match", tag).send().await.expect(304);
    assert_eq!((again.bytes.len(), again.header("etag")), (0, Some(tag)));
    app.get(bundle).header("if-none-match", "W/\"0\"").send().await.expect(200);
    let head = app.call("HEAD", bundle).send().await.expect(200);
    assert!(head.bytes.is_empty() && head.header("etag") == Some(tag));
}

#[tokio::test]
async fn documents_are_not_rate_limited_r70_r75() {
    let app = spawn_with(&[("rate_limit.enabled", "true"), ("rate_limit.requests", "1")]).await;
    for _ in 0..3 {
        let page = app.get("/docs").send().await.expect(200);
        assert_eq!(page.header("ratelimit"), None);
    }
}
