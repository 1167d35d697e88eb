//! The data of a measurement: products, buyers with tokens, and carts.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use jsonwebtoken::{EncodingKey, Header};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, Statement, TransactionTrait, Value};
use serde_json::json;
use uuid::Uuid;

use crate::database::Database;
use crate::floor::orders::Order;
use crate::server::Program;

/// The secret that signs tokens.
pub const SECRET: &str = "a-secret-of-the-bench-that-is-long-enough";

/// Lines of a cart.
const LINES: usize = 3;
/// Rows in one INSERT.
const ROWS: usize = 500;

/// A customer with an account.
pub struct Buyer {
    pub account_id: Uuid,
    pub customer_id: Uuid,
    pub token: String,
}

/// A seeded shop.
pub struct Shop {
    connection: DatabaseConnection,
    pub buyers: Vec<Buyer>,
    /// Ids and prices of the first products, in order of id.
    pub products: Vec<(Uuid, i64)>,
}

impl Shop {
    /// Seeds a new database.
    pub async fn seed(program: &Program, database: &Database, products: u32, customers: u32) -> Result<Self> {
        let (products, customers) = (products.to_string(), customers.to_string());
        program.run(database, &["migrate", "up"])?;
        program.run(database, &["seed", "--products", &products, "--customers", &customers, "--orders", "0"])?;
        let options = ConnectOptions::new(&database.url).max_connections(1).sqlx_logging(false).to_owned();
        let connection = sea_orm::Database::connect(options).await?;
        let mut shop = Self { connection, buyers: Vec::new(), products: Vec::new() };
        for row in shop.rows("SELECT id, price FROM products ORDER BY id LIMIT 1000").await? {
            shop.products.push((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
        }
        let buyers = "SELECT id, customer_id, token_epoch FROM accounts WHERE customer_id IS NOT NULL ORDER BY id";
        for row in shop.rows(buyers).await? {
            let account_id = row.try_get_by_index(0)?;
            let token = token(account_id, "customer", row.try_get_by_index(2)?)?;
            shop.buyers.push(Buyer { account_id, customer_id: row.try_get_by_index(1)?, token });
        }
        shop.stock_up().await?;
        Ok(shop)
    }

    async fn rows(&self, sql: &str) -> Result<Vec<sea_orm::QueryResult>> {
        let statement = Statement::from_string(self.connection.get_database_backend(), sql);
        Ok(self.connection.query_all_raw(statement).await?)
    }

    /// A token of the administrator that the first start has made.
    pub async fn admin_token(&self) -> Result<String> {
        let rows = self.rows("SELECT id, token_epoch FROM accounts WHERE customer_id IS NULL").await?;
        let row = rows.first().context("no administrator")?;
        token(row.try_get_by_index(0)?, "admin", row.try_get_by_index(1)?)
    }

    /// Orders that wait for their payment, with the tokens of their buyers.
    pub async fn unpaid_orders(&self) -> Result<Vec<(Uuid, &str)>> {
        let tokens: HashMap<_, _> = self.buyers.iter().map(|buyer| (buyer.customer_id, buyer.token.as_str())).collect();
        let unpaid = "SELECT order_id, customer_id FROM order_balances WHERE status = 'unpaid' ORDER BY order_id";
        let rows = self.rows(unpaid).await?;
        let order = |row: &sea_orm::QueryResult| -> Result<_> {
            let customer: Uuid = row.try_get_by_index(1)?;
            Ok((row.try_get_by_index(0)?, *tokens.get(&customer).context("an order of somebody else")?))
        };
        rows.iter().map(order).collect()
    }

    /// How the provider calls payments that wait for their customers, with the tokens of these.
    pub async fn waiting_payments(&self) -> Result<Vec<(String, &str)>> {
        let tokens: HashMap<_, _> = self.buyers.iter().map(|buyer| (buyer.customer_id, buyer.token.as_str())).collect();
        let waiting =
            "SELECT provider_reference, customer_id FROM payments WHERE status = 'requires_action' ORDER BY id";
        let rows = self.rows(waiting).await?;
        let payment = |row: &sea_orm::QueryResult| -> Result<_> {
            let customer: Uuid = row.try_get_by_index(1)?;
            Ok((row.try_get_by_index(0)?, *tokens.get(&customer).context("a payment of somebody else")?))
        };
        rows.iter().map(payment).collect()
    }

    /// The number of orders.
    pub async fn orders(&self) -> Result<i64> {
        let rows = self.rows("SELECT COUNT(*) FROM orders").await?;
        Ok(rows.first().context("no count")?.try_get_by_index(0)?)
    }

    /// Raises the stock of every product above what is ever sold.
    async fn stock_up(&self) -> Result<()> {
        let transaction = self.connection.begin().await?;
        for sql in [
            "INSERT INTO stock_movements (product_id, sequence, kind, quantity, balance, at)
             SELECT product_id, version + 1, 'adjustment', 500000000, on_hand + 500000000, updated_at FROM stock
             WHERE on_hand < 500000000",
            "UPDATE stock SET on_hand = on_hand + 500000000, version = version + 1 WHERE on_hand < 500000000",
        ] {
            transaction.execute_unprepared(sql).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The products of the cart of a buyer, in order of id. Each buyer has different ones.
    pub fn cart_of(&self, buyer: usize) -> Vec<(Uuid, i64)> {
        let count = self.products.len();
        let place = |line: usize| (buyer * 7919 + line * (count / LINES)) % count;
        let mut products: Vec<_> = (0..LINES).filter_map(|line| self.products.get(place(line)).copied()).collect();
        products.sort_unstable();
        products
    }

    /// The orders of the carts of the first `count` buyers.
    pub fn orders_of_carts(&self, count: usize) -> Vec<Order> {
        let order = |(place, buyer): (usize, &Buyer)| Order {
            account_id: buyer.account_id.into_bytes(),
            customer_id: buyer.customer_id.into_bytes(),
            products: self.cart_of(place).into_iter().map(|(id, price)| (id.into_bytes(), price)).collect(),
            has_cart: true,
        };
        self.buyers.iter().take(count).enumerate().map(order).collect()
    }

    /// Empties the carts of the first `count` buyers, and fills them again if `full`.
    pub async fn reset_carts(&self, count: usize, full: bool) -> Result<()> {
        let transaction = self.connection.begin().await?;
        transaction.execute_unprepared("DELETE FROM cart_items").await?;
        transaction.execute_unprepared("DELETE FROM carts").await?;
        if full {
            let buyers = || self.buyers.iter().take(count);
            let carts: Vec<_> =
                buyers().map(|buyer| vec![buyer.customer_id.into(), 1_i64.into(), 1_i64.into()]).collect();
            insert(&transaction, "carts (customer_id, updated_at, version)", &carts).await?;
            let items = buyers().enumerate().flat_map(|(place, buyer)| {
                let item = |(product, _): (Uuid, i64)| vec![buyer.customer_id.into(), product.into(), 1_i64.into()];
                self.cart_of(place).into_iter().map(item).collect::<Vec<_>>()
            });
            insert(&transaction, "cart_items (customer_id, product_id, quantity)", &items.collect::<Vec<_>>()).await?;
        }
        Ok(transaction.commit().await?)
    }
}

async fn insert(db: &impl ConnectionTrait, into: &str, rows: &[Vec<Value>]) -> Result<()> {
    for rows in rows.chunks(ROWS) {
        let sql = format!("INSERT INTO {into} VALUES {}", vec!["(?, ?, ?)"; rows.len()].join(", "));
        db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, rows.concat())).await?;
    }
    Ok(())
}

/// An access token as a login would issue it.
fn token(account_id: Uuid, role: &str, epoch: i64) -> Result<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let claims = json!({
        "sub": account_id.to_string(), "role": role, "epoch": epoch, "iat": now, "nbf": now, "exp": now + 24 * 60 * 60,
        "iss": "storekeeper", "aud": "storekeeper",
    });
    Ok(jsonwebtoken::encode(&Header::default(), &claims, &EncodingKey::from_secret(SECRET.as_bytes()))?)
}
