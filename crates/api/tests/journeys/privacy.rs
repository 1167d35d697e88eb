//! What is kept of a person, and how it goes.

use serde_json::{Value, json};
use testkit::{
    ADMIN_PASSWORD, Client, PASSWORD, Person, Server, TestDatabase, on_every_database, order, pair, refresh,
};

on_every_database!(customers_delete_themselves_with_their_password_l16_r275);

async fn customers_delete_themselves_with_their_password_l16_r275(database: TestDatabase) {
    let failures = [("STOREKEEPER__AUTH__LOGIN_FAILURES_PER_ACCOUNT", "3")];
    let server = Server::start_with(&database, &database.url, &failures).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(5).await;
    let ann = Person::new(&server, &admin, "annabel", "customer").await;
    let tokens = pair(&server, "annabel", PASSWORD).await;
    let ordered = order(&ann.client, &product).await;

    let right = json!({"password": PASSWORD});
    Client::holding(&server, "none").send("DELETE", "/me", &right).await.expect(401);
    assert_eq!(ann.client.send("DELETE", "/me", &json!({})).await.expect(422).refused_fields(), ["password"]);
    let wrong = ann.client.send("DELETE", "/me", &json!({"password": "a-wrong-password"})).await.expect(422);
    assert_eq!(wrong.faults(), [("password", "not_allowed")]);
    ann.client.get("/me").await;

    ann.client.send("DELETE", "/me", &right).await.expect(204);
    ann.client.ask("GET", "/me").await.expect(401);
    ann.client.send("DELETE", "/me", &right).await.expect(401);
    refresh(&server, &tokens["refresh_token"]).await.expect(401);
    let login = json!({"username": "annabel", "password": PASSWORD});
    ann.client.send("POST", "/auth/login", &login).await.expect(401);
    admin.ask("GET", &ann.customer()).await.expect(404);
    admin.ask("GET", &ann.account()).await.expect(404);
    assert_eq!(admin.get(&format!("/orders/{ordered}")).await["customer_id"], json!(ann.customer));
    let audit = Value::Array(admin.all("/audit").await).to_string();
    assert!(!audit.contains("annabel"), "{audit}");

    // Guesses are limited, and the last administrator stays.
    let bob = Person::new(&server, &admin, "bob", "customer").await;
    for _ in 0..3 {
        bob.client.send("DELETE", "/me", &json!({"password": "a-wrong-password"})).await.expect(422);
    }
    bob.client.send("DELETE", "/me", &right).await.expect(429);
    bob.client.get("/me").await;
    let last = admin.send("DELETE", "/me", &json!({"password": ADMIN_PASSWORD})).await.expect(409);
    assert_eq!(last.kind(), "last-administrator");
    Person::new(&server, &admin, "carol", "admin").await;
    admin.send("DELETE", "/me", &json!({"password": ADMIN_PASSWORD})).await.expect(204);
    admin.ask("GET", "/me").await.expect(401);
}
