use testkit::{TestDatabase, damage, on_every_database, storekeeper, well};

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
);

#[tokio::test]
async fn doctor_without_a_schema_says_how_to_migrate_r78() {
    let outcome = storekeeper(&TestDatabase::sqlite(), &["doctor"]).await;
    assert_eq!((outcome.code, outcome.said.as_str()), (1, ""));
    assert!(outcome.error.contains("storekeeper migrate up"), "{outcome:?}");
}

/// Bytes that a disk or a copy has spoiled, at the head of a page or inside of one.
#[tokio::test]
async fn damage_in_any_part_of_a_sqlite_file_is_found_and_no_server_starts_on_it_h5() {
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
