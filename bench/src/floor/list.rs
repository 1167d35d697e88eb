//! The floor of a list: its hand-written query, and its rows as JSON.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde::Serialize;
use sqlx::{MySqlPool, Row as _, SqlitePool};
use uuid::Uuid;

use super::{Done, again};
use crate::database;

#[derive(Args)]
pub struct List {
    #[arg(long)]
    connections: u32,
    #[arg(long)]
    tasks: u32,
    #[arg(long)]
    seconds: u32,
    /// A file with the URL of the database
    file: PathBuf,
}

#[derive(Serialize)]
struct Product {
    id: String,
    sku: Option<String>,
    name: String,
    description: Option<String>,
    price: i64,
    status: String,
    in_stock: bool,
    created_at: i64,
    updated_at: i64,
    version: i64,
}

const PAGE: &str = "SELECT p.*, s.on_hand FROM products p LEFT JOIN stock s ON s.product_id = p.id
    WHERE p.status = 'active' ORDER BY p.id LIMIT 21";

impl List {
    pub async fn run(self) -> Result<Done> {
        let url = std::fs::read_to_string(&self.file)?;
        if url.starts_with("sqlite") {
            let pool = database::sqlite_readers(&url, self.connections).await?;
            return again(self.tasks, self.seconds, move |_| on_sqlite(pool.clone())).await;
        }
        let pool = database::mysql(&url, self.connections).await?;
        again(self.tasks, self.seconds, move |_| on_mysql(pool.clone())).await
    }
}

async fn on_sqlite(pool: SqlitePool) -> Result<()> {
    serialise!(sqlx::query(PAGE).fetch_all(&pool).await?)
}

async fn on_mysql(pool: MySqlPool) -> Result<()> {
    serialise!(sqlx::query(PAGE).fetch_all(&pool).await?)
}

/// A macro, because sqlx has different types for the same calls on each database.
macro_rules! serialise {
    ($rows:expr) => {{
        let rows = $rows;
        let products = rows.iter().map(|row| {
            anyhow::Ok(Product {
                id: row.try_get::<Uuid, _>("id")?.to_string(),
                sku: row.try_get("sku")?,
                name: row.try_get("name")?,
                description: row.try_get("description")?,
                price: row.try_get("price")?,
                status: row.try_get("status")?,
                in_stock: row.try_get::<i64, _>("on_hand")? > 0,
                created_at: row.try_get("created_at")?,
                updated_at: row.try_get("updated_at")?,
                version: row.try_get("version")?,
            })
        });
        let products = products.collect::<Result<Vec<_>>>()?;
        std::hint::black_box(serde_json::to_vec(&products)?);
        Ok(())
    }};
}
use serialise;
