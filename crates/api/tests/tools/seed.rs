use testkit::{TestDatabase, number, on_every_database, storekeeper, well};

const SOME: [&str; 7] = ["seed", "--products", "1100", "--customers", "30", "--orders", "1200"];

async fn demo_data_adds_nothing_the_second_time_and_breaks_no_rule_r78_r43_r61(database: TestDatabase) {
    let said = well(&database, &SOME).await;
    assert!(said.contains("products: 1100 made, 0 there before"), "{said}");
    assert!(said.contains("customers: 30 made, 0 there before"), "{said}");
    assert!(said.contains("orders: 1200 made, 0 there before"), "{said}");
    assert!(said.contains("the password storekeeper-demo"), "{said}");
    assert!(well(&database, &["doctor"]).await.contains("no problem found"));

    let said = well(&database, &SOME).await;
    assert!(said.contains("products: 0 made, 1100 there before"), "{said}");
    assert!(said.contains("customers: 0 made, 30 there before"), "{said}");
    assert!(said.contains("orders: 0 made, 1200 there before"), "{said}");
    assert_eq!(number(&database, "SELECT COUNT(*) FROM orders").await, 1200);
    assert!(well(&database, &["doctor"]).await.contains("no problem found"));
}

on_every_database!(demo_data_adds_nothing_the_second_time_and_breaks_no_rule_r78_r43_r61);

#[tokio::test]
async fn more_demo_data_is_added_to_what_is_there_r78() {
    let database = TestDatabase::sqlite();
    well(&database, &["seed", "--products", "5", "--customers", "2", "--orders", "3"]).await;
    let said = well(&database, &["seed", "--products", "8", "--customers", "4", "--orders", "9"]).await;
    assert!(said.contains("products: 3 made, 5 there before"), "{said}");
    assert!(said.contains("customers: 2 made, 2 there before"), "{said}");
    assert!(said.contains("orders: 6 made, 3 there before"), "{said}");
    assert!(well(&database, &["doctor"]).await.contains("no problem found"));
}

#[tokio::test]
async fn orders_that_nobody_can_place_are_left_out_and_told_r78_r61() {
    let database = TestDatabase::sqlite();
    let said = well(&database, &["seed", "--products", "1", "--customers", "1", "--orders", "2000"]).await;
    assert!(said.contains("not: too little stock, or nobody to buy"), "{said}");
    assert!(well(&database, &["doctor"]).await.contains("no problem found"));
    let nobody = well(&TestDatabase::sqlite(), &["seed", "--customers", "0"]).await;
    assert!(nobody.contains("orders: 0 made, 0 there before, 20 not"), "{nobody}");
}

#[tokio::test]
async fn a_number_that_is_none_or_too_large_is_wrong_usage_r78() {
    for wrong in ["many", "-1", "10000001"] {
        let outcome = storekeeper(&TestDatabase::sqlite(), &["seed", "--products", wrong]).await;
        assert_eq!(outcome.code, 2, "{outcome:?}");
    }
}
