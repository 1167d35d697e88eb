//! Mails go out whatever dies, and what they carry is good once.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::json;
use testkit::shop::with;
use testkit::{
    Client, PASSWORD, Server, TestDatabase, dump, number, on_every_database, order, order_of, registration, until,
};

use crate::support::mail_sink::{Manner, Sink};

on_every_database!(
    the_mail_of_an_order_goes_out_with_the_same_id_after_the_server_was_killed_r151,
    two_servers_send_each_mail_once_r151,
    a_mail_server_that_refuses_is_asked_again_or_never_r151,
    mails_are_queued_and_sent_while_the_mail_server_keeps_one_waiting_r151_r154,
    a_database_that_takes_nothing_is_not_asked_again_at_once_r151,
    a_password_is_reset_once_and_nobody_learns_who_has_an_account_r154,
    another_address_is_taken_over_when_it_is_proved_r155,
    a_new_password_ends_the_links_that_mails_have_brought_and_would_bring_r5_r154_r155,
    a_mended_address_cannot_be_put_back_by_whoever_reads_the_wrong_one_r12_r154_r155,
    a_proved_address_ends_what_was_sent_to_the_one_of_before_r154_r155,
    a_repeated_wish_for_a_mail_sends_one_r155,
    only_a_customer_with_a_verified_address_orders_where_that_is_required_r155,
    without_mail_nothing_is_written_and_its_routes_say_so_r150,
);

async fn start(database: &TestDatabase, sink: &Sink) -> Server {
    start_with(database, sink, &[]).await
}

async fn start_with(database: &TestDatabase, sink: &Sink, more: &[(&str, &str)]) -> Server {
    let url = sink.url();
    let settings = [
        ("STOREKEEPER__MAIL__TRANSPORT", "smtp"),
        ("STOREKEEPER__MAIL__SMTP__URL", url.as_str()),
        ("STOREKEEPER__MAIL__FROM", "Shop <shop@shop.example>"),
        ("STOREKEEPER__SHOP__PUBLIC_URL", "https://shop.example"),
        ("STOREKEEPER__SHOP__ALERTS_TO", "office@shop.example"),
        ("STOREKEEPER__LOG__LEVEL", "debug"),
    ];
    Server::start_with(database, &database.url, &[&settings[..], more].concat()).await
}

async fn the_mail_of_an_order_goes_out_with_the_same_id_after_the_server_was_killed_r151(database: TestDatabase) {
    let sink = Sink::new(Manner::HangsUp).await;
    let server = start(&database, &sink).await;
    let product = Client::admin(&server).await.product(100).await;
    let buyer = Client::customer(&server, "buyer").await;
    order(&buyer, &product).await;
    let mails = || sink.to("buyer@example.com", "is confirmed");
    until("sent", async || !mails().is_empty()).await;
    server.kill().await;
    sink.changes_to(Manner::Takes);
    // What was under way is sent again when the lease is over: not in this test's time.
    testkit::damage(&database, &["UPDATE messages SET lease_until = 0, next_at = 0 WHERE status = 'pending'"]).await;
    let server = start(&database, &sink).await;
    until("sent again", async || mails().len() > 1).await;
    let ids: HashSet<_> = mails().iter().map(|mail| mail.header("Message-ID").to_owned()).collect();
    assert_eq!(ids.len(), 1);
    assert!(ids.iter().all(|id| id.ends_with("@shop.example>")), "{ids:?}");
    order(&Client::customer(&server, "buyer2").await, &product).await;
    server.kill().await;
    let _server = start(&database, &sink).await;
    until("sent after the restart", async || !sink.to("buyer2@example.com", "is confirmed").is_empty()).await;
}

async fn two_servers_send_each_mail_once_r151(database: TestDatabase) {
    let sink = Sink::new(Manner::Takes).await;
    let (one, two) = tokio::join!(start(&database, &sink), start(&database, &sink));
    let product = Client::admin(&one).await.product(100).await;
    let buyer = Client::customer(&one, "buyer").await;
    for number in 0..10 {
        order(&buyer.at(if number % 2 == 0 { &one } else { &two }), &product).await;
    }
    let mails = || sink.to("buyer@example.com", "is confirmed");
    until("sent", async || mails().len() >= 10).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let ids: HashSet<_> = mails().iter().map(|mail| mail.header("Message-ID").to_owned()).collect();
    assert_eq!((mails().len(), ids.len()), (10, 10));
}

/// How many mails that confirm an order meet a condition.
async fn confirmations(database: &TestDatabase, condition: &str) -> i64 {
    number(database, &format!("SELECT COUNT(*) FROM messages WHERE template = 'order_confirmed' AND {condition}")).await
}

async fn a_mail_server_that_refuses_is_asked_again_or_never_r151(database: TestDatabase) {
    let sink = Sink::new(Manner::Refuses(451)).await;
    let server = start(&database, &sink).await;
    let product = Client::admin(&server).await.product(100).await;
    let buyer = Client::customer(&server, "buyer").await;
    let count = async |condition: &str| confirmations(&database, condition).await;
    order(&buyer, &product).await;
    until("refused for now", async || count("status = 'pending' AND attempts = 1").await == 1).await;
    sink.changes_to(Manner::IsSlow);
    testkit::damage(&database, &["UPDATE messages SET next_at = 0 WHERE status = 'pending'"]).await;
    until("taken", async || count("status = 'sent'").await == 1).await;
    sink.changes_to(Manner::Refuses(550));
    order(&buyer, &product).await;
    until("dead", async || count("status = 'dead' AND attempts = 1").await == 1).await;
    sink.changes_to(Manner::Takes);
    testkit::damage(&database, &["UPDATE messages SET next_at = 0 WHERE status = 'pending'"]).await;
    let alerts = "SELECT COUNT(*) FROM messages WHERE template = 'alert_dead_mail'";
    assert!(number(&database, alerts).await >= 1);
}

async fn mails_are_queued_and_sent_while_the_mail_server_keeps_one_waiting_r151_r154(database: TestDatabase) {
    let sink = Sink::new(Manner::Hangs).await;
    let server = start(&database, &sink).await;
    let product = Client::admin(&server).await.product(100).await;
    let buyer = Client::customer(&server, "buyer").await;
    let count = async |condition: &str| confirmations(&database, condition).await;
    order(&buyer, &product).await;
    until("under way", async || count("lease_until IS NOT NULL").await == 1).await;
    order(&buyer, &product).await;
    until("queued", async || count("1 = 1").await == 2).await;
    sink.changes_to(Manner::Takes);
    let forgot = json!({ "email": "buyer@example.com" });
    Client::holding(&server, "none").send("POST", "/auth/password/forgot", &forgot).await.expect(202);
    until("sent", async || !sink.to("buyer@example.com", "Set a new password").is_empty()).await;
    assert!(count("lease_until IS NOT NULL AND status = 'pending'").await >= 1, "the first one still waits");
}

async fn a_database_that_takes_nothing_is_not_asked_again_at_once_r151(database: TestDatabase) {
    let sink = Sink::new(Manner::Takes).await;
    let server = start(&database, &sink).await;
    Client::customer(&server, "buyer").await;
    let refusal = if database.url.starts_with("sqlite") {
        "CREATE TRIGGER no_change BEFORE UPDATE ON messages BEGIN SELECT RAISE(ABORT, 'no'); END"
    } else {
        "CREATE TRIGGER no_change BEFORE UPDATE ON messages FOR EACH ROW SIGNAL SQLSTATE '45000'"
    };
    testkit::damage(&database, &[refusal]).await;
    let forgot = json!({ "email": "buyer@example.com" });
    Client::holding(&server, "none").send("POST", "/auth/password/forgot", &forgot).await.expect(202);
    let failures = || server.printed().matches("a mail was not sent").count();
    until("failed", async || failures() > 0).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(failures() <= 8, "{} failures within seconds", failures());
    testkit::damage(&database, &["DROP TRIGGER no_change"]).await;
    until("sent", async || !sink.to("buyer@example.com", "Set a new password").is_empty()).await;
}

async fn a_password_is_reset_once_and_nobody_learns_who_has_an_account_r154(database: TestDatabase) {
    let sink = Sink::new(Manner::Takes).await;
    let server = start(&database, &sink).await;
    let nobody = Client::holding(&server, "none");
    nobody.send("POST", "/auth/register", &registration("ann")).await.expect(201);
    let forgot = async |email: &str| nobody.send("POST", "/auth/password/forgot", &json!({ "email": email })).await;
    let (known, unknown) = (forgot("Ann@example.com").await.expect(202), forgot("x@example.com").await.expect(202));
    assert_eq!(known.body, unknown.body);
    let mails = || sink.to("ann@example.com", "Set a new password");
    until("sent", async || !mails().is_empty()).await;
    let token = mails()[0].token();
    assert!(!server.printed().contains(&token) && !dump(&database).await.contains(&token));
    let new = json!({"token": token, "new_password": "another long password"});
    let resets = (0..5).map(|_| nobody.send("POST", "/auth/password/reset", &new));
    let mut done = Vec::new();
    for reset in futures_util::future::join_all(resets).await {
        done.push(reset.status);
    }
    done.sort_unstable();
    assert_eq!(done, [204, 422, 422, 422, 422]);
    let used = nobody.send("POST", "/auth/password/reset", &new).await.expect(422);
    assert!(used.kind().ends_with("token-invalid"), "{}", used.kind());
    let login = async |password: &str| {
        nobody.send("POST", "/auth/login", &json!({"username": "ann", "password": password})).await.status
    };
    assert_eq!((login(PASSWORD).await, login("another long password").await), (401, 200));
    until("informed", async || !sink.to("ann@example.com", "password was changed").is_empty()).await;
    assert!(sink.came().iter().all(|mail| mail.to != "x@example.com"));
    forgot("ann@example.com").await.expect(202);
    forgot("ann@example.com").await.expect(202);
    assert!(forgot("ann@example.com").await.expect(429).header("retry-after").is_some());
}

async fn another_address_is_taken_over_when_it_is_proved_r155(database: TestDatabase) {
    let sink = Sink::new(Manner::Takes).await;
    let server = start(&database, &sink).await;
    let ann = Client::customer(&server, "ann").await;
    let changed = ann.send("PATCH", "/me", &json!({"email": "new@example.com"})).await.expect(200);
    assert_eq!(changed.text("/customer/email"), "ann@example.com");
    let mails = || sink.to("new@example.com", "Confirm your email address");
    until("asked", async || !mails().is_empty()).await;
    ann.send("POST", "/auth/email/verify", &json!({"token": mails()[0].token()})).await.expect(204);
    let me = ann.get("/me").await;
    assert_eq!(me["customer"]["email"], "new@example.com");
    assert!(me["email_verified_at"].is_string(), "{me}");
    until("informed", async || !sink.to("ann@example.com", "email address was changed").is_empty()).await;
}

const WORD: &str = "another long password";

/// The token of a mail to an address, once it is there.
async fn token_to(sink: &Sink, address: &str, subject: &str) -> String {
    let mails = || sink.to(address, subject);
    until("sent", async || !mails().is_empty()).await;
    mails()[0].token()
}

/// Fails unless the tokens of links open nothing any more.
async fn expect_ended(server: &Server, verify: Option<&str>, reset: Option<&str>) {
    let nobody = Client::holding(server, "none");
    if let Some(token) = verify {
        let refused = nobody.send("POST", "/auth/email/verify", &json!({ "token": token })).await.expect(422);
        assert!(refused.kind().ends_with("token-invalid"), "{}", refused.kind());
    }
    if let Some(token) = reset {
        let new = json!({"token": token, "new_password": "the password of a thief"});
        let refused = nobody.send("POST", "/auth/password/reset", &new).await.expect(422);
        assert!(refused.kind().ends_with("token-invalid"), "{}", refused.kind());
    }
}

async fn a_new_password_ends_the_links_that_mails_have_brought_and_would_bring_r5_r154_r155(database: TestDatabase) {
    let sink = Sink::new(Manner::Takes).await;
    let server = start(&database, &sink).await;
    let (nobody, ann) = (Client::holding(&server, "none"), Client::customer(&server, "ann").await);
    // Somebody with her access token wants her address, and one of her links lies around.
    ann.send("PATCH", "/me", &json!({"email": "evil@example.com"})).await.expect(200);
    let verify = token_to(&sink, "evil@example.com", "Confirm your email address").await;
    nobody.send("POST", "/auth/password/forgot", &json!({"email": "ann@example.com"})).await.expect(202);
    let reset = token_to(&sink, "ann@example.com", "Set a new password").await;
    // The next mail waits.
    sink.changes_to(Manner::Refuses(451));
    ann.send("PATCH", "/me", &json!({"email": "worse@example.com"})).await.expect(200);
    let waits = "SELECT COUNT(*) FROM messages WHERE status = 'pending' AND attempts > 0";
    until("tried", async || number(&database, waits).await == 1).await;
    sink.changes_to(Manner::Takes);

    let change = json!({"current_password": PASSWORD, "new_password": WORD});
    ann.send("POST", "/me/password", &change).await.expect(204);

    expect_ended(&server, Some(&verify), Some(&reset)).await;
    let unneeded = "SELECT COUNT(*) FROM messages WHERE status = 'unneeded' AND template = 'email_verify'";
    assert_eq!(number(&database, unneeded).await, 1);
    assert_eq!(number(&database, "SELECT COUNT(*) FROM one_time_tokens").await, 0);
    let ann = Client::login(&server, "ann", WORD).await;
    assert_eq!(ann.get("/me").await["customer"]["email"], "ann@example.com");
    until("informed", async || !sink.to("ann@example.com", "password was changed").is_empty()).await;

    // So does another role, and a password that an administrator gives.
    let admin = Client::admin(&server).await;
    let account = format!("/accounts/{}", ann.get("/me").await["id"].as_str().unwrap());
    for change in [json!({"role": "admin"}), json!({"password": PASSWORD})] {
        let sent = sink.to("ann@example.com", "Confirm your email address").len();
        let ann = Client::login(&server, "ann", WORD).await;
        ann.send("POST", "/me/email/verification", &json!({})).await.expect(202);
        let mails = || sink.to("ann@example.com", "Confirm your email address");
        until("sent", async || mails().len() > sent).await;
        admin.send("PATCH", &account, &change).await.expect(200);
        expect_ended(&server, Some(&mails()[sent].token()), None).await;
    }
}

async fn a_mended_address_cannot_be_put_back_by_whoever_reads_the_wrong_one_r12_r154_r155(database: TestDatabase) {
    let sink = Sink::new(Manner::Takes).await;
    let server = start(&database, &sink).await;
    let (nobody, admin) = (Client::holding(&server, "none"), Client::admin(&server).await);
    let typo = with(&registration("ann"), &json!({"email": "amn@example.com"}));
    let registered = nobody.send("POST", "/auth/register", &typo).await.expect(201);
    let verify = token_to(&sink, "amn@example.com", "Confirm your email address").await;
    nobody.send("POST", "/auth/password/forgot", &json!({"email": "amn@example.com"})).await.expect(202);
    let reset = token_to(&sink, "amn@example.com", "Set a new password").await;

    let customer = format!("/customers/{}", registered.text("/customer_id"));
    admin.send("PATCH", &customer, &json!({"name": "Ann Other"})).await.expect(200);
    admin.send("PATCH", &customer, &json!({"email": "ann@example.com"})).await.expect(200);

    expect_ended(&server, Some(&verify), Some(&reset)).await;
    assert_eq!(admin.get(&customer).await["email"], "ann@example.com");
}

async fn a_proved_address_ends_what_was_sent_to_the_one_of_before_r154_r155(database: TestDatabase) {
    let sink = Sink::new(Manner::Takes).await;
    let server = start(&database, &sink).await;
    let (nobody, ann) = (Client::holding(&server, "none"), Client::customer(&server, "ann").await);
    nobody.send("POST", "/auth/password/forgot", &json!({"email": "ann@example.com"})).await.expect(202);
    let reset = token_to(&sink, "ann@example.com", "Set a new password").await;
    ann.send("PATCH", "/me", &json!({"email": "new@example.com"})).await.expect(200);
    let verify = token_to(&sink, "new@example.com", "Confirm your email address").await;
    nobody.send("POST", "/auth/email/verify", &json!({ "token": verify })).await.expect(204);
    expect_ended(&server, Some(&verify), Some(&reset)).await;
}

async fn a_repeated_wish_for_a_mail_sends_one_r155(database: TestDatabase) {
    let sink = Sink::new(Manner::Takes).await;
    let server = start(&database, &sink).await;
    let ann = Client::customer(&server, "ann").await;
    let mails = || sink.to("ann@example.com", "Confirm your email address").len();
    let ask = async || ann.send_once("k", "/me/email/verification", &json!({})).await.expect(202);
    let before = number(&database, "SELECT COUNT(*) FROM messages WHERE template = 'email_verify'").await;
    let (first, again) = (ask().await, ask().await);
    assert!(!first.is_replayed() && again.is_replayed());
    assert_eq!(first.body, again.body);
    let queued = number(&database, "SELECT COUNT(*) FROM messages WHERE template = 'email_verify'").await;
    assert_eq!(queued, before + 1);
    until("sent", async || mails() > 0).await;
}

async fn only_a_customer_with_a_verified_address_orders_where_that_is_required_r155(database: TestDatabase) {
    let sink = Sink::new(Manner::Takes).await;
    let server = start_with(&database, &sink, &[("STOREKEEPER__AUTH__REQUIRE_VERIFIED_EMAIL", "true")]).await;
    let product = Client::admin(&server).await.product(100).await;
    let ann = Client::customer(&server, "ann").await;
    let quoted = async || {
        let items = json!({"items": [{"product_id": product, "quantity": 1}]});
        let problems = ann.send("POST", "/checkout/quote", &items).await.expect(200).body["problems"].clone();
        problems.as_array().unwrap().iter().map(|problem| problem["code"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(quoted().await, ["email_not_verified"]);
    let refused = ann.send("POST", "/orders", &order_of(&[&product])).await.expect(403);
    assert!(refused.kind().ends_with("email-not-verified"), "{}", refused.kind());
    let mails = || sink.to("ann@example.com", "Confirm your email address");
    until("asked", async || !mails().is_empty()).await;
    ann.send("POST", "/auth/email/verify", &json!({ "token": mails()[0].token() })).await.expect(204);
    assert!(quoted().await.is_empty());
    order(&ann, &product).await;
}

async fn without_mail_nothing_is_written_and_its_routes_say_so_r150(database: TestDatabase) {
    let server = Server::start(&database).await;
    let product = Client::admin(&server).await.product(100).await;
    let ann = Client::customer(&server, "ann").await;
    order(&ann, &product).await;
    let refused = ann.send("POST", "/auth/password/forgot", &json!({"email": "ann@example.com"})).await.expect(409);
    assert!(refused.kind().ends_with("no-mail"));
    let changed = ann.send("PATCH", "/me", &json!({"email": "new@example.com"})).await.expect(200);
    assert_eq!(changed.text("/customer/email"), "new@example.com");
    for table in ["messages", "one_time_tokens", "feed_readers", "verified_emails"] {
        assert_eq!(number(&database, &format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
}
