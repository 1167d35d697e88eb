//! The database is broken in every way that it is examined for.

use domain::stock::Stock;
use infrastructure::db::Finding;
use sea_orm::{ConnectionTrait, DbErr};

use crate::support::{NOW, Server, TestDb, customer, order, product};

on_every_database!(
    a_healthy_database_has_no_findings_r43,
    each_broken_rule_is_found_and_named_r43_r234,
    many_findings_of_one_rule_are_counted_r43,
);

/// Everything that there is, of each one.
async fn fill(db: &TestDb) {
    let products = [product("Teapot", None), product("Cup", None)].map(|product| {
        let stock = Stock::new(product.id, 5, NOW);
        (product, stock)
    });
    let customer = customer("ann@example.com");
    db.database.bulk_products(&products).await.unwrap();
    db.database.bulk_customers(&[(customer.clone(), None)]).await.unwrap();
    let order = order(customer.id, &[&products[0].0, &products[1].0], NOW);
    db.database.bulk_orders(&[order]).await.unwrap();
}

async fn a_healthy_database_has_no_findings_r43(db: TestDb) {
    assert_eq!(db.database.examine().await.unwrap(), []);
    fill(&db).await;
    assert_eq!(db.database.examine().await.unwrap(), []);
}

/// Runs SQL that the rules of the schema would not let through.
async fn break_it(db: &TestDb, sql: &str) -> Result<(), DbErr> {
    let lawless = match db.server {
        Server::Sqlite => "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;",
        Server::MySql => "SET foreign_key_checks = 0;",
        Server::MariaDb => "SET foreign_key_checks = 0; SET check_constraint_checks = 0;",
    };
    db.raw.execute_unprepared(&format!("{lawless} {sql}")).await.map(drop)
}

const ID: &str = "X'01890000000070008000000000000000'";
/// The id of the attribute of categories.
const CATEGORY: &str = "X'00000000000070008000000000000001'";

/// The tables of what the cases break, each before those that it refers to.
const EMPTIED: [&str; 30] = [
    "collection_pins",
    "collections",
    "slugs",
    "page_texts",
    "product_prices",
    "group_terms",
    "group_options",
    "product_groups",
    "webhook_endpoints",
    "webhook_deliveries",
    "product_terms",
    "product_values",
    "term_slugs",
    "terms",
    "settings",
    "refresh_tokens",
    "accounts",
    "customers",
    "customer_words",
    "carts",
    "cart_items",
    "restocks",
    "events",
    "order_history",
    "order_lines",
    "orders",
    "stock_movements",
    "stock",
    "products",
    "product_words",
];

async fn each_broken_rule_is_found_and_named_r43_r234(db: TestDb) {
    // MySQL can be made to ignore its foreign keys, but not its checks.
    if db.server == Server::MySql {
        break_it(&db, "ALTER TABLE stock DROP CHECK stock_on_hand_in_bounds").await.unwrap();
    }
    let restock = |id: char, open: &str| {
        format!(
            "INSERT INTO restocks (id, product_id, quantity, status, open_product_id, opened_at, version)
            SELECT X'0189000000007000800000000000000{id}', MIN(product_id), 1, 'open', {open}, 0, 1 FROM stock;"
        )
    };
    let term = |id: char, attribute: &str, parent: &str| {
        format!(
            "INSERT INTO terms (id, attribute_id, parent_id, name, words, slug, position, created_at, updated_at, version)
            VALUES (X'0189000000007000800000000000000{id}', {attribute}, {parent}, 'x', ' x ', 'x{id}', 0, 0, 0, 1);"
        )
    };
    let event = |position: i64, id: char| {
        format!(
            "INSERT INTO events (position, id, event_type, stream, data, at)
            VALUES ({position}, X'0189000000007000800000000000000{id}', 'order.placed', {ID}, '{{}}', 0);"
        )
    };
    let cases = [
        ("stock_is_the_sum_of_its_movements", "UPDATE stock SET on_hand = on_hand + 1".to_owned()),
        ("stock_is_not_negative", "UPDATE stock SET on_hand = -1".to_owned()),
        ("stock_is_the_balance_of_its_last_movement", "UPDATE stock_movements SET balance = balance + 1".to_owned()),
        ("a_balance_is_the_one_before_and_what_moved", "UPDATE stock_movements SET balance = 0".to_owned()),
        ("the_total_of_an_order_is_the_sum_of_its_lines", "UPDATE orders SET total = total + 1".to_owned()),
        ("an_order_has_a_line", "DELETE FROM order_lines".to_owned()),
        ("the_history_of_an_order_ends_with_its_status", "UPDATE orders SET status = 'shipped'".to_owned()),
        ("the_history_of_an_order_ends_with_its_status", "DELETE FROM order_history".to_owned()),
        ("a_product_has_one_open_restock_at_most", restock('1', "NULL") + &restock('2', "NULL")),
        ("an_open_restock_keeps_others_out", restock('1', "NULL")),
        (
            "an_open_restock_keeps_others_out",
            restock('1', "MIN(product_id)") + "UPDATE restocks SET status = 'received'",
        ),
        ("an_order_of_nobody_holds_nothing_personal", "UPDATE orders SET note = 'x'; DELETE FROM customers".to_owned()),
        (
            "an_order_is_in_the_currency_of_the_shop",
            "INSERT INTO settings (name, value) VALUES ('shop.currency', 'EUR')".to_owned(),
        ),
        ("a_line_has_an_order", "DELETE FROM orders".to_owned()),
        ("a_history_has_an_order", "DELETE FROM orders".to_owned()),
        ("a_product_has_stock", "DELETE FROM stock".to_owned()),
        ("stock_has_a_product", "DELETE FROM products".to_owned()),
        ("a_movement_has_a_product", "DELETE FROM products".to_owned()),
        ("a_restock_has_a_product", restock('1', "MIN(product_id)") + "DELETE FROM products"),
        ("a_product_can_be_found", "DELETE FROM product_words".to_owned()),
        ("words_have_a_product", "DELETE FROM products".to_owned()),
        ("a_customer_can_be_found", "DELETE FROM customer_words".to_owned()),
        ("words_have_a_customer", "DELETE FROM customers".to_owned()),
        (
            "an_item_has_a_cart",
            format!("INSERT INTO cart_items (customer_id, product_id, quantity) VALUES ({ID}, {ID}, 1)"),
        ),
        (
            "the_customer_of_an_account_is_there",
            format!("INSERT INTO accounts VALUES ({ID}, {ID}, 'ann', 'x', 'customer', 1, 0, 0, 0, 1, 0)"),
        ),
        ("positions_have_no_gap", event(1, '1') + &event(3, '3')),
        ("the_next_position_follows_the_last", event(7, '7')),
        (
            "a_refresh_token_has_an_account",
            format!("INSERT INTO refresh_tokens VALUES ({ID}, {ID}, {ID}, X'00', 0, 0, NULL)"),
        ),
        ("a_term_has_an_attribute", term('1', ID, "NULL")),
        ("a_term_is_below_one_of_its_attribute", term('1', CATEGORY, ID)),
        (
            "a_term_reaches_the_top_in_eight_steps",
            term('1', CATEGORY, "X'01890000000070008000000000000002'")
                + &term('2', CATEGORY, "X'01890000000070008000000000000001'"),
        ),
        (
            "a_term_of_a_product_is_there",
            format!("INSERT INTO product_terms SELECT MIN(product_id), {ID}, 0, 0 FROM stock"),
        ),
        (
            "a_term_of_a_product_is_there",
            term('1', CATEGORY, "NULL")
                + &format!("INSERT INTO product_terms VALUES ({ID}, X'01890000000070008000000000000001', 0, 0)"),
        ),
        (
            "a_value_of_a_product_is_of_its_type",
            format!("INSERT INTO product_values SELECT MIN(product_id), {CATEGORY}, NULL, 7, 0 FROM stock"),
        ),
    ];
    for (rule, sql) in cases.into_iter().chain(of_prices()).chain(of_webhooks()).chain(of_groups()).chain(of_slugs()) {
        for table in EMPTIED {
            break_it(&db, &format!("DELETE FROM {table}")).await.unwrap();
        }
        fill(&db).await;
        break_it(&db, &sql).await.unwrap_or_else(|error| panic!("{rule}: {error}"));
        let findings = db.database.examine().await.unwrap();
        assert!(findings.iter().any(|finding| finding.rule == rule), "{rule} is not among {findings:?}");
        assert!(findings.iter().all(|finding| finding.subject.len() == 36 && !finding.detail.is_empty()));
    }
}

/// Rules about the history of prices, and what breaks each.
fn of_prices() -> [(&'static str, String); 3] {
    [
        ("the_history_of_prices_ends_with_the_price", "UPDATE products SET price = price + 1".to_owned()),
        ("the_history_of_prices_ends_with_the_price", "DELETE FROM product_prices".to_owned()),
        ("a_price_has_a_product", "DELETE FROM products".to_owned()),
    ]
}

/// Rules about product groups, and what breaks each.
fn of_groups() -> [(&'static str, String); 7] {
    let term = "INSERT INTO terms (id, attribute_id, parent_id, name, words, slug, position, created_at, updated_at, version)
        VALUES (X'01890000000070008000000000000001', X'00000000000070008000000000000002', NULL, 'x', ' x ', 'x', 0, 0, 0, 1);";
    let group = format!(
        "INSERT INTO product_groups (id, name, words, slug, description, created_at, updated_at, version)
        VALUES ({ID}, 'x', ' x ', 'x', 'Of cotton.', 0, 0, 1);
        INSERT INTO group_options VALUES ({ID}, 0, X'00000000000070008000000000000002');"
    );
    let place = |key: &str| format!("UPDATE products SET group_id = {ID}, option_key = {key} WHERE name = 'Teapot';");
    let has = |inherited: i64| {
        format!(
            "INSERT INTO product_terms SELECT id, X'01890000000070008000000000000001', 0, {inherited} FROM products
            WHERE name = 'Teapot';"
        )
    };
    let key = "'01890000000070008000000000000001'";
    [
        ("a_member_has_a_group", place(key)),
        ("a_member_has_one_term_for_each_option", term.to_owned() + &group + &place(key)),
        ("a_member_has_one_term_for_each_option", term.to_owned() + &group + &place(key) + &has(1)),
        ("the_key_of_a_member_is_that_of_its_terms", term.to_owned() + &group + &place("NULL") + &has(0)),
        (
            "the_key_of_a_member_is_that_of_its_terms",
            term.to_owned() + &group + &place("'01890000000070008000000000000009'") + &has(0),
        ),
        ("what_is_inherited_is_what_the_group_has", term.to_owned() + &group + &place(key) + &has(1)),
        (
            "what_is_inherited_is_what_the_group_has",
            term.to_owned() + &group + &place(key) + &has(0) + "UPDATE products SET inherits = 1 WHERE name = 'Teapot'",
        ),
    ]
}

/// Rules about slugs and the texts of pages, and what breaks each.
fn of_slugs() -> [(&'static str, String); 13] {
    let had = |attribute: &str| {
        format!("INSERT INTO term_slugs (attribute_id, slug, term_id) VALUES ({attribute}, 'x', {ID});")
    };
    let term = |id: &str| {
        format!(
            "INSERT INTO terms (id, attribute_id, parent_id, name, words, slug, position, created_at, updated_at, version)
            VALUES ({id}, {CATEGORY}, NULL, 'x', ' x ', 'x', 0, 0, 0, 1);"
        )
    };
    let slug = |kind: &str| format!("INSERT INTO slugs VALUES ('{kind}', 'x', {ID}, 1);");
    [
        ("the_slug_of_a_product_is_its_current_one", "UPDATE products SET slug = 'x' WHERE name = 'Teapot'".to_owned()),
        ("the_slug_of_a_product_is_its_current_one", "UPDATE slugs SET is_current = 0".to_owned()),
        ("the_slug_of_a_product_is_its_current_one", "UPDATE products SET slug = NULL".to_owned()),
        (
            "the_slug_of_a_product_group_is_its_current_one",
            format!(
                "INSERT INTO product_groups (id, name, words, slug, description, created_at, updated_at, version)
                VALUES ({ID}, 'x', ' x ', 'y', NULL, 0, 0, 1);"
            ) + &slug("group"),
        ),
        (
            "the_slug_of_a_collection_is_its_current_one",
            format!(
                "INSERT INTO collections (id, name, slug, position, created_at, updated_at, version)
                VALUES ({ID}, 'x', 'y', 0, 0, 0, 1);"
            ) + &slug("collection"),
        ),
        (
            "a_pin_has_a_collection",
            format!("INSERT INTO collection_pins SELECT {ID}, 0, id FROM products WHERE name = 'Teapot'"),
        ),
        ("a_slug_has_an_owner", slug("collection")),
        ("a_slug_has_an_owner", slug("product")),
        ("a_slug_has_an_owner", slug("group")),
        ("a_slug_that_a_term_had_leads_to_it", had(CATEGORY)),
        ("a_slug_that_a_term_had_leads_to_it", term(ID) + &had("X'00000000000070008000000000000002'")),
        ("a_slug_that_a_term_had_is_no_other_term_s", term("X'01890000000070008000000000000001'") + &had(CATEGORY)),
        ("texts_of_a_page_have_an_owner", format!("INSERT INTO page_texts (resource_id) VALUES ({ID})")),
    ]
}

/// Rules about webhooks, and what breaks each.
fn of_webhooks() -> [(&'static str, String); 4] {
    let endpoint = |position: i64| {
        format!(
            "INSERT INTO webhook_endpoints (id, url, types, status, generation, position, failures, created_at, updated_at,
                version)
            VALUES ({ID}, 'https://x.example/', '*', 'active', 1, {position}, 0, 0, 0, 1);"
        )
    };
    let delivery = |status: &str, attempts: i64, next_at: &str| {
        format!(
            "INSERT INTO webhook_deliveries (id, endpoint_id, event_id, status, attempts, spent, next_at, created_at)
            VALUES ({ID}, {ID}, {ID}, '{status}', {attempts}, 0, {next_at}, 0);"
        )
    };
    [
        ("no_endpoint_is_ahead_of_the_feed", endpoint(7)),
        ("the_tries_of_a_delivery_are_counted", endpoint(0) + &delivery("pending", 2, "0")),
        ("a_delivery_waits_or_is_done", endpoint(0) + &delivery("pending", 0, "NULL")),
        ("a_delivery_waits_or_is_done", endpoint(0) + &delivery("dead", 0, "0")),
    ]
}

async fn many_findings_of_one_rule_are_counted_r43(db: TestDb) {
    let products: Vec<_> = (0..120)
        .map(|index| {
            let product = product(&format!("Cup {index}"), None);
            let stock = Stock::new(product.id, 1, NOW);
            (product, stock)
        })
        .collect();
    db.database.bulk_products(&products).await.unwrap();
    break_it(&db, "UPDATE stock SET on_hand = 7").await.unwrap();
    let findings = db.database.examine().await.unwrap();
    let of = |rule: &str| findings.iter().filter(|finding| finding.rule == rule).collect::<Vec<&Finding>>();
    let sums = of("stock_is_the_sum_of_its_movements");
    assert_eq!(sums.len(), 101);
    assert_eq!(sums[0].detail, "7 on hand, moved 1");
    assert_eq!(sums[100].subject, "20 more");
    assert_eq!(of("stock_is_the_balance_of_its_last_movement").len(), 101);
    assert_eq!(findings.len(), 202, "nothing else is broken");
}
