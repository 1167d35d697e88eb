//! Imports of which some rows are refused when they are written.

use serde_json::{Value, json};
use testkit::{App, spawn};

use super::imports::{file, get};
use super::imports_of_shops::{counts, import};

/// Makes a group of four members, whose sizes are S, M, L and XL. Returns its path.
async fn tees(app: &App) -> String {
    let members = ["S", "M", "L", "XL"].map(|size| format!("tee,Tee,Size,{size},tee-{size},10.00\n"));
    let head = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\n".to_owned();
    let made = import(app, head + &members.concat()).await;
    assert_eq!(counts(&made), [4, 0, 0, 0, 4], "{made:?}");
    let groups = get(app, "/api/v1/product-groups").await.expect(200);
    format!("/api/v1/product-groups/{}", groups.at("/items/0/id").as_str().unwrap())
}

async fn name(app: &App, group: &str) -> Value {
    get(app, group).await.expect(200).at("/name").clone()
}

/// The lines of an import that are refused.
async fn refused(app: &App, id: &str) -> Vec<i64> {
    let rows = get(app, &format!("/api/v1/imports/{id}/rows?status=failed")).await.expect(200);
    rows.at("/items").as_array().unwrap().iter().map(|row| row["line"].as_i64().unwrap()).collect()
}

/// Imports what an import has kept of what was there before.
async fn undo(app: &App, id: &str) {
    let before = file(app, &format!("/api/v1/imports/{id}/before.csv")).await;
    let undone = import(app, before).await;
    assert_eq!(undone.number("/failed"), 0, "{undone:?}");
}

#[tokio::test]
async fn rows_that_change_their_group_in_turn_end_though_one_is_refused_and_are_undone_r231() {
    let app = spawn().await;
    let group = tees(&app).await;
    // Each change of the group raises the versions of all its members. Two of them cannot have one size.
    let done = import(
        &app,
        "sku,price,group,group.name,option.size\n\
         tee-S,1100,tee,One,S\n\
         tee-M,1100,tee,Two,M\n\
         tee-L,1100,tee,One,S\n\
         tee-XL,1100,tee,Two,XL\n"
            .to_owned(),
    )
    .await;
    assert_eq!(counts(&done), [0, 4, 0, 1, 3], "{done:?}");
    assert_eq!((name(&app, &group).await, refused(&app, &done.id()).await), (json!("Two"), vec![4]));
    let audit = get(&app, "/api/v1/audit?resource=product_group").await.expect(200);
    let updates = audit.at("/items").as_array().unwrap().iter();
    let updates = updates.filter(|entry| entry["action"] == "product_groups.update").count();
    assert_eq!(updates, 2, "each row is written once");
    undo(&app, &done.id()).await;
    assert_eq!(name(&app, &group).await, "Tee", "each row keeps what there was before the import");
    for size in ["S", "M", "L", "XL"] {
        let found = get(&app, &format!("/api/v1/products?sku=tee-{size}")).await.expect(200);
        assert_eq!(found.number("/items/0/price/amount"), 1000, "{size}");
    }
}

#[tokio::test]
async fn another_variant_brings_the_texts_of_its_group_when_the_first_is_refused_r228_r231() {
    let app = spawn().await;
    let group = tees(&app).await;
    let head = "sku,price,group,group.name,option.size\n";
    let tees = |name: &str| {
        let row = |sku: &str, size: &str| format!("tee-{sku},1000,tee,{name},{size}\n");
        [row("L", "S"), row("S", "S"), row("M", "M")].concat()
    };
    let done = import(&app, format!("{head}{}", tees("Shirt"))).await;
    assert_eq!(counts(&done), [0, 1, 2, 1, 2], "{done:?}");
    assert_eq!((name(&app, &group).await, refused(&app, &done.id()).await), (json!("Shirt"), vec![2]));
    undo(&app, &done.id()).await;
    assert_eq!(name(&app, &group).await, "Tee");

    // The refused row is the last of a part, which has 100, and the others are in the next one.
    let named = |n| format!("p{n},Mug,100\n");
    import(&app, format!("sku,name,price\n{}", (0..99).map(named).collect::<String>())).await;
    let single = |n| format!("p{n},100,,,\n");
    let done = import(&app, format!("{head}{}{}", (0..99).map(single).collect::<String>(), tees("Top"))).await;
    assert_eq!(counts(&done), [0, 1, 101, 1, 101], "{done:?}");
    assert_eq!((name(&app, &group).await, refused(&app, &done.id()).await), (json!("Top"), vec![101]));
}
