use testkit::{TestDatabase, number, on_every_database, storekeeper, well};

const SOME: [&str; 7] = ["seed", "--products", "1100", "--customers", "30", "--orders", "1200"];

async fn seeding_twice_adds_nothing_and_breaks_no_rule_r78_r43_r61(database: TestDatabase) {
    let said = well(&database, &SOME).await;
    assert!(said.contains("products: 1100 created, 0 already existed"), "{said}");
    assert!(said.contains("customers: 30 created, 0 already existed"), "{said}");
    assert!(said.contains("orders: 1200 created, 0 already existed"), "{said}");
    assert!(said.contains("the password storekeeper-demo"), "{said}");
    assert!(well(&database, &["doctor"]).await.contains("no problem found"));

    let said = well(&database, &SOME).await;
    assert!(said.contains("products: 0 created, 1100 already existed"), "{said}");
    assert!(said.contains("customers: 0 created, 30 already existed"), "{said}");
    assert!(said.contains("orders: 0 created, 1200 already existed"), "{said}");
    assert_eq!(number(&database, "SELECT COUNT(*) FROM orders").await, 1200);
    assert!(well(&database, &["doctor"]).await.contains("no problem found"));
}

#[tokio::test]
async fn seeding_with_larger_numbers_adds_the_difference_r78() {
    let database = TestDatabase::sqlite();
    well(&database, &["seed", "--products", "5", "--customers", "2", "--orders", "3"]).await;
    let said = well(&database, &["seed", "--products", "8", "--customers", "4", "--orders", "9"]).await;
    assert!(said.contains("products: 3 created, 5 already existed"), "{said}");
    assert!(said.contains("customers: 2 created, 2 already existed"), "{said}");
    assert!(said.contains("orders: 6 created, 3 already existed"), "{said}");
    assert!(well(&database, &["doctor"]).await.contains("no problem found"));
}

#[tokio::test]
async fn demo_orders_without_stock_or_customer_are_skipped_and_counted_r78_r61() {
    let database = TestDatabase::sqlite();
    let said = well(&database, &["seed", "--products", "1", "--customers", "1", "--orders", "2000"]).await;
    assert!(said.contains("skipped: not enough stock, or no customer"), "{said}");
    assert!(well(&database, &["doctor"]).await.contains("no problem found"));
    let nobody = well(&TestDatabase::sqlite(), &["seed", "--customers", "0"]).await;
    assert!(nobody.contains("orders: 0 created, 0 already existed, 20 skipped"), "{nobody}");
}

#[tokio::test]
async fn a_seed_number_that_is_invalid_or_too_large_is_wrong_usage_r78() {
    for wrong in ["many", "-1", "10000001"] {
        let outcome = storekeeper(&TestDatabase::sqlite(), &["seed", "--products", wrong]).await;
        assert_eq!(outcome.code, 2, "{outcome:?}");
    }
}

async fn groups_of_any_number_are_made_once_and_break_no_rule_r78_r205_r234(database: TestDatabase) {
    let groups = ["seed", "--products", "5", "--customers", "0", "--orders", "0", "--groups", "130"];
    let said = well(&database, &groups).await;
    assert!(said.contains("groups of any number: 130 created, 0 already existed"), "{said}");
    assert!(well(&database, &["doctor"]).await.contains("no problem found"));
    let count = async |what: &str| number(&database, &format!("SELECT COUNT(*) FROM {what}")).await;
    assert_eq!((count("product_groups").await, count("products WHERE group_id IS NOT NULL").await), (130, 1300));
    assert_eq!(count("product_terms WHERE NOT inherited").await, 2 * 1300, "a size and a colour");
    assert_eq!(count("product_terms WHERE inherited").await, 2 * 1300, "a category and a brand");
    assert_eq!((count("product_values").await, count("group_terms").await), (1300, 260));
    assert_eq!(
        count("(SELECT DISTINCT group_id, option_key FROM products WHERE group_id IS NOT NULL) AS x").await,
        1300
    );
    assert_eq!(count("media_uses").await, 0);

    let more = ["seed", "--products", "5", "--customers", "0", "--orders", "0", "--groups", "131"];
    let said = well(&database, &more).await;
    assert!(said.contains("groups of any number: 1 created, 130 already existed"), "{said}");
    assert!(well(&database, &["doctor"]).await.contains("no problem found"));
}

on_every_database!(
    seeding_twice_adds_nothing_and_breaks_no_rule_r78_r43_r61,
    groups_of_any_number_are_made_once_and_break_no_rule_r78_r205_r234,
);

#[tokio::test]
async fn pictures_of_many_groups_are_those_of_their_kinds_and_colours_r78_r211() {
    let database = TestDatabase::sqlite();
    // The first and the thirteenth are of one kind; of five colours of each, two are of both.
    let seed = ["seed", "--products", "0", "--customers", "0", "--orders", "0", "--groups", "13", "--pictures"];
    well(&database, &seed).await;
    let count = async |what: &str| number(&database, &format!("SELECT COUNT(*) FROM {what}")).await;
    assert_eq!((count("media").await, count("media_uses").await), (63, 13 * 11));
    let outcome = storekeeper(&database, &["seed", "--pictures"]).await;
    assert_eq!(outcome.code, 2, "{outcome:?}");
    assert!(outcome.error.contains("--shop or --groups"), "{outcome:?}");
}
