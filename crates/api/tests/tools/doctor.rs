use std::collections::BTreeSet;

use serde_json::json;
use testkit::shop::{bremen, make, method, promotion, rate, with, zone};
use testkit::{
    Client, Server, TestDatabase, damage, on_every_database, storekeeper, usd, well, with_rows_of_adjustments,
};

/// One product, one customer and one order, and then this.
async fn after(database: &TestDatabase, statements: &[&str]) -> String {
    well(database, &["seed", "--products", "1", "--customers", "1", "--orders", "1"]).await;
    damage(database, statements).await;
    let outcome = storekeeper(database, &["doctor"]).await;
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(outcome.error.starts_with("storekeeper: "), "{outcome:?}");
    outcome.said
}

async fn stock_that_is_not_the_sum_of_its_movements_is_found_r78_r43(database: TestDatabase) {
    let said = after(&database, &["UPDATE stock SET on_hand = on_hand + 1"]).await;
    assert!(said.lines().any(|line| line.starts_with("stock_is_the_sum_of_its_movements  ")), "{said}");
    assert!(said.contains(" on hand, moved "), "{said}");
}

async fn an_order_whose_total_is_not_that_of_its_lines_is_found_r78(database: TestDatabase) {
    let said = after(&database, &["UPDATE orders SET total = total + 1"]).await;
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("the_total_of_an_order_is_the_sum_of_its_lines  "), "{said}");
}

async fn two_open_restocks_of_one_product_are_found_r78(database: TestDatabase) {
    // The second gets past the unique key, as a bug could make it.
    let open = |id: &str, key: &str| {
        format!(
            "INSERT INTO restocks (id, product_id, quantity, status, open_product_id, opened_at, version)
            SELECT {id}, id, 5, 'open', {key}, 0, 1 FROM products"
        )
    };
    let (first, second) = ("x'01990000000070008000000000000001'", "x'01990000000070008000000000000002'");
    let said = after(&database, &[&open(first, "id"), &open(second, "NULL")]).await;
    assert!(said.contains("a_product_has_one_open_restock_at_most  ") && said.contains("2 are open"), "{said}");
    assert!(said.contains("an_open_restock_keeps_others_out  01990000-0000-7000-8000-000000000002"), "{said}");
}

async fn rows_without_their_owner_are_found_r78(database: TestDatabase) {
    let said = after(
        &database,
        &[
            "DELETE FROM order_history",
            "UPDATE stock_movements SET product_id = x'01990000000070008000000000000003' WHERE kind = 'sale'",
            "DELETE FROM product_words",
        ],
    )
    .await;
    let rules = [
        "the_history_of_an_order_ends_with_its_status",
        "a_movement_has_a_product",
        "stock_is_the_sum_of_its_movements",
        "a_product_can_be_found",
    ];
    for rule in rules {
        assert!(said.lines().any(|line| line.starts_with(rule)), "{rule}: {said}");
    }
}

async fn a_valid_database_has_no_findings_r78(database: TestDatabase) {
    well(&database, &["seed"]).await;
    let said = well(&database, &["doctor"]).await;
    assert!(said.starts_with("no problem found: checked stock"), "{said}");
}

on_every_database!(
    stock_that_is_not_the_sum_of_its_movements_is_found_r78_r43,
    an_order_whose_total_is_not_that_of_its_lines_is_found_r78,
    two_open_restocks_of_one_product_are_found_r78,
    rows_without_their_owner_are_found_r78,
    a_valid_database_has_no_findings_r78,
    orders_with_taxes_shipping_and_promotions_have_no_findings_r185_r119,
    amounts_and_uses_that_nothing_explains_are_found_r185_r119,
);

/// Fills a shop with an order of a book and a lamp that has taxes, shipping and a promotion, and a cancelled one.
async fn sell(database: &TestDatabase, prices_include_tax: bool) {
    let include = [("STOREKEEPER__SHOP__PRICES_INCLUDE_TAX", if prices_include_tax { "true" } else { "false" })];
    let server = Server::start_with(database, &database.url, &include).await;
    let admin = Client::admin(&server).await;
    make(&admin, "tax-classes", &json!({ "code": "reduced", "name": "Reduced" })).await;
    let germany = zone(&admin, "Germany", "DE").await;
    rate(&admin, &germany, "standard", "DE19", 190_000).await;
    rate(&admin, &germany, "reduced", "DE7", 70_000).await;
    method(&admin, "dhl", &germany, 600).await;
    let mut items = Vec::new();
    for (name, amount, class) in [("Book", 1070, "reduced"), ("Lamp", 2380, "standard")] {
        let product = json!({ "name": name, "price": usd(amount), "tax_class": class, "initial_stock": 9 });
        items.push(json!({ "product_id": make(&admin, "products", &product).await.id(), "quantity": 1 }));
    }
    let limits = json!({ "usage_limit": 5, "per_customer_limit": 2 });
    promotion(&admin, &limits, &[json!({ "code": "SUMMER", "usage_limit": 3 })]).await;
    let purchase = json!({
        "items": items, "shipping_address": bremen(), "shipping_method": "dhl", "coupon_codes": ["SUMMER"],
    });
    for name in ["ann", "bob"] {
        let buyer = Client::customer(&server, name).await;
        let quoted = buyer.send("POST", "/checkout/quote", &purchase).await.expect(200);
        let order = with(&purchase, &json!({ "expected_total": quoted.at("/totals/total") }));
        let made = buyer.send("POST", "/orders", &order).await.expect(201);
        assert_eq!(made.at("/adjustments").as_array().map(Vec::len), Some(7), "{}", made.body);
        if name == "bob" {
            let path = format!("/orders/{}/cancel", made.id());
            buyer.send("POST", &path, &json!({})).await.expect(200);
        }
    }
}

async fn orders_with_taxes_shipping_and_promotions_have_no_findings_r185_r119(database: TestDatabase) {
    sell(&database, false).await;
    well(&database, &["doctor"]).await;
}

const TOTAL: &str = "the_total_of_an_order_is_the_sum_of_its_lines";
const EXPLAINED: &str = "adjustments_explain_lines_and_order";
const USES: &str = "promotion_uses_are_its_redemptions";
const CANCELLED: &str = "no_redemption_of_a_cancelled_order_is_held";

/// The rules that are broken, what one of the findings says, the statement that breaks them, and the one that mends it.
type Broken = (&'static [&'static str], &'static str, &'static str, &'static str);

/// Of lists of adjustments.
const BROKEN_LISTS: &[Broken] = &[
    (
        &[TOTAL, EXPLAINED],
        "counts 7 adjustments, lists 0",
        "UPDATE orders SET adjustment_list = CONCAT('x', adjustment_list)",
        "UPDATE orders SET adjustment_list = SUBSTR(adjustment_list, 2)",
    ),
    (
        &[TOTAL, EXPLAINED],
        "shipping: 500 is left of it",
        r#"UPDATE orders SET adjustment_list = REPLACE(adjustment_list, '"amount":600,', '"amount":500,')"#,
        r#"UPDATE orders SET adjustment_list = REPLACE(adjustment_list, '"amount":500,', '"amount":600,')"#,
    ),
    (
        &[EXPLAINED],
        "adjustment 1: tax of line 1, of the wrong sign: -",
        r#"UPDATE orders SET adjustment_list =
            REPLACE(adjustment_list, '"discount","share":"line","line_no":1', '"tax","share":"line","line_no":1')"#,
        r#"UPDATE orders SET adjustment_list = REPLACE(adjustment_list,
            '"tax","share":"line","line_no":1,"code":"SUMMER"', '"discount","share":"line","line_no":1,"code":"SUMMER"')"#,
    ),
    (
        &[EXPLAINED],
        ", discount 691 of 690",
        "UPDATE order_lines SET discount = discount + 1 WHERE line_no = 2",
        "UPDATE order_lines SET discount = discount - 1 WHERE line_no = 2",
    ),
];

/// Of rows of adjustments, and of uses.
const BROKEN: &[Broken] = &[
    (
        &[TOTAL],
        "total 3051, lines 3450, adjustments -400",
        "UPDATE orders SET total = 3051",
        "UPDATE orders SET total = 3050",
    ),
    (
        &[EXPLAINED],
        "counts 8 adjustments, lists 7",
        "UPDATE orders SET adjustments = 8",
        "UPDATE orders SET adjustments = 7",
    ),
    (
        &[EXPLAINED],
        "the last is 9",
        "UPDATE order_adjustments SET no = 9 WHERE no = 7",
        "UPDATE order_adjustments SET no = 7 WHERE no = 9",
    ),
    (
        &[EXPLAINED],
        "adjustment 1: discount of line 9, which is nothing of the order",
        "UPDATE order_adjustments SET line_no = 9 WHERE no = 1",
        "UPDATE order_adjustments SET line_no = 1 WHERE no = 1",
    ),
    (
        &[EXPLAINED],
        "shipping of order, which is nothing of the order",
        "UPDATE order_adjustments SET share = 'order' WHERE kind = 'shipping'",
        "UPDATE order_adjustments SET share = 'shipping' WHERE kind = 'shipping'",
    ),
    (
        &[TOTAL, EXPLAINED],
        "line 1: -1 is left of 1070",
        "UPDATE order_adjustments SET amount = amount - 761 WHERE no = 1",
        "UPDATE order_adjustments SET amount = amount + 761 WHERE no = 1",
    ),
    (
        &[EXPLAINED],
        "line 2: 1690 is left of 2380, taxes in it 270, their base 1691, net 1420",
        "UPDATE order_adjustments SET base = base + 1 WHERE kind = 'tax' AND line_no = 2",
        "UPDATE order_adjustments SET base = base - 1 WHERE kind = 'tax' AND line_no = 2",
    ),
    (
        &[EXPLAINED],
        "their base 1690, net 1419",
        "UPDATE order_adjustments SET net = net - 1 WHERE kind = 'tax' AND line_no = 2",
        "UPDATE order_adjustments SET net = net + 1 WHERE kind = 'tax' AND line_no = 2",
    ),
    (
        &[EXPLAINED],
        "line 2: 1690 is left of 2380",
        "UPDATE order_adjustments SET net = NULL WHERE kind = 'tax' AND line_no = 2",
        "UPDATE order_adjustments SET net = 1420 WHERE kind = 'tax' AND line_no = 2",
    ),
    (
        &[TOTAL, EXPLAINED],
        "shipping: 500 is left of it",
        "UPDATE order_adjustments SET amount = 500 WHERE kind = 'shipping'",
        "UPDATE order_adjustments SET amount = 600 WHERE kind = 'shipping'",
    ),
    (
        &[EXPLAINED],
        "of wrong base or net 2",
        "UPDATE order_adjustments SET net = base WHERE kind = 'tax' AND share = 'shipping'",
        "UPDATE order_adjustments SET net = base - amount WHERE kind = 'tax' AND share = 'shipping'",
    ),
    (
        &[TOTAL, EXPLAINED],
        "taxes are included in 2 ways",
        "UPDATE order_adjustments SET included = 0 WHERE kind = 'tax' AND share = 'shipping'",
        "UPDATE order_adjustments SET included = 1 WHERE kind = 'tax' AND share = 'shipping'",
    ),
    (&[USES], "used 2, redeemed 1", "UPDATE promotions SET used = 2", "UPDATE promotions SET used = 1"),
    (
        &[USES],
        "code SUMMER: used 0, redeemed 1",
        "UPDATE coupon_codes SET used = 0",
        "UPDATE coupon_codes SET used = 1",
    ),
    (
        &[USES],
        "used 2 by a customer, redeemed 1",
        "UPDATE promotion_uses SET used = used + 1",
        "UPDATE promotion_uses SET used = used - 1",
    ),
    (
        &[USES],
        "redeemed by a customer, and not counted",
        "DELETE FROM promotion_uses WHERE used = 1",
        "INSERT INTO promotion_uses (promotion_id, who, used)
        SELECT promotion_id, who_customer, 1 FROM promotion_redemptions WHERE released_at IS NULL",
    ),
    (
        &[USES, CANCELLED],
        "cancelled, and still uses a promotion",
        "UPDATE promotion_redemptions SET released_at = NULL",
        "UPDATE promotion_redemptions SET released_at = at
        WHERE order_id IN (SELECT id FROM orders WHERE status = 'cancelled')",
    ),
];

async fn are_found(database: &TestDatabase, all: &[Broken]) {
    for (rules, detail, broken, mended) in all {
        damage(database, &[broken]).await;
        let said = storekeeper(database, &["doctor"]).await.said;
        let found: BTreeSet<_> = said.lines().filter_map(|line| line.split("  ").next()).collect();
        assert_eq!(found, rules.iter().copied().collect(), "{broken}: {said}");
        assert!(said.contains(detail), "{broken}: {said}");
        damage(database, &[mended]).await;
    }
}

async fn amounts_and_uses_that_nothing_explains_are_found_r185_r119(database: TestDatabase) {
    sell(&database, true).await;
    well(&database, &["doctor"]).await;
    are_found(&database, BROKEN_LISTS).await;
    let before = with_rows_of_adjustments(database.is_remote(), "1 = 1");
    damage(&database, &before.each_ref().map(String::as_str)).await;
    well(&database, &["doctor"]).await;
    are_found(&database, BROKEN).await;
    let lawless = if database.is_remote() { "SET foreign_key_checks = 0" } else { "PRAGMA foreign_keys = OFF" };
    let lost = format!(
        "{lawless}; UPDATE order_adjustments SET order_id = x'01990000000070008000000000000003'
        WHERE no = 1 AND order_id = (SELECT MIN(id) FROM orders)"
    );
    // A code that was added again counts what came after it.
    damage(&database, &["UPDATE coupon_codes SET created_at = created_at + 3600000000, used = 0"]).await;
    well(&database, &["doctor"]).await;
    damage(&database, &[&lost]).await;
    let said = storekeeper(&database, &["doctor"]).await.said;
    assert!(
        said.contains("01990000-0000-7000-8000-000000000003  adjustment 1: discount of line 1, and no such order"),
        "{said}"
    );
}

#[tokio::test]
async fn doctor_without_a_schema_says_how_to_migrate_r78() {
    let outcome = storekeeper(&TestDatabase::empty_sqlite(), &["doctor"]).await;
    assert_eq!((outcome.code, outcome.said.as_str()), (1, ""));
    assert!(outcome.error.contains("storekeeper migrate up"), "{outcome:?}");
}

/// Bytes that a disk or a copy has spoiled, at the head of a page or inside of one.
#[tokio::test]
async fn damage_in_any_part_of_a_sqlite_file_is_found_and_no_server_starts_on_it() {
    let database = TestDatabase::sqlite();
    well(&database, &["seed", "--products", "200", "--customers", "20", "--orders", "20"]).await;
    let file = database.url.trim_start_matches("sqlite://").split('?').next().unwrap().to_owned();
    let sound = std::fs::read(&file).unwrap();
    let pages = sound.len() / 4096;
    let cases = 14;
    for case in 0..cases {
        let page = 1 + case * (pages - 2) / cases;
        let mut spoiled = sound.clone();
        spoiled[page * 4096..page * 4096 + 12].fill(if case % 2 == 0 { 0xff } else { 0x7f });
        std::fs::write(&file, spoiled).unwrap();
        let outcome = storekeeper(&database, &["doctor"]).await;
        assert_eq!(outcome.code, 1, "page {page}: {outcome:?}");
        let named = outcome.said.contains("the_file_is_sound") || outcome.error.contains("malformed");
        assert!(named, "page {page}: {outcome:?}");
    }
    let mut spoiled = sound.clone();
    spoiled[4096 * (pages / 2)..][..12].fill(0xff);
    std::fs::write(&file, spoiled).unwrap();
    let refused = storekeeper(&database, &["serve"]).await;
    assert!(refused.code == 1 && refused.error.contains("damaged") && refused.error.contains("doctor"), "{refused:?}");
    std::fs::write(&file, sound).unwrap();
    well(&database, &["doctor"]).await;
}
