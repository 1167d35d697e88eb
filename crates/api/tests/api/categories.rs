use serde_json::{Value, json};
use testkit::{App, Reply, spawn};

const PATH: &str = "/api/v1/categories";

/// A category below another, whose slug is its name.
async fn add(app: &App, name: &str, parent: Option<&Reply>) -> Reply {
    let body = json!({ "name": name, "parent_id": parent.map(|parent| parent.text("/id")) });
    app.post(PATH).token(&app.admin).json(&body).send().await.expect(201)
}

async fn slugs(app: &App, query: &str) -> Vec<(String, i64)> {
    let tree = app.get(&format!("{PATH}{query}")).token(&app.admin).send().await.expect(200);
    let items = tree.at("/items").as_array().unwrap();
    items.iter().map(|one| (one["slug"].as_str().unwrap().to_owned(), one["depth"].as_i64().unwrap())).collect()
}

fn tree(expected: &[(&str, i64)]) -> Vec<(String, i64)> {
    expected.iter().map(|(slug, depth)| ((*slug).to_owned(), *depth)).collect()
}

#[tokio::test]
async fn categories_are_a_tree_that_is_listed_in_order_r202() {
    let app = spawn().await;
    let men = add(&app, "men", None).await;
    let shoes = add(&app, "shoes", Some(&men)).await;
    add(&app, "boots", Some(&shoes)).await;
    add(&app, "shirts", Some(&men)).await;
    let women = add(&app, "women", None).await;
    add(&app, "Shoes", Some(&women)).await;
    let whole = tree(&[("men", 1), ("shoes", 2), ("boots", 3), ("shirts", 2), ("women", 1), ("shoes-2", 2)]);
    assert_eq!(slugs(&app, "").await, whole);
    assert_eq!(slugs(&app, "?depth=1").await, tree(&[("men", 1), ("women", 1)]));
    assert_eq!(slugs(&app, "?root=shoes").await, tree(&[("shoes", 2), ("boots", 3)]));
    let below = format!("?root={}&depth=2", men.text("/id"));
    assert_eq!(slugs(&app, &below).await, tree(&[("men", 1), ("shoes", 2), ("shirts", 2)]));
    app.get(&format!("{PATH}?root=nothing")).token(&app.admin).send().await.expect(404);
    for bad in ["depth=0", "depth=9", "depth=x", "root=Men!"] {
        app.get(&format!("{PATH}?{bad}")).token(&app.admin).send().await.expect(400);
    }

    let one = app.get(&format!("{PATH}/shoes")).token(&app.admin).send().await.expect(200);
    let names = |pointer: &str| {
        let nodes = one.at(pointer).as_array().unwrap();
        nodes.iter().map(|node| node["slug"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!((names("/ancestors"), names("/children"), one.number("/depth")), (vec!["men"], vec!["boots"], 2));
    assert_eq!((one.number("/ancestors/0/depth"), one.number("/children/0/depth")), (1, 3));
    assert_eq!(one.etag(), app.get(&format!("{PATH}/{}", shoes.text("/id"))).token(&app.admin).send().await.etag());

    // Those beside each other are in order of their positions.
    let first = app.patch(&format!("{PATH}/men")).token(&app.admin).json(&json!({ "position": 1 })).send().await;
    assert_eq!(first.expect(200).number("/position"), 1);
    assert_eq!(slugs(&app, "?depth=1").await, tree(&[("women", 1), ("men", 1)]));
}

#[tokio::test]
async fn a_category_is_moved_with_what_is_below_it_and_never_below_itself_r202() {
    let app = spawn().await;
    let (men, women) = (add(&app, "men", None).await, add(&app, "women", None).await);
    let shoes = add(&app, "shoes", Some(&men)).await;
    let boots = add(&app, "boots", Some(&shoes)).await;
    let change = |slug: &str, tag: &str, parent: Value| {
        let call = app.patch(&format!("{PATH}/{slug}")).token(&app.admin).header("if-match", tag);
        call.json(&json!({ "parent_id": parent })).send()
    };
    let moved = change("shoes", shoes.etag(), json!(women.text("/id"))).await.expect(200);
    assert_eq!((moved.text("/ancestors/0/slug"), moved.text("/children/0/slug")), ("women", "boots"));
    assert_eq!(slugs(&app, "").await, tree(&[("men", 1), ("women", 1), ("shoes", 2), ("boots", 3)]));
    assert_eq!(change("shoes", shoes.etag(), Value::Null).await.expect(412).kind(), "stale-version");
    for below in [&women, &shoes, &boots] {
        assert_eq!(change("women", "*", json!(below.text("/id"))).await.expect(409).kind(), "cycle");
    }
    let unknown = change("shoes", "*", json!("01890000-0000-7000-8000-000000000000")).await.expect(422);
    assert_eq!(unknown.faults(), [("parent_id", "not_found")]);
    let brand = app.post("/api/v1/attributes/brand/terms").token(&app.admin).json(&json!({ "name": "Acme" })).send();
    let brand = brand.await.expect(201);
    let other = change("shoes", "*", json!(brand.text("/id"))).await.expect(422);
    assert_eq!(other.faults(), [("parent_id", "not_found")], "a term of another attribute");
    let top = change("boots", "*", Value::Null).await.expect(200);
    assert_eq!((top.number("/depth"), top.at("/parent_id")), (1, &Value::Null));
    let in_use = app.delete("/api/v1/attributes/category/terms/women").token(&app.admin).send().await.expect(409);
    assert_eq!(in_use.kind(), "in-use", "{}", in_use.text("/detail"));
    app.delete("/api/v1/attributes/category/terms/boots").token(&app.admin).send().await.expect(204);
    assert_eq!(slugs(&app, "").await, tree(&[("men", 1), ("women", 1), ("shoes", 2)]));
}

#[tokio::test]
async fn the_tree_has_8_levels_at_most_r202() {
    let app = spawn().await;
    let mut last = add(&app, "c1", None).await;
    let first = last.text("/id").to_owned();
    for level in 2..=8 {
        last = add(&app, &format!("c{level}"), Some(&last)).await;
    }
    assert_eq!(last.number("/depth"), 8);
    let deeper = json!({ "name": "c9", "parent_id": last.text("/id") });
    let refused = app.post(PATH).token(&app.admin).json(&deeper).send().await.expect(422);
    assert_eq!(refused.faults(), [("parent_id", "too_large")]);
    let top = add(&app, "top", None).await;
    let moved = app.patch(&format!("{PATH}/{first}")).token(&app.admin).json(&json!({ "parent_id": top.text("/id") }));
    assert_eq!(moved.send().await.expect(422).faults(), [("parent_id", "too_large")]);
}
