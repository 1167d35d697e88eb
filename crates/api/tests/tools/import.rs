use serde_json::{Value, json};
use testkit::{
    Client, Outcome, Server, TestDatabase, command, damage, number, on_every_database, storekeeper,
    storekeeper_reading, well,
};

const HEADER: &str = "sku,name,price,currency\n";

/// A file of so many rows below a header.
fn rows(header: &str, many: u32, row: impl Fn(u32) -> String) -> String {
    (0..many).map(row).fold(header.to_owned(), |all, row| all + &row + "\n")
}

/// Imports this from the standard input.
pub(super) async fn import(database: &TestDatabase, text: impl AsRef<[u8]>, arguments: &[&str]) -> Outcome {
    storekeeper_reading(database, &[&["import", "-"], arguments].concat(), text.as_ref()).await
}

/// The counts after an import that went well.
pub(super) async fn counts(database: &TestDatabase, text: impl AsRef<[u8]>, arguments: &[&str]) -> String {
    let outcome = import(database, text, arguments).await;
    assert_eq!(outcome.code, 0, "{outcome:?}");
    outcome.said.lines().find_map(|line| line.strip_prefix("products: ")).unwrap().to_owned()
}

/// The products as objects.
pub(super) async fn products(database: &TestDatabase) -> Vec<Value> {
    let said = well(database, &["export", "--format", "ndjson"]).await;
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub(super) async fn in_order(database: &TestDatabase) {
    assert!(well(database, &["doctor"]).await.contains("no problem found"));
}

/// Lines of NDJSON.
fn lines(of: &[Value]) -> String {
    of.iter().fold(String::new(), |all, line| all + &line.to_string() + "\n")
}

async fn an_import_creates_new_products_and_updates_existing_ones_r78_r30_r33_r43(database: TestDatabase) {
    let first = "sku,name,price,currency,description,status,stock\n\
        a,Mug,100,USD,Blue,active,7\n\
        b,\"Pot, large\",200,USD,,archived,\n";
    assert_eq!(counts(&database, first, &[]).await, "2 created, 0 updated, 0 unchanged, 0 skipped");
    let initial = "SELECT COUNT(*) FROM stock_movements WHERE kind = 'initial' AND quantity = 7 AND balance = 7";
    assert_eq!(number(&database, initial).await, 1);
    assert_eq!(number(&database, "SELECT COUNT(*) FROM stock_movements").await, 1);
    let second = "sku,name,price,currency,description\n\
        a,Mug,100,USD,Blue\n\
        b,Pot,250,USD,\n\
        c,Cup,300,USD,Small\n";
    assert_eq!(counts(&database, second, &[]).await, "1 created, 1 updated, 1 unchanged, 0 skipped");
    let products = products(&database).await;
    let what = |product: &Value| json!([product["sku"], product["name"], product["price"], product["status"]]);
    let expected = [json!(["a", "Mug", 100, "active"]), json!(["b", "Pot", 250, "archived"])];
    assert_eq!(products.iter().take(2).map(what).collect::<Vec<_>>(), expected);
    assert_eq!((&products[2]["name"], &products[2]["stock"]), (&json!("Cup"), &json!(0)));
    assert_eq!(number(&database, "SELECT COUNT(*) FROM products WHERE version = 2").await, 1);
    in_order(&database).await;
}

async fn a_product_is_found_by_id_or_else_by_sku_r78(database: TestDatabase) {
    counts(&database, format!("{HEADER}a,Mug,100,USD\nb,Pot,100,USD\n"), &[]).await;
    let ids: Vec<_> = products(&database).await.iter().map(|product| product["id"].clone()).collect();
    let usd = "USD";
    let changes = lines(&[
        json!({"id": ids[0], "sku": "z", "name": "Mug", "price": 100, "currency": usd}),
        json!({"id": ids[1], "sku": null, "name": "Pot", "price": 100, "currency": usd, "description": ""}),
    ]);
    let ndjson = ["--format", "ndjson"];
    assert_eq!(counts(&database, &changes, &ndjson).await, "0 created, 2 updated, 0 unchanged, 0 skipped");
    assert_eq!(counts(&database, &changes, &ndjson).await, "0 created, 0 updated, 2 unchanged, 0 skipped");
    let now = products(&database).await;
    assert_eq!((&now[0]["id"], &now[0]["sku"]), (&ids[0], &json!("z")));
    assert_eq!((&now[1]["id"], &now[1]["sku"], &now[1]["description"]), (&ids[1], &Value::Null, &json!("")));
    // What is not named stays.
    let unnamed = lines(&[json!({"id": ids[1], "name": "Pot", "price": 100, "currency": usd, "status": null})]);
    assert_eq!(counts(&database, &unnamed, &ndjson).await, "0 created, 0 updated, 1 unchanged, 0 skipped");
    in_order(&database).await;
}

async fn an_import_keeps_the_stock_of_existing_products_and_reports_differences_r78_r43(database: TestDatabase) {
    let with = |stock| format!("sku,name,price,currency,stock\na,Mug,100,USD,{stock}\n");
    counts(&database, with(5), &[]).await;
    let outcome = import(&database, with(9), &[]).await;
    assert!(outcome.said.contains("0 updated, 1 unchanged"), "{outcome:?}");
    assert!(outcome.said.contains("stock differs from the file for 1 existing products"), "{outcome:?}");
    assert_eq!(number(&database, "SELECT on_hand FROM stock").await, 5);
    in_order(&database).await;
}

async fn every_bad_line_is_reported_and_stops_the_whole_import_r78_r35(database: TestDatabase) {
    counts(&database, format!("{HEADER}taken,Mug,100,USD\nother,Pot,100,USD\n"), &[]).await;
    let taken = products(&database).await[0]["id"].as_str().unwrap().to_owned();
    let id = "01990000-0000-7000-8000-000000000001";
    let bad = format!(
        "id,sku,name,price,currency,status,stock\n\
        ,good,Mug,100,USD,,\n\
        ,,Mug,100,USD,,\n\
        ,x1,,-1,EUR,sold,1000000001\n\
        ,x2,Mug,19.99,USD,,\n\
        ,x3,Mug,1\n\
        ,good,Mug,100,USD,,\n\
        {id},taken,Mug,100,USD,,\n\
        {taken},taken,Mug,100,USD,,\n\
        {taken},new,Mug,100,USD,,\n\
        4,x4,\"a\nb\",99999999999999999999,USD,,\n\
        ,{},Mug,100,USD,,\n",
        "x".repeat(65)
    );
    let outcome = import(&database, &bad, &[]).await;
    assert_eq!((outcome.code, outcome.said.as_str()), (1, ""), "{outcome:?}");
    let expected = [
        "line 3  sku  required  is required if there is no id, slug or group".to_owned(),
        "line 4  price  too_small  must be a whole number from 0 to 1000000000000".to_owned(),
        "line 4  currency  currency  must be in USD".to_owned(),
        "line 4  status  not_allowed  must be one of: active, archived, draft, scheduled".to_owned(),
        "line 4  stock  too_large  must be a whole number from 0 to 1000000000".to_owned(),
        "line 5  price  format  must be whole minor units in digits alone (1999 for 19.99 USD), unless --decimal names another form".to_owned(),
        "line 6  line  format  must have 7 columns, as the header has, not 4".to_owned(),
        "line 7  sku  repeated  is also the SKU of line 2".to_owned(),
        format!("line 8  sku  duplicate  belongs to another product, {taken}"),
        "line 10  id  repeated  names the same product as line 9".to_owned(),
        "line 11  id  format  must be a UUID of version 7".to_owned(),
        "line 11  name  format  must not contain control characters".to_owned(),
        "line 11  price  too_large  is too large".to_owned(),
        "line 13  sku  too_long  must have at most 64 characters".to_owned(),
        "storekeeper: 9 of 11 lines are bad; nothing was imported. --skip-bad imports the other lines".to_owned(),
    ];
    assert_eq!(outcome.error.lines().collect::<Vec<_>>(), expected);
    assert_eq!(products(&database).await.len(), 2);

    let outcome = import(&database, &bad, &["--skip-bad"]).await;
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert_eq!(outcome.error.lines().count(), expected.len() - 1);
    // The product that had both of the other lines' SKUs is Mug at 100 already.
    assert_eq!(outcome.said, "products: 1 created, 0 updated, 1 unchanged, 9 skipped\n");
    in_order(&database).await;
}

async fn a_dry_run_checks_every_line_and_changes_nothing_r78(database: TestDatabase) {
    counts(&database, format!("{HEADER}a,Mug,100,USD\n"), &[]).await;
    let text = format!("{HEADER}a,Mug,200,USD\nb,Pot,100,USD\n");
    let outcome = import(&database, &text, &["--dry-run"]).await;
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let expected = "dry run: nothing was imported. An import would give:\n\
        products: 1 created, 1 updated, 0 unchanged, 0 skipped\n";
    assert_eq!(outcome.said, expected);
    let outcome = import(&database, format!("{text}c,Cup,-1,USD\n"), &["--dry-run"]).await;
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(outcome.error.contains("line 4  price  too_small"), "{outcome:?}");
    assert_eq!(number(&database, "SELECT CAST(SUM(price) AS SIGNED) FROM products").await, 100);
}

/// More lines than are looked up, made or changed at once.
async fn running_an_interrupted_import_again_completes_it_r78(database: TestDatabase) {
    let price = |n, dearer| n + if n < dearer { 1001 } else { 1 };
    let header = "sku,name,price,currency,stock\n";
    let text = |many, dearer| rows(header, many, |n| format!("s{n},Mug {n},{},USD,{}", price(n, dearer), n % 3));
    // As it is after the first transaction.
    assert_eq!(counts(&database, text(1000, 0), &[]).await, "1000 created, 0 updated, 0 unchanged, 0 skipped");
    assert_eq!(counts(&database, text(2300, 0), &[]).await, "1300 created, 0 updated, 1000 unchanged, 0 skipped");
    assert_eq!(counts(&database, text(2300, 0), &[]).await, "0 created, 0 updated, 2300 unchanged, 0 skipped");
    assert_eq!(counts(&database, text(2300, 100), &[]).await, "0 created, 100 updated, 2200 unchanged, 0 skipped");
    assert_eq!(counts(&database, text(2300, 250), &[]).await, "0 created, 150 updated, 2150 unchanged, 0 skipped");
    let prices = "SELECT CAST(SUM(price) AS SIGNED) FROM products";
    assert_eq!(number(&database, prices).await, 2300 * 2301 / 2 + 250 * 1000);
    in_order(&database).await;
}

async fn running_a_killed_import_again_completes_it_r78_r43(database: TestDatabase) {
    well(&database, &["migrate", "up"]).await;
    let file = database.folder().join("many.csv");
    let text = rows("sku,name,price,currency,stock\n", 6000, |n| format!("s{n},Mug {n},1,USD,2"));
    std::fs::write(&file, text).unwrap();
    let mut child = command(&database, &["import", "many.csv"]).spawn().unwrap();
    let count = async || number(&database, "SELECT COUNT(*) FROM products").await;
    while count().await == 0 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it wrote anything");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    child.kill().await.unwrap();
    // A server may still be at what was sent before.
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let there = count().await;
    assert_eq!(there % 1000, 0, "a batch is there or not");
    let outcome = storekeeper(&database, &["import", "many.csv"]).await;
    let expected = format!("products: {} created, 0 updated, {there} unchanged, 0 skipped\n", 6000 - there);
    assert_eq!(outcome.said, expected, "{outcome:?}");
    assert_eq!(number(&database, "SELECT COUNT(*) FROM stock_movements").await, 6000);
    in_order(&database).await;
}

async fn a_running_server_shows_and_finds_imported_products_r78_r71_r31(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let found = async |words: &str| {
        let page = admin.get(&format!("/products?q={words}")).await;
        page["items"].as_array().unwrap().iter().map(|item| item["name"].clone()).collect::<Vec<_>>()
    };
    counts(&database, format!("{HEADER}a,Walrus mug,100,USD\n"), &[]).await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(found("walrus").await, ["Walrus mug"]);
    counts(&database, format!("{HEADER}a,Otter mug,100,USD\n"), &[]).await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!((found("walrus").await, found("otter").await), (vec![], vec![json!("Otter mug")]));
}

on_every_database!(
    an_import_creates_new_products_and_updates_existing_ones_r78_r30_r33_r43,
    a_product_is_found_by_id_or_else_by_sku_r78,
    an_import_keeps_the_stock_of_existing_products_and_reports_differences_r78_r43,
    every_bad_line_is_reported_and_stops_the_whole_import_r78_r35,
    a_dry_run_checks_every_line_and_changes_nothing_r78,
    running_an_interrupted_import_again_completes_it_r78,
    running_a_killed_import_again_completes_it_r78_r43,
    a_running_server_shows_and_finds_imported_products_r78_r71_r31,
    a_price_with_decimals_is_refused_by_line_unless_the_form_is_named,
    a_price_in_ndjson_is_taken_as_it_is_written,
    a_file_of_a_spreadsheet_is_imported_as_it_is,
);

async fn a_price_with_decimals_is_refused_by_line_unless_the_form_is_named(database: TestDatabase) {
    let text =
        "sku,name,price,currency\nE1,n,2000,USD\nE2,n,20.00,USD\nE3,n,\"20,00\",USD\nE4,n,2e3,USD\nE5,n,$20,USD\n";
    let outcome = import(&database, text, &[]).await;
    assert_eq!((outcome.code, outcome.said.as_str()), (1, ""), "{outcome:?}");
    let told: Vec<_> = outcome.error.lines().collect();
    assert_eq!(told.len(), 5, "{outcome:?}");
    for (line, told) in (3..).zip(&told[..4]) {
        let why = "price  format  must be whole minor units in digits alone (1999 for 19.99 USD), unless --decimal names another form";
        assert_eq!(*told, format!("line {line}  {why}"));
    }
    assert_eq!(counts(&database, text, &["--skip-bad"]).await, "1 created, 0 updated, 0 unchanged, 4 skipped");

    let point = "sku,name,price,currency\na,n,20.00,USD\nb,n,0.29,USD\nc,n,\"1,999.5\",USD\nd,n,20,USD\n";
    assert_eq!(counts(&database, point, &["--decimal", "point"]).await, "4 created, 0 updated, 0 unchanged, 0 skipped");
    let comma = "sku;name;price;currency\ne;n;20,00;USD\nf;n;1.999,50;USD\n";
    assert_eq!(counts(&database, comma, &["--decimal", "comma"]).await, "2 created, 0 updated, 0 unchanged, 0 skipped");
    let prices: Vec<_> = products(&database).await.iter().map(|product| product["price"].clone()).collect();
    assert_eq!(prices, [2000, 2000, 29, 199_950, 2000, 2000, 199_950]);

    let other =
        import(&database, "sku,name,price,currency\ng,n,\"20,00\",USD\nh,n,1.999,USD\n", &["--decimal", "point"]).await;
    let expected = [
        "line 2  price  format  must be a decimal number such as 1999.00 or 1,999.00",
        "line 3  price  format  must have at most 2 decimal places, as USD has",
        "storekeeper: 2 of 2 lines are bad; nothing was imported. --skip-bad imports the other lines",
    ];
    assert_eq!(other.error.lines().collect::<Vec<_>>(), expected);
    assert_eq!(import(&database, point, &["--decimal", "guess"]).await.code, 2);
    in_order(&database).await;
}

async fn a_price_in_ndjson_is_taken_as_it_is_written(database: TestDatabase) {
    let line = |sku: &str, price: &str| {
        format!("{{\"sku\":\"{sku}\",\"name\":\"n\",\"price\":{price},\"currency\":\"USD\"}}\n")
    };
    let ndjson = ["--format", "ndjson"];
    let whole =
        line("a", "2000") + &line("b", "20.00") + &line("c", "2e3") + &line("d", "\"20\"") + &line("e", "1.5e1");
    let outcome = import(&database, &whole, &[&ndjson[..], &["--skip-bad"]].concat()).await;
    assert_eq!(outcome.said, "products: 2 created, 0 updated, 0 unchanged, 3 skipped\n", "{outcome:?}");
    let refused: Vec<_> = outcome.error.lines().map(|told| told.split("  ").take(3).collect::<Vec<_>>()).collect();
    assert_eq!(refused, [2, 3, 5].map(|line| vec![format!("line {line}"), "price".to_owned(), "format".to_owned()]));
    // Line 4 has more digits than a float keeps.
    let exact = line("f", "19.99")
        + &line("g", "\"1,999.00\"")
        + &line("h", "9007199254.73")
        + &line("i", "19.9900000000000000001");
    let outcome = import(&database, &exact, &[&ndjson[..], &["--decimal", "point", "--skip-bad"]].concat()).await;
    assert_eq!(outcome.error, "line 4  price  format  must have at most 2 decimal places, as USD has\n");
    let prices: Vec<_> = products(&database).await.iter().map(|product| product["price"].clone()).collect();
    assert_eq!(prices, [2000_i64, 20, 1999, 199_900, 900_719_925_473]);
}

async fn a_file_of_a_spreadsheet_is_imported_as_it_is(database: TestDatabase) {
    let utf16 =
        |text: &str| -> Vec<u8> { format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let windows = |text: &str| -> Vec<u8> { text.chars().map(|sign| u8::try_from(u32::from(sign)).unwrap()).collect() };
    let files: [(&str, Vec<u8>, &str); 6] = [
        ("a", "\u{feff}SKU;Name;Price;Currency;;\r\na;Müsli;100;USD;;\r\n;;;;;\r\n".into(), ""),
        ("b", "sep=|\r\nSku|NAME|price|currency\r\nb|Müsli|100|USD\r\n".into(), ""),
        ("c", utf16("SKU\tName\tPrice\tCurrency\t\r\nc\tMüsli\t100\tUSD\t\r\n\t\t\t\t\r\n"), "UTF-16LE"),
        ("d", windows("SKU;Name;Price;Currency\r\nd;Müsli;100;USD\r\n"), "windows-1252"),
        ("e", "sku,name,price,currency\re,Müsli,100,USD\r".into(), ""),
        ("f", "\n\nCURRENCY,PRICE,NAME,SKU\nUSD,100,Müsli,f\n".into(), ""),
    ];
    for (sku, text, encoding) in files {
        let outcome = import(&database, text, &[]).await;
        assert_eq!(outcome.said, "products: 1 created, 0 updated, 0 unchanged, 0 skipped\n", "{sku}: {outcome:?}");
        let told = format!("standard input is read as {encoding}; --encoding names another one\n");
        assert_eq!(outcome.error, if encoding.is_empty() { String::new() } else { told }, "{sku}");
    }
    let names: Vec<_> = products(&database).await.into_iter().map(|product| product["name"].clone()).collect();
    assert_eq!(names, ["Müsli"; 6]);
    let outcome = import(&database, "Handle,Title,sku,Vendor,price\n", &[]).await;
    let why = "storekeeper: standard input: the header has 3 unknown columns: \"Handle\", \"Title\", \"Vendor\"; the columns \
        are id,sku,name,description,price,currency";
    assert!(outcome.code == 2 && outcome.error.starts_with(why), "{outcome:?}");
    let dry =
        import(&database, windows("sku;name;price;currency\ng;M\u{fc}sli;1;USD\n"), &["--encoding", "utf-8"]).await;
    assert!(dry.code == 1 && dry.error.starts_with("line 2  name  format  must be UTF-8"), "{dry:?}");
}

#[tokio::test]
async fn bad_lines_of_ndjson_are_reported_like_those_of_csv_r78() {
    let database = TestDatabase::sqlite();
    let text = b"\xef\xbb\xbf{\"sku\":\"a\",\"name\":\"Mug\",\"price\":1,\"currency\":\"USD\"}\r\n\
        \r\n\
        [1]\n\
        {\"sku\":\"b\",\n\
        {\"sku\":\"c\",\"sku\":\"d\",\"name\":\"Mug\",\"price\":1,\"currency\":\"USD\"}\n\
        {\"sku\":\"\xff\"}\n\
        {\"sku\":1,\"name\":\"Mug\",\"price\":\"1.0\",\"currency\":\"USD\",\"\\u001bcolour\\n\":\"blue\"}";
    let outcome = import(&database, text, &["--format", "ndjson", "--skip-bad"]).await;
    let expected = [
        "line 3  line  wrong_type  must be an object",
        "line 4  line  format  must be JSON: EOF while parsing",
        "line 5  line  format  must be JSON: a member of an object is named twice at column ",
        "line 6  line  format  must be UTF-8",
        "line 7  sku  wrong_type  must be a string",
        "line 7  price  format  must be whole minor units in digits alone",
        r"line 7  \u{1b}colour\n  unknown_field  there is no such field",
    ];
    let told: Vec<_> = outcome.error.lines().collect();
    assert_eq!(told.len(), expected.len(), "{outcome:?}");
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.starts_with(expected), "{told}: {expected}");
    }
    assert_eq!(outcome.said, "products: 1 created, 0 updated, 0 unchanged, 5 skipped\n");
}

#[tokio::test]
async fn the_first_bad_lines_are_listed_and_the_others_counted_r78() {
    let database = TestDatabase::sqlite();
    let outcome = import(&database, rows(HEADER, 250, |n| format!("s{n},Mug,-1,USD")), &[]).await;
    let told: Vec<_> = outcome.error.lines().collect();
    assert_eq!(told.len(), 102, "{outcome:?}");
    assert_eq!(told[100], "and 150 more bad lines");
    assert!(told[101].starts_with("storekeeper: 250 of 250 lines are bad"), "{outcome:?}");
}

#[tokio::test]
async fn an_unreadable_import_file_is_wrong_usage_and_creates_no_database_r78() {
    let database = TestDatabase::empty_sqlite();
    let folder = database.folder();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
    write("empty.csv", b"");
    write("utf16.csv", b"\xff\xfes\0k");
    write("semicolon.csv", b"name;price\n");
    write("headless.csv", b"a,Mug,100,USD\n");
    write("shop.txt", b"");
    std::fs::create_dir(folder.join("folder.csv")).unwrap();
    for (file, why) in [
        ("nowhere.csv", "nowhere.csv: No such file or directory"),
        ("folder.csv", "folder.csv: Is a directory"),
        ("empty.csv", "empty.csv: is empty: it needs a header"),
        ("utf16.csv", "utf16.csv: is not valid UTF-16LE"),
        ("semicolon.csv", "semicolon.csv: the header lacks id, sku or slug; the columns are id,sku,name"),
        ("headless.csv", "headless.csv: the header has 4 unknown columns: \"a\", \"Mug\", \"100\", \"USD\"; lacks"),
        ("shop.txt", "shop.txt is neither .csv nor .ndjson: add --format"),
    ] {
        let outcome = storekeeper(&database, &["import", file, "--dry-run"]).await;
        assert_eq!((outcome.code, outcome.said.as_str()), (2, ""), "{outcome:?}");
        assert!(outcome.error.starts_with(&format!("storekeeper: {why}")), "{outcome:?}");
        assert_eq!(outcome.error.lines().count(), 1, "{outcome:?}");
    }
    assert!(!folder.join("shop.db").exists());
    let long = format!("{{\"sku\":\"{}\"}}", "x".repeat(4_300_000));
    for (text, format, why) in [
        (long.as_str(), "ndjson", "standard input: line 1 is longer than 4096 KiB"),
        ("sku,name,price,currency\na,\"Mug,100,USD\n", "csv", "standard input: line 2: a quote is not closed"),
    ] {
        let outcome = import(&database, text, &["--format", format]).await;
        assert_eq!(outcome.code, 2, "{outcome:?}");
        assert!(outcome.error.contains(why), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_dry_run_does_not_migrate_the_schema_r78() {
    let outcome = import(&TestDatabase::empty_sqlite(), HEADER, &["--dry-run"]).await;
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(outcome.error.contains("storekeeper migrate up"), "{outcome:?}");
}

#[tokio::test]
async fn a_failed_import_reports_and_keeps_what_it_has_imported_r78() {
    let database = TestDatabase::sqlite();
    well(&database, &["migrate", "up"]).await;
    let text = rows(HEADER, 1500, |n| format!("s{n},Mug {n},1,USD"));
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON products WHEN NEW.sku = 's1200'
        BEGIN SELECT RAISE(ABORT, 'no'); END";
    damage(&database, &[refuse]).await;
    let outcome = import(&database, &text, &[]).await;
    assert_eq!((outcome.code, outcome.said.as_str()), (1, ""), "{outcome:?}");
    assert!(outcome.error.starts_with("storekeeper: stopped after 1000 of 1500 lines, which stay"), "{outcome:?}");
    assert_eq!(number(&database, "SELECT COUNT(*) FROM products").await, 1000);
    damage(&database, &["DROP TRIGGER refuse"]).await;
    let counts = counts(&database, &text, &[]).await;
    assert_eq!(counts, "500 created, 0 updated, 1000 unchanged, 0 skipped");
}

#[tokio::test]
async fn a_line_that_became_invalid_stops_the_import_before_its_batch_r78() {
    let database = TestDatabase::sqlite();
    counts(&database, format!("{HEADER}other,Pot,1,USD\n"), &[]).await;
    // As if somebody took an SKU while the import runs.
    let meanwhile = "CREATE TRIGGER meanwhile AFTER INSERT ON products WHEN NEW.sku = 's5'
        BEGIN UPDATE products SET sku = 's1200' WHERE sku = 'other'; END";
    damage(&database, &[meanwhile]).await;
    let row = |n| format!("01990000-0000-7000-8000-{n:012},s{n},Mug {n},1,USD");
    let outcome = import(&database, rows("id,sku,name,price,currency\n", 1500, row), &[]).await;
    let why = "stopped after 1000 of 1500 lines, which stay imported; run the same import again to continue: \
        line 1202 has become bad since it was checked: sku belongs to another product, ";
    assert!(outcome.code == 1 && outcome.error.starts_with(&format!("storekeeper: {why}")), "{outcome:?}");
    assert_eq!(number(&database, "SELECT COUNT(*) FROM products").await, 1001);
    in_order(&database).await;
}

#[tokio::test]
async fn a_stream_that_can_be_read_only_once_can_be_imported_r78() {
    let database = TestDatabase::sqlite();
    let text = format!("{HEADER}a,Mug,1,USD\n");
    let outcome = storekeeper_reading(&database, &["import", "/dev/stdin", "--format", "csv"], text.as_bytes()).await;
    assert_eq!(outcome.said, "products: 1 created, 0 updated, 0 unchanged, 0 skipped\n", "{outcome:?}");
}
