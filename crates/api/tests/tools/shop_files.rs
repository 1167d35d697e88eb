//! Files as people and other shops have them.

use serde_json::{Value, json};
use testkit::{TestDatabase, command, number, on_every_database, well};

use super::import::{counts, import, in_order, products};
use crate::support::other_shop::OtherShop;

const SHOPIFY: &str = "\
Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,\
Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,\
Variant Fulfillment Service,Variant Price,Variant Compare At Price,Variant Requires Shipping,Variant Taxable,\
Variant Barcode,Image Src,Image Position,Gift Card,SEO Title,SEO Description,Google Shopping / Gender,Cost per item,Status
tee,Tee,<p>Of cotton</p>,Acme,Apparel > Shirts,Shirt,\"new, summer\",true,Size,M,Colour,Light blue,TEE-M,120,shopify,5,deny,\
manual,19.99,29.99,true,true,96385074,https://example.com/a.jpg,1,false,A tee,,unisex,4.5,active
tee,,,,,,,,,L,,Light blue,TEE-L,130,shopify,0,continue,manual,21.00,,true,true,123,,,,,,,,
tee,,,,,,,,,,,,,,,,,,,,,,,https://example.com/b.jpg,2,,,,,,
mug,Mug,,Acme,,,,false,Title,Default Title,,,,350,,7,deny,manual,5.00,4.00,true,false,,,,false,,,,,active
";

async fn a_file_of_shopify_becomes_groups_with_members_and_terms_r228(database: TestDatabase) {
    well(&database, &["migrate", "up"]).await;
    let dry = import(&database, SHOPIFY, &["--dry-run"]).await;
    assert!(dry.said.contains("products: 3 created, 0 updated, 0 unchanged, 0 skipped"), "{dry:?}");
    assert_eq!(number(&database, "SELECT COUNT(*) FROM products").await, 0);
    let outcome = import(&database, SHOPIFY, &[]).await;
    assert!(outcome.said.starts_with("products: 3 created, 0 updated"), "{outcome:?}");
    for told in [
        "pictures are not fetched (1 times, first in line 2)",
        "kept as the attribute barcode_text",
        "a compare-at price that is not above the price is left out (1 times, first in line 5)",
        "the column \"Google Shopping / Gender\" is left out",
    ] {
        assert!(outcome.said.contains(told), "{told}: {}", outcome.said);
    }
    let all = products(&database).await;
    let of = |sku: &str| all.iter().find(|product| product["sku"] == sku).unwrap();
    let (m, l) = (of("TEE-M"), of("TEE-L"));
    for (name, value) in [
        ("name", json!("Tee, M / Light blue")),
        ("price", json!(1999)),
        ("compare_at_price", json!(2999)),
        ("stock", json!(5)),
        ("barcode", json!("96385074")),
        ("weight_grams", json!(120)),
        ("group", json!("tee")),
        ("group.name", json!("Tee")),
        ("group.description_html", json!("<p>Of cotton</p>")),
        ("group.seo_title", json!("A tee")),
        ("group.brand", json!("Acme")),
        ("group.category", json!("Apparel > Shirts")),
        ("group.tag", json!("new, summer")),
        ("group.attr.type", json!("Shirt")),
        ("option.size", json!("M")),
        ("option.colour", json!("Light blue")),
        ("attr.cost", json!("4.5")),
        ("description", Value::Null),
    ] {
        assert_eq!(m[name], value, "{name}: {m}");
    }
    assert_eq!((&l["attr.barcode_text"], &l["option.size"]), (&json!("123"), &json!("L")));
    let mug = all.iter().find(|product| product["slug"] == "mug").unwrap();
    let expected = (&json!("draft"), &Value::Null, &Value::Null, &json!(7), &json!("Acme"));
    assert_eq!((&mug["status"], &mug["group"], &mug["compare_at_price"], &mug["stock"], &mug["brand"]), expected);
    // The same again changes nothing, whoever has no SKU included.
    assert_eq!(counts(&database, SHOPIFY, &[]).await, "0 created, 0 updated, 3 unchanged, 0 skipped");
    let dearer = SHOPIFY.replace("21.00", "22.00").replace("Of cotton", "Of wool");
    assert_eq!(counts(&database, &dearer, &[]).await, "0 created, 2 updated, 1 unchanged, 0 skipped");
    let more = SHOPIFY.replace("shopify,5,deny", "shopify,9,deny");
    assert_eq!(counts(&database, &more, &["--stock"]).await, "0 created, 2 updated, 1 unchanged, 0 skipped");
    assert_eq!(number(&database, "SELECT COUNT(*) FROM stock_movements WHERE kind = 'adjustment'").await, 1);
    in_order(&database).await;
}

const WOO: &str = "\
ID,Type,SKU,Name,Published,Visibility in catalog,Description,Tax status,In stock?,Stock,Backorders allowed?,Weight (kg),\
Sale price,Regular price,Categories,Tags,Images,Parent,Brands,Attribute 1 name,Attribute 1 value(s),Attribute 1 visible,\
Meta: _x
11,variation,TEE-M,,1,visible,,taxable,1,4,0,0.25,15,20,,,,id:10,,Size,M,,
10,variable,TEE,Tee,1,visible,<p>Cotton</p>,taxable,1,,0,,,,\"Men > Shirts, Sale\",summer,a.jpg,,Acme,Size,\"M, L\",1,y
12,variation,TEE-L,,1,visible,,taxable,1,,0,,,20,,,,TEE,,Size,L,,
13,simple,MUG,'=Mug,-1,visible,,taxable,1,3,0,0.35,,7.5,Kitchen,,,,,,,,
";

async fn a_file_of_woocommerce_becomes_groups_wherever_parents_stand_r229(database: TestDatabase) {
    well(&database, &["migrate", "up"]).await;
    assert_eq!(counts(&database, WOO, &[]).await, "3 created, 0 updated, 0 unchanged, 0 skipped");
    assert_eq!(counts(&database, WOO, &[]).await, "0 created, 0 updated, 3 unchanged, 0 skipped");
    let all = products(&database).await;
    let of = |sku: &str| all.iter().find(|product| product["sku"] == sku).unwrap();
    for (name, value) in [
        ("price", json!(1500)),
        ("compare_at_price", json!(2000)),
        ("weight_grams", json!(250)),
        ("group", json!("tee")),
        ("group.category", json!("Men > Shirts, Sale")),
        ("group.brand", json!("Acme")),
        ("option.size", json!("M")),
        ("stock", json!(4)),
    ] {
        assert_eq!(of("TEE-M")[name], value, "{name}");
    }
    let mug = of("MUG");
    assert_eq!((&mug["name"], &mug["status"], &mug["price"]), (&json!("=Mug"), &json!("draft"), &json!(750)));
    let bad = format!(
        "{WOO}14,grouped,SET,Set,1,visible,,taxable,1,,0,,,,,,,,,,,,\n15,variation,X,,1,,,,,,,,,1,,,,id:99,,Size,M,,\n"
    );
    let outcome = import(&database, bad, &[]).await;
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(outcome.error.contains("line 6  Type  not_allowed  must be simple, variable or variation"), "{outcome:?}");
    assert!(outcome.error.contains("line 7  Parent  not_found"), "{outcome:?}");
    in_order(&database).await;
}

async fn any_columns_of_known_products_are_enough_r230(database: TestDatabase) {
    let first = "sku,name,price,stock\na,Mug,100,7\nb,Pot,200,3\n";
    assert_eq!(counts(&database, first, &[]).await, "2 created, 0 updated, 0 unchanged, 0 skipped");
    assert_eq!(
        counts(&database, "sku;price\na;150\nb;200\n", &[]).await,
        "0 created, 1 updated, 1 unchanged, 0 skipped"
    );
    // Nothing but the stock: it is counted.
    assert_eq!(counts(&database, "SKU,Stock\na,9\nb,3\n", &[]).await, "0 created, 1 updated, 1 unchanged, 0 skipped");
    let adjusted = "SELECT COUNT(*) FROM stock_movements WHERE kind = 'adjustment' AND quantity = 2 AND reason = '-'";
    assert_eq!(number(&database, adjusted).await, 1);
    let mapped = ["--map", "Artikel=sku", "--map", "preis = price", "--ignore-unknown", "--decimal", "comma"];
    let german = "Artikel;Preis;Farbe\na;1,75;blau\n";
    assert_eq!(counts(&database, german, &mapped).await, "0 created, 1 updated, 0 unchanged, 0 skipped");
    let outcome = import(&database, german, &[]).await;
    assert!(
        outcome.code == 2 && outcome.error.contains("3 unknown columns: \"Artikel\", \"Preis\", \"Farbe\""),
        "{outcome:?}"
    );
    let outcome = import(&database, "sku,price\nc,100\n", &[]).await;
    assert!(outcome.error.starts_with("line 2  name  required  is required for a new product"), "{outcome:?}");
    let outcome = import(&database, "sku,attr.colour\na,blue\n", &[]).await;
    assert!(outcome.error.starts_with("line 2  attr.colour  unknown_field  there is no such attribute"), "{outcome:?}");
    in_order(&database).await;
}

async fn groups_attributes_and_texts_are_exported_and_imported_elsewhere_r233(database: TestDatabase) {
    well(&database, &["migrate", "up"]).await;
    import(&database, SHOPIFY, &[]).await;
    let texts = "sku,description,description_html,seo_title,category,tag\nTEE-M,,<p>Own</p>,Own title,\"Men > Tees, Sale\\, all\",x\n";
    assert_eq!(counts(&database, texts, &[]).await, "0 created, 1 updated, 0 unchanged, 0 skipped");
    for format in ["csv", "ndjson"] {
        let written = well(&database, &["export", "--format", format]).await;
        let arguments = ["--format", format];
        assert_eq!(counts(&database, &written, &arguments).await, "0 created, 0 updated, 3 unchanged, 0 skipped");
        let other = TestDatabase::sqlite();
        well(&other, &["migrate", "up"]).await;
        // Attributes that the shop defines itself must be there.
        let outcome = import(&other, &written, &arguments).await;
        assert!(outcome.error.contains("option.size  unknown_field"), "{outcome:?}");
        let defining = "Handle,Title,Type,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Price,\
            Variant Barcode,Cost per item\nx,X,Shirt,Size,M,Colour,Red,X,1,,1\nx,,,,L,,Red,,1,1,\n";
        counts(&other, defining, &[]).await;
        assert_eq!(counts(&other, &written, &arguments).await, "3 created, 0 updated, 0 unchanged, 0 skipped");
        let again = well(&other, &["export", "--format", format]).await;
        let kept: Vec<_> = again.lines().filter(|line| !line.contains("\"X\"") && !line.contains(",X,")).collect();
        assert_eq!(kept, written.lines().collect::<Vec<_>>());
        in_order(&other).await;
    }
}

on_every_database!(
    a_file_of_shopify_becomes_groups_with_members_and_terms_r228,
    a_file_of_woocommerce_becomes_groups_wherever_parents_stand_r229,
    any_columns_of_known_products_are_enough_r230,
    groups_attributes_and_texts_are_exported_and_imported_elsewhere_r233,
    pictures_of_a_file_are_fetched_when_asked_r228_r231,
);

async fn pictures_of_a_file_are_fetched_when_asked_r228_r231(database: TestDatabase) {
    well(&database, &["migrate", "up"]).await;
    let other = OtherShop::open().await;
    let (red, gone) = (other.url("red.png"), other.url("gone.png"));
    let file = format!("Handle,Title,Variant SKU,Variant Price,Image Src\nmug,Mug,MUG,5.00,{red}\nmug,,,,{gone}\n");
    let path = database.folder().join("products.csv");
    std::fs::write(&path, file).unwrap();
    let run = async |store: &str| {
        let arguments = ["import", path.to_str().unwrap(), "--fetch-media"];
        let mut command = command(&database, &arguments);
        command.env("STOREKEEPER__IMPORTS__ALLOW_NETWORKS", "127.0.0.0/8");
        if !store.is_empty() {
            command.env("STOREKEEPER__MEDIA__STORE", store);
        }
        let output = command.output().await.unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    if database.url.starts_with("mysql") {
        let (code, _, why) = run("").await;
        assert!(
            code == Some(2) && why.contains("--fetch-media needs a place for pictures: media.store"),
            "{code:?} {why}"
        );
        assert_eq!((other.asked(), number(&database, "SELECT COUNT(*) FROM products").await), (0, 0));
    }
    let store = format!("file:{}", database.folder().join("media").display());
    for counts in ["1 created, 0 updated, 0 unchanged", "0 created, 0 updated, 1 unchanged"] {
        let (code, said, why) = run(&store).await;
        assert_eq!(code, Some(0), "{why}");
        assert!(said.contains(&format!("products: {counts}, 0 skipped")), "{said}");
        assert!(said.contains(&format!("line 2: the picture {gone} is left out: it is answered with 404")), "{said}");
    }
    assert_eq!(number(&database, "SELECT COUNT(*) FROM media_uses").await, 1);
    in_order(&database).await;
}
