use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use serde_json::json;
use testkit::{TestDatabase, damage, number, on_every_database, storekeeper, storekeeper_reading, well};

/// Products whose texts are hard to write down.
fn hard() -> String {
    let id = |n: u32| format!("01990000-0000-7000-8000-{n:012}");
    let products = [
        json!({"id": id(1), "sku": "quote\"d", "name": "a, \"b\" ; c", "description": "two\nlines\r\n\tand \"one\"\rmore"}),
        json!({"id": id(2), "sku": null, "name": "no SKU, nor a description", "description": null}),
        json!({"id": id(3), "sku": "'1", "name": "=1+1", "description": ""}),
        json!({"id": id(4), "sku": "日本", "name": "Ünïcode 🫖 e\u{301}", "description": "\u{2028}\u{200b}\\n \\ /"}),
        json!({"id": id(5), "sku": "null", "name": "\u{feff}true", "description": "null", "status": "archived"}),
        json!({"id": id(6), "sku": "s", "name": "-", "description": "\"", "price": 1_000_000_000_000_i64}),
        json!({"id": id(7), "sku": null, "name": ",", "description": "x".repeat(10_000), "stock": 1_000_000_000}),
    ];
    let whole = |mut product: serde_json::Value| {
        for (name, value) in [("price", json!(0)), ("currency", json!("USD"))] {
            product.as_object_mut().unwrap().entry(name).or_insert(value);
        }
        format!("{product}\n")
    };
    products.into_iter().map(whole).collect()
}

/// Another database of the same kind.
async fn another(database: &TestDatabase) -> TestDatabase {
    if !database.is_remote() {
        return TestDatabase::sqlite();
    }
    let same = |variable: &&str| {
        std::env::var(variable).is_ok_and(|server| database.url.starts_with(server.trim_end_matches('/')))
    };
    let variable = ["TEST_MYSQL_URL", "TEST_MARIADB_URL"].into_iter().find(|variable| same(variable)).unwrap();
    TestDatabase::at(variable).await.unwrap()
}

async fn an_export_imported_elsewhere_is_exported_as_the_same_bytes_r78(database: TestDatabase) {
    let outcome = storekeeper_reading(&database, &["import", "-", "--format", "ndjson"], hard().as_bytes()).await;
    assert_eq!(outcome.said, "products: 7 created, 0 updated, 0 unchanged, 0 skipped\n", "{outcome:?}");
    // More than one page.
    well(&database, &["seed", "--products", "1200", "--customers", "0", "--orders", "0"]).await;
    for format in ["csv", "ndjson"] {
        let file = database.folder().join(format!("all.{format}"));
        let name = file.to_str().unwrap();
        let said = well(&database, &["export", name]).await;
        assert_eq!(said, "products: 1207 exported\n");
        let bytes = fs::read_to_string(&file).unwrap();
        assert_eq!(well(&database, &["export", "--format", format]).await, bytes);
        let said = well(&database, &["import", name]).await;
        assert_eq!(said, "products: 0 created, 0 updated, 1207 unchanged, 0 skipped\n", "{format}");

        let other = another(&database).await;
        let said = well(&other, &["import", name]).await;
        assert_eq!(said, "products: 1207 created, 0 updated, 0 unchanged, 0 skipped\n", "{format}");
        assert_eq!(well(&other, &["export", "--format", format]).await, bytes);
        assert!(well(&other, &["doctor"]).await.contains("no problem found"));
        assert_eq!(number(&other, "SELECT COUNT(*) FROM products WHERE description = ''").await, 1);
        assert_eq!(number(&other, "SELECT COUNT(*) FROM products WHERE description IS NULL AND sku IS NULL").await, 1);
    }
    assert_eq!(number(&database, "SELECT COUNT(*) FROM products WHERE version > 1").await, 0);
}

async fn an_export_has_a_fixed_column_order_and_products_in_order_of_creation_r78(database: TestDatabase) {
    let text = "price,sku,name,currency\n100,b,Pot,USD\n200,a,\"Mug, blue\",USD\n";
    storekeeper_reading(&database, &["import", "-"], text.as_bytes()).await;
    let said = well(&database, &["export"]).await;
    let lines: Vec<_> = said.lines().map(|line| line.split_once(',').unwrap().1).collect();
    let expected = [
        "sku,name,description,price,currency,status,stock,tax_class,weight_grams,shippable,barcode,compare_at_price,available_from,available_until,slug,description_html,seo_title,seo_description",
        "b,Pot,,100,USD,active,0,standard,0,true,,,,,pot,,,",
        "a,\"Mug, blue\",,200,USD,active,0,standard,0,true,,,,,mug-blue,,,",
    ];
    assert_eq!(lines, expected);
}

on_every_database!(
    an_export_imported_elsewhere_is_exported_as_the_same_bytes_r78,
    an_export_has_a_fixed_column_order_and_products_in_order_of_creation_r78,
);

#[tokio::test]
async fn an_export_of_an_empty_shop_can_be_imported_r78() {
    let database = TestDatabase::sqlite();
    well(&database, &["migrate", "up"]).await;
    for (format, whole) in [
        (
            "csv",
            "id,sku,name,description,price,currency,status,stock,tax_class,weight_grams,shippable,barcode,\
            compare_at_price,available_from,available_until,slug,description_html,seo_title,seo_description\n",
        ),
        ("ndjson", ""),
    ] {
        assert_eq!(well(&database, &["export", "--format", format]).await, whole);
        let outcome = storekeeper_reading(&database, &["import", "-", "--format", format], whole.as_bytes()).await;
        assert_eq!(outcome.said, "products: 0 created, 0 updated, 0 unchanged, 0 skipped\n", "{outcome:?}");
    }
}

#[tokio::test]
async fn a_failed_export_leaves_the_old_file_and_no_other_r78() {
    let database = TestDatabase::sqlite();
    well(&database, &["seed", "--products", "600", "--customers", "0", "--orders", "0"]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.csv");
    fs::write(&file, "before").unwrap();
    // The second page has a product that cannot be.
    damage(&database, &["UPDATE products SET status = 'lost' WHERE sku = 'DEMO-000550'"]).await;
    let outcome = storekeeper(&database, &["export", file.to_str().unwrap()]).await;
    assert_eq!((outcome.code, outcome.said.as_str()), (1, ""), "{outcome:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "before");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn an_export_replaces_the_file_behind_a_link_and_keeps_its_permissions_r78() {
    let database = TestDatabase::sqlite();
    well(&database, &["migrate", "up"]).await;
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("real.csv"), folder.path().join("link.csv"));
    fs::write(&file, "before").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    symlink(&file, &link).unwrap();
    well(&database, &["export", link.to_str().unwrap()]).await;
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(&file).unwrap().starts_with("id,sku,name"));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    // A new one is as any other that the process makes.
    well(&database, &["export", "new.csv"]).await;
    fs::write(database.folder().join("plain"), "").unwrap();
    let mode = |name: &str| fs::metadata(database.folder().join(name)).unwrap().permissions().mode();
    assert_eq!(mode("new.csv"), mode("plain"));
}

#[tokio::test]
async fn an_export_to_a_path_that_cannot_be_a_file_is_wrong_usage_r78() {
    let database = TestDatabase::sqlite();
    fs::create_dir(database.folder().join("folder.csv")).unwrap();
    for (arguments, why) in [
        (&["export", "folder.csv"][..], "folder.csv: is a directory"),
        (&["export", "nowhere/shop.csv"], "nowhere/shop.csv: "),
        (&["export", "/dev/null", "--format", "csv"], "/dev/null: is not a regular file"),
        (&["export", "shop.xlsx"], "shop.xlsx is neither .csv nor .ndjson"),
    ] {
        let outcome = storekeeper(&database, arguments).await;
        assert_eq!((outcome.code, outcome.said.as_str()), (2, ""), "{outcome:?}");
        assert!(outcome.error.starts_with(&format!("storekeeper: {why}")), "{outcome:?}");
    }
}
