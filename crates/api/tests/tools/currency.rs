use testkit::{Outcome, Server, TestDatabase, command, damage, number, on_every_database, storekeeper, well};

on_every_database!(
    another_currency_is_refused_by_every_command_that_writes_or_exports,
    doctor_knows_that_the_currency_is_another_one,
    an_empty_shop_may_change_its_currency,
    the_currency_of_an_older_shop_is_that_of_its_orders,
);

async fn in_currency(database: &TestDatabase, currency: &str, arguments: &[&str]) -> Outcome {
    let mut command = command(database, arguments);
    command.env("STOREKEEPER__SHOP__CURRENCY", currency).env("STOREKEEPER__SERVER__BIND", "127.0.0.1:0");
    let child = command.spawn().unwrap();
    Outcome::of(child.wait_with_output().await.unwrap())
}

async fn another_currency_is_refused_by_every_command_that_writes_or_exports(database: TestDatabase) {
    well(&database, &["seed", "--products", "3", "--customers", "1", "--orders", "2"]).await;
    let file = database.folder().join("new.csv");
    std::fs::write(&file, "sku,name,price,currency\na,A,1,EUR\n").unwrap();
    let why = "storekeeper: shop.currency is EUR, and the database holds 3 prices and 2 orders in USD, which would be read \
        as EUR: set shop.currency = \"USD\", or use another database\n";
    for arguments in [
        &["serve"][..],
        &["import", "new.csv"],
        &["import", "new.csv", "--dry-run"],
        &["seed", "--products", "9"],
        &["export"],
        &["create-admin", "--username", "second"],
    ] {
        let outcome = in_currency(&database, "EUR", arguments).await;
        assert!(outcome.code == 2 && outcome.error.ends_with(why), "{arguments:?}: {outcome:?}");
    }
    assert_eq!(number(&database, "SELECT COUNT(*) FROM products").await, 3);
    let again = Server::start(&database).await;
    drop(again);
}

async fn doctor_knows_that_the_currency_is_another_one(database: TestDatabase) {
    well(&database, &["seed", "--products", "1", "--customers", "1", "--orders", "1"]).await;
    let outcome = in_currency(&database, "JPY", &["doctor"]).await;
    let line =
        "prices_are_in_the_currency_of_the_shop  shop.currency  shop.currency is JPY, and the database holds 1 prices";
    assert!(outcome.code == 1 && outcome.said.starts_with(line), "{outcome:?}");
    damage(&database, &["UPDATE orders SET currency = 'EUR'"]).await;
    let outcome = storekeeper(&database, &["doctor"]).await;
    assert!(outcome.said.contains("an_order_is_in_the_currency_of_the_shop  "), "{outcome:?}");
    assert!(outcome.said.contains("in EUR, the shop is in USD"), "{outcome:?}");
}

async fn an_empty_shop_may_change_its_currency(database: TestDatabase) {
    well(&database, &["migrate", "up"]).await;
    let seeded = in_currency(&database, "EUR", &["seed", "--products", "1", "--customers", "0", "--orders", "0"]).await;
    assert_eq!(seeded.code, 0, "{seeded:?}");
    let outcome = storekeeper(&database, &["seed"]).await;
    assert!(outcome.code == 2 && outcome.error.contains("holds 1 prices and 0 orders in EUR"), "{outcome:?}");
}

async fn the_currency_of_an_older_shop_is_that_of_its_orders(database: TestDatabase) {
    well(&database, &["seed", "--products", "1", "--customers", "1", "--orders", "1"]).await;
    // As it was before the currency was written down.
    let steps = steps_since_the_settings(&database).await;
    well(&database, &["migrate", "down", "--yes", "--steps", &steps]).await;
    well(&database, &["migrate", "up"]).await;
    let outcome = in_currency(&database, "EUR", &["seed"]).await;
    assert!(outcome.code == 2 && outcome.error.contains("1 orders in USD"), "{outcome:?}");
    well(&database, &["seed"]).await;
}

async fn steps_since_the_settings(database: &TestDatabase) -> String {
    let status = well(database, &["migrate", "status"]).await;
    let names: Vec<_> = status.lines().collect();
    let place = names.iter().position(|line| line.ends_with("_settings")).unwrap();
    (names.len() - place).to_string()
}
