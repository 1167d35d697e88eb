//! What happens to an order, live.

use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::{Value, json};
use testkit::{App, Call, Client, Customer, PASSWORD, Server, TestDatabase, http, order, order_of, spawn};

/// A stream that is open.
struct Stream(Response, String);

impl Stream {
    async fn open(call: Call) -> Self {
        let answer = call.0.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let mut stream = Self(answer, String::new());
        assert_eq!(stream.block().await, "retry: 3000");
        stream
    }

    /// The next block of lines.
    async fn block(&mut self) -> String {
        loop {
            if let Some((block, rest)) = self.1.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.1 = rest;
                return block;
            }
            let bytes = self.0.chunk().await.unwrap().unwrap();
            self.1 += std::str::from_utf8(&bytes).unwrap();
        }
    }

    /// All blocks until it ends.
    async fn blocks(&mut self) -> Vec<String> {
        while let Some(bytes) = self.0.chunk().await.unwrap() {
            self.1 += std::str::from_utf8(&bytes).unwrap();
        }
        self.1.split_terminator("\n\n").map(ToOwned::to_owned).collect()
    }

    /// The type and the event that come next.
    async fn event(&mut self) -> (String, Value) {
        let block = self.block().await;
        let mut lines = block.lines();
        let id = lines.next().and_then(|line| line.strip_prefix("id: ")).unwrap();
        let name = lines.next().and_then(|line| line.strip_prefix("event: ")).unwrap();
        let data: Value =
            serde_json::from_str(lines.next().and_then(|line| line.strip_prefix("data: ")).unwrap()).unwrap();
        assert_eq!((id, name), (&*data["position"].to_string(), data["type"].as_str().unwrap()));
        (name.to_owned(), data)
    }
}

async fn ordered(app: &App) -> (Customer, String) {
    let (buyer, product) = (app.customer("buyer").await, app.product("Mug", 1000, 9).await);
    let order = app.post("/api/v1/orders").token(&buyer.token).json(&order_of(&[&product])).send().await.expect(201);
    (buyer, format!("/api/v1/orders/{}", order.text("/id")))
}

async fn cancel(app: &App, path: &str) {
    app.post(&format!("{path}/cancel")).token(&app.admin).json(&json!({})).send().await.expect(200);
}

#[tokio::test]
async fn an_order_is_followed_from_its_beginning_and_live_r173() {
    let app = spawn().await;
    let (buyer, path) = ordered(&app).await;
    let events = format!("{path}/events");
    let mut stream = Stream::open(app.get(&events).token(&buyer.token)).await;
    let (name, placed) = stream.event().await;
    assert_eq!((&*name, &placed["data"]["status"]), ("order.placed", &json!("placed")));
    // What happens to another order is not told.
    let product = app.product("Pot", 1000, 9).await;
    let other = app.post("/api/v1/orders").token(&buyer.token).json(&order_of(&[&product])).send().await.expect(201);
    cancel(&app, &format!("/api/v1/orders/{}", other.text("/id"))).await;
    cancel(&app, &path).await;
    let (name, cancelled) = stream.event().await;
    assert_eq!(name, "order.cancelled");
    // Whoever comes again goes on after what it has.
    let position = placed["position"].to_string();
    let mut again = Stream::open(app.get(&events).token(&app.admin).header("last-event-id", &position)).await;
    assert_eq!(again.event().await, (name, cancelled));
    let mut asked = Stream::open(app.get(&format!("{events}?after={position}")).token(&buyer.token)).await;
    assert_eq!(asked.event().await.0, "order.cancelled");
}

#[tokio::test]
async fn a_quiet_order_of_a_busy_shop_gets_a_comment_r173() {
    let app = spawn().await;
    let (buyer, path) = ordered(&app).await;
    let mut stream = Stream::open(app.get(&format!("{path}/events")).token(&buyer.token)).await;
    stream.event().await;
    let busy = async {
        for n in 0.. {
            app.product(&format!("Mug {n}"), 1000, 9).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::select! {
        comment = stream.block() => assert_eq!(comment, ":"),
        () = busy => {}
        () = tokio::time::sleep(Duration::from_mins(2)) => panic!("nothing keeps the stream open"),
    }
}

#[tokio::test]
async fn a_ticket_opens_the_stream_of_its_order_without_a_token_r173() {
    let app = spawn().await;
    let (buyer, path) = ordered(&app).await;
    let tickets = format!("{path}/stream-tickets");
    let made = app.post(&tickets).token(&buyer.token).json(&json!({})).send().await.expect(200);
    assert_eq!((made.header("cache-control"), made.number("/expires_in")), (Some("no-store"), 60));
    let ticket = made.text("/ticket");
    let mut stream = Stream::open(app.get(&format!("{path}/events?ticket={ticket}"))).await;
    assert_eq!(stream.event().await.0, "order.placed");
    // It is for this order only, and one that was made up is for none.
    let other = app.customer("other").await;
    let product = app.product("Pot", 1000, 9).await;
    let theirs = app.post("/api/v1/orders").token(&other.token).json(&order_of(&[&product])).send().await.expect(201);
    let theirs = format!("/api/v1/orders/{}", theirs.text("/id"));
    for (of, ticket) in [(&theirs, ticket), (&path, "AAAA"), (&path, &ticket[1..])] {
        app.get(&format!("{of}/events?ticket={ticket}")).send().await.expect(401);
    }
    app.get(&format!("{path}/events")).send().await.expect(401);
    // Nobody gets a ticket for, or the stream of, another's order.
    app.post(&tickets).token(&other.token).json(&json!({})).send().await.expect(404);
    app.get(&format!("{path}/events")).token(&other.token).send().await.expect(404);
}

#[tokio::test]
async fn bad_positions_are_refused_and_a_caller_has_five_streams_r173() {
    let app = spawn().await;
    let (buyer, path) = ordered(&app).await;
    let events = format!("{path}/events");
    for position in ["-1", "x", "1.5", "99999999999999999999"] {
        let refused = app.get(&events).token(&buyer.token).header("last-event-id", position).send().await.expect(400);
        assert_eq!(refused.kind(), "bad-header", "{position}");
    }
    let refused = app.get(&format!("{events}?after=-1&ticket=")).token(&buyer.token).send().await.expect(400);
    assert_eq!(refused.refused_fields(), ["after", "ticket"]);
    let mut open = Vec::new();
    for _ in 0..5 {
        open.push(Stream::open(app.get(&events).token(&buyer.token)).await);
    }
    let refused = app.get(&events).token(&buyer.token).send().await.expect(429);
    assert_eq!((refused.kind(), refused.header("retry-after")), ("too-busy", Some("30")));
    // Others are not concerned.
    drop(Stream::open(app.get(&events).token(&app.admin)).await);
}

#[tokio::test]
async fn a_stream_ends_with_its_access_token_and_soon_after_its_account_is_closed_r173() {
    let database = TestDatabase::sqlite();
    let server = Server::start_with(&database, &database.url, &[("STOREKEEPER__AUTH__ACCESS_TOKEN_TTL", "40s")]).await;
    let admin = Client::admin(&server).await;
    let (ann, bob) = tokio::join!(Client::customer(&server, "ann"), Client::customer(&server, "bob"));
    let product = admin.product(9).await;
    let follow = async |buyer: &Client| {
        let order = order(buyer, &product).await;
        Stream::open(Call(buyer.request(Method::GET, &format!("/orders/{order}/events")))).await
    };
    let (mut of_ann, mut of_bob) = (follow(&ann).await, follow(&bob).await);
    let account = ann.get("/me").await["id"].as_str().unwrap().to_owned();
    admin.send("PATCH", &format!("/accounts/{account}"), &json!({ "active": false })).await.expect(200);
    let (ann_ended, bob_ended) = tokio::join!(of_ann.blocks(), of_bob.blocks());
    assert!(!ann_ended.iter().any(|block| block == ":"), "{ann_ended:?}");
    assert!(bob_ended.iter().any(|block| block == ":"), "{bob_ended:?}");
}

#[tokio::test]
async fn a_stream_ends_soon_after_its_key_or_its_scope_r173_r260() {
    let app = spawn().await;
    let (_, path) = ordered(&app).await;
    let events = format!("{path}/events");
    let key = async |name: &str| {
        let body = json!({ "name": name, "scopes": ["orders:read"] });
        let made = app.post("/api/v1/keys").token(&app.admin).json(&body).send().await.expect(201);
        (format!("/api/v1/keys/{}", made.text("/id")), made.text("/secret").to_owned())
    };
    let (ended, kept) = (key("ended").await, key("kept").await);
    let role = json!({ "name": "packing", "scopes": ["orders:read", "stock:read"] });
    app.post("/api/v1/roles").token(&app.admin).json(&role).send().await.expect(201);
    let paula = json!({ "username": "paula", "password": PASSWORD, "role": "packing" });
    app.post("/api/v1/accounts").token(&app.admin).json(&paula).send().await.expect(201);
    let paula = app.login("paula", PASSWORD).await;
    let mut streams = Vec::new();
    for token in [&ended.1, &paula, &kept.1] {
        let mut stream = Stream::open(app.get(&events).token(token)).await;
        assert_eq!(stream.event().await.0, "order.placed");
        streams.push(stream);
    }
    app.delete(&ended.0).token(&app.admin).send().await.expect(204);
    let narrower = json!({ "scopes": ["stock:read"] });
    app.patch("/api/v1/roles/packing").token(&app.admin).json(&narrower).send().await.expect(200);
    let [mut of_ended, mut of_paula, mut of_kept] = <[Stream; 3]>::try_from(streams).ok().unwrap();
    let (of_ended, of_paula, of_kept) = tokio::join!(of_ended.blocks(), of_paula.blocks(), of_kept.block());
    assert_eq!((of_ended, of_paula, &*of_kept), (vec![], vec![], ":"));
}

#[tokio::test]
async fn a_stop_ends_the_streams_and_waits_for_none_r79_r173() {
    let database = TestDatabase::sqlite();
    let mut server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let buyer = Client::customer(&server, "buyer").await;
    let order = order(&buyer, &admin.product(9).await).await;
    let made = buyer.ask("POST", &format!("/orders/{order}/stream-tickets")).await.expect(200);
    let ticket = made.text("/ticket");
    let url = format!("{}/api/v1/orders/{order}/events?ticket={ticket}", server.address);
    let mut stream = Stream::open(Call(http().get(url))).await;
    assert_eq!(stream.event().await.0, "order.placed");
    server.signal("TERM").await;
    assert_eq!(server.exit_code().await, Some(0));
    assert_eq!(stream.0.chunk().await.unwrap(), None, "it ends as it should");
}
