//! `doctor --payments` asks the providers.

use testkit::{Client, Outcome, TestDatabase, command, damage, on_every_database, order};

use crate::support::fake_stripe::{FakeStripe, SECRET_KEY};
use crate::support::stripe_shop::{Begun, StripeShop};

on_every_database!(
    payments_that_providers_say_the_same_of_have_no_findings_r98_r185,
    each_difference_from_what_a_provider_says_is_named_r98_r185,
    a_provider_that_does_not_answer_is_no_difference_r98_r185,
    payments_of_the_test_provider_are_compared_too_r94_r98_r185,
);

/// Runs `doctor` with these arguments, in a shop with Stripe at this address.
async fn doctor(database: &TestDatabase, address: &str, key: &str, arguments: &[&str]) -> Outcome {
    let mut command = command(database, &[&["doctor"], arguments].concat());
    command
        .env("STOREKEEPER__PAYMENTS__STRIPE__SECRET_KEY", key)
        .env("STOREKEEPER__PAYMENTS__STRIPE__PUBLISHABLE_KEY", "pk_test_1")
        .env("STOREKEEPER__PAYMENTS__STRIPE__API_BASE", address);
    Outcome::of(command.output().await.unwrap())
}

async fn compared(shop: &StripeShop, arguments: &[&str]) -> Outcome {
    let arguments = [&["--payments"], arguments].concat();
    doctor(&shop.database, &shop.fake.address, SECRET_KEY, &arguments).await
}

/// A shop with payments that are paid, refunded in part, begun, and given up.
async fn sold(database: TestDatabase) -> (StripeShop, Vec<Begun>) {
    let shop = StripeShop::on(database);
    let mut server = shop.open(&[]).await;
    let (admin, buyer) = (Client::admin(&server).await, Client::customer(&server, "buyer").await);
    let product = admin.product(100).await;
    let mut all = Vec::new();
    for _ in 0..5 {
        all.push(shop.paid(&buyer, &product).await);
    }
    all.push(shop.begin(&buyer, &product).await);
    all.push(shop.begin(&buyer, &product).await);
    let back =
        |amount: i64| serde_json::json!({ "amount": { "amount": amount, "currency": "USD" }, "reason": "damaged" });
    admin.send("POST", &format!("/orders/{}/refunds", all[0].order), &back(300)).await.expect(201);
    let mut outside = back(200);
    outside["outside"] = serde_json::json!({ "reference": "cash book 31" });
    admin.send("POST", &format!("/orders/{}/refunds", all[0].order), &outside).await.expect(201);
    buyer.ask("POST", &format!("/payments/{}/void", all[6].id)).await.expect(200);
    shop.until_done().await;
    server.signal("TERM").await;
    server.exit_code().await;
    (shop, all)
}

async fn payments_that_providers_say_the_same_of_have_no_findings_r98_r185(database: TestDatabase) {
    let (shop, all) = sold(database).await;
    let before = (testkit::dump(&shop.database).await, shop.fake.posted().len());
    let outcome = compared(&shop, &[]).await;
    assert_eq!((outcome.code, &*outcome.error), (0, ""), "{outcome:?}");
    assert!(outcome.said.ends_with("with what their providers say: 7, of stripe\n"), "{outcome:?}");
    // From where a run has ended.
    let outcome = compared(&shop, &["--after", &all[4].id]).await;
    assert!(
        outcome.code == 0 && outcome.said.ends_with("with what their providers say: 2, of stripe\n"),
        "{outcome:?}"
    );
    let after = (testkit::dump(&shop.database).await, shop.fake.posted().len());
    assert!(before == after, "it only reads");
    let plain = doctor(&shop.database, &shop.fake.address, SECRET_KEY, &[]).await;
    assert!(plain.code == 0 && !plain.said.contains("stripe"), "{plain:?}");
}

async fn each_difference_from_what_a_provider_says_is_named_r98_r185(database: TestDatabase) {
    let (shop, all) = sold(database).await;
    shop.fake.books(|books| {
        books.refund_on_page(&all[0].reference, 100);
        books.dispute(&all[1].reference, 700, "needs_response");
        books.forget(&all[2].reference);
        books.change_amount(&all[3].reference, 1300);
        books.pay(&all[5].reference);
        books.pay_late(&all[6].reference);
    });
    let outcome = compared(&shop, &[]).await;
    let named = |n: usize, rule: &str, what: &str| {
        let Begun { id, reference, .. } = &all[n];
        format!("{rule}  {id}  stripe {reference}: {what}\n")
    };
    let expected = [
        named(0, "a_payment_gave_back_what_its_provider_gave_back", "refunded 300 here, 400 there"),
        named(1, "a_payment_is_disputed_as_at_its_provider", "disputed 0 here, 700 there"),
        named(2, "the_provider_has_the_payment", "the provider does not know it"),
        named(3, "a_payment_has_the_amount_of_its_provider", "amount 1250 here, 1300 there"),
        named(5, "a_payment_took_what_its_provider_took", "captured 0 here, 1250 there"),
        named(5, "a_payment_has_the_status_of_its_provider", "requires_action here, captured there"),
        named(6, "a_payment_took_what_its_provider_took", "captured 0 here, 1250 there"),
        named(6, "a_payment_has_the_status_of_its_provider", "voided here, captured there"),
    ];
    assert_eq!(outcome.said, expected.concat(), "{outcome:?}");
    assert_eq!((outcome.code, &*outcome.error), (1, "storekeeper: problems found: 8, listed above\n"));
    // The shop settles what it can; the rest stays.
    let server = shop.open(&[]).await;
    let buyer = Client::login(&server, "buyer", testkit::PASSWORD).await;
    for n in [0, 1, 5, 6] {
        buyer.ask("POST", &format!("/payments/{}/sync", all[n].id)).await.expect(200);
    }
    shop.until_done().await;
    let outcome = compared(&shop, &[]).await;
    assert_eq!(outcome.said, [expected[2].clone(), expected[3].clone()].concat(), "{outcome:?}");
}

async fn a_provider_that_does_not_answer_is_no_difference_r98_r185(database: TestDatabase) {
    let (shop, all) = sold(database).await;
    let gone = FakeStripe::start();
    let nobody = gone.address.clone();
    drop(gone);
    let wrong = "sk_test_of_another_account";
    let address = &*shop.fake.address;
    for (address, key, why) in [(&*nobody, SECRET_KEY, "(connection)"), (address, wrong, "(key_refused)")] {
        let outcome = doctor(&shop.database, address, key, &["--payments"]).await;
        let lines: Vec<_> = outcome.said.lines().collect();
        assert_eq!((outcome.code, lines.len()), (1, all.len()), "{outcome:?}");
        for (line, Begun { id, reference, .. }) in lines.iter().zip(&all) {
            let begins = format!("the_provider_answers  {id}  stripe {reference}: not compared: ");
            assert!(line.starts_with(&begins) && line.ends_with(why), "{line}");
        }
        assert!(!outcome.said.contains(key) && !outcome.error.contains(key), "{outcome:?}");
    }
    // A shop that has left its provider.
    let outcome = testkit::storekeeper(&shop.database, &["doctor", "--payments"]).await;
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert_eq!(outcome.said.matches("It is not configured. (not_configured)").count(), all.len(), "{outcome:?}");
    // Without the question nothing is asked.
    testkit::well(&shop.database, &["doctor"]).await;
}

async fn payments_of_the_test_provider_are_compared_too_r94_r98_r185(database: TestDatabase) {
    let test = [("STOREKEEPER__PAYMENTS__TEST__ENABLED", "true")];
    let mut server = testkit::Server::start_with(&database, &database.url, &test).await;
    let (admin, buyer) = (Client::admin(&server).await, Client::customer(&server, "buyer").await);
    let product = admin.product(100).await;
    for method in ["ok", "requires_action", "declined"] {
        let path = format!("/orders/{}/payments", order(&buyer, &product).await);
        let body = serde_json::json!({ "provider": "test", "method": method });
        buyer.send("POST", &path, &body).await.expect(201);
    }
    server.signal("TERM").await;
    server.exit_code().await;
    let run = async || {
        let output = command(&database, &["doctor", "--payments"]).envs(test).output().await.unwrap();
        Outcome::of(output)
    };
    let outcome = run().await;
    assert!(outcome.code == 0 && outcome.said.ends_with("say: 3, of test\n"), "{outcome:?}");
    damage(&database, &["DELETE FROM test_payments WHERE script = 'ok'"]).await;
    damage(&database, &["UPDATE test_payments SET amount = amount + 1 WHERE script = 'declined'"]).await;
    let outcome = run().await;
    assert_eq!((outcome.code, outcome.said.lines().count()), (1, 2), "{outcome:?}");
    assert!(outcome.said.contains("the provider does not know it"), "{outcome:?}");
    assert!(outcome.said.contains("amount 1250 here, 1251 there"), "{outcome:?}");
}
