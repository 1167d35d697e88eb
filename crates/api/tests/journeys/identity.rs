//! Logging in and out, one's own account, and what ends a token.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::{
    Client, PASSWORD, Person, Server, TestDatabase, at_once, number, on_every_database, pair, refresh, registration,
};

on_every_database!(
    a_refresh_token_works_once_and_its_reuse_ends_the_whole_login_r3,
    one_of_ten_concurrent_uses_of_a_refresh_token_succeeds_r3,
    tabs_that_refresh_at_once_each_get_a_pair_of_the_same_login,
    a_logout_ends_only_the_refresh_token_of_the_caller_r3,
    the_time_of_a_login_tells_nothing_after_the_cost_has_changed,
    guesses_that_come_at_once_are_not_checked_beyond_the_limit,
    right_logins_that_come_at_once_are_all_let_in,
    a_customer_logs_in_by_email_in_any_spelling_of_the_mailbox,
    a_logout_ends_the_access_tokens_of_its_login_and_of_no_other,
    a_reused_refresh_token_ends_the_access_tokens_of_its_login_r3,
    customers_can_change_their_own_name_email_and_phone_r5,
    a_new_password_ends_every_older_token_at_once_r2_r5,
    a_repeated_change_of_password_gives_the_first_response_r5,
    guesses_of_the_current_password_are_throttled_r1_r5,
    tokens_of_a_changed_account_end_at_once_and_on_other_servers_within_a_second_r2_r13_r22_r23,
);

const ANOTHER: &str = "another-long-password";

async fn a_refresh_token_works_once_and_its_reuse_ends_the_whole_login_r3(database: TestDatabase) {
    let server = without_grace(&database).await;
    Client::customer(&server, "ann").await;
    let (first, other) = (pair(&server, "ann", PASSWORD).await, pair(&server, "ann", PASSWORD).await);

    let second = refresh(&server, &first["refresh_token"]).await.expect(200);
    assert_eq!(second.header("cache-control").unwrap(), "no-store");
    assert_eq!((second.text("/token_type"), second.body["expires_in"].as_u64()), ("Bearer", Some(900)));
    assert_ne!(second.body["refresh_token"], first["refresh_token"]);
    assert_eq!(Client::holding(&server, second.text("/access_token")).get("/me").await["username"], "ann");
    let third = refresh(&server, &second.body["refresh_token"]).await.expect(200);

    let refused = refresh(&server, &first["refresh_token"]).await.expect(401);
    assert!(refused.header("www-authenticate").unwrap().starts_with("Bearer"));
    for token in [&first["refresh_token"], &second.body["refresh_token"], &third.body["refresh_token"]] {
        refresh(&server, token).await.expect(401);
    }
    refresh(&server, &other["refresh_token"]).await.expect(200);
    refresh(&server, &json!("nonsense")).await.expect(401);
    assert_eq!(refresh(&server, &Value::Null).await.expect(422).refused_fields(), ["refresh_token"]);
}

/// A server that takes each refresh token once.
async fn without_grace(database: &TestDatabase) -> Server {
    Server::start_with(database, &database.url, &[("STOREKEEPER__AUTH__REFRESH_REUSE_GRACE", "0")]).await
}

async fn one_of_ten_concurrent_uses_of_a_refresh_token_succeeds_r3(database: TestDatabase) {
    let server = without_grace(&database).await;
    let ann = Client::customer(&server, "ann").await;
    let token = pair(&server, "ann", PASSWORD).await["refresh_token"].clone();
    let rivals = (0..10).map(|_| {
        let (ann, body) = (ann.clone(), json!({"refresh_token": token}));
        async move { ann.send("POST", "/auth/refresh", &body).await }
    });
    let answers = at_once(rivals).await;
    let (welcome, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|reply| reply.status == 200);
    assert!(welcome.len() == 1 && refused.iter().all(|reply| reply.status == 401), "{refused:?}");
    refresh(&server, &welcome[0].body["refresh_token"]).await.expect(401);
}

async fn tabs_that_refresh_at_once_each_get_a_pair_of_the_same_login(database: TestDatabase) {
    let grace = [("STOREKEEPER__AUTH__REFRESH_REUSE_GRACE", "3s")];
    let server = Server::start_with(&database, &database.url, &grace).await;
    let ann = Client::customer(&server, "ann").await;
    let token = pair(&server, "ann", PASSWORD).await["refresh_token"].clone();
    let tabs = (0..5).map(|_| {
        let (ann, body) = (ann.clone(), json!({"refresh_token": token}));
        async move { ann.send("POST", "/auth/refresh", &body).await.expect(200) }
    });
    let tabs = at_once(tabs).await;
    let mut pairs: Vec<_> = tabs.iter().map(|tab| tab.text("/refresh_token").to_owned()).collect();
    for tab in &tabs {
        Client::holding(&server, tab.text("/access_token")).get("/me").await;
    }
    pairs.sort();
    pairs.dedup();
    assert_eq!(pairs.len(), 5, "each tab has a token of its own");
    let later = refresh(&server, &json!(pairs[0])).await.expect(200);

    tokio::time::sleep(Duration::from_secs(3)).await;
    refresh(&server, &token).await.expect(401);
    for token in [later.text("/refresh_token"), &pairs[0], &pairs[1], &pairs[4]] {
        refresh(&server, &json!(token)).await.expect(401);
    }
    ann.get("/me").await;
}

async fn a_logout_ends_only_the_refresh_token_of_the_caller_r3(database: TestDatabase) {
    let server = Server::start(&database).await;
    let (ann, bob) = (Client::customer(&server, "ann").await, Client::customer(&server, "bob").await);
    let (one, two) = (pair(&server, "ann", PASSWORD).await, pair(&server, "ann", PASSWORD).await);
    let logout = json!({"refresh_token": one["refresh_token"]});

    Client::holding(&server, "none").send("POST", "/auth/logout", &logout).await.expect(401);
    bob.send("POST", "/auth/logout", &logout).await.expect(204);
    let one = refresh(&server, &one["refresh_token"]).await.expect(200);

    let logout = json!({"refresh_token": one.body["refresh_token"]});
    let done = ann.send_once("bye", "/auth/logout", &logout).await.expect(204);
    assert!(done.body.is_null() && !done.is_replayed());
    assert!(ann.send_once("bye", "/auth/logout", &logout).await.expect(204).is_replayed());
    ann.send("POST", "/auth/logout", &logout).await.expect(204);
    refresh(&server, &one.body["refresh_token"]).await.expect(401);
    refresh(&server, &two["refresh_token"]).await.expect(200);
    ann.get("/me").await;
}

async fn customers_can_change_their_own_name_email_and_phone_r5(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let (ann, _) = (Client::customer(&server, "ann").await, Client::customer(&server, "bob").await);
    let seen = ann.ask("GET", "/me").await.expect(200);

    let change = json!({"name": "Ann Married", "email": "ann@new.example"});
    let changed = ann.change("PATCH", "/me", seen.etag(), &change).await.expect(200);
    assert_eq!(changed.body["customer"]["name"], "Ann Married");
    assert_eq!(changed.body["customer"]["phone"], "+14155550100");
    assert_eq!((&changed.body["username"], &changed.body["role"]), (&json!("ann"), &json!("customer")));
    let shown = ann.ask("GET", "/me").await.expect(200);
    assert_eq!((shown.etag(), &shown.body), (changed.etag(), &changed.body));
    assert_eq!(ann.unless("/me", shown.etag()).await.status, 304);

    ann.change("PATCH", "/me", seen.etag(), &json!({"phone": "+14155550199"})).await.expect(412);
    let taken = ann.send("PATCH", "/me", &json!({"email": "BOB@example.com"})).await.expect(409);
    assert_eq!((taken.kind(), taken.refused_fields()), ("duplicate", vec!["email"]));
    let bad = json!({"name": null, "email": "x", "phone": "1", "role": "admin", "username": "root"});
    let refused = ann.send("PATCH", "/me", &bad).await.expect(422);
    assert_eq!(refused.refused_fields(), ["email", "name", "phone", "role", "username"]);
    assert_eq!(ann.ask("GET", "/me").await.body, shown.body);
    let none = admin.send("PATCH", "/me", &json!({"name": "Root"})).await.expect(409);
    assert_eq!(none.kind(), "no-customer");
}

async fn a_new_password_ends_every_older_token_at_once_r2_r5(database: TestDatabase) {
    let (here, there) = tokio::join!(Server::start(&database), Server::start(&database));
    let ann = Client::customer(&here, "ann").await;
    let elsewhere = pair(&there, "ann", PASSWORD).await;
    let at_there = Client::holding(&there, elsewhere["access_token"].as_str().unwrap());
    at_there.get("/me").await;

    let short = json!({"current_password": PASSWORD, "new_password": "short"});
    assert_eq!(ann.send("POST", "/me/password", &short).await.expect(422).refused_fields(), ["new_password"]);
    let wrong = json!({"current_password": "not-the-password", "new_password": ANOTHER});
    assert_eq!(ann.send("POST", "/me/password", &wrong).await.expect(422).refused_fields(), ["current_password"]);
    ann.get("/me").await;

    let right = json!({"current_password": PASSWORD, "new_password": ANOTHER});
    ann.send("POST", "/me/password", &right).await.expect(204);
    let done = Instant::now();
    ann.ask("GET", "/me").await.expect(401);
    at_there.at(&here).ask("GET", "/me").await.expect(401);
    refused_within_a_second(&at_there, done).await;
    refresh(&here, &elsewhere["refresh_token"]).await.expect(401);
    let old = json!({"username": "ann", "password": PASSWORD});
    ann.send("POST", "/auth/login", &old).await.expect(401);
    Client::login(&there, "ann", ANOTHER).await.get("/me").await;
}

async fn a_repeated_change_of_password_gives_the_first_response_r5(database: TestDatabase) {
    let server = Server::start(&database).await;
    let ann = Client::customer(&server, "ann").await;
    let change = json!({"current_password": PASSWORD, "new_password": ANOTHER});
    ann.send_once("once", "/me/password", &change).await.expect(204);
    let ann = Client::login(&server, "ann", ANOTHER).await;
    assert!(ann.send_once("once", "/me/password", &change).await.expect(204).is_replayed());
    let other = json!({"current_password": PASSWORD, "new_password": "a-third-long-password"});
    assert_eq!(ann.send_once("once", "/me/password", &other).await.expect(422).kind(), "idempotency-key-reused");
    ann.get("/me").await;
}

async fn guesses_of_the_current_password_are_throttled_r1_r5(database: TestDatabase) {
    let server = Server::start(&database).await;
    let ann = Client::customer(&server, "ann").await;
    let guess = json!({"current_password": "not-the-password", "new_password": ANOTHER});
    for _ in 0..10 {
        ann.send("POST", "/me/password", &guess).await.expect(422);
    }
    let refused = ann.send("POST", "/me/password", &guess).await.expect(429);
    assert_eq!((refused.kind(), refused.header("retry-after").unwrap().is_empty()), ("too-many-attempts", false));
}

async fn tokens_of_a_changed_account_end_at_once_and_on_other_servers_within_a_second_r2_r13_r22_r23(
    database: TestDatabase,
) {
    let (here, there) = tokio::join!(Server::start(&database), Server::start(&database));
    let admin = Client::admin(&here).await;
    let changes = [
        ("PATCH", json!({"active": false}), "account"),
        ("PATCH", json!({"role": "customer"}), "account"),
        ("PATCH", json!({"password": ANOTHER}), "account"),
        ("DELETE", Value::Null, "account"),
        ("DELETE", Value::Null, "customer"),
    ];
    for (n, (method, change, of)) in changes.iter().enumerate() {
        let person = Person::new(&here, &admin, &format!("person{n}"), "admin").await;
        let elsewhere = person.client.at(&there);
        person.client.get("/me").await;
        elsewhere.get("/me").await;

        let path = if *of == "account" { person.account() } else { person.customer() };
        let reply = admin.change(method, &path, "*", change).await;
        let done = Instant::now();
        assert!(matches!(reply.status, 200 | 204), "{method} {change}: {}", reply.body);
        person.client.ask("GET", "/me").await.expect(401);
        refused_within_a_second(&elsewhere, done).await;
    }
    let renamed = Person::new(&here, &admin, "before", "customer").await;
    admin.send("PATCH", &renamed.account(), &json!({"username": "after"})).await.expect(200);
    assert_eq!(renamed.client.get("/me").await["username"], "after");
}

/// The question is when the last request was sent that was let in.
async fn refused_within_a_second(client: &Client, since: Instant) {
    loop {
        let sent = since.elapsed();
        if client.ask("GET", "/me").await.status == 401 {
            return;
        }
        assert!(sent < Duration::from_secs(1), "still let in after {sent:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn a_customer_logs_in_by_email_in_any_spelling_of_the_mailbox(database: TestDatabase) {
    let failures = [("STOREKEEPER__AUTH__LOGIN_FAILURES_PER_ACCOUNT", "3")];
    let server = Server::start_with(&database, &database.url, &failures).await;
    let nobody = Client::holding(&server, "none");
    for (name, email) in [("ann", "Ann@Bücher.example"), ("data", "संपर्क@डाटामेल.भारत"), ("six", "u@[IPv6:2001:db8::1]")]
    {
        let mut body = registration(name);
        body["email"] = json!(email);
        nobody.send("POST", "/auth/register", &body).await.expect(201);
    }
    let mut same = registration("eve");
    same["email"] = json!("ann@xn--bcher-kva.example");
    assert_eq!(nobody.send("POST", "/auth/register", &same).await.expect(409).refused_fields(), ["email"]);
    for (name, email) in [
        ("ann", "ann@bücher.example"),
        ("ann", "ANN@BU\u{308}CHER.example"),
        ("ann", "ann@xn--bcher-kva.example"),
        ("data", "संपर्क@xn--c2bd4bq1db8d.xn--h2brj9c"),
        ("six", "U@[IPv6:2001:DB8:0::1]"),
    ] {
        assert_eq!(Client::login(&server, email, PASSWORD).await.get("/me").await["username"], name, "{email}");
    }

    let log_in = async |name: &str, password: &str| {
        let body = json!({"username": name, "password": password});
        nobody.send("POST", "/auth/login", &body).await
    };
    let (wrong, unknown) =
        (log_in("six", "wrong").await.expect(401), log_in("b@example.com", "wrong").await.expect(401));
    assert_eq!(wrong.text("/detail"), unknown.text("/detail"));
    // A stranger's guesses count together, by name and by address.
    for _ in 0..2 {
        log_in("b@example.com", "wrong").await.expect(401);
    }
    log_in("B@example.com", PASSWORD).await.expect(429);
    log_in("u@[ipv6:2001:db8::1]", "wrong").await.expect(401);
    log_in("six", "wrong").await.expect(401);
    log_in("u@[ipv6:2001:db8::1]", PASSWORD).await.expect(429);
    log_in("six", PASSWORD).await.expect(429);
    // A login by an address that was changed is over.
    let ann = Client::login(&server, "ann", PASSWORD).await;
    ann.send("PATCH", "/me", &json!({"email": "ann@new.example"})).await.expect(200);
    log_in("ann@bücher.example", PASSWORD).await.expect(401);
    log_in("ann@new.example", PASSWORD).await.expect(200);
}

async fn a_logout_ends_the_access_tokens_of_its_login_and_of_no_other(database: TestDatabase) {
    let (here, there) = tokio::join!(Server::start(&database), Server::start(&database));
    Client::customer(&here, "ann").await;
    let (one, two) = (pair(&here, "ann", PASSWORD).await, pair(&here, "ann", PASSWORD).await);
    let fresh = refresh(&here, &one["refresh_token"]).await.expect(200).body;
    let holding = |pair: &Value| Client::holding(&here, pair["access_token"].as_str().unwrap());
    let (first, second, other) = (holding(&one), holding(&fresh), holding(&two));
    for client in [&first, &second, &other] {
        client.get("/me").await;
        client.at(&there).get("/me").await;
    }

    let logout = json!({"refresh_token": fresh["refresh_token"]});
    second.send("POST", "/auth/logout", &logout).await.expect(204);
    let done = Instant::now();
    for client in [&first, &second] {
        client.ask("GET", "/me").await.expect(401);
        refused_within_a_second(&client.at(&there), done).await;
    }
    other.get("/me").await;
    other.at(&there).get("/me").await;
    refresh(&here, &two["refresh_token"]).await.expect(200);
}

async fn a_reused_refresh_token_ends_the_access_tokens_of_its_login_r3(database: TestDatabase) {
    let server = without_grace(&database).await;
    let ann = Client::customer(&server, "ann").await;
    let one = pair(&server, "ann", PASSWORD).await;
    let fresh = refresh(&server, &one["refresh_token"]).await.expect(200);
    let client = Client::holding(&server, fresh.text("/access_token"));
    client.get("/me").await;
    refresh(&server, &one["refresh_token"]).await.expect(401);
    client.ask("GET", "/me").await.expect(401);
    ann.get("/me").await;
}

async fn the_time_of_a_login_tells_nothing_after_the_cost_has_changed(database: TestDatabase) {
    let at_cost =
        async |cost| Server::start_with(&database, &database.url, &[("STOREKEEPER__AUTH__BCRYPT_COST", cost)]).await;
    let stored = async |cost: &str| {
        let sql = format!("SELECT COUNT(*) FROM accounts WHERE username = 'ann' AND password_hash LIKE '$2b${cost}$%'");
        number(&database, &sql).await == 1
    };
    let first = at_cost("9").await;
    Client::customer(&first, "ann").await;
    let ann = Client::login(&first, "ann", PASSWORD).await;
    first.kill().await;

    let second = at_cost("4").await;
    let nobody = Client::holding(&second, "none");
    let time = async |username: &str| {
        let body = json!({"username": username, "password": "wrong password"});
        let began = Instant::now();
        for _ in 0..3 {
            nobody.send("POST", "/auth/login", &body).await.expect(401);
        }
        began.elapsed()
    };
    let (known, unknown) = (time("ann").await, time("eve").await);
    assert!(unknown * 3 > known && known * 3 > unknown, "{known:?} and {unknown:?}");
    assert!(stored("09").await);
    let again = Client::login(&second, "ann", PASSWORD).await;
    assert!(stored("04").await);
    assert_eq!(ann.at(&second).get("/me").await["version"], again.get("/me").await["version"]);
    Client::login(&second, "ann", PASSWORD).await;
}

async fn guesses_that_come_at_once_are_not_checked_beyond_the_limit(database: TestDatabase) {
    let slow = [("STOREKEEPER__AUTH__BCRYPT_COST", "8")];
    let (here, there) = tokio::join!(
        Server::start_with(&database, &database.url, &slow),
        Server::start_with(&database, &database.url, &slow)
    );
    Client::customer(&here, "ann").await;
    let guesses = (0..32).map(|n| {
        let client = Client::holding(if n % 2 == 0 { &here } else { &there }, "none");
        async move {
            let guess = json!({"username": "ann", "password": format!("wrong password {n}")});
            client.send("POST", "/auth/login", &guess).await.status
        }
    });
    let answers = at_once(guesses).await;
    let count = |status| answers.iter().filter(|answer| **answer == status).count();
    assert_eq!((count(401), count(429)), (10, 22), "{answers:?}");
    assert_eq!(number(&database, "SELECT MAX(failures) FROM login_failures").await, 10);
}

async fn right_logins_that_come_at_once_are_all_let_in(database: TestDatabase) {
    let server = Server::start(&database).await;
    Client::customer(&server, "ann").await;
    let logins = (0..24).map(|_| {
        let client = Client::holding(&server, "none");
        let login = json!({"username": "ann", "password": PASSWORD});
        async move { client.send("POST", "/auth/login", &login).await.status }
    });
    assert_eq!(at_once(logins).await, [200; 24]);
    assert_eq!(number(&database, "SELECT COUNT(*) FROM login_failures").await, 0, "nothing stays counted");
}
