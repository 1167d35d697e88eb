//! Imports of files of other shops, and what becomes of their products.

use serde_json::{Value, json};
use testkit::{App, Reply, spawn};

use super::imports::{becomes, get, post, send};

/// Checks a file, writes what is not refused of it, and returns the import as it is then.
pub(super) async fn import(app: &App, file: String) -> Reply {
    let id = send(app, "", file).await.expect(202).id();
    becomes(app, &id, "checked").await;
    post(app, &format!("/api/v1/imports/{id}/start"), &json!({"skip_failed": true})).await.expect(202);
    becomes(app, &id, "done").await
}

pub(super) fn counts(reply: &Reply) -> [i64; 5] {
    ["creates", "updates", "unchanged", "failed", "done"].map(|name| reply.number(&format!("/{name}")))
}

#[tokio::test]
async fn a_group_keeps_its_texts_when_its_first_variant_is_refused_r228_r229() {
    let app = spawn().await;
    let shopify = "Handle,Title,Body (HTML),Tags,Option1 Name,Option1 Value,Variant SKU,Variant Price\n\
                   tee,Tee,<p>Cotton</p>,summer,Size,S,r228-s,x\n\
                   tee,,,,,M,r228-m,20.00\n\
                   tee,,,,,L,r228-l,20.00\n";
    let woo = "ID,Type,SKU,Name,Description,Tags,Regular price,Parent,Attribute 1 name,Attribute 1 value(s)\n\
               9,variable,r229,Cap,<p>Cotton</p>,summer,,,Size,\"S, M, L\"\n\
               10,variation,r229-s,,,,x,r229,Size,S\n\
               11,variation,r229-m,,,,20.00,r229,Size,M\n\
               12,variation,r229-l,,,,20.00,r229,Size,L\n";
    for (name, file) in [("Tee", shopify), ("Cap", woo)] {
        let done = import(&app, file.to_owned()).await;
        assert_eq!(&counts(&done)[..4], &[2, 0, 0, 1], "{done:?}");
        let groups = get(&app, "/api/v1/product-groups").await.expect(200);
        let groups = groups.at("/items").as_array().unwrap();
        let group = groups.iter().find(|group| group["name"] == name);
        let group = group.unwrap_or_else(|| panic!("no group has the name {name}: {groups:?}"));
        let group = get(&app, &format!("/api/v1/product-groups/{}", group["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(group.at("/description_html"), &json!("<p>Cotton</p>"));
        // The same file again changes nothing.
        assert_eq!(&counts(&import(&app, file.to_owned()).await)[..4], &[0, 0, 2, 1]);
    }
}

#[tokio::test]
async fn a_refused_product_between_two_parts_is_counted_once_r228_r231() {
    let app = spawn().await;
    let head = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\n".to_owned();
    let singles = (2..=99).map(|n| format!("p{n},Mug,,,r228-{n},1.00\n"));
    // Its rows are the lines 100 to 103, and a part has 100 rows.
    let tee = ["S", "M", "L", "XL"].map(|size| format!("tee,Tee,Size,{size},r228-{size},x\n"));
    let last = (104..=110).map(|n| format!("p{n},Mug,,,r228-{n},1.00\n"));
    let file: String = std::iter::once(head).chain(singles).chain(tee).chain(last).collect();
    assert_eq!(counts(&import(&app, file).await), [105, 0, 0, 4, 105]);
}

#[tokio::test]
async fn names_of_other_scripts_are_the_same_attributes_and_terms_in_each_import_r228_r229() {
    let app = spawn().await;
    let head =
        "Handle,Title,Vendor,Tags,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Price\n";
    let rows = |from: u32| {
        let row = |n| {
            format!(
                "футболка-{n},Футболка,Заря,\"Лето 2025, Зима 2025, C++, C#\",Размер,М,Цвет,красный,a{n},10.00\n\
                 футболка-{n},,,,,Л,,синий,b{n},10.00\n"
            )
        };
        (from..from + 60).map(row).collect::<String>()
    };
    for from in [0, 60] {
        // Each has two parts.
        assert_eq!(counts(&import(&app, format!("{head}{}", rows(from))).await), [120, 0, 0, 0, 120]);
    }
    let attributes = get(&app, "/api/v1/attributes?limit=100").await.expect(200);
    let attributes = attributes.at("/items").as_array().unwrap().clone();
    let mut terms: Vec<(String, Vec<String>)> = Vec::new();
    for attribute in &attributes {
        let path = format!("/api/v1/attributes/{}/terms?limit=100", attribute["code"].as_str().unwrap());
        let found = get(&app, &path).await;
        let name = |term: &Value| term["name"].as_str().unwrap().to_owned();
        let mut names: Vec<_> = match found.status {
            200 => found.at("/items").as_array().unwrap().iter().map(name).collect(),
            _ => Vec::new(),
        };
        names.sort();
        terms.push((attribute["name"].as_str().unwrap().to_owned(), names));
    }
    for (attribute, names) in [
        ("Размер", vec!["Л", "М"]),
        ("Цвет", vec!["красный", "синий"]),
        ("Tag", vec!["C#", "C++", "Зима 2025", "Лето 2025"]),
        ("Brand", vec!["Заря"]),
    ] {
        let found: Vec<_> = terms.iter().filter(|(name, _)| name == attribute).map(|(_, names)| names).collect();
        assert_eq!(found, [&names], "{attribute}: {terms:?}");
    }
    let groups = get(&app, "/api/v1/product-groups?limit=100").await.expect(200);
    assert_eq!(groups.at("/items").as_array().unwrap().len(), 100, "each product is a group of its own");
}

#[tokio::test]
async fn a_product_with_long_texts_is_exported_and_imported_again_r230_r233() {
    let app = spawn().await;
    let text = "<p>äöü \"quoted\"</p>".repeat(2000);
    let description = "ä".repeat(10_000);
    let product = json!({
        "name": "Mug", "sku": "r233-long", "price": {"amount": 100, "currency": "USD"}, "description": description,
        "description_html": text,
    });
    let made = post(&app, "/api/v1/products", &product).await.expect(201);
    let request = testkit::http().get(app.url("/api/v1/products/export.csv")).bearer_auth(&app.admin);
    let file = request.send().await.unwrap().text().await.unwrap();
    assert!(file.len() > 64 * 1024, "{}", file.len());
    assert_eq!(counts(&import(&app, file.clone()).await), [0, 0, 1, 0, 1]);
    let path = format!("/api/v1/products/{}", made.id());
    let change = json!({"description_html": null, "description": "short"});
    app.call("PATCH", &path).token(&app.admin).json(&change).send().await.expect(200);
    assert_eq!(counts(&import(&app, file).await), [0, 1, 0, 0, 1]);
    let back = get(&app, &path).await.expect(200);
    assert_eq!(back.at("/description"), &json!("ä".repeat(10_000)));
}
