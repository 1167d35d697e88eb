use testkit::{TestDatabase, command, damage, listed_adjustments, number, on_every_database, storekeeper, well};

const SHOP: [&str; 8] = ["seed", "--products", "3", "--customers", "4", "--orders", "5", "--shop"];

/// The rows of everything that the shop has, and the sum of their versions.
const EVERYTHING: &str = "SELECT CAST((SELECT SUM(version) FROM zones) + (SELECT SUM(version) FROM shipping_methods) + \
    (SELECT COUNT(*) FROM shipping_tiers) + (SELECT SUM(version) FROM tax_classes) + (SELECT SUM(version) FROM tax_rates) + \
    (SELECT SUM(version) FROM promotions) + (SELECT COUNT(*) FROM coupon_codes) + (SELECT SUM(version) FROM products) + \
    (SELECT SUM(version) FROM orders) + (SELECT SUM(adjustments) FROM orders) + \
    (SELECT SUM(version) FROM terms) + (SELECT SUM(version) FROM attributes) + (SELECT COUNT(*) FROM product_terms) + \
    (SELECT COUNT(*) FROM product_values) + (SELECT COUNT(*) FROM promotion_redemptions) + (SELECT COUNT(*) FROM stock_movements) + \
    (SELECT version FROM settings_versions WHERE topic = 'pricing') AS SIGNED)";

async fn a_demo_shop_is_made_once_and_breaks_no_rule_r189_r119(database: TestDatabase) {
    let said = well(&database, &SHOP).await;
    let kinds = [
        ("zones", 6),
        ("shipping methods", 8),
        ("tax classes", 1),
        ("tax rates", 12),
        ("categories", 12),
        ("brands", 4),
        ("attributes", 3),
        ("sizes", 3),
        ("colours", 8),
        ("goods of the shop", 5),
        ("product groups", 12),
        ("promotions", 5),
        ("orders of the shop", 12),
    ];
    for (kind, count) in kinds {
        assert!(said.contains(&format!("{kind}: {count} created, 0 already existed\n")), "{kind}: {said}");
    }
    assert!(well(&database, &["doctor"]).await.contains("no problem found"));
    let of_goods = number(&database, "SELECT COUNT(*) FROM product_terms WHERE NOT inherited").await - 102;
    assert_eq!(of_goods, 9, "categories and brands of the goods; 102 are sizes and colours of members");
    assert_eq!(number(&database, "SELECT COUNT(*) FROM product_terms WHERE inherited").await, 2 * 59);
    assert_eq!(number(&database, "SELECT number FROM product_values").await, 9, "the power of the lamp");

    let before = number(&database, EVERYTHING).await;
    let said = well(&database, &SHOP).await;
    for (kind, count) in kinds {
        assert!(said.contains(&format!("{kind}: 0 created, {count} already existed\n")), "{kind}: {said}");
    }
    assert_eq!(number(&database, EVERYTHING).await, before);
    assert!(well(&database, &["doctor"]).await.contains("no problem found"));
}

async fn demo_orders_have_shipping_taxes_and_discounts_of_their_place_r189_r109(database: TestDatabase) {
    well(&database, &SHOP).await;
    let all = listed_adjustments(database.is_remote());
    let adjustments =
        async |what: &str| number(&database, &format!("SELECT COUNT(*) FROM ({all}) a WHERE {what}")).await;
    // Every order but the one of which nothing is shipped.
    assert_eq!(adjustments("kind = 'shipping'").await, 11);
    for code in ["DE-VAT", "CA-TAX", "NY-TAX", "EXPORT"] {
        assert!(adjustments(&format!("kind = 'tax' AND share = 'line' AND code = '{code}'")).await > 0, "{code}");
    }
    // California taxes no shipping; New York does.
    assert_eq!(adjustments("kind = 'tax' AND share = 'shipping' AND code = 'CA-TAX'").await, 0);
    assert!(adjustments("kind = 'tax' AND share = 'shipping' AND code = 'DE-VAT' AND rate_ppm = 70000").await > 0);
    for label in ["Three cookbooks for two", "Spring sale", "Thanks for the feedback", "Free shipping"] {
        assert!(adjustments(&format!("kind = 'discount' AND label = '{label}'")).await > 0, "{label}");
    }
    assert_eq!(number(&database, "SELECT used FROM promotions WHERE usage_limit = 1000").await, 3);
    // One of them is cancelled, and gave its code back.
    let released = "SELECT COUNT(*) FROM promotion_redemptions WHERE released_at IS NOT NULL";
    assert_eq!(number(&database, released).await, 1);
}

async fn demo_orders_are_paid_in_every_way_with_the_test_provider_r189_r94(database: TestDatabase) {
    well(&database, &["migrate", "up"]).await;
    let seed = async || {
        let output =
            command(&database, &SHOP).env("STOREKEEPER__PAYMENTS__TEST__ENABLED", "true").output().await.unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    seed().await;
    let count = async |what: &str| number(&database, &format!("SELECT COUNT(*) FROM {what}")).await;
    for (status, orders) in [("paid", 8), ("partially_refunded", 1), ("refunded", 2), ("pending", 1)] {
        assert_eq!(count(&format!("order_balances WHERE status = '{status}'")).await, orders, "{status}");
    }
    assert_eq!(count("disputes WHERE status = 'lost'").await, 1);
    assert_eq!(count("disputes WHERE status = 'won'").await, 1);
    assert_eq!(count("refunds WHERE status = 'failed'").await, 1);
    assert_eq!(count("payment_operations WHERE status IN ('pending', 'unknown')").await, 0);
    assert!(well(&database, &["doctor"]).await.contains("no problem found"));
    let before = count("ledger_transfers").await;
    seed().await;
    assert_eq!(count("ledger_transfers").await, before);
}

on_every_database!(
    demo_orders_are_paid_in_every_way_with_the_test_provider_r189_r94,
    a_demo_shop_is_made_once_and_breaks_no_rule_r189_r119,
    demo_orders_have_shipping_taxes_and_discounts_of_their_place_r189_r109,
);

#[tokio::test]
async fn demo_groups_have_pictures_in_their_colours_r189_r211() {
    let database = TestDatabase::sqlite();
    let seed = ["seed", "--products", "0", "--customers", "0", "--orders", "0", "--shop", "--pictures"];
    let said = well(&database, &seed).await;
    assert!(said.contains("pictures: 34 created, 0 already existed\n"), "{said}");
    let uses = async |kind: &str| {
        number(&database, &format!("SELECT COUNT(*) FROM media_uses WHERE owner_kind = '{kind}'")).await
    };
    assert_eq!((uses("product").await, uses("group").await), (59, 12));
    assert!(well(&database, &["doctor"]).await.contains("no problem found"));
    let said = well(&database, &seed).await;
    assert!(said.contains("pictures: 0 created, 34 already existed\n"), "{said}");
}

#[tokio::test]
async fn demo_customers_use_no_code_more_often_than_they_may_r189_r106() {
    let database = TestDatabase::sqlite();
    let said = well(&database, &["seed", "--customers", "1", "--shop"]).await;
    assert!(said.contains("orders of the shop: 12 created"), "{said}");
    assert_eq!(number(&database, "SELECT used FROM promotions WHERE usage_limit = 1000").await, 1);
    let nobody = well(&TestDatabase::sqlite(), &["seed", "--customers", "0", "--shop"]).await;
    assert!(nobody.contains("orders of the shop: 0 created, 0 already existed, 12 skipped"), "{nobody}");
}

#[tokio::test]
async fn a_shop_with_a_zone_of_the_same_name_takes_no_demo_shop_and_says_so_r189() {
    let database = TestDatabase::sqlite();
    well(&database, &["migrate", "up"]).await;
    let zone = "INSERT INTO zones (id, name, words, created_at, updated_at, version) VALUES (x'01890000000070008000000000000001', \
        'Germany', ' germany ', 0, 0, 1)";
    damage(&database, &[zone]).await;
    let outcome = storekeeper(&database, &["seed", "--shop"]).await;
    assert_eq!(outcome.code, 2, "{outcome:?}");
    assert!(outcome.error.contains("this shop takes no zone Germany: "), "{outcome:?}");
}
