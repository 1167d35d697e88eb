//! Files that staff download.

use serde_json::json;
use testkit::{Client, Person, Server, TestDatabase, on_every_database, usd, well};

on_every_database!(
    products_are_downloaded_as_the_command_line_writes_them_r233,
    orders_and_customers_are_downloaded_with_the_filters_of_their_lists_r233,
);

/// The text of a file.
async fn file(who: &Client, path: &str) -> String {
    let answer = who.request(reqwest::Method::GET, path).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

/// A column of a file.
fn column(text: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let place = reader.headers().unwrap().iter().position(|one| one == name).unwrap();
    reader.records().map(|row| row.unwrap()[place].to_owned()).collect()
}

async fn products_are_downloaded_as_the_command_line_writes_them_r233(database: TestDatabase) {
    // More than one page of each kind.
    well(&database, &["seed", "--products", "620", "--customers", "0", "--orders", "0"]).await;
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let group = json!({
        "name": "Tee",
        "options": [{"attribute": "size"}],
        "products": [{"values": {"size": "m"}, "price": usd(900), "sku": "TEE-M"}, {"values": {"size": "l"}, "price": usd(950), "sku": "TEE-L"}],
    });
    admin.send("POST", "/attributes", &json!({"code": "size", "name": "Size", "type": "choice"})).await.expect(201);
    for name in ["M", "L"] {
        admin.send("POST", "/attributes/size/terms", &json!({ "name": name })).await.expect(201);
    }
    admin.send("POST", "/product-groups", &group).await.expect(201);
    for format in ["csv", "ndjson"] {
        let written = well(&database, &["export", "--format", format]).await;
        assert_eq!(file(&admin, &format!("/products/export.{format}")).await, written, "{format}");
    }
    let some = file(&admin, "/products/export.csv?status=active&max_price=100000000").await;
    let all = admin.all("/products?status=active").await;
    let ids: Vec<_> = all.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(column(&some, "id"), ids, "in order, page by page");
    let tees = file(&admin, "/products/export.csv?q=tee&sku=TEE-L").await;
    assert_eq!((column(&tees, "sku"), column(&tees, "option.size")), (vec!["TEE-L".to_owned()], vec!["L".to_owned()]));
    let none = file(&admin, "/products/export.csv?tag=nothing").await;
    assert_eq!(none.lines().count(), 1, "the header alone");
    // What is downloaded is read again, and changes nothing.
    let path = database.folder().join("tees.csv");
    std::fs::write(&path, tees).unwrap();
    let said = well(&database, &["import", path.to_str().unwrap()]).await;
    assert_eq!(said, "products: 0 created, 0 updated, 1 unchanged, 0 skipped\n");
}

async fn orders_and_customers_are_downloaded_with_the_filters_of_their_lists_r233(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let (ann, bob) =
        (Person::new(&server, &admin, "ann", "customer").await, Person::new(&server, &admin, "bob", "customer").await);
    let mug = admin.product(50).await;
    let cup = json!({"name": "=Cup", "sku": "+C", "price": usd(250), "initial_stock": 50});
    let cup = admin.send("POST", "/products", &cup).await.expect(201).id();
    for (who, quantity) in [(&ann, 2), (&bob, 1)] {
        let items = json!({"items": [{"product_id": mug, "quantity": 1}, {"product_id": cup, "quantity": quantity}]});
        who.client.send("POST", "/orders", &items).await.expect(201);
    }
    let all = file(&admin, "/orders/export.csv").await;
    let id = ann.customer.clone();
    let of_ann = file(&admin, &format!("/orders/export.csv?customer_id={id}")).await;
    assert_eq!(
        (column(&all, "line"), column(&of_ann, "line")),
        (vec!["1".into(), "2".into(), "1".into(), "2".into()], vec!["1".into(), "2".into()])
    );
    assert_eq!(column(&of_ann, "customer_id"), [id.clone(), id.clone()]);
    let line = column(&of_ann, "product_id").iter().position(|id| *id == cup).unwrap();
    let cell = |name: &str| column(&of_ann, name)[line].clone();
    assert_eq!(["name", "sku", "quantity", "unit_price", "line_total"].map(cell), ["'=Cup", "'+C", "2", "250", "500"]);
    let totals: Vec<i64> = column(&of_ann, "line_gross").iter().map(|amount| amount.parse().unwrap()).collect();
    assert_eq!(cell("order_total"), totals.iter().sum::<i64>().to_string());
    assert_eq!(column(&file(&admin, "/orders/export.csv?status=shipped").await, "line"), Vec::<String>::new());

    let customers = file(&admin, "/customers/export.csv").await;
    let listed = admin.all("/customers?").await;
    let ids: Vec<_> = listed.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(column(&customers, "id"), ids);
    assert_eq!(column(&file(&admin, "/customers/export.csv?q=ann").await, "id"), [id]);
    assert!(column(&customers, "phone").iter().all(|phone| phone.starts_with("'+")), "no phone number is a formula");
}
