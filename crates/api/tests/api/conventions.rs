//! What holds for every route.

use serde_json::json;
use testkit::{App, Customer, Reply, product, spawn};

#[tokio::test]
async fn an_unknown_route_is_a_404_for_everybody_r6() {
    let app = spawn().await;
    for path in ["/nope", "/api/v1", "/api/v1/", "/api/v1/nope/", "/api/v2/products", "/api/v1/orders/x/y"] {
        for method in ["GET", "POST", "DELETE"] {
            let reply = app.call(method, path).send().await.expect(404);
            assert_eq!((reply.kind(), reply.text("/instance")), ("not-found", path));
        }
    }
}

#[tokio::test]
async fn another_method_is_a_405_that_names_the_allowed_ones_r6() {
    let app = spawn().await;
    for (method, path, allow) in [
        ("PUT", "/api/v1/products", "GET, POST, HEAD, OPTIONS"),
        ("GET", "/api/v1/auth/login", "POST, OPTIONS"),
        ("POST", "/api/v1/cart", "GET, DELETE, HEAD, OPTIONS"),
        ("GET", "/api/v1/cart/items/x", "PATCH, DELETE, OPTIONS"),
        ("BREW", "/health/live", "GET, HEAD, OPTIONS"),
    ] {
        let reply = app.call(method, path).send().await.expect(405);
        assert_eq!(reply.header("allow"), Some(allow), "{method} {path}");
        assert!(reply.text("/detail").contains(allow));
    }
}

#[tokio::test]
async fn options_names_the_methods_and_the_media_types_of_a_patch() {
    let app = spawn().await;
    for (path, allow, patch) in [
        ("/api/v1/products", "GET, POST, HEAD, OPTIONS", None),
        ("/api/v1/auth/login", "POST, OPTIONS", None),
        ("/api/v1/me", "GET, PATCH, DELETE, HEAD, OPTIONS", Some("application/merge-patch+json, application/json")),
        ("/api/v1/cart/items/x", "PATCH, DELETE, OPTIONS", Some("application/merge-patch+json, application/json")),
        ("/health/live", "GET, HEAD, OPTIONS", None),
    ] {
        let reply = app.call("OPTIONS", path).send().await.expect(204);
        assert_eq!((reply.header("allow"), reply.header("accept-patch")), (Some(allow), patch), "{path}");
        assert!(reply.bytes.is_empty() && reply.header("x-request-id").is_some(), "{path}");
    }
    app.call("OPTIONS", "/api/v1/nope").send().await.expect(404);
}

#[tokio::test]
async fn a_trailing_slash_leads_to_the_path_without_it() {
    let app = spawn().await;
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    for (path, place) in [
        ("/api/v1/products/", "/api/v1/products"),
        ("/api/v1/products/?q=caf%C3%A9&limit=2", "/api/v1/products?q=caf%C3%A9&limit=2"),
        ("/api/v1/products/x/stock//", "/api/v1/products/x/stock"),
        ("/api/v1/cart/items/", "/api/v1/cart/items"),
        ("/health/live/", "/health/live"),
        ("/metrics/?", "/metrics?"),
    ] {
        for method in ["GET", "HEAD", "POST", "PATCH", "DELETE"] {
            let request = client.request(method.parse().unwrap(), app.url(path));
            let reply = request.header("content-type", "application/json").body("{}").send().await.unwrap();
            assert_eq!(
                (reply.status().as_u16(), &reply.headers()["location"]),
                (308, &place.parse().unwrap()),
                "{path}"
            );
            assert!(reply.headers().contains_key("x-request-id") && reply.headers().contains_key("cache-control"));
        }
    }
    for path in ["//example.com/", "/api/v1//", "/nope/"] {
        let reply = client.get(app.url(path)).send().await.unwrap();
        assert_eq!(reply.status(), 404, "{path}");
    }
    let ann = app.customer("ann").await;
    let lamp = app.product("Lamp", 10, 1).await;
    let body = json!({ "product_id": lamp, "quantity": 2 });
    let call = app.post("/api/v1/cart/items/").token(&ann.token).json(&body).send().await.expect(200);
    assert_eq!(call.number("/item_count"), 2, "a client that follows sends method and body again");
}

#[tokio::test]
async fn a_head_is_a_get_without_a_body_r31() {
    let app = spawn().await;
    let get = app.get("/api/v1/products").token(&app.admin).send().await.expect(200);
    let head = app.call("HEAD", "/api/v1/products").token(&app.admin).send().await.expect(200);
    assert!(head.bytes.is_empty());
    for name in ["etag", "content-type", "content-length"] {
        assert_eq!(head.header(name), get.header(name));
    }
}

#[tokio::test]
async fn a_malformed_id_in_the_path_is_a_400_r32_r63() {
    let app = spawn().await;
    for path in ["products/x", "products/1", "orders/x", "orders/01890000000070008000000000000000", "products/%00"] {
        let reply = app.get(&format!("/api/v1/{path}")).token(&app.admin).send().await.expect(400);
        assert_eq!(reply.faults(), [("id", "format")], "{path}");
    }
}

#[tokio::test]
async fn a_valid_request_id_is_kept_and_any_other_is_replaced_r77() {
    let app = spawn().await;
    let longest = "i".repeat(128);
    for id in ["abc-123_X.y", longest.as_str()] {
        let reply = app.get("/health/live").header("x-request-id", id).send().await.expect(200);
        assert_eq!(reply.header("x-request-id"), Some(id));
    }
    for id in ["", "a b", "a\"b", "i\u{e4}", &"i".repeat(129)] {
        let reply = app.get("/health/live").header("x-request-id", id).send().await.expect(200);
        let made = reply.header("x-request-id").unwrap();
        assert!(made.len() == 36 && made != id, "{made}");
    }
}

#[tokio::test]
async fn every_response_has_a_cache_control_header_r71() {
    let app = spawn().await;
    let reply = app.get("/api/v1/me").token(&app.admin).send().await.expect(200);
    assert_eq!(reply.header("cache-control"), Some("private, no-cache"));
    assert_eq!(reply.header("vary"), Some("Authorization"));
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(app.get("/health/live").send().await.expect(200).header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn a_representation_that_the_client_has_is_not_sent_again_r71() {
    let app = spawn().await;
    let id = app.product("Lamp", 1, 1).await;
    for path in [format!("/api/v1/products/{id}"), "/api/v1/products".to_owned(), "/api/v1/me".to_owned()] {
        let first = app.get(&path).token(&app.admin).send().await.expect(200);
        let etag = first.header("etag").unwrap();
        let ask = |tags: &str| app.get(&path).token(&app.admin).header("if-none-match", tags).send();
        for tags in [etag.to_owned(), format!("W/{etag}"), format!("\"other\", {etag}"), "*".to_owned()] {
            let reply = ask(&tags).await.expect(304);
            assert!(reply.bytes.is_empty());
            assert_eq!((reply.header("etag"), reply.header("cache-control")), (Some(etag), Some("private, no-cache")));
        }
        ask("\"other\"").await.expect(200);
        ask("\"1\"").await.expect(200);
        ask("nonsense").await.expect(400);
    }
}

#[tokio::test]
async fn an_etag_changes_with_the_body_even_if_the_version_does_not_r71() {
    let app = spawn().await;
    let id = app.product("Lamp", 1, 1).await;
    let path = format!("/api/v1/products/{id}");
    let before = app.get(&path).token(&app.admin).send().await.expect(200);
    let body = json!({ "quantity": -1, "reason": "broken" });
    app.post(&format!("{path}/stock/adjustments")).token(&app.admin).json(&body).send().await.expect(201);
    let after = app.get(&path).token(&app.admin).header("if-none-match", before.header("etag").unwrap()).send().await;
    let after = after.expect(200);
    assert_eq!((after.at("/in_stock"), after.at("/version")), (&json!(false), before.at("/version")));
}

async fn change(app: &App, who: &Customer, path: &str, tags: &str, quantity: i64) -> Reply {
    app.patch(path).token(&who.token).header("if-match", tags).json(&json!({ "quantity": quantity })).send().await
}

#[tokio::test]
async fn a_stale_version_is_a_412_and_changes_nothing_r52_r53_r54() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let lamp = app.product("Lamp", 1, 1).await;
    app.put_in_cart(&ann, &lamp, 1).await;
    let path = format!("/api/v1/cart/items/{lamp}");
    let old = app.get("/api/v1/cart").token(&ann.token).send().await.expect(200).header("etag").unwrap().to_owned();
    assert!(old.starts_with("\"1-"));
    let reply = change(&app, &ann, &path, &old, 2).await.expect(200);
    let new = reply.header("etag").unwrap().to_owned();
    for tags in [old.as_str(), "\"1\"", "\"x\"", &format!("W/{old}"), "W/\"x\"", "\"1\", \"0\""] {
        assert_eq!(change(&app, &ann, &path, tags, 9).await.expect(412).kind(), "stale-version", "{tags}");
    }
    for call in [app.delete(&path), app.delete("/api/v1/cart")] {
        call.token(&ann.token).header("if-match", &old).send().await.expect(412);
    }
    assert_eq!(app.get("/api/v1/cart").token(&ann.token).send().await.expect(200).number("/items/0/quantity"), 2);
    change(&app, &ann, &path, &format!("\"1\", {new}"), 3).await.expect(200);
    change(&app, &ann, &path, "\"3\"", 4).await.expect(200);
    change(&app, &ann, &path, "*", 5).await.expect(200);
    change(&app, &ann, &path, "5", 6).await.expect(400);
    app.delete("/api/v1/cart").token(&ann.token).header("if-match", "\"5\"").send().await.expect(204);
}

#[tokio::test]
async fn the_tag_that_a_compressing_proxy_makes_of_ours_names_the_same_version() {
    let app = spawn().await;
    let id = app.product("Lamp", 1, 1).await;
    let path = format!("/api/v1/products/{id}");
    let weak = |tag: &str| format!("W/{tag}");
    let zipped = |tag: &str| format!("{}-gzip\"", tag.trim_end_matches('"'));
    for (n, marked) in [&weak as &dyn Fn(&str) -> String, &zipped, &|tag| weak(&zipped(tag))].into_iter().enumerate() {
        let old = app.get(&path).token(&app.admin).send().await.expect(200).etag().to_owned();
        let tag = marked(&old);
        app.get(&path).token(&app.admin).header("if-none-match", &tag).send().await.expect(304);
        let rename = || {
            let body = json!({ "name": format!("Lamp {n}") });
            app.patch(&path).token(&app.admin).header("if-match", &tag).json(&body).send()
        };
        rename().await.expect(200);
        assert_eq!(rename().await.expect(412).kind(), "stale-version", "{tag} is not the current one any more");
    }
    let body = json!({ "restock_threshold": 1, "restock_target": 5 });
    let policy = format!("{path}/stock");
    let tag = weak(app.get(&policy).token(&app.admin).send().await.expect(200).etag());
    let put = || app.call("PUT", &format!("{policy}/policy")).token(&app.admin).header("if-match", &tag).json(&body);
    put().send().await.expect(200);
    put().send().await.expect(412);
    let tag = weak(app.get(&path).token(&app.admin).send().await.expect(200).etag());
    app.delete(&path).token(&app.admin).header("if-match", &tag).send().await.expect(204);
}

#[tokio::test]
async fn no_body_is_an_empty_object_wherever_no_field_must_be_given() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let lamp = app.product("Lamp", 10, 9).await;
    let empty = |method: &str, path: &str, token: &str| app.call(method, path).token(token).raw("").send();
    empty("POST", "/api/v1/restocks/run", &app.admin).await.expect(200);
    app.put_in_cart(&ann, &lamp, 1).await;
    let order = empty("POST", "/api/v1/orders", &ann.token).await.expect(201).id();
    empty("POST", &format!("/api/v1/orders/{order}/cancel"), &ann.token).await.expect(200);
    empty("PATCH", "/api/v1/me", &ann.token).await.expect(200);
    empty("PATCH", &format!("/api/v1/products/{lamp}"), &app.admin).await.expect(200);
    for (method, path) in [
        ("POST", "/api/v1/products".to_owned()),
        ("POST", "/api/v1/auth/login".to_owned()),
        ("POST", "/api/v1/cart/items".to_owned()),
        ("PUT", format!("/api/v1/products/{lamp}/stock/policy")),
    ] {
        let token = if path.contains("cart") { &ann.token } else { &app.admin };
        assert_eq!(empty(method, &path, token).await.expect(400).kind(), "malformed-json", "{path}");
    }
    let keyed = || app.post("/api/v1/restocks/run").token(&app.admin).key("k");
    keyed().raw("").send().await.expect(200);
    assert!(keyed().raw("{}").send().await.expect(200).is_replayed() && keyed().send().await.expect(200).is_replayed());
}

#[tokio::test]
async fn a_patch_may_be_a_json_merge_patch() {
    let app = spawn().await;
    let id = app.product("Lamp", 10, 1).await;
    let send = |at: &str, media_type: &str, body: &str| {
        let call = app.patch(at).token(&app.admin).header("content-type", media_type);
        reqwest_body(call, body).send()
    };
    let path = format!("/api/v1/products/{id}");
    for (n, media_type) in [
        "application/merge-patch+json",
        "application/merge-patch+json; charset=utf-8",
        "Application/Merge-Patch+JSON",
        "application/json",
    ]
    .iter()
    .enumerate()
    {
        let body = json!({ "sku": format!("S-{n}"), "description": null });
        let reply = send(&path, media_type, &body.to_string()).await.expect(200);
        assert_eq!(reply.text("/sku"), format!("S-{n}"), "{media_type}");
    }
    let merge = "application/merge-patch+json";
    let reply = send(&path, merge, r#"{"price":{"amount":77}}"#).await.expect(200);
    assert_eq!(reply.at("/price"), &testkit::usd(77), "what is not named within a price stays");
    assert_eq!(send(&path, merge, r#"{"price":{}}"#).await.expect(200).at("/price"), &testkit::usd(77));
    send(&path, merge, r#"{"price":{"amount":null}}"#).await.expect(422);
    send(&path, merge, r#"{"price":{"currency":"EUR"}}"#).await.expect(422);
    send(&path, merge, "").await.expect(200);
    send(&path, merge, r#"{"sku":null}"#).await.expect(200);
    for other in ["application/json-patch+json", "text/plain", "application/merge-patch+json; charset=latin1"] {
        let refused = send(&path, other, "{}").await.expect(415);
        assert_eq!(refused.header("accept-patch"), Some("application/merge-patch+json, application/json"), "{other}");
        assert!(refused.text("/detail").contains(merge), "{other}");
    }
    let refused = app.post("/api/v1/products").token(&app.admin).header("content-type", merge);
    assert_eq!(reqwest_body(refused, "{}").send().await.expect(415).header("accept-patch"), None);
}

#[tokio::test]
async fn a_body_must_be_uncompressed_json_in_utf8_r30() {
    let app = spawn().await;
    let body = product("Lamp", 1, 1).to_string();
    let post = |content_type: &str| {
        let call = app.post("/api/v1/products").token(&app.admin).header("content-type", content_type);
        reqwest_body(call, &body).send()
    };
    for bad in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin1",
        "nonsense",
        "application/merge-patch+json",
    ] {
        assert_eq!(post(bad).await.expect(415).kind(), "unsupported-media-type", "{bad}");
    }
    for good in ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"] {
        post(good).await.expect(201);
    }
    let nothing = reqwest_body(app.post("/api/v1/products").token(&app.admin), &body);
    nothing.send().await.expect(415);
    for packing in ["gzip", "br", "identity"] {
        let packed =
            app.post("/api/v1/products").token(&app.admin).header("content-encoding", packing).raw(body.clone());
        packed.send().await.expect(415);
    }
}

fn reqwest_body(call: testkit::Call, body: &str) -> testkit::Call {
    testkit::Call(call.0.body(body.to_owned()))
}

#[tokio::test]
async fn a_url_or_headers_that_are_too_long_are_refused_r77() {
    let app = spawn().await;
    let path = format!("/api/v1/products?q={}", "x".repeat(8 * 1024));
    assert_eq!(app.get(&path).send().await.expect(414).kind(), "uri-too-long");
    let reply = app.get("/api/v1/products").header("x-filler", &"x".repeat(40 * 1024)).send().await.expect(431);
    assert_eq!(reply.kind(), "headers-too-large");
}

#[tokio::test]
async fn the_health_endpoints_report_a_live_and_ready_server_r77() {
    let app = spawn().await;
    assert_eq!(app.get("/health/live").send().await.expect(200).text("/status"), "ok");
    assert_eq!(app.get("/health/ready").send().await.expect(200).text("/status"), "ready");
}
