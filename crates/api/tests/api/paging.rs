use serde_json::json;
use testkit::{App, spawn};

/// Walks a list page by page along its `Link`s; answers what `pointer` points to in each item.
async fn walk(app: &App, token: &str, first: &str, pointer: &str) -> Vec<String> {
    let mut seen = Vec::new();
    let mut path = first.to_owned();
    loop {
        let page = app.get(&path).token(token).send().await.expect(200);
        seen.extend(page.items().iter().map(|item| item.pointer(pointer).unwrap().to_string()));
        let Some(link) = page.header("link") else {
            assert_eq!(page.at("/next_cursor"), &json!(null));
            return seen;
        };
        let next = link.strip_prefix('<').and_then(|rest| rest.strip_suffix(">; rel=\"next\"")).unwrap();
        next.clone_into(&mut path);
        assert!(path.ends_with(&format!("cursor={}", page.text("/next_cursor"))));
    }
}

fn distinct(mut items: Vec<String>) -> usize {
    items.sort_unstable();
    items.dedup();
    items.len()
}

#[tokio::test]
async fn the_pages_of_every_list_have_no_gap_and_no_repetition_r31_r40_r43_r62() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let mut products = Vec::new();
    for n in 0..5 {
        products.push(app.product(&format!("P{n}"), 1, 100).await);
    }
    for _ in 0..5 {
        let body = json!({ "items": [{ "product_id": products[0], "quantity": 1 }] });
        app.post("/api/v1/orders").token(&ann.token).json(&body).send().await.expect(201);
    }
    let movements = format!("/api/v1/products/{}/stock/movements", products[0]);
    let lists = [
        (app.admin.as_str(), "/api/v1/products", "/id", 5),
        (ann.token.as_str(), "/api/v1/products", "/id", 5),
        (app.admin.as_str(), "/api/v1/stock", "/product_id", 5),
        (app.admin.as_str(), movements.as_str(), "/sequence", 6),
        (app.admin.as_str(), "/api/v1/orders", "/id", 5),
        (ann.token.as_str(), "/api/v1/orders", "/id", 5),
    ];
    for (token, list, pointer, count) in lists {
        for limit in [1, 2, 5, 100] {
            let seen = walk(&app, token, &format!("{list}?limit={limit}"), pointer).await;
            assert_eq!((seen.len(), distinct(seen)), (count, count), "{list} by {limit}");
        }
    }
}

#[tokio::test]
async fn the_link_header_keeps_the_other_query_parameters_r31() {
    let app = spawn().await;
    for n in 0..3 {
        app.product(&format!("P{n}"), 1, 1).await;
    }
    let page = app.get("/api/v1/products?limit=1&status=active").token(&app.admin).send().await.expect(200);
    let link = page.header("link").unwrap();
    assert!(link.starts_with("</api/v1/products?limit=1&status=active&cursor="), "{link}");
    assert_eq!(walk(&app, &app.admin, "/api/v1/products?limit=1&status=active", "/id").await.len(), 3);
}

#[tokio::test]
async fn a_page_has_20_items_by_default_r31() {
    let app = spawn().await;
    for n in 0..21 {
        app.product(&format!("P{n}"), 1, 1).await;
    }
    let page = app.get("/api/v1/products").token(&app.admin).send().await.expect(200);
    assert_eq!(page.items().len(), 20);
}

#[tokio::test]
async fn a_bad_limit_or_cursor_is_a_400_r31() {
    let app = spawn().await;
    for n in 0..2 {
        app.product(&format!("P{n}"), 1, 1).await;
    }
    for limit in ["0", "101", "-1", "x", "1.5", "", "99999999999999999999"] {
        let reply = app.get(&format!("/api/v1/products?limit={limit}")).token(&app.admin).send().await.expect(400);
        assert_eq!(reply.faults(), [("limit", "format")], "{limit}");
    }
    let page = app.get("/api/v1/products?limit=1").token(&app.admin).send().await.expect(200);
    let cursor = page.text("/next_cursor");
    let flipped: String = cursor.chars().rev().collect();
    for bad in ["x", "", "AAAA", &flipped, &cursor[1..], &format!("{cursor}A")] {
        let reply = app.get(&format!("/api/v1/products?cursor={bad}")).token(&app.admin).send().await.expect(400);
        assert_eq!(reply.faults(), [("cursor", "format")], "{bad}");
    }
    // One list's cursor is nothing to another.
    app.get(&format!("/api/v1/orders?cursor={cursor}")).token(&app.admin).send().await.expect(400);
}

#[tokio::test]
async fn unknown_and_repeated_parameters_are_refused_and_the_allowed_ones_named_r31() {
    let app = spawn().await;
    let reply = app.get("/api/v1/products?colour=red&limit=1&limit=2").token(&app.admin).send().await.expect(400);
    assert_eq!(reply.faults(), [("colour", "unknown_field"), ("limit", "repeated")]);
    let reply = app.get("/api/v1/products?colour=red").token(&app.admin).send().await.expect(400);
    let allowed = "sku, barcode, on_sale, category, tag, brand, attr.{code}, collection, updated_after, include, collapse, facets, total, limit, cursor";
    assert!(reply.text("/detail").contains(allowed), "{}", reply.body);
}
