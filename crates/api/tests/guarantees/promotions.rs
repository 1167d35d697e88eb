//! Many buyers of what only some may use.

use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::shop::{promotion, with};
use testkit::{
    Client, Server, TestDatabase, at_once, count, documented, number, on_every_database, order_of, until, usd, well,
};

on_every_database!(
    fifty_buyers_of_twenty_uses_of_a_code_get_twenty_orders_and_thirty_refusals_r106,
    fifty_buyers_at_two_servers_never_use_a_code_more_than_twenty_times_r106,
    fifty_buyers_of_a_promotion_for_twenty_orders_get_it_twenty_times_r106,
    orders_of_one_customer_at_once_do_not_pass_its_limit_r106,
    a_first_order_is_one_order_even_of_two_at_once_r106,
    a_first_order_is_one_order_even_with_two_promotions_r106,
    uses_of_cancelled_orders_are_used_by_others_r106,
    cancelling_an_order_many_times_at_once_gives_its_use_back_once_r106,
);

/// What a unit costs less the promotion.
const REDUCED: i64 = 250;

/// Two servers of one shop with a product of which there are 100 units.
struct Shop {
    servers: [Server; 2],
    admin: Client,
    product: String,
    database: TestDatabase,
}

impl Shop {
    async fn open(database: TestDatabase) -> Self {
        let servers: [Server; 2] = tokio::join!(Server::start(&database), Server::start(&database)).into();
        let admin = Client::admin(&servers[0]).await;
        let product = admin.product(100).await;
        Self { servers, admin, product, database }
    }

    /// A customer who is logged in at the first server.
    async fn buyer(&self, name: &str) -> Client {
        Client::customer(&self.servers[0], name).await
    }

    /// So many customers, at one server after the other.
    async fn buyers(&self, number: usize, servers: usize) -> Vec<Client> {
        let mut buyers = Vec::new();
        for n in 0..number {
            buyers.push(self.buyer(&format!("buyer{n}")).await.at(&self.servers[n % servers]));
        }
        buyers
    }

    /// The order of a unit at the reduced price.
    fn order(&self) -> Value {
        with(&order_of(&[&self.product]), &json!({ "expected_total": usd(REDUCED) }))
    }

    /// The order of a unit with the code.
    fn by_code(&self) -> Value {
        with(&self.order(), &json!({ "coupon_codes": ["SUMMER"] }))
    }

    /// Checks that so many orders, those not cancelled, have the promotion, and that nothing else was sold or counted.
    async fn is_used(&self, promotion: &str, times: usize) {
        let orders = self.admin.all("/orders").await;
        let held: Vec<_> = orders.iter().filter(|order| order["status"] != "cancelled").collect();
        let reduced = held.iter().filter(|order| order["adjustments"][0]["promotion_id"] == promotion);
        assert_eq!((reduced.count(), held.len()), (times, times), "{orders:?}");
        assert_eq!(self.admin.on_hand(&self.product).await, 100 - i64::try_from(times).unwrap());
        assert_eq!(self.admin.get(&format!("/promotions/{promotion}")).await["used"], times);
        for code in self.admin.all(&format!("/promotions/{promotion}/codes")).await {
            assert_eq!(code["used"], times, "{code}");
        }
        well(&self.database, &["doctor"]).await;
    }
}

impl Shop {
    /// How often the feed says that the promotion is exhausted.
    async fn exhausted(&self, promotion: &str) -> usize {
        until("numbered", async || number(&self.database, "SELECT COUNT(*) FROM outbox").await == 0).await;
        let page = self.admin.get(&format!("/events?types=promotion.exhausted&stream={promotion}")).await;
        let events = page["items"].as_array().unwrap();
        for event in events {
            documented::check_event(event);
            assert_eq!(event["data"], json!({ "promotion_id": promotion, "usage_limit": 20 }));
        }
        events.len()
    }
}

/// Orders all at once.
async fn buy(orders: impl IntoIterator<Item = (Client, Value)>) -> Vec<(StatusCode, Value)> {
    let buy = |(buyer, order): (Client, Value)| async move { buyer.post("/orders", &order, None).await.unwrap() };
    at_once(orders.into_iter().map(buy)).await
}

/// How many were refused with this problem.
fn refused(answers: &[(StatusCode, Value)], kind: &str) -> usize {
    answers.iter().filter(|(_, body)| body["type"] == format!("/problems/{kind}")).count()
}

/// Fifty customers use a code at once, at so many servers.
async fn fifty_use_a_code_of_twenty(shop: &Shop, servers: usize, limits: &Value) {
    let code = json!({ "code": "SUMMER", "usage_limit": 20 });
    let promotion = promotion(&shop.admin, limits, &[code]).await;
    let buyers = shop.buyers(50, servers).await;
    let answers = buy(buyers.into_iter().map(|buyer| (buyer, shop.by_code()))).await;
    assert_eq!(count(&answers, StatusCode::CREATED), 20, "{answers:?}");
    let conflicts = (count(&answers, StatusCode::CONFLICT), refused(&answers, "coupon-exhausted"));
    assert_eq!(conflicts, (30, 30), "{answers:?}");
    shop.is_used(&promotion, 20).await;
    assert_eq!(shop.exhausted(&promotion).await, 0, "the limit is that of the code");
}

async fn fifty_buyers_of_twenty_uses_of_a_code_get_twenty_orders_and_thirty_refusals_r106(database: TestDatabase) {
    let shop = Shop::open(database).await;
    fifty_use_a_code_of_twenty(&shop, 1, &json!({})).await;
}

async fn fifty_buyers_at_two_servers_never_use_a_code_more_than_twenty_times_r106(database: TestDatabase) {
    let shop = Shop::open(database).await;
    fifty_use_a_code_of_twenty(&shop, 2, &json!({ "usage_limit": 21, "per_customer_limit": 1 })).await;
}

/// The servers know of the promotion from memory, and of its uses from the database.
async fn fifty_buyers_of_a_promotion_for_twenty_orders_get_it_twenty_times_r106(database: TestDatabase) {
    let shop = Shop::open(database).await;
    let buyers = shop.buyers(50, 2).await;
    let promotion = promotion(&shop.admin, &json!({ "usage_limit": 20 }), &[]).await;
    let answers = buy(buyers.into_iter().map(|buyer| (buyer, shop.order()))).await;
    assert_eq!(count(&answers, StatusCode::CREATED), 20, "{answers:?}");
    assert_eq!(refused(&answers, "totals-changed"), 30, "{answers:?}");
    let told = answers.iter().filter(|(_, body)| body["totals"]["total"] == usd(1250)).count();
    assert_eq!(told, 30, "{answers:?}");
    shop.is_used(&promotion, 20).await;
    assert_eq!(shop.exhausted(&promotion).await, 1);
    // Who gets a use back and takes it takes the last one again.
    let placed = answers.iter().find(|(status, _)| *status == StatusCode::CREATED).unwrap();
    let id = placed.1["id"].as_str().unwrap();
    shop.admin.send("POST", &format!("/orders/{id}/cancel"), &json!({})).await.expect(200);
    shop.buyer("late").await.send("POST", "/orders", &shop.order()).await.expect(201);
    assert_eq!(shop.exhausted(&promotion).await, 2);
}

/// One customer orders ten times at once, of the cart and by name, at two servers; how many are reduced. All others are
/// refused for one of these reasons.
async fn of_one_customer(shop: &Shop, reasons: &[&str]) -> usize {
    let ann = shop.buyer("ann").await;
    let item = json!({ "product_id": shop.product, "quantity": 1 });
    ann.post("/cart/items", &item, None).await.unwrap();
    let of_cart = json!({ "expected_total": usd(REDUCED), "coupon_codes": ["SUMMER"] });
    let orders = (0..10).map(|n| {
        let order = if n == 4 { of_cart.clone() } else { shop.by_code() };
        (ann.at(&shop.servers[n % 2]), order)
    });
    let answers = buy(orders).await;
    let ordered = count(&answers, StatusCode::CREATED);
    let is_refused = |(_, body): &&(StatusCode, Value)| {
        body["type"] == "/problems/coupon-invalid" && reasons.iter().any(|reason| body["errors"][0]["code"] == *reason)
    };
    assert_eq!(answers.iter().filter(is_refused).count(), 10 - ordered, "{answers:?}");
    ordered
}

async fn orders_of_one_customer_at_once_do_not_pass_its_limit_r106(database: TestDatabase) {
    let shop = Shop::open(database).await;
    let promotion = promotion(&shop.admin, &json!({ "per_customer_limit": 1 }), &[json!("SUMMER")]).await;
    assert_eq!(of_one_customer(&shop, &["already_used"]).await, 1);
    shop.is_used(&promotion, 1).await;
    let bob = shop.buyer("bob").await;
    bob.send("POST", "/orders", &shop.by_code()).await.expect(201);
    shop.is_used(&promotion, 2).await;
}

async fn a_first_order_is_one_order_even_of_two_at_once_r106(database: TestDatabase) {
    let shop = Shop::open(database).await;
    let first = json!({ "conditions": { "first_order": true } });
    let promotion = promotion(&shop.admin, &first, &[json!("SUMMER")]).await;
    assert_eq!(of_one_customer(&shop, &["already_used", "conditions_not_met"]).await, 1);
    shop.is_used(&promotion, 1).await;
    // The next is the first again, if that one is cancelled.
    let order = shop.admin.all("/orders").await[0]["id"].as_str().unwrap().to_owned();
    shop.admin.send("POST", &format!("/orders/{order}/cancel"), &json!({})).await.expect(200);
    let ann = Client::login(&shop.servers[1], "ann", testkit::PASSWORD).await;
    ann.send("POST", "/orders", &shop.by_code()).await.expect(201);
    shop.is_used(&promotion, 1).await;
}

async fn a_first_order_is_one_order_even_with_two_promotions_r106(database: TestDatabase) {
    let shop = Shop::open(database).await;
    let first = json!({ "conditions": { "first_order": true } });
    let of_items = promotion(&shop.admin, &first, &[json!("SUMMER")]).await;
    let of_cart = promotion(&shop.admin, &first, &[json!("WELCOME")]).await;
    for buyer in shop.buyers(8, 1).await {
        let item = json!({ "product_id": shop.product, "quantity": 1 });
        buyer.post("/cart/items", &item, None).await.unwrap();
        let cart = json!({ "expected_total": usd(REDUCED), "coupon_codes": ["WELCOME"] });
        let both = [(buyer.at(&shop.servers[0]), cart), (buyer.at(&shop.servers[1]), shop.by_code())];
        let answers = buy(both).await;
        assert_eq!(count(&answers, StatusCode::CREATED), 1, "{answers:?}");
    }
    let mut uses = 0;
    for id in [of_items, of_cart] {
        uses += shop.admin.get(&format!("/promotions/{id}")).await["used"].as_u64().unwrap();
    }
    assert_eq!(uses, 8);
}

async fn uses_of_cancelled_orders_are_used_by_others_r106(database: TestDatabase) {
    let shop = Shop::open(database).await;
    let limits = json!({ "usage_limit": 10, "per_customer_limit": 1 });
    let code = json!({ "code": "SUMMER", "usage_limit": 10 });
    let promotion = promotion(&shop.admin, &limits, &[code]).await;
    let buyers = shop.buyers(20, 2).await;
    let (first, second) = buyers.split_at(10);
    let mut orders = Vec::new();
    for buyer in first {
        orders.push(buyer.send("POST", "/orders", &shop.by_code()).await.expect(201).id());
    }
    second[0].send("POST", "/orders", &shop.by_code()).await.expect(409);
    // Those who come and those who leave at once.
    let cancel = |(buyer, order): (&Client, String)| {
        let buyer = buyer.clone();
        async move { buyer.post(&format!("/orders/{order}/cancel"), &json!({}), None).await.unwrap() }
    };
    let cancelled = at_once(first.iter().zip(orders).map(cancel).collect::<Vec<_>>());
    let ordered = buy(second.iter().map(|buyer| (buyer.clone(), shop.by_code())));
    let (cancelled, ordered) = tokio::join!(cancelled, ordered);
    assert_eq!(count(&cancelled, StatusCode::OK), 10, "{cancelled:?}");
    let won = count(&ordered, StatusCode::CREATED);
    assert_eq!(won + refused(&ordered, "coupon-exhausted"), 10, "{ordered:?}");
    shop.is_used(&promotion, won).await;
    for (buyer, (status, _)) in second.iter().zip(ordered) {
        if status != StatusCode::CREATED {
            buyer.send("POST", "/orders", &shop.by_code()).await.expect(201);
        }
    }
    shop.is_used(&promotion, 10).await;
    let refused = first[0].send("POST", "/orders", &shop.by_code()).await.expect(409);
    assert_eq!(refused.kind(), "coupon-exhausted");
}

async fn cancelling_an_order_many_times_at_once_gives_its_use_back_once_r106(database: TestDatabase) {
    let shop = Shop::open(database).await;
    let limits = json!({ "usage_limit": 2, "per_customer_limit": 2 });
    let code = json!({ "code": "SUMMER", "usage_limit": 2 });
    let promotion = promotion(&shop.admin, &limits, &[code]).await;
    let ann = shop.buyer("ann").await;
    let mut order = String::new();
    for _ in 0..2 {
        order = ann.send("POST", "/orders", &shop.by_code()).await.expect(201).id();
    }
    let path = format!("/orders/{order}/cancel");
    let cancel = |n: usize| {
        let by = if n.is_multiple_of(3) { &shop.admin } else { &ann };
        let (by, path) = (by.at(&shop.servers[n % 2]), path.clone());
        async move { by.post(&path, &json!({}), None).await.unwrap() }
    };
    let answers = at_once((0..10).map(cancel)).await;
    assert_eq!(count(&answers, StatusCode::OK), 1, "{answers:?}");
    assert_eq!(refused(&answers, "order-step-not-allowed"), 9, "{answers:?}");
    shop.is_used(&promotion, 1).await;
}
