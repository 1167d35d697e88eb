//! Pictures that files name: fetched, attached, and written again.

use serde_json::{Value, json};
use testkit::{App, Reply, spawn, spawn_with};

use crate::support::other_shop::OtherShop;

/// A shop that may fetch from the other one.
async fn shop() -> App {
    spawn_with(&[("imports.allow_networks", "127.0.0.0/8")]).await
}

async fn get(app: &App, path: &str) -> Reply {
    app.get(path).token(&app.admin).send().await.expect(200)
}

/// Imports a file, and returns what is said of its rows.
async fn import(app: &App, query: &str, file: String) -> Vec<Value> {
    let call = app.post(&format!("/api/v1/imports{query}")).token(&app.admin).header("content-type", "text/csv");
    let id = testkit::Call(call.0.body(file)).send().await.expect(202).id();
    let path = format!("/api/v1/imports/{id}");
    for (status, next) in [("checked", Some("start")), ("done", None)] {
        for round in 0.. {
            let is = get(app, &path).await;
            if is.at("/status") == status {
                break;
            }
            assert!(round < 300, "it is never {status}: {is:?}");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        if let Some(next) = next {
            app.post(&format!("{path}/{next}")).token(&app.admin).json(&json!({})).send().await.expect(202);
        }
    }
    get(app, &format!("{path}/rows")).await.items().iter().map(|row| row["notes"].clone()).collect()
}

/// The product with this SKU.
async fn product(app: &App, sku: &str) -> Reply {
    let found = get(app, &format!("/api/v1/products?sku={sku}")).await;
    get(app, &format!("/api/v1/products/{}", found.items()[0]["id"].as_str().unwrap())).await
}

/// The ids of its pictures, and what they show.
fn pictures(product: &Reply) -> Vec<(String, Value)> {
    let all = product.at("/media").as_array().unwrap().iter();
    all.map(|one| (one["id"].as_str().unwrap().to_owned(), one["alt"].clone())).collect()
}

#[tokio::test]
async fn pictures_are_fetched_in_order_with_what_they_show_and_not_twice_r230_r231() {
    let (app, other) = (shop().await, OtherShop::open().await);
    let (red, blue, gone, page) =
        (other.url("red.png"), other.url("blue.png"), other.url("gone.png"), other.url("page.png"));
    let file = format!(
        "sku,name,price,media,media_alt\nr231-m,Mug,100,\"{red}, {blue}\",\", A blue mug\"\nr231-n,Pot,100,{blue},\n"
    );
    assert_eq!(import(&app, "?fetch_media=true", file.clone()).await, [json!([]), json!([])]);
    let mug = product(&app, "r231-m").await;
    let shown = pictures(&mug);
    assert_eq!(shown.iter().map(|(_, alt)| alt).collect::<Vec<_>>(), [&Value::Null, &json!("A blue mug")]);
    assert_eq!(
        pictures(&product(&app, "r231-n").await),
        [(shown[1].0.clone(), Value::Null)],
        "the same bytes are one picture"
    );
    assert_eq!(other.asked(), 2, "each is fetched once");
    assert_eq!(get(&app, "/api/v1/media").await.items().len(), 2);

    // Again: nothing changes, and what somebody has said meanwhile stays.
    let alt = json!({ "media": [{ "id": shown[0].0, "alt": "A red mug" }, { "id": shown[1].0, "alt": "A blue mug" }] });
    let path = format!("/api/v1/products/{}", mug.id());
    app.call("PUT", &format!("{path}/media")).token(&app.admin).json(&alt).send().await.expect(200);
    let before = product(&app, "r231-m").await;
    import(&app, "?fetch_media=true", file).await;
    let again = product(&app, "r231-m").await;
    assert_eq!((again.number("/version"), pictures(&again)), (before.number("/version"), pictures(&before)));
    assert_eq!(get(&app, "/api/v1/media").await.items().len(), 2);

    // What cannot be had is said, and takes nothing away.
    let file = format!("sku,price,media\nr231-m,200,\"{gone}, {blue}, {page}\"\n");
    let notes = import(&app, "?fetch_media=true", file).await;
    let said: Vec<_> = notes[0].as_array().unwrap().iter().map(|note| note.as_str().unwrap()).collect();
    assert_eq!(said[0], format!("the picture {gone} is left out: it is answered with 404"));
    assert!(said[1].starts_with(&format!("the picture {page} is left out: it ")) && said.len() == 2, "{said:?}");
    let kept = product(&app, "r231-m").await;
    let ids = |of: &Reply| pictures(of).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!((kept.number("/price/amount"), ids(&kept)), (200, vec![shown[1].0.clone(), shown[0].0.clone()]));

    // An empty cell takes all away, but only when pictures are fetched.
    let notes = import(&app, "", format!("sku,price,media\nr231-m,300,\nr231-n,300,{red}\n")).await;
    assert_eq!(notes, [json!([]), json!(["pictures are not fetched"])]);
    assert_eq!(ids(&product(&app, "r231-m").await).len(), 2);
    import(&app, "?fetch_media=true", "sku,media\nr231-m,\n".to_owned()).await;
    assert_eq!(ids(&product(&app, "r231-m").await), Vec::<String>::new());
}

#[tokio::test]
async fn pictures_of_shopify_are_those_of_the_group_and_of_a_variant_r228_r231() {
    let (app, other) = (shop().await, OtherShop::open().await);
    let (red, blue) = (other.url("red.png"), other.url("blue.png"));
    let file = format!(
        "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src,Image Position,Image Alt Text,Variant Image\n\
         tee,Tee,Size,S,tee-s,10.00,{blue},2,,\ntee,,,M,tee-m,10.00,{red},1,Red,{blue}\n"
    );
    import(&app, "?fetch_media=true", file).await;
    let (small, medium) = (product(&app, "tee-s").await, product(&app, "tee-m").await);
    let alts: Vec<_> = pictures(&small).into_iter().map(|(_, alt)| alt).collect();
    assert_eq!(alts, [json!("Red"), Value::Null], "the small one has those of the group");
    assert_eq!(pictures(&medium).len(), 1);
    assert_eq!(pictures(&medium)[0].0, pictures(&small)[1].0);
}

#[tokio::test]
async fn pictures_are_exported_by_urls_that_an_import_reads_r233() {
    let other = OtherShop::open().await;
    let settings = [("imports.allow_networks", "127.0.0.0/8"), ("shop.public_url", "https://shop.example/de/")];
    let app = spawn_with(&settings).await;
    let export = async || {
        let request = testkit::http().get(app.url("/api/v1/products/export.csv")).bearer_auth(&app.admin);
        request.send().await.unwrap().text().await.unwrap()
    };
    import(&app, "", "sku,name,price\nr233-p,Mug,100\n".to_owned()).await;
    assert!(!export().await.contains("media"), "a shop without pictures has no columns of them");
    let (red, blue) = (other.url("red.png"), other.url("blue.png"));
    let file = format!("sku,media,media_alt\nr233-p,\"{red}, {blue}\",\"\"\"\"\", Mug\\, blue\"\n");
    import(&app, "?fetch_media=true", file).await;
    let was = product(&app, "r233-p").await;
    assert_eq!(pictures(&was).iter().map(|(_, alt)| alt.clone()).collect::<Vec<_>>(), [json!(""), json!("Mug, blue")]);
    let file = export().await;
    let id = &pictures(&was)[0].0;
    assert!(file.contains(&format!("https://shop.example/media/{id}/40.jpg")), "{file}");
    import(&app, "?fetch_media=true", "sku,media\nr233-p,\n".to_owned()).await;
    assert!(pictures(&product(&app, "r233-p").await).is_empty());
    let asked = other.asked();
    import(&app, "?fetch_media=true", file).await;
    assert_eq!(pictures(&product(&app, "r233-p").await), pictures(&was));
    assert_eq!(other.asked(), asked, "the shop has its own pictures");
}

#[tokio::test]
async fn no_address_of_the_network_inside_is_reached_and_bad_cells_are_refused_r231() {
    let (app, other) = (spawn().await, OtherShop::open().await);
    let url = other.url("red.png");
    let notes = import(&app, "?fetch_media=true", format!("sku,name,price,media\nr231-o,Mug,100,{url}\n")).await;
    assert_eq!(notes, [json!([format!("the picture {url} is left out: it has no public address")])]);
    assert_eq!((other.asked(), pictures(&product(&app, "r231-o").await).len()), (0, 0));
    let many: Vec<_> = (0..31).map(|n| format!("https://a.example/{n}")).collect();
    let file = format!(
        "sku,name,price,media,media_alt,group.media\na,Mug,1,\"{}\",,\nb,Mug,1,https://a.example,\"x,y\",\nc,Mug,1,,,https://a.example\n",
        many.join(",")
    );
    let call = app.post("/api/v1/imports?fetch_media=true").token(&app.admin).header("content-type", "text/csv");
    let id = testkit::Call(call.0.body(file)).send().await.expect(202).id();
    for _ in 0..300 {
        if get(&app, &format!("/api/v1/imports/{id}")).await.at("/status") == "checked" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let rows = get(&app, &format!("/api/v1/imports/{id}/rows")).await;
    let fields: Vec<_> =
        rows.items().iter().map(|row| row["errors"][0]["field"].as_str().unwrap_or_default()).collect();
    assert_eq!(fields, ["media", "media_alt", "group"]);
}
