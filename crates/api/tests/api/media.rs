use std::io::Cursor;
use std::path::Path;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};
use testkit::{App, Reply, TestDatabase, spawn, spawn_on, spawn_with, storekeeper};

fn picture(width: u32, height: u32, shade: u8, format: ImageFormat) -> Vec<u8> {
    let colour = |x: u32, y: u32| Rgb([shade, x.to_le_bytes()[0], y.to_le_bytes()[0]]);
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(RgbImage::from_fn(width, height, colour)).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

async fn send(app: &App, media_type: &str, bytes: Vec<u8>) -> Reply {
    let call = app.post("/api/v1/media").token(&app.admin).header("content-type", media_type);
    testkit::Call(call.0.body(bytes)).send().await
}

async fn upload(app: &App, shade: u8) -> String {
    send(app, "image/jpeg", picture(400, 300, shade, ImageFormat::Jpeg)).await.expect(201).id()
}

async fn place(app: &App, product: &str, media: &Value) -> Reply {
    let path = format!("/api/v1/products/{product}/media");
    app.call("PUT", &path).token(&app.admin).json(&json!({ "media": media })).send().await
}

/// The file at a URL of a size.
async fn file(app: &App, url: &str) -> reqwest::Response {
    testkit::http().get(app.url(url)).send().await.unwrap()
}

#[tokio::test]
async fn a_picture_is_uploaded_and_its_sizes_are_public_and_immutable_r210_r212() {
    let app = spawn().await;
    let made = send(&app, "image/png", picture(400, 300, 1, ImageFormat::Png)).await.expect(201);
    let path = format!("/api/v1/media/{}", made.id());
    assert_eq!(made.header("location"), Some(path.as_str()));
    assert_eq!((made.number("/width"), made.number("/height"), made.at("/alt")), (400, 300, &Value::Null));
    let sizes: Vec<_> = made.at("/sizes").as_array().unwrap().clone();
    let dimensions: Vec<_> = sizes.iter().map(|size| (size["width"].as_u64(), size["height"].as_u64())).collect();
    assert_eq!(dimensions, [(Some(160), Some(120)), (Some(320), Some(240)), (Some(400), Some(300))]);
    for size in &sizes {
        let url = size["url"].as_str().unwrap();
        let answer = file(&app, url).await;
        assert_eq!(answer.status(), 200);
        let header = |name: &str| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "image/jpeg");
        assert_eq!(header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(header("cross-origin-resource-policy"), "cross-origin");
        assert!(answer.headers().get("x-ratelimit-limit").is_none() && answer.headers().get("ratelimit").is_none());
        let tag = header("etag");
        let again = testkit::http().get(app.url(url)).header("if-none-match", tag).send().await.unwrap();
        assert_eq!(again.status(), 304);
        let image = image::load_from_memory(&answer.bytes().await.unwrap()).unwrap();
        assert_eq!(Some(u64::from(image.width())), size["width"].as_u64());
    }
    let id = made.id();
    for none in [format!("/media/{id}/161.jpg"), format!("/media/{id}/160.webp"), format!("/media/{}/160.jpg", uuid())]
    {
        assert_eq!(file(&app, &none).await.status(), 404, "{none}");
    }
    for bad in ["original", "0160.jpg", "+160.jpg", "160.png", "..%2f160.jpg", "160"] {
        assert_eq!(file(&app, &format!("/media/{id}/{bad}")).await.status(), 400, "{bad}");
    }
}

fn uuid() -> &'static str {
    "01890a5d-ac96-774b-bcce-b302099a8057"
}

#[tokio::test]
async fn the_same_bytes_are_one_picture_also_at_the_same_moment_r210() {
    let app = spawn().await;
    let bytes = picture(200, 100, 5, ImageFormat::Jpeg);
    let all = (0..6).map(|_| send(&app, "application/octet-stream", bytes.clone()));
    let answers = futures_util::future::join_all(all).await;
    let ids: std::collections::BTreeSet<_> = answers.iter().map(Reply::id).collect();
    assert_eq!(ids.len(), 1);
    let created = answers.iter().filter(|answer| answer.status == 201).count();
    let found = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!((created, found), (1, 5));
    let listed = app.get("/api/v1/media").token(&app.admin).send().await.expect(200);
    assert_eq!(listed.items().len(), 1);
}

#[tokio::test]
async fn an_upload_that_is_no_picture_is_refused_with_the_reason_and_leaves_nothing_r210() {
    let app = spawn().await;
    let refused = async |media_type: &str, bytes: Vec<u8>, status: u16, says: &str| {
        let answer = send(&app, media_type, bytes).await.expect(status);
        assert!(answer.text("/detail").contains(says), "{}", answer.text("/detail"));
    };
    let html = b"<html><script>alert(1)</script></html>".to_vec();
    refused("image/png", html, 415, "not a JPEG, PNG, WebP or GIF").await;
    refused("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), 415, "not a JPEG").await;
    refused("image/jpeg", Vec::new(), 415, "not a JPEG").await;
    refused("multipart/form-data; boundary=x", picture(20, 20, 1, ImageFormat::Png), 415, "no form").await;
    refused("image/png", picture(15, 20, 1, ImageFormat::Png), 422, "at least 16 pixels").await;
    let whole = picture(100, 100, 1, ImageFormat::Png);
    refused("image/png", whole[..whole.len() / 2].to_vec(), 422, "cannot be decoded").await;
    refused("image/jpeg", vec![0xff; 15_000_001], 413, "15000000").await;
    let listed = app.get("/api/v1/media").token(&app.admin).send().await.expect(200);
    assert_eq!(listed.items().len(), 0);
}

#[tokio::test]
async fn a_product_shows_its_pictures_and_lists_show_the_first_r211() {
    let app = spawn().await;
    let product = app.product("Mug", 100, 1).await;
    let path = format!("/api/v1/products/{product}");
    let shown = app.get(&path).token(&app.admin).send().await.expect(200);
    assert_eq!((shown.at("/image"), shown.at("/media")), (&Value::Null, &json!([])));
    let (one, two) = (upload(&app, 1).await, upload(&app, 2).await);
    let placed =
        place(&app, &product, &json!([{ "id": two, "alt": "A mug" }, { "id": one, "alt": "" }])).await.expect(200);
    assert_eq!(placed.number("/version"), 2);
    let shown = app.get(&path).token(&app.admin).send().await.expect(200);
    assert_eq!((shown.text("/image/id"), shown.text("/image/alt")), (two.as_str(), "A mug"));
    assert_eq!((shown.text("/media/1/id"), shown.text("/media/1/alt")), (one.as_str(), ""));
    let listed = app.get("/api/v1/products").token(&app.admin).send().await.expect(200);
    assert_eq!(listed.text("/items/0/image/id"), two);
    assert!(listed.items()[0].get("media").is_none());
    let without_alt = place(&app, &product, &json!([{ "id": one }])).await.expect(200);
    assert_eq!(without_alt.at("/media/0/alt"), &Value::Null);
    let stale = app.call("PUT", &format!("{path}/media")).token(&app.admin).header("if-match", "\"2\"");
    stale.json(&json!({ "media": [] })).send().await.expect(412);
    place(&app, &product, &json!([])).await.expect(200);
    let listed = app.get("/api/v1/products").token(&app.admin).send().await.expect(200);
    assert_eq!(listed.at("/items/0/image"), &Value::Null);
}

#[tokio::test]
async fn refused_pictures_of_a_product_are_named_r211() {
    let app = spawn().await;
    let product = app.product("Mug", 100, 1).await;
    let one = upload(&app, 1).await;
    let fields = async |media: Value| {
        let answer = place(&app, &product, &media).await.expect(422);
        let errors = answer.at("/errors").as_array().unwrap().clone();
        errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(fields(json!([{ "id": uuid() }, { "id": one }])).await, ["media[0].id"]);
    assert_eq!(fields(json!([{ "id": one }, { "id": one }])).await, ["media[1].id"]);
    assert_eq!(fields(json!([{ "id": one, "alt": "x".repeat(301) }])).await, ["media[0].alt"]);
    assert_eq!(fields(json!([{ "id": "x", "title": "y" }])).await, ["media[0].id", "media[0].title"]);
    assert_eq!(fields(json!((0..31).map(|_| json!({ "id": one })).collect::<Vec<_>>())).await, ["media"]);
    place(&app, uuid(), &json!([])).await.expect(404);
}

#[tokio::test]
async fn a_picture_is_deleted_when_nothing_shows_it_r211() {
    let app = spawn().await;
    let product = app.product("Mug", 100, 1).await;
    let one = upload(&app, 1).await;
    place(&app, &product, &json!([{ "id": one }])).await.expect(200);
    let path = format!("/api/v1/media/{one}");
    let refused = app.delete(&path).token(&app.admin).send().await.expect(409);
    assert!(refused.text("/detail").contains("products: Mug"), "{}", refused.text("/detail"));
    let unused = app.get("/api/v1/media?unused=true").token(&app.admin).send().await.expect(200);
    assert_eq!(unused.items().len(), 0);
    place(&app, &product, &json!([])).await.expect(200);
    let unused = app.get("/api/v1/media?unused=true").token(&app.admin).send().await.expect(200);
    assert_eq!(unused.items().len(), 1);
    app.delete(&path).token(&app.admin).send().await.expect(204);
    app.get(&path).token(&app.admin).send().await.expect(404);
}

#[tokio::test]
async fn urls_begin_with_the_base_of_the_settings_r213() {
    let app = spawn_with(&[("media.public_base", "https://cdn.example.com/shop/")]).await;
    let one = upload(&app, 1).await;
    let shown = app.get(&format!("/api/v1/media/{one}")).token(&app.admin).send().await.expect(200);
    assert_eq!(shown.text("/sizes/0/url"), format!("https://cdn.example.com/shop/media/{one}/160.jpg"));
}

#[tokio::test]
async fn a_place_that_cannot_be_written_is_a_503_and_no_picture_r213() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("media");
    std::fs::write(&place, "a file").unwrap();
    let app = spawn_with(&[("media.store", &format!("file:{}", place.display()))]).await;
    let answer = send(&app, "image/jpeg", picture(40, 40, 1, ImageFormat::Jpeg)).await.expect(503);
    assert!(answer.header("retry-after").is_some());
    assert!(!answer.text("/detail").contains("media:"), "no path of the machine is shown");
    let listed = app.get("/api/v1/media").token(&app.admin).send().await.expect(200);
    assert_eq!(listed.items().len(), 0);
}

#[tokio::test]
async fn on_a_server_pictures_need_a_place_that_the_settings_name_r213() {
    let Some(database) = TestDatabase::at("TEST_MARIADB_URL").await else { return };
    let app = spawn_on(database, &[]).await;
    let answer = send(&app, "image/jpeg", picture(40, 40, 1, ImageFormat::Jpeg)).await.expect(503);
    assert!(answer.text("/detail").contains("media.store"), "{}", answer.text("/detail"));
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[tokio::test]
async fn doctor_compares_pictures_with_their_files_r234() {
    let database = TestDatabase::sqlite();
    let folder = database.folder().to_owned();
    {
        let app = spawn_on(database, &[]).await;
        upload(&app, 1).await;
        let database = app.database();
        let well = storekeeper(database, &["doctor", "--media"]).await;
        assert_eq!(well.code, 0, "{well:?}");
        assert!(well.said.contains("pictures compared with their files: 1"), "{}", well.said);
        let all = files(&folder.join("media"));
        assert_eq!(all.len(), 4, "three sizes and what was uploaded: {all:?}");
        let gone = all.iter().find(|path| path.ends_with("160.jpg")).unwrap();
        std::fs::rename(gone, folder.join("media/stray.jpg")).unwrap();
        let found = storekeeper(database, &["doctor", "--media"]).await;
        assert_eq!(found.code, 1, "{found:?}");
        assert!(found.said.contains("a_picture_has_its_files") && found.said.contains("160.jpg"), "{}", found.said);
        assert!(found.said.contains("a_file_has_a_picture  stray.jpg"), "{}", found.said);
    }
}

async fn put(app: &App, path: &str, media: &Value) -> Reply {
    app.call("PUT", &format!("/api/v1/{path}/media")).token(&app.admin).json(&json!({ "media": media })).send().await
}

async fn get(app: &App, path: &str) -> Reply {
    app.get(&format!("/api/v1/{path}")).token(&app.admin).send().await.expect(200)
}

async fn post(app: &App, path: &str, body: &Value) -> Reply {
    app.post(&format!("/api/v1/{path}")).token(&app.admin).json(body).send().await.expect(201)
}

#[tokio::test]
async fn groups_collections_and_terms_show_pictures_of_their_own_r211() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let picture = upload(&app, 1).await;
    let category = post(&app, "categories", &json!({ "name": "Mugs" })).await;
    assert_eq!(category.at("/media"), &json!([]));
    let collection = post(&app, "collections", &json!({ "name": "Sale" })).await;
    let group = json!({ "name": "Shirt", "options": [], "products": [{ "values": {}, "price": testkit::usd(5) }] });
    let group = post(&app, "product-groups", &group).await;
    let (of_group, of_term) = (format!("product-groups/{}", group.id()), "attributes/category/terms/mugs".to_owned());
    let (of_collection, by_slug) = (format!("collections/{}", collection.id()), "collections/sale".to_owned());
    let media = json!([{ "id": picture, "alt": "A picture" }]);
    for (path, kind) in [(&of_group, "product groups"), (&of_term, "terms"), (&by_slug, "collections")] {
        let placed = put(&app, path, &media).await.expect(200);
        assert_eq!((placed.text("/media/0/id"), placed.number("/version")), (&*picture, 2), "{path}");
        assert_eq!(put(&app, path, &media).await.expect(200).number("/version"), 2, "nothing changes");
        for token in [&app.admin, &ann.token] {
            let shown = app.get(&format!("/api/v1/{path}")).token(token).send().await.expect(200);
            assert_eq!((shown.at("/media"), shown.number("/version")), (placed.at("/media"), 2), "{path}");
        }
        let refused = app.delete(&format!("/api/v1/media/{picture}")).token(&app.admin).send().await.expect(409);
        assert!(refused.body.to_string().contains(kind), "{kind}: {}", refused.body);
        let stale = app.call("PUT", &format!("/api/v1/{path}/media")).token(&app.admin).header("if-match", "\"1-x\"");
        stale.json(&json!({ "media": [] })).send().await.expect(412);
        let unknown = put(&app, path, &json!([{ "id": uuid() }])).await.expect(422);
        assert_eq!(unknown.faults(), [("media[0].id", "not_found")]);
        let twice = put(&app, path, &json!([{ "id": picture }, { "id": picture }])).await.expect(422);
        assert_eq!(twice.faults()[0].0, "media[1].id");
    }
    assert_eq!(get(&app, "categories/mugs").await.text("/media/0/alt"), "A picture");
    assert_eq!(get(&app, "collections").await.text("/items/0/image/id"), picture);
    assert_eq!(get(&app, "attributes/category/terms").await.text("/items/0/media/0/id"), picture);
    for nobody in ["product-groups", "collections"] {
        put(&app, &format!("{nobody}/{}", uuid()), &media).await.expect(404);
    }
    put(&app, "attributes/category/terms/plates", &media).await.expect(404);
    // What shows it goes, and it is free.
    for path in [&of_group, &of_term, &of_collection] {
        app.delete(&format!("/api/v1/{path}")).token(&app.admin).send().await.expect(204);
    }
    let member = group.text("/products/0/id");
    assert_eq!(get(&app, &format!("products/{member}")).await.text("/image/id"), picture, "the member has kept it");
    app.delete(&format!("/api/v1/products/{member}")).token(&app.admin).send().await.expect(204);
    app.delete(&format!("/api/v1/media/{picture}")).token(&app.admin).send().await.expect(204);
}

#[tokio::test]
async fn members_without_pictures_have_those_of_their_group_r211_r204() {
    let app = spawn().await;
    let (first, second) = (upload(&app, 1).await, upload(&app, 2).await);
    let made = |price: i64| json!({ "values": {}, "price": testkit::usd(price) });
    let group = json!({ "name": "Shirt", "options": [], "products": [made(5), made(6)] });
    let group = post(&app, "product-groups", &group).await;
    let ids: Vec<_> = (0..2).map(|n| group.text(&format!("/products/{n}/id")).to_owned()).collect();
    let path = format!("product-groups/{}", group.id());
    put(&app, &path, &json!([{ "id": first, "alt": "A shirt" }, { "id": second }])).await.expect(200);
    let own = format!("products/{}?include=own", ids[0]);
    let inherited = get(&app, &own).await;
    assert_eq!((inherited.text("/image/id"), inherited.text("/media/1/id")), (&*first, &*second));
    assert_eq!((inherited.at("/own"), inherited.number("/version")), (&json!([]), 2), "versions rise with the group");
    place(&app, &ids[0], &json!([{ "id": second }])).await.expect(200);
    let with_own = get(&app, &own).await;
    assert_eq!((with_own.text("/image/id"), with_own.at("/own")), (&*second, &json!(["media"])));
    assert_eq!(with_own.at("/media").as_array().unwrap().len(), 1);
    let list = get(&app, "products?sort=price").await;
    assert_eq!((list.text("/items/0/image/id"), list.text("/items/1/image/id")), (&*second, &*first));
    let whole = get(&app, &path).await;
    let images: Vec<_> =
        whole.at("/products").as_array().unwrap().iter().map(|one| one["image"]["id"].clone()).collect();
    assert_eq!(images, [json!(second), json!(first)]);
    let of_product = get(&app, &format!("products/{}?include=group", ids[1])).await;
    assert_eq!(of_product.at("/group/media"), whole.at("/media"));
    // None of its own goes back to those of the group.
    place(&app, &ids[0], &json!([])).await.expect(200);
    assert_eq!(get(&app, &own).await.text("/image/id"), first);
    // One that leaves takes them along, and they are its own.
    app.delete(&format!("/api/v1/{path}/products/{}", ids[1])).token(&app.admin).send().await.expect(204);
    put(&app, &path, &json!([])).await.expect(200);
    let left = get(&app, &format!("products/{}?include=own", ids[1])).await;
    assert_eq!((left.text("/media/0/alt"), left.at("/media/1/alt")), ("A shirt", &Value::Null));
    assert!(left.at("/own").as_array().unwrap().contains(&json!("media")));
    assert_eq!(get(&app, &own).await.at("/image"), &Value::Null);
}

#[tokio::test]
async fn a_product_is_made_with_attributes_pictures_and_its_place_in_a_group_at_once_r219() {
    let app = spawn().await;
    let (first, second) = (upload(&app, 1).await, upload(&app, 2).await);
    post(&app, "attributes", &json!({ "code": "size", "name": "Size", "type": "choice", "filterable": true })).await;
    for name in ["S", "M"] {
        post(&app, "attributes/size/terms", &json!({ "name": name })).await;
    }
    let group = json!({
        "name": "Shirt", "description": "Of cotton.", "seo_title": "Shirts",
        "options": [{ "attribute": "size" }], "products": [{ "values": { "size": "s" }, "price": testkit::usd(5) }],
    });
    let group = post(&app, "product-groups", &group).await;
    put(&app, &format!("product-groups/{}", group.id()), &json!([{ "id": second }])).await.expect(200);
    let body = |media: Value, group: Value| {
        json!({
            "name": "Shirt M", "price": testkit::usd(7), "initial_stock": 3, "attributes": { "tag": "new" },
            "media": media, "group": group,
        })
    };
    let create =
        async |body: &Value, key: &str| app.post("/api/v1/products").token(&app.admin).key(key).json(body).send().await;
    let place = json!({ "id": group.id(), "values": { "size": "m" } });
    for (refused, field) in [
        (body(json!([{ "id": first }, { "id": uuid() }]), place.clone()), "media[1].id"),
        (body(json!([{ "id": first }, { "id": first }]), place.clone()), "media[1].id"),
        (body(json!([{ "id": first }]), json!({ "id": uuid(), "values": { "size": "m" } })), "group.id"),
        (body(json!([{ "id": first }]), json!({ "id": group.id(), "values": { "size": "xl" } })), "group.values.size"),
        (body(json!([]), json!({ "id": group.id() })), "group.values.size"),
        (body(json!([]), json!({ "values": {} })), "group.id"),
    ] {
        assert_eq!(create(&refused, field).await.expect(422).faults()[0].0, field);
    }
    let taken = body(json!([]), json!({ "id": group.id(), "values": { "size": "s" } }));
    let taken = create(&taken, "taken").await.expect(409);
    assert_eq!((taken.kind(), taken.faults()[0].0), ("duplicate-combination", "group.values"));
    assert_eq!(get(&app, "products").await.items().len(), 1, "nothing is written");
    let whole = body(json!([{ "id": first, "alt": "A shirt" }]), place);
    let made = create(&whole, "whole").await.expect(201);
    assert_eq!(
        (made.number("/version"), made.text("/media/0/alt"), made.at("/in_stock")),
        (1, "A shirt", &json!(true))
    );
    assert_eq!((made.text("/description"), made.text("/seo_title")), ("Of cotton.", "Shirts"));
    assert_eq!(create(&whole, "whole").await.expect(201).body, made.body);
    let read = get(&app, &format!("products/{}", made.id())).await;
    assert_eq!((&read.body, read.etag()), (&made.body, made.etag()));
    let codes: Vec<_> = made.at("/attributes").as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    assert_eq!(codes.len(), 2, "{codes:?}");
    let after = get(&app, &format!("product-groups/{}", group.id())).await;
    assert_eq!(
        (after.at("/products/1/values"), after.text("/products/1/image/id")),
        (&json!({ "size": "m" }), &*first)
    );
    // Without pictures of its own it shows those of the group, and alone it has none.
    post(&app, "attributes/size/terms", &json!({ "name": "L" })).await;
    let bare = json!({ "name": "Shirt L", "price": testkit::usd(7), "group": { "id": group.id(), "values": { "size": "l" } } });
    let bare = create(&bare, "bare").await.expect(201);
    assert_eq!(
        (bare.text("/image/id"), &bare.body),
        (&*second, &get(&app, &format!("products/{}", bare.id())).await.body)
    );
    let alone = create(&json!({ "name": "Mug", "price": testkit::usd(1), "media": [{ "id": first }] }), "alone").await;
    let alone = alone.expect(201);
    assert_eq!(&alone.body, &get(&app, &format!("products/{}", alone.id())).await.body);
}
