//! Floor S: hand-written SQL for what an order writes, one transaction for each order.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use clap::Args;
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, MySqlPool, SqlitePool};
use uuid::Uuid;

use super::{Done, again};
use crate::database;

#[derive(Args)]
pub struct Orders {
    #[arg(long)]
    url: String,
    /// Connections to the database
    #[arg(long)]
    connections: u32,
    /// Number of orders placed concurrently
    #[arg(long)]
    tasks: u32,
    #[arg(long)]
    seconds: u32,
    /// File with the orders
    file: PathBuf,
}

/// An order to be placed.
#[derive(Clone, Serialize, Deserialize)]
pub struct Order {
    pub account_id: uuid::Bytes,
    pub customer_id: uuid::Bytes,
    /// The products with their prices, in order of id.
    pub products: Vec<(uuid::Bytes, i64)>,
    pub has_cart: bool,
}

impl Orders {
    pub async fn run(self) -> Result<Done> {
        let orders: Arc<Vec<Order>> = Arc::new(serde_json::from_slice(&std::fs::read(&self.file)?)?);
        if self.url.starts_with("sqlite") {
            let pool = database::sqlite(&self.url).await?;
            return again(self.tasks, self.seconds, move |n| place_on_sqlite(pool.clone(), orders.clone(), n)).await;
        }
        let pool = database::mysql(&self.url, self.connections).await?;
        again(self.tasks, self.seconds, move |n| place_on_mysql(pool.clone(), orders.clone(), n)).await
    }
}

fn nth(orders: &[Order], n: usize) -> Result<&Order> {
    // Orders of the hot product have no cart and few buyers, so they can be repeated.
    let repeatable = orders.first().is_some_and(|order| !order.has_cart);
    let place = if repeatable { n % orders.len() } else { n };
    orders.get(place).context("the orders are used up")
}

async fn place_on_sqlite(pool: SqlitePool, orders: Arc<Vec<Order>>, n: usize) -> Result<()> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    write!(tx, nth(&orders, n)?);
    Ok(tx.commit().await?)
}

async fn place_on_mysql(pool: MySqlPool, orders: Arc<Vec<Order>>, n: usize) -> Result<()> {
    loop {
        match try_on_mysql(&pool, nth(&orders, n)?).await {
            Err(error) if is_deadlock(&error) => {}
            result => return result,
        }
    }
}

fn is_deadlock(error: &anyhow::Error) -> bool {
    let number = |error: &sqlx::Error| {
        let error = error.as_database_error()?.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()?;
        Some(error.number())
    };
    error.downcast_ref().and_then(number) == Some(1213)
}

async fn try_on_mysql(pool: &MySqlPool, order: &Order) -> Result<()> {
    let mut tx = pool.begin().await?;
    write!(tx, order);
    Ok(tx.commit().await?)
}

fn now() -> Result<i64> {
    Ok(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros())?)
}

/// SQL with `row` repeated for each line.
fn rows(lines: usize, row: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(vec![row; lines].join(","))
}

/// The stored response. It is about as long as a real one.
const ANSWER: [u8; 900] = [b' '; 900];

const KEY: &str = "INSERT INTO idempotency_keys
    (account_id, idempotency_key, fingerprint, status, location, etag, body, created_at)
    VALUES (?, ?, ?, 201, ?, '\"1-01234567\"', ?, ?)";
const ORDER: &str = "INSERT INTO orders
    (id, customer_id, status, currency, total, placed_at, expected_delivery, updated_at, version)
    VALUES (?, ?, 'placed', 'USD', ?, ?, '2026-12-01', ?, 1)";
const LINES: &str = "INSERT INTO order_lines
    (order_id, line_no, product_id, sku, name, unit_price, quantity, line_total) VALUES ";
const HISTORY: &str = "INSERT INTO order_history (order_id, sequence, status, at) VALUES (?, 1, 'placed', ?)";
const OUTBOX: &str = "INSERT INTO outbox (id, topic, subject, at) VALUES (?, 'order.placed', ?, ?)";
const CART: &str = "DELETE FROM cart_items WHERE customer_id = ?";
const STOCK: &str = "UPDATE stock SET on_hand = on_hand - 1, version = version + 1, updated_at = ?
    WHERE product_id = ? AND on_hand >= 1";
const MOVEMENTS: &str = "INSERT INTO stock_movements
    (product_id, sequence, kind, quantity, balance, reference, at)
    SELECT product_id, version, 'sale', -1, on_hand, ?, ? FROM stock WHERE product_id IN ";

/// Everything that an order writes. A macro, because sqlx has different types for the same calls on each database.
macro_rules! write {
    ($tx:ident, $order:expr) => {{
        let (order, at, id): (&Order, _, _) = ($order, now()?, Uuid::now_v7());
        let key = id.to_string();
        let location = format!("/api/v1/orders/{id}");
        let count = order.products.len();
        let insert = sqlx::query(KEY).bind(&order.account_id[..]).bind(key).bind(&ANSWER[..32]).bind(location);
        insert.bind(&ANSWER[..]).bind(at).execute(&mut *$tx).await?;
        let total: i64 = order.products.iter().map(|(_, price)| price).sum();
        let insert = sqlx::query(ORDER).bind(id).bind(&order.customer_id[..]).bind(total).bind(at).bind(at);
        insert.execute(&mut *$tx).await?;
        let lines = rows(count, "(?, ?, ?, 'DEMO-000001', 'Sturdy green thing 1', ?, 1, ?)");
        let mut insert = sqlx::query(AssertSqlSafe(format!("{LINES}{}", lines.0)));
        for ((product, price), number) in order.products.iter().zip(1_i64..) {
            insert = insert.bind(id).bind(number).bind(&product[..]).bind(*price).bind(*price);
        }
        insert.execute(&mut *$tx).await?;
        sqlx::query(HISTORY).bind(id).bind(at).execute(&mut *$tx).await?;
        sqlx::query(OUTBOX).bind(Uuid::now_v7()).bind(id).bind(at).execute(&mut *$tx).await?;
        if order.has_cart {
            sqlx::query(CART).bind(&order.customer_id[..]).execute(&mut *$tx).await?;
        }
        for (product, _) in &order.products {
            sqlx::query(STOCK).bind(at).bind(&product[..]).execute(&mut *$tx).await?;
        }
        let products = rows(count, "?");
        let mut insert = sqlx::query(AssertSqlSafe(format!("{MOVEMENTS}({})", products.0))).bind(id).bind(at);
        for (product, _) in &order.products {
            insert = insert.bind(&product[..]);
        }
        insert.execute(&mut *$tx).await?;
    }};
}
use write;
