//! Names of products and product groups in addresses, texts for search engines, and descriptions in HTML.

use serde_json::{Value, json};
use testkit::{App, Reply, spawn, spawn_with, usd};

const PRODUCTS: &str = "/api/v1/products";
const GROUPS: &str = "/api/v1/product-groups";

async fn create(app: &App, body: &Value) -> Reply {
    app.post(PRODUCTS).token(&app.admin).json(body).send().await
}

fn mug(more: &Value) -> Value {
    let mut body = json!({ "name": "Blue mug", "price": usd(500) });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn patch(app: &App, path: &str, body: &Value) -> Reply {
    app.patch(path).token(&app.admin).json(body).send().await
}

async fn get(app: &App, path: &str) -> Reply {
    app.get(path).token(&app.admin).send().await
}

/// Asks, and follows nothing.
pub async fn ask(app: &App, token: &str, path: &str) -> Reply {
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    Reply::to(client.get(app.url(path)).bearer_auth(token)).await
}

fn path(made: &Reply) -> String {
    format!("{PRODUCTS}/{}", made.text("/id"))
}

#[tokio::test]
async fn a_product_is_found_by_its_slug_and_an_old_one_leads_to_the_new_one_r217() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let made = create(&app, &mug(&json!({}))).await.expect(201);
    assert_eq!(made.text("/slug"), "blue-mug");
    assert_eq!(create(&app, &mug(&json!({}))).await.expect(201).text("/slug"), "blue-mug-2");
    let by = |slug: &str| format!("{PRODUCTS}/by-slug/{slug}");
    for token in [&app.admin, &ann.token] {
        // The second one is kept.
        for _ in 0..2 {
            let found = ask(&app, token, &by("blue-mug")).await.expect(200);
            assert_eq!((&found.body, found.etag()), (&made.body, made.etag()));
        }
    }
    let renamed = patch(&app, &path(&made), &json!({ "name": "Cup" })).await.expect(200);
    assert_eq!(renamed.text("/slug"), "blue-mug", "a new name does not change it");
    patch(&app, &path(&made), &json!({ "slug": "cup" })).await.expect(200);
    let moved = ask(&app, &ann.token, &format!("{}?include=own", by("blue-mug"))).await.expect(308);
    assert_eq!(moved.header("location"), Some(&*format!("{}?include=own", by("cup"))));
    assert_eq!((moved.header("cache-control"), moved.bytes.len()), (Some("private, no-cache"), 0));
    let followed = app.get(&by("blue-mug")).token(&ann.token).send().await.expect(200);
    assert_eq!((followed.text("/id"), followed.text("/slug")), (made.text("/id"), "cup"));

    // What somebody had is nobody else's.
    for taken in ["cup", "blue-mug"] {
        let refused = create(&app, &mug(&json!({ "slug": taken }))).await.expect(409);
        assert_eq!((refused.kind(), refused.faults()), ("duplicate", vec![("slug", "duplicate")]));
    }
    patch(&app, &path(&made), &json!({ "slug": "blue-mug" })).await.expect(200);
    let back = ask(&app, &ann.token, &by("cup")).await.expect(308);
    assert_eq!(back.header("location"), Some(&*by("blue-mug")));

    // What a customer does not see leads nowhere.
    patch(&app, &path(&made), &json!({ "status": "archived" })).await.expect(200);
    for slug in ["cup", "blue-mug", "nothing"] {
        ask(&app, &ann.token, &by(slug)).await.expect(404);
    }
    ask(&app, &app.admin, &by("cup")).await.expect(308);
    app.delete(&path(&made)).token(&app.admin).send().await.expect(204);
    for slug in ["cup", "blue-mug"] {
        ask(&app, &app.admin, &by(slug)).await.expect(404);
    }
    assert_eq!(create(&app, &mug(&json!({ "slug": "cup" }))).await.expect(201).text("/slug"), "cup");
}

#[tokio::test]
async fn lists_have_slugs_and_bad_ones_are_refused_by_field_r217() {
    let app = spawn().await;
    let made = create(&app, &mug(&json!({ "slug": "mug-of-clay", "seo_title": "Mugs" }))).await.expect(201);
    let list = get(&app, PRODUCTS).await.expect(200);
    assert_eq!(list.text("/items/0/slug"), "mug-of-clay");
    for absent in ["seo_title", "seo_description", "description_html"] {
        assert!(list.at("/items/0").get(absent).is_none(), "{absent} is for the product alone");
    }
    let long = "x".repeat(81);
    for (bad, code) in
        [("Mug", "format"), ("a b", "format"), ("ä", "format"), (made.text("/id"), "format"), (&long, "too_long")]
    {
        let refused = create(&app, &mug(&json!({ "slug": bad }))).await.expect(422);
        assert_eq!(refused.faults(), [("slug", code)], "{bad}");
    }
    assert_eq!(patch(&app, &path(&made), &json!({ "slug": null })).await.expect(422).faults(), [("slug", "required")]);
    get(&app, &format!("{PRODUCTS}/by-slug/Mug")).await.expect(400);
    let texts = json!({ "seo_title": "x".repeat(71), "seo_description": "x".repeat(201) });
    let refused = create(&app, &mug(&texts)).await.expect(422);
    assert_eq!(refused.faults(), [("seo_description", "too_long"), ("seo_title", "too_long")]);
}

#[tokio::test]
async fn html_is_cleaned_when_it_is_written_and_gives_the_description_if_none_is_given_r218() {
    let app = spawn().await;
    let html = "<h2>Mug</h2><p onclick=\"x()\">Of <b>fine</b> <em>clay</em><script>x()</script></p>";
    let made = create(&app, &mug(&json!({ "description_html": html }))).await.expect(201);
    assert_eq!(made.text("/description_html"), "<h2>Mug</h2><p>Of fine <em>clay</em></p>");
    assert_eq!((made.text("/description"), made.at("/seo_title")), ("Mug\nOf fine clay", &Value::Null));
    let read = get(&app, &path(&made)).await.expect(200);
    assert_eq!((&read.body, read.etag()), (&made.body, made.etag()));
    assert_eq!(get(&app, &format!("{PRODUCTS}?q=clay")).await.expect(200).items().len(), 1, "it is found by its text");

    let both = json!({ "description_html": "<p>Of stone</p>", "description": "Stoneware" });
    let both = patch(&app, &path(&made), &both).await.expect(200);
    assert_eq!((both.text("/description"), both.text("/description_html")), ("Stoneware", "<p>Of stone</p>"));
    let titled = patch(&app, &path(&made), &json!({ "seo_title": "Mugs", "seo_description": "All mugs" })).await;
    let titled = titled.expect(200);
    assert_eq!((titled.text("/seo_title"), titled.number("/version")), ("Mugs", 3));
    assert_eq!(titled.text("/description_html"), "<p>Of stone</p>");
    let same = patch(&app, &path(&made), &json!({ "seo_title": "Mugs" })).await.expect(200);
    assert_eq!((same.number("/version"), same.etag()), (3, titled.etag()), "nothing has changed");
    let bare = patch(&app, &path(&made), &json!({ "description_html": null, "seo_title": "" })).await.expect(200);
    assert_eq!((bare.at("/description_html"), bare.at("/seo_title")), (&Value::Null, &Value::Null));
    assert_eq!((bare.text("/description"), bare.text("/seo_description")), ("Stoneware", "All mugs"));

    for (bad, code) in
        [("x".repeat(50_001), "too_long"), ("<script>x</script>".to_owned(), "blank"), ("a\u{1}".to_owned(), "format")]
    {
        let refused = patch(&app, &path(&made), &json!({ "description_html": bad })).await.expect(422);
        assert_eq!(refused.faults(), [("description_html", code)]);
    }
    let audit = get(&app, "/api/v1/audit?resource=product&limit=1").await.expect(200);
    assert!(audit.body.to_string().contains("description_html"), "{}", audit.body);
}

#[tokio::test]
async fn pictures_in_html_are_shown_where_the_pictures_of_the_shop_are_r218() {
    let app = spawn_with(&[("media.public_base", "https://cdn.example")]).await;
    let picture = "/media/01890a5d-ac96-774b-bcce-b302099a8057/640.jpg";
    let html = format!(
        "<p>A mug: <img alt=\"Mug\" src=\"https://cdn.example{picture}\"><img src=\"https://a.example/x.jpg\"></p>"
    );
    let made = create(&app, &mug(&json!({ "description_html": html }))).await.expect(201);
    let shown = format!("<p>A mug: <img alt=\"Mug\" src=\"https://cdn.example{picture}\"><img></p>");
    assert_eq!(made.text("/description_html"), shown);
    assert_eq!(get(&app, &path(&made)).await.expect(200).body, made.body);
    let again = patch(&app, &path(&made), &json!({ "description_html": shown })).await.expect(200);
    assert_eq!(again.number("/version"), 1, "what is shown may be sent back");
}

#[tokio::test]
async fn a_group_has_a_slug_and_texts_which_its_products_show_r204_r217_r218() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let first = create(&app, &mug(&json!({}))).await.expect(201);
    let body = json!({
        "name": "Mugs", "options": [], "from": first.text("/id"),
        "seo_title": "All mugs", "description_html": "<p>Of <strong>clay</strong></p>",
        "products": [{ "price": usd(600), "name": "Red mug", "seo_title": "A red mug" }],
    });
    let group = app.post(GROUPS).token(&app.admin).json(&body).send().await.expect(201);
    assert_eq!(
        (group.text("/slug"), group.text("/seo_title"), group.text("/description")),
        ("mugs", "All mugs", "Of clay")
    );
    let slugs = (group.text("/products/0/slug"), group.text("/products/1/slug"));
    assert_eq!(slugs, ("blue-mug", "red-mug"), "`from` does not move the slug of the product");
    let shown = async |slug: &str| get(&app, &format!("{PRODUCTS}/by-slug/{slug}?include=own,group")).await.expect(200);
    let (blue, red) = (shown("blue-mug").await, shown("red-mug").await);
    assert_eq!((blue.text("/seo_title"), red.text("/seo_title")), ("All mugs", "A red mug"));
    assert_eq!((blue.at("/own"), red.at("/own")), (&json!([]), &json!(["seo_title"])));
    assert_eq!(
        (blue.text("/description_html"), blue.text("/description")),
        ("<p>Of <strong>clay</strong></p>", "Of clay")
    );
    assert_eq!(blue.at("/group"), &group.body);
    // Its own description, in whatever form, is instead of both of the group.
    patch(&app, &path(&first), &json!({ "description": "Of tin" })).await.expect(200);
    let own = shown("blue-mug").await;
    assert_eq!((own.at("/description_html"), own.at("/own")), (&Value::Null, &json!(["description"])));
    patch(&app, &path(&first), &json!({ "description": null })).await.expect(200);
    assert_eq!(shown("blue-mug").await.text("/description_html"), "<p>Of <strong>clay</strong></p>");

    let of_group = format!("{GROUPS}/{}", group.text("/id"));
    let changed =
        patch(&app, &of_group, &json!({ "slug": "cups", "description_html": "<p>Of iron</p>" })).await.expect(200);
    assert_eq!((changed.text("/slug"), changed.text("/description")), ("cups", "Of iron"));
    assert_eq!(shown("red-mug").await.text("/description"), "Of iron");
    let by = |slug: &str| format!("{GROUPS}/by-slug/{slug}");
    let moved = ask(&app, &ann.token, &by("mugs")).await.expect(308);
    assert_eq!(moved.header("location"), Some(&*by("cups")));
    for _ in 0..2 {
        let found = ask(&app, &ann.token, &by("cups")).await.expect(200);
        assert_eq!((found.text("/id"), found.etag()), (group.text("/id"), changed.etag()));
    }
    ask(&app, &ann.token, &by("blue-mug")).await.expect(404);
    let taken = json!({ "name": "Other", "options": [], "slug": "mugs" });
    let refused = app.post(GROUPS).token(&app.admin).json(&taken).send().await.expect(409);
    assert_eq!(refused.faults(), [("slug", "duplicate")]);
    for one in ["blue-mug", "red-mug"] {
        let id = shown(one).await.id();
        patch(&app, &format!("{PRODUCTS}/{id}"), &json!({ "status": "archived" })).await.expect(200);
    }
    for slug in ["cups", "mugs"] {
        ask(&app, &ann.token, &by(slug)).await.expect(404);
    }
}
